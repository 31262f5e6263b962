#include "tests/support/snapshot_fixture.h"

#include "core/snapshot/text_import.h"

#include <QTemporaryDir>
#include <QTest>

using namespace fleetglass;
using namespace fleetglass::snapshot;
using namespace fleetglass::snapshot::test;

class TestTextImport : public QObject
{
    Q_OBJECT

private slots:
    void textWithTimestampsIsRead();
    void openMetricsHasSeconds();
    void anyOrderIsTaken();
    void aSecondValueForOneTimeIsCounted();
    void samplesWithoutTimeAreRefusedOrGetOne();
    void errorsTellTheLine();
    void filesAreChecked();
    void exemplarsAreKept();
};

void TestTextImport::textWithTimestampsIsRead()
{
    const auto imported = importText(
        "# HELP a about a\n# TYPE a gauge\na{x=\"1\"} 5 1000\na{x=\"1\"} 6 2000\nb 1 1000\n");
    QVERIFY(imported);
    QCOMPARE(imported->samples, size_t { 3 });
    QCOMPARE(imported->metadata.at("a").type, labels::MetricType::Gauge);
    QCOMPARE(imported->metadata.at("a").help, std::string("about a"));
    const auto slices = imported->store->select({}, kAlways, {}).value();
    QCOMPARE(slices.size(), size_t { 2 });
    QCOMPARE(slices[0].timestampsMs[1], int64_t { 2000 });
    QCOMPARE(slices[0].values[1], 6.0);
}

void TestTextImport::openMetricsHasSeconds()
{
    const auto imported = importText("# TYPE a counter\na_total 5 1.5\na_total 6 2.25\n# EOF\n");
    QVERIFY2(imported, imported ? "" : imported.error().message.c_str());
    const auto slices = imported->store->select({}, kAlways, {}).value();
    QCOMPARE(slices[0].timestampsMs[0], int64_t { 1500 });
    QCOMPARE(slices[0].timestampsMs[1], int64_t { 2250 });
}

void TestTextImport::anyOrderIsTaken()
{
    const auto imported = importText("a 3 3000\nb 1 1000\na 1 1000\na 2 2000\n");
    const auto slices = imported->store->select({}, kAlways, {}).value();
    QCOMPARE(slices[0].values.size(), size_t { 3 });
    QCOMPARE(slices[0].values[0], 1.0);
    QCOMPARE(slices[0].values[2], 3.0);
}

void TestTextImport::aSecondValueForOneTimeIsCounted()
{
    const auto imported = importText("a 1 1000\na 2 1000\n");
    QCOMPARE(imported->repeated, size_t { 1 });
    QCOMPARE(imported->samples, size_t { 1 });
    QCOMPARE(imported->store->select({}, kAlways, {}).value()[0].values[0], 1.0);
}

void TestTextImport::samplesWithoutTimeAreRefusedOrGetOne()
{
    const auto refused = importText("a 1 1000\nb 2\n");
    QCOMPARE(refused.error().message,
        std::string("a sample without a timestamp: it belongs to no time"));
    QCOMPARE(refused.error().position->line, 2);
    const auto imported = importText("a 1 1000\nb 2\n", { .timestampMsDefault = 7000 });
    QCOMPARE(imported->store->select({}, { 7000, 7000 }, {}).value().size(), size_t { 1 });
    const auto many = importText("a 1 1\na 2 2\n", { .samplesMax = 1 });
    QCOMPARE(many.error().code, ErrorCode::Limit);
}

void TestTextImport::errorsTellTheLine()
{
    const auto refused = importText("a 1 1000\nb{ 2 1000\n");
    QVERIFY(!refused);
    QCOMPARE(refused.error().position->line, 2);
}

void TestTextImport::filesAreChecked()
{
    QTemporaryDir directory;
    const std::string path = directory.path().toStdString() + "/a.prom";
    QCOMPARE(importTextFile(path).error().message,
        path + ": cannot be opened: No such file or directory");
    writeFile(path, "a 1 1000\nb 1\n");
    QCOMPARE(importTextFile(path).error().message,
        path + ":2: a sample without a timestamp: it belongs to no time");
    QCOMPARE(importTextFile(directory.path().toStdString()).error().message,
        directory.path().toStdString() + ": not a regular file");
    writeFile(path, "a 1 1000\n");
    QVERIFY(importTextFile(path));
}

void TestTextImport::exemplarsAreKept()
{
    const auto imported
        = importText("# TYPE a counter\na_total 5 1.5 # {trace_id=\"x\"} 0.5 1.25\n# EOF\n");
    const auto exemplars = imported->store->exemplars({}, kAlways).value();
    QCOMPARE(exemplars.size(), size_t { 1 });
    QCOMPARE(exemplars[0].exemplars[0].timestampMs, int64_t { 1250 });
    QCOMPARE(exemplars[0].exemplars[0].labels.get("trace_id"), std::string_view("x"));
}

QTEST_GUILESS_MAIN(TestTextImport)
#include "tst_text_import.moc"
