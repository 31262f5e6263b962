// What is to be said of a query without running it: whether it is whole, where it is wrong, the
// unit of its result, its colours. Pure functions; thread-safe.
#pragma once

#include "core/view/fleet_view.h"
#include "ui/theme/ink.h"
#include "ui/theme/units.h"

#include <QString>
#include <QVector>

namespace fleetglass::widgets {

enum class QueryState
{
    Empty,
    Valid,
    Incomplete, // It may become right by typing on.
    Wrong,
};

struct QueryCheck
{
    QueryState state = QueryState::Empty;
    QString message;
    int line = 0; // From 1; 0: none.
    int column = 0;
    qsizetype offset = 0; // In UTF-16, of what is wrong.
    qsizetype length = 0;
    bool isScalarOrString = false;
};

QueryCheck checkQuery(const QString& text);

// As the metrics it is made of declare: rate() is per second, histogram_quantile() has the unit
// observed, count() has none, a quotient of equal units is a ratio.
theme::Unit unitOfQuery(const QString& text, const view::MetricCatalog& catalog);

// One stretch of one colour.
struct ColoredSpan
{
    qsizetype begin = 0; // In UTF-16.
    qsizetype length = 0;
    theme::Ink ink = theme::Ink::Text;
};
QVector<ColoredSpan> colorsOf(const QString& text);

// The query on several lines, or the text itself where it is not valid.
QString formatted(const QString& text);

// What a person would call it: "synse_http_request_latency_sec, p95"; the query on one line where
// it is of more than one metric.
QString titleOfQuery(const QString& text);

// The names of metrics its selectors name, each once.
QStringList metricsOf(const QString& text);

// Metric of a catalog by the name of a series: x_bucket, x_count and x_sum belong to x.
const view::MetricView* metricOfSeries(const view::MetricCatalog& catalog, const QString& name);

} // namespace fleetglass::widgets
