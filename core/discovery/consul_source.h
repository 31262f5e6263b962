// ConsulSource: the instances of the services that a Consul agent knows (consul_sd). Each service
// is watched with a blocking query of its own, as is the catalog where services are not named.
// Used from one thread at a time.
#pragma once

#include "core/discovery/api_calls.h"
#include "core/discovery/consul_requests.h"
#include "core/discovery/json_reading.h"
#include "core/discovery/source.h"

#include <map>
#include <utility>

namespace fleetglass::discovery {

class ConsulSource : public Source
{
public:
    // `answered` is called from any thread when there is something new to see.
    ConsulSource(ConsulOptions options, http::Transport& transport, std::function<void()> answered);

    std::chrono::nanoseconds untilDue(std::chrono::nanoseconds bootTime) const override;
    void poll(std::chrono::nanoseconds bootTime) override;
    Snapshot snapshot() const override;
    bool hasAnswered() const override;
    bool takeChange() override { return std::exchange(m_changed, false); }

    // Above so many services they are asked in turn instead of watched: each watch holds a
    // connection.
    static constexpr size_t kWatchedMax = 500;

private:
    // One question that is asked over and over.
    struct Watch
    {
        uint64_t index = 0; // Of the last answer.
        bool asking = false;
        bool answered = false;
        std::chrono::nanoseconds asked {};
        std::chrono::nanoseconds next {};
        std::string error;
        std::vector<TargetGroup> groups; // Of a service, from its last good answer.
    };

    bool watchesCatalog() const;
    bool wantsService(const std::string& name, const Json& tags) const;
    void take(const ApiCalls::Answer& answer, std::chrono::nanoseconds now);
    // The new JSON, or null where there is nothing new.
    Json takeWatch(Watch& watch, const ApiCalls::Answer& answer, std::chrono::nanoseconds now);
    void takeSelf(const Json& self);
    void takeCatalog(const Json& services);
    void beginServices();
    void askWhatIsDue(std::chrono::nanoseconds now);
    void askIfDue(Watch& watch, const std::string& key, std::chrono::nanoseconds now);
    http::Request requestFor(const std::string& key, uint64_t index) const;
    template<class F>
    void forEachWatch(F&& f) const;

    const ConsulOptions m_options;
    const ConsulRequests m_requests;
    ApiCalls m_calls;
    std::string m_datacenter; // Empty until the agent told its own.
    Watch m_self;
    Watch m_catalog;
    std::map<std::string, Watch> m_services;
    bool m_changed = false;
};

} // namespace fleetglass::discovery
