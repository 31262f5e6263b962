#include "core/monitor/archive.h"

#include "core/monitor/engine_options.h"
#include "core/snapshot/capsule_reader.h"

namespace fleetglass::monitor {

Result<std::unique_ptr<Archive>> Archive::open(const std::string& path)
{
    auto capsule = snapshot::readCapsule(path);
    if (!capsule)
        return failure(capsule.error());
    return std::unique_ptr<Archive>(new Archive(std::move(*capsule)));
}

Archive::Archive(snapshot::Capsule capsule)
    : m_capsule(std::move(capsule))
    , m_engine(windowEngineOptions())
    , m_queries(*m_capsule.store, m_engine)
    , m_fleet(std::make_shared<const view::FleetView>(m_capsule.content.fleet))
{
    constexpr int kWorkers = 2;
    for (int i = 0; i < kWorkers; ++i)
        m_threads.emplace_back([this](std::stop_token stop) { m_queries.work(stop); });
}

Archive::~Archive()
{
    stop();
}

void Archive::stop()
{
    for (auto& thread : m_threads)
        thread.request_stop();
    m_threads.clear();
}

} // namespace fleetglass::monitor
