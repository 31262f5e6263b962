// What a query may go on with at a place: metrics with TYPE and series, functions with signature,
// labels and values, durations. Pure functions; thread-safe.
#pragma once

#include "core/view/fleet_view.h"
#include "ui/widgets/query_context.h"

#include <QStringList>
#include <QVector>

namespace fleetglass::widgets {

struct Completion
{
    QString insert; // Replaces the word under the cursor.
    QString text;
    QString letter; // Badge: C, G, H, S, f, k, l
    QString detail; // "histogram", "(v range vector)"
    QString count; // "1,344 series"
    QString help; // For the foot of the list.
    qsizetype matchBegin = -1; // What was typed, within text.
    qsizetype matchLength = 0;
};

inline constexpr qsizetype kCompletionsMax = 60;

// In an expression: metrics, functions and keywords, best first.
QVector<Completion> completeExpression(const QString& prefix, const view::MetricCatalog& catalog);
// Names or values that the fleet knows.
QVector<Completion> completeWords(
    const QString& prefix, const QStringList& words, const QString& detail);
QVector<Completion> completeDuration(const QString& prefix);

// "histogram_quantile(scalar, instant vector)"
QString signatureOf(const QString& function);

} // namespace fleetglass::widgets
