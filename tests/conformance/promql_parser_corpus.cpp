// The promql-parser corpus: trees, errors, printing, formatting, tokens, strings and series
// notation, against what Prometheus' own parser gives.
#include "core/base/number.h"
#include "core/labels/labels.h"
#include "core/promql/function_table.h"
#include "core/promql/lexer.h"
#include "core/promql/literals.h"
#include "core/promql/parser.h"
#include "core/promql/prettifier.h"
#include "core/promql/printer.h"
#include "core/promql/series_description.h"
#include "core/storage/sample.h"
#include "tests/conformance/corpus.h"

#include <cmath>

namespace fleetglass::conformance {

namespace {

using namespace promql;
using nlohmann::json;

json numberJson(double value)
{
    if (std::isfinite(value))
        return value;
    return formatFloat(value);
}

json textJson(const std::string& text)
{
    // Only for showing and comparing; both sides go through here.
    return labels::quote(text);
}

json rangeJson(PosRange range)
{
    return json::array({ range.start, range.end });
}

json treeJson(const Expr& expr);

json orNull(const ExprPtr& expr)
{
    return expr ? treeJson(*expr) : json();
}

json orNull(const std::unique_ptr<DurationExpr>& expr)
{
    return expr ? treeJson(*expr) : json();
}

void addTime(json& out, const TimeModifier& time)
{
    out["OriginalOffset"] = time.originalOffset.count();
    out["OriginalOffsetExpr"] = orNull(time.offsetExpr);
    if (time.timestampMs)
        out["Timestamp"] = *time.timestampMs;
    if (time.atAnchor != AtAnchor::None)
        out["StartOrEnd"] = time.atAnchor == AtAnchor::Start ? "start" : "end";
}

json treeOf(const NumberLiteral& node)
{
    return { { "node", "NumberLiteral" }, { "Val", numberJson(node.value) },
        { "Duration", node.isDuration }, { "PosRange", rangeJson(node.range) } };
}

json treeOf(const StringLiteral& node)
{
    return { { "node", "StringLiteral" }, { "Val", textJson(node.value) },
        { "PosRange", rangeJson(node.range) } };
}

json treeOf(const VectorSelector& node)
{
    json matchers = json::array();
    for (const auto& matcher : node.matchers)
        matchers.push_back({ { "name", matcher.name() },
            { "op", std::string(labels::matchOperator(matcher.type())) },
            { "value", textJson(matcher.value()) } });
    json out = { { "node", "VectorSelector" }, { "Name", node.name }, { "LabelMatchers", matchers },
        { "Anchored", node.anchored }, { "Smoothed", node.smoothed },
        { "BypassEmptyMatcherCheck", node.mayMatchEmpty }, { "PosRange", rangeJson(node.range) } };
    addTime(out, node.time);
    return out;
}

json treeOf(const DurationExpr& node)
{
    constexpr const char* kOps[]
        = { "+", "-", "*", "/", "%", "^", "+", "-", "step", "range", "min_of", "max_of" };
    return { { "node", "DurationExpr" }, { "Op", kOps[static_cast<size_t>(node.op)] },
        { "LHS", orNull(node.lhs) }, { "RHS", orNull(node.rhs) }, { "Wrapped", node.wrapped },
        { "StartPos", node.range.start }, { "EndPos", node.range.end } };
}

json treeOf(const Subquery& node)
{
    json out = { { "node", "SubqueryExpr" }, { "Expr", orNull(node.expr) },
        { "Range", node.span.count() }, { "RangeExpr", orNull(node.spanExpr) },
        { "Step", node.step.count() }, { "StepExpr", orNull(node.stepExpr) },
        { "EndPos", node.range.end } };
    addTime(out, node.time);
    return out;
}

json treeOf(const BinaryExpr& node)
{
    json out = { { "node", "BinaryExpr" }, { "Op", std::string(toWord(node.op)) },
        { "LHS", orNull(node.lhs) }, { "RHS", orNull(node.rhs) }, { "ReturnBool", node.returnBool },
        { "VectorMatching", json() } };
    if (!node.matching)
        return out;
    const VectorMatching& matching = *node.matching;
    json fill;
    if (matching.fillLeft)
        fill["LHS"] = numberJson(*matching.fillLeft);
    if (matching.fillRight)
        fill["RHS"] = numberJson(*matching.fillRight);
    out["VectorMatching"]
        = { { "node", "VectorMatching" }, { "Card", std::string(toWord(matching.cardinality)) },
              { "On", matching.on }, { "MatchingLabels", matching.matchingLabels },
              { "Include", matching.include }, { "FillValues", fill } };
    return out;
}

json treeOf(const AggregateExpr& node)
{
    return { { "node", "AggregateExpr" }, { "Op", std::string(toWord(node.op)) },
        { "Expr", orNull(node.expr) }, { "Param", orNull(node.parameter) },
        { "Grouping", node.grouping }, { "Without", node.without },
        { "PosRange", rangeJson(node.range) } };
}

json treeOf(const Call& node)
{
    json arguments = json::array();
    for (const ExprPtr& argument : node.arguments)
        arguments.push_back(orNull(argument));
    return { { "node", "Call" }, { "Func", std::string(node.function->name) },
        { "Args", arguments }, { "PosRange", rangeJson(node.range) } };
}

json treeJson(const Expr& expr)
{
    switch (expr.kind) {
    case ExprKind::NumberLiteral:
        return treeOf(static_cast<const NumberLiteral&>(expr));
    case ExprKind::StringLiteral:
        return treeOf(static_cast<const StringLiteral&>(expr));
    case ExprKind::VectorSelector:
        return treeOf(static_cast<const VectorSelector&>(expr));
    case ExprKind::MatrixSelector: {
        const auto& node = static_cast<const MatrixSelector&>(expr);
        return { { "node", "MatrixSelector" }, { "VectorSelector", orNull(node.selector) },
            { "Range", node.span.count() }, { "RangeExpr", orNull(node.spanExpr) },
            { "EndPos", node.range.end } };
    }
    case ExprKind::Subquery:
        return treeOf(static_cast<const Subquery&>(expr));
    case ExprKind::Unary: {
        const auto& node = static_cast<const UnaryExpr&>(expr);
        return { { "node", "UnaryExpr" }, { "Op", node.op == UnaryOp::Minus ? "-" : "+" },
            { "Expr", orNull(node.expr) }, { "StartPos", node.range.start } };
    }
    case ExprKind::Binary:
        return treeOf(static_cast<const BinaryExpr&>(expr));
    case ExprKind::Aggregate:
        return treeOf(static_cast<const AggregateExpr&>(expr));
    case ExprKind::Call:
        return treeOf(static_cast<const Call&>(expr));
    case ExprKind::Paren:
        return { { "node", "ParenExpr" },
            { "Expr", orNull(static_cast<const ParenExpr&>(expr).expr) },
            { "PosRange", rangeJson(expr.range) } };
    case ExprKind::Duration:
        return treeOf(static_cast<const DurationExpr&>(expr));
    case ExprKind::StepInvariant:
        break;
    }
    return {};
}

// Whether a field left out of the expected tree has the value that may be left out.
bool isAbsent(const json& value)
{
    return value.is_null() || value == false || value == 0 || value == "" || value.empty();
}

// Everything the expected tree says must hold; what it leaves out must be empty, but for places.
bool matchesTree(const json& expected, const json& got)
{
    if (expected.is_object() && expected.contains("$b64"))
        return got == textJson(textOf(expected));
    if (expected.is_object() && got.is_object()) {
        for (const auto& [key, value] : expected.items()) {
            if (!got.contains(key) ? !isAbsent(value) : !matchesTree(value, got[key]))
                return false;
        }
        for (const auto& [key, value] : got.items()) {
            const bool isPlace = key == "PosRange" || key == "StartPos" || key == "EndPos";
            if (!isPlace && !expected.contains(key) && !isAbsent(value))
                return false;
        }
        return true;
    }
    if (expected.is_object() && expected.value("node", "") == "Expressions")
        return got.empty();
    if (expected.is_array() && got.is_array()) {
        if (expected.size() != got.size())
            return false;
        for (size_t i = 0; i < expected.size(); ++i) {
            if (!matchesTree(expected[i], got[i]))
                return false;
        }
        return true;
    }
    if (expected.is_string() && got.is_string())
        return expected == got || got == textJson(expected.get<std::string>());
    return expected == got || (isAbsent(expected) && isAbsent(got));
}

std::string listErrors(const std::vector<ParseError>& errors)
{
    std::string out;
    for (const ParseError& error : errors)
        out += "[" + std::to_string(error.range.start) + "," + std::to_string(error.range.end)
            + ") " + error.message + "; ";
    return out.empty() ? "accepted" : out;
}

std::string listErrors(const json& errors)
{
    std::vector<ParseError> list;
    for (const json& error : errors)
        list.push_back({ { error["start"], error["end"] }, error["msg"].get<std::string>() });
    return listErrors(list);
}

void runParse(const json& item, Report& report)
{
    const std::string id = item["id"];
    const std::string input = textOf(item["input"]);
    ParseOptions options = ParseOptions::everything();
    const auto parsed = parseExpr(input, options);
    if (parsed.ok() != item["ok"].get<bool>()) {
        report.fail(id, item["ok"] ? "accepted" : listErrors(item["errors"]),
            input + ": " + listErrors(parsed.errors));
        return;
    }
    if (parsed.ok()) {
        const json tree = treeJson(*parsed.value);
        if (matchesTree(item["ast"], tree))
            report.pass(id);
        else
            report.fail(id, item["ast"].dump(), tree.dump());
        return;
    }
    report.pass(id);
    compareWording(report, id + " list", listErrors(item["errors"]), listErrors(parsed.errors));
    compareWording(report, id, textOf(item["error"]), describe(parsed.errors.front(), input));
}

void runPrinter(const json& item, Report& report)
{
    const std::string id = item["id"];
    const auto parsed = parseExpr(textOf(item["input"]), ParseOptions::everything());
    const std::string got = parsed.ok() ? print(*parsed.value) : listErrors(parsed.errors);
    if (parsed.ok() && got == textOf(item["output"]))
        report.pass(id);
    else
        report.fail(id, textOf(item["output"]), got);
}

void runPrettier(const json& item, Report& report)
{
    const std::string id = item["id"];
    const auto parsed = parseExpr(textOf(item["input"]), ParseOptions::everything());
    const std::string got = parsed.ok() ? prettify(*parsed.value, item["max_line"].get<size_t>())
                                        : listErrors(parsed.errors);
    if (parsed.ok() && got == textOf(item["output"]))
        report.pass(id);
    else
        report.fail(id, textOf(item["output"]), got);
}

void runSelectors(const json& item, Report& report)
{
    const std::string id = item["id"];
    const auto parsed = parseExpr(textOf(item["input"]), ParseOptions::everything());
    json got = json::array();
    if (parsed.ok()) {
        for (const auto* matchers : selectorsOf(*parsed.value)) {
            std::string text;
            for (const auto& matcher : *matchers)
                text += (text.empty() ? "{" : ", ") + matcher.toString();
            got.push_back(text + "}");
        }
    }
    if (got == item["selectors"])
        report.pass(id);
    else
        report.fail(id, item["selectors"].dump(), got.dump());
}

void runLexer(const json& item, Report& report)
{
    const std::string id = item["id"];
    const std::string input = textOf(item["input"]);
    Lexer lexer(input,
        item["series_desc"].get<bool>() ? Lexer::Language::SeriesDescription
                                        : Lexer::Language::Expression);
    const json expected = item.value("tokens", json::array());
    json got = json::array();
    bool hasError = false;
    for (Token token = lexer.next(); token.type != TokenType::Eof; token = lexer.next()) {
        hasError = hasError || token.type == TokenType::Error;
        got.push_back(
            { std::string(grammarName(token.type)), token.offset, std::string(token.text) });
        if (hasError && !item["ok"].get<bool>())
            break;
    }
    const bool right = item["ok"].get<bool>() ? got == expected : hasError;
    if (right)
        report.pass(id);
    else
        report.fail(id, expected.dump(), got.dump(-1, ' ', false, json::error_handler_t::replace));
}

void runStringLiteral(const json& item, Report& report)
{
    const std::string id = item["id"];
    const auto got = unquote(textOf(item["input"]));
    const bool right = item["ok"].get<bool>() ? got && *got == textOf(item["output"]) : !got;
    if (right)
        report.pass(id);
    else
        report.fail(id, item.dump(), got ? labels::quote(*got) : "refused");
}

json labelsJson(const labels::Labels& labels)
{
    json out = json::object();
    for (const auto& label : labels)
        out[std::string(label.name)] = std::string(label.value);
    return out;
}

json spansJson(const std::vector<histogram::Span>& spans)
{
    json out = json::array();
    for (const auto& span : spans)
        out.push_back({ { "offset", span.offset }, { "length", span.length } });
    return out;
}

json numbersJson(const std::vector<double>& numbers)
{
    json out = json::array();
    for (const double number : numbers)
        out.push_back(numberJson(number));
    return out;
}

json histogramJson(const SequenceValue& value)
{
    if (!value.histogram)
        return {};
    constexpr const char* kHints[] = { "unknown", "reset", "not_reset", "gauge" };
    const histogram::Histogram& h = *value.histogram;
    const bool hinted = value.hasResetHint || h.resetHint != histogram::ResetHint::Unknown;
    return { { "schema", h.schema }, { "sum", numberJson(h.sum) }, { "count", numberJson(h.count) },
        { "zero_count", numberJson(h.zeroCount) },
        { "zero_threshold", numberJson(h.zeroThreshold) },
        { "positive_buckets", numbersJson(h.positiveBuckets) },
        { "negative_buckets", numbersJson(h.negativeBuckets) },
        { "positive_spans", spansJson(h.positiveSpans) },
        { "negative_spans", spansJson(h.negativeSpans) },
        { "custom_values", numbersJson(h.customValues) },
        { "counter_reset_hint",
            hinted ? json(kHints[static_cast<size_t>(h.resetHint)]) : json() } };
}

json valueJson(const SequenceValue& value)
{
    if (value.omitted)
        return {};
    return storage::isStaleMarker(value.value) ? json("stale") : numberJson(value.value);
}

void runSeries(const json& item, Report& report)
{
    const std::string id = item["id"];
    const std::string input = textOf(item["input"]);
    const auto parsed = parseSeriesDescription(input);
    if (parsed.ok() != item["ok"].get<bool>()) {
        report.fail(id, item.dump(), listErrors(parsed.errors));
        return;
    }
    if (!parsed.ok()) {
        report.pass(id);
        if (item.contains("error"))
            compareWording(
                report, id, textOf(item["error"]), describe(parsed.errors.front(), input));
        return;
    }
    json got = json::array();
    const bool histograms = item.contains("histograms");
    for (const SequenceValue& value : parsed.value.values)
        got.push_back(histograms ? histogramJson(value) : valueJson(value));
    const json& expected = histograms ? item["histograms"] : item["values"];
    const bool labelsRight
        = !item.contains("labels") || labelsJson(parsed.value.labels) == item["labels"];
    const bool right = labelsRight && (histograms ? matchesTree(expected, got) : expected == got);
    if (right)
        report.pass(id);
    else
        report.fail(id, item.dump(), labelsJson(parsed.value.labels).dump() + got.dump());
}

std::vector<histogram::Span> spansOf(const json& item)
{
    std::vector<histogram::Span> spans;
    for (const json& span : item)
        spans.push_back({ span["offset"], span["length"] });
    return spans;
}

std::vector<double> numbersOf(const json& item)
{
    std::vector<double> numbers;
    for (const json& number : item)
        numbers.push_back(numberOf(number));
    return numbers;
}

void runHistogramExpression(const json& item, Report& report)
{
    const json& input = item["input_histogram"];
    histogram::Histogram h;
    h.schema = input.value("schema", 0);
    const auto number
        = [&](const char* key) { return input.contains(key) ? numberOf(input[key]) : 0; };
    h.sum = number("sum");
    h.count = number("count");
    h.zeroCount = number("zero_count");
    h.zeroThreshold = number("zero_threshold");
    h.positiveBuckets = numbersOf(input.value("positive_buckets", json::array()));
    h.negativeBuckets = numbersOf(input.value("negative_buckets", json::array()));
    h.positiveSpans = spansOf(input.value("positive_spans", json::array()));
    h.negativeSpans = spansOf(input.value("negative_spans", json::array()));
    h.customValues = numbersOf(input.value("custom_values", json::array()));
    const std::string hint = input.value("counter_reset_hint", "");
    h.resetHint = hint == "reset" ? histogram::ResetHint::Reset
        : hint == "not_reset"     ? histogram::ResetHint::NotReset
        : hint == "gauge"         ? histogram::ResetHint::Gauge
                                  : histogram::ResetHint::Unknown;
    const std::string id = item["id"];
    const std::string got = printHistogram(h);
    if (got == textOf(item["expression"]))
        report.pass(id);
    else
        report.fail(id, textOf(item["expression"]), got);
}

void run(const std::filesystem::path& folder, Report& report)
{
    const auto each = [&](const char* file, void (*runCase)(const json&, Report&)) {
        forEachCase(folder / file, [&](const json& item) { runCase(item, report); });
    };
    each("parse.jsonl", runParse);
    each("printer.jsonl", runPrinter);
    each("prettier.jsonl", runPrettier);
    each("selectors.jsonl", runSelectors);
    each("lexer.jsonl", runLexer);
    each("string_literals.jsonl", runStringLiteral);
    each("series.jsonl", runSeries);
    forEachCase(folder / "histogram_series.jsonl", [&](const json& item) {
        item.contains("input_histogram") ? runHistogramExpression(item, report)
                                         : runSeries(item, report);
    });
}

const CorpusEntry kEntry("promql-parser", run);

} // namespace

} // namespace fleetglass::conformance
