// Goal: Prometheus itself agrees. Method: Debian's prometheus and `fleetglass record` scrape the
// same demo fleet at once, and 20 queries are put to both; then the recording, exported as
// OpenMetrics, becomes blocks by promtool, and a second prometheus must answer each query exactly
// as we do.
#include "tests/e2e/judge.h"
#include "tests/support/real_parts.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QRegularExpression>
#include <QTest>

using namespace fleetglass;
using judge::addressOf;
using judge::Agreement;
using judge::ask;
using judge::differenceOf;
using judge::kQueries;
using judge::Query;
using judge::startPrometheus;
using judge::Vector;
using judge::vectorOf;
using support::Program;
using support::runFleetglass;

class TestJudge : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void prometheusScrapingTheSameTargetsAgrees_data() { queryRows(); }
    void prometheusScrapingTheSameTargetsAgrees();
    void prometheusReadingOurExportAgreesExactly_data() { queryRows(); }
    void prometheusReadingOurExportAgreesExactly();

private:
    static void queryRows();
    QString file(const char* name) const { return m_folder.filePath(QLatin1String(name)); }

    QTemporaryDir m_folder;
    std::unique_ptr<Program> m_demo;
    std::unique_ptr<Program> m_live;
    std::unique_ptr<Program> m_blocks;
    int m_livePort = support::freePort();
    int m_blocksPort = support::freePort();
    qint64 m_timeS = 0;
};

void TestJudge::queryRows()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<int>("live");
    for (const Query& query : kQueries)
        QTest::newRow(query.text) << QString::fromLatin1(query.text) << int(query.live);
}

void TestJudge::initTestCase()
{
    m_demo = std::make_unique<Program>(support::fleetglassPath(),
        QStringList { QStringLiteral("demo-fleet"), QStringLiteral("--print-config") });
    QByteArray config;
    QElapsedTimer timer;
    timer.start();
    while (!config.contains("instance: awx-02:443") && timer.elapsed() < 20'000) {
        m_demo->process().waitForReadyRead(200);
        config += m_demo->process().readAll();
    }
    QVERIFY2(config.contains("instance: awx-02:443"), config.constData());
    support::writeText(file("demo.yml"), config);

    // Prometheus 2.42 knows no inline CA.
    QString theirs = QString::fromUtf8(config);
    static const QRegularExpression kInline(
        QStringLiteral("    ca: \\|\\n((?:      [^\\n]*\\n)+)"));
    const auto match = kInline.match(theirs);
    QVERIFY(match.hasMatch());
    QString pem = match.captured(1);
    support::writeText(file("ca.pem"), pem.replace(QStringLiteral("      "), QString()).toUtf8());
    theirs.replace(kInline, QStringLiteral("    ca_file: %1\n").arg(file("ca.pem")));
    support::writeText(file("prometheus.yml"), theirs.toUtf8());
    m_live = startPrometheus(file("prometheus.yml"), file("live"), m_livePort);

    const auto recorded
        = runFleetglass({ QStringLiteral("record"), file("demo.yml"), QStringLiteral("--for"),
            QStringLiteral("25s"), QStringLiteral("--data"), file("recording") });
    QVERIFY2(recorded.exitCode == 0, recorded.errors.constData());
    m_timeS = QDateTime::currentSecsSinceEpoch() - 3;

    const auto exported = runFleetglass({ QStringLiteral("snapshot"),
        file("recording/recording.fgsnap"), QStringLiteral("--output"), file("recording.om") });
    QVERIFY2(exported.exitCode == 0, exported.errors.constData());
    QProcess promtool;
    promtool.setProcessChannelMode(QProcess::MergedChannels);
    promtool.start(Program::find(QStringLiteral("promtool")),
        { QStringLiteral("tsdb"), QStringLiteral("create-blocks-from"),
            QStringLiteral("openmetrics"), file("recording.om"), file("blocks") });
    QVERIFY(promtool.waitForFinished(60'000));
    QVERIFY2(promtool.exitCode() == 0, promtool.readAll().constData());
    support::writeText(file("empty.yml"), "scrape_configs: []\n");
    m_blocks = startPrometheus(file("empty.yml"), file("blocks"), m_blocksPort);
}

void TestJudge::prometheusScrapingTheSameTargetsAgrees()
{
    QFETCH(QString, query);
    QFETCH(int, live);
    const Vector ours = vectorOf(ask(file("recording"), query, m_timeS));
    const Vector theirs = vectorOf(ask(addressOf(m_livePort), query, m_timeS));
    // Whether a source ran within two minutes hangs on the moment.
    QVERIFY(!theirs.isEmpty() || query.startsWith(QStringLiteral("changes")));
    const QString difference = differenceOf(ours, theirs, static_cast<Agreement>(live));
    QVERIFY2(difference.isEmpty(), qPrintable(difference));
}

void TestJudge::prometheusReadingOurExportAgreesExactly()
{
    QFETCH(QString, query);
    const Vector ours = vectorOf(ask(file("recording"), query, m_timeS));
    const Vector theirs = vectorOf(ask(addressOf(m_blocksPort), query, m_timeS));
    // Whether a source ran within two minutes hangs on the moment.
    QVERIFY(!theirs.isEmpty() || query.startsWith(QStringLiteral("changes")));
    const QString difference = differenceOf(ours, theirs, Agreement::Exact);
    QVERIFY2(difference.isEmpty(), qPrintable(difference));
}

QTEST_GUILESS_MAIN(TestJudge)
#include "tst_judge.moc"
