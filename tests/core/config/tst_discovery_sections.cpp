// Goal: the sections of discovery that run here are read as Prometheus reads them, and written back
// so that reading them again gives the same.
#include "core/config/config.h"
#include "core/config/writer.h"

#include <QTest>

using namespace fleetglass;
using namespace fleetglass::config;
using discovery::ConsulOptions;
using discovery::DockerOptions;
using discovery::SwarmOptions;

namespace {

Result<Config> loadJob(const std::string& lines)
{
    LoadOptions options;
    options.fileName = "p.yml";
    return loadConfig("scrape_configs:\n- job_name: j\n" + lines, options);
}

discovery::DiscoveryOptions read(const std::string& lines)
{
    const auto config = loadJob(lines);
    if (!config || !config->skipped.empty() || !config->warnings.empty())
        return {};
    return config->jobs.at(0).discovery;
}

} // namespace

class TestDiscoverySections : public QObject
{
    Q_OBJECT
private slots:
    void defaultsAreThoseOfPrometheus();
    void everyKeyOfDockerIsRead();
    void everyKeyOfDockerSwarmIsRead();
    void everyKeyOfConsulIsRead();
    void badSectionsAreRefused_data();
    void badSectionsAreRefused();
    void whatIsWrittenReadsTheSame();
    void secretsAreWrittenOnlyWhereWanted();
};

void TestDiscoverySections::defaultsAreThoseOfPrometheus()
{
    const auto options = read("  docker_sd_configs: [{host: 'unix:///var/run/docker.sock'}]\n"
                              "  dockerswarm_sd_configs: [{host: 'tcp://m:2375', role: tasks}]\n"
                              "  consul_sd_configs: [{}]\n"
                              "  dns_sd_configs: [{names: [_a._tcp.x]}]\n");
    const DockerOptions& docker = options.docker.at(0);
    QCOMPARE(docker.host, std::string("unix:///var/run/docker.sock"));
    QCOMPARE(docker.port, 80);
    QCOMPARE(docker.hostNetworkingHost, std::string("localhost"));
    QCOMPARE(docker.matchFirstNetwork, true);
    QCOMPARE(docker.refreshInterval, Millis(60'000));
    QCOMPARE(docker.client, http::ClientOptions());
    const SwarmOptions& swarm = options.swarm.at(0);
    QCOMPARE(swarm.port, 80);
    QCOMPARE(swarm.refreshInterval, Millis(60'000));
    const ConsulOptions& consul = options.consul.at(0);
    QCOMPARE(consul.server, std::string("localhost:8500"));
    QCOMPARE(consul.scheme, std::string("http"));
    QCOMPARE(consul.tagSeparator, std::string(","));
    QCOMPARE(consul.allowStale, true);
    QCOMPARE(consul.refreshInterval, Millis(30'000));
    const discovery::DnsOptions& dns = options.dns.at(0);
    QCOMPARE(dns.type, std::string("SRV"));
    QCOMPARE(dns.refreshInterval, Millis(30'000));
}

void TestDiscoverySections::everyKeyOfDockerIsRead()
{
    const auto options = read("  docker_sd_configs:\n"
                              "  - host: https://d:2376\n"
                              "    port: 9100\n"
                              "    filters: [{name: label, values: [a=b, c]}]\n"
                              "    host_networking_host: me\n"
                              "    match_first_network: false\n"
                              "    refresh_interval: 2m\n"
                              "    authorization: {credentials: x}\n");
    const DockerOptions& docker = options.docker.at(0);
    QCOMPARE(docker.port, 9100);
    QCOMPARE(
        docker.filters, (std::vector<discovery::DockerFilter> { { "label", { "a=b", "c" } } }));
    QCOMPARE(docker.hostNetworkingHost, std::string("me"));
    QCOMPARE(docker.matchFirstNetwork, false);
    QCOMPARE(docker.refreshInterval, Millis(120'000));
    QCOMPARE(docker.client.authorization->credentials.text, Secret("x"));
}

void TestDiscoverySections::everyKeyOfDockerSwarmIsRead()
{
    const auto options = read("  dockerswarm_sd_configs:\n"
                              "  - {host: 'http://d:2375', role: nodes, port: 9100,\n"
                              "     filters: [{name: role, values: [manager]}],\n"
                              "     refresh_interval: 30s, follow_redirects: false}\n");
    const SwarmOptions& swarm = options.swarm.at(0);
    QCOMPARE(swarm.role, std::string("nodes"));
    QCOMPARE(swarm.port, 9100);
    QCOMPARE(swarm.filters, (std::vector<discovery::DockerFilter> { { "role", { "manager" } } }));
    QCOMPARE(swarm.refreshInterval, Millis(30'000));
    QCOMPARE(swarm.client.followRedirects, false);
}

void TestDiscoverySections::everyKeyOfConsulIsRead()
{
    const auto options = read("  consul_sd_configs:\n"
                              "  - server: c:8501\n"
                              "    path_prefix: /consul\n"
                              "    token: t\n"
                              "    datacenter: dc\n"
                              "    namespace: ns\n"
                              "    partition: pt\n"
                              "    tag_separator: ';'\n"
                              "    scheme: https\n"
                              "    username: u\n"
                              "    password: p\n"
                              "    allow_stale: false\n"
                              "    refresh_interval: 1s\n"
                              "    services: [a, b]\n"
                              "    tags: [x, y]\n"
                              "    node_meta: {rack: r1}\n"
                              "    filter: f\n"
                              "    health_filter: h\n"
                              "    tls_config: {insecure_skip_verify: true}\n");
    ConsulOptions expected;
    expected.server = "c:8501";
    expected.pathPrefix = "/consul";
    expected.token = Secret("t");
    expected.datacenter = "dc";
    expected.nameSpace = "ns";
    expected.partition = "pt";
    expected.tagSeparator = ";";
    expected.scheme = "https";
    expected.username = "u";
    expected.password = Secret("p");
    expected.allowStale = false;
    expected.refreshInterval = Millis(1'000);
    expected.services = { "a", "b" };
    expected.tags = { "x", "y" };
    expected.nodeMeta = { { "rack", "r1" } };
    expected.filter = "f";
    expected.healthFilter = "h";
    expected.client.tls.insecureSkipVerify = true;
    QCOMPARE(options.consul.at(0), expected);
}

void TestDiscoverySections::badSectionsAreRefused_data()
{
    QTest::addColumn<QByteArray>("lines");
    QTest::addColumn<QByteArray>("error");
    const auto row = [](const char* name, const char* lines, const char* error) {
        QTest::newRow(name) << QByteArray(lines) << QByteArray(error);
    };
    row("docker without a host", "  docker_sd_configs: [{port: 80}]\n", "host missing");
    row("docker with no URL", "  docker_sd_configs: [{host: 'http://a b'}]\n", "parse ");
    row("docker's unknown key", "  docker_sd_configs: [{host: 'tcp://d', hosst: x}]\n",
        "field hosst not found in type moby.plain, did you mean \"host\"?");
    row("docker's two credentials",
        "  docker_sd_configs: [{host: 'http://d', bearer_token: a, basic_auth: {username: b}}]\n",
        "at most one of");
    row("swarm without a host", "  dockerswarm_sd_configs: [{role: nodes}]\n", "host missing");
    row("swarm without a role", "  dockerswarm_sd_configs: [{host: 'tcp://d'}]\n",
        "role missing (one of: tasks, services, nodes)");
    row("swarm with a wrong role",
        "  dockerswarm_sd_configs: [{host: 'tcp://d', role: containers}]\n",
        "invalid role containers, expected tasks, services, or nodes");
    row("swarm with a wrong filter",
        "  dockerswarm_sd_configs: [{host: 'tcp://d', role: nodes, filters: [{nam: x}]}]\n",
        "field nam not found in type moby.Filter, did you mean \"name\"?");
    row("consul without a server", "  consul_sd_configs: [{server: ' '}]\n",
        "consul SD configuration requires a server address");
    row("consul with two users",
        "  consul_sd_configs: [{username: a, basic_auth: {username: b}}]\n",
        "at most one of consul SD configuration username and password and basic auth can be "
        "configured");
    row("consul with two tokens",
        "  consul_sd_configs: [{token: a, authorization: {credentials: b}}]\n",
        "at most one of consul SD token, authorization, or oauth2 can be configured");
    row("consul with a user and a token of the client",
        "  consul_sd_configs: [{username: a, authorization: {credentials: b}}]\n",
        "at most one of basic_auth, oauth2 & authorization must be configured");
}

void TestDiscoverySections::badSectionsAreRefused()
{
    QFETCH(QByteArray, lines);
    QFETCH(QByteArray, error);
    const auto config = loadJob(lines.toStdString());
    QVERIFY(!config.has_value());
    const std::string& message = config.error().message;
    QVERIFY2(message.starts_with("p.yml:3:"), message.c_str());
    QVERIFY2(message.find(error.toStdString()) != std::string::npos, message.c_str());
}

void TestDiscoverySections::whatIsWrittenReadsTheSame()
{
    const auto config = loadJob(
        "  docker_sd_configs:\n"
        "  - {host: 'unix:///var/run/docker.sock'}\n"
        "  - {host: 'https://d:2376', port: 9100, filters: [{name: label, values: [a=b]}],\n"
        "     host_networking_host: me, match_first_network: false, refresh_interval: 2m,\n"
        "     tls_config: {ca_file: /ca.pem}}\n"
        "  dockerswarm_sd_configs:\n"
        "  - {host: 'tcp://m:2375', role: services, port: 1, refresh_interval: 5s,\n"
        "     filters: [{name: name, values: [x]}]}\n"
        "  consul_sd_configs:\n"
        "  - {}\n"
        "  - {server: 'c:1', token: t, datacenter: d, namespace: n, partition: p, scheme: https,\n"
        "     tag_separator: ';', username: u, password: p, allow_stale: false, services: [a],\n"
        "     refresh_interval: 1s, tags: [b], node_meta: {k: v}, filter: f, health_filter: h,\n"
        "     path_prefix: /x}\n"
        "  dns_sd_configs: [{names: [a], type: NS, port: 3}]\n");
    QVERIFY2(config.has_value(), config ? "" : config.error().message.c_str());
    WriteOptions options;
    options.secretText = [](const Secret& secret, const std::string&) { return secret.reveal(); };
    const std::string text = writeJobs(config->jobs, options);
    const auto again = loadConfig(text, {});
    QVERIFY2(again.has_value(), text.c_str());
    QVERIFY2(again->jobs.at(0).discovery == config->jobs.at(0).discovery, text.c_str());
}

void TestDiscoverySections::secretsAreWrittenOnlyWhereWanted()
{
    const auto config = loadJob("  consul_sd_configs: [{}, {token: t0ken, username: u, "
                                "password: pa55}]\n");
    QVERIFY(config.has_value());
    std::vector<std::string> places;
    WriteOptions options;
    options.secretText = [&](const Secret&, const std::string& path) {
        places.push_back(path);
        return std::string("<secret>");
    };
    const std::string text = writeJobs(config->jobs, options);
    QVERIFY(text.find("t0ken") == std::string::npos && text.find("pa55") == std::string::npos);
    QCOMPARE(places.size(), size_t { 2 });
    QVERIFY2(places[0].ends_with("consul_sd_configs[1].token"), places[0].c_str());
    QVERIFY2(places[1].ends_with("consul_sd_configs[1].password"), places[1].c_str());
}

QTEST_GUILESS_MAIN(TestDiscoverySections)
#include "tst_discovery_sections.moc"
