// StatusBar: the counts of the fleet, each with glyph and word, and the clock with its offset.
// Used from one thread at a time (the UI thread).
#pragma once

#include "core/view/fleet_view.h"
#include "ui/theme/time_text.h"
#include "ui/widgets/text_runs.h"

#include <QTimer>
#include <QWidget>

namespace fleetglass::widgets {

class StatusBar : public QWidget
{
    Q_OBJECT

public:
    explicit StatusBar(QWidget* parent = nullptr);

    void showView(const view::FleetView& fleet, const theme::Zone& zone);
    // In place of the counts at the right, for five seconds.
    void showNote(const QString& text);
    QString spokenText() const;
    QSize sizeHint() const override;

signals:
    void activated(const QString& page); // "targets", "alerts", "shells"

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    struct Part
    {
        TextRun run;
        QString page;
        QRect rect;
    };

    void build(const view::FleetView& fleet);
    RunOptions options() const;

    QVector<Part> m_parts;
    QString m_clock;
    QString m_note;
    QTimer m_noteTimer;
};

} // namespace fleetglass::widgets
