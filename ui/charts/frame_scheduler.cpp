#include "ui/charts/frame_scheduler.h"

#include <algorithm>
#include <utility>

namespace fleetglass::charts {

namespace {

constexpr int kFrameMs = 16;

} // namespace

FrameScheduler::FrameScheduler(QObject* parent)
    : QObject(parent)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &FrameScheduler::flush);
}

void FrameScheduler::request(QObject* who, std::function<void()> draw)
{
    if (!m_waiting.contains(who))
        connect(who, &QObject::destroyed, this, &FrameScheduler::forget, Qt::UniqueConnection);
    m_waiting.insert(who, std::move(draw));
    if (m_timer.isActive())
        return;
    const qint64 passedMs = m_sinceFrame.isValid() ? m_sinceFrame.elapsed() : kFrameMs;
    m_timer.start(static_cast<int>(std::clamp<qint64>(kFrameMs - passedMs, 0, kFrameMs)));
}

void FrameScheduler::flush()
{
    m_timer.stop();
    m_sinceFrame.start();
    const auto waiting = std::exchange(m_waiting, {});
    for (const auto& draw : waiting)
        draw();
}

} // namespace fleetglass::charts
