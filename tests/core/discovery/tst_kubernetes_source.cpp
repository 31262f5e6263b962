// Goal: the targets of a cluster follow its API through everything the API does: pages, changes,
// bookmarks, forgotten versions, broken connections, refusals. Method: an API server of our own, a
// real transport, and a boot time that the test moves.
#include "core/discovery/kubernetes_source.h"
#include "tests/support/kubernetes_api.h"
#include "tests/support/live_transport.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>
#include <condition_variable>
#include <mutex>

using namespace fleetglass;
using namespace fleetglass::discovery;
using namespace fleetglass::test;
using namespace std::chrono_literals;

namespace {

std::string pod(const std::string& nameSpace, const std::string& name, const std::string& ip,
    const std::string& app = "web")
{
    return R"({"metadata": {"name": ")" + name + R"(", "namespace": ")" + nameSpace
        + R"(", "labels": {"app": ")" + app
        + R"("}}, "spec": {"nodeName": "n1", "containers": [)"
          R"({"name": "c", "ports": [{"containerPort": 80}]}]}, "status": {"podIP": ")"
        + ip + R"("}})";
}

// A source that is polled as the discoverer would.
class Rig
{
public:
    explicit Rig(KubernetesOptions options, kubernetes::World world = {})
        : source(
            std::move(options), live.transport(), m_clock, [this] { wake(); }, std::move(world))
    {
    }

    // Polls until it holds; false after ten seconds.
    template<class F>
    bool until(F&& holds)
    {
        QElapsedTimer timer;
        timer.start();
        while (timer.elapsed() < 10'000) {
            source.poll(now());
            if (holds())
                return true;
            std::unique_lock lock(m_mutex);
            const auto wait = std::min<std::chrono::nanoseconds>(source.untilDue(now()), 100ms);
            m_changed.wait_for(lock, wait, [this] { return m_woken; });
            m_woken = false;
        }
        return false;
    }
    bool untilTargets(const std::vector<std::string>& wanted)
    {
        return until([&] { return targets() == wanted; });
    }
    bool untilError(const std::string& part)
    {
        return until([&] { return error().find(part) != std::string::npos; });
    }

    std::vector<std::string> targets() const
    {
        std::vector<std::string> all;
        for (const TargetGroup& group : source.snapshot().groups)
            all.insert(all.end(), group.targets.begin(), group.targets.end());
        return all;
    }
    std::string error() const
    {
        const auto errors = source.snapshot().errors;
        return errors.empty() ? std::string() : errors.front();
    }
    std::chrono::nanoseconds now() const { return m_clock.bootTime() + ahead; }

    std::chrono::nanoseconds ahead {};
    LiveTransport live;

private:
    void wake()
    {
        const std::lock_guard lock(m_mutex);
        m_woken = true;
        m_changed.notify_all();
    }

    SystemClock m_clock;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_woken = false;

public:
    KubernetesSource source;
};

KubernetesOptions optionsFor(const KubernetesApi& api, KubernetesRole role = KubernetesRole::Pod)
{
    KubernetesOptions options;
    options.role = role;
    options.apiServer = api.url();
    return options;
}

} // namespace

class TestKubernetesSource : public QObject
{
    Q_OBJECT
private slots:
    void objectsAreListedAndFollowed();
    void changesAreToldOnce();
    void listsComeInPages();
    void pagesThatExpireAreAskedForAtOnce();
    void forgottenVersionMeansANewList();
    void bookmarksMoveTheVersion();
    void endedWatchGoesOnWhereItWas();
    void brokenWatchGoesOnWhereItWas();
    void selectorsAndNamespacesReachTheApi();
    void nothingIsPublishedBeforeAllHaveListed();
    void refusalsAreSaidInPlainWords_data();
    void refusalsAreSaidInPlainWords();
    void permissionIsNoticedWhenItComes();
    void anOldServerIsNamed();
    void aFailingServerIsAskedLessOften();
    void rubbishInAWatchStartsOver();
    void sleptComputerAsksAnew();
    void goodAnswerOutlivesAnOutage();
    void podsAreReachedThroughTheServer();
    void relaysStayWhileThePodDoes();
    void serviceAccountIsUsedInsideOfAPod();
    void noClusterIsSaid();
};

void TestKubernetesSource::objectsAreListedAndFollowed()
{
    KubernetesApi api;
    api.put("pods", pod("web", "a", "10.0.0.1"));
    Rig rig(optionsFor(api));
    QVERIFY(!rig.source.hasAnswered());
    QVERIFY(rig.untilTargets({ "10.0.0.1:80" }));
    QVERIFY(rig.source.hasAnswered());
    api.put("pods", pod("web", "b", "10.0.0.2"));
    QVERIFY(rig.untilTargets({ "10.0.0.1:80", "10.0.0.2:80" }));
    api.put("pods", pod("web", "b", "10.0.0.9"));
    QVERIFY(rig.untilTargets({ "10.0.0.1:80", "10.0.0.9:80" }));
    api.remove("pods", "web/a");
    QVERIFY(rig.untilTargets({ "10.0.0.9:80" }));
    QCOMPARE(api.countOf("/api/v1/pods?limit="), size_t(1));
    QCOMPARE(api.countOf("watch=true"), size_t(1));
    QCOMPARE(rig.error(), std::string());
}

void TestKubernetesSource::changesAreToldOnce()
{
    KubernetesApi api;
    api.put("pods", pod("web", "a", "10.0.0.1"));
    Rig rig(optionsFor(api));
    QVERIFY(rig.untilTargets({ "10.0.0.1:80" }));
    QVERIFY(rig.source.takeChange());
    QVERIFY(!rig.source.takeChange());
    api.forbid("pods");
    api.compact(); // Listed anew, and refused.
    QVERIFY(rig.untilError("may not list pods"));
    QVERIFY(rig.source.takeChange());
    QVERIFY(!rig.source.takeChange());
}

void TestKubernetesSource::listsComeInPages()
{
    KubernetesApi api;
    api.setPageMax(2);
    std::vector<std::string> wanted;
    for (int i = 1; i <= 5; ++i) {
        const std::string ip = "10.0.0." + std::to_string(i);
        api.put("pods", pod("web", "p" + std::to_string(i), ip));
        wanted.push_back(ip + ":80");
    }
    Rig rig(optionsFor(api));
    QVERIFY(rig.untilTargets(wanted));
    QCOMPARE(api.countOf("continue="), size_t(2));
}

void TestKubernetesSource::pagesThatExpireAreAskedForAtOnce()
{
    KubernetesApi api;
    api.setPageMax(1);
    api.put("pods", pod("web", "a", "10.0.0.1"));
    api.put("pods", pod("web", "b", "10.0.0.2"));
    api.setExpiringPages();
    Rig rig(optionsFor(api));
    QVERIFY(rig.untilTargets({ "10.0.0.1:80", "10.0.0.2:80" }));
    QCOMPARE(api.countOf("continue="), size_t(1));
}

void TestKubernetesSource::forgottenVersionMeansANewList()
{
    KubernetesApi api;
    api.put("pods", pod("web", "a", "10.0.0.1"));
    Rig rig(optionsFor(api));
    QVERIFY(rig.untilTargets({ "10.0.0.1:80" }));
    QVERIFY(rig.until([&] { return api.watches() == 1; }));
    api.compact(); // The open watch is told 410 Gone.
    QVERIFY(rig.until([&] { return api.countOf("limit=") == 2; }));
    api.put("pods", pod("web", "b", "10.0.0.2"));
    QVERIFY(rig.untilTargets({ "10.0.0.1:80", "10.0.0.2:80" }));
    QCOMPARE(rig.error(), std::string());
}

void TestKubernetesSource::bookmarksMoveTheVersion()
{
    KubernetesApi api;
    api.put("pods", pod("web", "a", "10.0.0.1"));
    Rig rig(optionsFor(api));
    QVERIFY(rig.untilTargets({ "10.0.0.1:80" }));
    QVERIFY(rig.until([&] { return api.watches() == 1; }));
    api.put("services", R"({"metadata": {"name": "s", "namespace": "web"}})"); // Another kind.
    api.bookmark();
    api.endWatches();
    QVERIFY(rig.until([&] { return api.countOf("watch=true") == 2; }));
    QCOMPARE(api.countOf("resourceVersion=102&"), size_t(1));
    QCOMPARE(api.countOf("limit="), size_t(1));
}

void TestKubernetesSource::endedWatchGoesOnWhereItWas()
{
    KubernetesApi api;
    api.put("pods", pod("web", "a", "10.0.0.1"));
    Rig rig(optionsFor(api));
    QVERIFY(rig.untilTargets({ "10.0.0.1:80" }));
    QVERIFY(rig.until([&] { return api.watches() == 1; }));
    api.endWatches();
    api.put("pods", pod("web", "b", "10.0.0.2")); // While nobody watches.
    QVERIFY(rig.untilTargets({ "10.0.0.1:80", "10.0.0.2:80" }));
    QCOMPARE(api.countOf("limit="), size_t(1));
}

void TestKubernetesSource::brokenWatchGoesOnWhereItWas()
{
    KubernetesApi api;
    api.put("pods", pod("web", "a", "10.0.0.1"));
    Rig rig(optionsFor(api));
    QVERIFY(rig.untilTargets({ "10.0.0.1:80" }));
    QVERIFY(rig.until([&] { return api.watches() == 1; }));
    api.cutWatches();
    QVERIFY(rig.until([&] { return api.countOf("watch=true") == 2; }));
    api.put("pods", pod("web", "b", "10.0.0.2"));
    QVERIFY(rig.untilTargets({ "10.0.0.1:80", "10.0.0.2:80" }));
    QCOMPARE(api.countOf("limit="), size_t(1));
    QCOMPARE(rig.error(), std::string());
}

void TestKubernetesSource::selectorsAndNamespacesReachTheApi()
{
    KubernetesApi api;
    api.put("pods", pod("web", "a", "10.0.0.1"));
    api.put("pods", pod("web", "cache", "10.0.0.2", "cache"));
    api.put("pods", pod("other", "b", "10.0.0.3"));
    api.put("pods", pod("third", "c", "10.0.0.4"));
    KubernetesOptions options = optionsFor(api);
    options.namespaces = { "web", "other" };
    options.selectors = { { KubernetesRole::Pod, "app=web", "spec.nodeName=n1" } };
    Rig rig(options);
    QVERIFY(rig.untilTargets({ "10.0.0.3:80", "10.0.0.1:80" }));
    QCOMPARE(api.countOf("/api/v1/namespaces/web/pods?labelSelector=app%3Dweb&"
                         "fieldSelector=spec.nodeName%3Dn1&limit="),
        size_t(1));
    api.put("pods", pod("web", "d", "10.0.0.5", "cache"));
    api.put("pods", pod("web", "e", "10.0.0.6"));
    QVERIFY(rig.untilTargets({ "10.0.0.3:80", "10.0.0.1:80", "10.0.0.6:80" }));
}

void TestKubernetesSource::nothingIsPublishedBeforeAllHaveListed()
{
    KubernetesApi api;
    api.put("endpoints", R"({"metadata": {"name": "s", "namespace": "web"}, "subsets": [
        {"addresses": [{"ip": "10.0.0.1"}], "ports": [{"port": 80}]}]})");
    api.forbid("services");
    Rig rig(optionsFor(api, KubernetesRole::Endpoints));
    QVERIFY(rig.untilError("may not list services"));
    QCOMPARE(rig.targets(), std::vector<std::string>());
    api.allow("services");
    rig.ahead += 60s;
    QVERIFY(rig.untilTargets({ "10.0.0.1:80" }));
}

void TestKubernetesSource::refusalsAreSaidInPlainWords_data()
{
    QTest::addColumn<std::string>("user");
    QTest::addColumn<std::string>("nameSpace");
    QTest::addColumn<std::string>("message");
    QTest::newRow("account, one namespace")
        << std::string("system:serviceaccount:monitoring:prometheus") << std::string("web")
        << std::string("the service account monitoring/prometheus may not list pods in namespace "
                       "web: give it a Role there with get, list and watch on pods");
    QTest::newRow("user, everywhere")
        << std::string("ada") << std::string()
        << std::string("the user ada may not list pods in all namespaces: give it a ClusterRole "
                       "with get, list and watch on pods, or name the namespaces it may read under "
                       "namespaces.names");
    QTest::newRow("nobody") << std::string("system:anonymous") << std::string("web")
                            << std::string("nobody (no credentials were sent, or none were "
                                           "accepted) may not list pods in namespace web");
}

void TestKubernetesSource::refusalsAreSaidInPlainWords()
{
    QFETCH(std::string, user);
    QFETCH(std::string, nameSpace);
    QFETCH(std::string, message);
    KubernetesApiOptions apiOptions;
    apiOptions.user = user;
    KubernetesApi api(apiOptions);
    api.forbid("pods");
    KubernetesOptions options = optionsFor(api);
    if (!nameSpace.empty())
        options.namespaces = { nameSpace };
    Rig rig(options);
    QVERIFY(rig.until([&] { return rig.source.hasAnswered(); }));
    QVERIFY2(rig.error().starts_with(api.url() + ": " + message), rig.error().c_str());
}

void TestKubernetesSource::permissionIsNoticedWhenItComes()
{
    KubernetesApi api;
    api.put("pods", pod("web", "a", "10.0.0.1"));
    api.forbid("pods");
    Rig rig(optionsFor(api));
    QVERIFY(rig.untilError("may not list pods"));
    api.allow("pods");
    rig.ahead += 40s;
    QVERIFY(rig.untilTargets({ "10.0.0.1:80" }));
    QCOMPARE(rig.error(), std::string());
}

void TestKubernetesSource::anOldServerIsNamed()
{
    KubernetesApi api;
    api.setMissing("endpointslices");
    Rig rig(optionsFor(api, KubernetesRole::EndpointSlice));
    QVERIFY(rig.untilError("the API server has no endpointslices under /apis/discovery.k8s.io/v1 "
                           "(404): an old cluster, or another server"));
}

void TestKubernetesSource::aFailingServerIsAskedLessOften()
{
    KubernetesApi api;
    api.setFailing(500);
    Rig rig(optionsFor(api));
    QVERIFY(rig.untilError("pods: 500: etcd is on fire"));
    const auto first = rig.source.untilDue(rig.now());
    QVERIFY(first > 0ns && first <= 800ms);
    for (const auto pause : { 800ms, 1600ms, 3200ms }) {
        const size_t asked = api.requests().size();
        rig.ahead += pause;
        QVERIFY(rig.until([&] { return api.requests().size() == asked + 1; }));
        QVERIFY(rig.until([&] { return rig.source.untilDue(rig.now()) > pause; }));
    }
}

void TestKubernetesSource::rubbishInAWatchStartsOver()
{
    KubernetesApi api;
    api.put("pods", pod("web", "a", "10.0.0.1"));
    Rig rig(optionsFor(api));
    QVERIFY(rig.untilTargets({ "10.0.0.1:80" }));
    QVERIFY(rig.until([&] { return api.watches() == 1; }));
    api.sendToWatches("<html>");
    QVERIFY(rig.untilError("/api/v1/pods: the API server's answer is not a JSON object"));
    rig.ahead += 40s;
    QVERIFY(rig.until([&] { return rig.error().empty() && api.countOf("limit=") == 2; }));
    QCOMPARE(rig.targets(), std::vector<std::string> { "10.0.0.1:80" });
}

void TestKubernetesSource::sleptComputerAsksAnew()
{
    KubernetesApi api;
    api.put("pods", pod("web", "a", "10.0.0.1"));
    Rig rig(optionsFor(api));
    QVERIFY(rig.untilTargets({ "10.0.0.1:80" }));
    QVERIFY(rig.until([&] { return api.watches() == 1; }));
    rig.ahead += 1h;
    QVERIFY(rig.until([&] { return api.countOf("watch=true") == 2; }));
    QCOMPARE(api.countOf("limit="), size_t(1));
}

void TestKubernetesSource::goodAnswerOutlivesAnOutage()
{
    auto api = std::make_unique<KubernetesApi>();
    api->put("pods", pod("web", "a", "10.0.0.1"));
    Rig rig(optionsFor(*api));
    QVERIFY(rig.untilTargets({ "10.0.0.1:80" }));
    QVERIFY(rig.until([&] { return api->watches() == 1; }));
    api.reset();
    QVERIFY(rig.untilError("connection refused"));
    QCOMPARE(rig.targets(), std::vector<std::string> { "10.0.0.1:80" });
}

void TestKubernetesSource::podsAreReachedThroughTheServer()
{
    KubernetesApiOptions apiOptions;
    apiOptions.token = "abc";
    KubernetesApi api(apiOptions);
    api.put("pods", pod("web", "a", "10.0.0.1"));
    KubernetesOptions options = optionsFor(api);
    options.viaProxy = true;
    options.client.authorization = http::Authorization { "Bearer", { Secret("abc"), {} } };
    Rig rig(options);
    QVERIFY(rig.untilTargets({ "10.0.0.1:80" }));
    const auto relay = rig.source.snapshot().groups.front().relay;
    QVERIFY(relay != nullptr);
    const std::string base = api.url() + "/api/v1/namespaces/web/pods/";
    QCOMPARE(
        relay->url({ "http", "10.0.0.1:8080", "/metrics?a=b" }), base + "a:8080/proxy/metrics?a=b");
    QCOMPARE(relay->url({ "https", "10.0.0.1", "/m" }), base + "https:a:443/proxy/m");
    QCOMPARE(relay->url({ "http", "[fd00::1]:81", "/m" }), base + "a:81/proxy/m");
    QCOMPARE(relay->client()->authorization->credentials.text.reveal(), std::string("abc"));
}

void TestKubernetesSource::relaysStayWhileThePodDoes()
{
    KubernetesApi api;
    api.put("pods", pod("web", "a", "10.0.0.1"));
    KubernetesOptions options = optionsFor(api);
    options.viaProxy = true;
    Rig rig(options);
    QVERIFY(rig.untilTargets({ "10.0.0.1:80" }));
    const auto before = rig.source.snapshot().groups.front();
    api.put("pods", pod("web", "b", "10.0.0.2"));
    QVERIFY(rig.untilTargets({ "10.0.0.1:80", "10.0.0.2:80" }));
    QVERIFY(rig.source.snapshot().groups.front() == before);
}

void TestKubernetesSource::serviceAccountIsUsedInsideOfAPod()
{
    const TestAuthority authority("cluster");
    KubernetesApiOptions apiOptions;
    apiOptions.certificate = authority.issue({});
    apiOptions.token = "first";
    KubernetesApi api(apiOptions);
    api.put("pods", pod("shop", "a", "10.0.0.1"));
    api.put("pods", pod("other", "b", "10.0.0.2"));
    QTemporaryDir folder;
    const auto write = [&](const char* name, const std::string& text) {
        QFile file(folder.filePath(QLatin1String(name)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(text));
    };
    write("token", "first\n");
    write("ca.crt", authority.pem());
    write("namespace", "shop");
    kubernetes::World world;
    world.serviceAccountDirectory = folder.path().toStdString();
    const std::string port = api.url().substr(api.url().rfind(':') + 1);
    world.environment = { "KUBERNETES_SERVICE_HOST=127.0.0.1", "KUBERNETES_SERVICE_PORT=" + port };
    KubernetesOptions options;
    options.ownNamespace = true;
    Rig rig(options, world);
    QVERIFY2(rig.untilTargets({ "10.0.0.1:80" }), rig.error().c_str());
    // Tokens are rotated: the file is read for each request.
    write("token", "second\n");
    api.setToken("second");
    api.endWatches();
    api.put("pods", pod("shop", "c", "10.0.0.3"));
    QVERIFY2(rig.untilTargets({ "10.0.0.1:80", "10.0.0.3:80" }), rig.error().c_str());
}

void TestKubernetesSource::noClusterIsSaid()
{
    Rig rig({});
    QVERIFY(rig.untilError("no Kubernetes cluster is known: this computer is not part of one and "
                           "there is no ~/.kube/config; set api_server or kubeconfig_file"));
}

QTEST_GUILESS_MAIN(TestKubernetesSource)
#include "tst_kubernetes_source.moc"
