#include "core/scrape/pool_state.h"

#include "core/scrape/scrape_request.h"

#include <algorithm>
#include <utility>

namespace fleetglass::scrape {

namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr nanoseconds kIdleWait = std::chrono::seconds(1);
constexpr milliseconds kSecondProbeAfter { 1'000 };
constexpr int kProtocolFailuresMax = 3;
constexpr int kRetryAfterIntervalsMax = 10;
constexpr milliseconds kWorkDelayMax { 30 };
constexpr size_t kWorkTogether = 8;

bool isTimeout(const http::Exchange& exchange)
{
    using http::FailureCode;
    if (!exchange.failure)
        return false;
    const FailureCode code = exchange.failure->code;
    return code == FailureCode::HttpTimeout || code == FailureCode::BodyTimeout
        || code == FailureCode::ConnectTimeout || code == FailureCode::TlsTimeout
        || code == FailureCode::DnsTimeout;
}

} // namespace

ScrapePool::State::State(http::Transport& transport, storage::Appender& appender,
    const Clock& clock, PoolOptions options, PoolCallbacks callbacks)
    : m_transport(transport)
    , m_clock(clock)
    , m_options(std::move(options))
    , m_callbacks(std::move(callbacks))
    , m_archive(m_options.bodyArchiveBytesMax)
    , m_context { appender, clock, m_archive, m_options.newSeriesPerHourMax }
{
}

int64_t ScrapePool::State::wallOf(BootTime time) const
{
    const auto ahead = std::chrono::duration_cast<milliseconds>(time - m_clock.bootTime());
    return m_clock.wallMs() + ahead.count();
}

void ScrapePool::State::publish(Slot& slot, TargetStatus status)
{
    status.paused = slot.paused;
    status.nextScrapeMs = slot.paused || !slot.scheduled ? 0 : wallOf(slot.due);
    slot.status = std::make_shared<const TargetStatus>(std::move(status));
    ++m_generation;
}

void ScrapePool::State::schedule(const SlotPtr& slot, BootTime due)
{
    unschedule(slot);
    slot->due = due;
    slot->scheduled = true;
    m_due.emplace(due, slot->id);
}

void ScrapePool::State::unschedule(const SlotPtr& slot)
{
    if (slot->scheduled)
        m_due.erase({ slot->due, slot->id });
    slot->scheduled = false;
}

void ScrapePool::State::scheduleNext(const SlotPtr& slot, BootTime now)
{
    if (slot->paused || slot->removed)
        return;
    if (slot->quickScrapes > 0) {
        --slot->quickScrapes;
        schedule(slot, now + kSecondProbeAfter);
        return;
    }
    const BootTime interval = slot->target->interval;
    schedule(slot, nextSlot(std::max(now, slot->notBefore), slot->offset, interval));
}

void ScrapePool::State::takeDue(const SlotPtr& slot, BootTime now)
{
    const BootTime late = now - slot->due;
    scheduleNext(slot, now);
    const bool sleptThrough = late > lateMax(slot->target->interval);
    if (slot->activity != Activity::Idle || sleptThrough) {
        ++m_missedSlots;
        TargetStatus status = *slot->status;
        ++status.missedSlots;
        publish(*slot, std::move(status));
        return;
    }
    makeReady(slot, false);
}

void ScrapePool::State::makeReady(const SlotPtr& slot, bool first)
{
    slot->activity = Activity::Waiting;
    auto& queue = slot->suspect ? m_readySuspects : m_ready;
    if (first)
        queue.push_front(slot);
    else
        queue.push_back(slot);
}

ScrapePool::State::Start ScrapePool::State::prepareStart(const SlotPtr& slot)
{
    slot->activity = Activity::OnItsWay;
    const int64_t lastMs = slot->status->lastScrapeMs;
    slot->startedMs = alignedTimestampMs(m_clock.wallMs(), lastMs, slot->target->interval.count());
    ++m_inFlight;
    m_suspectsInFlight += slot->suspect ? 1 : 0;
    Start start { slot, scrapeRequest(slot->job, *slot->target, m_options.userAgent) };
    start.request.http1Only = slot->protocolFailures >= kProtocolFailuresMax;
    return start;
}

// Targets that hang hold their slot for the whole timeout: they never get all of them.
ScrapePool::State::Starts ScrapePool::State::startReady()
{
    Starts starts;
    const size_t suspectsMax = std::max<size_t>(m_options.concurrentMax * 3 / 4, 1);
    while (m_inFlight < m_options.concurrentMax) {
        auto* queue = &m_ready;
        if (m_ready.empty()) {
            if (m_readySuspects.empty() || m_suspectsInFlight >= suspectsMax)
                break;
            queue = &m_readySuspects;
        }
        const SlotPtr slot = std::move(queue->front());
        queue->pop_front();
        if (slot->activity == Activity::Waiting) // Else it was paused or removed meanwhile.
            starts.push_back(prepareStart(slot));
    }
    return starts;
}

void ScrapePool::State::send(Starts starts)
{
    for (Start& start : starts) {
        const auto answer = [self = weak_from_this(), slot = start.slot](http::Exchange exchange) {
            if (const auto state = self.lock())
                state->answered(slot, std::move(exchange));
        };
        const http::RequestId id = m_transport.start(std::move(start.request), answer);
        const std::lock_guard lock(m_mutex);
        if (start.slot->activity == Activity::OnItsWay)
            start.slot->request = id;
    }
}

void ScrapePool::State::answered(const SlotPtr& slot, http::Exchange exchange)
{
    const std::lock_guard lock(m_mutex);
    slot->request = 0;
    slot->activity = Activity::Working;
    m_work.push_back({ slot, std::move(exchange) });
    // Answers come one by one; a worker that is woken for each costs more than what it does.
    const bool isSoon = std::chrono::abs(m_nextTick - m_clock.bootTime()) < kWorkDelayMax;
    if (!isSoon || m_work.size() >= kWorkTogether)
        wakeWorkers();
}

void ScrapePool::State::wakeWorkers()
{
    if (m_work.size() >= kWorkTogether)
        m_workAdded.notify_all();
    else if (!m_work.empty())
        m_workAdded.notify_one();
}

nanoseconds ScrapePool::State::tick()
{
    Starts starts;
    nanoseconds wait = kIdleWait;
    {
        const std::lock_guard lock(m_mutex);
        if (m_closed)
            return wait;
        const BootTime now = m_clock.bootTime();
        while (!m_due.empty() && m_due.begin()->first <= now) {
            const SlotPtr slot = m_slots.at(m_due.begin()->second);
            m_due.erase(m_due.begin());
            slot->scheduled = false;
            takeDue(slot, now);
        }
        starts = startReady();
        if (!m_due.empty())
            wait = std::clamp<nanoseconds>(m_due.begin()->first - now, nanoseconds(0), kIdleWait);
        m_nextTick = now + wait;
        wakeWorkers();
    }
    send(std::move(starts));
    return wait;
}

bool ScrapePool::State::workOne()
{
    Work work;
    {
        const std::lock_guard lock(m_mutex);
        if (m_work.empty() || m_closed)
            return false;
        work = std::move(m_work.front());
        m_work.pop_front();
    }
    process(std::move(work));
    return true;
}

void ScrapePool::State::process(Work work)
{
    const SlotPtr& slot = work.slot;
    const bool cancelled = work.answer && work.answer->failure
        && work.answer->failure->code == http::FailureCode::Cancelled;
    if (!work.answer || cancelled) {
        if (!work.answer)
            slot->loop->end();
        finishWork(slot, std::nullopt, std::nullopt, work.answer ? &*work.answer : nullptr);
        return;
    }
    ScrapeStart start;
    {
        const std::lock_guard lock(m_mutex);
        start = { slot->target, slot->job, slot->startedMs, !m_online };
    }
    // Of the exchange only what finishWork needs is kept here.
    http::Exchange gist;
    gist.failure = work.answer->failure;
    gist.status = work.answer->status;
    const auto retryAfter = work.answer->retryAfter;
    TargetStatus status = slot->loop->process(start, std::move(*work.answer));
    finishWork(slot, std::move(status), retryAfter, &gist);
}

void ScrapePool::State::finishWork(const SlotPtr& slot, std::optional<TargetStatus> status,
    std::optional<std::chrono::seconds> retryAfter, const http::Exchange* exchange)
{
    StatusPtr published;
    Starts starts;
    {
        const std::lock_guard lock(m_mutex);
        slot->activity = Activity::Idle;
        if (exchange != nullptr) {
            --m_inFlight;
            m_suspectsInFlight -= slot->suspect ? 1 : 0;
            slot->suspect = isTimeout(*exchange);
            const bool protocol
                = exchange->failure && exchange->failure->code == http::FailureCode::HttpProtocol;
            slot->protocolFailures = protocol ? slot->protocolFailures + 1
                : status                      ? 0
                                              : slot->protocolFailures;
        }
        const bool asksToWait = retryAfter && exchange != nullptr
            && (exchange->status == 429 || exchange->status == 503);
        if (asksToWait && !slot->removed) {
            const BootTime interval = slot->target->interval;
            const BootTime now = m_clock.bootTime();
            slot->notBefore
                = now + std::min<BootTime>(*retryAfter, interval * kRetryAfterIntervalsMax);
            slot->quickScrapes = 0;
            if (slot->scheduled && slot->due < slot->notBefore)
                scheduleNext(slot, now);
        }
        if (status) {
            status->missedSlots = slot->status->missedSlots;
            publish(*slot, std::move(*status));
            published = slot->status;
        }
        if (slot->removed || std::exchange(slot->endWanted, false)) {
            if (exchange != nullptr)
                queueEnd(slot);
            else if (slot->removed)
                m_archive.remove(slot->id);
        }
        if (!m_closed)
            starts = startReady();
    }
    send(std::move(starts));
    if (published && m_callbacks.scraped)
        m_callbacks.scraped({ published });
}

void ScrapePool::State::queueEnd(const SlotPtr& slot)
{
    slot->activity = Activity::Working;
    m_work.push_back({ slot, std::nullopt });
    m_workAdded.notify_one();
}

void ScrapePool::State::waitForSchedule(std::stop_token stop, nanoseconds time)
{
    std::unique_lock lock(m_mutex);
    m_scheduleChanged.wait_for(lock, stop, time, [this] { return m_kicked; });
    m_kicked = false;
}

bool ScrapePool::State::waitForWork(std::stop_token stop, milliseconds time)
{
    std::unique_lock lock(m_mutex);
    return m_workAdded.wait_for(lock, stop, time, [this] { return !m_work.empty(); });
}

} // namespace fleetglass::scrape
