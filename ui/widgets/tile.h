// Tile: one number that matters, what it is made of, and its last day. Used from one thread at a
// time (the UI thread).
#pragma once

#include "ui/widgets/sparkline.h"
#include "ui/widgets/text_runs.h"

#include <QAbstractButton>

namespace fleetglass::widgets {

class Tile : public QAbstractButton
{
    Q_OBJECT

public:
    // `state` when there is something; at zero the tile is calm.
    Tile(const QString& title, theme::State state, QWidget* parent = nullptr);

    void setState(theme::State state);
    void setNumber(int number);
    void setLines(QVector<TextRuns> lines); // The first three are shown.
    void setSpark(Sparkline::Values values, const QString& span); // "24 h"
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return { 200, sizeHint().height() }; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    theme::State m_state;
    int m_number = 0;
    QVector<TextRuns> m_lines;
    Sparkline::Values m_spark;
    QString m_span;
};

} // namespace fleetglass::widgets
