#include "core/scrape/target_loop.h"

#include "core/base/number.h"
#include "core/scrape/diagnosis.h"
#include "core/scrape/page.h"
#include "core/scrape/scrape_request.h"

#include <algorithm>
#include <unordered_set>

namespace fleetglass::scrape {

namespace {

using std::chrono::nanoseconds;

// After a gap the store may have dropped series that we still hold refs of.
constexpr std::chrono::minutes kRecheckAfter { 10 };

double millis(nanoseconds time)
{
    return static_cast<double>(time.count()) / 1e6;
}

void addTotals(ScrapeCounts& totals, const ScrapeCounts& counts)
{
    totals.scraped += counts.scraped;
    totals.afterRelabel += counts.afterRelabel;
    totals.seriesAdded += counts.seriesAdded;
    totals.outOfOrder += counts.outOfOrder;
    totals.duplicate += counts.duplicate;
    totals.outOfBounds += counts.outOfBounds;
    totals.seriesRefused += counts.seriesRefused;
    totals.exemplars += counts.exemplars;
}

void appendCount(std::string& text, int64_t count, const char* what)
{
    if (count > 0)
        text += (text.empty() ? "" : "; ") + groupDigits(count) + ' ' + what;
}

} // namespace

TargetLoop::TargetLoop(LoopContext context, uint64_t id)
    : m_context(context)
    , m_id(id)
{
}

void TargetLoop::adopt(const ScrapeStart& start)
{
    if (m_job == start.job && m_target == start.target)
        return;
    m_job = start.job;
    m_target = start.target;
    m_labels = std::make_unique<SampleLabels>(m_job, m_target);
    m_advice = adviceFor(*m_job, *m_metadata);
    m_cache.clearTexts();
    m_row.forget();
}

void TargetLoop::recheckSeries()
{
    if (m_context.clock.bootTime() - m_lastWrite < kRecheckAfter)
        return;
    bool allAlive = true;
    m_cache.forEachLive([&](const SeriesCache::Live& live) {
        allAlive = allAlive && m_context.appender.isAlive(live.ref);
    });
    if (!allAlive)
        forgetSeries();
    m_reports.fill(0);
}

void TargetLoop::forgetSeries()
{
    m_cache.forgetAll();
    m_row.forget();
    m_reports.fill(0);
}

PageSinkOptions TargetLoop::sinkOptions(int64_t timestampMs)
{
    const auto hour = static_cast<uint64_t>(
        std::chrono::duration_cast<std::chrono::hours>(m_context.clock.bootTime()).count());
    if (hour != m_window) {
        m_window = hour;
        m_newSeriesInWindow = 0;
        m_variedLabel.clear();
    }
    PageSinkOptions options;
    options.limits = effectiveLimits(m_job->limits);
    options.timestampMs = timestampMs;
    options.honorTimestamps = m_job->honorTimestamps;
    options.trackTimestampsStaleness = m_job->trackTimestampsStaleness;
    options.nameValidation = m_job->nameValidation;
    options.newSeriesLeft = m_context.newSeriesPerHourMax
        - std::min(m_newSeriesInWindow, m_context.newSeriesPerHourMax);
    options.window = m_window;
    return options;
}

TargetLoop::Page TargetLoop::readPage(const http::Exchange& exchange, PageSink& sink)
{
    if (const auto failed = http::failureUnlessOk(exchange))
        return { diagnose(*failed, exchange, *m_job, *m_target), {} };
    auto format = formatOf(exchange, *m_job, *m_target);
    if (auto* failed = std::get_if<ScrapeFailure>(&format))
        return { std::move(*failed), {} };
    auto& chosen = std::get<PageFormat>(format);
    if (isLastPageAgain(chosen, exchange.body, sink))
        return { std::nullopt, std::move(chosen.warning), true };
    return parsePage(chosen, exchange.body, sink);
}

bool TargetLoop::isLastPageAgain(const PageFormat& format, std::string_view body, PageSink& sink)
{
    if (!m_row.repeat.isUsable() || m_lastPage == nullptr || format.format != m_lastFormat)
        return false;
    if (!m_row.repeat.changesIn(*m_lastPage, body, m_changes))
        return false;
    sink.repeatPage(m_changes);
    return true;
}

TargetLoop::Page TargetLoop::parsePage(
    const PageFormat& format, std::string_view body, PageSink& sink)
{
    const auto options = parseOptionsOf(*m_job);
    m_cache.begin();
    sink.beginPage(body, exposition::hasLines(format.format) && !options.convertClassicToNhcb);
    m_lastFormat = format.format;
    const auto parsed = exposition::parse(format.format, body, options, sink);
    if (sink.failure())
        return { sink.failure(), {} };
    if (!parsed)
        return { parseFailure(parsed.error(), body), {} };
    sink.endPage();
    return { std::nullopt, format.warning };
}

void TargetLoop::addStaleMarkers(PageSink& sink, bool failed)
{
    const auto mark
        = [&](const SeriesCache::Live& live) { sink.add(live.ref, storage::kStaleMarker); };
    if (failed)
        m_cache.endAll(mark);
    else
        m_cache.commit(mark);
}

storage::SeriesRef TargetLoop::reportSeries(size_t index, const char* name)
{
    if (m_reports[index] == 0)
        m_reports[index] = m_context.appender.seriesFor(m_labels->ofReport(name)).value_or(0);
    return m_reports[index];
}

void TargetLoop::addReport(PageSink& sink, const http::Exchange& exchange, bool up, double seconds)
{
    const ScrapeCounts& counts = sink.counts();
    const bool tooLarge = exchange.failure
        && (exchange.failure->code == http::FailureCode::BodyTooLarge
            || exchange.failure->code == http::FailureCode::CompressedTooLarge);
    std::vector<Report> reports { { "up", up ? 1.0 : 0.0 }, { "scrape_duration_seconds", seconds },
        { "scrape_samples_scraped", static_cast<double>(counts.scraped) },
        { "scrape_samples_post_metric_relabeling", static_cast<double>(counts.afterRelabel) },
        { "scrape_series_added", up ? static_cast<double>(counts.seriesAdded) : 0.0 } };
    if (m_job->extraScrapeMetrics) {
        const double bodyBytes = tooLarge ? -1.0
            : up                          ? static_cast<double>(exchange.bodyBytes)
                                          : 0.0;
        reports.push_back(
            { "scrape_timeout_seconds", static_cast<double>(m_target->timeout.count()) / 1000.0 });
        reports.push_back({ "scrape_sample_limit", static_cast<double>(m_job->limits.samplesMax) });
        reports.push_back({ "scrape_body_size_bytes", bodyBytes });
    }
    for (size_t i = 0; i < reports.size(); ++i) {
        if (const storage::SeriesRef series = reportSeries(i, reports[i].name); series != 0)
            sink.add(series, reports[i].value);
    }
}

// Nothing is known of the target, so nothing is said of it: a gap, not a target that is down.
void TargetLoop::endReport(PageSink& sink)
{
    for (const storage::SeriesRef series : m_reports) {
        if (series != 0)
            sink.add(series, storage::kStaleMarker);
    }
    m_reports.fill(0);
}

std::optional<ScrapeFailure> TargetLoop::write(PageSink& sink, ScrapeCounts& counts)
{
    const auto stored = m_context.appender.append(sink.row());
    if (!stored)
        return ScrapeFailure { Phase::Limits, "store",
            "the store could not take the scrape: " + stored.error().message, {}, 0, 0 };
    m_lastWrite = m_context.clock.bootTime();
    counts.outOfOrder += static_cast<int64_t>(stored->outOfOrder);
    counts.duplicate += static_cast<int64_t>(stored->duplicate);
    counts.outOfBounds += static_cast<int64_t>(stored->tooOld);
    if (stored->unknownSeries > 0)
        forgetSeries(); // Asked for anew with the next page.
    return std::nullopt;
}

TargetStatus TargetLoop::process(const ScrapeStart& start, http::Exchange exchange)
{
    adopt(start);
    recheckSeries();
    const auto begun = m_context.clock.bootTime();
    PageSink sink(
        sinkOptions(start.timestampMs), *m_labels, m_cache, m_context.appender, m_metadata, m_row);
    Page page = readPage(exchange, sink);
    m_newSeriesInWindow += sink.newSeries();
    findVariedLabel(sink.refused());
    const bool up = !page.failure;
    if (!up)
        sink.dropSamples();
    if (!page.isAgain)
        addStaleMarkers(sink, !up);
    const auto parsed = m_context.clock.bootTime();
    const double seconds
        = static_cast<double>(exchange.times.total.count()) / 1e6 + millis(parsed - begun) / 1e3;
    const bool observerAway
        = page.failure && start.offline && mayBeOutage(*page.failure, m_target->url);
    if (observerAway)
        endReport(sink);
    else
        addReport(sink, exchange, up, seconds);
    ScrapeCounts counts = sink.counts();
    if (!up)
        counts.seriesAdded = 0;
    auto storeFailure = write(sink, counts);
    if (storeFailure && up)
        page.failure = std::move(storeFailure);
    const auto stored = m_context.clock.bootTime();
    keepBody(exchange, start.timestampMs, !page.failure);
    if (sink.metadataChanged()) {
        m_published.with([&](Published& published) { published.metadata = m_metadata; });
        m_advice = adviceFor(*m_job, *m_metadata);
    }
    m_status.observerAway = observerAway;
    fillStatus(start, exchange, counts, std::move(page), seconds);
    publish(std::move(exchange), millis(parsed - begun), millis(stored - parsed));
    return m_status;
}

void TargetLoop::end()
{
    if (!m_labels)
        return; // Never scraped.
    m_cache.begin();
    PageSink sink(sinkOptions(m_context.clock.wallMs()), *m_labels, m_cache, m_context.appender,
        m_metadata, m_row);
    sink.dropSamples();
    addStaleMarkers(sink, true);
    endReport(sink);
    ScrapeCounts counts;
    // The target is gone: there is nobody left to show a failure of the store at.
    static_cast<void>(write(sink, counts));
}

// The page goes on as the archive's and as the one that the next is compared with: one copy.
void TargetLoop::keepBody(http::Exchange& exchange, int64_t timeMs, bool ok)
{
    m_lastPage = nullptr;
    if (exchange.body.empty() && exchange.status == 0)
        return;
    KeptBody body;
    body.timeMs = timeMs;
    body.ok = ok;
    body.bytes = exchange.bodyBytes;
    body.contentType = std::string(exchange.header("Content-Type"));
    if (exchange.body.capacity() > exchange.body.size() + exchange.body.size() / 4)
        exchange.body.shrink_to_fit(); // It stays for a while.
    const auto page = std::make_shared<const std::string>(std::move(exchange.body));
    const bool hasSecrets = exchange.masker && !exchange.masker->empty();
    body.text = page;
    if (page->size() > BodyArchive::kBodyBytesMax)
        body.text
            = std::make_shared<const std::string>(page->substr(0, BodyArchive::kBodyBytesMax));
    if (hasSecrets) {
        if (std::string masked = exchange.masker->mask(*body.text); masked != *body.text)
            body.text = std::make_shared<const std::string>(std::move(masked));
    }
    m_context.archive.add(m_id, std::move(body));
    if (m_row.repeat.isUsable())
        m_lastPage = page;
}

void TargetLoop::publish(http::Exchange exchange, double parseMs, double storeMs)
{
    m_published.with([&](Published& published) {
        std::swap(published.exchange, exchange); // The old one goes after the lock.
        published.parseMs = parseMs;
        published.storeMs = storeMs;
        published.job = m_job;
        published.target = m_target;
    });
}

void TargetLoop::fillStatus(const ScrapeStart& start, const http::Exchange& exchange,
    const ScrapeCounts& counts, Page page, double seconds)
{
    const Health before = m_status.health;
    m_status.id = m_id;
    m_status.target = m_target;
    m_status.job = m_job;
    m_status.health = page.failure ? Health::Down : Health::Up;
    if (m_status.health != before)
        m_status.healthSinceMs = start.timestampMs;
    m_status.lastScrapeMs = start.timestampMs;
    m_status.durationMs = seconds * 1000.0;
    m_status.counts = counts;
    addTotals(m_status.totals, counts);
    m_status.warning = page.warning;
    if (const std::string more = warningFor(counts); !more.empty())
        m_status.warning += (m_status.warning.empty() ? "" : "; ") + more;
    if (exchange.status != 0)
        m_status.bodyBytes = static_cast<int64_t>(exchange.bodyBytes);
    ++m_status.attempts;
    m_status.failures += page.failure ? 1 : 0;
    m_status.failuresInARow = page.failure ? m_status.failuresInARow + 1 : 0;
    if (exchange.tls && !exchange.tls->chain.empty())
        m_status.certificateNotAfterMs = exchange.tls->chain.front().notAfterMs;
    m_status.failure = std::move(page.failure);
    auto attempts = m_status.attemptsRecent ? *m_status.attemptsRecent : std::vector<Attempt>();
    if (attempts.size() >= kAttemptsMax)
        attempts.erase(attempts.begin());
    const ScrapeFailure* failure = m_status.failure ? &*m_status.failure : nullptr;
    attempts.push_back({ start.timestampMs, failure == nullptr,
        failure ? failure->phase : Phase::None, m_status.durationMs, counts.scraped,
        failure ? failure->message : std::string(), m_status.observerAway });
    m_status.attemptsRecent = std::make_shared<const std::vector<Attempt>>(std::move(attempts));
}

std::string TargetLoop::warningFor(const ScrapeCounts& counts)
{
    std::string text;
    appendCount(text, counts.duplicate, "duplicate samples dropped");
    appendCount(text, counts.outOfOrder, "samples older than the newest dropped");
    appendCount(text, counts.outOfBounds, "samples with a time too old or too far ahead dropped");
    if (counts.seriesRefused > 0) {
        appendCount(text, counts.seriesRefused, "new series refused");
        if (!m_variedLabel.empty())
            text += " (the label " + m_variedLabel + " has the most values)";
    }
    if (!m_advice.empty())
        text += (text.empty() ? "" : "; ") + m_advice;
    return text;
}

// Which label of the refused series has the most values: the one that explodes.
void TargetLoop::findVariedLabel(const std::vector<labels::Labels>& refused)
{
    if (refused.empty() || !m_variedLabel.empty())
        return;
    std::map<std::string_view, std::unordered_set<std::string_view>> values;
    for (const labels::Labels& set : refused) {
        for (const labels::Label& label : set)
            values[label.name].insert(label.value);
    }
    size_t most = 1;
    for (const auto& [name, set] : values) {
        if (name != labels::kMetricName && set.size() > most) {
            most = set.size();
            m_variedLabel = std::string(name);
        }
    }
}

TargetDetail TargetLoop::detail() const
{
    TargetDetail detail;
    std::shared_ptr<const JobOptions> job;
    std::shared_ptr<const Target> target;
    m_published.with([&](const Published& published) {
        detail.exchange = published.exchange;
        detail.parseMs = published.parseMs;
        detail.storeMs = published.storeMs;
        detail.metadata = published.metadata;
        job = published.job;
        target = published.target;
    });
    if (job && target) {
        detail.curl = curlCommand(*job, *target);
        detail.discovered = maskParams(*job, target->discovered);
    }
    detail.bodies = m_context.archive.of(m_id);
    for (const KeptBody& body : detail.bodies) {
        if (body.ok) {
            detail.previousGoodBody = detail.lastGoodBody;
            detail.lastGoodBody = body;
        }
        detail.lastBody = body;
    }
    return detail;
}

std::shared_ptr<const MetadataMap> TargetLoop::metadata() const
{
    return m_published.with([](const Published& published) { return published.metadata; });
}

} // namespace fleetglass::scrape
