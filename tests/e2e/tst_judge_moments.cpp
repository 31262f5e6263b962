// Goal: fed the same moments, Prometheus agrees to the last digit, rates too. Method: the demo
// fleet's pages stand still for three seconds at a time and carry the moment they show, so two
// scrapers that come at different times store the same samples at the same timestamps.
#include "core/demo/simulation.h"
#include "tests/e2e/judge.h"
#include "tests/support/fault_server.h"
#include "tests/support/real_parts.h"

#include <QDateTime>
#include <QTest>
#include <map>
#include <mutex>

using namespace fleetglass;
using judge::Agreement;
using judge::Vector;

namespace {

constexpr int64_t kStepMs = 3000;

std::string withTimestamps(const std::string& page, int64_t timestampMs)
{
    std::string text;
    size_t start = 0;
    while (start < page.size()) {
        const size_t end = std::min(page.find('\n', start), page.size());
        const std::string line = page.substr(start, end - start);
        text += line;
        if (!line.empty() && line.front() != '#')
            text += ' ' + std::to_string(timestampMs);
        text += '\n';
        start = end + 1;
    }
    return text;
}

// The simulated hosts, one path each.
class SteppingFleet
{
public:
    explicit SteppingFleet(int64_t liveMs)
        : m_simulation(7, liveMs)
        , m_server([this](auto& connection, const auto& request) { answer(connection, request); })
    {
    }

    QByteArray config() const
    {
        QByteArray text = "global:\n  scrape_interval: 1s\n  scrape_timeout: 1s\nscrape_configs:\n";
        std::string job;
        for (const demo::Host& host : demo::Simulation::hosts()) {
            if (host.job != job) {
                job = host.job;
                text += "- job_name: " + QByteArray::fromStdString(job) + "\n  honor_labels: "
                    + (job == "stash-pushgateway" ? "true" : "false") + "\n  static_configs:\n";
            }
            text += "  - targets: ['" + QByteArray::fromStdString(m_server.address())
                + "']\n    labels: {__metrics_path__: '/" + QByteArray::fromStdString(host.name)
                + '/' + QByteArray::fromStdString(host.job) + "', instance: '"
                + QByteArray::fromStdString(host.name) + ':' + QByteArray::number(host.port)
                + "'}\n";
        }
        return text;
    }

private:
    void answer(test::FaultConnection& connection, const test::ReceivedRequest& request)
    {
        const std::string host = request.path.substr(1);
        const int64_t nowMs = QDateTime::currentMSecsSinceEpoch();
        switch (m_simulation.answerOf(host, nowMs)) {
        case demo::Answer::Hangs:
            connection.hang();
            return;
        case demo::Answer::Unauthorized:
            connection.send(test::httpAnswer("", "text/plain", "401 Unauthorized"));
            return;
        default:
            connection.send(test::httpAnswer(pageAt(host)));
        }
    }

    std::string pageAt(const std::string& host)
    {
        const std::lock_guard lock(m_mutex);
        // Read under the lock: the fleet moves forward only.
        const int64_t momentMs = QDateTime::currentMSecsSinceEpoch() / kStepMs * kStepMs;
        auto& [pageMs, text] = m_pages[host];
        if (pageMs != momentMs) {
            text = withTimestamps(m_simulation.page(host, momentMs).text(), momentMs);
            pageMs = momentMs;
        }
        return text;
    }

    demo::Simulation m_simulation;
    std::mutex m_mutex;
    std::map<std::string, std::pair<int64_t, std::string>> m_pages;
    test::FaultServer m_server; // Last: its threads use the others.
};

// No sample may stand on the far edge of a range: the judge's ranges are closed there (2.x), ours
// are open (3.x).
qint64 betweenSteps(qint64 timeS)
{
    constexpr qint64 kStepS = kStepMs / 1000;
    for (const qint64 range : { 10, 120 })
        timeS -= (timeS - range) % kStepS == 0 ? 1 : 0;
    return timeS;
}

} // namespace

class TestJudgeMoments : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void prometheusFedTheSameMomentsAgreesExactly_data();
    void prometheusFedTheSameMomentsAgreesExactly();

private:
    QString file(const char* name) const { return m_folder.filePath(QLatin1String(name)); }

    QTemporaryDir m_folder;
    SteppingFleet m_fleet { QDateTime::currentMSecsSinceEpoch() };
    std::unique_ptr<support::Program> m_prometheus;
    int m_port = support::freePort();
    qint64 m_timeS = 0;
};

void TestJudgeMoments::initTestCase()
{
    support::writeText(file("fleet.yml"), m_fleet.config());
    m_prometheus = judge::startPrometheus(file("fleet.yml"), file("theirs"), m_port);
    const auto recorded = support::runFleetglass({ QStringLiteral("record"), file("fleet.yml"),
        QStringLiteral("--for"), QStringLiteral("28s"), QStringLiteral("--data"), file("ours") });
    QVERIFY2(recorded.exitCode == 0, recorded.errors.constData());
    m_timeS = betweenSteps(QDateTime::currentSecsSinceEpoch() - 6);
}

void TestJudgeMoments::prometheusFedTheSameMomentsAgreesExactly_data()
{
    QTest::addColumn<QString>("query");
    for (const judge::Query& query : judge::kQueries)
        QTest::newRow(query.text) << QString::fromLatin1(query.text);
}

void TestJudgeMoments::prometheusFedTheSameMomentsAgreesExactly()
{
    QFETCH(QString, query);
    const Vector ours = judge::vectorOf(judge::ask(file("ours"), query, m_timeS));
    const Vector theirs = judge::vectorOf(judge::ask(judge::addressOf(m_port), query, m_timeS));
    QVERIFY(!theirs.isEmpty() || query.startsWith(QStringLiteral("changes")));
    const QString difference = judge::differenceOf(ours, theirs, Agreement::Exact);
    QVERIFY2(difference.isEmpty(), qPrintable(difference));
}

QTEST_GUILESS_MAIN(TestJudgeMoments)
#include "tst_judge_moments.moc"
