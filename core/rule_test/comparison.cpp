#include "core/rule_test/comparison.h"

#include "core/base/number.h"
#include "core/promql/series_description.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fleetglass::rule_test {

namespace {

using labels::Labels;

struct Alert
{
    Labels labels;
    Labels annotations;
    friend bool operator==(const Alert&, const Alert&) = default;
    friend auto operator<=>(const Alert& a, const Alert& b) = default;

    std::string toString() const
    {
        return "Labels:" + labels.toString() + " Annotations:" + annotations.toString();
    }
};

struct Sample
{
    Labels labels;
    double value = 0;
    std::string histogram; // In the notation of series; empty: the value counts.

    std::string toString() const
    {
        return labels.toString() + ' ' + (histogram.empty() ? formatFloat(value) : histogram);
    }
};

template<class Item>
std::string listOf(const std::vector<Item>& items, const std::string& indent)
{
    if (items.empty())
        return "nothing";
    std::string text;
    for (const Item& item : items)
        text += '\n' + indent + item.toString();
    return text;
}

template<class Item>
std::string bothSides(const std::vector<Item>& expected, const std::vector<Item>& got)
{
    const std::string indent(8, ' ');
    return "\n    expected: " + listOf(expected, indent) + "\n    got: " + listOf(got, indent);
}

Labels withAlertName(const rules::TextPairs& pairs, const std::string& name)
{
    labels::Builder builder(Labels::fromPairs(pairs));
    builder.set("alertname", name);
    return builder.labels();
}

// promtool compares to the last bit, or with fuzzy_compare allows one unit in the last place.
bool sameValue(double a, double b, bool fuzzy)
{
    if (std::isnan(a) || std::isnan(b))
        return std::isnan(a) && std::isnan(b);
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    return a == b
        || (fuzzy && (std::nextafter(a, -kInfinity) == b || std::nextafter(a, kInfinity) == b));
}

bool same(const Sample& a, const Sample& b, bool fuzzy)
{
    return a.labels == b.labels && a.histogram == b.histogram
        && (!a.histogram.empty() || sameValue(a.value, b.value, fuzzy));
}

Result<Sample> sampleOf(const rules::ExpectedSample& expected)
{
    Sample sample;
    sample.value = expected.value;
    if (!expected.labels.empty()) {
        const auto parsed = promql::parseMetric(expected.labels);
        if (!parsed.ok())
            return failure("labels " + labels::quote(expected.labels) + ": "
                + promql::describe(parsed.errors.front(), expected.labels));
        sample.labels = parsed.value;
    }
    if (expected.histogram.empty())
        return sample;
    const std::string series = "{} " + expected.histogram;
    const auto parsed = promql::parseSeriesDescription(series);
    if (!parsed.ok())
        return failure("histogram " + labels::quote(expected.histogram) + ": "
            + promql::describe(parsed.errors.front(), series));
    if (parsed.value.values.size() != 1 || !parsed.value.values.front().histogram)
        return failure("histogram " + labels::quote(expected.histogram)
            + ": one histogram is wanted, as in {{count:1 sum:2 buckets:[1]}}");
    sample.histogram = promql::printHistogram(*parsed.value.values.front().histogram);
    return sample;
}

std::vector<Sample> samplesOf(const promql::QueryResult& result)
{
    std::vector<Sample> samples;
    if (result.type == promql::ValueType::Scalar)
        samples.push_back({ {}, result.scalar, {} });
    for (const promql::VectorSample& one : result.vector)
        samples.push_back({ one.labels, one.value,
            one.histogram ? promql::printHistogram(*one.histogram) : std::string() });
    return samples;
}

void sortByLabels(std::vector<Sample>& samples)
{
    std::stable_sort(samples.begin(), samples.end(),
        [](const Sample& a, const Sample& b) { return a.labels < b.labels; });
}

} // namespace

std::optional<std::string> differenceOf(
    const rules::AlertCase& expected, const std::vector<rules::AlertInstance>& firing)
{
    std::vector<Alert> wanted;
    for (const rules::ExpectedAlert& alert : expected.alerts)
        wanted.push_back({ withAlertName(alert.labels, expected.alertName),
            Labels::fromPairs(alert.annotations) });
    std::vector<Alert> got;
    for (const rules::AlertInstance& alert : firing)
        got.push_back({ alert.labels, Labels::fromPairs(alert.annotations) });
    std::sort(wanted.begin(), wanted.end());
    std::sort(got.begin(), got.end());
    if (wanted == got)
        return std::nullopt;
    return "alertname: " + expected.alertName + ", time: " + formatDuration(expected.evalTime)
        + ", " + bothSides(wanted, got);
}

std::optional<std::string> differenceOf(
    const rules::ExpressionCase& expected, const promql::QueryResult& result, bool fuzzy)
{
    const std::string where = "expr: " + labels::quote(expected.expression)
        + ", time: " + formatDuration(expected.evalTime) + ", ";
    std::vector<Sample> wanted;
    for (const rules::ExpectedSample& sample : expected.samples) {
        auto one = sampleOf(sample);
        if (!one)
            return where + one.error().message;
        wanted.push_back(std::move(*one));
    }
    std::vector<Sample> got = samplesOf(result);
    sortByLabels(wanted);
    sortByLabels(got);
    const bool equal = std::equal(wanted.begin(), wanted.end(), got.begin(), got.end(),
        [&](const Sample& a, const Sample& b) { return same(a, b, fuzzy); });
    return equal ? std::nullopt : std::optional(where + bothSides(wanted, got));
}

} // namespace fleetglass::rule_test
