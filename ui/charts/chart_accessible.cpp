#include "ui/charts/chart_accessible.h"

#include "ui/charts/lane_chart.h"
#include "ui/charts/time_chart.h"

#include <QAccessibleWidget>

namespace fleetglass::charts {

namespace {

class ChartAccessible : public QAccessibleWidget
{
public:
    explicit ChartAccessible(QWidget* chart)
        : QAccessibleWidget(chart, QAccessible::Chart)
    {
    }

    QString text(QAccessible::Text kind) const override
    {
        const auto* lines = qobject_cast<TimeChart*>(widget());
        const auto* lanes = qobject_cast<LaneChart*>(widget());
        const QString summary = lines != nullptr ? lines->summary() : lanes->summary();
        if (kind == QAccessible::Description)
            return summary;
        const QString given = QAccessibleWidget::text(kind);
        return kind == QAccessible::Name && given.isEmpty()
            ? summary.section(QLatin1Char(','), 0, 0)
            : given;
    }

    // The surface inside is no thing of its own.
    int childCount() const override { return 0; }
};

QAccessibleInterface* create(const QString&, QObject* object)
{
    if (auto* lines = qobject_cast<TimeChart*>(object))
        return new ChartAccessible(lines);
    if (auto* lanes = qobject_cast<LaneChart*>(object))
        return new ChartAccessible(lanes);
    return nullptr;
}

} // namespace

void installChartAccessibility()
{
    static const bool kInstalled = [] {
        QAccessible::installFactory(create);
        return true;
    }();
    static_cast<void>(kInstalled);
}

} // namespace fleetglass::charts
