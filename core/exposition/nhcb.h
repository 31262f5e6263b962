// Classic histograms (_bucket, _sum, _count) turned into native ones with custom buckets, schema
// -53 (Prometheus' convertnhcb). Used from one thread at a time.
#pragma once

#include "core/exposition/sink.h"

#include <string>
#include <vector>

namespace fleetglass::exposition {

// Gathers the samples of one classic histogram. What contradicts itself makes no histogram.
class ClassicHistogram
{
public:
    void reset() { *this = {}; }
    void setBucket(double bound, double cumulativeCount);
    void setCount(double count);
    void setSum(double sum) { m_sum = sum; }
    // Null where the buckets are not cumulative, negative, or disagree with the count.
    histogram::HistogramPtr convert() const;

private:
    struct Bucket
    {
        double bound;
        double count;
    };

    std::vector<Bucket> m_buckets; // Sorted by bound.
    double m_count = 0;
    double m_sum = 0;
    bool m_hasCount = false;
    bool m_bad = false;
};

// Neighbouring buckets of a dense row as spans and counts: empty ones are cut at both ends, and in
// the middle where more than `emptyMax` stand together (Histogram.Compact).
void compactInto(std::span<const double> dense, int32_t firstIndex, size_t emptyMax,
    std::vector<histogram::Span>& spans, std::vector<double>& buckets);

// Passes everything on to another sink, classic histograms converted.
class NhcbSink : public Sink
{
public:
    NhcbSink(Sink& next, bool keepClassic)
        : m_next(next)
        , m_keepClassic(keepClassic)
    {
    }

    void metadata(const MetadataEntry& entry) override;
    void comment(std::string_view text) override;
    bool sample(const ParsedSample& sample, const SeriesSource& source) override;
    // After the last sample: hands out the histogram at hand. False where the next sink stopped.
    bool finish() { return flush(); }
    size_t histograms() const { return m_histograms; }

private:
    bool flush();
    bool collect(const ParsedSample& sample, const labels::Labels& labels);
    bool isCollectible(const labels::Labels& labels, std::string_view& suffix) const;

    Sink& m_next;
    bool m_keepClassic = false;
    std::string m_family;
    labels::MetricType m_type = labels::MetricType::Unknown;

    bool m_collecting = false;
    ClassicHistogram m_histogram;
    labels::Labels m_base;
    std::string m_seriesText;
    std::vector<Exemplar> m_exemplars;
    std::optional<int64_t> m_timestampMs;
    int64_t m_startTimestampMs = 0;
    int m_line = 0;
    size_t m_histograms = 0;
    bool m_stopped = false;
};

} // namespace fleetglass::exposition
