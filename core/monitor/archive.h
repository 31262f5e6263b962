// Archive: an opened capsule, ready to be looked at and asked. It starts no network and evaluates
// no rules; its threads only answer queries. Thread-safe.
#pragma once

#include "core/monitor/query_service.h"
#include "core/promql/engine.h"
#include "core/snapshot/capsule.h"
#include "core/view/fleet_view.h"

#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace fleetglass::monitor {

class Archive
{
public:
    // Reads the whole capsule; may take a while.
    static Result<std::unique_ptr<Archive>> open(const std::string& path);
    ~Archive();
    Archive(const Archive&) = delete;
    Archive& operator=(const Archive&) = delete;

    // Ends the threads; queries then go unanswered.
    void stop();

    const tsdb::RingStore& store() const { return *m_capsule.store; }
    const promql::Engine& engine() const { return m_engine; }
    QueryService& queries() { return m_queries; }
    view::FleetViewPtr fleet() const { return m_fleet; }
    const snapshot::CapsuleContent& content() const { return m_capsule.content; }

private:
    explicit Archive(snapshot::Capsule capsule);

    snapshot::Capsule m_capsule;
    promql::Engine m_engine;
    QueryService m_queries;
    view::FleetViewPtr m_fleet;
    std::vector<std::jthread> m_threads; // Last: they end before anything they use.
};

} // namespace fleetglass::monitor
