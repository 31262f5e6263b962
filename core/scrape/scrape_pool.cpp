#include "core/scrape/scrape_pool.h"

#include "core/scrape/pool_state.h"

namespace fleetglass::scrape {

namespace {
constexpr std::chrono::milliseconds kWorkWait { 1'000 };
}

ScrapePool::ScrapePool(http::Transport& transport, storage::Appender& appender, const Clock& clock,
    PoolOptions options, PoolCallbacks callbacks)
    : m_state(std::make_shared<State>(
        transport, appender, clock, std::move(options), std::move(callbacks)))
{
}

ScrapePool::~ScrapePool()
{
    m_state->close();
}

ApplyReport ScrapePool::apply(std::vector<JobWithTargets> jobs)
{
    return m_state->apply(std::move(jobs));
}

void ScrapePool::scrapeNow(std::span<const uint64_t> ids)
{
    m_state->scrapeNow(ids);
}

void ScrapePool::pause(uint64_t id, bool paused)
{
    m_state->pause(id, paused);
}

void ScrapePool::setOnline(bool online)
{
    m_state->setOnline(online);
}

void ScrapePool::networkReturned()
{
    m_state->networkReturned();
}

bool ScrapePool::isBlind() const
{
    return m_state->isBlind();
}

uint64_t ScrapePool::generation() const
{
    return m_state->generation();
}

std::vector<StatusPtr> ScrapePool::statuses() const
{
    return m_state->statuses();
}

std::optional<TargetDetail> ScrapePool::detail(uint64_t id) const
{
    return m_state->detail(id);
}

std::vector<std::shared_ptr<const MetadataMap>> ScrapePool::metadata() const
{
    return m_state->metadata();
}

void ScrapePool::run(std::stop_token stop)
{
    while (!stop.stop_requested()) {
        const auto wait = m_state->tick();
        m_state->waitForSchedule(stop, wait);
    }
}

void ScrapePool::work(std::stop_token stop)
{
    while (!stop.stop_requested()) {
        if (!m_state->workOne())
            m_state->waitForWork(stop, kWorkWait);
    }
}

std::chrono::nanoseconds ScrapePool::tick()
{
    return m_state->tick();
}

bool ScrapePool::workOne()
{
    return m_state->workOne();
}

bool ScrapePool::waitForWork(std::stop_token stop, std::chrono::milliseconds timeout)
{
    return m_state->waitForWork(std::move(stop), timeout);
}

ScrapePool::Load ScrapePool::load() const
{
    return m_state->load();
}

} // namespace fleetglass::scrape
