// Goal: Prometheus itself agrees. Method: Debian's prometheus and `fleetglass record` scrape the
// same demo fleet at once, and 20 queries are put to both; then the recording, exported as
// OpenMetrics, becomes blocks by promtool, and a second prometheus must answer each query exactly
// as we do.
#include "tests/support/real_parts.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMap>
#include <QRegularExpression>
#include <QTest>
#include <cmath>

using namespace fleetglass;
using support::Program;
using support::runFleetglass;

namespace {

// How far apart two scrapers may be: their scrapes are up to a second apart.
enum class Agreement
{
    Exact,
    Near
};

struct Query
{
    const char* text;
    Agreement live;
};

const Query kQueries[] = {
    { "up", Agreement::Exact },
    { "count by (job) (up)", Agreement::Exact },
    { "sum by (job) (up == 1)", Agreement::Exact },
    { "etcha_sources_shells{instance=\"web-07:4000\"} == 1", Agreement::Exact },
    { "changes(etcha_sources_total[2m]) != 0", Agreement::Exact },
    { "process_max_fds", Agreement::Exact },
    { "awx_hosts_total", Agreement::Exact },
    { "awx_instance_capacity - 100", Agreement::Exact },
    { "restic_session_success", Agreement::Exact },
    { "count(restic_session_fail == 0) by (namespace)", Agreement::Exact },
    { "label_replace(synse_registered_devices, \"host\", \"$1\", \"instance\", \"(.*):.*\")",
        Agreement::Exact },
    { "topk(2, awx_license_instance_total)", Agreement::Exact },
    { "go_info * on (instance) group_left (job) (up == 1)", Agreement::Exact },
    { "sum(rate(synse_http_request_count_total[10s])) by (instance)", Agreement::Near },
    { "histogram_quantile(0.5, sum by (le) (rate(synse_http_request_latency_sec_bucket[10s])))",
        Agreement::Near },
    { "histogram_quantile(0.95, sum by (instance, le) "
      "(rate(synse_grpc_request_latency_sec_bucket[10s])))",
        Agreement::Near },
    { "rate(process_cpu_seconds_total{job=\"synse-server\"}[10s])", Agreement::Near },
    { "increase(apiserver_request_count[10s])", Agreement::Near },
    { "avg_over_time(go_memstats_alloc_bytes{job=\"etcha\"}[10s])", Agreement::Near },
    { "synse_http_request_latency_sec_sum / synse_http_request_latency_sec_count",
        Agreement::Near },
};

using Vector = QMap<QString, double>; // By the series' labels as JSON.

Vector vectorOf(const QByteArray& json)
{
    Vector vector;
    const QJsonObject answer = QJsonDocument::fromJson(json).object();
    const QJsonArray result
        = answer.value(QStringLiteral("data")).toObject().value(QStringLiteral("result")).toArray();
    for (const QJsonValue& entry : result) {
        const QJsonObject series = entry.toObject();
        const QString labels
            = QString::fromUtf8(QJsonDocument(series.value(QStringLiteral("metric")).toObject())
                                    .toJson(QJsonDocument::Compact));
        vector[labels]
            = series.value(QStringLiteral("value")).toArray().at(1).toString().toDouble();
    }
    return vector;
}

bool agree(double a, double b, Agreement agreement)
{
    if (std::isnan(a) || std::isnan(b))
        return std::isnan(a) && std::isnan(b);
    const double tolerance = agreement == Agreement::Exact ? 1e-9 : 0.15;
    return std::fabs(a - b) <= tolerance * std::max(std::fabs(a), std::fabs(b));
}

QString differenceOf(const Vector& ours, const Vector& theirs, Agreement agreement)
{
    if (ours.keys() != theirs.keys())
        return QStringLiteral("%1 series here, %2 there\n%3\n%4")
            .arg(ours.size())
            .arg(theirs.size())
            .arg(ours.keys().join(QLatin1Char('\n')), theirs.keys().join(QLatin1Char('\n')));
    for (auto it = ours.begin(); it != ours.end(); ++it) {
        if (!agree(it.value(), theirs[it.key()], agreement))
            return QStringLiteral("%1: %2 here, %3 there")
                .arg(it.key())
                .arg(it.value())
                .arg(theirs[it.key()]);
    }
    return {};
}

} // namespace

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
    std::unique_ptr<Program> startPrometheus(const QString& config, const QString& data, int port);
    QByteArray ask(const QString& source, const QString& query) const;

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

std::unique_ptr<Program> TestJudge::startPrometheus(
    const QString& config, const QString& data, int port)
{
    auto program = std::make_unique<Program>(Program::find(QStringLiteral("prometheus")),
        QStringList { QStringLiteral("--config.file=") + config,
            QStringLiteral("--storage.tsdb.path=") + data,
            QStringLiteral("--storage.tsdb.retention.time=10y"),
            QStringLiteral("--web.listen-address=127.0.0.1:%1").arg(port) });
    if (!support::waitForPort(port))
        qWarning("%s", program->process().readAll().constData());
    return program;
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

QByteArray TestJudge::ask(const QString& source, const QString& query) const
{
    const auto answer = runFleetglass({ QStringLiteral("query"), QStringLiteral("instant"), source,
        query, QStringLiteral("--time"), QString::number(m_timeS), QStringLiteral("--format"),
        QStringLiteral("json") });
    if (answer.exitCode != 0)
        qWarning("%s", answer.errors.constData());
    return answer.output;
}

void TestJudge::prometheusScrapingTheSameTargetsAgrees()
{
    QFETCH(QString, query);
    QFETCH(int, live);
    const Vector ours = vectorOf(ask(file("recording"), query));
    const Vector theirs
        = vectorOf(ask(QStringLiteral("http://127.0.0.1:%1").arg(m_livePort), query));
    // Whether a source ran within two minutes hangs on the moment.
    QVERIFY(!theirs.isEmpty() || query.startsWith(QStringLiteral("changes")));
    const QString difference = differenceOf(ours, theirs, static_cast<Agreement>(live));
    QVERIFY2(difference.isEmpty(), qPrintable(difference));
}

void TestJudge::prometheusReadingOurExportAgreesExactly()
{
    QFETCH(QString, query);
    const Vector ours = vectorOf(ask(file("recording"), query));
    const Vector theirs
        = vectorOf(ask(QStringLiteral("http://127.0.0.1:%1").arg(m_blocksPort), query));
    // Whether a source ran within two minutes hangs on the moment.
    QVERIFY(!theirs.isEmpty() || query.startsWith(QStringLiteral("changes")));
    const QString difference = differenceOf(ours, theirs, Agreement::Exact);
    QVERIFY2(difference.isEmpty(), qPrintable(difference));
}

QTEST_GUILESS_MAIN(TestJudge)
#include "tst_judge.moc"
