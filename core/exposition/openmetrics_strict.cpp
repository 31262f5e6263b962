// The rules are those of the specification (github.com/prometheus/OpenMetrics, OpenMetrics.md) as
// its reference parser in client_python understands them.
#include "core/exposition/openmetrics_strict.h"

#include "core/base/number.h"
#include "core/base/utf8.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace fleetglass::exposition {

namespace {

using labels::MetricType;

constexpr size_t kExemplarCodePointsMax = 128;

// What a family's sample names have beyond the family's own.
std::span<const std::string_view> suffixesOf(MetricType type)
{
    static constexpr std::string_view kPlain[] = { "" };
    static constexpr std::string_view kCounter[] = { "_total", "_created" };
    static constexpr std::string_view kSummary[] = { "", "_count", "_sum", "_created" };
    static constexpr std::string_view kHistogram[] = { "_count", "_sum", "_bucket", "_created" };
    static constexpr std::string_view kGaugeHistogram[] = { "_gcount", "_gsum", "_bucket" };
    static constexpr std::string_view kInfo[] = { "_info" };
    switch (type) {
    case MetricType::Counter:
        return kCounter;
    case MetricType::Summary:
        return kSummary;
    case MetricType::Histogram:
        return kHistogram;
    case MetricType::GaugeHistogram:
        return kGaugeHistogram;
    case MetricType::Info:
        return kInfo;
    default:
        return kPlain;
    }
}

bool isHistogram(MetricType type)
{
    return type == MetricType::Histogram || type == MetricType::GaugeHistogram;
}

bool isOneOf(std::string_view text, std::initializer_list<std::string_view> choices)
{
    return std::find(choices.begin(), choices.end(), text) != choices.end();
}

std::optional<std::string_view> labelOf(const TextSeries& series, std::string_view name)
{
    for (const auto& label : series.rawLabels()) {
        if (label.name == name)
            return label.value;
    }
    return std::nullopt;
}

// The bound of a bucket; nothing where it is none. An infinity has one spelling.
std::optional<double> boundOf(const TextSeries& series)
{
    const auto text = labelOf(series, "le");
    const auto bound = text ? parseFloat(*text) : std::nullopt;
    if (!bound || std::isnan(*bound) || (std::isinf(*bound) && *text != "+Inf"))
        return std::nullopt;
    return bound;
}

size_t codePoints(std::string_view text)
{
    return static_cast<size_t>(std::count_if(text.begin(), text.end(),
        [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }));
}

} // namespace

Result<void> OpenMetricsStrict::metadata(
    Token keyword, std::string_view name, std::string_view text)
{
    if (!m_inFamily || name != m_name) {
        if (auto begun = beginFamily(name); !begun)
            return begun;
    } else if (m_hasSamples) {
        return failure("metadata of " + quoteExcerpt(name) + " comes after its samples");
    }
    bool& seen = keyword == Token::Help ? m_hasHelp
        : keyword == Token::Type        ? m_hasType
                                        : m_hasUnit;
    if (seen)
        return failure("second " + std::string(nameOf(keyword)) + " line for metric name "
            + quoteExcerpt(name));
    seen = true;
    if (keyword == Token::Type)
        m_type = labels::metricTypeFromWord(text);
    if (keyword == Token::Unit)
        m_unit = std::string(text);
    return {};
}

Result<void> OpenMetricsStrict::beginFamily(std::string_view name)
{
    if (auto finished = finishFamily(); !finished)
        return finished;
    m_inFamily = true;
    m_name = std::string(name);
    m_type = MetricType::Unknown;
    m_hasHelp = m_hasType = m_hasUnit = m_hasSamples = false;
    m_unit.clear();
    m_groups.clear();
    m_group.clear();
    m_groupSeconds.reset();
    return {};
}

Result<void> OpenMetricsStrict::finishFamily()
{
    if (!m_inFamily)
        return {};
    m_inFamily = false;
    if (auto finished = m_histogram.finish(); !finished)
        return failure(finished.error().message + ": " + m_name);
    if (!m_unit.empty() && (m_type == MetricType::Info || m_type == MetricType::StateSet))
        return failure("metric " + quoteExcerpt(m_name) + " of type " + std::string(toWord(m_type))
            + " cannot have a unit");
    return claimNames();
}

// No two families may make samples of one name.
Result<void> OpenMetricsStrict::claimNames()
{
    std::unordered_set<std::string> own { m_name };
    for (const auto suffix : suffixesOf(m_type))
        own.insert(m_name + std::string(suffix));
    for (const std::string& name : own) {
        if (!m_takenNames.insert(name).second)
            return failure("clashing name: " + quoteExcerpt(name));
    }
    return {};
}

Result<void> OpenMetricsStrict::finish()
{
    return finishFamily();
}

bool OpenMetricsStrict::isOwnName(std::string_view sampleName) const
{
    if (!m_inFamily || !sampleName.starts_with(m_name))
        return false;
    const auto suffixes = suffixesOf(m_type);
    return std::find(suffixes.begin(), suffixes.end(), sampleName.substr(m_name.size()))
        != suffixes.end();
}

Result<void> OpenMetricsStrict::sample(const OpenMetricsSampleReader& sample)
{
    const auto name = sample.series().name();
    if (!isOwnName(name)) {
        if (auto begun = beginFamily(name); !begun)
            return begun;
    }
    m_hasSamples = true;
    const auto suffix = name.substr(m_name.size());
    if (auto good = checkLabels(sample); !good)
        return good;
    if (auto good = checkValue(suffix, sample.value()); !good)
        return good;
    if (auto good = checkExemplar(suffix, sample); !good)
        return good;
    if (auto good = checkGroup(sample); !good)
        return good;
    if (!isHistogram(m_type) || suffix == "_created")
        return {};
    return m_histogram.add(
        m_group, m_groupSeconds, suffix, boundOf(sample.series()).value_or(0), sample.value());
}

Result<void> OpenMetricsStrict::checkLabels(const OpenMetricsSampleReader& sample) const
{
    const TextSeries& series = sample.series();
    const bool isBucket = isHistogram(m_type) && series.name().substr(m_name.size()) == "_bucket";
    if (isBucket && !boundOf(series))
        return failure("invalid le label of " + quoteExcerpt(series.name()));
    if (m_type == MetricType::StateSet && !labelOf(series, m_name))
        return failure("stateset " + quoteExcerpt(m_name) + " misses the label of its name");
    if (m_type == MetricType::Summary && series.name() == m_name) {
        const auto text = labelOf(series, "quantile");
        const auto quantile = text ? parseFloat(*text) : std::nullopt;
        if (!quantile || !(*quantile >= 0 && *quantile <= 1))
            return failure("invalid quantile label of " + quoteExcerpt(m_name));
    }
    return {};
}

Result<void> OpenMetricsStrict::checkValue(std::string_view suffix, double value) const
{
    const auto bad = [&](std::string_view why) {
        return failure(std::string(why) + ", got " + formatFloat(value) + " for "
            + quoteExcerpt(m_name + std::string(suffix)));
    };
    if (m_type == MetricType::StateSet && value != 0 && value != 1)
        return bad("stateset samples can only have values zero and one");
    if (m_type == MetricType::Info && value != 1)
        return bad("info samples can only have value one");
    if (m_type == MetricType::Summary && suffix.empty() && value < 0)
        return bad("quantile values cannot be negative");
    const bool isCount = isOneOf(suffix, { "_count", "_bucket", "_gcount" });
    const bool isCounterLike = isCount || isOneOf(suffix, { "_total", "_sum" });
    if ((isCounterLike || suffix == "_gsum") && std::isnan(value))
        return bad("counter-like samples cannot be NaN");
    if (isCounterLike && value < 0)
        return bad("counter-like samples cannot be negative");
    if (isCount && std::floor(value) != value)
        return bad("counts must be whole numbers");
    return {};
}

Result<void> OpenMetricsStrict::checkExemplar(
    std::string_view suffix, const OpenMetricsSampleReader& sample) const
{
    if (sample.exemplars().empty())
        return {};
    const bool allowed = (isHistogram(m_type) && suffix == "_bucket")
        || (m_type == MetricType::Counter && suffix == "_total");
    if (!allowed)
        return failure("only histogram buckets and counters can have exemplars, not "
            + quoteExcerpt(m_name + std::string(suffix)));
    size_t length = 0;
    for (const auto& [name, value] : sample.exemplars().front().labels)
        length += codePoints(name) + codePoints(value);
    if (length > kExemplarCodePointsMax)
        return failure("exemplar labels have " + std::to_string(length)
            + " characters, the limit is " + std::to_string(kExemplarCodePointsMax));
    return {};
}

// The samples of one metric stand together, their times do not run backwards.
Result<void> OpenMetricsStrict::checkGroup(const OpenMetricsSampleReader& sample)
{
    const std::string group = groupOf(sample);
    std::optional<double> seconds;
    if (!sample.timestampText().empty())
        seconds = parseFloat(sample.timestampText());
    const bool first = m_groups.empty();
    if (first || group != m_group) {
        if (!m_groups.insert(group).second)
            return failure("invalid metric grouping: the samples of " + quoteExcerpt(m_name)
                + " are interleaved");
    } else {
        if (seconds.has_value() != m_groupSeconds.has_value())
            return failure("mix of timestamp presence within a group of " + quoteExcerpt(m_name));
        if (seconds && *seconds < *m_groupSeconds && m_type != MetricType::Info)
            return failure("timestamps went backwards within a group of " + quoteExcerpt(m_name));
    }
    m_group = group;
    m_groupSeconds = seconds;
    return {};
}

std::string OpenMetricsStrict::groupOf(const OpenMetricsSampleReader& sample) const
{
    if (m_type == MetricType::Info)
        return {}; // Every info sample is of one group.
    const std::string_view own = m_type == MetricType::Summary ? "quantile"
        : isHistogram(m_type)                                  ? "le"
        : m_type == MetricType::StateSet                       ? std::string_view(m_name)
                                                               : std::string_view();
    std::vector<std::string> parts;
    for (const auto& [name, value] : sample.series().rawLabels()) {
        if (name != own)
            parts.push_back(std::string(name) + '\xff' + std::string(value) + '\xff');
    }
    std::sort(parts.begin(), parts.end());
    std::string group;
    for (const std::string& part : parts)
        group += part;
    return group;
}

} // namespace fleetglass::exposition
