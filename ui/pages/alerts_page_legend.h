// LaneLegend: what the shapes of a timeline mean, as small samples with words. Used from one thread
// at a time (the UI thread).
#pragma once

#include "ui/charts/lane_content.h"

#include <QVector>
#include <QWidget>

namespace fleetglass::pages {

class LaneLegend : public QWidget
{
    Q_OBJECT

public:
    struct Item
    {
        charts::LaneKind kind;
        theme::State state;
        QString text;
        bool unreachable = false; // A red line instead of the kind's shape.
    };

    explicit LaneLegend(QVector<Item> items, QWidget* parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return { 0, sizeHint().height() }; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QVector<Item> m_items;
};

} // namespace fleetglass::pages
