// TimeController: the one range, clock, crosshair and comparison that all pages show. Told the time
// by whoever shows the fleet, so an archive and a test have their own. Used from one thread at a
// time (the UI thread).
#pragma once

#include "ui/widgets/range_text.h"

#include <QObject>
#include <QVector>

namespace fleetglass::widgets {

class TimeController : public QObject
{
    Q_OBJECT

public:
    explicit TimeController(QObject* parent = nullptr);

    // The newest moment there is. While live, a rolling range moves with it.
    void setNow(int64_t nowMs);
    int64_t nowMs() const { return m_nowMs; }

    TimeRange range() const;
    const RangeWish& wish() const { return m_wish; }
    QString title() const { return rangeTitle(m_wish, m_nowMs, m_zone); }

    // Only the view pauses, never the collection.
    bool isLive() const { return m_live; }
    int64_t behindMs() const; // How far the end of the view lies back.
    void pause();
    void goLive(); // Keeps the span.
    void togglePause() { m_live ? pause() : goLive(); }

    // Each of these goes on the stack; undo brings the exact former range back.
    void show(const RangeWish& wish);
    void showLast(int64_t spanMs) { show({ spanMs, std::nullopt }); }
    void showRange(const TimeRange& range); // Fixed, so it pauses.
    // 0.5 shows half of the span around the moment, 2 the double.
    void zoom(double factor, int64_t aroundMs);
    void zoom(double factor);
    void pan(double spans); // -0.5: half a range back.
    bool canUndo() const { return !m_past.isEmpty(); }
    bool canRedo() const { return !m_future.isEmpty(); }
    int undoDepth() const { return static_cast<int>(m_past.size()); }
    void undo();
    void redo();

    const theme::Zone& zone() const { return m_zone; }
    void setZone(const theme::Zone& zone);
    void setUtc(bool utc);

    // The step of a range query over `range()`: never finer than the data, about 800 points.
    int64_t stepMs() const;
    void setDataIntervalMs(int64_t intervalMs);

    // Ghosts of the past behind every chart; 0: none.
    int64_t compareMs() const { return m_compareMs; }
    void setCompareMs(int64_t offsetMs);

    // The moment under the crosshair, shared by all charts.
    std::optional<int64_t> crosshairMs() const { return m_crosshairMs; }
    void setCrosshair(std::optional<int64_t> ms);

signals:
    // `byUser` false: only time went on.
    void rangeChanged(fleetglass::widgets::TimeRange range, bool byUser);
    void nowChanged(); // Also while paused.
    void liveChanged(bool live);
    void stackChanged(); // canUndo, canRedo, undoDepth.
    void zoneChanged();
    void compareChanged(qint64 offsetMs);
    void crosshairChanged();
    void stepChanged(qint64 stepMs);

private:
    struct Place
    {
        RangeWish wish;
        bool live;
        int64_t pausedEndMs;
        friend bool operator==(const Place&, const Place&) = default;
    };

    Place place() const { return { m_wish, m_live, m_pausedEndMs }; }
    void go(const Place& place);
    void push();

    int64_t m_nowMs = 0;
    RangeWish m_wish { 3'600'000, std::nullopt };
    bool m_live = true;
    int64_t m_pausedEndMs = 0; // End of a rolling range while paused.
    QVector<Place> m_past;
    QVector<Place> m_future;
    theme::Zone m_zone;
    int64_t m_dataIntervalMs = 15'000;
    int64_t m_compareMs = 0;
    std::optional<int64_t> m_crosshairMs;
};

} // namespace fleetglass::widgets
