#include "ui/bridge/update_bridge.h"

#include <chrono>
#include <utility>

namespace fleetglass::bridge {

UpdateBridge::UpdateBridge(QObject* parent)
    : QObject(parent)
{
    using namespace std::chrono_literals;
    m_timer.setSingleShot(true);
    m_timer.setInterval(50ms);
    connect(&m_timer, &QTimer::timeout, this, &UpdateBridge::deliver);
}

void UpdateBridge::publish(view::FleetViewPtr view)
{
    const bool wasEmpty = m_newest.with([&](view::FleetViewPtr& newest) {
        const bool empty = newest == nullptr;
        newest = std::move(view);
        return empty;
    });
    if (wasEmpty)
        QMetaObject::invokeMethod(this, &UpdateBridge::startTimer, Qt::QueuedConnection);
}

void UpdateBridge::startTimer()
{
    m_timer.start();
}

void UpdateBridge::deliver()
{
    const auto view
        = m_newest.with([](view::FleetViewPtr& newest) { return std::exchange(newest, nullptr); });
    if (view)
        emit viewChanged(view);
}

} // namespace fleetglass::bridge
