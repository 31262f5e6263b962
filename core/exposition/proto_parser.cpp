// Delimited protobuf: each MetricFamily behind its length. Entries come as Prometheus' parser hands
// them out (model/textparse/protobufparse.go): help, unit, type, then a series for each number.
#include "core/exposition/limits.h"
#include "core/exposition/nhcb.h"
#include "core/exposition/parsers.h"
#include "core/exposition/proto_metric.h"
#include "core/exposition/proto_reader.h"
#include "core/exposition/text_lexer.h"
#include "core/exposition/text_number.h"
#include "core/exposition/text_series.h"

#include "core/base/utf8.h"

#include <array>
#include <cmath>

namespace fleetglass::exposition {

namespace {

using labels::MetricType;

MetricType metricTypeOf(ProtoType type)
{
    constexpr std::array kTypes { MetricType::Counter, MetricType::Gauge, MetricType::Summary,
        MetricType::Unknown, MetricType::Histogram, MetricType::GaugeHistogram };
    return kTypes[static_cast<size_t>(type)];
}

bool isUnitOf(std::string_view unit, std::string_view name, ProtoType type)
{
    if (type == ProtoType::Counter && name.ends_with("_total"))
        name.remove_suffix(6);
    return name.size() > unit.size() && name.ends_with(unit)
        && name[name.size() - unit.size() - 1] == '_';
}

std::vector<Exemplar> takeExemplar(const std::optional<ProtoExemplar>& from)
{
    if (!from)
        return {};
    std::vector<labels::Label> pairs;
    for (const auto& [name, value] : from->labels)
        pairs.push_back({ name, value });
    return { { labels::Labels::fromViews(pairs), from->value, from->timestampMs } };
}

// The series at hand: a family's name with a suffix, a metric's labels, and le or quantile.
class ProtoSeries : public SeriesSource
{
public:
    std::string_view suffix;
    std::string_view boundName;
    std::string bound;
    const ProtoFamily* family = nullptr;
    const ProtoMetric* metric = nullptr;
    MetricType type = MetricType::Unknown;
    bool typeAndUnit = false;

    labels::Labels labels() const override
    {
        const std::string name = std::string(family->name) + std::string(suffix);
        const std::string_view typeWord
            = typeAndUnit && type != MetricType::Unknown ? toWord(type) : std::string_view();
        const std::string_view unit = typeAndUnit ? family->unit : std::string_view();
        std::vector<labels::Label> pairs;
        for (const auto& label : metric->labels) {
            if ((!typeWord.empty() && label.name == "__type__")
                || (!unit.empty() && label.name == "__unit__"))
                continue;
            pairs.push_back({ label.name, label.value });
        }
        pairs.push_back({ labels::kMetricName, name });
        pairs.push_back({ "__type__", typeWord });
        pairs.push_back({ "__unit__", unit });
        if (!boundName.empty())
            pairs.push_back({ boundName, bound });
        std::erase_if(pairs, [](const labels::Label& label) { return label.value.empty(); });
        return labels::Labels::fromViews(pairs);
    }

    void appendText(std::string& text) const
    {
        text = family->name;
        text += suffix;
        for (const auto& label : metric->labels) {
            text += '\xff';
            text += label.name;
            text += '\xff';
            text += label.value;
        }
        if (!boundName.empty()) {
            text += '\xff';
            text += boundName;
            text += '\xff';
            text += bound;
        }
        if (typeAndUnit) {
            text += '\xfe';
            text += toWord(type);
            text += '\xfe';
            text += family->unit;
        }
    }
};

class ProtoParser
{
public:
    ProtoParser(std::string_view body, const ParseOptions& options, Sink& sink)
        : m_rest(body)
        , m_options(options)
        , m_sink(sink)
    {
    }

    Result<ParseStats> run();

private:
    Result<void> parseFamily(std::string_view bytes);
    Result<void> checkFamily(const ProtoFamily& family) const;
    void emitMetadata(const ProtoFamily& family);
    Result<void> checkLabels(const ProtoMetric& metric) const;
    Result<void> emitMetric(const ProtoMetric& metric);
    Result<void> emitSummary(const ProtoMetric& metric);
    Result<void> emitHistogram(const ProtoMetric& metric);
    Result<void> emitClassic(const ProtoMetric& metric);
    Result<void> emitNative(const ProtoMetric& metric);
    Result<void> emitConverted(const ProtoMetric& metric);
    // A series of the metric at hand.
    Result<void> emit(
        std::string_view suffix, double value, const std::vector<Exemplar>& exemplars);
    Result<void> emitWithBound(std::string_view suffix, std::string_view boundName, double bound,
        double value, const std::vector<Exemplar>& exemplars);
    Result<void> emitHistogramValue(
        histogram::HistogramPtr histogram, const std::vector<Exemplar>& exemplars);
    Result<void> handOut(ParsedSample sample);

    std::string_view m_rest;
    const ParseOptions& m_options;
    Sink& m_sink;
    ParseStats m_stats;
    ProtoType m_type = ProtoType::Untyped;
    ProtoSeries m_series;
    std::string m_seriesText;
};

Result<ParseStats> ProtoParser::run()
{
    m_series.typeAndUnit = m_options.typeAndUnitLabels;
    const size_t total = m_rest.size();
    while (!m_rest.empty()) {
        const size_t at = total - m_rest.size();
        const auto size = ProtoReader::takeVarint(m_rest);
        Result<void> parsed;
        if (!size)
            parsed = failure("protobuf: invalid varint");
        else if (*size > m_rest.size())
            parsed = failure("protobuf: a metric family of " + std::to_string(*size)
                + " bytes is cut short: unexpected EOF");
        else
            parsed = parseFamily(m_rest.substr(0, static_cast<size_t>(*size)));
        if (!parsed) {
            Error error = std::move(parsed.error());
            error.message += " (metric family at byte " + std::to_string(at) + ")";
            return failure(std::move(error));
        }
        m_rest.remove_prefix(static_cast<size_t>(*size));
    }
    return m_stats;
}

Result<void> ProtoParser::parseFamily(std::string_view bytes)
{
    const auto family = readProtoFamily(bytes);
    if (!family)
        return failure(family.error());
    if (family->metrics.empty())
        return {};
    if (auto good = checkFamily(*family); !good)
        return good;
    m_type = static_cast<ProtoType>(family->type);
    m_series.family = &*family;
    m_series.type = metricTypeOf(m_type);
    emitMetadata(*family);
    for (const auto metricBytes : family->metrics) {
        const auto metric = readProtoMetric(metricBytes, m_type, m_options.limits);
        if (!metric)
            return failure(metric.error());
        if (auto good = checkLabels(*metric); !good)
            return good;
        m_series.metric = &*metric;
        if (auto emitted = emitMetric(*metric); !emitted)
            return emitted;
    }
    return {};
}

Result<void> ProtoParser::checkFamily(const ProtoFamily& family) const
{
    if (family.name.empty() || !isValidUtf8(family.name))
        return failure("invalid metric name: " + quoteExcerpt(family.name));
    if (auto good = checkNameBytes("metric", family.name, m_options.limits); !good)
        return good;
    if (!isValidUtf8(family.help))
        return failure("invalid help for metric " + quoteExcerpt(family.name) + ": "
            + quoteExcerpt(family.help));
    if (family.type > static_cast<uint64_t>(ProtoType::GaugeHistogram))
        return failure("unknown metric type for metric " + quoteExcerpt(family.name) + ": "
            + std::to_string(family.type));
    const auto type = static_cast<ProtoType>(family.type);
    if (!isValidUtf8(family.unit))
        return failure("invalid unit for metric " + quoteExcerpt(family.name));
    if (family.unit.empty() || isUnitOf(family.unit, family.name, type))
        return {};
    const bool isTotal = type == ProtoType::Counter && family.name.ends_with("_total");
    return failure("unit " + quoteExcerpt(family.unit) + " not a suffix of "
        + (isTotal ? "counter " : "metric ") + quoteExcerpt(family.name));
}

void ProtoParser::emitMetadata(const ProtoFamily& family)
{
    std::string clipped;
    std::string_view help = family.help;
    if (help.size() > m_options.limits.helpBytesMax) {
        clipped = clipUtf8(help, m_options.limits.helpBytesMax);
        help = clipped;
        ++m_stats.helpClipped;
    }
    m_sink.metadata({ MetadataKind::Help, family.name, help, {}, 0 });
    if (!family.unit.empty())
        m_sink.metadata({ MetadataKind::Unit, family.name, family.unit, {}, 0 });
    const auto type = metricTypeOf(m_type);
    m_sink.metadata({ MetadataKind::Type, family.name, toWord(type), type, 0 });
    m_stats.metadata += family.unit.empty() ? 2 : 3;
}

Result<void> ProtoParser::checkLabels(const ProtoMetric& metric) const
{
    for (size_t i = 0; i < metric.labels.size(); ++i) {
        const auto& [name, value] = metric.labels[i];
        if (name.empty() || !isValidUtf8(name))
            return failure("invalid label name: " + quoteExcerpt(name));
        if (!isValidUtf8(value))
            return failure("invalid UTF-8 label value: " + quoteExcerpt(value));
        if (auto good = checkNameBytes("label", name, m_options.limits); !good)
            return good;
        if (auto good = checkLabelValue(name, value, m_options.limits); !good)
            return good;
        bool repeated = name == labels::kMetricName;
        for (size_t k = 0; k < i; ++k)
            repeated = repeated || metric.labels[k].name == name;
        if (repeated)
            return failure("label name " + quoteExcerpt(name) + " is not unique");
    }
    return {};
}

Result<void> ProtoParser::emitMetric(const ProtoMetric& metric)
{
    switch (m_type) {
    case ProtoType::Summary:
        return emitSummary(metric);
    case ProtoType::Histogram:
    case ProtoType::GaugeHistogram:
        return emitHistogram(metric);
    case ProtoType::Counter:
        return emit("", metric.value, takeExemplar(metric.exemplar));
    default:
        return emit("", metric.value, {});
    }
}

Result<void> ProtoParser::emitSummary(const ProtoMetric& metric)
{
    auto emitted = emit("_count", static_cast<double>(metric.summary.count), {});
    if (emitted)
        emitted = emit("_sum", metric.summary.sum, {});
    for (const auto& [quantile, value] : metric.summary.quantiles) {
        if (emitted)
            emitted = emitWithBound("", "quantile", quantile, value, {});
    }
    return emitted;
}

Result<void> ProtoParser::emitHistogram(const ProtoMetric& metric)
{
    const bool native = !m_options.ignoreNativeHistograms && metric.histogram.isNative();
    if (native) {
        auto emitted = emitNative(metric);
        const bool both = m_options.keepClassicHistograms && !metric.histogram.buckets.empty();
        return emitted && both ? emitClassic(metric) : emitted;
    }
    if (!m_options.convertClassicToNhcb || m_type == ProtoType::GaugeHistogram)
        return emitClassic(metric);
    if (m_options.keepClassicHistograms) {
        if (auto emitted = emitClassic(metric); !emitted)
            return emitted;
    }
    return emitConverted(metric);
}

Result<void> ProtoParser::emitClassic(const ProtoMetric& metric)
{
    const ProtoHistogram& from = metric.histogram;
    auto emitted = emit("_count", from.anyCount(), {});
    if (emitted)
        emitted = emit("_sum", from.sum, {});
    for (const ProtoBucket& bucket : from.buckets) {
        if (emitted)
            emitted = emitWithBound("_bucket", "le", bucket.bound, bucket.cumulativeCount,
                takeExemplar(bucket.exemplar));
        if (bucket.bound == INFINITY)
            return emitted;
    }
    return emitted ? emitWithBound("_bucket", "le", INFINITY, from.anyCount(), {}) : emitted;
}

// Exemplars of native histograms without a time are of no use and left out, as in Prometheus.
std::vector<Exemplar> timedExemplars(const ProtoHistogram& from)
{
    std::vector<Exemplar> exemplars;
    const auto add = [&](const std::optional<ProtoExemplar>& exemplar) {
        if (exemplar && exemplar->timestampMs)
            exemplars.push_back(takeExemplar(exemplar).front());
    };
    for (const ProtoExemplar& exemplar : from.exemplars)
        add(exemplar);
    if (from.exemplars.empty()) {
        for (const ProtoBucket& bucket : from.buckets)
            add(bucket.exemplar);
    }
    return exemplars;
}

Result<void> ProtoParser::emitNative(const ProtoMetric& metric)
{
    auto histogram = nativeHistogram(metric.histogram, m_type, m_options.limits);
    if (!histogram)
        return failure(histogram.error());
    return emitHistogramValue(std::move(*histogram), timedExemplars(metric.histogram));
}

Result<void> ProtoParser::emitConverted(const ProtoMetric& metric)
{
    const ProtoHistogram& from = metric.histogram;
    ClassicHistogram classic;
    for (const ProtoBucket& bucket : from.buckets)
        classic.setBucket(bucket.bound, bucket.cumulativeCount);
    classic.setCount(from.anyCount());
    classic.setSum(from.sum);
    auto converted = classic.convert();
    if (!converted)
        return {};
    return emitHistogramValue(std::move(converted), timedExemplars(from));
}

Result<void> ProtoParser::emitHistogramValue(
    histogram::HistogramPtr histogram, const std::vector<Exemplar>& exemplars)
{
    m_series.suffix = {};
    m_series.boundName = {};
    ++m_stats.histograms;
    return handOut({ .histogram = std::move(histogram), .exemplars = exemplars });
}

Result<void> ProtoParser::emit(
    std::string_view suffix, double value, const std::vector<Exemplar>& exemplars)
{
    m_series.suffix = suffix;
    m_series.boundName = {};
    return handOut({ .value = value, .exemplars = exemplars });
}

Result<void> ProtoParser::emitWithBound(std::string_view suffix, std::string_view boundName,
    double bound, double value, const std::vector<Exemplar>& exemplars)
{
    m_series.suffix = suffix;
    m_series.boundName = boundName;
    m_series.bound = formatBound(bound);
    return handOut({ .value = value, .exemplars = exemplars });
}

Result<void> ProtoParser::handOut(ParsedSample sample)
{
    if (auto good = checkSampleCount(++m_stats.samples, m_options.limits); !good)
        return good;
    m_series.appendText(m_seriesText);
    sample.seriesText = m_seriesText;
    sample.timestampMs = m_series.metric->timestampMs;
    sample.startTimestampMs = m_series.metric->startTimestampMs;
    m_stats.exemplars += sample.exemplars.size();
    if (!m_sink.sample(sample, m_series))
        return failure("stopped by the reader of the page", ErrorCode::Cancelled);
    return {};
}

} // namespace

Result<ParseStats> parseProtobuf(std::string_view body, const ParseOptions& options, Sink& sink)
{
    return ProtoParser(body, options, sink).run();
}

} // namespace fleetglass::exposition
