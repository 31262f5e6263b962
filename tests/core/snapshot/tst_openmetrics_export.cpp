#include "tests/support/snapshot_fixture.h"

#include "core/snapshot/openmetrics_export.h"
#include "core/snapshot/text_import.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace fleetglass;
using namespace fleetglass::snapshot;
using namespace fleetglass::snapshot::test;
using labels::MetricType;

class TestOpenMetricsExport : public QObject
{
    Q_OBJECT

private slots:
    void familiesAreGroupedAndTyped();
    void staleMarkersAndNativeHistogramsAreLeftOut();
    void anExportImportsTheSame();
    void promtoolTakesIt();

private:
    static std::string exported(
        const storage::Querier& querier, const MetadataByFamily& metadata = {});
};

std::string TestOpenMetricsExport::exported(
    const storage::Querier& querier, const MetadataByFamily& metadata)
{
    StringSink sink;
    const Redactor redactor;
    if (!writeOpenMetrics(querier, {}, kAlways, metadata, redactor, sink))
        qFatal("the export failed");
    return sink.text();
}

void TestOpenMetricsExport::familiesAreGroupedAndTyped()
{
    const auto store = emptyStore();
    for (const char* const name :
        { "hits_total", "lone_total", "lone", "size_bytes", "lat_count", "lat_sum", "odd", "what" })
        appendFloat(*store, { { "__name__", name } }, 1500, 1);
    appendFloat(*store, { { "__name__", "lat_bucket" }, { "le", "+Inf" } }, 1500, 1);
    const MetadataByFamily metadata { { "hits_total",
                                          { MetricType::Counter, "requests\nseen", "" } },
        { "lone_total", { MetricType::Counter, "", "" } },
        { "lone", { MetricType::Gauge, "", "" } },
        { "size_bytes", { MetricType::Gauge, "", "bytes" } },
        { "lat", { MetricType::Histogram, "", "seconds" } },
        { "odd", { MetricType::Counter, "", "" } } };
    const auto text = QByteArray::fromStdString(exported(*store, metadata));
    QVERIFY(text.contains("# HELP hits requests\\nseen\n# TYPE hits counter\nhits_total 1"));
    QVERIFY(text.contains("# TYPE lone_total unknown\nlone_total 1"));
    QVERIFY(text.contains("# TYPE lone gauge\nlone 1"));
    QVERIFY(text.contains("# TYPE size_bytes gauge\n"));
    QVERIFY(text.contains("# UNIT size_bytes bytes\n"));
    QVERIFY(text.contains("# TYPE lat histogram\nlat_bucket{le=\"+Inf\"} 1"));
    QVERIFY(!text.contains("UNIT lat"));
    QCOMPARE(text.count("# TYPE lat"), qsizetype { 1 });
    QVERIFY(text.contains("# TYPE odd unknown\n"));
    QVERIFY(text.contains("# TYPE what unknown\n"));
    QVERIFY(text.contains(" 1.500\n"));
    QVERIFY(text.endsWith("# EOF\n"));
}

void TestOpenMetricsExport::staleMarkersAndNativeHistogramsAreLeftOut()
{
    const auto store = filledStore();
    StringSink sink;
    const Redactor redactor;
    const auto summary = writeOpenMetrics(*store, {}, kAlways, {}, redactor, sink);
    QCOMPARE(summary->histogramsLeftOut, size_t { 70 });
    QVERIFY(sink.text().find("NaN") == std::string::npos);
    QCOMPARE(summary->samples, store->stats().samples - 70 - 14);
}

void TestOpenMetricsExport::anExportImportsTheSame()
{
    const auto store = emptyStore();
    for (int64_t t = 1; t <= 300; ++t) {
        appendFloat(*store, { { "__name__", "a_total" }, { "x", "\"\\\n\u00e4" } }, t * 1500,
            1.0 / static_cast<double>(t));
        appendFloat(*store, { { "__name__", "b" } }, t * 1500, static_cast<double>(t));
    }
    const auto imported
        = importText(exported(*store, { { "a_total", { MetricType::Counter, "", "" } } }));
    QVERIFY2(imported, imported ? "" : imported.error().message.c_str());
    QCOMPARE(describe(*imported->store), describe(*store));
    QCOMPARE(imported->samples, size_t { 600 });
}

void TestOpenMetricsExport::promtoolTakesIt()
{
    const QString promtool = QStandardPaths::findExecutable(QStringLiteral("promtool"));
    if (promtool.isEmpty())
        QSKIP("promtool is not installed");
    const auto store = filledStore();
    QTemporaryDir directory;
    const QString file = directory.path() + QStringLiteral("/export.om");
    const QString data = directory.path() + QStringLiteral("/data");
    const QString tsdb = QStringLiteral("tsdb");
    writeFile(file.toStdString(),
        exported(*store, { { "hits_total", { MetricType::Counter, "hits", "" } } }));
    QProcess create;
    create.start(promtool,
        { tsdb, QStringLiteral("create-blocks-from"), QStringLiteral("openmetrics"), file, data });
    QVERIFY(create.waitForFinished(60'000));
    QVERIFY2(create.exitCode() == 0, create.readAllStandardError().constData());
    // What it stored is what we hold, value by value.
    QVERIFY(QDir().mkpath(data + QStringLiteral("/wal"))); // `dump` looks for one.
    QProcess dump;
    dump.start(promtool, { tsdb, QStringLiteral("dump"), data });
    QVERIFY(dump.waitForFinished(60'000));
    QVERIFY2(dump.exitCode() == 0, dump.readAllStandardError().constData());
    const auto lines = dump.readAllStandardOutput().split('\n');
    QCOMPARE(lines.count() - 1, static_cast<qsizetype>(store->stats().samples - 70 - 14));
}

QTEST_GUILESS_MAIN(TestOpenMetricsExport)
#include "tst_openmetrics_export.moc"
