// The inside of ScrapePool: which target waits, is on its way or is being read. Thread-safe.
#pragma once

#include "core/scrape/body_archive.h"
#include "core/scrape/schedule.h"
#include "core/scrape/scrape_pool.h"
#include "core/scrape/target_loop.h"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <unordered_map>

namespace fleetglass::scrape {

class ScrapePool::State : public std::enable_shared_from_this<ScrapePool::State>
{
public:
    State(http::Transport& transport, storage::Appender& appender, const Clock& clock,
        PoolOptions options, PoolCallbacks callbacks);

    ApplyReport apply(std::vector<JobWithTargets> jobs);
    void scrapeNow(std::span<const uint64_t> ids);
    void pause(uint64_t id, bool paused);
    void close();
    void setOnline(bool online);
    void networkReturned();
    bool isBlind() const;

    uint64_t generation() const;
    std::vector<StatusPtr> statuses() const;
    std::optional<TargetDetail> detail(uint64_t id) const;
    std::vector<std::shared_ptr<const MetadataMap>> metadata() const;
    Load load() const;

    std::chrono::nanoseconds tick();
    bool workOne();
    void waitForSchedule(std::stop_token stop, std::chrono::nanoseconds time);
    bool waitForWork(std::stop_token stop, std::chrono::milliseconds time);

private:
    enum class Activity
    {
        Idle,
        Waiting, // Due, without a slot yet.
        OnItsWay, // Its request is out.
        Working, // Its answer is being read, or its end written.
    };

    struct Slot
    {
        uint64_t id = 0;
        std::shared_ptr<TargetLoop> loop;
        std::shared_ptr<const Target> target;
        std::shared_ptr<const JobOptions> job;
        Activity activity = Activity::Idle;
        BootTime offset {};
        BootTime due {};
        bool scheduled = false; // Stands in m_due.
        int quickScrapes = 0; // First ones still to come before the phase counts.
        BootTime notBefore {}; // Retry-After.
        int64_t startedMs = 0;
        http::RequestId request = 0;
        int protocolFailures = 0;
        bool suspect = false; // The last scrape ran into its timeout.
        bool paused = false;
        bool endWanted = false; // Paused while on its way.
        bool removed = false;
        StatusPtr status;
    };
    using SlotPtr = std::shared_ptr<Slot>;

    struct Work
    {
        SlotPtr slot;
        std::optional<http::Exchange> answer; // None: write the end.
    };
    struct Start
    {
        SlotPtr slot;
        http::Request request;
    };
    using Starts = std::vector<Start>;

    // All of these with m_mutex held.
    SlotPtr addSlot(Target target, const std::shared_ptr<const JobOptions>& job);
    void keepSlot(Slot& slot, Target target, const std::shared_ptr<const JobOptions>& job);
    void removeSlot(const SlotPtr& slot);
    void schedule(const SlotPtr& slot, BootTime due);
    void unschedule(const SlotPtr& slot);
    void scheduleNext(const SlotPtr& slot, BootTime now);
    void takeDue(const SlotPtr& slot, BootTime now);
    void makeReady(const SlotPtr& slot, bool first);
    Starts startReady();
    Start prepareStart(const SlotPtr& slot);
    void queueEnd(const SlotPtr& slot);
    void retryUnreached();
    void wakeWorkers();
    void publish(Slot& slot, TargetStatus status);
    int64_t wallOf(BootTime time) const;

    // Without it.
    void send(Starts starts);
    void answered(const SlotPtr& slot, http::Exchange exchange);
    void process(Work work);
    void finishWork(const SlotPtr& slot, std::optional<TargetStatus> status,
        std::optional<std::chrono::seconds> retryAfter, const http::Exchange* exchange);

    http::Transport& m_transport;
    const Clock& m_clock;
    const PoolOptions m_options;
    const PoolCallbacks m_callbacks;
    BodyArchive m_archive;
    const LoopContext m_context;

    mutable std::mutex m_mutex;
    std::condition_variable_any m_scheduleChanged;
    std::condition_variable_any m_workAdded;
    bool m_closed = false;
    bool m_kicked = false;
    bool m_online = true;
    uint64_t m_generation = 0;
    uint64_t m_missedSlots = 0;
    std::vector<SlotPtr> m_order;
    std::unordered_map<uint64_t, SlotPtr> m_slots;
    std::set<std::pair<BootTime, uint64_t>> m_due;
    std::deque<SlotPtr> m_ready;
    std::deque<SlotPtr> m_readySuspects;
    size_t m_inFlight = 0; // On their way or being read.
    size_t m_suspectsInFlight = 0;
    std::deque<Work> m_work;
    BootTime m_nextTick { BootTime::min() / 2 }; // Wakes the workers as well.
};

} // namespace fleetglass::scrape
