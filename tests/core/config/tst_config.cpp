#include "core/config/config.h"

#include "core/config/byte_size.h"
#include "core/config/nearest.h"

#include <QDir>
#include <QFileInfo>
#include <QTest>
#include <array>

using namespace fleetglass;
using namespace fleetglass::config;

namespace {

Result<Config> load(const std::string& text)
{
    LoadOptions options;
    options.fileName = "p.yml";
    options.baseDirectory = "/etc/p";
    return loadConfig(text, options);
}

// The text under one job named "j".
Result<Config> loadJob(const std::string& lines)
{
    return load("scrape_configs:\n- job_name: j\n" + lines);
}

QString errorOf(const Result<Config>& config)
{
    return config ? QStringLiteral("(loaded)") : QString::fromStdString(config.error().message);
}

QString dataFolder()
{
    return qEnvironmentVariable("FLEETGLASS_SOURCE_DIR") + QStringLiteral("/tests/data/config/");
}

} // namespace

class ConfigTest : public QObject
{
    Q_OBJECT
private slots:
    void goodFilesLoad_data();
    void goodFilesLoad();
    void badFilesAreRefusedWithTheirPlace_data();
    void badFilesAreRefusedWithTheirPlace();
    void aJobIsRefusedWithPlaceAndReason_data();
    void aJobIsRefusedWithPlaceAndReason();
    void anEmptyFileHasTheDefaults();
    void jobsInheritFromGlobal();
    void theTimeoutIsCappedToTheInterval();
    void yaml11BooleansAreTaken_data();
    void yaml11BooleansAreTaken();
    void c7NullListsAreEmpty();
    void aNullRegexIsTheEmptyPattern();
    void bearerTokenIsAuthorization();
    void relativePathsStartAtTheFile();
    void c11PathsThatLeaveTheFolderAreTold();
    void c14UserinfoOfAUrlMovesToTheSecrets();
    void externalLabelsTakeTheEnvironment();
    void skippedDiscoveryIsListed();
    void includedJobsComeLast();
    void includedDuplicatesNameBothPlaces();
    void tooManyIncludesAreRefused();
    void agentModeRefusesWhatItDoesNotRun();
    void allErrorsAreReported();
    void c10TenThousandJobsLoadAndOneMoreDoesNot();
    void c10TooManyTargetsAreRefused();
    void c16SecretsStayOutOfMessages_data();
    void c16SecretsStayOutOfMessages();
    void byteSizesAreBase2_data();
    void byteSizesAreBase2();
    void theNearestWordIsFound();
};

void ConfigTest::goodFilesLoad_data()
{
    QTest::addColumn<QString>("path");
    const QDir folder(dataFolder() + QStringLiteral("good"));
    for (const QFileInfo& file : folder.entryInfoList({ QStringLiteral("*.yml") }))
        QTest::newRow(qPrintable(file.fileName())) << file.absoluteFilePath();
}

void ConfigTest::goodFilesLoad()
{
    QFETCH(QString, path);
    QCOMPARE(errorOf(loadConfigFile(path.toStdString())), QStringLiteral("(loaded)"));
}

// The first line of each bad file says the error: "# LINE:COLUMN: message".
void ConfigTest::badFilesAreRefusedWithTheirPlace_data()
{
    QTest::addColumn<QString>("path");
    const QDir folder(dataFolder() + QStringLiteral("bad"));
    for (const QFileInfo& file : folder.entryInfoList({ QStringLiteral("*.yml") }))
        QTest::newRow(qPrintable(file.fileName())) << file.absoluteFilePath();
}

void ConfigTest::badFilesAreRefusedWithTheirPlace()
{
    QFETCH(QString, path);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QString first = QString::fromUtf8(file.readLine()).trimmed();
    QVERIFY(first.startsWith(QStringLiteral("# ")));
    QCOMPARE(errorOf(loadConfigFile(path.toStdString())), path + QLatin1Char(':') + first.mid(2));
}

void ConfigTest::aJobIsRefusedWithPlaceAndReason_data()
{
    QTest::addColumn<QString>("lines");
    QTest::addColumn<QString>("error");
    const auto row = [](const char* name, const char* lines, const char* error) {
        QTest::newRow(name) << QString::fromUtf8(lines) << QString::fromUtf8(error);
    };
    row("C7 unknown key", "  scrape_intervall: 5s\n",
        "p.yml:3:3: field scrape_intervall not found in type config.plain, did you mean "
        "\"scrape_interval\"?");
    row("C7 wrong type", "  scrape_interval: [5]\n",
        "p.yml:3:20: cannot unmarshal !!seq into string");
    row("C7 not a boolean", "  honor_labels: perhaps\n",
        "p.yml:3:17: cannot unmarshal !!str into bool");
    row("C7 quoted boolean", "  honor_labels: \"true\"\n",
        "p.yml:3:17: cannot unmarshal !!str into bool");
    row("C6 duplicate key", "  scheme: http\n  scheme: https\n",
        "p.yml:4:3: field scheme already set in type config.plain (first on line 3)");
    row("C6 duplicate label", "  static_configs: [{targets: [a], labels: {x: 1, x: 2}}]\n",
        "p.yml:3:50: key \"x\" already set in map (first on line 3)");
    row("C9 duration with a blank", "  scrape_interval: 5 m\n",
        "p.yml:3:20: unknown unit \" m\" in duration \"5 m\"");
    row("C9 nanoseconds", "  scrape_interval: 1ns\n",
        "p.yml:3:20: unknown unit \"ns\" in duration \"1ns\"");
    row("C9 three centuries", "  scrape_interval: 300y\n", "p.yml:3:20: duration out of range");
    row("C9 timeout above interval", "  scrape_interval: 1s\n  scrape_timeout: 2s\n",
        "p.yml:4:3: scrape timeout greater than scrape interval for scrape config with job name "
        "\"j\"");
    row("C14 header injection", "  http_headers: {X-A: {values: [\"a\\r\\nB: c\"]}}\n",
        "p.yml:3:33: a header value must not hold line breaks");
    row("C15 pattern", "  relabel_configs: [{regex: '(', target_label: a}]\n",
        "p.yml:3:22: error parsing regexp: missing ): ^(?s:()$: `(`");
    row("action", "  relabel_configs: [{action: kepp}]\n",
        "p.yml:3:22: unknown relabel action \"kepp\", did you mean \"keep\"?");
    row("label of bytes", "  static_configs: [{targets: [a], labels: {!!binary \"/w==\": x}}]\n",
        "p.yml:3:35: \"\\xff\" is not a valid label name");
    row("null rule", "  relabel_configs: [null]\n",
        "p.yml:3:21: empty or null target relabeling rule in scrape config");
    row("URL as target", "  static_configs: [{targets: ['http://x']}]\n",
        "p.yml:3:3: \"http://x\" is not a valid hostname");
    row("file_sd path", "  file_sd_configs: [{files: [a.txt]}]\n",
        "p.yml:3:22: path name \"a.txt\" is not valid for file discovery");
    row("dns without port", "  dns_sd_configs: [{names: [x], type: A}]\n",
        "p.yml:3:20: a port is required in DNS-SD configs for all record types except SRV");
    row("protocol twice", "  scrape_protocols: [PrometheusProto, PrometheusProto]\n",
        "p.yml:3:21: duplicated protocol in scrape_protocols, got [PrometheusProto "
        "PrometheusProto] "
        "for scrape config with job name \"j\"");
    row("tls key alone", "  tls_config: {cert_file: a}\n",
        "p.yml:3:15: exactly one of key or key_file must be configured when a client certificate "
        "is "
        "configured");
    row("skipped mechanism's key", "  ec2_sd_configs: [{regoin: x}]\n",
        "p.yml:3:21: field regoin not found in type aws.plain, did you mean \"region\"?");
}

void ConfigTest::aJobIsRefusedWithPlaceAndReason()
{
    QFETCH(QString, lines);
    QFETCH(QString, error);
    QCOMPARE(errorOf(loadJob(lines.toStdString())), error);
}

void ConfigTest::anEmptyFileHasTheDefaults()
{
    for (const std::string text : { "", "# nothing\n", "global:\n" }) {
        const auto config = load(text);
        QVERIFY2(config.has_value(), qPrintable(errorOf(config)));
        QVERIFY(config->jobs.empty());
        QCOMPARE(config->global.scrapeInterval, Millis { 60'000 });
        QCOMPARE(config->global.scrapeTimeout, Millis { 10'000 });
    }
}

void ConfigTest::jobsInheritFromGlobal()
{
    const auto config = load("global: {scrape_interval: 15s, scrape_timeout: 4s, sample_limit: 7, "
                             "body_size_limit: 2MB, extra_scrape_metrics: true}\n"
                             "scrape_configs:\n- job_name: a\n- {job_name: b, sample_limit: 9, "
                             "extra_scrape_metrics: false, scrape_native_histograms: true}\n");
    QVERIFY2(config.has_value(), qPrintable(errorOf(config)));
    const scrape::JobOptions& a = config->jobs[0];
    const scrape::JobOptions& b = config->jobs[1];
    QCOMPARE(a.interval, Millis { 15'000 });
    QCOMPARE(a.timeout, Millis { 4'000 });
    QCOMPARE(a.limits.samplesMax, uint64_t { 7 });
    QCOMPARE(a.limits.bodyBytesMax, uint64_t { 2 } << 20U);
    QVERIFY(a.extraScrapeMetrics);
    QCOMPARE(a.protocols.front(), std::string("OpenMetricsText1.0.0"));
    QCOMPARE(b.limits.samplesMax, uint64_t { 9 });
    QVERIFY(!b.extraScrapeMetrics);
    QCOMPARE(b.protocols.front(), std::string("PrometheusProto"));
    QCOMPARE(b.line, 4);
}

void ConfigTest::theTimeoutIsCappedToTheInterval()
{
    const auto config = loadJob("  scrape_interval: 5s\n");
    QVERIFY(config.has_value());
    QCOMPARE(config->jobs[0].timeout, Millis { 5'000 });
}

void ConfigTest::yaml11BooleansAreTaken_data()
{
    QTest::addColumn<QString>("word");
    QTest::addColumn<bool>("value");
    for (const char* word : { "true", "True", "TRUE", "yes", "On", "y" })
        QTest::newRow(word) << QString::fromUtf8(word) << true;
    for (const char* word : { "false", "False", "No", "off", "n" })
        QTest::newRow(word) << QString::fromUtf8(word) << false;
}

void ConfigTest::yaml11BooleansAreTaken()
{
    QFETCH(QString, word);
    QFETCH(bool, value);
    const auto config
        = loadJob("  tls_config: {insecure_skip_verify: " + word.toStdString() + "}\n");
    QVERIFY2(config.has_value(), qPrintable(errorOf(config)));
    QCOMPARE(config->jobs[0].client.tls.insecureSkipVerify, value);
}

void ConfigTest::c7NullListsAreEmpty()
{
    const auto config
        = loadJob("  relabel_configs:\n  static_configs:\n  params:\n  tls_config:\n");
    QVERIFY2(config.has_value(), qPrintable(errorOf(config)));
    QVERIFY(config->jobs[0].relabelRules.empty());
    QVERIFY(config->jobs[0].discovery.statics.empty());
}

void ConfigTest::aNullRegexIsTheEmptyPattern()
{
    const auto config
        = loadJob("  relabel_configs: [{regex: , target_label: a, replacement: b}]\n");
    QVERIFY2(config.has_value(), qPrintable(errorOf(config)));
    QCOMPARE(config->jobs[0].relabelRules[0].regexText, std::string());
}

void ConfigTest::bearerTokenIsAuthorization()
{
    const auto config = loadJob("  bearer_token: t0ken\n");
    QVERIFY(config.has_value());
    const auto& authorization = config->jobs[0].client.authorization;
    QVERIFY(authorization.has_value());
    QCOMPARE(authorization->type, std::string("Bearer"));
    QCOMPARE(authorization->credentials.text.reveal(), std::string("t0ken"));
}

void ConfigTest::relativePathsStartAtTheFile()
{
    const auto config
        = load("rule_files: [r/*.yml, /abs.yml]\nscrape_configs:\n- job_name: j\n"
               "  tls_config: {ca_file: ca.pem}\n  file_sd_configs: [{files: [t/*.json]}]\n");
    QVERIFY2(config.has_value(), qPrintable(errorOf(config)));
    QCOMPARE(config->ruleFiles[0], std::string("/etc/p/r/*.yml"));
    QCOMPARE(config->ruleFiles[1], std::string("/abs.yml"));
    QCOMPARE(config->jobs[0].client.tls.caFile, std::string("/etc/p/ca.pem"));
    QCOMPARE(config->jobs[0].discovery.files[0].files[0], std::string("/etc/p/t/*.json"));
}

void ConfigTest::c11PathsThatLeaveTheFolderAreTold()
{
    const auto config = load("rule_files: [r.yml, ../x.yml, /etc/p/y.yml]\n");
    QVERIFY2(config.has_value(), qPrintable(errorOf(config)));
    QCOMPARE(config->warnings.size(), size_t { 1 });
    QCOMPARE(config->warnings[0].toString(),
        std::string("p.yml:1:1: \"/etc/p/../x.yml\" lies outside of the configuration's folder"));
}

void ConfigTest::c14UserinfoOfAUrlMovesToTheSecrets()
{
    const auto config = loadJob("  http_sd_configs: [{url: 'http://me:hush@sd:1/t?a=b@c'}]\n");
    QVERIFY2(config.has_value(), qPrintable(errorOf(config)));
    const discovery::HttpOptions& http = config->jobs[0].discovery.http[0];
    QCOMPARE(http.url, std::string("http://sd:1/t?a=b@c"));
    QCOMPARE(http.client.basicAuth->username, std::string("me"));
    QCOMPARE(http.client.basicAuth->password.text.reveal(), std::string("hush"));
}

void ConfigTest::externalLabelsTakeTheEnvironment()
{
    LoadOptions options;
    options.environment = [](const std::string& name) -> std::optional<std::string> {
        return name == "SITE" ? std::optional<std::string>("lab") : std::nullopt;
    };
    const auto config = loadConfig(
        "global: {external_labels: {a: $SITE, b: \"x${SITE}y\", c: $$SITE, d: $NONE}}\n", options);
    QVERIFY2(config.has_value(), qPrintable(errorOf(config)));
    const TextPairs expected { { "a", "lab" }, { "b", "xlaby" }, { "c", "$SITE" }, { "d", "" } };
    QCOMPARE(config->global.externalLabels, expected);
}

void ConfigTest::skippedDiscoveryIsListed()
{
    const auto config = loadJob("  nomad_sd_configs: [{server: 'c:4646'}]\n");
    QVERIFY(config.has_value());
    QCOMPARE(config->skipped.size(), size_t { 1 });
    QCOMPARE(config->skipped[0].name, std::string("job \"j\": nomad_sd_configs"));
    QCOMPARE(config->skipped[0].line, 3);
    QCOMPARE(config->warnings.size(), size_t { 1 });
}

void ConfigTest::includedJobsComeLast()
{
    LoadOptions options;
    options.fileName = "p.yml";
    options.glob = [](const std::string& pattern) { return std::vector<std::string> { pattern }; };
    options.readFile = [](const std::string&) -> Result<std::string> {
        return std::string("scrape_configs: [{job_name: included}]\n");
    };
    const auto config = loadConfig(
        "scrape_config_files: [more.yml]\nscrape_configs: [{job_name: own}]\n", options);
    QVERIFY2(config.has_value(), qPrintable(errorOf(config)));
    QCOMPARE(config->jobs.size(), size_t { 2 });
    QCOMPARE(config->jobs[1].name, std::string("included"));
    QCOMPARE(config->jobs[1].file, std::string("more.yml"));
}

void ConfigTest::includedDuplicatesNameBothPlaces()
{
    LoadOptions options;
    options.fileName = "p.yml";
    options.glob = [](const std::string& pattern) { return std::vector<std::string> { pattern }; };
    options.readFile = [](const std::string&) -> Result<std::string> {
        return std::string("scrape_configs: [{job_name: own}]\n");
    };
    QCOMPARE(errorOf(loadConfig(
                 "scrape_config_files: [more.yml]\nscrape_configs: [{job_name: own}]\n", options)),
        QStringLiteral(
            "more.yml:1:18: found multiple scrape configs with job name \"own\" (first at "
            "p.yml:2)"));
}

void ConfigTest::tooManyIncludesAreRefused()
{
    LoadOptions options;
    options.fileName = "p.yml";
    options.glob = [](const std::string&) { return std::vector<std::string>(1'001, "x.yml"); };
    options.readFile = [](const std::string&) -> Result<std::string> { return std::string(); };
    QCOMPARE(errorOf(loadConfig("scrape_config_files: ['*.yml']\n", options)),
        QStringLiteral(
            "p.yml: scrape_config_files: more than 1,000 files; narrow the pattern \"*.yml\""));
}

void ConfigTest::agentModeRefusesWhatItDoesNotRun()
{
    LoadOptions options;
    options.fileName = "p.yml";
    options.agentMode = true;
    QCOMPARE(
        errorOf(loadConfig("rule_files: [a.yml]\nremote_write: [{url: 'http://x/w'}]\n", options)),
        QStringLiteral("p.yml:1:1: field rule_files is not allowed in agent mode"));
    QCOMPARE(errorOf(loadConfig("scrape_configs: []\n", options)),
        QStringLiteral(
            "p.yml:1:1: at least one remote_write target must be specified in agent mode"));
}

void ConfigTest::allErrorsAreReported()
{
    LoadOptions options;
    options.fileName = "p.yml";
    const LoadReport report = loadConfigReport(
        "scrape_configs:\n- {job_name: a, x: 1}\n- {job_name: b, y: 2}\n", options);
    QCOMPARE(report.errors.size(), size_t { 2 });
    QCOMPARE(report.errors[0].position.line, 2);
    QCOMPARE(report.errors[1].position.line, 3);
}

void ConfigTest::c10TenThousandJobsLoadAndOneMoreDoesNot()
{
    std::string text = "scrape_configs:\n";
    for (int i = 0; i < 10'000; ++i)
        text += "- {job_name: j" + std::to_string(i) + "}\n";
    const auto config = load(text);
    QVERIFY2(config.has_value(), qPrintable(errorOf(config)));
    QCOMPARE(config->jobs.size(), size_t { 10'000 });
    QCOMPARE(errorOf(load(text + "- {job_name: more}\n")),
        QStringLiteral("p.yml:10002:3: more than 10,000 jobs"));
}

void ConfigTest::c10TooManyTargetsAreRefused()
{
    std::string lines = "  static_configs:\n  - targets:\n";
    for (int i = 0; i < 20'001; ++i)
        lines += "    - h" + std::to_string(i) + ":1\n";
    QCOMPARE(errorOf(loadJob(lines)),
        QStringLiteral("p.yml: 20001 static targets are more than the limit of 20,000"));
}

void ConfigTest::c16SecretsStayOutOfMessages_data()
{
    QTest::addColumn<QString>("lines");
    QTest::newRow("password as list") << QStringLiteral("  basic_auth: {password: [canary]}\n");
    QTest::newRow("both tokens") << QStringLiteral(
        "  bearer_token: canary\n  bearer_token_file: f\n");
    QTest::newRow("proxy user") << QStringLiteral("  proxy_url: 'http://u:canary@x:bad'\n");
    QTest::newRow("sd url user") << QStringLiteral(
        "  http_sd_configs: [{url: 'http://u:canary@x:bad'}]\n");
    QTest::newRow("header") << QStringLiteral("  http_headers: {X: {secrets: [\"canary\\n\"]}}\n");
    QTest::newRow("token as a map")
        << QStringLiteral("  authorization: {credentials: {canary: 1}}\n");
}

void ConfigTest::c16SecretsStayOutOfMessages()
{
    QFETCH(QString, lines);
    const auto config = loadJob(lines.toStdString());
    QVERIFY(!config.has_value());
    QVERIFY2(!errorOf(config).contains(QStringLiteral("canary")), qPrintable(errorOf(config)));
}

void ConfigTest::byteSizesAreBase2_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qulonglong>("bytes");
    QTest::addColumn<QString>("error");
    QTest::newRow("zero") << QStringLiteral("0") << 0ULL << QString();
    QTest::newRow("MB") << QStringLiteral("15MB") << (15ULL << 20U) << QString();
    QTest::newRow("GiB") << QStringLiteral("1GiB") << (1ULL << 30U) << QString();
    QTest::newRow("half") << QStringLiteral("1.5KB") << 1536ULL << QString();
    QTest::newRow("sum") << QStringLiteral("1KB1B") << 1025ULL << QString();
    QTest::newRow("no unit") << QStringLiteral("100") << 0ULL
                             << QStringLiteral("units: unknown unit  in 100");
    QTest::newRow("words") << QStringLiteral("big") << 0ULL << QStringLiteral("units: invalid big");
    QTest::newRow("too large") << QStringLiteral("9EB") << 0ULL
                               << QStringLiteral("size 9EB is too large");
}

void ConfigTest::byteSizesAreBase2()
{
    QFETCH(QString, text);
    QFETCH(qulonglong, bytes);
    QFETCH(QString, error);
    const auto size = parseByteSize(text.toStdString());
    QCOMPARE(size ? QString() : QString::fromStdString(size.error().message), error);
    if (size)
        QCOMPARE(static_cast<qulonglong>(*size), bytes);
}

void ConfigTest::theNearestWordIsFound()
{
    constexpr std::array<std::string_view, 3> kWords { "scrape_interval", "scrape_timeout",
        "scheme" };
    QCOMPARE(nearest("scrape_intreval", kWords), std::string_view("scrape_interval"));
    QCOMPARE(nearest("shceme", kWords), std::string_view("scheme"));
    QVERIFY(nearest("completely_different", kWords).empty());
    QVERIFY(nearest(std::string(5'000, 's'), kWords).empty());
}

QTEST_GUILESS_MAIN(ConfigTest)
#include "tst_config.moc"
