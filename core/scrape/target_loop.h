// TargetLoop: what is remembered of one target from scrape to scrape, and how an answer becomes a
// row of the store. Used from one thread at a time, but detail() and status() from any.
#pragma once

#include "core/base/clock.h"
#include "core/base/guarded.h"
#include "core/http/exchange.h"
#include "core/scrape/body_archive.h"
#include "core/scrape/page.h"
#include "core/scrape/page_row.h"
#include "core/scrape/page_sink.h"
#include "core/scrape/sample_labels.h"
#include "core/scrape/series_cache.h"
#include "core/scrape/target_status.h"
#include "core/storage/appender.h"

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fleetglass::scrape {

struct LoopContext
{
    storage::Appender& appender;
    const Clock& clock;
    BodyArchive& archive;
    size_t newSeriesPerHourMax = 100'000;
};

// The scrape that an answer belongs to.
struct ScrapeStart
{
    std::shared_ptr<const Target> target;
    std::shared_ptr<const JobOptions> job;
    int64_t timestampMs = 0;
    bool offline = false; // This computer had no network.
};

class TargetLoop
{
public:
    TargetLoop(LoopContext context, uint64_t id);

    // Reads the page, writes the row, and says what came of it. The schedule's part of the status
    // (next, paused, missed) is the pool's.
    TargetStatus process(const ScrapeStart& start, http::Exchange exchange);
    // Stale markers for everything: the target is gone or paused.
    void end();

    // Without the status.
    TargetDetail detail() const;
    std::shared_ptr<const MetadataMap> metadata() const;

private:
    struct Page
    {
        std::optional<ScrapeFailure> failure;
        std::string warning;
        bool isAgain = false; // The last one with other values.
    };
    struct Report
    {
        const char* name;
        double value;
    };
    struct Published
    {
        http::Exchange exchange;
        double parseMs = 0;
        double storeMs = 0;
        std::shared_ptr<const JobOptions> job;
        std::shared_ptr<const Target> target;
        std::shared_ptr<const MetadataMap> metadata = std::make_shared<MetadataMap>();
    };

    void adopt(const ScrapeStart& start);
    void recheckSeries();
    void forgetSeries();
    PageSinkOptions sinkOptions(int64_t timestampMs);
    Page readPage(const http::Exchange& exchange, PageSink& sink);
    Page parsePage(const PageFormat& format, std::string_view body, PageSink& sink);
    bool isLastPageAgain(const PageFormat& format, std::string_view body, PageSink& sink);
    void addStaleMarkers(PageSink& sink, bool failed);
    void endReport(PageSink& sink);
    void addReport(PageSink& sink, const http::Exchange& exchange, bool up, double seconds);
    storage::SeriesRef reportSeries(size_t index, const char* name);
    std::optional<ScrapeFailure> write(PageSink& sink, ScrapeCounts& counts);
    void keepBody(http::Exchange& exchange, int64_t timeMs, bool ok);
    void publish(http::Exchange exchange, double parseMs, double storeMs);
    void fillStatus(const ScrapeStart& start, const http::Exchange& exchange,
        const ScrapeCounts& counts, Page page, double seconds);
    std::string warningFor(const ScrapeCounts& counts);
    void findVariedLabel(const std::vector<labels::Labels>& refused);

    static constexpr size_t kReportsMax = 8;
    static constexpr size_t kAttemptsMax = 120;

    const LoopContext m_context;
    const uint64_t m_id;
    std::shared_ptr<const Target> m_target;
    std::shared_ptr<const JobOptions> m_job;
    std::unique_ptr<SampleLabels> m_labels;
    SeriesCache m_cache;
    std::shared_ptr<const MetadataMap> m_metadata = std::make_shared<MetadataMap>();
    PageRow m_row;
    exposition::Format m_lastFormat = exposition::Format::PrometheusText004;
    std::shared_ptr<const std::string> m_lastPage; // The archive's own, where it is kept there.
    std::vector<exposition::PageRepeat::Change> m_changes;
    std::array<storage::SeriesRef, kReportsMax> m_reports {};
    std::chrono::nanoseconds m_lastWrite {};
    uint64_t m_window = 0;
    size_t m_newSeriesInWindow = 0;
    std::string m_advice; // Of the job and the metadata as they are.
    std::string m_variedLabel; // Which label explodes, found once in a window.
    TargetStatus m_status;
    Guarded<Published> m_published;
};

} // namespace fleetglass::scrape
