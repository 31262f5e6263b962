// Goal: half-remembered metrics are found, and the tree stands still while the fleet grows.
// Method: the model under QAbstractItemModelTester.
#include "ui/models/metric_tree_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace fleetglass;
using namespace fleetglass::models;

namespace {

std::shared_ptr<view::MetricCatalog> catalog(const QStringList& names)
{
    auto result = std::make_shared<view::MetricCatalog>();
    for (const QString& name : names) {
        view::MetricView metric;
        metric.name = name.toStdString();
        metric.type = name.endsWith(QLatin1String("_total")) ? labels::MetricType::Counter
                                                             : labels::MetricType::Gauge;
        metric.help = "Help of " + metric.name;
        metric.series = 3;
        result->metrics.push_back(metric);
    }
    std::sort(result->metrics.begin(), result->metrics.end(),
        [](const auto& a, const auto& b) { return a.name < b.name; });
    return result;
}

QStringList titles(const QAbstractItemModel& model, const QModelIndex& parent = {})
{
    QStringList result;
    for (int row = 0; row < model.rowCount(parent); ++row)
        result += model.index(row, 0, parent).data().toString();
    return result;
}

QStringList fleet()
{
    QStringList names { QStringLiteral("etcha_commands_total"),
        QStringLiteral("etcha_sources_commands"), QStringLiteral("etcha_sources_shells"),
        QStringLiteral("etcha_sources_total"), QStringLiteral("up"),
        QStringLiteral("scrape_duration_seconds"), QStringLiteral("lonely") };
    for (const char* name : { "grpc_a", "grpc_b", "grpc_c", "http_a", "http_b", "http_c",
             "plugin_a", "plugin_b", "plugin_c", "devices" })
        names += QStringLiteral("synse_") + QLatin1String(name);
    return names;
}

} // namespace

class TestMetricTreeModel : public QObject
{
    Q_OBJECT

private slots:
    void prefixesBecomeGroups();
    void leafTellsTypeAndSeries();
    void filterFindsNamesAndHelp();
    void newMetricsInsertRowsAndResetNothing();
    void metricsThatWentAreRemoved();
    void sparklineReachesItsRow();
    void everyMetricIsFoundAgain();
};

void TestMetricTreeModel::prefixesBecomeGroups()
{
    MetricTreeModel model;
    QAbstractItemModelTester tester(&model);
    model.setCatalog(catalog(fleet()));
    QCOMPARE(titles(model),
        (QStringList { QStringLiteral("etcha_"), QStringLiteral("synse_"), QStringLiteral("lonely"),
            QStringLiteral("up, scrape_") }));
    // Four are easier to read flat, ten are not.
    QCOMPARE(titles(model, model.index(0, 0)),
        (QStringList { QStringLiteral("commands_total"), QStringLiteral("sources_commands"),
            QStringLiteral("sources_shells"), QStringLiteral("sources_total") }));
    QCOMPARE(titles(model, model.index(1, 0)),
        (QStringList { QStringLiteral("synse_grpc_"), QStringLiteral("synse_http_"),
            QStringLiteral("synse_plugin_"), QStringLiteral("devices") }));
    QCOMPARE(model.index(1, MetricTreeModel::Series).data().toString(), QStringLiteral("10"));
}

void TestMetricTreeModel::leafTellsTypeAndSeries()
{
    MetricTreeModel model;
    model.setCatalog(catalog(fleet()));
    const QModelIndex leaf = model.indexOf(QStringLiteral("etcha_commands_total"));
    QVERIFY(leaf.isValid());
    QCOMPARE(leaf.data(MetricTypeRole).toString(), QStringLiteral("C"));
    QCOMPARE(leaf.siblingAtColumn(MetricTreeModel::Series).data().toString(), QStringLiteral("3"));
    QCOMPARE(leaf.data(Qt::AccessibleTextRole).toString(),
        QStringLiteral("etcha_commands_total counter"));
}

void TestMetricTreeModel::filterFindsNamesAndHelp()
{
    MetricTreeModel model;
    QAbstractItemModelTester tester(&model);
    model.setCatalog(catalog(fleet()));
    model.setFilter(QStringLiteral("http help"));
    QCOMPARE(titles(model), QStringList { QStringLiteral("synse_") });
    QVERIFY(model.indexOf(QStringLiteral("synse_http_a")).isValid());
    QVERIFY(!model.indexOf(QStringLiteral("synse_grpc_a")).isValid());
    model.setFilter({});
    QCOMPARE(model.rowCount(), 4);
}

void TestMetricTreeModel::newMetricsInsertRowsAndResetNothing()
{
    MetricTreeModel model;
    QAbstractItemModelTester tester(&model);
    model.setCatalog(catalog(fleet()));
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    const QPersistentModelIndex kept = model.indexOf(QStringLiteral("synse_http_b"));
    model.setCatalog(catalog(fleet()
        + QStringList {
            QStringLiteral("awx_a"), QStringLiteral("awx_b"), QStringLiteral("synse_http_aa") }));
    QCOMPARE(resets.size(), 0);
    QCOMPARE(titles(model).first(), QStringLiteral("awx_"));
    QVERIFY(kept.isValid());
    QCOMPARE(kept.data(MetricNameRole).toString(), QStringLiteral("synse_http_b"));
}

void TestMetricTreeModel::metricsThatWentAreRemoved()
{
    MetricTreeModel model;
    QAbstractItemModelTester tester(&model);
    model.setCatalog(catalog(fleet()));
    QStringList fewer = fleet();
    fewer.removeAll(QStringLiteral("synse_http_a"));
    fewer.removeAll(QStringLiteral("lonely"));
    model.setCatalog(catalog(fewer));
    QVERIFY(!model.indexOf(QStringLiteral("lonely")).isValid());
    model.setCatalog(catalog({}));
    QCOMPARE(model.rowCount(), 0);
}

void TestMetricTreeModel::sparklineReachesItsRow()
{
    MetricTreeModel model;
    model.setCatalog(catalog(fleet()));
    QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    model.setSpark(QStringLiteral("up"), std::make_shared<std::vector<double>>(3, 1.0));
    QCOMPARE(changes.size(), 1);
    QCOMPARE(changes[0][0].toModelIndex().column(), int(MetricTreeModel::Spark));
    QVERIFY(model.hasSpark(QStringLiteral("up")));
}

void TestMetricTreeModel::everyMetricIsFoundAgain()
{
    MetricTreeModel model;
    model.setCatalog(catalog(fleet()));
    for (const QString& name : fleet()) {
        QVERIFY2(model.indexOf(name).isValid(), qPrintable(name));
        QVERIFY(model.metric(name) != nullptr);
    }
    QVERIFY(model.metric(QStringLiteral("nothing")) == nullptr);
}

QTEST_GUILESS_MAIN(TestMetricTreeModel)
#include "tst_metric_tree_model.moc"
