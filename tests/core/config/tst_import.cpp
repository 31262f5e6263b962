#include "core/config/import.h"

#include "core/config/target_groups.h"
#include "core/config/yaml_reader.h"

#include <QDir>
#include <QFileInfo>
#include <QTest>
#include <random>

using namespace fleetglass;
using namespace fleetglass::config;

namespace {

ImportResult import(const std::string& text, const std::string& name = "file.yml")
{
    ImportOptions options;
    options.name = name;
    return importText(text, options);
}

QString firstError(const ImportResult& result)
{
    return result.errors.empty() ? QStringLiteral("(imported)")
                                 : QString::fromStdString(result.errors.front().toString());
}

const char* const kJob = "- job_name: lamp\n  metrics_path: /v1/stats\n  params:\n    key:\n    - "
                         "hidden\n  relabel_configs:\n  scheme: https\n  static_configs:\n    - "
                         "targets:\n      - \"lamp:4000\"\n  tls_config: # comment\n    ca: <Lamp "
                         "certificate>\n";

} // namespace

class ImportTest : public QObject
{
    Q_OBJECT
private slots:
    void aTextIsTakenForWhatItIs_data();
    void aTextIsTakenForWhatItIs();
    void aTextIsRefusedWithTheReason_data();
    void aTextIsRefusedWithTheReason();
    void aBareJobKeepsItsQuirks();
    void placeholdersAreFlaggedAndKept();
    void patternsAreNoPlaceholders();
    void aMissingColonIsOffered();
    void lostIndentationIsOffered();
    void c5APageOffersItsBlock();
    void aUrlKeepsPathQueryAndUser();
    void urlsOfOneKindShareAJob();
    void addressLinesMayHaveComments();
    void aConfigMapTellsLinesOfTheWhole();
    void aConfigMapInAConfigMapIsNotFollowed();
    void rulesWithoutNameAreNamed();
    void targetGroupsAreReadFromJsonAndYaml();
    void damagedTextsAreAnsweredWithAPlace();
    void targetGroupsAreRefused_data();
    void targetGroupsAreRefused();
};

void ImportTest::aTextIsTakenForWhatItIs_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("jobs");
    QTest::addColumn<int>("groups");
    const auto row = [](const char* name, const char* text, ImportKind kind, int jobs, int groups) {
        QTest::newRow(name) << QString::fromUtf8(text) << static_cast<int>(kind) << jobs << groups;
    };
    row("config", "scrape_configs: [{job_name: a}]", ImportKind::Config, 1, 0);
    row("only global", "global: {scrape_interval: 5s}", ImportKind::Config, 0, 0);
    row("jobs", kJob, ImportKind::Jobs, 1, 0);
    row("one job", "job_name: a\nscheme: https\n", ImportKind::Jobs, 1, 0);
    row("targets", "[{\"targets\": [\"a:1\"]}, {\"targets\": [\"b:1\"]}]", ImportKind::TargetGroups,
        1, 0);
    row("addresses", "10.0.0.1:9100\n[::1]:9100, lamp:80\n", ImportKind::Addresses, 1, 0);
    row("url", "http://lamp:80/metrics", ImportKind::Urls, 1, 0);
    row("url and address", "http://lamp:80/metrics\nlamp:81", ImportKind::Urls, 2, 0);
    row("rule file", "groups: [{name: g, rules: [{alert: A, expr: up}]}]", ImportKind::RuleFile, 0,
        1);
    row("group", "name: g\nrules: [{alert: A, expr: up}]", ImportKind::RuleFile, 0, 1);
    row("fragment", "expr: up == 0\nannotations: {summary: it is gone}", ImportKind::RuleFragments,
        0, 1);
    row("fragments", "- {alert: A, expr: up}\n- {record: b, expr: up}", ImportKind::RuleFragments,
        0, 1);
}

void ImportTest::aTextIsTakenForWhatItIs()
{
    QFETCH(QString, text);
    QFETCH(int, kind);
    QFETCH(int, jobs);
    QFETCH(int, groups);
    const ImportResult result = import(text.toStdString());
    QVERIFY2(result.errors.empty(), qPrintable(firstError(result)));
    QCOMPARE(static_cast<int>(result.kind), kind);
    QCOMPARE(static_cast<int>(result.config.jobs.size()), jobs);
    QCOMPARE(static_cast<int>(result.ruleGroups.size()), groups);
    QVERIFY(!describe(result.kind).empty());
}

void ImportTest::aTextIsRefusedWithTheReason_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("error");
    const auto row = [](const char* name, const char* text, const char* error) {
        QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(error);
    };
    row("empty", "  \n# nothing\n", "file.yml:1:1: there is nothing to import");
    row("words", "hello there",
        "file.yml:1:1: neither a configuration, nor jobs, rules, addresses or URLs");
    row("list of words", "- a\n- b\n",
        "file.yml:1:1: a list of neither jobs (job_name), rules (expr), groups (rules) nor targets "
        "(targets)");
    row("other kind", "apiVersion: x/v1\nkind: ServiceMonitor\n",
        "file.yml:1:1: this is a Kubernetes ServiceMonitor, which is not imported yet");
    row("compose", "services: {a: {image: b}}",
        "file.yml:1:1: this is a Docker Compose file, which is not imported yet");
    row("slip", "scrape_config: []",
        "file.yml:1:1: field scrape_config not found in type config.plain, did you mean "
        "\"scrape_configs\"?");
    row("empty map", "apiVersion: v1\nkind: ConfigMap\ndata: {a: b}\n",
        "file.yml:1:1: this ConfigMap holds no prometheus.yml");
    row("two documents", "job_name: a\n---\njob_name: b\n",
        "file.yml:2:1: a second document starts here; import them one by one");
}

void ImportTest::aTextIsRefusedWithTheReason()
{
    QFETCH(QString, text);
    QFETCH(QString, error);
    const ImportResult result = import(text.toStdString());
    QCOMPARE(firstError(result), error);
    QVERIFY(result.kind == ImportKind::Nothing);
}

void ImportTest::aBareJobKeepsItsQuirks()
{
    const ImportResult result = import(kJob);
    const scrape::JobOptions& job = result.config.jobs.at(0);
    QCOMPARE(job.name, std::string("lamp"));
    QCOMPARE(job.metricsPath, std::string("/v1/stats"));
    QCOMPARE(job.scheme, std::string("https"));
    QCOMPARE(job.params.at(0).second.at(0), std::string("hidden"));
    QCOMPARE(job.discovery.statics.at(0).targets.at(0), std::string("lamp:4000"));
    QVERIFY(job.relabelRules.empty());
}

void ImportTest::placeholdersAreFlaggedAndKept()
{
    const ImportResult result = import(std::string(kJob) + "  bearer_token: <token_value>\n");
    QVERIFY2(result.errors.empty(), qPrintable(firstError(result)));
    QCOMPARE(result.placeholders.size(), size_t { 2 });
    QCOMPARE(result.placeholders[0].path, std::string("scrape_configs[0].tls_config.ca"));
    QCOMPARE(result.placeholders[0].text, std::string("<Lamp certificate>"));
    QCOMPARE(result.placeholders[0].position, (Position { 12, 9 }));
    QVERIFY(!result.placeholders[0].isSecret);
    QVERIFY(result.placeholders[1].isSecret);
    QCOMPARE(result.config.jobs[0].client.tls.ca, std::string("<Lamp certificate>"));
}

void ImportTest::patternsAreNoPlaceholders()
{
    const ImportResult result = import("job_name: a\nrelabel_configs: [{regex: '(?P<name>.*)', "
                                       "target_label: b, replacement: '<x>'}]\n");
    QVERIFY2(result.errors.empty(), qPrintable(firstError(result)));
    QVERIFY(result.placeholders.empty());
}

void ImportTest::aMissingColonIsOffered()
{
    const std::string text = "scrape_configs\n\n  - job_name: 'lamp'\n    scheme: https\n";
    const ImportResult result = import(text);
    QCOMPARE(firstError(result),
        QStringLiteral("file.yml:1:15: \"scrape_configs\" has no colon after it; write "
                       "\"scrape_configs:\""));
    QVERIFY(result.suggestion.has_value());
    QCOMPARE(result.suggestion->text, "scrape_configs:" + text.substr(14));
    QVERIFY(import(result.suggestion->text).errors.empty());
}

void ImportTest::lostIndentationIsOffered()
{
    std::string flat;
    for (const QByteArray& line : QByteArray(kJob).split('\n'))
        flat += line.trimmed().toStdString() + "\n";
    const ImportResult result = import(flat);
    QCOMPARE(firstError(result),
        QStringLiteral(
            "file.yml:2:1: the document ends before this line, the rest would be ignored: "
            "\"metrics_path: /v1/stats\" (is its indentation lost?)"));
    QVERIFY(result.suggestion.has_value());
    const ImportResult again = import(result.suggestion->text);
    QVERIFY2(again.errors.empty(), qPrintable(firstError(again)));
    const scrape::JobOptions& job = again.config.jobs.at(0);
    QCOMPARE(job.params.at(0).first, std::string("key"));
    QCOMPARE(job.discovery.statics.at(0).targets.at(0), std::string("lamp:4000"));
    QCOMPARE(job.client.tls.ca, std::string("<Lamp certificate>"));
}

void ImportTest::c5APageOffersItsBlock()
{
    const ImportResult result = import("# Monitoring\n\nThe lamp can be scraped. It listens on a "
                                       "port of its own; see below for it.\n"
                                       "```yaml\n"
        + std::string(kJob) + "```\nThat is all.\n");
    QVERIFY(!result.errors.empty());
    QVERIFY2(firstError(result).contains(QStringLiteral("looks like a page of text")),
        qPrintable(firstError(result)));
    QVERIFY(result.suggestion.has_value());
    QCOMPARE(result.suggestion->text, std::string(kJob));
}

void ImportTest::aUrlKeepsPathQueryAndUser()
{
    const auto job = jobFromUrl("https://me:p%40ss@lamp:4000/v1/stats?key=hidden&a=1&a=2#top");
    QVERIFY(job.has_value());
    QCOMPARE(job->name, std::string("lamp"));
    QCOMPARE(job->scheme, std::string("https"));
    QCOMPARE(job->metricsPath, std::string("/v1/stats"));
    QCOMPARE(job->discovery.statics[0].targets[0], std::string("lamp:4000"));
    QCOMPARE(job->client.basicAuth->username, std::string("me"));
    QCOMPARE(job->client.basicAuth->password.text.reveal(), std::string("p@ss"));
    QCOMPARE(job->params[0].first, std::string("key"));
    QCOMPARE(job->params[1].second.size(), size_t { 2 });
    QVERIFY(isSecretName(job->params[0].first));
    QVERIFY(!isSecretName(job->params[1].first));
    for (const char* url : { "http:///x", "http://localhost@:1" })
        QCOMPARE(jobFromUrl(url).error().message, std::string("host is missing in URL"));
}

void ImportTest::urlsOfOneKindShareAJob()
{
    const ImportResult result = import("http://a:1/m\nhttp://b:1/m\nhttp://a:1/other\n");
    QCOMPARE(result.config.jobs.size(), size_t { 2 });
    QCOMPARE(result.config.jobs[0].discovery.statics[0].targets.size(), size_t { 2 });
    QCOMPARE(result.config.jobs[1].name, std::string("a-2"));
}

void ImportTest::addressLinesMayHaveComments()
{
    const ImportResult result = import("# the lamps\nlamp-1:80 # left\nlamp-2:80\n", "lamps.txt");
    QVERIFY2(result.errors.empty(), qPrintable(firstError(result)));
    QCOMPARE(result.config.jobs.at(0).name, std::string("lamps"));
    QCOMPARE(result.config.jobs[0].discovery.statics[0].targets.size(), size_t { 2 });
}

void ImportTest::aConfigMapTellsLinesOfTheWhole()
{
    const std::string head = "apiVersion: v1\nkind: ConfigMap\ndata:\n  prometheus.yml: |-\n";
    const ImportResult good = import(head
        + "    scrape_configs:\n    - job_name: a\n      bearer_token: <token>\n"
          "      ec2_sd_configs: [{region: x}]\n");
    QVERIFY2(good.errors.empty(), qPrintable(firstError(good)));
    QVERIFY(good.kind == ImportKind::ConfigMap);
    QCOMPARE(good.config.jobs.at(0).line, 6);
    QCOMPARE(good.placeholders.at(0).position, (Position { 7, 21 }));
    QCOMPARE(good.config.skipped.at(0).line, 8);
    const ImportResult bad = import(head + "    scrape_configs:\n    - jobname: a\n");
    QVERIFY(firstError(bad).startsWith(QStringLiteral("file.yml:6:7: field jobname not found")));
}

void ImportTest::aConfigMapInAConfigMapIsNotFollowed()
{
    const ImportResult result = import("kind: ConfigMap\ndata:\n  a.yml: |\n    kind: ConfigMap\n  "
                                       "  apiVersion: v1\n    data:\n      "
                                       "b.yml: |\n        scrape_configs: []\n");
    QCOMPARE(firstError(result),
        QStringLiteral("file.yml:4:5: this is a Kubernetes ConfigMap, which is not imported yet"));
}

void ImportTest::rulesWithoutNameAreNamed()
{
    const ImportResult result = import(
        "- expr: lamp_on == 1\n  annotations:\n    summary: '{{ $labels.instance }} is burning'\n"
        "- expr: lamp_on == 0\n  annotations:\n    summary: '{{ $labels.x }} is burning'\n"
        "- expr: rate(lamp_errors[5m]) > 1\n",
        "lamp_rules.yml");
    QVERIFY2(result.errors.empty(), qPrintable(firstError(result)));
    const rules::GroupOptions& group = result.ruleGroups.at(0);
    QCOMPARE(group.name, std::string("lamp_rules"));
    QCOMPARE(group.rules[0].name, std::string("IsBurning"));
    QCOMPARE(group.rules[1].name, std::string("IsBurning2"));
    QCOMPARE(group.rules[2].name, std::string("RateLampErrors5m1"));
    QVERIFY(group.rules[0].wrapped);
}

void ImportTest::targetGroupsAreReadFromJsonAndYaml()
{
    const auto json = readTargetGroups(
        "[{\"targets\": [\"a:1\"], \"labels\": {\"x\": \"y\"}}]", TargetFormat::Json, "t.json");
    QVERIFY(json.has_value());
    QCOMPARE(json->at(0).source, std::string("t.json:0"));
    const auto yaml
        = readTargetGroups("- targets: ['a:1']\n  labels: {x: y}\n", TargetFormat::Yaml, "t.yml");
    QVERIFY(yaml.has_value());
    QCOMPARE(yaml->at(0).labels, json->at(0).labels);
    QCOMPARE(targetGroupsFromYaml("- x: y\n").error().message,
        std::string("1:3: field x not found in type targetgroup.Group"));
    QCOMPARE(targetFormat("a.b/c.txt").error().message,
        std::string("a.b/c.txt: invalid file extension: \".txt\""));
}

// Goal: no text, however damaged, crashes or hangs; what is refused is refused with words. Method:
// good files with random bytes changed, cut or doubled.
void ImportTest::damagedTextsAreAnsweredWithAPlace()
{
    const unsigned seed = std::random_device {}();
    qInfo("seed %u", seed);
    std::mt19937 random(seed);
    const QDir folder(
        qEnvironmentVariable("FLEETGLASS_SOURCE_DIR") + QStringLiteral("/tests/data/config/good"));
    std::vector<std::string> texts { kJob };
    for (const QFileInfo& file : folder.entryInfoList({ QStringLiteral("*.yml") }))
        texts.push_back(readTextFile(file.absoluteFilePath().toStdString()).value());
    const std::string kBytes = "\n\n  -:{}[]&*#'\"<>|%@!?,~\t\\0a$";
    for (int round = 0; round < 1'500; ++round) {
        std::string text = texts[random() % texts.size()];
        for (unsigned i = 0; i < 1 + random() % 6; ++i) {
            const size_t at = random() % text.size();
            switch (random() % 3) {
            case 0:
                text[at] = kBytes[random() % kBytes.size()];
                break;
            case 1:
                text.erase(at, 1 + random() % 20);
                break;
            default:
                text.insert(at, text.substr(random() % text.size(), random() % 40));
            }
            if (text.empty())
                text = "a";
        }
        const ImportResult result = import(text);
        for (const Problem& problem : result.errors)
            QVERIFY2(!problem.message.empty(), text.c_str());
        QVERIFY2((result.kind == ImportKind::Nothing) == !result.errors.empty(), text.c_str());
    }
}

void ImportTest::targetGroupsAreRefused_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isJson");
    QTest::addColumn<QString>("error");
    QTest::newRow("null group") << QStringLiteral("[null]") << true
                                << QStringLiteral("t:1:2: nil target group item found (index 0)");
    QTest::newRow("yaml in json") << QStringLiteral("- targets: []\n") << true
                                  << QStringLiteral(
                                         "t:1:2: not valid JSON here, or nested too deep");
    QTest::newRow("number in json") << QStringLiteral("[{\"targets\": [1]}]") << true
                                    << QStringLiteral("t:1:15: cannot unmarshal !!int into string");
    QTest::newRow("unknown key") << QStringLiteral("- target: []\n") << false
                                 << QStringLiteral("t:1:3: field target not found in type "
                                                   "targetgroup.Group, did you mean \"targets\"?");
    QTest::newRow("map") << QStringLiteral("targets: []\n") << false
                         << QStringLiteral(
                                "t:1:1: cannot unmarshal !!map into []*targetgroup.Group");
}

void ImportTest::targetGroupsAreRefused()
{
    QFETCH(QString, text);
    QFETCH(bool, isJson);
    QFETCH(QString, error);
    const auto groups = readTargetGroups(
        text.toStdString(), isJson ? TargetFormat::Json : TargetFormat::Yaml, "t");
    QVERIFY(!groups.has_value());
    QCOMPARE(QString::fromStdString(groups.error().message), error);
}

QTEST_GUILESS_MAIN(ImportTest)
#include "tst_import.moc"
