// Discoverer: keeps the target groups of every job up to date and tells when they change.
// Thread-safe; the callback comes from the thread that calls run() or tick().
#pragma once

#include "core/base/clock.h"
#include "core/discovery/options.h"
#include "core/discovery/source.h"
#include "core/dns/lookup.h"
#include "core/http/transport.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

namespace fleetglass::discovery {

struct JobDiscovery
{
    std::string job;
    DiscoveryOptions options;
};

// The groups of one job, sources in the order of the config.
struct JobGroups
{
    std::string job;
    std::vector<TargetGroup> groups;
    std::vector<std::string> errors;
    friend bool operator==(const JobGroups&, const JobGroups&) = default;
};

class Discoverer
{
public:
    using Changed = std::function<void(const std::vector<JobGroups>&)>;

    // Everything given must outlive it. `readYaml` may be empty: YAML files are then an error.
    // Without `names` the machine's own name servers are asked.
    Discoverer(http::Transport& transport, const Clock& clock, GroupReader readYaml,
        Changed changed, dns::Lookup* names = nullptr);
    ~Discoverer();
    Discoverer(const Discoverer&) = delete;
    Discoverer& operator=(const Discoverer&) = delete;

    // Sources that did not change keep their state. Static groups and files are read before it
    // returns; `changed` is not called for that: ask groups().
    void apply(const std::vector<JobDiscovery>& jobs);
    std::vector<JobGroups> groups() const;

    // For who needs the targets once: looks until every source has answered, well or not, or the
    // time is over.
    void settle(std::chrono::nanoseconds timeout);
    // Polls until stopped.
    void run(std::stop_token stop);
    // One look at everything that is due; returns how long nothing else will be.
    std::chrono::nanoseconds tick();

private:
    struct Entry;
    struct Job;
    std::unique_ptr<Source> makeSource(const Entry& entry);
    std::vector<JobGroups> collect() const;
    bool hasSettled() const;
    dns::Lookup& names();
    void wake();

    http::Transport& m_transport;
    const Clock& m_clock;
    GroupReader m_readYaml;
    Changed m_changed;
    dns::Lookup* m_names = nullptr;
    std::unique_ptr<dns::Lookup> m_ownNames; // Made when the first source wants it.

    mutable std::mutex m_mutex; // Of the jobs.
    std::vector<Job> m_jobs;
    std::vector<JobGroups> m_published;

    // A source may answer while it is being polled, so waking has a mutex of its own.
    std::mutex m_wakeMutex;
    std::condition_variable_any m_wake;
    bool m_woken = false;
};

} // namespace fleetglass::discovery
