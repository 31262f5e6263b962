// KubernetesSource: the targets of a cluster, as its API server tells them. Used from one thread at
// a time; answers come in from the transport's thread.
#pragma once

#include "core/base/clock.h"
#include "core/discovery/kubernetes_groups.h"
#include "core/discovery/kubernetes_watch.h"
#include "core/discovery/source.h"

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace fleetglass::discovery {

class KubernetesSource : public Source
{
public:
    // `answered` is called from any thread when there is something new to see. Transport and clock
    // must outlive it.
    KubernetesSource(KubernetesOptions options, http::Transport& transport, const Clock& clock,
        std::function<void()> answered, kubernetes::World world = kubernetes::World::ofProcess());
    ~KubernetesSource() override;
    KubernetesSource(const KubernetesSource&) = delete;
    KubernetesSource& operator=(const KubernetesSource&) = delete;

    std::chrono::nanoseconds untilDue(std::chrono::nanoseconds bootTime) const override;
    void poll(std::chrono::nanoseconds bootTime) override;
    Snapshot snapshot() const override { return m_snapshot; }
    bool takeChange() override { return std::exchange(m_snapshotChanged, false); }
    bool hasAnswered() const override { return m_hasGroups || !m_snapshot.errors.empty(); }

    static constexpr std::chrono::seconds kAccessEvery { 15 };
    static constexpr std::chrono::milliseconds kRebuildEvery { 500 };

private:
    using BootTime = std::chrono::nanoseconds;

    void findAccess(BootTime now);
    void open(KubernetesAccess access);
    std::vector<std::string> namespaces(const KubernetesAccess& access) const;
    bool isComplete() const;
    kubernetes::Cluster cluster() const;
    void rebuild();
    void addRelays(std::vector<TargetGroup>& groups);
    void collectErrors();

    const KubernetesOptions m_options;
    http::Transport& m_transport;
    const Clock& m_clock;
    const kubernetes::World m_world;
    std::shared_ptr<std::atomic<int64_t>> m_quietUntilNs; // Boot time; nobody is woken before.
    kubernetes::Watch::Wake m_answered;

    BootTime m_nextAccess {};
    std::string m_accessError;
    std::shared_ptr<kubernetes::Credentials> m_credentials; // Relays may outlive the source.
    std::vector<std::unique_ptr<kubernetes::Watch>> m_watches;
    bool m_dirty = false;
    bool m_hasGroups = false; // A whole view was seen.
    BootTime m_nextRebuild {};
    std::map<std::string, std::shared_ptr<const Relay>> m_relays; // By path below the server.
    Snapshot m_snapshot;
    bool m_snapshotChanged = true;
};

} // namespace fleetglass::discovery
