// Goal: a kubeconfig is understood as kubectl understands it, and what is wrong in one is said with
// its place and what to do.
#include "core/config/kubernetes_kubeconfig.h"

#include <QTest>

using namespace fleetglass;
using namespace fleetglass::config;
using discovery::KubernetesAccess;

namespace {

constexpr const char* kPath = "/home/ada/.kube/config";

// A file with one context; `cluster` and `user` are lines with their indentation.
std::string fileWith(const std::string& cluster, const std::string& user)
{
    return "apiVersion: v1\nkind: Config\ncurrent-context: dev\n"
           "contexts:\n- name: other\n  context: {cluster: x, user: y}\n"
           "- name: dev\n  context:\n    cluster: c\n    user: u\n    namespace: shop\n"
           "clusters:\n- name: c\n  cluster:\n    server: https://10.0.0.1:6443/\n"
        + cluster + "users:\n- name: u\n  user:\n    x: y\n" + user;
}

KubernetesAccess accessOf(const std::string& cluster, const std::string& user)
{
    const auto access = readKubeconfig(fileWith(cluster, user), kPath);
    if (!access)
        qWarning("%s", access.error().message.c_str());
    return access.value_or(KubernetesAccess());
}

// "LS0tLS1CRUdJTiA..." is "-----BEGIN X-----\nabc\n".
constexpr const char* kPemBase64 = "LS0tLS1CRUdJTiBYLS0tLS0KYWJjCg==";
constexpr const char* kPem = "-----BEGIN X-----\nabc\n";

} // namespace

class TestKubernetesKubeconfig : public QObject
{
    Q_OBJECT
private slots:
    void contextChoosesClusterAndUser();
    void authorityAndTlsSettings();
    void filesAreFoundBesideTheKubeconfig();
    void certificatesInPlace();
    void tokens();
    void passwordAndImpersonation();
    void execPlugin();
    void tokenWinsOverThePlugin();
    void jsonIsTaken();
    void brokenFilesAreErrorsWithTheirPlace_data();
    void brokenFilesAreErrorsWithTheirPlace();
    void errorsHoldNoSecret();
};

void TestKubernetesKubeconfig::contextChoosesClusterAndUser()
{
    const auto access = accessOf("", "    token: abc\n");
    QCOMPARE(access.server, std::string("https://10.0.0.1:6443"));
    QCOMPARE(access.ownNamespace, std::string("shop"));
    QCOMPARE(access.source, std::string("kubeconfig /home/ada/.kube/config, context dev"));
    QVERIFY(!access.exec);
}

void TestKubernetesKubeconfig::authorityAndTlsSettings()
{
    const auto access = accessOf("    certificate-authority-data: " + std::string(kPemBase64)
            + "\n    tls-server-name: kube.example\n    insecure-skip-tls-verify: true\n"
              "    proxy-url: http://proxy:3128\n",
        "");
    QCOMPARE(access.client.tls.ca, std::string(kPem));
    QCOMPARE(access.client.tls.serverName, std::string("kube.example"));
    QVERIFY(access.client.tls.insecureSkipVerify);
    QCOMPARE(access.client.proxy.url.reveal(), std::string("http://proxy:3128"));
}

void TestKubernetesKubeconfig::filesAreFoundBesideTheKubeconfig()
{
    const auto access = accessOf("    certificate-authority: ca.pem\n",
        "    client-certificate: certs/me.pem\n    client-key: /keys/me.key\n    tokenFile: "
        "../token\n");
    QCOMPARE(access.client.tls.caFile, std::string("/home/ada/.kube/ca.pem"));
    QCOMPARE(access.client.tls.certFile, std::string("/home/ada/.kube/certs/me.pem"));
    QCOMPARE(access.client.tls.key.file, std::string("/keys/me.key"));
    QCOMPARE(access.client.authorization->credentials.file, std::string("/home/ada/token"));
}

void TestKubernetesKubeconfig::certificatesInPlace()
{
    const std::string data(kPemBase64);
    const auto access = accessOf(
        "", "    client-certificate-data: " + data + "\n    client-key-data: " + data + '\n');
    QCOMPARE(access.client.tls.cert, std::string(kPem));
    QCOMPARE(access.client.tls.key.text.reveal(), std::string(kPem));
}

void TestKubernetesKubeconfig::tokens()
{
    const auto plain = accessOf("", "    token: abc\n").client.authorization;
    QCOMPARE(plain->type, std::string("Bearer"));
    QCOMPARE(plain->credentials.text.reveal(), std::string("abc"));
    const auto both = accessOf("", "    token: abc\n    tokenFile: /t\n").client.authorization;
    QCOMPARE(both->credentials.file, std::string("/t"));
    QVERIFY(both->credentials.text.empty());
}

void TestKubernetesKubeconfig::passwordAndImpersonation()
{
    const auto access = accessOf("",
        "    username: ada\n    password: pw\n    as: bob\n    as-uid: u1\n"
        "    as-groups: [dev, ops]\n");
    QCOMPARE(access.client.basicAuth->username, std::string("ada"));
    QCOMPARE(access.client.basicAuth->password.text.reveal(), std::string("pw"));
    QCOMPARE(access.client.headers.size(), size_t(3));
    QCOMPARE(access.client.headers[0].name, std::string("Impersonate-User"));
    QVERIFY((access.client.headers[2].values == std::vector<std::string> { "dev", "ops" }));
}

void TestKubernetesKubeconfig::execPlugin()
{
    const auto access = accessOf("    extensions:\n    - name: client.authentication.k8s.io/exec\n"
                                 "      extension: {audience: a, n: 5, ok: true}\n",
        "    exec:\n      apiVersion: client.authentication.k8s.io/v1\n      command: ./login\n"
        "      args: [get, token]\n      env:\n      - {name: REALM, value: dev}\n"
        "      installHint: apt install login\n      interactiveMode: IfAvailable\n"
        "      provideClusterInfo: true\n");
    QVERIFY(access.exec.has_value());
    QCOMPARE(access.exec->command, std::string("/home/ada/.kube/login"));
    QVERIFY((access.exec->args == std::vector<std::string> { "get", "token" }));
    QCOMPARE(access.exec->environment.front().second, std::string("dev"));
    QCOMPARE(access.exec->installHint, std::string("apt install login"));
    QVERIFY(access.exec->provideClusterInfo);
    QCOMPARE(access.exec->clusterConfigJson,
        std::string("{\"audience\":\"a\",\"n\":\"5\",\"ok\":true}"));
}

void TestKubernetesKubeconfig::tokenWinsOverThePlugin()
{
    const auto access = accessOf("",
        "    token: abc\n    exec: {apiVersion: client.authentication.k8s.io/v1, command: x}\n");
    QVERIFY(!access.exec);
}

void TestKubernetesKubeconfig::jsonIsTaken()
{
    const auto access = readKubeconfig(R"({"current-context": "a",
        "contexts": [{"name": "a", "context": {"cluster": "a"}}],
        "clusters": [{"name": "a", "cluster": {"server": "http://localhost:8080"}}]})",
        kPath);
    QVERIFY(access);
    QCOMPARE(access->server, std::string("http://localhost:8080"));
}

void TestKubernetesKubeconfig::brokenFilesAreErrorsWithTheirPlace_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("message");
    const auto row = [](const char* name, const std::string& text, const std::string& message) {
        QTest::newRow(name) << text << kPath + (':' + message);
    };
    row("no kubeconfig", "scrape_configs: []\n",
        "1:1: this is no kubeconfig: it has neither clusters nor contexts");
    row("no context", "contexts:\n- name: a\n- name: b\nclusters: []\n",
        "1:1: no current-context is set: choose one with \"kubectl config use-context NAME\" "
        "(there "
        "are \"a\", \"b\")");
    row("unknown context", "current-context: c\ncontexts:\n- {name: a, context: {}}\n",
        "3:1: context \"c\" is not in this file: there are \"a\"");
    row("unknown cluster", "current-context: a\ncontexts:\n- {name: a, context: {cluster: z}}\n",
        "1:1: cluster \"z\" is not in this file: clusters is empty");
    row("unknown user",
        "current-context: a\ncontexts:\n- {name: a, context: {cluster: a, user: u}}\n"
        "clusters:\n- {name: a, cluster: {server: 'https://a'}}\nusers:\n- {name: v}\n",
        "7:1: user \"u\" is not in this file: there are \"v\"");
    row("no server",
        "current-context: a\ncontexts:\n- {name: a, context: {cluster: a}}\n"
        "clusters:\n- name: a\n  cluster: {x: y}\n",
        "6:12: the cluster has no \"server\"");
    row("no URL",
        "current-context: a\ncontexts:\n- {name: a, context: {cluster: a}}\n"
        "clusters:\n- name: a\n  cluster: {server: 'ftp://a'}\n",
        "6:21: server \"ftp://a\" is not a URL like \"https://10.0.0.1:6443\"");
    row("base64", fileWith("", "    client-certificate-data: '%%'\n"),
        "20:30: client-certificate-data is not base64");
    row("not PEM", fileWith("", "    client-key-data: YWJj\n"),
        "20:22: client-key-data holds no PEM text (\"-----BEGIN ...\")");
    row("half a pair", fileWith("", "    client-certificate: a.pem\n"),
        "19:5: a client-certificate needs its client-key");
    row("auth-provider", fileWith("", "    auth-provider: {name: gcp}\n"),
        "20:20: auth-provider \"gcp\" is no longer part of Kubernetes: use the exec plugin of your "
        "provider (gke-gcloud-auth-plugin, kubelogin)");
    row("exec version", fileWith("", "    exec: {apiVersion: v1, command: a}\n"),
        "20:11: exec apiVersion \"v1\" is not known: client.authentication.k8s.io/v1 or v1beta1 is "
        "needed");
    row("exec without command",
        fileWith("", "    exec: {apiVersion: client.authentication.k8s.io/v1}\n"),
        "20:11: exec has no \"command\"");
    row("exec with a terminal",
        fileWith("",
            "    exec: {apiVersion: client.authentication.k8s.io/v1, command: login, "
            "interactiveMode: Always}\n"),
        "20:11: \"login\" asks for a terminal (interactiveMode: Always), which there is none of "
        "here: log in with kubectl first and use a plugin that can do without");
}

void TestKubernetesKubeconfig::brokenFilesAreErrorsWithTheirPlace()
{
    QFETCH(std::string, text);
    QFETCH(std::string, message);
    const auto access = readKubeconfig(text, kPath);
    QVERIFY(!access);
    QCOMPARE(access.error().message, message);
}

void TestKubernetesKubeconfig::errorsHoldNoSecret()
{
    const auto access = readKubeconfig(
        fileWith("", "    token: hidden-token\n    client-key-data: aGlkZGVu!\n"), kPath);
    QVERIFY(!access);
    QVERIFY(access.error().message.find("hidden") == std::string::npos);
    QVERIFY(access.error().message.find("aGlkZGVu") == std::string::npos);
}

QTEST_GUILESS_MAIN(TestKubernetesKubeconfig)
#include "tst_kubernetes_kubeconfig.moc"
