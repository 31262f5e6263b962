// Goal: what once passed is not lost. Method: each corpus of conformance cases is run where
// FLEETGLASS_CONFORMANCE names the folder that holds them, and may fail in no more cases than are
// known.
#include <QDir>
#include <QProcess>
#include <QRegularExpression>
#include <QTest>

namespace {

struct Corpus
{
    const char* name;
    int knownFailures;
};

constexpr Corpus kCorpora[] = {
    { "config", 0 },
    { "exposition", 0 },
    { "expfmt", 1 }, // proto-1: a label name that Prometheus itself takes under UTF-8 names.
    { "file-sd", 0 },
    { "http-config", 0 },
    { "model", 0 },
    { "openmetrics", 0 },
    { "promql", 0 },
    { "promql-compliance", 1 }, // avg_over_time(rate()) expects the closed ranges of 2.x.
    { "promql-engine", 0 },
    { "promql-parser", 0 },
    { "promqltest-runner", 0 },
    { "relabel", 0 },
    { "rules", 0 },
    { "template", 0 },
};

} // namespace

class TestCorpora : public QObject
{
    Q_OBJECT

private slots:
    void noCaseIsLost_data();
    void noCaseIsLost();
};

void TestCorpora::noCaseIsLost_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("knownFailures");
    for (const Corpus& corpus : kCorpora)
        QTest::newRow(corpus.name) << QString::fromLatin1(corpus.name) << corpus.knownFailures;
}

void TestCorpora::noCaseIsLost()
{
    QFETCH(QString, name);
    QFETCH(int, knownFailures);
    const QString root = qEnvironmentVariable("FLEETGLASS_CONFORMANCE");
    if (root.isEmpty() || !QDir(root).exists(name)) {
        qInfo("FLEETGLASS_CONFORMANCE names no folder with cases of %s", qPrintable(name));
        return;
    }
    QProcess tool;
    tool.start(
        qEnvironmentVariable("FLEETGLASS_BINARY_DIR") + QStringLiteral("/fleetglass-conformance"),
        { name, QDir(root).filePath(name) });
    QVERIFY(tool.waitForFinished(240'000));
    const QString output = QString::fromUtf8(tool.readAllStandardOutput());
    static const QRegularExpression kSummary(
        QStringLiteral("(\\d+) passed, (\\d+) failed, (\\d+) skipped"));
    const auto summary = kSummary.match(output);
    QVERIFY2(summary.hasMatch(), qPrintable(output));
    qInfo("%s: %s", qPrintable(name), qPrintable(summary.captured(0)));
    QVERIFY(summary.captured(1).toInt() > 0);
    QVERIFY2(summary.captured(2).toInt() <= knownFailures, qPrintable(output.right(4000)));
}

QTEST_GUILESS_MAIN(TestCorpora)
#include "tst_corpora.moc"
