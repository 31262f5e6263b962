// info(v, {data labels}): adds labels of info metrics, which carry them for an instance and job
// (Prometheus promql/info.go).
#include "core/promql/functions.h"

#include "core/promql/prepare.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

namespace fleetglass::promql {

namespace {

using labels::Labels;
using labels::Matcher;
using labels::MatchType;

constexpr std::string_view kTargetInfo = "target_info";
const std::vector<std::string>& identifyingLabels()
{
    static const std::vector<std::string> kNames { "instance", "job" };
    return kNames;
}

// The second argument, taken apart: which info metrics, and which of their labels.
struct InfoSelector
{
    std::vector<Matcher> names;
    std::vector<Matcher> data;

    bool wants(std::string_view label) const
    {
        return data.empty() || std::any_of(data.begin(), data.end(), [&](const Matcher& matcher) {
            return matcher.name() == label;
        });
    }
    // Whether a series without info may stay.
    bool matchesNothing() const
    {
        return std::all_of(data.begin(), data.end(),
            [](const Matcher& matcher) { return matcher.matchesEmpty(); });
    }
    bool isInfo(const Labels& labels) const
    {
        return std::all_of(names.begin(), names.end(),
            [&](const Matcher& matcher) { return matcher.matches(labels.metricName()); });
    }
};

InfoSelector selectorOf(const CallContext& context)
{
    InfoSelector selector;
    const std::string name(labels::kMetricName);
    if (context.size() > 1) {
        if (const auto* vector = as<VectorSelector>(&unwrapped(context.argument(1)))) {
            for (const Matcher& matcher : vector->matchers)
                (matcher.name() == name ? selector.names : selector.data).push_back(matcher);
        }
    }
    const bool positive
        = std::any_of(selector.names.begin(), selector.names.end(), [](const Matcher& m) {
              return m.type() == MatchType::Equal || m.type() == MatchType::Regex;
          });
    if (selector.names.empty())
        selector.names.push_back(Matcher::equal(name, std::string(kTargetInfo)));
    else if (!positive) // Exclusions alone would let every series of the store be an info metric.
        selector.names.insert(
            selector.names.begin(), Matcher::create(MatchType::Regex, name, ".+_info").value());
    return selector;
}

std::string escaped(std::string_view text)
{
    std::string result;
    for (const char c : text) {
        if (std::string_view(R"(\.+*?()|[]{}^$)").find(c) != std::string_view::npos)
            result += '\\';
        result += c;
    }
    return result;
}

// Only the info series of the instances and jobs at hand.
Result<std::vector<Matcher>> infoMatchers(const Columns& base, const InfoSelector& selector)
{
    std::vector<Matcher> matchers = selector.names;
    matchers.insert(matchers.end(), selector.data.begin(), selector.data.end());
    bool any = false;
    for (const std::string& name : identifyingLabels()) {
        std::set<std::string_view> values;
        for (const Column& column : base) {
            if (!selector.isInfo(column.labels) && column.labels.has(name))
                values.insert(column.labels.get(name));
        }
        if (values.empty())
            continue;
        any = true;
        std::string pattern;
        for (const std::string_view value : values)
            pattern += (pattern.empty() ? "" : "|") + escaped(value);
        if (pattern.size() > regex::kPatternBytesMax)
            continue; // The join itself sorts out what is not wanted.
        auto matcher = Matcher::create(MatchType::Regex, name, pattern);
        if (!matcher)
            return failure(matcher.error());
        matchers.push_back(std::move(*matcher));
    }
    if (!any)
        matchers.clear();
    return matchers;
}

// When info is read: at the time that the argument's first selector reads, by its own offset and @
// and those of the subqueries around it. False where there is no selector.
bool addReference(const Expr& expr, WindowGrid& reference)
{
    const auto shift = [&](const TimeModifier& time) {
        if (time.timestampMs) {
            reference.fixedMs = *time.timestampMs;
            reference.offsetMs = 0;
        }
        reference.offsetMs += toMs(time.originalOffset);
    };
    if (const auto* selector = as<VectorSelector>(&expr)) {
        shift(selector->time);
        return true;
    }
    const WindowGrid before = reference;
    if (const auto* subquery = as<Subquery>(&expr))
        shift(subquery->time);
    for (const Expr* child : childrenOf(expr)) {
        if (addReference(*child, reference))
            return true;
    }
    reference = before;
    return false;
}

struct InfoSeries
{
    Column newest; // Times of the samples, in seconds.
    Labels identity; // With the info metric's name.
};

Labels identityOf(const Labels& labels, std::string_view infoName)
{
    labels::Builder builder(labels.only(identifyingLabels()));
    builder.set(labels::kMetricName, infoName);
    return builder.labels();
}

Result<std::vector<InfoSeries>> loadInfo(
    const CallContext& context, const Columns& base, const InfoSelector& selector)
{
    std::vector<InfoSeries> series;
    const auto matchers = infoMatchers(base, selector);
    if (!matchers)
        return failure(matchers.error());
    if (matchers->empty())
        return series;
    WindowGrid reference;
    reference.grid = context.grid;
    reference.extraBeforeMs = context.evaluator.lookbackMs();
    addReference(context.argument(0), reference);
    if (reference.fixedMs)
        *reference.fixedMs -= reference.offsetMs;
    auto slices = context.evaluator.load(*matchers, reference.span());
    if (!slices)
        return failure(slices.error());
    for (const storage::SeriesSlice& slice : *slices) {
        if (!slice.histograms.empty())
            return failure(
                "this should be an info metric, with float samples: " + slice.labels.toString());
        InfoSeries info { latestOf(slice, reference, reference.extraBeforeMs, LatestOf::Timestamp),
            identityOf(slice.labels, slice.labels.metricName()) };
        if (!info.newest.empty())
            series.push_back(std::move(info));
    }
    return series;
}

using InfoByIdentity = std::map<Labels, std::vector<const InfoSeries*>>;

// The newest of several info series with one identity; two of the same time are an error.
Result<const InfoSeries*> newestAt(const std::vector<const InfoSeries*>& candidates, size_t step)
{
    const InfoSeries* best = nullptr;
    for (const InfoSeries* candidate : candidates) {
        if (!candidate->newest.has(step))
            continue;
        const double at = candidate->newest.values[step];
        if (best && best->newest.values[step] == at) {
            const auto ms = std::to_string(static_cast<int64_t>(at * 1000));
            return failure("found duplicate series for info metric: existing "
                + best->newest.labels.toString() + " @ " + ms + ", new "
                + candidate->newest.labels.toString() + " @ " + ms);
        }
        if (!best || best->newest.values[step] < at)
            best = candidate;
    }
    return best;
}

// The labels of one step's info series on top of a base series'; nothing where they do not suffice.
Result<std::optional<Labels>> enriched(
    const Labels& base, const std::vector<const InfoSeries*>& infos, const InfoSelector& selector)
{
    if (infos.empty() && !selector.matchesNothing())
        return std::optional<Labels>();
    labels::Builder added;
    labels::Builder result(base);
    for (const InfoSeries* info : infos) {
        for (const labels::Label& label : info->newest.labels) {
            if (label.name == labels::kMetricName || !selector.wants(label.name))
                continue;
            const std::string_view present = added.get(label.name);
            if (!present.empty() && present != label.value)
                return failure("conflicting label: " + std::string(label.name));
            if (base.has(label.name))
                continue;
            added.set(label.name, label.value);
            result.set(label.name, label.value);
        }
    }
    return std::optional(result.labels());
}

// A base series over all steps; a new column whenever its info changes.
Result<void> enrichColumn(const Column& base,
    const std::vector<const std::vector<const InfoSeries*>*>& metrics, const InfoSelector& selector,
    Columns& results)
{
    std::map<std::vector<const InfoSeries*>, std::optional<size_t>> columnOf;
    for (size_t step = 0; step < base.values.size(); ++step) {
        if (!base.has(step))
            continue;
        std::vector<const InfoSeries*> infos;
        for (const auto* candidates : metrics) {
            const auto newest = newestAt(*candidates, step);
            if (!newest)
                return failure(newest.error());
            if (*newest)
                infos.push_back(*newest);
        }
        auto [entry, isNew] = columnOf.try_emplace(infos);
        if (isNew) {
            auto labels = enriched(base.labels, infos, selector);
            if (!labels)
                return failure(labels.error());
            if (*labels) {
                entry->second = results.size();
                results.emplace_back(base, base.values.size());
                results.back().labels = std::move(**labels);
            }
        }
        if (!entry->second)
            continue;
        Column& column = results[*entry->second];
        if (base.hasHistogram(step))
            column.setHistogram(step, base.histograms[step]);
        else
            column.values[step] = base.values[step];
    }
    return {};
}

} // namespace

Result<void> evaluateInfo(const CallContext& context)
{
    auto input = context.evaluator.evaluate(context.argument(0), context.grid);
    if (!input)
        return failure(input.error());
    const InfoSelector selector = selectorOf(context);
    const auto series = loadInfo(context, input->columns, selector);
    if (!series)
        return failure(series.error());
    InfoByIdentity byIdentity;
    std::set<std::string> infoNames;
    for (const InfoSeries& info : *series) {
        byIdentity[info.identity].push_back(&info);
        infoNames.emplace(info.newest.labels.metricName());
    }
    Columns results;
    for (Column& base : input->columns) {
        if (selector.isInfo(base.labels)) { // An info series itself is not enriched.
            results.push_back(std::move(base));
            continue;
        }
        std::vector<const std::vector<const InfoSeries*>*> metrics;
        for (const std::string& name : infoNames) {
            const auto found = byIdentity.find(identityOf(base.labels, name));
            if (found != byIdentity.end())
                metrics.push_back(&found->second);
        }
        if (auto done = enrichColumn(base, metrics, selector, results); !done)
            return done;
    }
    if (auto merged = mergeSameLabels(results); !merged)
        return merged;
    return pushAll(std::move(results), context.sink);
}

} // namespace fleetglass::promql
