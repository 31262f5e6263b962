// Credentials: who we are to an API server now. Fixed ones come from the access itself; those of an
// exec plugin are asked for, renewed when they expire, and asked for again when they are refused.
// client() is thread-safe; everything else is used from one thread at a time.
#pragma once

#include "core/base/clock.h"
#include "core/base/guarded.h"
#include "core/discovery/kubernetes_exec.h"

#include <chrono>
#include <memory>
#include <string>

namespace fleetglass::discovery::kubernetes {

class Credentials
{
public:
    using BootTime = std::chrono::nanoseconds;
    using ClientPtr = std::shared_ptr<const http::ClientOptions>;

    // The clock and the world must outlive it.
    Credentials(KubernetesAccess access, const Clock& clock, const World& world);

    // Null: there are none yet.
    ClientPtr client() const
    {
        return m_client.with([](const ClientPtr& client) { return client; });
    }

    void poll(BootTime now);
    BootTime untilDue(BootTime now) const;
    // The server said 401.
    void refused(BootTime now);
    // Why there are none, or none newer; empty: all is well.
    const std::string& error() const { return m_error; }
    const KubernetesAccess& access() const { return m_access; }

    static constexpr std::chrono::seconds kRetryAfter { 10 };

private:
    bool isExpired() const;
    void start(BootTime now);
    void take(const Result<std::string>& printed, BootTime now);
    void fail(const std::string& message, BootTime now);

    const KubernetesAccess m_access;
    const Clock& m_clock;
    const World& m_world;
    Guarded<ClientPtr> m_client;
    std::unique_ptr<PluginRun> m_run;
    std::optional<int64_t> m_expiresMs;
    BootTime m_notBefore {}; // Of the next run.
    bool m_wanted = true; // A run, as soon as it may be.
    std::string m_error;
};

} // namespace fleetglass::discovery::kubernetes
