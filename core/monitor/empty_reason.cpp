#include "core/monitor/empty_reason.h"

#include <algorithm>
#include <chrono>
#include <optional>

namespace fleetglass::monitor {

namespace {

using Matchers = std::vector<labels::Matcher>;

bool hasSeries(const storage::Querier& querier, const Matchers& matchers, storage::TimeRange range)
{
    const auto found = querier.series(matchers, range, {});
    return found && !found->empty();
}

const labels::Matcher* nameMatcher(const Matchers& matchers)
{
    const auto found
        = std::find_if(matchers.begin(), matchers.end(), [](const labels::Matcher& matcher) {
              return matcher.name() == labels::kMetricName
                  && matcher.type() == labels::MatchType::Equal;
          });
    return found == matchers.end() ? nullptr : &*found;
}

size_t editDistance(std::string_view a, std::string_view b)
{
    std::vector<size_t> row(b.size() + 1);
    for (size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (size_t i = 1; i <= a.size(); ++i) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.size(); ++j) {
            const size_t above = row[j];
            row[j] = std::min(
                { above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1) });
            diagonal = above;
        }
    }
    return row[b.size()];
}

// " Did you mean ...?", or "" where nothing is near.
std::string nearest(const std::vector<std::string>& candidates, const std::string& wanted)
{
    const std::string* best = nullptr;
    size_t bestDistance = wanted.size() / 3 + 1;
    for (const auto& candidate : candidates) {
        const bool begins = candidate.starts_with(wanted) && candidate != wanted;
        const size_t lengths
            = std::max(candidate.size(), wanted.size()) - std::min(candidate.size(), wanted.size());
        if (candidate == wanted || (!begins && lengths >= bestDistance))
            continue; // Too far already; values may be long.
        const size_t distance = begins ? 1 : editDistance(candidate, wanted);
        if (distance < bestDistance) {
            best = &candidate;
            bestDistance = distance;
        }
    }
    return best ? " Did you mean \"" + *best + "\"?" : std::string();
}

std::string listed(const std::vector<std::string>& values)
{
    constexpr size_t kShownMax = 5;
    std::string text;
    for (size_t i = 0; i < std::min(values.size(), kShownMax); ++i)
        text += (i == 0 ? "" : ", ") + values[i];
    return values.size() > kShownMax
        ? text + ", +" + std::to_string(values.size() - kShownMax) + " more"
        : text;
}

std::string reasonFor(
    const storage::Querier& querier, const Matchers& matchers, storage::TimeRange range)
{
    const auto* name = nameMatcher(matchers);
    if (name && !hasSeries(querier, { *name }, range))
        return "No series is named " + name->value() + " in this range."
            + nearest(
                querier.labelValues(std::string(labels::kMetricName), {}, range), name->value());
    // The first matcher without which there would be something.
    for (size_t i = 0; i < matchers.size(); ++i) {
        if (&matchers[i] == name)
            continue;
        Matchers others = matchers;
        others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
        if (others.empty() || !hasSeries(querier, others, range))
            continue;
        const auto values = querier.labelValues(matchers[i].name(), others, range);
        if (values.empty())
            return "No matching series has a label " + matchers[i].name() + ".";
        const bool isPlain = matchers[i].type() == labels::MatchType::Equal;
        return matchers[i].toString() + " matches nothing; " + matchers[i].name() + " is "
            + listed(values) + "." + (isPlain ? nearest(values, matchers[i].value()) : "");
    }
    return name ? "No series of " + name->value() + " matches all of these labels together."
                : std::string("No series matches these labels.");
}

// How far before its range an expression looks: all its ranges and offsets together, which is never
// too little. Nothing where @ takes it elsewhere.
std::optional<int64_t> reachMsOf(const promql::Expr& tree)
{
    std::chrono::nanoseconds reach { 0 };
    std::vector<const promql::Expr*> open { &tree };
    while (!open.empty()) {
        const auto& expr = *open.back();
        open.pop_back();
        const promql::TimeModifier* time = nullptr;
        if (expr.kind == promql::ExprKind::MatrixSelector) {
            reach += static_cast<const promql::MatrixSelector&>(expr).span;
        } else if (expr.kind == promql::ExprKind::VectorSelector) {
            time = &static_cast<const promql::VectorSelector&>(expr).time;
        } else if (expr.kind == promql::ExprKind::Subquery) {
            const auto& subquery = static_cast<const promql::Subquery&>(expr);
            reach += subquery.span;
            time = &subquery.time;
        }
        if (time && (time->timestampMs || time->atAnchor != promql::AtAnchor::None))
            return std::nullopt;
        if (time)
            reach += std::chrono::abs(time->originalOffset);
        const auto children = promql::childrenOf(expr);
        open.insert(open.end(), children.begin(), children.end());
    }
    return std::chrono::duration_cast<std::chrono::milliseconds>(reach).count();
}

} // namespace

std::string emptyReason(const storage::Querier& querier, std::string_view expression,
    const promql::ParseOptions& options, storage::TimeRange range)
{
    const auto tree = promql::parse(expression, options);
    if (!tree)
        return {};
    const auto reachMs = reachMsOf(**tree);
    if (!reachMs)
        return {};
    range.startMs -= *reachMs;
    for (const auto* matchers : promql::selectorsOf(**tree)) {
        if (!hasSeries(querier, *matchers, range))
            return reasonFor(querier, *matchers, range);
    }
    return {};
}

} // namespace fleetglass::monitor
