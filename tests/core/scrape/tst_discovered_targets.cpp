// Goal: a configuration with each mechanism of discovery leads to scraped targets with the labels
// that its relabelling makes of the meta labels.
// Method: the way of the command line, from the text of the file to the samples, against servers of
// our own on loopback that all name the same exporter.
#include "core/config/config.h"
#include "core/config/target_groups.h"
#include "core/discovery/discoverer.h"
#include "core/dns/cares_lookup.h"
#include "core/scrape/discarding_appender.h"
#include "core/scrape/scrape_once.h"
#include "tests/support/consul_agent.h"
#include "tests/support/dns_server.h"
#include "tests/support/docker_daemon.h"
#include "tests/support/live_transport.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace fleetglass;
using namespace fleetglass::test;
using std::chrono::seconds;
using Lines = std::vector<std::string>;

namespace {

// Keeps every meta label as an ordinary one.
const char* const kKeepMeta = "  relabel_configs:\n"
                              "  - {action: labelmap, regex: __meta_(.+)}\n";

std::string jobText(const std::string& name, const std::string& discovery)
{
    return "- job_name: " + name + '\n' + discovery + kKeepMeta;
}

std::string replaced(std::string text, const std::string& word, const std::string& by)
{
    for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + by.size()))
        text.replace(at, word.size(), by);
    return text;
}

} // namespace

class TestDiscoveredTargets : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void filesLeadToTargets();
    void httpServersLeadToTargets();
    void dnsLeadsToTargets();
    void dockerLeadsToTargets();
    void swarmsLeadToTargets();
    void consulLeadsToTargets();
    void everyMechanismAtOnce();

private:
    // The labels of every target that is up, one line each.
    Lines scraped(const std::string& jobs);
    std::string here(const std::string& text) const;
    std::string docker() const;
    std::string consul() const;

    QTemporaryDir m_folder;
    FaultServer m_exporter { [](FaultConnection& connection, const ReceivedRequest&) {
        connection.send(httpAnswer("# TYPE a gauge\na 1\n"));
    } };
    DnsServer m_names;
    DockerDaemon m_docker;
    ConsulAgent m_consul;
    FaultServer m_httpSd { [this](FaultConnection& connection, const ReceivedRequest&) {
        connection.send(
            httpAnswer(here(R"([{"targets": ["127.0.0.1:PORT"], "labels": {"k": "v"}}])"),
                "application/json"));
    } };
};

// PORT stands for the exporter's.
std::string TestDiscoveredTargets::here(const std::string& text) const
{
    return replaced(text, "PORT", std::to_string(m_exporter.port()));
}

void TestDiscoveredTargets::initTestCase()
{
    QFile file(m_folder.filePath(QStringLiteral("targets.yml")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(here("- targets: ['127.0.0.1:PORT']\n  labels: {site: lab}\n").c_str());
    m_names.set("web.test.", { { DnsType::A, "127.0.0.1" } });
    m_names.set("_web._tcp.test.",
        { { DnsType::Srv, "localhost", static_cast<uint16_t>(m_exporter.port()) } });
    m_docker.set("/containers/json", here(R"([{"Id": "c1", "Names": ["/web"],
        "HostConfig": {"NetworkMode": "front"}, "Ports": [{"PrivatePort": PORT, "Type": "tcp"}],
        "NetworkSettings": {"Networks": {"front": {"NetworkID": "n1", "IPAddress": "127.0.0.1"}}}}])"));
    m_docker.set("/networks", R"([{"Id": "n1", "Name": "front", "Scope": "local"}])");
    m_docker.set("/nodes", R"([{"ID": "node1", "Status": {"State": "ready", "Addr": "127.0.0.1"},
        "Description": {"Hostname": "oxygen"}}])");
    m_docker.set("/services", here(R"([{"ID": "s1", "Spec": {"Name": "web", "Mode": {"Global": {}}},
        "Endpoint": {"Ports": [{"Protocol": "tcp", "PublishedPort": PORT, "PublishMode": "host"}],
                     "VirtualIPs": [{"NetworkID": "n1", "Addr": "127.0.0.1/8"}]}}])"));
    m_docker.set("/tasks", R"([{"ID": "t1", "ServiceID": "s1", "NodeID": "node1", "Slot": 1,
        "NetworksAttachments": [{"Network": {"ID": "n1"}, "Addresses": ["127.0.0.1/8"]}]}])");
    ConsulInstance web;
    web.nodeAddress = "127.0.0.1";
    web.port = m_exporter.port();
    web.tags = { "prod" };
    m_consul.set({ web });
}

Lines TestDiscoveredTargets::scraped(const std::string& jobs)
{
    config::LoadOptions load;
    load.fileName = "prometheus.yml";
    const auto config = config::loadConfig("scrape_configs:\n" + jobs, load);
    if (!config)
        return { config.error().message };
    if (!config->skipped.empty())
        return { "skipped: " + config->skipped.front().name };
    LiveTransport live;
    const SystemClock clock;
    dns::LookupOptions options;
    options.servers = { m_names.address() };
    dns::CaresLookup lookup(options);
    discovery::Discoverer discoverer(
        live.transport(), clock, config::targetGroupsFromYaml, {}, &lookup);
    std::vector<discovery::JobDiscovery> wanted;
    for (const auto& job : config->jobs)
        wanted.push_back({ job.name, job.discovery });
    discoverer.apply(wanted);
    discoverer.settle(seconds(30));
    std::vector<scrape::JobWithTargets> targets;
    Lines lines;
    for (size_t i = 0; i < config->jobs.size(); ++i) {
        const discovery::JobGroups groups = discoverer.groups().at(i);
        lines.insert(lines.end(), groups.errors.begin(), groups.errors.end());
        targets.push_back(
            { std::make_shared<const scrape::JobOptions>(config->jobs[i]), groups.groups });
    }
    scrape::DiscardingAppender nowhere;
    const auto result = scrape::scrapeOnce(live.transport(), nowhere, clock, targets, {}, {});
    for (const auto& status : result.targets) {
        if (status->health == scrape::Health::Up)
            lines.push_back(status->target->labels.toString());
    }
    return lines;
}

void TestDiscoveredTargets::filesLeadToTargets()
{
    const std::string path = m_folder.filePath(QStringLiteral("targets.yml")).toStdString();
    QCOMPARE(scraped(jobText("f", "  file_sd_configs: [{files: ['" + path + "']}]\n")),
        (Lines { here("{filepath=\"" + path
            + "\", instance=\"127.0.0.1:PORT\", job=\"f\", site=\"lab\"}") }));
}

void TestDiscoveredTargets::httpServersLeadToTargets()
{
    const std::string url = m_httpSd.url("/sd");
    QCOMPARE(scraped(jobText("h", "  http_sd_configs: [{url: '" + url + "'}]\n")),
        (Lines { here("{instance=\"127.0.0.1:PORT\", job=\"h\", k=\"v\", url=\"" + url + "\"}") }));
}

void TestDiscoveredTargets::dnsLeadsToTargets()
{
    QCOMPARE(scraped(jobText("d",
                 here("  dns_sd_configs:\n  - {names: [web.test.], type: A, port: PORT}\n"
                      "  - {names: [_web._tcp.test.]}\n"))),
        (Lines { here("{dns_name=\"web.test.\", instance=\"127.0.0.1:PORT\", job=\"d\"}"),
            here("{dns_name=\"_web._tcp.test.\", dns_srv_record_port=\"PORT\", "
                 "dns_srv_record_target=\"localhost.\", instance=\"localhost:PORT\", "
                 "job=\"d\"}") }));
}

std::string TestDiscoveredTargets::docker() const
{
    return "  docker_sd_configs: [{host: '" + m_docker.server().url("") + "'}]\n";
}

void TestDiscoveredTargets::dockerLeadsToTargets()
{
    QCOMPARE(scraped(jobText("c", docker())),
        (Lines { here("{docker_container_id=\"c1\", docker_container_name=\"/web\", "
                      "docker_container_network_mode=\"front\", docker_network_id=\"n1\", "
                      "docker_network_ingress=\"false\", docker_network_internal=\"false\", "
                      "docker_network_ip=\"127.0.0.1\", docker_network_name=\"front\", "
                      "docker_network_scope=\"local\", docker_port_private=\"PORT\", "
                      "instance=\"127.0.0.1:PORT\", job=\"c\"}") }));
}

void TestDiscoveredTargets::swarmsLeadToTargets()
{
    const std::string start = "  dockerswarm_sd_configs: [{host: '" + m_docker.server().url("")
        + "', port: PORT, role: ";
    const auto found = [&](const std::string& role) {
        return scraped(jobText("s", here(start + role + "}]\n")));
    };
    QCOMPARE(found("nodes"),
        (Lines { here("{dockerswarm_node_address=\"127.0.0.1\", "
                      "dockerswarm_node_hostname=\"oxygen\", dockerswarm_node_id=\"node1\", "
                      "dockerswarm_node_status=\"ready\", instance=\"127.0.0.1:PORT\", "
                      "job=\"s\"}") }));
    const Lines services = found("services");
    QCOMPARE(services.size(), size_t { 1 });
    QVERIFY(services[0].find("dockerswarm_service_name=\"web\"") != std::string::npos);
    const Lines tasks = found("tasks");
    QCOMPARE(tasks.size(), size_t { 1 });
    QVERIFY(tasks[0].find("dockerswarm_task_id=\"t1\"") != std::string::npos);
    QVERIFY(tasks[0].find("dockerswarm_node_hostname=\"oxygen\"") != std::string::npos);
}

std::string TestDiscoveredTargets::consul() const
{
    return "  consul_sd_configs: [{server: '" + m_consul.server().address() + "'}]\n";
}

void TestDiscoveredTargets::consulLeadsToTargets()
{
    QCOMPARE(scraped(jobText("c", consul())),
        (Lines { here("{consul_address=\"127.0.0.1\", consul_dc=\"dc1\", "
                      "consul_health=\"passing\", consul_node=\"node1\", consul_service=\"web\", "
                      "consul_service_id=\"web-node1\", consul_service_port=\"PORT\", "
                      "consul_tags=\",prod,\", instance=\"127.0.0.1:PORT\", job=\"c\"}") }));
}

void TestDiscoveredTargets::everyMechanismAtOnce()
{
    const std::string path = m_folder.filePath(QStringLiteral("targets.yml")).toStdString();
    const std::string all = jobText("f", "  file_sd_configs: [{files: ['" + path + "']}]\n")
        + jobText("d", here("  dns_sd_configs: [{names: [web.test.], type: A, port: PORT}]\n"))
        + jobText("c", docker()) + jobText("s", consul());
    QCOMPARE(scraped(all).size(), size_t { 4 });
}

QTEST_GUILESS_MAIN(TestDiscoveredTargets)
#include "tst_discovered_targets.moc"
