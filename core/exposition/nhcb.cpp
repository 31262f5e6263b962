#include "core/exposition/nhcb.h"

#include "core/base/number.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace fleetglass::exposition {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::string_view histogramSuffix(std::string_view name)
{
    for (const std::string_view suffix : { "_bucket", "_count", "_sum" }) {
        if (name.ends_with(suffix))
            return suffix;
    }
    return {};
}

class FixedLabels : public SeriesSource
{
public:
    explicit FixedLabels(const labels::Labels& labels)
        : m_labels(labels)
    {
    }
    labels::Labels labels() const override { return m_labels; }

private:
    const labels::Labels& m_labels;
};

labels::Labels baseLabels(const labels::Labels& labels, std::string_view family)
{
    labels::Builder builder(labels);
    builder.remove("le");
    builder.set(labels::kMetricName, family);
    return builder.labels();
}

} // namespace

void ClassicHistogram::setBucket(double bound, double cumulativeCount)
{
    if (std::isnan(bound) || cumulativeCount < 0)
        m_bad = true;
    const auto place = std::lower_bound(m_buckets.begin(), m_buckets.end(), bound,
        [](const Bucket& bucket, double wanted) { return bucket.bound < wanted; });
    if (m_bad || (place != m_buckets.end() && place->bound == bound))
        return; // The first of two equal bounds counts.
    if (place != m_buckets.begin() && cumulativeCount < std::prev(place)->count)
        m_bad = true;
    if (place != m_buckets.end() && cumulativeCount > place->count)
        m_bad = true;
    m_buckets.insert(place, { bound, cumulativeCount });
}

void ClassicHistogram::setCount(double count)
{
    m_bad = m_bad || count < 0;
    m_count = count;
    m_hasCount = true;
}

histogram::HistogramPtr ClassicHistogram::convert() const
{
    if (m_bad || (!m_hasCount && m_buckets.empty()))
        return nullptr;
    auto result = std::make_shared<histogram::Histogram>();
    result->schema = histogram::kCustomBucketsSchema;
    result->count = m_hasCount ? m_count : m_buckets.back().count;
    result->sum = m_sum;
    std::vector<double> dense;
    double below = 0;
    bool whole = std::round(result->count) == result->count;
    for (const Bucket& bucket : m_buckets) {
        dense.push_back(bucket.count - below);
        below = bucket.count;
        whole = whole && std::round(bucket.count) == bucket.count;
        if (bucket.bound != kInfinity)
            result->customValues.push_back(bucket.bound);
    }
    if (m_buckets.empty() || m_buckets.back().bound != kInfinity) {
        dense.push_back(result->count - below);
        below = result->count;
    }
    if (below != result->count || dense.back() < 0)
        return nullptr;
    compactInto(dense, 0, whole ? 2 : 0, result->positiveSpans, result->positiveBuckets);
    return result;
}

void compactInto(std::span<const double> dense, int32_t firstIndex, size_t emptyMax,
    std::vector<histogram::Span>& spans, std::vector<double>& buckets)
{
    size_t spanEnd = 0; // One past the last bucket taken.
    for (size_t i = 0; i < dense.size(); ++i) {
        if (dense[i] == 0)
            continue;
        const size_t gap = i - spanEnd;
        if (!spans.empty() && gap <= emptyMax) {
            buckets.insert(buckets.end(), gap, 0.0);
            spans.back().length += static_cast<uint32_t>(gap);
        } else {
            const auto offset = static_cast<int32_t>(gap);
            spans.push_back({ spans.empty() ? firstIndex + offset : offset, 0 });
        }
        buckets.push_back(dense[i]);
        ++spans.back().length;
        spanEnd = i + 1;
    }
}

void NhcbSink::metadata(const MetadataEntry& entry)
{
    m_stopped = m_stopped || !flush();
    if (entry.kind == MetadataKind::Type) {
        m_family = std::string(entry.family);
        m_type = entry.type;
    }
    m_next.metadata(entry);
}

void NhcbSink::comment(std::string_view text)
{
    m_stopped = m_stopped || !flush();
    m_next.comment(text);
}

bool NhcbSink::isCollectible(const labels::Labels& labels, std::string_view& suffix) const
{
    const auto name = labels.metricName();
    suffix = histogramSuffix(name);
    if (suffix.empty() || name.substr(0, name.size() - suffix.size()) != m_family)
        return false;
    if (suffix != "_bucket")
        return true;
    const auto bound = parseFloat(labels.get("le"));
    return bound && !std::isnan(*bound);
}

bool NhcbSink::sample(const ParsedSample& sample, const SeriesSource& source)
{
    if (m_stopped)
        return false;
    if (m_type != labels::MetricType::Histogram)
        return flush() && m_next.sample(sample, source);
    const labels::Labels labels = source.labels();
    std::string_view suffix;
    if (!isCollectible(labels, suffix))
        return flush() && m_next.sample(sample, source);
    return collect(sample, labels) && (!m_keepClassic || m_next.sample(sample, source));
}

bool NhcbSink::collect(const ParsedSample& sample, const labels::Labels& labels)
{
    const auto base = baseLabels(labels, m_family);
    if (m_collecting && base != m_base && !flush())
        return false;
    if (!m_collecting) {
        m_collecting = true;
        m_base = base;
        m_startTimestampMs = sample.startTimestampMs;
        m_line = sample.line;
    }
    m_timestampMs = sample.timestampMs;
    m_exemplars.insert(m_exemplars.end(), sample.exemplars.begin(), sample.exemplars.end());
    const auto suffix = histogramSuffix(labels.metricName());
    if (suffix == "_bucket")
        m_histogram.setBucket(parseFloat(labels.get("le")).value_or(0), sample.value);
    else if (suffix == "_count")
        m_histogram.setCount(sample.value);
    else
        m_histogram.setSum(sample.value);
    return true;
}

bool NhcbSink::flush()
{
    if (!m_collecting)
        return true;
    m_collecting = false;
    const auto converted = m_histogram.convert();
    const auto exemplars = std::move(m_exemplars);
    m_exemplars.clear();
    m_histogram.reset();
    if (!converted)
        return true;
    ++m_histograms;
    m_seriesText = m_base.toString();
    const ParsedSample sample {
        .seriesText = m_seriesText,
        .timestampMs = m_timestampMs,
        .startTimestampMs = m_startTimestampMs,
        .histogram = converted,
        .exemplars = exemplars,
        .line = m_line,
    };
    return m_next.sample(sample, FixedLabels(m_base));
}

} // namespace fleetglass::exposition
