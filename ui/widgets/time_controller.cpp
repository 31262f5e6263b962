#include "ui/widgets/time_controller.h"

#include <algorithm>
#include <cmath>

namespace fleetglass::widgets {

namespace {

constexpr qsizetype kStackMax = 100;
constexpr int64_t kPointsWanted = 800;

// Steps people can name.
constexpr int64_t kNiceStepsMs[]
    = { 1'000, 2'000, 5'000, 10'000, 15'000, 30'000, 60'000, 120'000, 300'000, 600'000, 900'000,
          1'800'000, 3'600'000, 7'200'000, 21'600'000, 43'200'000, 86'400'000 };

} // namespace

TimeController::TimeController(QObject* parent)
    : QObject(parent)
{
}

void TimeController::setNow(int64_t nowMs)
{
    if (nowMs == m_nowMs)
        return;
    const bool first = m_nowMs == 0;
    m_nowMs = nowMs;
    if (first && !m_live && m_pausedEndMs == 0)
        m_pausedEndMs = nowMs;
    if (m_live && m_wish.isRolling())
        emit rangeChanged(range(), false);
    emit nowChanged();
}

TimeRange TimeController::range() const
{
    int64_t endMs = m_wish.endMs.value_or(m_live ? m_nowMs : m_pausedEndMs);
    return { endMs - m_wish.spanMs, endMs };
}

int64_t TimeController::behindMs() const
{
    return std::max<int64_t>(m_nowMs - range().endMs, 0);
}

void TimeController::pause()
{
    if (!m_live)
        return;
    m_pausedEndMs = m_nowMs;
    m_live = false;
    emit liveChanged(false);
}

void TimeController::goLive()
{
    if (m_live)
        return;
    push();
    go({ { m_wish.spanMs, std::nullopt }, true, 0 });
}

void TimeController::show(const RangeWish& wish)
{
    RangeWish kept = wish;
    kept.spanMs = std::clamp(wish.spanMs, kSpanMsMin, kSpanMsMax);
    if (kept == m_wish && m_live == kept.isRolling())
        return;
    push();
    go({ kept, kept.isRolling(), 0 });
}

void TimeController::showRange(const TimeRange& range)
{
    if (range.endMs > range.startMs)
        show({ range.spanMs(), range.endMs });
}

void TimeController::zoom(double factor, int64_t aroundMs)
{
    const TimeRange now = range();
    const double span = std::clamp(static_cast<double>(now.spanMs()) * factor,
        static_cast<double>(kSpanMsMin), static_cast<double>(kSpanMsMax));
    const double share = std::clamp(
        static_cast<double>(aroundMs - now.startMs) / static_cast<double>(now.spanMs()), 0.0, 1.0);
    const auto startMs = aroundMs - static_cast<int64_t>(std::llround(span * share));
    showRange({ startMs, startMs + static_cast<int64_t>(std::llround(span)) });
}

void TimeController::zoom(double factor)
{
    const TimeRange now = range();
    if (m_live) // At the right edge the present stays in view.
        return showLast(static_cast<int64_t>(
            std::llround(static_cast<double>(now.spanMs()) * std::min(factor, 1e6))));
    zoom(factor, now.startMs + now.spanMs() / 2);
}

void TimeController::pan(double spans)
{
    TimeRange moved = range();
    const auto shift
        = static_cast<int64_t>(std::llround(static_cast<double>(moved.spanMs()) * spans));
    moved.startMs += shift;
    moved.endMs += shift;
    if (moved.endMs >= m_nowMs && shift > 0)
        return m_live ? void() : goLive();
    showRange(moved);
}

void TimeController::undo()
{
    if (m_past.isEmpty())
        return;
    m_future.append(place());
    go(m_past.takeLast());
}

void TimeController::redo()
{
    if (m_future.isEmpty())
        return;
    m_past.append(place());
    go(m_future.takeLast());
}

void TimeController::push()
{
    if (!m_past.isEmpty() && m_past.last() == place())
        return;
    m_past.append(place());
    if (m_past.size() > kStackMax)
        m_past.removeFirst();
    m_future.clear();
}

void TimeController::go(const Place& place)
{
    const bool liveDiffers = place.live != m_live;
    const int64_t stepBefore = stepMs();
    m_wish = place.wish;
    m_live = place.live;
    m_pausedEndMs = place.pausedEndMs;
    if (liveDiffers)
        emit liveChanged(m_live);
    emit rangeChanged(range(), true);
    emit stackChanged();
    if (stepMs() != stepBefore)
        emit stepChanged(stepMs());
}

void TimeController::setZone(const theme::Zone& zone)
{
    if (zone == m_zone)
        return;
    m_zone = zone;
    emit zoneChanged();
}

void TimeController::setUtc(bool utc)
{
    theme::Zone zone = m_zone;
    zone.utc = utc;
    setZone(zone);
}

int64_t TimeController::stepMs() const
{
    const int64_t finest = std::max(m_dataIntervalMs, m_wish.spanMs / kPointsWanted);
    const auto* nice = std::lower_bound(std::begin(kNiceStepsMs), std::end(kNiceStepsMs), finest);
    return nice == std::end(kNiceStepsMs) ? kNiceStepsMs[std::size(kNiceStepsMs) - 1] : *nice;
}

void TimeController::setDataIntervalMs(int64_t intervalMs)
{
    const int64_t before = stepMs();
    m_dataIntervalMs = std::max<int64_t>(intervalMs, 1'000);
    if (stepMs() != before)
        emit stepChanged(stepMs());
}

void TimeController::setCompareMs(int64_t offsetMs)
{
    if (offsetMs == m_compareMs)
        return;
    m_compareMs = offsetMs;
    emit compareChanged(offsetMs);
}

void TimeController::setCrosshair(std::optional<int64_t> ms)
{
    if (ms == m_crosshairMs)
        return;
    m_crosshairMs = ms;
    emit crosshairChanged();
}

} // namespace fleetglass::widgets
