// NoticeBand: a line below the time bar that stays until it is acted on or closed: an import that
// can be taken back, a file that cannot be read. Used from one thread at a time (the UI thread).
#pragma once

#include "ui/theme/tokens.h"

#include <QWidget>

namespace fleetglass::widgets {
class KeyButton;
class PlainLabel;
} // namespace fleetglass::widgets

namespace fleetglass::main_window {

class NoticeBand : public QWidget
{
    Q_OBJECT

public:
    NoticeBand(theme::State state, const QString& action, QWidget* parent);

    void say(const QString& text); // And is shown.
    void clear(); // And is hidden.
    QString text() const;

signals:
    void acted();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    theme::State m_state;
    QString m_text;
    widgets::PlainLabel* m_label;
};

} // namespace fleetglass::main_window
