// TimeBar: range, live or paused, comparison, clock, step; one for all pages. Used from one thread
// at a time (the UI thread).
#pragma once

#include "ui/widgets/live_button.h"

#include <QWidget>

class QComboBox;

namespace fleetglass::widgets {
class GlyphButton;
class PlainLabel;
class RangeButton;
class SegmentedSwitch;
class TimeController;
} // namespace fleetglass::widgets

namespace fleetglass::main_window {

class TimeBar : public QWidget
{
    Q_OBJECT

public:
    explicit TimeBar(widgets::TimeController& time, QWidget* parent = nullptr);

    void setSource(widgets::LiveButton::Source source);
    void setHistory(bool canGoBack, bool canGoForward);
    widgets::RangeButton& rangeButton() { return *m_range; }

signals:
    void backRequested();
    void forwardRequested();
    void keysRequested();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void followTime();
    void followZone();

    widgets::TimeController& m_time;
    widgets::GlyphButton* m_back;
    widgets::GlyphButton* m_forward;
    widgets::RangeButton* m_range;
    widgets::LiveButton* m_live;
    QComboBox* m_compare;
    widgets::SegmentedSwitch* m_zone;
    widgets::PlainLabel* m_crosshairWord;
    widgets::PlainLabel* m_crosshair;
    widgets::PlainLabel* m_stepWord;
    widgets::PlainLabel* m_step;
};

} // namespace fleetglass::main_window
