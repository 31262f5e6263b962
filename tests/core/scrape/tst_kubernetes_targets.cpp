// Goal: a configuration with kubernetes_sd_configs ends in samples: pods asked directly, and pods
// whose addresses lead nowhere asked through the API server, with its credentials and not the
// job's. Method: an API server and a page of our own, and everything of the program in between.
#include "core/config/config.h"
#include "core/config/writer.h"
#include "core/discovery/discoverer.h"
#include "core/scrape/scrape_once.h"
#include "core/scrape/scrape_request.h"
#include "tests/support/fault_server.h"
#include "tests/support/kubernetes_api.h"
#include "tests/support/live_transport.h"
#include "tests/support/memory_appender.h"

#include <QTemporaryDir>
#include <QTest>

using namespace fleetglass;
using namespace fleetglass::test;
using namespace std::chrono_literals;

namespace {

std::string pod(const std::string& name, const std::string& ip, const std::string& port)
{
    return R"({"metadata": {"name": ")" + name
        + R"(", "namespace": "shop", "annotations": {"prometheus.io/scrape": "true"}}, "spec": {)"
          R"("containers": [{"name": "c", "ports": [{"name": "web", "containerPort": )"
        + port + R"(}]}]}, "status": {"podIP": ")" + ip + R"(", "phase": "Running"}})";
}

constexpr const char* kRelabel = R"(
    relabel_configs:
    - {action: keep, source_labels: [__meta_kubernetes_pod_annotation_prometheus_io_scrape], regex: "true"}
    - {source_labels: [__meta_kubernetes_namespace], target_label: namespace}
    - {source_labels: [__meta_kubernetes_pod_name], target_label: pod}
)";

// From the text of a config to one scrape of everything it finds.
class Run
{
public:
    explicit Run(const std::string& text)
    {
        const auto config = config::loadConfig(text, {});
        if (!config) {
            problem = config.error().message;
            return;
        }
        const SystemClock clock;
        discovery::Discoverer discoverer(m_live.transport(), clock, {}, {});
        std::vector<discovery::JobDiscovery> wanted;
        for (const auto& job : config->jobs)
            wanted.push_back({ job.name, job.discovery });
        discoverer.apply(wanted);
        discoverer.settle(10s);
        std::vector<scrape::JobWithTargets> jobs;
        const auto groups = discoverer.groups();
        for (size_t i = 0; i < groups.size(); ++i) {
            for (const std::string& error : groups[i].errors)
                problem += error + '\n';
            jobs.push_back(
                { std::make_shared<const scrape::JobOptions>(config->jobs[i]), groups[i].groups });
        }
        result = scrape::scrapeOnce(m_live.transport(), samples, clock, std::move(jobs), {}, {});
    }

    std::string problem;
    scrape::OnceResult result;
    MemoryAppender samples;

private:
    LiveTransport m_live;
};

} // namespace

class TestKubernetesTargets : public QObject
{
    Q_OBJECT
private slots:
    void podsAreScrapedDirectly();
    void podsAreScrapedThroughTheApiServer();
    void refusalIsToldWithTheJob();
    void theKeyIsWrittenAgain();
};

void TestKubernetesTargets::podsAreScrapedDirectly()
{
    FaultServer page(
        [](FaultConnection& c, const ReceivedRequest&) { c.send(httpAnswer("lamp_on 1\n")); });
    KubernetesApi api;
    api.put("pods", pod("lamp", "127.0.0.1", std::to_string(page.port())));
    const Run run("scrape_configs:\n  - job_name: pods\n    kubernetes_sd_configs:\n"
                  "    - {role: pod, api_server: '"
        + api.url() + "'}" + kRelabel);
    QCOMPARE(run.problem, std::string());
    QCOMPARE(run.result.targets.size(), size_t(1));
    QCOMPARE(run.samples
                 .last("lamp_on{instance=\"" + page.address()
                     + "\", job=\"pods\", namespace=\"shop\", pod=\"lamp\"}")
                 .value_or(-1),
        1.0);
}

void TestKubernetesTargets::podsAreScrapedThroughTheApiServer()
{
    KubernetesApiOptions options;
    options.token = "of-the-server";
    KubernetesApi api(options);
    api.put("pods", pod("lamp", "10.255.0.9", "8080"));
    api.setPage("/api/v1/namespaces/shop/pods/lamp:8080/proxy/own/path", "lamp_on 1\n");
    const Run run("scrape_configs:\n  - job_name: pods\n    metrics_path: /own/path\n"
                  "    params: {a: [b c]}\n    basic_auth: {username: u, password: of-the-job}\n"
                  "    x-fleetglass: {kubernetes_proxy: true}\n    kubernetes_sd_configs:\n"
                  "    - {role: pod, api_server: '"
        + api.url() + "', authorization: {credentials: of-the-server}}" + kRelabel);
    QCOMPARE(run.problem, std::string());
    QCOMPARE(run.result.targets.size(), size_t(1));
    const auto& status = *run.result.targets.front();
    QVERIFY2(
        status.health == scrape::Health::Up, status.failure ? status.failure->message.c_str() : "");
    QCOMPARE(status.target->instance, std::string("10.255.0.9:8080"));
    QCOMPARE(run.samples
                 .last("lamp_on{instance=\"10.255.0.9:8080\", job=\"pods\", namespace=\"shop\", "
                       "pod=\"lamp\"}")
                 .value_or(-1),
        1.0);
    const ReceivedRequest asked = api.requests().back();
    QCOMPARE(
        asked.path, std::string("/api/v1/namespaces/shop/pods/lamp:8080/proxy/own/path?a=b+c"));
    QCOMPARE(asked.header("Authorization"), std::string("Bearer of-the-server"));
    const std::string curl = scrape::curlCommand(*status.job, *status.target);
    QVERIFY2(curl.find("of-the") == std::string::npos, curl.c_str());
    QVERIFY2(curl.find("/proxy/own/path") != std::string::npos, curl.c_str());
}

void TestKubernetesTargets::refusalIsToldWithTheJob()
{
    KubernetesApi api;
    api.forbid("pods");
    const Run run("scrape_configs:\n  - job_name: pods\n    kubernetes_sd_configs:\n"
                  "    - {role: pod, namespaces: {names: [shop]}, api_server: '"
        + api.url() + "'}\n");
    QCOMPARE(run.problem,
        api.url()
            + ": the service account monitoring/fleetglass may not list pods in namespace shop: "
              "give it a Role there with get, list and watch on pods\n");
    QVERIFY(run.result.targets.empty());
}

void TestKubernetesTargets::theKeyIsWrittenAgain()
{
    const std::string text
        = "scrape_configs:\n- job_name: pods\n  x-fleetglass:\n    kubernetes_proxy: true\n"
          "  kubernetes_sd_configs:\n    - role: pod\n      api_server: 'https://a'\n"
          "      namespaces:\n        names:\n          - shop\n"
          "      selectors:\n        - role: pod\n          label: app=web\n"
          "      attach_metadata:\n        node: true\n";
    const auto config = config::loadConfig(text, {});
    QVERIFY2(config.has_value(), config ? "" : config.error().message.c_str());
    QVERIFY(config->jobs.front().discovery.kubernetes.front().viaProxy);
    QCOMPARE(config::writeJobs(config->jobs, {}), text);
}

QTEST_GUILESS_MAIN(TestKubernetesTargets)
#include "tst_kubernetes_targets.moc"
