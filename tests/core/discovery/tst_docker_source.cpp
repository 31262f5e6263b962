// Goal: the containers of a Docker daemon become the targets and meta labels of Prometheus'
// docker_sd, over each way a daemon is reached, and a daemon that fails costs no target.
// Method: lists of our own making for the labels; a daemon of our own on loopback for the rest.
#include "core/discovery/discoverer.h"
#include "core/discovery/docker_api.h"
#include "core/discovery/docker_targets.h"
#include "tests/support/docker_daemon.h"
#include "tests/support/fake_clock.h"
#include "tests/support/group_text.h"
#include "tests/support/live_transport.h"

#include <QTemporaryDir>
#include <QTest>

using namespace fleetglass;
using namespace fleetglass::discovery;
using namespace fleetglass::test;
using std::chrono::seconds;
using Lines = std::vector<std::string>;

namespace {

const char* const kNetworks = R"([
  {"Id": "net1", "Name": "front", "Scope": "local", "Internal": false, "Ingress": false,
   "Labels": {"com.example/owner": "web team"}},
  {"Id": "net2", "Name": "back", "Scope": "local", "Internal": true, "Ingress": false, "Labels": {}},
  {"Id": "net3", "Name": "host", "Scope": "local", "Internal": false, "Ingress": false}])";

const char* const kWeb = R"({"Id": "c0ffee", "Names": ["/web-1", "/alias"],
  "Image": "nginx:1.25", "ImageID": "sha256:abcd", "HostConfig": {"NetworkMode": "front"},
  "Labels": {"com.docker.compose.service": "web", "env": "prod"},
  "Ports": [
    {"IP": "0.0.0.0", "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"},
    {"PrivatePort": 9113, "Type": "tcp"},
    {"PrivatePort": 5353, "Type": "udp"}],
  "NetworkSettings": {"Networks": {
    "front": {"NetworkID": "net1", "IPAddress": "172.20.0.3"},
    "back": {"NetworkID": "net2", "IPAddress": "172.21.0.3"}}}})";

Json parsed(const std::string& text)
{
    return Json::parse(text);
}

Lines addressesOf(const std::vector<TargetGroup>& groups)
{
    Lines addresses;
    for (const TargetGroup& group : groups)
        addresses.push_back(group.targets.at(0));
    return addresses;
}

Lines addressesOf(const std::string& container, const DockerOptions& options = {})
{
    return addressesOf(dockerTargets(parsed('[' + container + ']'), parsed(kNetworks), options));
}

DockerOptions optionsFor(const std::string& host)
{
    DockerOptions options;
    options.host = host;
    return options;
}

std::vector<JobDiscovery> jobOf(const DockerOptions& options)
{
    JobDiscovery job { "docker", {} };
    job.options.docker.push_back(options);
    return { job };
}

// What a daemon that is asked once comes to.
JobGroups found(const DockerOptions& options)
{
    LiveTransport live;
    const SystemClock clock;
    Discoverer discoverer(live.transport(), clock, {}, {});
    discoverer.apply(jobOf(options));
    discoverer.settle(seconds(30));
    return discoverer.groups().at(0);
}

} // namespace

class TestDockerSource : public QObject
{
    Q_OBJECT
private slots:
    void everyMetaLabelIsThere();
    void eachPortOfTheFirstNetworkIsATarget();
    void allNetworksAreTakenWhereWanted();
    void oddContainersHaveTheirAddress_data();
    void oddContainersHaveTheirAddress();
    void aSharedNetworkIsThatOfTheOtherContainer();
    void containersThatShareInACircleEnd();
    void labelsOfNoTextAreLeftOut();
    void aDaemonIsAskedInItsOwnVersion();
    void aDaemonWithoutAVersionIsAskedWithout();
    void filtersAreSent();
    void aSocketFileIsSpokenTo();
    void tcpHostsAreSpokenToInPlainHttp();
    void tlsAndCredentialsAreThoseOfTheClient();
    void failuresSayWhatAndWhere_data();
    void failuresSayWhatAndWhere();
    void aMissingSocketIsNamed();
    void aDaemonThatFailsKeepsItsContainers();
    void aDaemonIsAskedAgainAfterTheInterval();
};

void TestDockerSource::everyMetaLabelIsThere()
{
    const auto groups = dockerTargets(
        parsed('[' + std::string(kWeb) + ']'), parsed(kNetworks), optionsFor("unix:///x"));
    QCOMPARE(groups.size(), size_t { 2 });
    QCOMPARE(groups[0].source, std::string("Docker"));
    DockerOptions all;
    all.matchFirstNetwork = false;
    const auto every = dockerTargets(parsed('[' + std::string(kWeb) + ']'), parsed(kNetworks), all);
    QCOMPARE(labelLines(every.at(2)),
        std::string("__address__=172.20.0.3:80\n"
                    "__meta_docker_container_id=c0ffee\n"
                    "__meta_docker_container_image=nginx:1.25\n"
                    "__meta_docker_container_image_id=sha256:abcd\n"
                    "__meta_docker_container_label_com_docker_compose_service=web\n"
                    "__meta_docker_container_label_env=prod\n"
                    "__meta_docker_container_name=/web-1\n"
                    "__meta_docker_container_network_mode=front\n"
                    "__meta_docker_network_id=net1\n"
                    "__meta_docker_network_ingress=false\n"
                    "__meta_docker_network_internal=false\n"
                    "__meta_docker_network_ip=172.20.0.3\n"
                    "__meta_docker_network_label_com_example_owner=web team\n"
                    "__meta_docker_network_name=front\n"
                    "__meta_docker_network_scope=local\n"
                    "__meta_docker_port_private=80\n"
                    "__meta_docker_port_public=8080\n"
                    "__meta_docker_port_public_ip=0.0.0.0\n"));
    QCOMPARE(labelLines(every.at(1)),
        std::string("__address__=172.21.0.3:9113\n"
                    "__meta_docker_container_id=c0ffee\n"
                    "__meta_docker_container_image=nginx:1.25\n"
                    "__meta_docker_container_image_id=sha256:abcd\n"
                    "__meta_docker_container_label_com_docker_compose_service=web\n"
                    "__meta_docker_container_label_env=prod\n"
                    "__meta_docker_container_name=/web-1\n"
                    "__meta_docker_container_network_mode=front\n"
                    "__meta_docker_network_id=net2\n"
                    "__meta_docker_network_ingress=false\n"
                    "__meta_docker_network_internal=true\n"
                    "__meta_docker_network_ip=172.21.0.3\n"
                    "__meta_docker_network_name=back\n"
                    "__meta_docker_network_scope=local\n"
                    "__meta_docker_port_private=9113\n"));
}

void TestDockerSource::eachPortOfTheFirstNetworkIsATarget()
{
    QCOMPARE(addressesOf(kWeb), (Lines { "172.21.0.3:80", "172.21.0.3:9113" }));
}

void TestDockerSource::allNetworksAreTakenWhereWanted()
{
    DockerOptions options;
    options.matchFirstNetwork = false;
    QCOMPARE(addressesOf(kWeb, options),
        (Lines { "172.21.0.3:80", "172.21.0.3:9113", "172.20.0.3:80", "172.20.0.3:9113" }));
}

void TestDockerSource::oddContainersHaveTheirAddress_data()
{
    QTest::addColumn<QByteArray>("container");
    QTest::addColumn<QByteArray>("address"); // Empty: no target.
    const auto row = [](const char* name, const char* container, const char* address) {
        QTest::newRow(name) << QByteArray(container) << QByteArray(address);
    };
    row("no ports: the configured one",
        R"({"Id": "a", "Names": ["/a"], "HostConfig": {"NetworkMode": "front"},
            "NetworkSettings": {"Networks": {"front": {"NetworkID": "net1", "IPAddress": "10.0.0.2"}}}})",
        "10.0.0.2:9323");
    row("UDP ports only: the configured one",
        R"({"Id": "a", "Names": ["/a"], "HostConfig": {"NetworkMode": "front"},
            "Ports": [{"PrivatePort": 53, "Type": "udp"}],
            "NetworkSettings": {"Networks": {"front": {"NetworkID": "net1", "IPAddress": "10.0.0.2"}}}})",
        "10.0.0.2:9323");
    row("host mode: the address of the host",
        R"({"Id": "a", "Names": ["/a"], "HostConfig": {"NetworkMode": "host"},
            "NetworkSettings": {"Networks": {"host": {"NetworkID": "net3", "IPAddress": ""}}}})",
        "my-host");
    row("IPv6 alone",
        R"({"Id": "a", "Names": ["/a"], "HostConfig": {"NetworkMode": "front"},
            "Ports": [{"PrivatePort": 80, "Type": "tcp"}],
            "NetworkSettings": {"Networks": {"front": {"NetworkID": "net1", "IPAddress": "",
                                                       "GlobalIPv6Address": "fc00::2"}}}})",
        "[fc00::2]:80");
    row("a network that is null is passed over",
        R"({"Id": "a", "Names": ["/a"], "HostConfig": {"NetworkMode": "front"},
            "NetworkSettings": {"Networks": {"a": null,
                                             "b": {"NetworkID": "net1", "IPAddress": "10.0.0.2"}}}})",
        "10.0.0.2:9323");
    row("no networks at all",
        R"({"Id": "a", "Names": ["/a"], "HostConfig": {"NetworkMode": "none"},
            "NetworkSettings": {"Networks": {}}})",
        "");
    row("no name: being removed",
        R"({"Id": "a", "Names": [], "HostConfig": {"NetworkMode": "front"},
            "NetworkSettings": {"Networks": {"front": {"NetworkID": "net1", "IPAddress": "10.0.0.2"}}}})",
        "");
}

void TestDockerSource::oddContainersHaveTheirAddress()
{
    QFETCH(QByteArray, container);
    QFETCH(QByteArray, address);
    DockerOptions options;
    options.port = 9323;
    options.hostNetworkingHost = "my-host";
    const Lines expected = address.isEmpty() ? Lines() : Lines { address.toStdString() };
    QCOMPARE(addressesOf(container.toStdString(), options), expected);
}

void TestDockerSource::aSharedNetworkIsThatOfTheOtherContainer()
{
    const std::string list = R"([
      {"Id": "c1", "Names": ["/sidecar"], "HostConfig": {"NetworkMode": "container:c2"},
       "Ports": [{"PrivatePort": 9113, "Type": "tcp"}], "NetworkSettings": {"Networks": {}}},
      {"Id": "c2", "Names": ["/middle"], "HostConfig": {"NetworkMode": "container:c3"},
       "NetworkSettings": {"Networks": {}}},
      {"Id": "c3", "Names": ["/web"], "HostConfig": {"NetworkMode": "front"},
       "NetworkSettings": {"Networks": {"front": {"NetworkID": "net1", "IPAddress": "10.0.0.9"}}}}])";
    const auto groups = dockerTargets(parsed(list), parsed(kNetworks), {});
    QCOMPARE(addressesOf(groups), (Lines { "10.0.0.9:9113", "10.0.0.9:80", "10.0.0.9:80" }));
    QVERIFY(labelLines(groups[0]).find("network_mode=container:c2\n") != std::string::npos);
    QVERIFY(labelLines(groups[0]).find("network_name=front\n") != std::string::npos);
}

void TestDockerSource::containersThatShareInACircleEnd()
{
    const std::string list = R"([
      {"Id": "c1", "Names": ["/a"], "HostConfig": {"NetworkMode": "container:c2"}},
      {"Id": "c2", "Names": ["/b"], "HostConfig": {"NetworkMode": "container:c1"}}])";
    QCOMPARE(dockerTargets(parsed(list), parsed(kNetworks), {}).size(), size_t { 0 });
}

void TestDockerSource::labelsOfNoTextAreLeftOut()
{
    const std::string list
        = R"([{"Id": 3, "Names": [7], "Image": null, "Labels": {"a": 1, "b": "x"},
      "Ports": [{"PrivatePort": "80", "Type": "tcp"}, null, "odd"],
      "NetworkSettings": {"Networks": {"front": {"IPAddress": ["10.0.0.2"]}}}}, 5, null, "odd"])";
    const auto groups = dockerTargets(parsed(list), parsed("{}"), {});
    QCOMPARE(groups.size(), size_t { 1 });
    QCOMPARE(labelLines(groups[0]),
        std::string("__address__=:0\n"
                    "__meta_docker_container_label_b=x\n"
                    "__meta_docker_port_private=0\n"));
}

void TestDockerSource::aDaemonIsAskedInItsOwnVersion()
{
    DockerDaemon daemon({ "1.43", {}, {} });
    daemon.set("/containers/json", '[' + std::string(kWeb) + ']');
    daemon.set("/networks", kNetworks);
    const JobGroups groups = found(optionsFor(daemon.server().url("")));
    QCOMPARE(groups.errors, Lines());
    QCOMPARE(addressesOf(groups.groups), (Lines { "172.21.0.3:80", "172.21.0.3:9113" }));
    Lines paths;
    for (const ReceivedRequest& request : daemon.server().requests())
        paths.push_back(request.method + ' ' + request.path);
    std::sort(paths.begin(), paths.end());
    QCOMPARE(paths, (Lines { "GET /_ping", "GET /v1.43/containers/json", "GET /v1.43/networks" }));
}

void TestDockerSource::aDaemonWithoutAVersionIsAskedWithout()
{
    DockerDaemon daemon({ "", {}, {} });
    daemon.set("/containers/json", "[]");
    daemon.set("/networks", "[]");
    QCOMPARE(found(optionsFor(daemon.server().url("/"))), (JobGroups { "docker", {}, {} }));
}

void TestDockerSource::filtersAreSent()
{
    DockerDaemon daemon;
    daemon.set("/containers/json",
        '[' + std::string(kWeb) + R"(, {"Id": "b", "Names": ["/b"], "Labels": {"env": "test"},
                "NetworkSettings": {"Networks": {"front": {"IPAddress": "10.0.0.2"}}}}])");
    daemon.set("/networks", kNetworks);
    DockerOptions options = optionsFor(daemon.server().url(""));
    options.filters = { { "label", { "env=prod" } }, { "status", { "running", "paused" } } };
    QCOMPARE(addressesOf(found(options).groups), (Lines { "172.21.0.3:80", "172.21.0.3:9113" }));
    QCOMPARE(DockerApi::filterQuery(options.filters),
        std::string("filters=%7B%22label%22%3A%7B%22env%3Dprod%22%3Atrue%7D%2C%22status%22%3A%7B%22"
                    "paused%22%3Atrue%2C%22running%22%3Atrue%7D%7D"));
}

void TestDockerSource::aSocketFileIsSpokenTo()
{
    const QTemporaryDir folder;
    const std::string path = folder.filePath(QStringLiteral("docker.sock")).toStdString();
    DockerDaemonOptions wanted;
    wanted.server.unixSocket = path;
    DockerDaemon daemon(wanted);
    daemon.set("/containers/json", '[' + std::string(kWeb) + ']');
    daemon.set("/networks", kNetworks);
    const JobGroups groups = found(optionsFor("unix://" + path));
    QCOMPARE(groups.errors, Lines());
    QCOMPARE(groups.groups.size(), size_t { 2 });
}

void TestDockerSource::tcpHostsAreSpokenToInPlainHttp()
{
    DockerDaemon daemon;
    daemon.set("/containers/json", '[' + std::string(kWeb) + ']');
    daemon.set("/networks", kNetworks);
    DockerOptions options = optionsFor("tcp://" + daemon.server().address());
    options.client.authorization.emplace().credentials.text = Secret("not for it");
    const JobGroups groups = found(options);
    QCOMPARE(groups.groups.size(), size_t { 2 });
    QCOMPARE(daemon.server().requests().at(0).header("Authorization"), std::string());
}

void TestDockerSource::tlsAndCredentialsAreThoseOfTheClient()
{
    const TestAuthority authority("Docker CA");
    DockerDaemonOptions wanted;
    wanted.authorization = "Bearer right";
    wanted.server.certificate = authority.issue({});
    DockerDaemon daemon(wanted);
    daemon.set("/containers/json", '[' + std::string(kWeb) + ']');
    daemon.set("/networks", kNetworks);
    DockerOptions options = optionsFor("https://" + daemon.server().address());
    options.client.tls.ca = authority.pem();
    options.client.authorization.emplace().credentials.text = Secret("right");
    QCOMPARE(found(options).groups.size(), size_t { 2 });
    options.client.authorization->credentials.text = Secret("wrong");
    const JobGroups refused = found(options);
    QCOMPARE(refused.groups.size(), size_t { 0 });
    QVERIFY2(refused.errors.at(0).find("authorization denied by plugin") != std::string::npos,
        refused.errors.at(0).c_str());
    QVERIFY(refused.errors.at(0).find("wrong") == std::string::npos);
}

void TestDockerSource::failuresSayWhatAndWhere_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("error");
    QTest::newRow("containers") << QByteArray("/containers/json") << QByteArray()
                                << QByteArray("error while listing containers: ");
    QTest::newRow("networks") << QByteArray("/networks") << QByteArray()
                              << QByteArray("error while computing network labels: ");
    QTest::newRow("no JSON") << QByteArray("/networks") << QByteArray("<html>")
                             << QByteArray("error while computing network labels: the answer is "
                                           "not JSON");
}

void TestDockerSource::failuresSayWhatAndWhere()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, error);
    DockerDaemon daemon;
    daemon.set("/containers/json", "[]");
    daemon.set("/networks", "[]");
    if (body.isEmpty())
        daemon.fail(path.toStdString(), "500 Internal Server Error", "layer store is damaged");
    else
        daemon.set(path.toStdString(), body.toStdString());
    const std::string host = daemon.server().url("");
    const JobGroups groups = found(optionsFor(host));
    QCOMPARE(groups.errors.size(), size_t { 1 });
    const std::string start = host + ": " + error.toStdString();
    QCOMPARE(groups.errors[0].substr(0, start.size()), start);
    if (body.isEmpty())
        QVERIFY2(groups.errors[0].ends_with("500 Internal Server Error: layer store is damaged"),
            groups.errors[0].c_str());
}

void TestDockerSource::aMissingSocketIsNamed()
{
    const JobGroups groups = found(optionsFor("unix:///nowhere/docker.sock"));
    QVERIFY2(
        groups.errors.at(0).find("there is no socket /nowhere/docker.sock") != std::string::npos,
        groups.errors.at(0).c_str());
    QCOMPARE(found(optionsFor("ssh://me@box")).errors,
        (Lines { "ssh://******@box: hosts of the kind ssh:// are not supported; use unix://, "
                 "tcp://, http:// or https://" }));
    QCOMPARE(found(optionsFor("box")).errors,
        (Lines { "box: a Docker host looks like unix:///var/run/docker.sock or "
                 "http://host:2375" }));
}

void TestDockerSource::aDaemonThatFailsKeepsItsContainers()
{
    DockerDaemon daemon;
    daemon.set("/containers/json", '[' + std::string(kWeb) + ']');
    daemon.set("/networks", kNetworks);
    LiveTransport live;
    FakeClock clock;
    Discoverer discoverer(live.transport(), clock, {}, {});
    discoverer.apply(jobOf(optionsFor(daemon.server().url(""))));
    QTRY_VERIFY((discoverer.tick(), discoverer.groups().at(0).groups.size() == 2));
    daemon.fail("/containers/json", "503 Service Unavailable", "restarting");
    clock.advance(seconds(60));
    QTRY_VERIFY((discoverer.tick(), !discoverer.groups().at(0).errors.empty()));
    QCOMPARE(discoverer.groups().at(0).groups.size(), size_t { 2 });
    daemon.set("/containers/json", "[]");
    clock.advance(seconds(60));
    QTRY_VERIFY((discoverer.tick(), discoverer.groups().at(0).groups.empty()));
    QCOMPARE(discoverer.groups().at(0).errors, Lines());
}

void TestDockerSource::aDaemonIsAskedAgainAfterTheInterval()
{
    DockerDaemon daemon;
    daemon.set("/containers/json", "[]");
    daemon.set("/networks", "[]");
    LiveTransport live;
    FakeClock clock;
    Discoverer discoverer(live.transport(), clock, {}, {});
    discoverer.apply(jobOf(optionsFor(daemon.server().url(""))));
    discoverer.settle(seconds(30));
    clock.advance(seconds(59));
    discoverer.tick();
    QCOMPARE(daemon.server().requests().size(), size_t { 3 });
    clock.advance(seconds(1));
    discoverer.tick();
    QTRY_COMPARE(daemon.server().requests().size(), size_t { 5 }); // The version is known.
}

QTEST_GUILESS_MAIN(TestDockerSource)
#include "tst_docker_source.moc"
