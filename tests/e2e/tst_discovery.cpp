// Goal: the command line scrapes the targets that each mechanism of discovery finds.
// Method: the built program with a configuration, against servers of our own on loopback.
#include "tests/support/consul_agent.h"
#include "tests/support/docker_daemon.h"
#include "tests/support/real_parts.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace fleetglass;
using namespace fleetglass::test;
using support::runFleetglass;

namespace {

// One target per job, by the name of the job.
QMap<QString, QJsonObject> targetsOf(const QByteArray& output)
{
    QMap<QString, QJsonObject> targets;
    for (const auto& value : QJsonDocument::fromJson(output).array())
        targets[value[QStringLiteral("job")].toString()] = value.toObject();
    return targets;
}

} // namespace

class TestDiscovery : public QObject
{
    Q_OBJECT
private slots:
    void eachMechanismLeadsToAScrapedTarget();
    void whatIsNotRunHereIsNamedWithTheWayRoundIt();

private:
    QString write(const char* name, QByteArray text) const;

    QTemporaryDir m_folder;
    FaultServer m_exporter { [](FaultConnection& connection, const ReceivedRequest&) {
        connection.send(httpAnswer("# TYPE a gauge\na 1\n"));
    } };
};

QString TestDiscovery::write(const char* name, QByteArray text) const
{
    const QString path = m_folder.filePath(QString::fromLatin1(name));
    support::writeText(path, text.replace("PORT", QByteArray::number(m_exporter.port())));
    return path;
}

void TestDiscovery::eachMechanismLeadsToAScrapedTarget()
{
    DockerDaemonOptions wanted;
    wanted.server.unixSocket = m_folder.filePath(QStringLiteral("docker.sock")).toStdString();
    DockerDaemon docker(wanted);
    docker.set("/containers/json",
        R"([{"Id": "c1", "Names": ["/web"], "HostConfig": {"NetworkMode": "front"},
            "Ports": [{"PrivatePort": )"
            + std::to_string(m_exporter.port()) + R"(, "Type": "tcp"}],
            "NetworkSettings": {"Networks": {"front": {"IPAddress": "127.0.0.1"}}}}])");
    docker.set("/networks", "[]");
    docker.set("/nodes", R"([{"ID": "n1", "Status": {"Addr": "127.0.0.1"}}])");
    ConsulAgent consul;
    ConsulInstance web;
    web.nodeAddress = "127.0.0.1";
    web.port = m_exporter.port();
    consul.set({ web });
    write("targets.json", "[{\"targets\": [\"127.0.0.1:PORT\"], \"labels\": {\"site\": \"lab\"}}]");
    const QString file = write("prometheus.yml",
        "scrape_configs:\n"
        "- {job_name: file, file_sd_configs: [{files: [targets.json]}]}\n"
        "- job_name: docker\n"
        "  docker_sd_configs: [{host: 'unix://"
            + QByteArray::fromStdString(wanted.server.unixSocket)
            + "'}]\n"
              "  relabel_configs:\n"
              "  - {source_labels: [__meta_docker_container_name], regex: /(.*), "
              "target_label: container}\n"
              "- job_name: swarm\n"
              "  dockerswarm_sd_configs: [{host: 'unix://"
            + QByteArray::fromStdString(wanted.server.unixSocket)
            + "', role: nodes, port: PORT}]\n"
              "  relabel_configs:\n"
              "  - {source_labels: [__meta_dockerswarm_node_id], target_label: node}\n"
              "- job_name: consul\n"
              "  consul_sd_configs: [{server: '"
            + QByteArray::fromStdString(consul.server().address())
            + "'}]\n"
              "  relabel_configs:\n"
              "  - {source_labels: [__meta_consul_service], target_label: service}\n");
    const auto outcome = runFleetglass(
        { QStringLiteral("scrape"), file, QStringLiteral("--once"), QStringLiteral("--json") });
    QVERIFY2(outcome.exitCode == 0, (outcome.output + outcome.errors).constData());
    const auto targets = targetsOf(outcome.output);
    QCOMPARE(targets.size(), 4);
    const auto label = [&](const char* job, const char* name) {
        const QJsonObject target = targets[QString::fromLatin1(job)];
        return target[QStringLiteral("labels")][QString::fromLatin1(name)].toString();
    };
    QCOMPARE(label("file", "site"), QStringLiteral("lab"));
    QCOMPARE(label("docker", "container"), QStringLiteral("web"));
    QCOMPARE(label("swarm", "node"), QStringLiteral("n1"));
    QCOMPARE(label("consul", "service"), QStringLiteral("web"));
    for (const QJsonObject& target : targets)
        QCOMPARE(target[QStringLiteral("health")].toString(), QStringLiteral("up"));
}

void TestDiscovery::whatIsNotRunHereIsNamedWithTheWayRoundIt()
{
    const QString file = write("clouds.yml",
        "scrape_configs:\n"
        "- {job_name: d, dns_sd_configs: [{names: [a]}]}\n"
        "- {job_name: c, consul_sd_configs: [{}]}\n"
        "- {job_name: o, docker_sd_configs: [{host: 'tcp://d:1'}]}\n"
        "- {job_name: s, dockerswarm_sd_configs: [{host: 'tcp://d:1', role: tasks}]}\n"
        "- {job_name: n, nomad_sd_configs: [{}]}\n");
    const auto outcome = runFleetglass({ QStringLiteral("check"), QStringLiteral("config"), file });
    const QByteArray said = outcome.output + outcome.errors;
    QCOMPARE(outcome.exitCode, 0);
    QCOMPARE(said.count("not run here"), 1);
    QVERIFY2(said.contains("nomad_sd_configs is recognised but not run here; its targets can come "
                           "through file_sd_configs or http_sd_configs"),
        said.constData());
}

QTEST_GUILESS_MAIN(TestDiscovery)
#include "tst_discovery.moc"
