// Goal: resources of the Prometheus Operator become the jobs that the operator itself would write,
// and nothing in them is lost without a word. Method: resources of our own and the jobs they make,
// written out, as texts that were checked by hand.
#include "core/config/check_config.h"
#include "core/config/import.h"
#include "core/config/writer.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace fleetglass;
using namespace fleetglass::config;

namespace {

std::string readData(const std::string& name)
{
    const QByteArray folder = qgetenv("FLEETGLASS_SOURCE_DIR") + "/tests/data/operator/";
    QFile file(QString::fromStdString(folder.toStdString() + name));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

ImportResult imported(const std::string& text)
{
    ImportOptions options;
    options.name = "monitor.yaml";
    return importText(text, options);
}

std::string textOf(const ImportResult& result)
{
    std::string text;
    for (const Problem& problem : result.errors)
        text += "error " + problem.toString() + '\n';
    text += writeJobs(result.config.jobs, { .secretText = clearSecret });
    for (const auto& group : result.ruleGroups)
        text += "rules " + group.name + ": " + std::to_string(group.rules.size()) + '\n';
    for (const SkippedSection& section : result.config.skipped)
        text += "skipped " + std::to_string(section.line) + ": " + section.name + ' ' + section.why
            + '\n';
    for (const Placeholder& placeholder : result.placeholders)
        text += "asks " + std::to_string(placeholder.position.line) + ": " + placeholder.text
            + " in " + placeholder.path + (placeholder.isSecret ? ", a secret\n" : "\n");
    return text;
}

constexpr const char* kHead = "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\n"
                              "metadata: {name: m, namespace: n}\n";

} // namespace

class TestOperatorImport : public QObject
{
    Q_OBJECT
private slots:
    void resourcesBecomeJobs_data();
    void resourcesBecomeJobs();
    void writtenJobsAreReadAgain_data() { resourcesBecomeJobs_data(); }
    void writtenJobsAreReadAgain();
    void kindIsNamed();
    void listsAndDocumentsAreOne();
    void errorsKeepTheirPlace_data();
    void errorsKeepTheirPlace();
    void otherTextsAreNotTakenForIt_data();
    void otherTextsAreNotTakenForIt();
    void checkSeesThem();
};

void TestOperatorImport::resourcesBecomeJobs_data()
{
    QTest::addColumn<std::string>("name");
    for (const char* name : { "service_monitor", "pod_monitor", "probe", "scrape_config", "mixed" })
        QTest::newRow(name) << std::string(name);
}

void TestOperatorImport::resourcesBecomeJobs()
{
    QFETCH(std::string, name);
    const std::string actual = textOf(imported(readData(name + ".yaml")));
    if (actual == readData(name + ".golden"))
        return;
    // For the eyes, and to take over once they have agreed.
    QFile file(QDir::tempPath() + QLatin1Char('/') + QString::fromStdString(name + ".golden"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray::fromStdString(actual));
    QFAIL(("differs from what is now in " + file.fileName().toStdString()).c_str());
}

void TestOperatorImport::writtenJobsAreReadAgain()
{
    QFETCH(std::string, name);
    const auto first = imported(readData(name + ".yaml"));
    const std::string written = writeJobs(first.config.jobs, { .secretText = clearSecret });
    const auto second = imported(written);
    QVERIFY2(second.errors.empty(),
        second.errors.empty() ? "" : second.errors.front().toString().c_str());
    QCOMPARE(writeJobs(second.config.jobs, { .secretText = clearSecret }), written);
}

void TestOperatorImport::kindIsNamed()
{
    const auto result = imported(std::string(kHead) + "spec: {selector: {}, endpoints: [{}]}\n");
    QVERIFY(result.errors.empty());
    QCOMPARE(result.kind, ImportKind::Operator);
    QCOMPARE(
        std::string(describe(result.kind)), std::string("resources of the Prometheus Operator"));
    QCOMPARE(result.config.jobs.front().name, std::string("serviceMonitor/n/m/0"));
    QCOMPARE(result.config.jobs.front().line, 4);
}

void TestOperatorImport::listsAndDocumentsAreOne()
{
    const std::string one = "apiVersion: monitoring.coreos.com/v1\n"
                            "  kind: PodMonitor\n  metadata: {name: NAME}\n"
                            "  spec: {selector: {}, podMetricsEndpoints: [{port: web}]}\n";
    const auto named = [&](std::string text, const char* name) {
        return text.replace(text.find("NAME"), 4, name);
    };
    const auto result = imported("---\nkind: List\napiVersion: v1\nitems:\n- " + named(one, "a")
        + "- " + named(one, "b") + "---\n  " + named(one, "c") + "...\n---\n# nothing\n");
    QVERIFY2(result.errors.empty(),
        result.errors.empty() ? "" : result.errors.front().toString().c_str());
    QCOMPARE(result.config.jobs.size(), size_t(3));
    QCOMPARE(result.config.jobs.back().name, std::string("podMonitor/default/c/0"));
    QCOMPARE(result.config.jobs.back().line, 17);
}

void TestOperatorImport::errorsKeepTheirPlace_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("message");
    const auto row = [](const char* name, const std::string& text, const std::string& message) {
        QTest::newRow(name) << text << "monitor.yaml:" + message;
    };
    const std::string head(kHead);
    row("interval", head + "spec:\n  endpoints:\n  - interval: soon\n",
        "6:15: not a valid duration string: \"soon\"");
    row("action", head + "spec:\n  endpoints:\n  - relabelings:\n    - action: kepp\n",
        "7:15: unknown relabel action \"kepp\"");
    row("no name", "apiVersion: monitoring.coreos.com/v1\nkind: Probe\nmetadata: {}\nspec: {}\n",
        "1:1: this Probe has no metadata.name");
    row("no spec", head, "1:1: this ServiceMonitor has no spec");
    row("second document", head + "spec: {endpoints: []}\n---\na: [\n", "7:1: ");
    row("twice", head + "kind: Probe\nspec: {}\n", "4:1: key \"kind\" is set twice");
    row("same job", head + "spec: {endpoints: [{}]}\n---\n" + head + "spec: {endpoints: [{}]}\n",
        "9:20: found multiple scrape configs with job name \"serviceMonitor/n/m/0\"");
}

void TestOperatorImport::errorsKeepTheirPlace()
{
    QFETCH(std::string, text);
    QFETCH(std::string, message);
    const auto result = imported(text);
    QVERIFY(!result.errors.empty());
    QVERIFY2(result.errors.front().toString().starts_with(message),
        result.errors.front().toString().c_str());
    QCOMPARE(result.kind, ImportKind::Nothing);
}

void TestOperatorImport::otherTextsAreNotTakenForIt_data()
{
    QTest::addColumn<std::string>("text");
    QTest::newRow("config") << std::string(
        "# monitoring.coreos.com/v1 kind\nscrape_configs: [{job_name: a}]\n");
    QTest::newRow("config map") << std::string(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {annotations: {a: monitoring.coreos.com/x}}\n"
        "data:\n  prometheus.yml: |\n    scrape_configs: [{job_name: a}]\n");
}

void TestOperatorImport::otherTextsAreNotTakenForIt()
{
    QFETCH(std::string, text);
    const auto result = imported(text);
    QVERIFY(result.errors.empty());
    QVERIFY(result.kind != ImportKind::Operator);
    QCOMPARE(result.config.jobs.front().name, std::string("a"));
}

void TestOperatorImport::checkSeesThem()
{
    QTemporaryDir folder;
    const std::string path = folder.filePath(QStringLiteral("m.yaml")).toStdString();
    QFile file(QString::fromStdString(path));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(
        (std::string(kHead) + "spec: {endpoints: [{port: a}, {port: b, wait: 3}]}\n").c_str());
    file.close();
    const CheckReport report = checkConfigFile(path, {});
    QVERIFY(report.ok());
    QCOMPARE(report.jobs, size_t(2));
    QCOMPARE(report.findings.size(), size_t(1));
    QCOMPARE(report.findings.front().toString(),
        path + ":4: ServiceMonitor n/m: endpoints[1].wait is no field that is known here");
}

QTEST_GUILESS_MAIN(TestOperatorImport)
#include "tst_operator_import.moc"
