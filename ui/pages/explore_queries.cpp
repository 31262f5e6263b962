#include "ui/pages/explore_queries.h"

#include "core/base/duration.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace fleetglass::pages {

namespace {

using labels::MetricType;

// Four scrapes, so that one that is missed leaves three; a minute at least.
QString window(int64_t intervalMs)
{
    const int64_t ms = std::max<int64_t>(60'000, 4 * intervalMs);
    return QString::fromStdString(formatDuration(Millis(ms)));
}

QString nameOf(const view::MetricView& metric)
{
    return QString::fromStdString(metric.name);
}

bool isHistogram(const view::MetricView& metric)
{
    return metric.type == MetricType::Histogram || metric.type == MetricType::GaugeHistogram;
}

qsizetype distance(const QString& a, const QString& b)
{
    std::vector<qsizetype> row(static_cast<size_t>(b.size()) + 1);
    std::iota(row.begin(), row.end(), qsizetype { 0 });
    for (qsizetype i = 1; i <= a.size(); ++i) {
        qsizetype diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j < row.size(); ++j) {
            const qsizetype above = row[j];
            const bool same = a[i - 1] == b[static_cast<qsizetype>(j) - 1];
            row[j] = std::min({ above + 1, row[j - 1] + 1, diagonal + (same ? 0 : 1) });
            diagonal = above;
        }
    }
    return row.back();
}

} // namespace

QString defaultQuery(const view::MetricView& metric, int64_t intervalMs)
{
    if (metric.type == MetricType::Counter)
        return QStringLiteral("rate(%1[%2])").arg(nameOf(metric), window(intervalMs));
    if (isHistogram(metric))
        return QStringLiteral(
            "histogram_quantile(0.95,\n  sum by (instance, le) (rate(%1_bucket[%2]))\n)")
            .arg(nameOf(metric), window(intervalMs));
    return nameOf(metric);
}

QString quantilesQuery(const view::MetricView& metric, int64_t intervalMs)
{
    QStringList lines;
    for (const auto& [value, name] :
        { std::pair { "0.5", "p50" }, std::pair { "0.95", "p95" }, std::pair { "0.99", "p99" } }) {
        lines += QStringLiteral("label_replace(histogram_quantile(%1, sum by (le) "
                                "(rate(%2_bucket[%3]))), \"quantile\", \"%4\", \"\", \"\")")
                     .arg(QLatin1String(value), nameOf(metric), window(intervalMs),
                         QLatin1String(name));
    }
    return lines.join(QStringLiteral("\nor "));
}

QString increaseQuery(const view::MetricView& metric)
{
    return QStringLiteral("increase(%1[1h])").arg(nameOf(metric));
}

QString sparkQuery(const view::MetricView& metric, int64_t intervalMs)
{
    if (metric.type == MetricType::Counter)
        return QStringLiteral("sum(rate(%1[%2]))").arg(nameOf(metric), window(intervalMs));
    if (isHistogram(metric))
        return QStringLiteral("sum(rate(%1_count[%2]))").arg(nameOf(metric), window(intervalMs));
    return QStringLiteral("sum(%1)").arg(nameOf(metric));
}

QString nearestMetric(const QString& name, const view::MetricCatalog& catalog)
{
    QString best;
    qsizetype bestDistance = std::max<qsizetype>(2, name.size() / 4) + 1;
    for (const view::MetricView& metric : catalog.metrics) {
        const QString candidate = nameOf(metric);
        if (qAbs(candidate.size() - name.size()) >= bestDistance || candidate.size() > 200)
            continue;
        const qsizetype far = distance(name.left(200), candidate);
        if (far < bestDistance && far > 0) {
            best = candidate;
            bestDistance = far;
        }
    }
    return best;
}

QString tabTitle(const QString& query)
{
    QString line = query.simplified();
    line.replace(QStringLiteral("( "), QStringLiteral("("))
        .replace(QStringLiteral(" )"), QStringLiteral(")"));
    return line;
}

} // namespace fleetglass::pages
