// Goal: a production-like configuration gives the same targets, series and values as Prometheus.
// Method: ten jobs (relabelling of targets and samples, honor_labels, params, file_sd, http_sd,
// basic auth, limits) are scraped by Debian's prometheus and by `fleetglass record` at once; pages
// stand still for three seconds and carry the moment they show, so that both store the same times.
#include "tests/e2e/judge.h"
#include "tests/support/fault_server.h"
#include "tests/support/real_parts.h"

#include <QDateTime>
#include <QSet>
#include <QTest>

using namespace fleetglass;
using judge::Agreement;
using judge::Vector;

namespace {

constexpr int64_t kStepMs = 3000;

std::string pageAt(const test::ReceivedRequest& request)
{
    const int64_t momentMs = QDateTime::currentMSecsSinceEpoch() / kStepMs * kStepMs;
    const std::string at = ' ' + std::to_string(momentMs) + '\n';
    const auto step = static_cast<double>(momentMs / kStepMs % 1000);
    const std::string value = QByteArray::number(step * 1.37, 'g', 15).toStdString();
    return "# HELP requests_total Requests.\n# TYPE requests_total counter\n"
           "requests_total{code=\"200\",Method=\"GET\"} "
        + value + at + "requests_total{code=\"500\",Method=\"PUT\"} 7" + at
        + "# TYPE temperature gauge\ntemperature{job=\"own\",instance=\"mine\",room=\"a b\"} -"
        + value + at + "debug_noise{id=\"1\"} 1" + at + "debug_noise{id=\"2\"} 2" + at
        + "# TYPE seconds histogram\nseconds_bucket{le=\"0.5\"} 3" + at
        + "seconds_bucket{le=\"+Inf\"} 5" + at + "seconds_sum 2.25" + at + "seconds_count 5" + at
        + "asked{path=\"" + request.path + "\"} 1" + at;
}

void answer(test::FaultConnection& connection, const test::ReceivedRequest& request)
{
    const auto begins = [&](std::string_view start) { return request.path.rfind(start, 0) == 0; };
    if (begins("/sd"))
        connection.send(test::httpAnswer("[{\"targets\":[\"" + request.header("Host")
                + "\"],\"labels\":{\"__meta_zone\":\"z1\",\"owner\":\"web\"}}]",
            "application/json"));
    else if (begins("/login")) // "alice:open sesame"
        connection.send(request.header("Authorization") == "Basic YWxpY2U6b3BlbiBzZXNhbWU="
                ? test::httpAnswer(pageAt(request))
                : test::httpAnswer("", "text/plain", "401 Unauthorized"));
    else
        connection.send(test::httpAnswer(pageAt(request)));
}

// HERE stands for the server's address, DIR for the folder of the configuration.
constexpr const char* kConfig = R"(
global:
  scrape_interval: 1s
  scrape_timeout: 1s
  external_labels: {site: fra1}
scrape_configs:
- job_name: plain
  static_configs:
  - targets: [HERE]
    labels: {role: web, empty: ''}
- job_name: honest
  honor_labels: true
  static_configs: [{targets: [HERE]}]
- job_name: probe
  metrics_path: /probe
  params: {module: [http_2xx], target: [first, second]}
  static_configs: [{targets: ['https://example.org/a?b=c', 'example.net']}]
  relabel_configs:
  - {source_labels: [__address__], target_label: __param_target}
  - {source_labels: [__param_target], target_label: instance}
  - {target_label: __address__, replacement: HERE}
- job_name: relabelled
  static_configs:
  - targets: [HERE, '127.0.0.1:1', 'other:9100']
    labels: {__meta_datacenter: FRA-One, __meta_rack: r7, team: core}
  relabel_configs:
  - {action: drop, source_labels: [__address__], regex: '127.*:1'}
  - {action: keep, source_labels: [__address__, team], separator: '|', regex: '(127.*)\|core'}
  - {action: labelmap, regex: '__meta_(.+)', replacement: 'dc_$1'}
  - {action: lowercase, source_labels: [dc_datacenter], target_label: dc_datacenter}
  - {action: hashmod, source_labels: [team], modulus: 16, target_label: shard}
  - {source_labels: [__address__], regex: '(.*):(.*)', target_label: instance, replacement: 'host-${1}'}
  - {action: labeldrop, regex: 'team'}
- job_name: sampled
  static_configs: [{targets: [HERE]}]
  metric_relabel_configs:
  - {action: drop, source_labels: [__name__], regex: 'debug_.*'}
  - {source_labels: [__name__, code], regex: 'requests_total;(.)..', target_label: class, replacement: '${1}xx'}
  - {source_labels: [__name__], regex: 'temperature', target_label: __name__, replacement: temperature_celsius}
  - {action: labeldrop, regex: 'Method'}
  - {action: uppercase, source_labels: [room], target_label: room}
- job_name: files
  file_sd_configs: [{files: ['DIR/targets-*.json', 'DIR/targets.yml']}]
  relabel_configs:
  - {source_labels: [__meta_filepath], regex: '.*/(.*)', target_label: file}
- job_name: asked
  http_sd_configs: [{url: 'http://HERE/sd', refresh_interval: 1s}]
  relabel_configs:
  - {source_labels: [__meta_zone], target_label: zone}
- job_name: login
  metrics_path: /login
  basic_auth: {username: alice, password: open sesame}
  static_configs: [{targets: [HERE]}]
- job_name: limited
  sample_limit: 5
  static_configs: [{targets: [HERE]}]
- job_name: long-labels
  label_value_length_limit: 4
  static_configs: [{targets: [HERE]}]
)";

// Their values tell of the scraper's own speed and start.
const QSet<QString> kOwnMetrics { QStringLiteral("scrape_duration_seconds"),
    QStringLiteral("scrape_series_added") };

} // namespace

class TestSameConfig : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void targetsHaveTheSameLabels();
    void seriesAndValuesAreTheSame_data();
    void seriesAndValuesAreTheSame();

private:
    QString file(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    Vector both(const QString& source, const QString& query) const;

    QTemporaryDir m_folder;
    test::FaultServer m_server { answer };
    std::unique_ptr<support::Program> m_prometheus;
    int m_port = support::freePort();
    qint64 m_timeS = 0;
};

void TestSameConfig::initTestCase()
{
    const QString here = QString::fromStdString(m_server.address());
    support::writeText(file("targets-a.json"),
        QStringLiteral("[{\"targets\": [\"%1\"], \"labels\": {\"rack\": \"r1\"}}]")
            .arg(here)
            .toUtf8());
    support::writeText(
        file("targets.yml"), QStringLiteral("- targets: ['%1']\n").arg(here).toUtf8());
    QString config = QString::fromLatin1(kConfig);
    config.replace(QStringLiteral("HERE"), here).replace(QStringLiteral("DIR"), m_folder.path());
    support::writeText(file("prometheus.yml"), config.toUtf8());
    m_prometheus = judge::startPrometheus(file("prometheus.yml"), file("theirs"), m_port);
    const auto recorded = support::runFleetglass({ QStringLiteral("record"), file("prometheus.yml"),
        QStringLiteral("--for"), QStringLiteral("22s"), QStringLiteral("--data"), file("ours") });
    QVERIFY2(recorded.exitCode == 0, recorded.errors.constData());
    m_timeS = QDateTime::currentSecsSinceEpoch() - 6;
}

Vector TestSameConfig::both(const QString& source, const QString& query) const
{
    return judge::vectorOf(judge::ask(source, query, m_timeS));
}

void TestSameConfig::targetsHaveTheSameLabels()
{
    const Vector ours = both(file("ours"), QStringLiteral("up"));
    const Vector theirs = both(judge::addressOf(m_port), QStringLiteral("up"));
    QCOMPARE(theirs.size(), 12);
    const QString difference = judge::differenceOf(ours, theirs, Agreement::Exact);
    QVERIFY2(difference.isEmpty(), qPrintable(difference));
}

void TestSameConfig::seriesAndValuesAreTheSame_data()
{
    QTest::addColumn<QString>("job");
    for (const char* job : { "plain", "honest", "own", "probe", "relabelled", "sampled", "files",
             "asked", "login", "limited", "long-labels" })
        QTest::newRow(job) << QString::fromLatin1(job);
}

void TestSameConfig::seriesAndValuesAreTheSame()
{
    QFETCH(QString, job);
    const QString query = QStringLiteral("{job=\"%1\"}").arg(job);
    const auto compared = [&](const QString& source) {
        Vector vector = both(source, query);
        for (auto it = vector.begin(); it != vector.end();) {
            const QString name = QJsonDocument::fromJson(it.key().toUtf8())
                                     .object()
                                     .value(QStringLiteral("__name__"))
                                     .toString();
            it = kOwnMetrics.contains(name) ? vector.erase(it) : std::next(it);
        }
        return vector;
    };
    const Vector theirs = compared(judge::addressOf(m_port));
    QVERIFY(!theirs.isEmpty());
    const QString difference
        = judge::differenceOf(compared(file("ours")), theirs, Agreement::Exact);
    QVERIFY2(difference.isEmpty(), qPrintable(difference));
}

QTEST_GUILESS_MAIN(TestSameConfig)
#include "tst_same_config.moc"
