// The part of the pool that follows the configuration and answers questions.
#include "core/scrape/pool_state.h"

#include "core/base/number.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace fleetglass::scrape {

namespace {
constexpr std::chrono::milliseconds kQuickIntervalMin {
    3'000
}; // Below it the phase is quick enough.
constexpr std::chrono::milliseconds kRetryWithin { 1'900 };
} // namespace

ScrapePool::State::SlotPtr ScrapePool::State::addSlot(
    Target target, const std::shared_ptr<const JobOptions>& job)
{
    auto slot = std::make_shared<Slot>();
    slot->id = target.id;
    slot->loop = std::make_shared<TargetLoop>(m_context, target.id);
    slot->target = std::make_shared<const Target>(std::move(target));
    slot->job = job;
    const BootTime interval = slot->target->interval;
    slot->offset = slotOffset(slot->id, m_options.offsetSeed, interval);
    m_slots[slot->id] = slot;
    const BootTime now = m_clock.bootTime();
    if (m_options.quickStart) {
        const BootTime within = std::min<BootTime>(m_options.firstWithin, interval);
        slot->quickScrapes = slot->target->interval >= kQuickIntervalMin ? 1 : 0;
        schedule(slot, now + slotOffset(slot->id, m_options.offsetSeed, within));
    } else {
        schedule(slot, nextSlot(now, slot->offset, interval));
    }
    TargetStatus status;
    status.id = slot->id;
    status.target = slot->target;
    status.job = job;
    publish(*slot, std::move(status));
    return slot;
}

void ScrapePool::State::keepSlot(
    Slot& slot, Target target, const std::shared_ptr<const JobOptions>& job)
{
    const BootTime interval = target.interval;
    const bool newTiming = slot.target->interval != target.interval;
    slot.target = std::make_shared<const Target>(std::move(target));
    slot.job = job;
    TargetStatus status = *slot.status;
    status.target = slot.target;
    status.job = job;
    if (newTiming) {
        slot.offset = slotOffset(slot.id, m_options.offsetSeed, interval);
        if (slot.scheduled)
            schedule(m_slots.at(slot.id), nextSlot(m_clock.bootTime(), slot.offset, interval));
    }
    publish(slot, std::move(status));
}

void ScrapePool::State::removeSlot(const SlotPtr& slot)
{
    unschedule(slot);
    slot->removed = true;
    m_slots.erase(slot->id);
    if (slot->activity == Activity::Idle || slot->activity == Activity::Waiting)
        queueEnd(slot);
}

namespace {

using WantedTargets = std::vector<std::pair<Target, std::shared_ptr<const JobOptions>>>;

// More than can be done would be done late for everybody: the last ones are left out, with numbers.
void limitLoad(WantedTargets& wanted, double perSecondMax, ApplyReport& report)
{
    double perSecond = 0;
    size_t fitting = 0;
    for (const auto& [target, job] : wanted) {
        perSecond += 1'000.0 / static_cast<double>(std::max<int64_t>(target.interval.count(), 1));
        fitting += perSecond <= perSecondMax ? 1 : 0;
    }
    if (perSecond <= perSecondMax)
        return;
    report.errors.push_back(groupDigits(std::llround(perSecond))
        + " scrapes a second are more than the " + groupDigits(std::llround(perSecondMax))
        + " that fit: only the first " + groupDigits(static_cast<int64_t>(fitting)) + " of "
        + groupDigits(static_cast<int64_t>(wanted.size()))
        + " targets are scraped; raise scrape_interval");
    wanted.resize(fitting);
}

} // namespace

ApplyReport ScrapePool::State::apply(std::vector<JobWithTargets> jobs)
{
    ApplyReport report;
    std::vector<std::pair<Target, std::shared_ptr<const JobOptions>>> wanted;
    for (JobWithTargets& job : jobs) {
        BuiltTargets built = buildTargets(*job.options, job.groups);
        std::move(
            built.problems.begin(), built.problems.end(), std::back_inserter(report.problems));
        std::move(built.dropped.begin(), built.dropped.end(), std::back_inserter(report.dropped));
        report.droppedCount += built.droppedCount;
        if (!built.limitError.empty())
            report.errors.push_back(built.limitError);
        for (Target& target : built.targets)
            wanted.emplace_back(std::move(target), job.options);
    }
    if (wanted.size() > m_options.targetsMax) {
        report.errors.push_back("more than " + std::to_string(m_options.targetsMax)
            + " targets: only the first ones are scraped");
        wanted.resize(m_options.targetsMax);
    }
    limitLoad(wanted, m_options.scrapesPerSecondMax, report);
    std::vector<http::RequestId> cancelled;
    {
        const std::lock_guard lock(m_mutex);
        std::unordered_map<uint64_t, SlotPtr> before = m_slots;
        m_order.clear();
        for (auto& [target, job] : wanted) {
            const uint64_t id = target.id;
            if (const auto known = before.find(id); known != before.end()) {
                keepSlot(*known->second, std::move(target), job);
                m_order.push_back(known->second);
                before.erase(known);
                ++report.kept;
            } else if (m_slots.find(id) == m_slots.end()) {
                m_order.push_back(addSlot(std::move(target), job));
                ++report.added;
            }
        }
        for (const auto& [id, slot] : before) {
            if (slot->request != 0)
                cancelled.push_back(slot->request);
            removeSlot(slot);
            ++report.removed;
        }
        ++m_generation;
        m_kicked = true;
        m_scheduleChanged.notify_all();
    }
    for (const http::RequestId id : cancelled)
        m_transport.cancel(id);
    return report;
}

void ScrapePool::State::scrapeNow(std::span<const uint64_t> ids)
{
    Starts starts;
    {
        const std::lock_guard lock(m_mutex);
        for (const uint64_t id : ids) {
            const auto found = m_slots.find(id);
            if (found != m_slots.end() && found->second->activity == Activity::Idle
                && !found->second->paused)
                makeReady(found->second, true);
        }
        starts = startReady();
    }
    send(std::move(starts));
}

void ScrapePool::State::setOnline(bool online)
{
    const std::lock_guard lock(m_mutex);
    m_online = online;
}

void ScrapePool::State::networkReturned()
{
    const std::lock_guard lock(m_mutex);
    retryUnreached();
}

void ScrapePool::State::retryUnreached()
{
    const BootTime now = m_clock.bootTime();
    for (const SlotPtr& slot : m_order) {
        const bool unreached = slot->status->failure && isUnreached(*slot->status->failure);
        const BootTime due = now + slotOffset(slot->id, m_options.offsetSeed, kRetryWithin);
        if (unreached && slot->scheduled && !slot->paused && due < slot->due)
            schedule(slot, due);
    }
    m_kicked = true;
    m_scheduleChanged.notify_all();
}

bool ScrapePool::State::isBlind() const
{
    const std::lock_guard lock(m_mutex);
    return !m_online && std::any_of(m_order.begin(), m_order.end(), [](const SlotPtr& slot) {
        return slot->status->observerAway;
    });
}

void ScrapePool::State::pause(uint64_t id, bool paused)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_slots.find(id);
    if (found == m_slots.end() || found->second->paused == paused)
        return;
    const SlotPtr& slot = found->second;
    slot->paused = paused;
    if (paused) {
        unschedule(slot);
        if (slot->activity == Activity::Idle || slot->activity == Activity::Waiting)
            queueEnd(slot);
        else
            slot->endWanted = true;
    } else {
        slot->endWanted = false;
        schedule(slot, m_clock.bootTime());
    }
    publish(*slot, *slot->status);
    m_kicked = true;
    m_scheduleChanged.notify_all();
}

void ScrapePool::State::close()
{
    std::vector<http::RequestId> cancelled;
    {
        const std::lock_guard lock(m_mutex);
        m_closed = true;
        for (const SlotPtr& slot : m_order) {
            if (slot->request != 0)
                cancelled.push_back(slot->request);
        }
    }
    for (const http::RequestId id : cancelled)
        m_transport.cancel(id);
}

uint64_t ScrapePool::State::generation() const
{
    const std::lock_guard lock(m_mutex);
    return m_generation;
}

std::vector<StatusPtr> ScrapePool::State::statuses() const
{
    const std::lock_guard lock(m_mutex);
    std::vector<StatusPtr> result;
    result.reserve(m_order.size());
    for (const SlotPtr& slot : m_order)
        result.push_back(slot->status);
    return result;
}

std::optional<TargetDetail> ScrapePool::State::detail(uint64_t id) const
{
    SlotPtr slot;
    StatusPtr status;
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_slots.find(id);
        if (found == m_slots.end())
            return std::nullopt;
        slot = found->second;
        status = slot->status;
    }
    TargetDetail detail = slot->loop->detail();
    if (detail.discovered.empty())
        detail.discovered = maskParams(*status->job, status->target->discovered);
    detail.status = std::move(status);
    return detail;
}

std::vector<std::shared_ptr<const MetadataMap>> ScrapePool::State::metadata() const
{
    const std::lock_guard lock(m_mutex);
    std::vector<std::shared_ptr<const MetadataMap>> result;
    for (const SlotPtr& slot : m_order)
        result.push_back(slot->loop->metadata());
    return result;
}

ScrapePool::Load ScrapePool::State::load() const
{
    const std::lock_guard lock(m_mutex);
    return { m_inFlight, m_ready.size() + m_readySuspects.size(), m_work.size(), m_missedSlots };
}

} // namespace fleetglass::scrape
