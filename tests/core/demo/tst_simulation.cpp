#include "core/demo/scenario.h"
#include "core/demo/simulation.h"

#include <QTest>
#include <set>

using namespace fleetglass::demo;

namespace {

constexpr int64_t kLiveMs = 1'700'000'000'000;

std::string pageAt(const Simulation& simulation, const char* host, int64_t secondsSinceLive)
{
    return simulation.page(host, kLiveMs + secondsSinceLive * 1000).text();
}

} // namespace

class TestSimulation : public QObject
{
    Q_OBJECT

private slots:
    void theSameSeedGivesTheSamePages();
    void anotherSeedGivesOtherPages();
    void aShellOpensAndClosesWithinFiveSeconds();
    void countersNeverFall();
    void thereAreTwelveHosts();
    void jsonHoldsTheFamiliesOfTheText();
};

void TestSimulation::theSameSeedGivesTheSamePages()
{
    const Simulation a(7, kLiveMs);
    const Simulation b(7, kLiveMs);
    // One is asked every second, the other once.
    for (int second = -60; second < 30; ++second)
        (void)pageAt(a, "web-07/etcha", second);
    QCOMPARE(pageAt(a, "web-07/etcha", 30), pageAt(b, "web-07/etcha", 30));
    QCOMPARE(pageAt(a, "synse-01/synse-server", 30), pageAt(b, "synse-01/synse-server", 30));
}

void TestSimulation::anotherSeedGivesOtherPages()
{
    QVERIFY(pageAt(Simulation(1, kLiveMs), "web-07/etcha", 0)
        != pageAt(Simulation(2, kLiveMs), "web-07/etcha", 0));
}

void TestSimulation::aShellOpensAndClosesWithinFiveSeconds()
{
    const Simulation simulation(1, kLiveMs);
    const std::string shell = "etcha_sources_shells{name=\"debug\",public_key=\"ops-lena-2024\"";
    const auto valueAt = [&](int64_t second) {
        const std::string page = pageAt(simulation, "web-01/etcha", second);
        const size_t at = page.find(shell);
        return at == std::string::npos ? '-' : page[page.find('\n', at) - 1];
    };
    QCOMPARE(valueAt(0), '-');
    QCOMPARE(valueAt(2), '1');
    QCOMPARE(valueAt(5), '0');
}

void TestSimulation::countersNeverFall()
{
    const Simulation simulation(3, kLiveMs);
    double last = 0;
    for (int64_t second = -3600; second <= 0; second += 60) {
        const std::string page = pageAt(simulation, "synse-03/synse-server", second);
        const std::string name = "synse_grpc_message_sent_total{";
        const size_t at = page.find('}', page.find(name)) + 2;
        const double value = std::stod(page.substr(at));
        QVERIFY(value >= last);
        last = value;
    }
    QVERIFY(last > 5000);
}

void TestSimulation::thereAreTwelveHosts()
{
    std::set<std::string> names;
    for (const Host& host : Simulation::hosts())
        names.insert(host.name);
    QCOMPARE(names.size(), size_t(12));
}

void TestSimulation::jsonHoldsTheFamiliesOfTheText()
{
    const Simulation simulation(1, kLiveMs);
    const std::string json = simulation.page("awx-01/controller", kLiveMs).awxJson();
    QVERIFY(
        json.find(
            "\"awx_pending_jobs_total\":{\"help_text\":\"Number of pending jobs on the system\","
            "\"type\":\"gauge\",\"samples\":[{\"labels\":{},\"value\":")
        != std::string::npos);
}

QTEST_GUILESS_MAIN(TestSimulation)
#include "tst_simulation.moc"
