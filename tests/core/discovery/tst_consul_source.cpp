// Goal: the services of a Consul agent become the targets and meta labels of Prometheus' consul_sd,
// changes come by blocking queries, and an agent that fails costs no target.
// Method: an agent of our own on loopback; the clock is held where time matters.
#include "core/discovery/consul_requests.h"
#include "core/discovery/consul_source.h"
#include "core/discovery/consul_targets.h"
#include "core/discovery/discoverer.h"
#include "tests/support/consul_agent.h"
#include "tests/support/fake_clock.h"
#include "tests/support/group_text.h"
#include "tests/support/live_transport.h"

#include <QTemporaryDir>
#include <QTest>

using namespace fleetglass;
using namespace fleetglass::discovery;
using namespace fleetglass::test;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Lines = std::vector<std::string>;

namespace {

ConsulOptions optionsFor(const ConsulAgent& agent)
{
    ConsulOptions options;
    options.server = agent.server().address();
    return options;
}

std::vector<JobDiscovery> jobOf(const ConsulOptions& options)
{
    JobDiscovery job { "consul", {} };
    job.options.consul.push_back(options);
    return { job };
}

JobGroups found(const ConsulOptions& options)
{
    LiveTransport live;
    const SystemClock clock;
    Discoverer discoverer(live.transport(), clock, {}, {});
    discoverer.apply(jobOf(options));
    discoverer.settle(seconds(30));
    return discoverer.groups().at(0);
}

ConsulInstance instance(const std::string& service, const std::string& nodeAddress,
    std::vector<std::string> tags = {}, const std::string& nodeMeta = "{}")
{
    ConsulInstance result;
    result.service = service;
    result.nodeAddress = nodeAddress;
    result.tags = std::move(tags);
    result.nodeMeta = nodeMeta;
    return result;
}

Lines addressesOf(const JobGroups& groups)
{
    Lines addresses;
    for (const TargetGroup& group : groups.groups)
        addresses.push_back(group.targets.at(0));
    return addresses;
}

// A discoverer that runs, so that watches are answered as they come.
class Running
{
public:
    explicit Running(const ConsulOptions& options)
        : m_discoverer(m_live.transport(), m_clock, {}, {})
    {
        m_discoverer.apply(jobOf(options));
        m_thread = std::jthread([this](std::stop_token stop) { m_discoverer.run(stop); });
    }

    JobGroups groups() const { return m_discoverer.groups().at(0); }
    FakeClock& clock() { return m_clock; }
    void look() { m_discoverer.tick(); }

private:
    LiveTransport m_live;
    FakeClock m_clock;
    Discoverer m_discoverer;
    std::jthread m_thread;
};

} // namespace

class TestConsulSource : public QObject
{
    Q_OBJECT
private slots:
    void everyMetaLabelIsThere();
    void theWorstCheckIsTheHealth_data();
    void theWorstCheckIsTheHealth();
    void servicesOfTheCatalogAreFound();
    void namedServicesAreAskedForAlone();
    void tagsAndNodeMetadataChoose();
    void everyOptionIsInTheQuery();
    void theTokenTravelsInItsHeader();
    void tlsAndUserAreThoseOfTheClient();
    void aPathInFrontOfTheApiIsKept_data();
    void aPathInFrontOfTheApiIsKept();
    void aSocketFileIsSpokenTo();
    void aChangeComesByTheBlockingQuery();
    void aServiceThatLeavesTheCatalogLosesItsTargets();
    void anAgentThatFailsKeepsItsTargets();
    void anIndexThatGoesBackIsFollowed();
    void failuresSayWhatAndWhere();
    void anAgentWithoutADatacenterIsNamed();
    void anUnknownSchemeIsRefused();
};

void TestConsulSource::everyMetaLabelIsThere()
{
    ConsulInstance web = instance(
        "web", "10.0.0.1", { "a", "b" }, R"({"rack": "r-1", "consul-network-segment": ""})");
    web.id = "web-1";
    web.address = "192.168.0.9";
    web.port = 9100;
    web.checks = R"([{"CheckID": "service:web", "Status": "passing"}])";
    web.serviceMeta = R"({"version.x": "2"})";
    web.taggedAddresses = R"({"lan": "10.0.0.1", "wan_ipv4": "203.0.113.5"})";
    web.nameSpace = "ns1";
    web.partition = "part1";
    ConsulAgent agent;
    agent.set({ web, instance("web", "fd00::1") });
    const JobGroups groups = found(optionsFor(agent));
    QCOMPARE(groups.errors, Lines());
    QCOMPARE(addressesOf(groups), (Lines { "192.168.0.9:9100", "[fd00::1]:8080" }));
    QCOMPARE(groups.groups[0].source, std::string("web"));
    QCOMPARE(labelLines(groups.groups[0]),
        std::string("__address__=192.168.0.9:9100\n"
                    "__meta_consul_address=10.0.0.1\n"
                    "__meta_consul_dc=dc1\n"
                    "__meta_consul_health=passing\n"
                    "__meta_consul_metadata_rack=r-1\n"
                    "__meta_consul_namespace=ns1\n"
                    "__meta_consul_node=node1\n"
                    "__meta_consul_partition=part1\n"
                    "__meta_consul_service=web\n"
                    "__meta_consul_service_address=192.168.0.9\n"
                    "__meta_consul_service_id=web-1\n"
                    "__meta_consul_service_metadata_version_x=2\n"
                    "__meta_consul_service_port=9100\n"
                    "__meta_consul_tagged_address_lan=10.0.0.1\n"
                    "__meta_consul_tagged_address_wan_ipv4=203.0.113.5\n"
                    "__meta_consul_tags=,a,b,\n"));
    // No tags: the separator still stands on both sides.
    QVERIFY(labelLines(groups.groups[1]).find("__meta_consul_tags=,,\n") != std::string::npos);
}

void TestConsulSource::theWorstCheckIsTheHealth_data()
{
    QTest::addColumn<QByteArray>("checks");
    QTest::addColumn<QByteArray>("health");
    const auto row = [](const char* checks, const char* health) {
        QTest::newRow(checks) << QByteArray(checks) << QByteArray(health);
    };
    row(R"([])", "passing");
    row(R"([{"Status": "passing"}, {"Status": "warning"}])", "warning");
    row(R"([{"Status": "warning"}, {"Status": "critical"}, {"Status": "passing"}])", "critical");
    row(R"([{"Status": "critical"}, {"CheckID": "_node_maintenance", "Status": "critical"}])",
        "maintenance");
    row(R"([{"CheckID": "_service_maintenance:web", "Status": "passing"}])", "maintenance");
    row(R"([{"Status": "critical"}, {"Status": "odd"}])", "");
}

void TestConsulSource::theWorstCheckIsTheHealth()
{
    QFETCH(QByteArray, checks);
    QFETCH(QByteArray, health);
    QCOMPARE(
        QByteArray::fromStdString(aggregatedHealth(Json::parse(checks.toStdString()))), health);
}

void TestConsulSource::servicesOfTheCatalogAreFound()
{
    ConsulAgent agent;
    agent.set({ instance("web", "10.0.0.1"), instance("db/main", "10.0.0.2"),
        instance("web", "10.0.0.3") });
    QCOMPARE(addressesOf(found(optionsFor(agent))),
        (Lines { "10.0.0.2:8080", "10.0.0.1:8080", "10.0.0.3:8080" }));
}

void TestConsulSource::namedServicesAreAskedForAlone()
{
    ConsulAgent agent;
    agent.set({ instance("web", "10.0.0.1"), instance("db", "10.0.0.2") });
    ConsulOptions options = optionsFor(agent);
    options.services = { "db" };
    options.datacenter = "dc7";
    const JobGroups groups = found(options);
    QCOMPARE(addressesOf(groups), Lines { "10.0.0.2:8080" });
    QVERIFY(labelLines(groups.groups[0]).find("__meta_consul_dc=dc7\n") != std::string::npos);
    // Neither the agent's datacenter nor the catalog is needed.
    for (const ReceivedRequest& request : agent.server().requests())
        QVERIFY2(
            request.path.starts_with("/v1/health/service/db?dc=dc7&stale="), request.path.c_str());
}

void TestConsulSource::tagsAndNodeMetadataChoose()
{
    ConsulAgent agent;
    agent.set({ instance("web", "10.0.0.1", { "a", "b" }), instance("web", "10.0.0.2", { "a" }),
        instance("db", "10.0.0.3", { "b" }),
        instance("web", "10.0.0.4", { "a", "b" }, R"({"rack": "r1"})") });
    ConsulOptions options = optionsFor(agent);
    options.tags = { "a", "b" };
    QCOMPARE(addressesOf(found(options)), (Lines { "10.0.0.1:8080", "10.0.0.4:8080" }));
    options.nodeMeta = { { "rack", "r1" } };
    QCOMPARE(addressesOf(found(options)), (Lines { "10.0.0.4:8080" }));
}

void TestConsulSource::everyOptionIsInTheQuery()
{
    ConsulOptions options;
    options.datacenter = "dc2";
    options.nameSpace = "n s";
    options.partition = "p";
    options.nodeMeta = { { "rack", "r1" }, { "zone", "z" } };
    options.tags = { "a", "b" };
    options.filter = "ServiceName == web";
    options.healthFilter = "Service.Port > 0";
    const ConsulRequests requests(options);
    QCOMPARE(requests.catalog(0).url,
        std::string("http://localhost:8500/v1/catalog/services?dc=dc2&ns=n+s&partition=p&stale="
                    "&node-meta=rack%3Ar1&node-meta=zone%3Az&filter=ServiceName+%3D%3D+web"));
    QCOMPARE(requests.service("w b/1", 42).url,
        std::string("http://localhost:8500/v1/health/service/w%20b%2F1?dc=dc2&ns=n+s&partition=p"
                    "&stale=&index=42&wait=120000ms&node-meta=rack%3Ar1&node-meta=zone%3Az"
                    "&tag=a&tag=b&filter=Service.Port+%3E+0"));
    QVERIFY(requests.service("web", 42).timeout > seconds(120));
    options = {};
    options.allowStale = false;
    QCOMPARE(ConsulRequests(options).catalog(0).url,
        std::string("http://localhost:8500/v1/catalog/services"));
}

void TestConsulSource::theTokenTravelsInItsHeader()
{
    ConsulAgent agent({ "dc1", "s3cret-token", {}, {} });
    agent.set({ instance("web", "10.0.0.1") });
    ConsulOptions options = optionsFor(agent);
    options.token = Secret("s3cret-token");
    QCOMPARE(addressesOf(found(options)), Lines { "10.0.0.1:8080" });
    options.token = Secret("other-token");
    const JobGroups refused = found(options);
    QVERIFY2(refused.errors.at(0).find("403") != std::string::npos
            && refused.errors.at(0).ends_with(": Permission denied"),
        refused.errors.at(0).c_str());
    QVERIFY(refused.errors.at(0).find("other-token") == std::string::npos);
}

void TestConsulSource::tlsAndUserAreThoseOfTheClient()
{
    const TestAuthority authority("Consul CA");
    ConsulAgentOptions wanted;
    wanted.server.certificate = authority.issue({});
    ConsulAgent agent(wanted);
    agent.set({ instance("web", "10.0.0.1") });
    ConsulOptions options = optionsFor(agent);
    options.scheme = "https";
    options.client.tls.ca = authority.pem();
    options.username = "me";
    options.password = Secret("pw");
    QCOMPARE(addressesOf(found(options)), Lines { "10.0.0.1:8080" });
    QCOMPARE(
        agent.server().requests().at(0).header("Authorization"), std::string("Basic bWU6cHc="));
}

void TestConsulSource::aPathInFrontOfTheApiIsKept_data()
{
    QTest::addColumn<QByteArray>("server"); // ADDRESS stands for the agent's.
    QTest::addColumn<QByteArray>("prefix");
    QTest::newRow("path_prefix") << QByteArray("ADDRESS") << QByteArray("/consul");
    QTest::newRow("without a slash") << QByteArray("ADDRESS") << QByteArray("consul/");
    QTest::newRow("in the server") << QByteArray("http://ADDRESS/consul") << QByteArray();
}

void TestConsulSource::aPathInFrontOfTheApiIsKept()
{
    QFETCH(QByteArray, server);
    QFETCH(QByteArray, prefix);
    ConsulAgent agent({ "dc1", {}, "/consul", {} });
    agent.set({ instance("web", "10.0.0.1") });
    ConsulOptions options;
    options.server = server.replace("ADDRESS", QByteArray::fromStdString(agent.server().address()))
                         .toStdString();
    options.pathPrefix = prefix.toStdString();
    QCOMPARE(addressesOf(found(options)), Lines { "10.0.0.1:8080" });
}

void TestConsulSource::aSocketFileIsSpokenTo()
{
    const QTemporaryDir folder;
    const std::string path = folder.filePath(QStringLiteral("consul.sock")).toStdString();
    ConsulAgentOptions wanted;
    wanted.server.unixSocket = path;
    ConsulAgent agent(wanted);
    agent.set({ instance("web", "10.0.0.1") });
    ConsulOptions options;
    options.server = "unix://" + path;
    QCOMPARE(addressesOf(found(options)), Lines { "10.0.0.1:8080" });
}

void TestConsulSource::aChangeComesByTheBlockingQuery()
{
    ConsulAgent agent;
    agent.set({ instance("web", "10.0.0.1") });
    Running running(optionsFor(agent));
    QTRY_COMPARE(addressesOf(running.groups()), Lines { "10.0.0.1:8080" });
    running.clock().advance(seconds(30));
    running.look();
    QTRY_COMPARE(agent.blocked(), 2); // The catalog and the service.
    agent.set({ instance("web", "10.0.0.1"), instance("web", "10.0.0.2") });
    QTRY_COMPARE(addressesOf(running.groups()), (Lines { "10.0.0.1:8080", "10.0.0.2:8080" }));
}

void TestConsulSource::aServiceThatLeavesTheCatalogLosesItsTargets()
{
    ConsulAgent agent;
    agent.set({ instance("web", "10.0.0.1"), instance("db", "10.0.0.2") });
    Running running(optionsFor(agent));
    QTRY_COMPARE(running.groups().groups.size(), size_t { 2 });
    running.clock().advance(seconds(30));
    running.look();
    QTRY_COMPARE(agent.blocked(), 3);
    agent.set({ instance("web", "10.0.0.1") });
    QTRY_COMPARE(addressesOf(running.groups()), Lines { "10.0.0.1:8080" });
}

void TestConsulSource::anAgentThatFailsKeepsItsTargets()
{
    ConsulAgent agent;
    agent.set({ instance("web", "10.0.0.1") });
    Running running(optionsFor(agent));
    QTRY_COMPARE(addressesOf(running.groups()), Lines { "10.0.0.1:8080" });
    agent.fail("500 Internal Server Error", "No cluster leader");
    running.clock().advance(seconds(30));
    running.look();
    QTRY_COMPARE(running.groups().errors.size(), size_t { 2 });
    QVERIFY(running.groups().errors[0].ends_with(": No cluster leader"));
    QCOMPARE(addressesOf(running.groups()), Lines { "10.0.0.1:8080" });
    agent.fail({}, {});
    agent.set({ instance("web", "10.0.0.5") });
    running.clock().advance(seconds(14));
    running.look();
    QCOMPARE(running.groups().errors.size(), size_t { 2 });
    running.clock().advance(seconds(16));
    running.look();
    QTRY_COMPARE(addressesOf(running.groups()), Lines { "10.0.0.5:8080" });
    QTRY_COMPARE(running.groups().errors, Lines());
}

void TestConsulSource::anIndexThatGoesBackIsFollowed()
{
    ConsulAgent agent;
    agent.set({ instance("web", "10.0.0.1") });
    Running running(optionsFor(agent));
    QTRY_COMPARE(addressesOf(running.groups()), Lines { "10.0.0.1:8080" });
    agent.set({ instance("web", "10.0.0.8") });
    agent.rewind();
    running.clock().advance(seconds(30));
    running.look();
    QTRY_COMPARE(addressesOf(running.groups()), Lines { "10.0.0.8:8080" });
}

void TestConsulSource::failuresSayWhatAndWhere()
{
    ConsulOptions options;
    options.server = "127.0.0.1:" + std::to_string(closedPort());
    const JobGroups self = found(options);
    QVERIFY2(self.errors.at(0).starts_with(
                 "http://" + options.server + ": error retrieving datacenter name: "),
        self.errors.at(0).c_str());
    options.datacenter = "dc1";
    const JobGroups catalog = found(options);
    QVERIFY(catalog.errors.at(0).starts_with(
        "http://" + options.server + ": error refreshing service list: "));
    options.services = { "a", "b", "c", "d", "e", "f", "g" };
    const JobGroups services = found(options);
    QVERIFY(services.errors.at(0).starts_with(
        "http://" + options.server + ": error refreshing service \"a\": "));
    QCOMPARE(services.errors.size(), size_t { 6 });
    QVERIFY(services.errors.back().ends_with(": 2 more services could not be refreshed"));
}

void TestConsulSource::anAgentWithoutADatacenterIsNamed()
{
    ConsulAgent agent({ {}, {}, {}, {} });
    QCOMPARE(found(optionsFor(agent)).errors,
        (Lines { "http://" + agent.server().address()
            + ": error retrieving datacenter name: the agent does not tell its datacenter "
              "(Config.Datacenter)" }));
}

void TestConsulSource::anUnknownSchemeIsRefused()
{
    ConsulOptions options;
    options.server = "ftp://consul:8500";
    QCOMPARE(found(options).errors,
        (Lines { "ftp://consul:8500: unknown protocol scheme ftp: use http, https or unix" }));
}

QTEST_GUILESS_MAIN(TestConsulSource)
#include "tst_consul_source.moc"
