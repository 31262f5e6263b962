// PageSink: turns the samples of one page into one row for the store, in the PageRow that it is
// given. Used from one thread at a time.
#pragma once

#include "core/exposition/sink.h"
#include "core/scrape/limits.h"
#include "core/scrape/page_row.h"
#include "core/scrape/sample_labels.h"
#include "core/scrape/series_cache.h"
#include "core/scrape/target_status.h"
#include "core/storage/appender.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::scrape {

struct PageSinkOptions
{
    EffectiveLimits limits;
    int64_t timestampMs = 0;
    bool honorTimestamps = true;
    bool trackTimestampsStaleness = false;
    NameValidation nameValidation = NameValidation::Utf8;
    size_t newSeriesLeft = 0; // Of this hour's budget.
    uint64_t window = 0; // Which hour: lines refused in an earlier one are tried again.
};

class PageSink : public exposition::Sink
{
public:
    PageSink(PageSinkOptions options, const SampleLabels& labels, SeriesCache& cache,
        storage::Appender& appender, std::shared_ptr<const MetadataMap>& metadata, PageRow& row);

    // A page is about to be parsed. A text page is remembered for the next one.
    void beginPage(std::string_view body, bool isText);
    // It went well, and stays in memory unchanged: the next one may be compared with it.
    void endPage();
    // Instead of a parse: the page is the last one but for these values.
    void repeatPage(std::span<const exposition::PageRepeat::Change> changes);

    void metadata(const exposition::MetadataEntry& entry) override;
    bool sample(
        const exposition::ParsedSample& sample, const exposition::SeriesSource& source) override;

    // Why the page fails, also where the parse went on to its end to count.
    const std::optional<ScrapeFailure>& failure() const { return m_failure; }
    const ScrapeCounts& counts() const { return m_row.counts; }
    size_t newSeries() const { return m_newSeries; }
    // Series that found no room with this page, or the first of them.
    const std::vector<labels::Labels>& refused() const { return m_refused; }
    // Then `metadata` is another map: one that was handed out is never written to.
    bool metadataChanged() const { return m_changed != nullptr; }

    // Forgets the samples, keeps the counts: the page has failed.
    void dropSamples();
    void add(storage::SeriesRef series, double value);
    storage::Row row() const;

private:
    using Live = SeriesCache::Live;
    using Entry = SeriesCache::Entry;

    MetadataMap& changedMetadata();
    bool place(const exposition::ParsedSample& sample, const exposition::SeriesSource& source);
    bool isRead(const Entry* entry) const;
    bool countOnly(const Entry* entry, const exposition::ParsedSample& sample,
        const exposition::SeriesSource& source);
    bool readNew(const exposition::ParsedSample& sample, const exposition::SeriesSource& source,
        Entry& entry);
    bool refuse(const labels::Labels& labels);
    bool checkLabels(const labels::Labels& labels);
    bool checkNames(const labels::Labels& labels);
    bool store(const exposition::ParsedSample& sample, Live& live);
    void storeExemplars(const exposition::ParsedSample& sample, const Live& live);
    bool fail(std::string reason, std::string message, int line);

    const PageSinkOptions m_options;
    const SampleLabels& m_labels;
    SeriesCache& m_cache;
    storage::Appender& m_appender;
    std::shared_ptr<const MetadataMap>& m_metadata;
    std::shared_ptr<MetadataMap> m_changed; // The same one, once there is something to change.
    PageRow& m_row;
    ScrapeCounts m_lastCounts;
    bool m_remembers = false; // The page at hand, for the next one.
    int m_line = 0;
    size_t m_newSeries = 0;
    std::vector<labels::Labels> m_refused;
    std::optional<ScrapeFailure> m_failure;
    std::vector<storage::LooseSample> m_loose;
    std::vector<storage::LooseExemplar> m_exemplars;
};

} // namespace fleetglass::scrape
