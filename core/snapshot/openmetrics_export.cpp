#include "core/snapshot/openmetrics_export.h"

#include "core/exposition/writer.h"

#include <array>
#include <set>

namespace fleetglass::snapshot {

using labels::Metadata;
using labels::MetricType;
using storage::SeriesSlice;

namespace {

constexpr size_t kPieceSamples = 4096; // Written before the sink gets them.

struct Family
{
    Metadata metadata;
    std::vector<std::string> names; // Of its samples.
};
using Families = std::map<std::string, Family>;

std::string withoutSuffix(const std::string& name, std::string_view suffix)
{
    return name.ends_with(suffix) ? name.substr(0, name.size() - suffix.size()) : std::string();
}

const Metadata* find(const MetadataByFamily& metadata, const std::string& family)
{
    const auto found = family.empty() ? metadata.end() : metadata.find(family);
    return found == metadata.end() ? nullptr : &found->second;
}

// OpenMetrics 1.0: only certain suffixes may follow a family's name, and which depends on its type.
class FamilyFinder
{
public:
    FamilyFinder(const std::vector<std::string>& names, const MetadataByFamily& metadata)
        : m_names(names.begin(), names.end())
        , m_metadata(metadata)
    {
    }

    std::pair<std::string, Metadata> familyOf(const std::string& name) const
    {
        if (auto counter = asCounter(name); !counter.first.empty())
            return counter;
        for (const std::string_view suffix : { "_bucket", "_count", "_sum" }) {
            if (auto set = asSet(withoutSuffix(name, suffix)); !set.first.empty())
                return set;
        }
        const Metadata* const own = find(m_metadata, name);
        Metadata plain = own ? *own : Metadata {};
        if (auto set = asSet(name); !set.first.empty())
            return set; // A summary's quantiles.
        if (plain.type != MetricType::Gauge)
            plain.type = MetricType::Unknown;
        return { name, plain };
    }

private:
    // Not where a series of the bare name would have to share the family.
    std::pair<std::string, Metadata> asCounter(const std::string& name) const
    {
        const std::string family = withoutSuffix(name, "_total");
        const Metadata* own = find(m_metadata, name);
        if (own == nullptr)
            own = find(m_metadata, family);
        if (family.empty() || own == nullptr || own->type != MetricType::Counter
            || m_names.contains(family))
            return {};
        return { family, *own };
    }

    std::pair<std::string, Metadata> asSet(const std::string& family) const
    {
        const Metadata* const own = find(m_metadata, family);
        if (own == nullptr || !m_names.contains(family + "_count"))
            return {};
        const bool isHistogram = own->type == MetricType::Histogram
            && m_names.contains(family + "_bucket") && !m_names.contains(family);
        const bool isSummary
            = own->type == MetricType::Summary && !m_names.contains(family + "_bucket");
        return isHistogram || isSummary ? std::pair(family, *own)
                                        : std::pair<std::string, Metadata>();
    }

    const std::set<std::string> m_names;
    const MetadataByFamily& m_metadata;
};

Families group(const std::vector<std::string>& names, const MetadataByFamily& metadata)
{
    const FamilyFinder finder(names, metadata);
    Families families;
    for (const std::string& name : names) {
        auto [family, own] = finder.familyOf(name);
        // A unit must be the end of the name; where it is not, it is no unit.
        if (!own.unit.empty() && !family.ends_with('_' + own.unit))
            own.unit.clear();
        families[family].metadata = own;
        families[family].names.push_back(name);
    }
    return families;
}

class Export
{
public:
    Export(const Redactor& redactor, TextSink& sink)
        : m_redactor(redactor)
        , m_sink(sink)
        , m_writer(exposition::TextStyle::OpenMetrics)
    {
    }

    void family(const std::string& name, Metadata metadata)
    {
        metadata.help = m_redactor.clean(metadata.help);
        m_writer.family(m_redactor.clean(name), metadata);
    }

    Result<void> slice(const SeriesSlice& slice)
    {
        exposition::WrittenSample sample { m_redactor.clean(slice.labels), 0, {}, {} };
        m_summary.histogramsLeftOut += slice.histograms.size();
        for (size_t i = 0; i < slice.timestampsMs.size(); ++i) {
            if (storage::isStaleMarker(slice.values[i]))
                continue;
            sample.value = slice.values[i];
            sample.timestampMs = slice.timestampsMs[i];
            m_writer.sample(sample);
            if (++m_summary.samples % kPieceSamples != 0)
                continue;
            if (auto written = m_sink.write(m_writer.take()); !written)
                return written;
        }
        return m_sink.write(m_writer.take());
    }

    Result<OpenMetricsSummary> finish()
    {
        if (auto written = m_sink.write(m_writer.finish()); !written)
            return failure(written.error());
        return m_summary;
    }

private:
    const Redactor& m_redactor;
    TextSink& m_sink;
    exposition::Writer m_writer;
    OpenMetricsSummary m_summary;
};

} // namespace

Result<OpenMetricsSummary> writeOpenMetrics(const storage::Querier& querier,
    std::span<const labels::Matcher> matchers, storage::TimeRange range,
    const MetadataByFamily& metadata, const Redactor& redactor, TextSink& sink,
    const std::stop_token& stop)
{
    const auto names = querier.labelValues(std::string(labels::kMetricName), matchers, range);
    storage::SelectLimits limits;
    limits.stop = stop;
    Export out(redactor, sink);
    for (const auto& [name, family] : group(names, metadata)) {
        out.family(name, family.metadata);
        for (const std::string& sampleName : family.names) {
            std::vector<labels::Matcher> part(matchers.begin(), matchers.end());
            part.push_back(labels::Matcher::equal(std::string(labels::kMetricName), sampleName));
            const auto slices = querier.select(part, range, limits);
            if (!slices)
                return failure(slices.error());
            for (const SeriesSlice& slice : *slices) {
                if (auto written = out.slice(slice); !written)
                    return failure(written.error());
            }
        }
    }
    return out.finish();
}

} // namespace fleetglass::snapshot
