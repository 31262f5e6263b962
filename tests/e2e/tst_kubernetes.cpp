// Goal: a resource of the Prometheus Operator, given to the command line on a workstation, ends in
// scraped pods: by the user's own kubeconfig and its exec plugin. Method: the built program, an API
// server with TLS and a page of our own.
#include "tests/support/kubernetes_api.h"
#include "tests/support/real_parts.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace fleetglass;
using namespace fleetglass::test;
using support::runFleetglass;

namespace {

constexpr const char* kPodMonitor = R"(apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {name: lamps, namespace: hall}
spec:
  jobLabel: app
  selector: {matchLabels: {app: lamp}}
  podMetricsEndpoints: [{port: web, interval: 30s}]
)";

QJsonObject onlyTarget(const QByteArray& output)
{
    const QJsonArray targets = QJsonDocument::fromJson(output).array();
    return targets.size() == 1 ? targets.first().toObject() : QJsonObject();
}

} // namespace

class TestKubernetes : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void monitorLeadsToScrapedPods();
    void refusalIsSaid();
    void checkTellsWhatMeansNothing();

private:
    QString write(const char* name, const QByteArray& text, bool executable = false) const;

    std::unique_ptr<QTemporaryDir> m_home;
    const TestAuthority m_authority { "cluster" };
};

QString TestKubernetes::write(const char* name, const QByteArray& text, bool executable) const
{
    const QString path = m_home->filePath(QString::fromLatin1(name));
    support::writeText(path, text);
    QFile file(path);
    if (executable)
        file.setPermissions(file.permissions() | QFile::ExeOwner);
    return path;
}

// The program's home is a fresh folder with a kubeconfig for that server.
void TestKubernetes::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    QDir(m_home->path()).mkdir(QStringLiteral(".kube"));
    qputenv("HOME", m_home->path().toUtf8());
    qunsetenv("KUBECONFIG");
    write(".kube/ca.pem", QByteArray::fromStdString(m_authority.pem()));
    write(".kube/login",
        "#!/bin/sh\necho '{\"apiVersion\": \"client.authentication.k8s.io/v1\", \"kind\": "
        "\"ExecCredential\", \"status\": {\"token\": \"of-ada\"}}'\n",
        true);
}

void TestKubernetes::monitorLeadsToScrapedPods()
{
    FaultServer page([](FaultConnection& connection, const ReceivedRequest&) {
        connection.send(httpAnswer("# TYPE lamp_on gauge\nlamp_on 1\n"));
    });
    KubernetesApiOptions options;
    options.certificate = m_authority.issue({});
    options.token = "of-ada";
    KubernetesApi api(options);
    const auto pod = [&](const std::string& name, const std::string& app) {
        return R"({"metadata": {"name": ")" + name
            + R"(", "namespace": "hall", "labels": {"app": ")" + app
            + R"("}}, "spec": {"containers": [{"name": "c", "ports": [{"name": "web",)"
              R"( "containerPort": )"
            + std::to_string(page.port())
            + R"(}]}]}, "status": {"podIP": "127.0.0.1", "phase": "Running"}})";
    };
    api.put("pods", pod("lamp-1", "lamp"));
    api.put("pods", pod("door-1", "door"));
    write(".kube/config",
        "current-context: dev\ncontexts: [{name: dev, context: {cluster: c, user: u}}]\n"
        "clusters: [{name: c, cluster: {server: '"
            + QByteArray::fromStdString(api.url())
            + "', certificate-authority: ca.pem}}]\n"
              "users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, "
              "command: ./login, interactiveMode: Never}}}]\n");
    const auto outcome = runFleetglass({ QStringLiteral("scrape"), write("lamps.yaml", kPodMonitor),
        QStringLiteral("--once"), QStringLiteral("--json") });
    QVERIFY2(outcome.exitCode == 0, (outcome.output + outcome.errors).constData());
    const QJsonObject target = onlyTarget(outcome.output);
    QCOMPARE(target[QStringLiteral("job")].toString(), QStringLiteral("podMonitor/hall/lamps/0"));
    QCOMPARE(target[QStringLiteral("health")].toString(), QStringLiteral("up"));
    QCOMPARE(target[QStringLiteral("samples_scraped")].toInt(), 1);
    const QJsonObject labels = target[QStringLiteral("labels")].toObject();
    QCOMPARE(labels[QStringLiteral("pod")].toString(), QStringLiteral("lamp-1"));
    QCOMPARE(labels[QStringLiteral("job")].toString(), QStringLiteral("lamp"));
    QCOMPARE(labels[QStringLiteral("endpoint")].toString(), QStringLiteral("web"));
}

void TestKubernetes::refusalIsSaid()
{
    KubernetesApi api;
    api.forbid("pods");
    write(".kube/config",
        "current-context: dev\ncontexts: [{name: dev, context: {cluster: c}}]\n"
        "clusters: [{name: c, cluster: {server: '"
            + QByteArray::fromStdString(api.url()) + "'}}]\n");
    const auto outcome = runFleetglass({ QStringLiteral("scrape"), write("lamps.yaml", kPodMonitor),
        QStringLiteral("--once"), QStringLiteral("--json") });
    QVERIFY2(
        (outcome.output + outcome.errors)
            .contains("the service account monitoring/fleetglass may not list pods in namespace "
                      "hall: give it a Role there with get, list and watch on pods"),
        (outcome.output + outcome.errors).constData());
}

void TestKubernetes::checkTellsWhatMeansNothing()
{
    const QString file = write("lamps.yaml", QByteArray(kPodMonitor) + "  patience: 3\n");
    const auto outcome = runFleetglass({ QStringLiteral("check"), QStringLiteral("config"), file });
    const QByteArray said = outcome.output + outcome.errors;
    QCOMPARE(outcome.exitCode, 0);
    QVERIFY2(said.contains("PodMonitor hall/lamps: patience is no field that is known here"),
        said.constData());
}

QTEST_GUILESS_MAIN(TestKubernetes)
#include "tst_kubernetes.moc"
