// Goal: whoever may read a cluster reads it, with every kind of credential, and plugins are started
// only where the user put them. Method: an API with TLS of our own authority and plugins that are
// small shell scripts written by the test.
#include "core/config/kubernetes_kubeconfig.h"
#include "core/discovery/kubernetes_access.h"
#include "core/discovery/kubernetes_credentials.h"
#include "core/discovery/kubernetes_exec.h"
#include "core/discovery/kubernetes_source.h"
#include "tests/support/fake_clock.h"
#include "tests/support/kubernetes_api.h"
#include "tests/support/live_transport.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <nlohmann/json.hpp>

using namespace fleetglass;
using namespace fleetglass::discovery;
using namespace fleetglass::discovery::kubernetes;
using namespace fleetglass::test;
using namespace std::chrono_literals;

namespace {

// A home with a .kube folder.
class Home
{
public:
    Home()
    {
        QDir(m_folder.path()).mkdir(QStringLiteral(".kube"));
        world.environment = { "HOME=" + path(), "PATH=/usr/bin:/bin",
            "LD_PRELOAD=", "SECRET_OF_OURS=1", "AWS_PROFILE=dev" };
    }

    std::string path(const std::string& name = {}) const
    {
        return m_folder.path().toStdString() + (name.empty() ? "" : '/' + name);
    }
    void write(const std::string& name, const std::string& text, bool executable = false) const
    {
        QFile file(QString::fromStdString(path(name)));
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(QByteArray::fromStdString(text));
        file.close();
        if (executable)
            file.setPermissions(file.permissions() | QFile::ExeOwner);
    }
    void writeScript(const std::string& name, const std::string& lines) const
    {
        write(name, "#!/bin/sh\n" + lines, true);
    }

    World world;

private:
    QTemporaryDir m_folder;
};

std::string credential(const std::string& status, const std::string& version = "v1")
{
    return R"({"apiVersion": "client.authentication.k8s.io/)" + version
        + R"(", "kind": "ExecCredential", "status": )" + status + '}';
}

// "cat <<E": what the plugin prints.
std::string printing(const std::string& json)
{
    return "cat <<'END'\n" + json + "\nEND\n";
}

KubernetesAccess accessWith(const std::string& command)
{
    KubernetesAccess access;
    access.server = "https://api";
    access.exec.emplace();
    access.exec->apiVersion = "client.authentication.k8s.io/v1";
    access.exec->command = command;
    access.exec->args = { "one", "two words" };
    access.exec->environment = { { "REALM", "dev" }, { "AWS_PROFILE", "own" } };
    return access;
}

// Polls until the plugin has answered one way or the other.
void settle(Credentials& credentials, std::chrono::nanoseconds now)
{
    QElapsedTimer timer;
    timer.start();
    do {
        credentials.poll(now);
        QTest::qWait(5);
    } while (credentials.untilDue(now) == PluginRun::kPollEvery && timer.elapsed() < 10'000);
}

// Polls as the discoverer would until it holds; false after ten seconds.
template<class F>
bool pollUntil(KubernetesSource& source, std::chrono::nanoseconds ahead, F&& holds)
{
    const SystemClock clock;
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 10'000) {
        source.poll(clock.bootTime() + ahead);
        if (holds())
            return true;
        QTest::qSleep(5);
    }
    return false;
}

std::string errorsOf(const KubernetesSource& source)
{
    std::string text;
    for (const std::string& error : source.snapshot().errors)
        text += error + '\n';
    return text;
}

std::string jsonQuoted(const std::string& text)
{
    return nlohmann::json(text).dump();
}

std::string kubeconfig(
    const std::string& server, const std::string& authority, const std::string& user)
{
    return R"({"current-context": "c", "contexts": [{"name": "c", "context":
        {"cluster": "c", "user": "u"}}], "clusters": [{"name": "c", "cluster": {"server": )"
        + jsonQuoted(server) + R"(, "certificate-authority": )" + jsonQuoted(authority)
        + R"(}}], "users": [{"name": "u", "user": )" + user + "}]}";
}

} // namespace

class TestKubernetesAccess : public QObject
{
    Q_OBJECT
private slots:
    void orderOfWaysToACluster();
    void pluginsRunOnlyFromWhereTheUserPutThem();
    void pluginGetsItsArgumentsAndAShortEnvironment();
    void pluginIsToldOfTheCluster();
    void pluginAnswersACertificate();
    void expiredCredentialIsRenewed();
    void refusedCredentialIsRenewed();
    void badPluginsAreErrors_data();
    void badPluginsAreErrors();
    void badAnswersAreErrors_data();
    void badAnswersAreErrors();
    void hangingPluginIsEnded();
    void nothingStaysBehind();
    void timestamps_data();
    void timestamps();
    void everyCredentialReachesTheApi_data();
    void everyCredentialReachesTheApi();
    void wrongAuthorityIsSaid();
    void wrongTokenIsSaid();
    void kubeconfigThatComesLaterIsTaken();
};

void TestKubernetesAccess::orderOfWaysToACluster()
{
    Home home;
    KubernetesOptions options;
    options.readKubeconfig = config::readKubeconfig;
    QVERIFY(!findAccess(options, home.world));
    home.write(".kube/config", kubeconfig("https://user", "", "{}"));
    QCOMPARE(findAccess(options, home.world)->server, std::string("https://user"));
    home.write("listed", kubeconfig("https://listed", "", "{}"));
    home.world.environment.push_back("KUBECONFIG=/nowhere:" + home.path("listed"));
    QCOMPARE(findAccess(options, home.world)->server, std::string("https://listed"));
    home.world.environment.emplace_back("KUBERNETES_SERVICE_HOST=fd00::1");
    home.world.environment.emplace_back("KUBERNETES_SERVICE_PORT=443");
    QCOMPARE(findAccess(options, home.world)->server, std::string("https://[fd00::1]:443"));
    home.write("named", kubeconfig("https://named/", "", "{}"));
    options.kubeconfigFile = home.path("named");
    QCOMPARE(findAccess(options, home.world)->server, std::string("https://named"));
    options.kubeconfigFile = home.path("missing");
    QCOMPARE(findAccess(options, home.world).error().message,
        home.path("missing") + ": No such file or directory");
    options.apiServer = "http://api:8080/";
    QCOMPARE(findAccess(options, home.world)->server, std::string("http://api:8080"));
}

void TestKubernetesAccess::pluginsRunOnlyFromWhereTheUserPutThem()
{
    Home home;
    const std::string user
        = R"({"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "login"}})";
    home.write("opened", kubeconfig("https://a", "", user));
    home.write(".kube/mine", kubeconfig("https://a", "", user));
    KubernetesOptions options;
    options.readKubeconfig = config::readKubeconfig;
    options.kubeconfigFile = home.path("opened");
    const auto refused = findAccess(options, home.world);
    QVERIFY(!refused);
    QCOMPARE(refused.error().message,
        home.path("opened")
            + ": its exec plugin \"login\" is not started, because a config that is opened must "
              "not start programs: move the kubeconfig to ~/.kube, or name it in the variable "
              "KUBECONFIG");
    options.kubeconfigFile = home.path(".kube/mine");
    QVERIFY(findAccess(options, home.world));
    options.kubeconfigFile = home.path(".kube/../opened");
    QVERIFY(!findAccess(options, home.world));
    home.world.environment.push_back("KUBECONFIG=" + home.path("opened"));
    QVERIFY(findAccess(options, home.world));
}

void TestKubernetesAccess::pluginGetsItsArgumentsAndAShortEnvironment()
{
    Home home;
    home.writeScript("login",
        "env | sort > " + home.path("env") + "\nprintf '%s|' \"$@\" > " + home.path("args") + '\n'
            + "ls /proc/self/fd | wc -l > " + home.path("files") + '\n'
            + printing(credential(R"({"token": "t1"})")));
    FakeClock clock;
    Credentials credentials(accessWith(home.path("login")), clock, home.world);
    QVERIFY(credentials.client() == nullptr);
    settle(credentials, 0s);
    QVERIFY2(credentials.client() != nullptr, credentials.error().c_str());
    QCOMPARE(credentials.client()->authorization->credentials.text.reveal(), std::string("t1"));
    QCOMPARE(readSmallFile(home.path("args")).value(), std::string("one|two words|"));
    const std::string env = readSmallFile(home.path("env")).value();
    QVERIFY2(env.find("REALM=dev\n") != std::string::npos, env.c_str());
    QVERIFY2(env.find("AWS_PROFILE=own\n") != std::string::npos, env.c_str());
    QVERIFY2(env.find("HOME=") != std::string::npos, env.c_str());
    QVERIFY2(env.find("SECRET_OF_OURS") == std::string::npos, env.c_str());
    QVERIFY2(env.find("LD_PRELOAD") == std::string::npos, env.c_str());
    QVERIFY2(env.find("KUBERNETES_EXEC_INFO={\"apiVersion\":\"client.authentication.k8s.io/v1\","
                      "\"kind\":\"ExecCredential\",\"spec\":{\"interactive\":false}}\n")
            != std::string::npos,
        env.c_str());
}

void TestKubernetesAccess::pluginIsToldOfTheCluster()
{
    KubernetesAccess access = accessWith("x");
    access.exec->provideClusterInfo = true;
    access.exec->clusterConfigJson = "{\"audience\":\"a\"}";
    access.client.tls.ca = "PEM";
    access.client.tls.serverName = "kube";
    QCOMPARE(execInfo(access),
        std::string("{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":"
                    "\"ExecCredential\",\"spec\":{\"cluster\":{\"certificate-authority-data\":"
                    "\"UEVN\",\"config\":{\"audience\":\"a\"},\"server\":\"https://api\","
                    "\"tls-server-name\":\"kube\"},\"interactive\":false}}"));
}

void TestKubernetesAccess::pluginAnswersACertificate()
{
    Home home;
    home.writeScript(
        "login", printing(credential(R"({"clientCertificateData": "C", "clientKeyData": "K"})")));
    FakeClock clock;
    Credentials credentials(accessWith(home.path("login")), clock, home.world);
    settle(credentials, 0s);
    QVERIFY2(credentials.client() != nullptr, credentials.error().c_str());
    QCOMPARE(credentials.client()->tls.cert, std::string("C"));
    QCOMPARE(credentials.client()->tls.key.text.reveal(), std::string("K"));
    QVERIFY(!credentials.client()->authorization);
}

void TestKubernetesAccess::expiredCredentialIsRenewed()
{
    Home home;
    home.writeScript("login",
        "echo x >> " + home.path("runs") + '\n'
            + printing(
                credential(R"({"token": "t", "expirationTimestamp": "2026-11-20T10:00:00Z"})")));
    FakeClock clock(*parseTimestampMs("2026-11-20T09:00:00Z"));
    Credentials credentials(accessWith(home.path("login")), clock, home.world);
    settle(credentials, 0s);
    settle(credentials, 1h - 30s);
    QCOMPARE(readSmallFile(home.path("runs")).value(), std::string("x\n"));
    clock.stepWall(1h - 5s);
    settle(credentials, 1h);
    QCOMPARE(readSmallFile(home.path("runs")).value(), std::string("x\nx\n"));
    QCOMPARE(credentials.error(), std::string());
    clock.stepWall(10s);
    settle(credentials, 2h);
    QCOMPARE(credentials.error(),
        "exec plugin \"" + home.path("login")
            + "\" answered a credential that has expired already");
}

void TestKubernetesAccess::refusedCredentialIsRenewed()
{
    Home home;
    home.writeScript("login",
        "echo x >> " + home.path("runs") + '\n' + printing(credential(R"({"token": "t"})")));
    FakeClock clock;
    Credentials credentials(accessWith(home.path("login")), clock, home.world);
    settle(credentials, 0s);
    credentials.refused(1s);
    settle(credentials, 1s); // Not within ten seconds of the last run.
    QCOMPARE(readSmallFile(home.path("runs")).value(), std::string("x\n"));
    settle(credentials, 11s);
    QCOMPARE(readSmallFile(home.path("runs")).value(), std::string("x\nx\n"));
}

void TestKubernetesAccess::badPluginsAreErrors_data()
{
    QTest::addColumn<std::string>("script");
    QTest::addColumn<std::string>("message");
    const auto row = [](const char* name, const std::string& script, const std::string& message) {
        QTest::newRow(name) << script << message;
    };
    row("fails", "echo first >&2; echo 'please log in' >&2; exit 3",
        "failed with code 3: please log in");
    row("dies", "kill -9 $$", "was ended by signal 9");
    row("silent", "exit 0", "printed no JSON object of kind ExecCredential");
    row("too much", "head -c 1100000 /dev/zero", "printed more than 1 MiB");
}

void TestKubernetesAccess::badPluginsAreErrors()
{
    QFETCH(std::string, script);
    QFETCH(std::string, message);
    Home home;
    home.writeScript("login", script + '\n');
    FakeClock clock;
    Credentials credentials(accessWith(home.path("login")), clock, home.world);
    settle(credentials, 0s);
    QVERIFY(credentials.client() == nullptr);
    QCOMPARE(credentials.error(), "exec plugin \"" + home.path("login") + "\" " + message);
    QCOMPARE(credentials.untilDue(0s), std::chrono::nanoseconds(Credentials::kRetryAfter));
}

void TestKubernetesAccess::badAnswersAreErrors_data()
{
    QTest::addColumn<std::string>("json");
    QTest::addColumn<std::string>("message");
    const auto row = [](const char* name, const std::string& json, const std::string& message) {
        QTest::newRow(name) << json << message;
    };
    row("kind", R"({"kind": "Pod"})",
        "printed an object of kind \"Pod\" instead of ExecCredential");
    row("version", credential("{}", "v1beta1"),
        "answered in version \"client.authentication.k8s.io/v1beta1\", but the kubeconfig says "
        "client.authentication.k8s.io/v1");
    row("status", credential("3"), "printed no \"status\"");
    row("empty", credential("{}"), "answered neither a token nor a certificate");
    row("half", credential(R"({"clientCertificateData": "C"})"),
        "answered a certificate without its key, or a key without its certificate");
    row("time", credential(R"({"token": "t", "expirationTimestamp": "soon"})"),
        "answered an expirationTimestamp that is no time: \"soon\"");
}

void TestKubernetesAccess::badAnswersAreErrors()
{
    QFETCH(std::string, json);
    QFETCH(std::string, message);
    const auto read = readExecCredential(json, "login", "client.authentication.k8s.io/v1");
    QVERIFY(!read);
    QCOMPARE(read.error().message, "exec plugin \"login\" " + message);
}

void TestKubernetesAccess::hangingPluginIsEnded()
{
    Home home;
    home.writeScript("login", "echo $$ > " + home.path("pid") + "; sleep 600 & wait\n");
    FakeClock clock;
    Credentials credentials(accessWith(home.path("login")), clock, home.world);
    credentials.poll(0s);
    QTRY_VERIFY(readSmallFile(home.path("pid")).value_or("").ends_with('\n'));
    credentials.poll(59s);
    QCOMPARE(credentials.error(), std::string());
    credentials.poll(60s);
    QCOMPARE(credentials.error(),
        "exec plugin \"" + home.path("login")
            + "\" did not answer in 60 s; was it asking something?");
    std::string pid = readSmallFile(home.path("pid")).value();
    pid.pop_back();
    QVERIFY(!QFile::exists(QString::fromStdString("/proc/" + pid)));
}

void TestKubernetesAccess::nothingStaysBehind()
{
    Home home;
    home.writeScript("login", "echo $$ > " + home.path("pid") + "; sleep 600 & wait\n");
    FakeClock clock;
    {
        Credentials credentials(accessWith(home.path("login")), clock, home.world);
        credentials.poll(0s);
        QTRY_VERIFY(readSmallFile(home.path("pid")).value_or("").ends_with('\n'));
    }
    std::string pid = readSmallFile(home.path("pid")).value();
    pid.pop_back();
    QVERIFY(!QFile::exists(QString::fromStdString("/proc/" + pid)));
}

void TestKubernetesAccess::timestamps_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<qint64>("expected");
    const auto row = [](const char* text, qint64 expected) {
        QTest::newRow(text) << std::string(text) << expected;
    };
    row("1970-01-01T00:00:01Z", 1'000);
    row("2018-03-05T17:30:20-08:00", 1'520'299'820'000);
    row("2018-03-06T01:30:20.123456Z", 1'520'299'820'000);
    row("2018-03-06T03:00:20+01:30", 1'520'299'820'000);
    for (const char* bad : { "", "2018-03-06", "2018-13-06T01:30:20Z", "2018-03-06T01:30:20",
             "2018-03-06T01:30:20+1", "2018-03-06 01:30:20Z", "2018-03-06T25:30:20Z" })
        row(bad, -1);
}

void TestKubernetesAccess::timestamps()
{
    QFETCH(std::string, text);
    QFETCH(qint64, expected);
    QCOMPARE(qint64(parseTimestampMs(text).value_or(-1)), expected);
}

void TestKubernetesAccess::everyCredentialReachesTheApi_data()
{
    QTest::addColumn<std::string>("user"); // Of the kubeconfig; HOME and the files are put in.
    QTest::addColumn<bool>("needsCertificate");
    const auto row = [](const char* name, const std::string& user, bool needsCertificate) {
        QTest::newRow(name) << user << needsCertificate;
    };
    row("token", R"({"token": "good"})", false);
    row("token file", R"({"tokenFile": "token"})", false);
    row("client certificate files", R"({"client-certificate": "me.pem", "client-key": "me.key"})",
        true);
    row("client certificate data",
        R"({"client-certificate-data": "CERT64", "client-key-data": "KEY64"})", true);
    row("plugin",
        R"({"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "./login"}})",
        false);
}

void TestKubernetesAccess::everyCredentialReachesTheApi()
{
    QFETCH(std::string, user);
    QFETCH(bool, needsCertificate);
    const TestAuthority authority("cluster");
    KubernetesApiOptions apiOptions;
    apiOptions.certificate = authority.issue({});
    CertificateWish wish;
    wish.commonName = "ada";
    wish.forClients = true;
    const KeyAndCertificate mine = authority.issue(wish);
    if (needsCertificate)
        apiOptions.clientAuthorityPem = authority.pem();
    else
        apiOptions.token = "good";
    KubernetesApi api(apiOptions);
    api.put("nodes", R"({"metadata": {"name": "n"}, "status": {"addresses": [
        {"type": "InternalIP", "address": "10.0.0.1"}]}})");
    Home home;
    home.write(".kube/ca.pem", authority.pem());
    home.write(".kube/token", "good\n");
    home.write(".kube/me.pem", mine.certificatePem);
    home.write(".kube/me.key", mine.keyPem);
    home.writeScript(".kube/login", printing(credential(R"({"token": "good"})")));
    const auto put = [&](const std::string& word, const std::string& pem) {
        if (const size_t place = user.find(word); place != std::string::npos)
            user.replace(
                place, word.size(), QByteArray::fromStdString(pem).toBase64().toStdString());
    };
    put("CERT64", mine.certificatePem);
    put("KEY64", mine.keyPem);
    home.write(".kube/config", kubeconfig(api.url(), "ca.pem", user));
    KubernetesOptions options;
    options.role = KubernetesRole::Node;
    options.readKubeconfig = config::readKubeconfig;
    LiveTransport live;
    const SystemClock clock;
    KubernetesSource source(
        options, live.transport(), clock, [] {}, home.world);
    QVERIFY2(pollUntil(source, 0s, [&] { return source.snapshot().groups.size() == 1; }),
        errorsOf(source).c_str());
    QCOMPARE(source.snapshot().groups.front().targets.front(), std::string("10.0.0.1:0"));
    if (needsCertificate)
        QCOMPARE(api.requests().front().clientCertificate, std::string("ada"));
}

void TestKubernetesAccess::wrongAuthorityIsSaid()
{
    const TestAuthority authority("cluster");
    KubernetesApiOptions apiOptions;
    apiOptions.certificate = authority.issue({});
    KubernetesApi api(apiOptions);
    Home home;
    home.write(".kube/ca.pem", TestAuthority("another").pem());
    home.write(".kube/config", kubeconfig(api.url(), "ca.pem", "{}"));
    KubernetesOptions options;
    options.readKubeconfig = config::readKubeconfig;
    LiveTransport live;
    const SystemClock clock;
    KubernetesSource source(
        options, live.transport(), clock, [] {}, home.world);
    QVERIFY(pollUntil(source, 0s, [&] { return source.hasAnswered(); }));
    const std::string error = source.snapshot().errors.front();
    QVERIFY2(error.starts_with(api.url() + ": "), error.c_str());
    QVERIFY2(error.find("cluster") != std::string::npos, error.c_str());
}

void TestKubernetesAccess::wrongTokenIsSaid()
{
    KubernetesApiOptions apiOptions;
    apiOptions.token = "good";
    KubernetesApi api(apiOptions);
    KubernetesOptions options;
    options.apiServer = api.url();
    LiveTransport live;
    const SystemClock clock;
    KubernetesSource source(
        options, live.transport(), clock, [] {}, World {});
    QVERIFY(pollUntil(source, 0s, [&] { return source.hasAnswered(); }));
    QCOMPARE(source.snapshot().errors.front(),
        api.url()
            + ": the API server does not accept our credentials (401): the token or the client "
              "certificate is missing, has expired, or is of another cluster");
}

void TestKubernetesAccess::kubeconfigThatComesLaterIsTaken()
{
    KubernetesApi api;
    api.put("pods", R"({"metadata": {"name": "p", "namespace": "n"}, "spec": {"containers": [
        {"name": "c"}]}, "status": {"podIP": "10.0.0.1"}})");
    Home home;
    KubernetesOptions options;
    options.readKubeconfig = config::readKubeconfig;
    LiveTransport live;
    const SystemClock clock;
    KubernetesSource source(
        options, live.transport(), clock, [] {}, home.world);
    source.poll(clock.bootTime());
    QVERIFY(source.snapshot().errors.front().starts_with("no Kubernetes cluster is known"));
    home.write(".kube/config", kubeconfig(api.url(), "", "{}"));
    QVERIFY2(pollUntil(source, 15s, [&] { return source.snapshot().groups.size() == 1; }),
        errorsOf(source).c_str());
    QVERIFY(source.snapshot().errors.empty());
}

QTEST_GUILESS_MAIN(TestKubernetesAccess)
#include "tst_kubernetes_access.moc"
