// Goal: the services, tasks and nodes of a Docker swarm become the targets and meta labels of
// Prometheus' dockerswarm_sd.
// Method: a daemon of our own on loopback with a small swarm.
#include "core/discovery/discoverer.h"
#include "core/discovery/swarm_targets.h"
#include "tests/support/docker_daemon.h"
#include "tests/support/group_text.h"
#include "tests/support/live_transport.h"

#include <QTest>

using namespace fleetglass;
using namespace fleetglass::discovery;
using namespace fleetglass::test;
using std::chrono::seconds;
using Lines = std::vector<std::string>;

namespace {

const char* const kNetworks = R"([
  {"Id": "ingress1", "Name": "ingress", "Scope": "swarm", "Internal": false, "Ingress": true},
  {"Id": "overlay1", "Name": "mon_default", "Scope": "swarm", "Internal": true, "Ingress": false,
   "Labels": {"com.docker.stack.namespace": "mon"}}])";

const char* const kServices = R"([
  {"ID": "svc1", "Spec": {"Name": "mon_prometheus", "Labels": {"com.docker.stack.image": "prom"},
     "TaskTemplate": {"ContainerSpec": {"Image": "prom/prometheus:v3", "Hostname": "prom"}},
     "Mode": {"Replicated": {"Replicas": 1}}},
   "UpdateStatus": {"State": "completed"},
   "Endpoint": {
     "Ports": [{"Name": "web", "Protocol": "tcp", "TargetPort": 9090, "PublishedPort": 19090,
                "PublishMode": "ingress"},
               {"Protocol": "udp", "TargetPort": 53, "PublishedPort": 1053, "PublishMode": "ingress"}],
     "VirtualIPs": [{"NetworkID": "ingress1", "Addr": "10.0.0.5/24"},
                    {"NetworkID": "overlay1", "Addr": "10.0.1.9/24"},
                    {"NetworkID": "overlay1"}]}},
  {"ID": "svc2", "Spec": {"Name": "mon_node-exporter", "Labels": {"team": "ops"},
     "TaskTemplate": {"ContainerSpec": {"Image": "prom/node-exporter:v1"}}, "Mode": {"Global": {}}},
   "Endpoint": {"VirtualIPs": [{"NetworkID": "overlay1", "Addr": "10.0.1.20/24"}]}},
  {"ID": "svc3", "Spec": {"Name": "plugin", "Labels": {"team": "ops"},
     "TaskTemplate": {"PluginSpec": {}}, "Mode": {"Global": {}}},
   "Endpoint": {"VirtualIPs": [{"NetworkID": "overlay1", "Addr": "fd00::7/64"}]}}])";

const char* const kNodes = R"([
  {"ID": "node1", "Spec": {"Role": "manager", "Availability": "active", "Labels": {"rack": "a-1"}},
   "Description": {"Hostname": "oxygen", "Platform": {"Architecture": "x86_64", "OS": "linux"},
                   "Engine": {"EngineVersion": "27.1.0"}},
   "Status": {"State": "ready", "Addr": "192.168.1.5"},
   "ManagerStatus": {"Leader": true, "Reachability": "reachable", "Addr": "192.168.1.5:2377"}},
  {"ID": "node2", "Spec": {"Role": "worker", "Availability": "drain", "Labels": {}},
   "Description": {"Hostname": "iron", "Platform": {"Architecture": "aarch64", "OS": "linux"},
                   "Engine": {"EngineVersion": "27.0.3"}},
   "Status": {"State": "down", "Addr": "192.168.1.6"}}])";

const char* const kTasks = R"([
  {"ID": "task1", "ServiceID": "svc1", "NodeID": "node1", "Slot": 1, "DesiredState": "running",
   "Spec": {"ContainerSpec": {"Image": "prom/prometheus:v3", "Labels": {"tier": "mon"}}},
   "Status": {"State": "running", "ContainerStatus": {"ContainerID": "c1"}, "PortStatus": {}},
   "NetworksAttachments": [{"Network": {"ID": "overlay1"}, "Addresses": ["10.0.1.10/24"]}]},
  {"ID": "task2", "ServiceID": "svc2", "NodeID": "node2", "DesiredState": "shutdown",
   "Spec": {"ContainerSpec": {"Image": "prom/node-exporter:v1"}},
   "Status": {"State": "failed", "ContainerStatus": {"ContainerID": "c2"},
              "PortStatus": {"Ports": [{"Protocol": "tcp", "TargetPort": 9100, "PublishedPort": 9100,
                                        "PublishMode": "host"},
                                       {"Protocol": "udp", "PublishedPort": 9101,
                                        "PublishMode": "host"}]}},
   "NetworksAttachments": [{"Network": {"ID": "overlay1"}, "Addresses": ["10.0.1.21/24"]}]}])";

const char* const kInspected = R"({"Id": "c1", "Config": {"Labels": {
  "tier": "from the image", "maintainer": "us", "com.docker.swarm.node.id": "node1"}}})";

void fill(DockerDaemon& daemon)
{
    daemon.set("/networks", kNetworks);
    daemon.set("/services", kServices);
    daemon.set("/nodes", kNodes);
    daemon.set("/tasks", kTasks);
    daemon.set("/containers/c1/json", kInspected); // c2 is on another node.
}

SwarmOptions optionsFor(const DockerDaemon& daemon, const std::string& role)
{
    SwarmOptions options;
    options.host = daemon.server().url("");
    options.role = role;
    options.port = 8081;
    return options;
}

JobGroups found(const SwarmOptions& options)
{
    LiveTransport live;
    const SystemClock clock;
    Discoverer discoverer(live.transport(), clock, {}, {});
    JobDiscovery job { "swarm", {} };
    job.options.swarm.push_back(options);
    discoverer.apply({ job });
    discoverer.settle(seconds(30));
    return discoverer.groups().at(0);
}

JobGroups found(const std::string& role)
{
    DockerDaemon daemon;
    fill(daemon);
    return found(optionsFor(daemon, role));
}

Lines addressesOf(const JobGroups& groups)
{
    Lines addresses;
    for (const TargetGroup& group : groups.groups)
        addresses.push_back(group.targets.at(0));
    return addresses;
}

} // namespace

class TestSwarmSource : public QObject
{
    Q_OBJECT
private slots:
    void nodesHaveAllTheirLabels();
    void servicesHaveAllTheirLabels();
    void tasksHaveAllTheirLabels();
    void labelsOfTheTaskWinOverThoseOfTheImage();
    void aContainerThatCannotBeSeenIsNoFailure();
    void filtersGoToWhatTheRoleLists();
    void failuresSayWhatAndWhere_data();
    void failuresSayWhatAndWhere();
    void anAddressThatIsNoneIsRefused_data();
    void anAddressThatIsNoneIsRefused();
    void emptyAnswersAreNoTargets_data();
    void emptyAnswersAreNoTargets();
    void containerIdsThatAreNoneAreNotAskedFor();
};

void TestSwarmSource::nodesHaveAllTheirLabels()
{
    const JobGroups groups = found("nodes");
    QCOMPARE(groups.errors, Lines());
    QCOMPARE(addressesOf(groups), (Lines { "192.168.1.5:8081", "192.168.1.6:8081" }));
    QCOMPARE(groups.groups[0].source, std::string("DockerSwarm"));
    QCOMPARE(labelLines(groups.groups[0]),
        std::string("__address__=192.168.1.5:8081\n"
                    "__meta_dockerswarm_node_address=192.168.1.5\n"
                    "__meta_dockerswarm_node_availability=active\n"
                    "__meta_dockerswarm_node_engine_version=27.1.0\n"
                    "__meta_dockerswarm_node_hostname=oxygen\n"
                    "__meta_dockerswarm_node_id=node1\n"
                    "__meta_dockerswarm_node_label_rack=a-1\n"
                    "__meta_dockerswarm_node_manager_address=192.168.1.5:2377\n"
                    "__meta_dockerswarm_node_manager_leader=true\n"
                    "__meta_dockerswarm_node_manager_reachability=reachable\n"
                    "__meta_dockerswarm_node_platform_architecture=x86_64\n"
                    "__meta_dockerswarm_node_platform_os=linux\n"
                    "__meta_dockerswarm_node_role=manager\n"
                    "__meta_dockerswarm_node_status=ready\n"));
    QVERIFY(labelLines(groups.groups[1]).find("manager_") == std::string::npos);
}

void TestSwarmSource::servicesHaveAllTheirLabels()
{
    const JobGroups groups = found("services");
    QCOMPARE(groups.errors, Lines());
    QCOMPARE(addressesOf(groups),
        (Lines { "10.0.0.5:19090", "10.0.1.9:19090", "10.0.1.20:8081", "[fd00::7]:8081" }));
    QCOMPARE(labelLines(groups.groups[1]),
        std::string("__address__=10.0.1.9:19090\n"
                    "__meta_dockerswarm_network_id=overlay1\n"
                    "__meta_dockerswarm_network_ingress=false\n"
                    "__meta_dockerswarm_network_internal=true\n"
                    "__meta_dockerswarm_network_label_com_docker_stack_namespace=mon\n"
                    "__meta_dockerswarm_network_name=mon_default\n"
                    "__meta_dockerswarm_network_scope=swarm\n"
                    "__meta_dockerswarm_service_endpoint_port_name=web\n"
                    "__meta_dockerswarm_service_endpoint_port_publish_mode=ingress\n"
                    "__meta_dockerswarm_service_id=svc1\n"
                    "__meta_dockerswarm_service_label_com_docker_stack_image=prom\n"
                    "__meta_dockerswarm_service_mode=replicated\n"
                    "__meta_dockerswarm_service_name=mon_prometheus\n"
                    "__meta_dockerswarm_service_task_container_hostname=prom\n"
                    "__meta_dockerswarm_service_task_container_image=prom/prometheus:v3\n"
                    "__meta_dockerswarm_service_updating_status=completed\n"));
    QCOMPARE(labelLines(groups.groups[3]),
        std::string("__address__=[fd00::7]:8081\n"
                    "__meta_dockerswarm_network_id=overlay1\n"
                    "__meta_dockerswarm_network_ingress=false\n"
                    "__meta_dockerswarm_network_internal=true\n"
                    "__meta_dockerswarm_network_label_com_docker_stack_namespace=mon\n"
                    "__meta_dockerswarm_network_name=mon_default\n"
                    "__meta_dockerswarm_network_scope=swarm\n"
                    "__meta_dockerswarm_service_id=svc3\n"
                    "__meta_dockerswarm_service_label_team=ops\n"
                    "__meta_dockerswarm_service_mode=global\n"
                    "__meta_dockerswarm_service_name=plugin\n"));
}

void TestSwarmSource::tasksHaveAllTheirLabels()
{
    const JobGroups groups = found("tasks");
    QCOMPARE(groups.errors, Lines());
    // The port in host mode is on the node; without a port of the service it is the configured one.
    QCOMPARE(
        addressesOf(groups), (Lines { "10.0.1.10:19090", "192.168.1.6:9100", "10.0.1.21:8081" }));
    QCOMPARE(labelLines(groups.groups[0]),
        std::string("__address__=10.0.1.10:19090\n"
                    "__meta_dockerswarm_container_label_com_docker_swarm_node_id=node1\n"
                    "__meta_dockerswarm_container_label_maintainer=us\n"
                    "__meta_dockerswarm_container_label_tier=mon\n"
                    "__meta_dockerswarm_network_id=overlay1\n"
                    "__meta_dockerswarm_network_ingress=false\n"
                    "__meta_dockerswarm_network_internal=true\n"
                    "__meta_dockerswarm_network_label_com_docker_stack_namespace=mon\n"
                    "__meta_dockerswarm_network_name=mon_default\n"
                    "__meta_dockerswarm_network_scope=swarm\n"
                    "__meta_dockerswarm_node_address=192.168.1.5\n"
                    "__meta_dockerswarm_node_availability=active\n"
                    "__meta_dockerswarm_node_hostname=oxygen\n"
                    "__meta_dockerswarm_node_id=node1\n"
                    "__meta_dockerswarm_node_label_rack=a-1\n"
                    "__meta_dockerswarm_node_platform_architecture=x86_64\n"
                    "__meta_dockerswarm_node_platform_os=linux\n"
                    "__meta_dockerswarm_node_role=manager\n"
                    "__meta_dockerswarm_node_status=ready\n"
                    "__meta_dockerswarm_service_id=svc1\n"
                    "__meta_dockerswarm_service_label_com_docker_stack_image=prom\n"
                    "__meta_dockerswarm_service_mode=replicated\n"
                    "__meta_dockerswarm_service_name=mon_prometheus\n"
                    "__meta_dockerswarm_task_container_id=c1\n"
                    "__meta_dockerswarm_task_desired_state=running\n"
                    "__meta_dockerswarm_task_id=task1\n"
                    "__meta_dockerswarm_task_port_publish_mode=ingress\n"
                    "__meta_dockerswarm_task_slot=1\n"
                    "__meta_dockerswarm_task_state=running\n"));
    QCOMPARE(labelLines(groups.groups[1]),
        std::string("__address__=192.168.1.6:9100\n"
                    "__meta_dockerswarm_node_address=192.168.1.6\n"
                    "__meta_dockerswarm_node_availability=drain\n"
                    "__meta_dockerswarm_node_hostname=iron\n"
                    "__meta_dockerswarm_node_id=node2\n"
                    "__meta_dockerswarm_node_platform_architecture=aarch64\n"
                    "__meta_dockerswarm_node_platform_os=linux\n"
                    "__meta_dockerswarm_node_role=worker\n"
                    "__meta_dockerswarm_node_status=down\n"
                    "__meta_dockerswarm_service_id=svc2\n"
                    "__meta_dockerswarm_service_label_team=ops\n"
                    "__meta_dockerswarm_service_mode=global\n"
                    "__meta_dockerswarm_service_name=mon_node-exporter\n"
                    "__meta_dockerswarm_task_container_id=c2\n"
                    "__meta_dockerswarm_task_desired_state=shutdown\n"
                    "__meta_dockerswarm_task_id=task2\n"
                    "__meta_dockerswarm_task_port_publish_mode=host\n"
                    "__meta_dockerswarm_task_slot=0\n"
                    "__meta_dockerswarm_task_state=failed\n"));
}

void TestSwarmSource::labelsOfTheTaskWinOverThoseOfTheImage()
{
    const std::string lines = labelLines(found("tasks").groups.at(0));
    QVERIFY(lines.find("container_label_tier=mon\n") != std::string::npos);
    QVERIFY(lines.find("from the image") == std::string::npos);
}

void TestSwarmSource::aContainerThatCannotBeSeenIsNoFailure()
{
    DockerDaemon daemon;
    fill(daemon);
    daemon.fail("/containers/c1/json", "500 Internal Server Error", "gone");
    const JobGroups groups = found(optionsFor(daemon, "tasks"));
    QCOMPARE(groups.errors, Lines());
    QCOMPARE(groups.groups.size(), size_t { 3 });
}

void TestSwarmSource::filtersGoToWhatTheRoleLists()
{
    DockerDaemon daemon;
    fill(daemon);
    SwarmOptions options = optionsFor(daemon, "tasks");
    options.filters = { { "label", { "x" } } };
    QCOMPARE(found(options).groups.size(), size_t { 0 });
    for (const ReceivedRequest& request : daemon.server().requests())
        QCOMPARE(request.path.find("filters=") != std::string::npos,
            request.path.starts_with("/v1.47/tasks"));
}

void TestSwarmSource::failuresSayWhatAndWhere_data()
{
    QTest::addColumn<QByteArray>("role");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("what");
    const auto row = [](const char* role, const char* path, const char* what) {
        QTest::addRow("%s: %s", role, path)
            << QByteArray(role) << QByteArray(path) << QByteArray(what);
    };
    row("nodes", "/nodes", "listing swarm nodes");
    row("services", "/services", "listing swarm services");
    row("services", "/networks", "computing swarm network labels");
    row("tasks", "/tasks", "listing swarm tasks");
    row("tasks", "/services", "computing services labels and ports");
    row("tasks", "/nodes", "computing nodes labels and ports");
}

void TestSwarmSource::failuresSayWhatAndWhere()
{
    QFETCH(QByteArray, role);
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, what);
    DockerDaemon daemon;
    fill(daemon);
    daemon.fail(path.toStdString(), "503 Service Unavailable", "This node is not a swarm manager.");
    const JobGroups groups = found(optionsFor(daemon, role.toStdString()));
    QCOMPARE(groups.groups.size(), size_t { 0 });
    const std::string start
        = daemon.server().url("") + ": error while " + what.toStdString() + ": ";
    QCOMPARE(groups.errors.at(0).substr(0, start.size()), start);
    QVERIFY(groups.errors.at(0).ends_with(": This node is not a swarm manager."));
}

void TestSwarmSource::anAddressThatIsNoneIsRefused_data()
{
    QTest::addColumn<QByteArray>("role");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("service")
        << QByteArray("services") << QByteArray("/services")
        << QByteArray(R"([{"Endpoint": {"VirtualIPs": [{"Addr": "10.0.0.300/24"}]}}])");
    QTest::newRow("task")
        << QByteArray("tasks") << QByteArray("/tasks")
        << QByteArray(R"([{"NetworksAttachments": [{"Addresses": ["10.0.0.300/24"]}]}])");
}

void TestSwarmSource::anAddressThatIsNoneIsRefused()
{
    QFETCH(QByteArray, role);
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    DockerDaemon daemon;
    fill(daemon);
    daemon.set(path.toStdString(), body.toStdString());
    QCOMPARE(found(optionsFor(daemon, role.toStdString())).errors,
        (Lines { daemon.server().url("")
            + ": error while parsing address 10.0.0.300/24: an address with a prefix length is "
              "needed, like 10.0.0.3/24" }));
}

void TestSwarmSource::emptyAnswersAreNoTargets_data()
{
    QTest::addColumn<QByteArray>("role");
    for (const char* role : { "nodes", "services", "tasks" })
        QTest::newRow(role) << QByteArray(role);
}

void TestSwarmSource::emptyAnswersAreNoTargets()
{
    QFETCH(QByteArray, role);
    DockerDaemon daemon;
    for (const char* path : { "/networks", "/services", "/nodes", "/tasks" })
        daemon.set(path, "null");
    QCOMPARE(found(optionsFor(daemon, role.toStdString())), (JobGroups { "swarm", {}, {} }));
}

void TestSwarmSource::containerIdsThatAreNoneAreNotAskedFor()
{
    const Json tasks = Json::parse(R"([
      {"Status": {"ContainerStatus": {"ContainerID": "../../secrets"}}},
      {"Status": {"ContainerStatus": {"ContainerID": "b1"}}},
      {"Status": {"ContainerStatus": {"ContainerID": "a1"}}},
      {"Status": {"ContainerStatus": {"ContainerID": "b1"}}},
      {"Status": {"ContainerStatus": {"ContainerID": ""}}}, {}])");
    QCOMPARE(taskContainers(tasks), (Lines { "a1", "b1" }));
}

QTEST_GUILESS_MAIN(TestSwarmSource)
#include "tst_swarm_source.moc"
