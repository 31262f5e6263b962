// PhaseBar: DNS, TCP, TLS, HTTP, PARSE, LIMITS side by side with their times, and a small bar with
// their true proportions. Used from one thread at a time (the UI thread).
#pragma once

#include "core/view/target_view.h"

#include <QWidget>
#include <vector>

namespace fleetglass::widgets {

class PhaseBar : public QWidget
{
    Q_OBJECT

public:
    explicit PhaseBar(QWidget* parent = nullptr);

    // `timeoutMs` 0: not known.
    void setPhases(std::vector<view::PhaseView> phases, double totalMs, int64_t timeoutMs);
    void setStale(bool stale); // Older than what is being asked for: dimmed.
    QString spokenText() const;
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void paintCell(QPainter& painter, const QRect& rect, const view::PhaseView& phase) const;
    void paintTotal(QPainter& painter, const QRect& rect) const;

    std::vector<view::PhaseView> m_phases;
    double m_totalMs = 0;
    int64_t m_timeoutMs = 0;
    bool m_stale = false;
};

} // namespace fleetglass::widgets
