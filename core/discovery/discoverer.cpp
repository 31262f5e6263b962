#include "core/discovery/discoverer.h"

#include "core/discovery/consul_source.h"
#include "core/discovery/dns_source.h"
#include "core/discovery/docker_source.h"
#include "core/discovery/file_source.h"
#include "core/discovery/http_source.h"
#include "core/discovery/kubernetes_source.h"
#include "core/discovery/static_source.h"
#include "core/discovery/swarm_source.h"
#include "core/dns/cares_lookup.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace fleetglass::discovery {

namespace {
constexpr std::chrono::nanoseconds kWaitMax = std::chrono::seconds(60);
}

// A source with the options it was made from, so that an equal one can be kept.
struct Discoverer::Entry
{
    std::variant<std::vector<TargetGroup>, FileOptions, HttpOptions, DnsOptions, DockerOptions,
        SwarmOptions, ConsulOptions, KubernetesOptions>
        options;
    std::unique_ptr<Source> source;
};

struct Discoverer::Job
{
    std::string name;
    std::vector<Entry> entries;
};

Discoverer::Discoverer(http::Transport& transport, const Clock& clock, GroupReader readYaml,
    Changed changed, dns::Lookup* names)
    : m_transport(transport)
    , m_clock(clock)
    , m_readYaml(std::move(readYaml))
    , m_changed(std::move(changed))
    , m_names(names)
{
}

Discoverer::~Discoverer()
{
    m_jobs.clear(); // Before what their answers would wake.
}

dns::Lookup& Discoverer::names()
{
    if (m_names == nullptr) {
        m_ownNames = std::make_unique<dns::CaresLookup>();
        m_names = m_ownNames.get();
    }
    return *m_names;
}

std::unique_ptr<Source> Discoverer::makeSource(const Entry& entry)
{
    const auto wakeUp = [this] { wake(); };
    if (const auto* groups = std::get_if<std::vector<TargetGroup>>(&entry.options))
        return std::make_unique<StaticSource>(*groups);
    if (const auto* files = std::get_if<FileOptions>(&entry.options))
        return std::make_unique<FileSource>(*files, m_readYaml);
    if (const auto* dns = std::get_if<DnsOptions>(&entry.options))
        return std::make_unique<DnsSource>(*dns, names(), wakeUp);
    if (const auto* cluster = std::get_if<KubernetesOptions>(&entry.options))
        return std::make_unique<KubernetesSource>(*cluster, m_transport, m_clock, wakeUp);
    if (const auto* docker = std::get_if<DockerOptions>(&entry.options))
        return std::make_unique<DockerSource>(*docker, m_transport, wakeUp);
    if (const auto* swarm = std::get_if<SwarmOptions>(&entry.options))
        return std::make_unique<SwarmSource>(*swarm, m_transport, wakeUp);
    if (const auto* consul = std::get_if<ConsulOptions>(&entry.options))
        return std::make_unique<ConsulSource>(*consul, m_transport, wakeUp);
    return std::make_unique<HttpSource>(std::get<HttpOptions>(entry.options), m_transport, wakeUp);
}

void Discoverer::apply(const std::vector<JobDiscovery>& jobs)
{
    // Sources that go are destroyed without the lock: their answers may be on the way to wake().
    std::vector<Job> old;
    const std::unique_lock lock(m_mutex);
    old.swap(m_jobs);
    const auto take = [&](const std::string& name, Entry entry) {
        const auto job
            = std::find_if(old.begin(), old.end(), [&](const Job& j) { return j.name == name; });
        if (job != old.end()) {
            for (Entry& known : job->entries) {
                if (known.source && known.options == entry.options)
                    return Entry { std::move(entry.options), std::move(known.source) };
            }
        }
        entry.source = makeSource(entry);
        return entry;
    };
    const auto now = m_clock.bootTime();
    for (const JobDiscovery& wanted : jobs) {
        Job job { wanted.job, {} };
        const auto takeAll = [&](const auto& all) {
            for (const auto& options : all)
                job.entries.push_back(take(wanted.job, { options, nullptr }));
        };
        if (!wanted.options.statics.empty())
            job.entries.push_back(take(wanted.job, { wanted.options.statics, nullptr }));
        takeAll(wanted.options.files);
        takeAll(wanted.options.http);
        takeAll(wanted.options.dns);
        takeAll(wanted.options.docker);
        takeAll(wanted.options.swarm);
        takeAll(wanted.options.consul);
        takeAll(wanted.options.kubernetes);
        for (Entry& entry : job.entries)
            entry.source->poll(now);
        m_jobs.push_back(std::move(job));
    }
    m_published = collect();
    wake();
}

std::vector<JobGroups> Discoverer::collect() const
{
    std::vector<JobGroups> result;
    for (const Job& job : m_jobs) {
        JobGroups groups { job.name, {}, {} };
        for (const Entry& entry : job.entries) {
            Snapshot snapshot = entry.source->snapshot();
            std::move(
                snapshot.groups.begin(), snapshot.groups.end(), std::back_inserter(groups.groups));
            std::move(
                snapshot.errors.begin(), snapshot.errors.end(), std::back_inserter(groups.errors));
        }
        result.push_back(std::move(groups));
    }
    return result;
}

std::vector<JobGroups> Discoverer::groups() const
{
    const std::lock_guard lock(m_mutex);
    return m_published;
}

std::chrono::nanoseconds Discoverer::tick()
{
    std::chrono::nanoseconds wait = kWaitMax;
    bool mayDiffer = false;
    bool changed = false;
    std::vector<JobGroups> now;
    {
        const std::lock_guard lock(m_mutex);
        const auto time = m_clock.bootTime();
        for (Job& job : m_jobs) {
            for (Entry& entry : job.entries) {
                entry.source->poll(time);
                mayDiffer = entry.source->takeChange() || mayDiffer;
                wait = std::min(wait, entry.source->untilDue(time));
            }
        }
        if (mayDiffer) {
            now = collect();
            changed = now != m_published;
            m_published = now;
        }
    }
    if (changed && m_changed)
        m_changed(now);
    return wait;
}

bool Discoverer::hasSettled() const
{
    const std::lock_guard lock(m_mutex);
    for (const Job& job : m_jobs) {
        for (const Entry& entry : job.entries) {
            if (!entry.source->hasAnswered())
                return false;
        }
    }
    return true;
}

void Discoverer::settle(std::chrono::nanoseconds timeout)
{
    const auto end = m_clock.bootTime() + timeout;
    for (;;) {
        const auto wait = tick();
        const auto left = end - m_clock.bootTime();
        if (hasSettled() || left <= left.zero())
            return;
        std::unique_lock lock(m_wakeMutex);
        m_wake.wait_for(lock, std::min(wait, left), [this] { return m_woken; });
        m_woken = false;
    }
}

void Discoverer::run(std::stop_token stop)
{
    while (!stop.stop_requested()) {
        const auto wait = tick();
        std::unique_lock lock(m_wakeMutex);
        m_wake.wait_for(lock, stop, wait, [this] { return m_woken; });
        m_woken = false;
    }
}

void Discoverer::wake()
{
    const std::lock_guard lock(m_wakeMutex);
    m_woken = true;
    m_wake.notify_all();
}

} // namespace fleetglass::discovery
