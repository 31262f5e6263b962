#include "core/discovery/kubernetes_source.h"

#include "core/discovery/kubernetes_access.h"
#include "core/discovery/kubernetes_relay.h"

#include <algorithm>

namespace fleetglass::discovery {

using namespace kubernetes;

namespace {

KubernetesRole roleOf(Kind kind)
{
    switch (kind) {
    case Kind::Service:
        return KubernetesRole::Service;
    case Kind::Endpoints:
        return KubernetesRole::Endpoints;
    case Kind::EndpointSlice:
        return KubernetesRole::EndpointSlice;
    case Kind::Ingress:
        return KubernetesRole::Ingress;
    case Kind::Pod:
        return KubernetesRole::Pod;
    case Kind::Node:
    case Kind::Namespace:
    case Kind::ReplicaSet:
    case Kind::Job:
        break;
    }
    return KubernetesRole::Node;
}

bool hasSelector(Kind kind)
{
    return kind != Kind::Namespace && kind != Kind::ReplicaSet && kind != Kind::Job;
}

WatchOptions watchOptions(const KubernetesOptions& options, Kind kind, const std::string& nameSpace)
{
    WatchOptions watch { kind, nameSpace, {}, {} };
    for (const KubernetesSelector& selector : options.selectors) {
        if (hasSelector(kind) && selector.role == roleOf(kind)) {
            watch.labelSelector = selector.label;
            watch.fieldSelector = selector.field;
        }
    }
    return watch;
}

} // namespace

KubernetesSource::KubernetesSource(KubernetesOptions options, http::Transport& transport,
    const Clock& clock, std::function<void()> answered, World world)
    : m_options(std::move(options))
    , m_transport(transport)
    , m_clock(clock)
    , m_world(std::move(world))
    , m_quietUntilNs(std::make_shared<std::atomic<int64_t>>(0))
    , m_answered(std::make_shared<Guarded<std::function<void()>>>())
{
    // Whoever is woken looks at everything there is, so a busy cluster wakes only now and then.
    m_answered->with([&](auto& wake) {
        wake = [quietUntilNs = m_quietUntilNs, &clock, answered = std::move(answered)] {
            if (clock.bootTime().count() >= *quietUntilNs)
                answered();
        };
    });
}

KubernetesSource::~KubernetesSource()
{
    m_answered->with([](auto& answered) { answered = nullptr; });
}

// A kubeconfig may be written, or written anew, at any time.
void KubernetesSource::findAccess(BootTime now)
{
    m_nextAccess = now + kAccessEvery;
    auto access = kubernetes::findAccess(m_options, m_world);
    if (!access) {
        m_accessError = access.error().message;
        return;
    }
    if (m_options.ownNamespace && access->ownNamespace.empty() && m_options.namespaces.empty()) {
        m_accessError = "own_namespace is set, but " + access->source + " names no namespace";
        return;
    }
    m_accessError.clear();
    if (!m_credentials || m_credentials->access() != *access)
        open(std::move(*access));
}

void KubernetesSource::open(KubernetesAccess access)
{
    m_watches.clear();
    m_relays.clear();
    m_credentials = std::make_shared<Credentials>(std::move(access), m_clock, m_world);
    const auto places = namespaces(m_credentials->access());
    for (const Kind kind : kindsOf(m_options.role, m_options.attach)) {
        const bool namespaced = namesOf(kind).namespaced;
        for (const std::string& place : namespaced ? places : std::vector<std::string> { "" })
            m_watches.push_back(std::make_unique<Watch>(
                watchOptions(m_options, kind, place), m_transport, *m_credentials, m_answered));
    }
}

std::vector<std::string> KubernetesSource::namespaces(const KubernetesAccess& access) const
{
    std::vector<std::string> names = m_options.namespaces;
    if (m_options.ownNamespace && !access.ownNamespace.empty())
        names.push_back(access.ownNamespace);
    if (names.empty())
        return { "" };
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

void KubernetesSource::poll(BootTime now)
{
    if (now >= m_nextAccess)
        findAccess(now);
    if (m_credentials)
        m_credentials->poll(now);
    bool changed = false;
    for (const auto& watch : m_watches) {
        watch->poll(now);
        changed = watch->takeChanged() || changed;
    }
    m_dirty = m_dirty || changed;
    if (changed && m_hasGroups)
        *m_quietUntilNs = (now + kRebuildEvery).count();
    if (m_dirty && now >= m_nextRebuild && isComplete()) {
        rebuild();
        m_dirty = false;
        m_nextRebuild = now + kRebuildEvery;
    }
    collectErrors();
}

std::chrono::nanoseconds KubernetesSource::untilDue(BootTime now) const
{
    BootTime wait = m_nextAccess - now;
    if (m_credentials)
        wait = std::min(wait, m_credentials->untilDue(now));
    for (const auto& watch : m_watches)
        wait = std::min(wait, watch->untilDue(now));
    if (m_dirty && isComplete())
        wait = std::min(wait, m_nextRebuild - now);
    if (const BootTime quietUntil(m_quietUntilNs->load()); quietUntil > now)
        wait = std::min(wait, quietUntil - now);
    return std::max(wait, BootTime(0));
}

// Half a view would make targets without the labels that relabelling decides by.
bool KubernetesSource::isComplete() const
{
    return !m_watches.empty()
        && std::all_of(m_watches.begin(), m_watches.end(),
            [](const auto& watch) { return watch->isComplete(); });
}

Cluster KubernetesSource::cluster() const
{
    Cluster cluster;
    for (const auto& watch : m_watches) {
        for (const auto& [key, object] : watch->objects())
            cluster.put(watch->kind(), object);
    }
    return cluster;
}

void KubernetesSource::rebuild()
{
    std::vector<TargetGroup> groups = groupsOf(cluster(), m_options.role, m_options.attach);
    if (m_options.viaProxy)
        addRelays(groups);
    // A pod's heartbeat changes nothing that is a label.
    m_snapshotChanged = m_snapshotChanged || !m_hasGroups || groups != m_snapshot.groups;
    m_snapshot.groups = std::move(groups);
    m_hasGroups = true;
}

// A relay stays the same object while its pod does, so that nothing changes when nothing has.
void KubernetesSource::addRelays(std::vector<TargetGroup>& groups)
{
    std::map<std::string, std::shared_ptr<const Relay>> used;
    for (TargetGroup& group : groups) {
        const std::string path = relayPath(group.labels);
        if (path.empty())
            continue;
        auto& relay = used[path];
        if (relay == nullptr) {
            const auto known = m_relays.find(path);
            relay = known != m_relays.end() ? known->second : makeRelay(m_credentials, path);
        }
        group.relay = relay;
    }
    m_relays = std::move(used);
}

void KubernetesSource::collectErrors()
{
    std::vector<std::string> errors;
    const auto add = [&](const std::string& error) {
        if (!error.empty() && std::find(errors.begin(), errors.end(), error) == errors.end())
            errors.push_back(error);
    };
    add(m_accessError);
    if (m_credentials)
        add(m_credentials->error());
    for (const auto& watch : m_watches)
        add(watch->error());
    m_snapshotChanged = m_snapshotChanged || errors != m_snapshot.errors;
    m_snapshot.errors = std::move(errors);
}

} // namespace fleetglass::discovery
