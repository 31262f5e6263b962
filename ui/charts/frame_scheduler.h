// FrameScheduler: everything of a window that has to be drawn anew is drawn together, at most sixty
// times a second. Used from one thread at a time (the UI thread).
#pragma once

#include <QElapsedTimer>
#include <QHash>
#include <QObject>
#include <QTimer>
#include <functional>

namespace fleetglass::charts {

class FrameScheduler : public QObject
{
    Q_OBJECT

public:
    explicit FrameScheduler(QObject* parent = nullptr);

    // `draw` runs once with the next frame, however often it was asked for until then; not at all
    // if `who` is gone.
    void request(QObject* who, std::function<void()> draw);
    // Draws what waits, now.
    void flush();

private:
    void forget(QObject* who) { m_waiting.remove(who); }

    QTimer m_timer;
    QElapsedTimer m_sinceFrame;
    QHash<QObject*, std::function<void()>> m_waiting;
};

} // namespace fleetglass::charts
