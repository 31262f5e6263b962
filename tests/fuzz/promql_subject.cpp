#include "core/promql/parser.h"
#include "core/promql/printer.h"
#include "tests/fuzz/subject.h"

namespace fleetglass::fuzz {

namespace {

Complaint check(const std::string& input, Mutator& random)
{
    const auto options
        = random.below(2) == 0 ? promql::ParseOptions {} : promql::ParseOptions::everything();
    const auto parsed = promql::parseExpr(input, options);
    for (const auto& error : parsed.errors) {
        if (error.message.empty())
            return "an error without a message";
        if (error.range.start > input.size())
            return "an error behind the end: " + promql::describe(error, input);
    }
    if (!parsed.ok())
        return std::nullopt;
    const std::string printed = promql::print(*parsed.value);
    const auto again = promql::parseExpr(printed, options);
    if (!again.ok()) {
        // Parentheses that the printer adds may pass the depth or the length.
        if (again.errors.front().code == ErrorCode::Limit)
            return std::nullopt;
        return "\"" + printed
            + "\" was printed and is no query: " + promql::describe(again.errors.front(), printed);
    }
    if (const std::string second = promql::print(*again.value); second != printed)
        return "\"" + printed + "\" is printed as \"" + second + "\" the second time";
    return std::nullopt;
}

} // namespace

Subject promqlSubject()
{
    return { "promql",
        { "sum by (job, instance) (rate(http_requests_total{code=~\"5..\",job!=\"a\\\"b\"}[5m])) > "
          "0.5",
            "topk(3, a{x='y'} offset -1h @ 1700000000.5) or on (a, b) group_left (c) b unless -c ^ "
            "2 ^ 3",
            "histogram_quantile(0.9, sum without(le) (rate(x_bucket[1h30m:5m] @ start()))) == bool "
            "1",
            "label_replace(up, \"a\", \"$1\", \"b\", `(.*)`) and {\"utf8.name\", "
            "__name__=~\"x.+\"}",
            "avg_over_time((a + b * 2 - +c / -d % 4 atan2 e)[10m:] offset 5m) # words",
            "rate(a[step() * 2]) + {__name__=\"b\"}[max(1m, range())]", "increase(x[5m] anchored)",
            "count_values(\"v\", 0x1F + 1e-3 + Inf - NaN) * on() group_right fill_left(0) y" },
        { "(", ")", "((", "-", "sum(", " by (a) ", " offset 5m ", " @ end() ", "[5m]", "[1h:1m]",
            "{a=\"b\"}", "\"", "`", " bool ", " on () ", " group_left ", " ignoring(x) ", "1e999",
            "5m3s", " and ", "\\x", "\\u00e4", "\xf0\x9f\x98\x80", "#\n", " smoothed ", " fill(1) ",
            " ^ " },
        check };
}

} // namespace fleetglass::fuzz
