// CrosshairGroup: one moment under all charts of a window, and the pinned moments A to D. Charts
// that share a group move together. Used from one thread at a time (the UI thread).
#pragma once

#include "ui/charts/frame_scheduler.h"

#include <QObject>
#include <optional>
#include <vector>

namespace fleetglass::charts {

inline constexpr int kPinsMax = 4;

class CrosshairGroup : public QObject
{
    Q_OBJECT

public:
    explicit CrosshairGroup(QObject* parent = nullptr);

    std::optional<double> timeMs() const { return m_timeMs; }
    // The chart that moved it: only that one writes the time.
    const QObject* leader() const { return m_leader; }

    void moveTo(double timeMs, const QObject* leader);
    void leave(); // Only pins stay.

    const std::vector<double>& pinsMs() const { return m_pinsMs; }
    // Pins the moment; a moment that is pinned already is freed; of five the oldest goes.
    void togglePin();
    void clearPins();

    FrameScheduler& frames() { return m_frames; }

signals:
    void moved();
    void pinsChanged();

private:
    std::optional<double> m_timeMs;
    const QObject* m_leader = nullptr;
    std::vector<double> m_pinsMs;
    FrameScheduler m_frames;
};

} // namespace fleetglass::charts
