// Goal: adding a known system asks for host and secret only, and yields the job as the documents of
// the system have it. Method: the documents' jobs, written here in YAML of our own, are read by the
// config reader; the preset's job has to be equal to them once written.
#include "core/config/config.h"
#include "core/config/writer.h"
#include "core/monitor/definition.h"
#include "core/monitor/presets.h"

#include <QTest>

using namespace fleetglass;
using namespace fleetglass::monitor;

namespace {

using Values = std::vector<std::pair<std::string, std::string>>;

view::PresetJobs chosen(const char* id, Values values, std::vector<scrape::JobOptions> known = {})
{
    return presetJobs({ id, std::move(values) }, known, {});
}

std::string yamlOf(const scrape::JobOptions& job)
{
    config::WriteOptions options;
    options.secretText = config::clearSecret;
    return config::writeJob(job, options);
}

std::string yamlOf(const view::TargetDefinition& definition)
{
    const auto job = jobOf(definition, nullptr);
    return job ? yamlOf(*job) : job.error().message;
}

std::string yamlOfDocument(const char* text)
{
    const auto config = config::loadConfig(text, {});
    if (!config)
        return config.error().message;
    std::string all;
    for (const auto& job : config->jobs)
        all += yamlOf(job);
    return all;
}

scrape::JobOptions jobOfFirst(const view::PresetJobs& jobs)
{
    return *jobOf(jobs.definitions.at(0), nullptr);
}

} // namespace

class TestPresets : public QObject
{
    Q_OBJECT
private slots:
    void jobsAreThoseOfTheDocuments_data();
    void jobsAreThoseOfTheDocuments();
    void hostAndSecretAreAllThatIsNeeded();
    void anotherHostJoinsTheJob();
    void anotherSecretIsAnotherJob();
    void aMissingHostIsSaidAtItsField();
    void t2AnUncheckedCertificateIsSaid();
    void stashWithoutATokenGivesTheBackupsAlone();
    void hostsAreTakenFromUrlsAndLists();
    void aProbeIsEditedAsOne();
    void adviceIsGivenForJobsOfKnownSystems();
};

void TestPresets::jobsAreThoseOfTheDocuments_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<QStringList>("values");
    QTest::addColumn<QString>("document");
    const auto row = [](const char* name, const char* id, std::initializer_list<const char*> values,
                         const char* document) {
        QStringList texts;
        for (const char* value : values)
            texts += QString::fromLatin1(value);
        QTest::newRow(name) << QString::fromLatin1(id) << texts << QString::fromLatin1(document);
    };
    row("etcha", "etcha", { "host", "etcha", "secret", "secret", "ca", "/ca.pem" },
        R"(
scrape_configs:
  - job_name: etcha
    metrics_path: /etcha/v1/system/metrics
    params:
      key: [secret]
    scheme: https
    static_configs:
      - targets: ["etcha:4000"]
    tls_config:
      ca_file: /ca.pem
)");
    row("stash", "stash",
        { "host", "10.105.200.228", "secret", "t0ken", "ca", "/tls.crt", "server_name",
            "stash-operator.kube-system.svc" },
        R"(
scrape_configs:
  - job_name: stash-pushgateway
    scrape_interval: 30s
    scrape_timeout: 10s
    honor_labels: true
    static_configs:
      - targets: ["10.105.200.228:56789"]
  - job_name: stash-operator
    scrape_interval: 30s
    scrape_timeout: 10s
    scheme: https
    bearer_token: t0ken
    tls_config:
      ca_file: /tls.crt
      server_name: stash-operator.kube-system.svc
    static_configs:
      - targets: ["10.105.200.228:8443"]
)");
    row("synse", "synse", { "host", "synse-server" },
        R"(
global: { scrape_interval: 3s }
scrape_configs:
  - job_name: synse-server
    static_configs:
      - targets: ["synse-server:5000"]
)");
    row("awx with a token", "awx",
        { "host", "awx.example.com", "secret", "t0ken", "insecure", "true" },
        R"(
scrape_configs:
  - job_name: awx
    tls_config: { insecure_skip_verify: true }
    metrics_path: /api/v2/metrics/
    scrape_interval: 5s
    scheme: https
    bearer_token: t0ken
    static_configs:
      - targets: [awx.example.com]
)");
    row("controller with a password, as JSON", "awx",
        { "host", "controller.example.com:443", "secret", "password", "user", "admin", "path",
            "/api/controller/v2/metrics/", "format", "json" },
        R"(
scrape_configs:
  - job_name: controller
    metrics_path: /api/controller/v2/metrics/
    scrape_interval: 5s
    scheme: https
    params: { format: [json] }
    basic_auth: { username: admin, password: password }
    static_configs:
      - targets: ["controller.example.com:443"]
)");
    row("node", "node", { "host", "db-01 db-02:9101" },
        R"(
scrape_configs:
  - job_name: node
    static_configs:
      - targets: ["db-01:9100", "db-02:9101"]
)");
    row("pushgateway", "pushgateway", { "host", "push" },
        R"(
scrape_configs:
  - job_name: pushgateway
    honor_labels: true
    static_configs: [{ targets: ["push:9091"] }]
)");
    row("prometheus", "prometheus", { "host", "p" },
        R"(
scrape_configs:
  - job_name: prometheus
    static_configs: [{ targets: ["p:9090"] }]
)");
    row("blackbox", "blackbox", { "host", "https://example.com", "prober", "bb" },
        R"(
scrape_configs:
  - job_name: blackbox
    metrics_path: /probe
    params: { module: [http_2xx] }
    static_configs: [{ targets: ["https://example.com"] }]
    relabel_configs:
      - source_labels: [__address__]
        target_label: __param_target
      - source_labels: [__param_target]
        target_label: instance
      - target_label: __address__
        replacement: bb:9115
)");
}

void TestPresets::jobsAreThoseOfTheDocuments()
{
    QFETCH(QString, id);
    QFETCH(QStringList, values);
    QFETCH(QString, document);
    Values pairs;
    for (qsizetype i = 0; i + 1 < values.size(); i += 2)
        pairs.emplace_back(values[i].toStdString(), values[i + 1].toStdString());
    const auto jobs = chosen(id.toLatin1().constData(), pairs);
    QVERIFY2(jobs.ok, jobs.error.c_str());
    std::string made;
    for (const auto& definition : jobs.definitions)
        made += yamlOf(definition);
    QCOMPARE(QString::fromStdString(made),
        QString::fromStdString(yamlOfDocument(document.toLatin1().constData())));
}

void TestPresets::hostAndSecretAreAllThatIsNeeded()
{
    for (const auto& preset : presetViews()) {
        Values values;
        for (const auto& field : preset.fields) {
            if (field.required && field.value.empty())
                values.emplace_back(field.key, field.key == "host" ? "h" : "s3cret");
            else if (!field.value.empty())
                values.emplace_back(field.key, field.value);
            QVERIFY2(!field.required || field.key == "host" || field.key == "secret"
                    || !field.value.empty(),
                (preset.id + " asks for " + field.key).c_str());
        }
        const auto jobs = chosen(preset.id.c_str(), values);
        QVERIFY2(jobs.ok, (preset.id + ": " + jobs.error).c_str());
    }
}

void TestPresets::anotherHostJoinsTheJob()
{
    const auto first = jobOfFirst(chosen("etcha", { { "host", "web-01" }, { "secret", "k" } }));
    const auto second = chosen("etcha", { { "host", "web-02" }, { "secret", "k" } }, { first });
    QCOMPARE(second.definitions.at(0).job, std::string("etcha"));
    const std::vector<std::string> both { "web-01:4000", "web-02:4000" };
    QCOMPARE(second.definitions.at(0).addresses, both);
    const auto joined = jobOf(second.definitions.at(0), &first);
    QCOMPARE(joined->params, first.params); // The key is still known.
}

void TestPresets::anotherSecretIsAnotherJob()
{
    const auto first = jobOfFirst(chosen("awx", { { "host", "a" }, { "secret", "one" } }));
    const auto second = chosen("awx", { { "host", "b" }, { "secret", "two" } }, { first });
    QCOMPARE(second.definitions.at(0).job, std::string("awx-2"));
    const std::vector<std::string> alone { "b" };
    QCOMPARE(second.definitions.at(0).addresses, alone);
}

void TestPresets::aMissingHostIsSaidAtItsField()
{
    const auto jobs = chosen("synse", { { "host", "  " } });
    QVERIFY(!jobs.ok);
    QCOMPARE(jobs.error, std::string("give at least one host"));
    QCOMPARE(jobs.field, std::string("host"));
    QCOMPARE(chosen("awx", { { "host", "a" } }).field, std::string("secret"));
    QCOMPARE(chosen("x", {}).error, std::string("there is no preset \"x\""));
}

void TestPresets::t2AnUncheckedCertificateIsSaid()
{
    const auto jobs = chosen("awx", { { "host", "a" }, { "secret", "t" }, { "insecure", "true" } });
    QCOMPARE(jobs.notes.size(), size_t(1));
    QVERIFY(jobs.notes[0].starts_with("the certificate of job \"awx\" will not be checked"));
}

void TestPresets::stashWithoutATokenGivesTheBackupsAlone()
{
    const auto jobs = chosen("stash", { { "host", "s" } });
    QCOMPARE(jobs.definitions.size(), size_t(1));
    QCOMPARE(jobs.definitions[0].job, std::string("stash-pushgateway"));
    QCOMPARE(jobs.notes.size(), size_t(1));
}

void TestPresets::hostsAreTakenFromUrlsAndLists()
{
    const auto jobs = chosen(
        "node", { { "host", "https://a:9100/metrics, b\n[fd00::1] fd00::2 [fd00::3]:7" } });
    const std::vector<std::string> expected { "a:9100", "b:9100", "[fd00::1]:9100",
        "[fd00::2]:9100", "[fd00::3]:7" };
    QCOMPARE(jobs.definitions.at(0).addresses, expected);
}

void TestPresets::aProbeIsEditedAsOne()
{
    const auto job
        = jobOfFirst(chosen("blackbox", { { "host", "https://e" }, { "prober", "bb:9115" } }));
    auto definition = definitionOf(job);
    QCOMPARE(definition.prober, std::string("bb:9115"));
    definition.prober = "other:1";
    const auto changed = jobOf(definition, &job);
    QCOMPARE(changed->relabelRules.size(), size_t(3));
    QCOMPARE(definitionOf(*changed).prober, std::string("other:1"));
    definition.prober.clear();
    QVERIFY(jobOf(definition, &*changed)->relabelRules.empty());
}

void TestPresets::adviceIsGivenForJobsOfKnownSystems()
{
    scrape::JobOptions job;
    job.name = "ctl";
    job.metricsPath = "/api/v2/metrics";
    QVERIFY(presetAdvice(job).find("token of a superuser or auditor") != std::string::npos);
    job.client.authorization = http::Authorization {};
    QVERIFY(presetAdvice(job).empty());
    scrape::JobOptions push;
    push.name = "pushgateway";
    QVERIFY(presetAdvice(push).find("without honor_labels") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestPresets)
#include "tst_presets.moc"
