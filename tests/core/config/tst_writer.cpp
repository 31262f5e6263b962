#include "core/config/writer.h"

#include "core/config/config.h"
#include "core/config/splice.h"
#include "core/config/yaml_reader.h"

#include <QTest>

using namespace fleetglass;
using namespace fleetglass::config;

namespace {

scrape::JobOptions fullJob()
{
    const QString path = qEnvironmentVariable("FLEETGLASS_SOURCE_DIR")
        + QStringLiteral("/tests/data/config/good/full_job.yml");
    const auto config = loadConfigFile(path.toStdString());
    return config ? config->jobs.at(0) : scrape::JobOptions {};
}

void compareJobs(const scrape::JobOptions& a, const scrape::JobOptions& b)
{
    QCOMPARE(a.name, b.name);
    QCOMPARE(a.interval, b.interval);
    QCOMPARE(a.timeout, b.timeout);
    QVERIFY(a.params == b.params);
    QVERIFY(a.protocols == b.protocols);
    QCOMPARE(a.fallbackProtocol, b.fallbackProtocol);
    QVERIFY(a.limits == b.limits);
    QVERIFY(a.client == b.client);
    QVERIFY(a.discovery == b.discovery);
    QVERIFY(a.nameEscaping == b.nameEscaping);
    QCOMPARE(a.nativeHistogramMinBucketFactor, b.nativeHistogramMinBucketFactor);
    QCOMPARE(a.relabelRules.size(), b.relabelRules.size());
    QCOMPARE(a.relabelRules.at(0).regexText, b.relabelRules.at(0).regexText);
    QCOMPARE(a.metricRelabelRules.size(), b.metricRelabelRules.size());
}

const char* const kDocument = "# head\nglobal:\n  scrape_interval: 5s # fast\n\nscrape_configs:\n"
                              "  # the first\n  - job_name: a\n    # inside\n    scheme: https\n\n"
                              "  # the second\n  - job_name: b\n\nmystery: {kept: true}\n";

} // namespace

class WriterTest : public QObject
{
    Q_OBJECT
private slots:
    void whatIsWrittenReadsBackTheSame();
    void defaultsAreNotWritten();
    void c19SecretsAreMaskedUnlessAsked();
    void secretsAreNamedForTheKeyring();
    void scalarsAreQuotedWhereNeeded_data();
    void scalarsAreQuotedWhereNeeded();
    void replacingAJobKeepsAllElse();
    void addingAJobKeepsAllElse();
    void removingAJobKeepsAllElse();
    void aFileWithoutJobsGetsThem_data();
    void aFileWithoutJobsGetsThem();
    void lineEndsAreKept();
    void flowStyleIsNotEdited();
    void anUnknownJobIsNotFound();
};

void WriterTest::whatIsWrittenReadsBackTheSame()
{
    const scrape::JobOptions job = fullJob();
    QVERIFY(!job.name.empty());
    WriteOptions options;
    options.secretText = clearSecret;
    const std::string text = writeJobs(std::vector { job }, options);
    const auto config = loadConfig(text, {});
    QVERIFY2(config.has_value(), config ? "" : (config.error().message + "\n" + text).c_str());
    compareJobs(config->jobs.at(0), job);
}

void WriterTest::defaultsAreNotWritten()
{
    scrape::JobOptions job;
    job.name = "a";
    QCOMPARE(writeJob(job, {}), std::string("- job_name: a\n"));
    QCOMPARE(writeJobs({}, {}), std::string("scrape_configs: []\n"));
}

void WriterTest::c19SecretsAreMaskedUnlessAsked()
{
    const std::string text = writeJob(fullJob(), {});
    QVERIFY(text.find("canary") == std::string::npos);
    QVERIFY(text.find("'<secret>'") != std::string::npos);
}

void WriterTest::secretsAreNamedForTheKeyring()
{
    std::vector<std::string> paths;
    WriteOptions options;
    options.secretText = [&paths](const Secret&, const std::string& path) {
        paths.push_back(path);
        return std::string("x");
    };
    writeJob(fullJob(), options);
    const std::string prefix = "job/full: #1/";
    const std::vector<std::string> expected { prefix + "params.key",
        prefix + "oauth2.client_secret", prefix + "tls_config.key", prefix + "proxy_url",
        prefix + "http_headers.X-A", prefix + "http_sd_configs[0].basic_auth.password" };
    QCOMPARE(paths, expected);
}

void WriterTest::scalarsAreQuotedWhereNeeded_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("written");
    QTest::newRow("word") << QStringLiteral("abc") << QStringLiteral("abc");
    QTest::newRow("empty") << QString() << QStringLiteral("''");
    QTest::newRow("boolean") << QStringLiteral("yes") << QStringLiteral("'yes'");
    QTest::newRow("number") << QStringLiteral("12") << QStringLiteral("'12'");
    QTest::newRow("colon") << QStringLiteral("a: b") << QStringLiteral("'a: b'");
    QTest::newRow("quote") << QStringLiteral("it's") << QStringLiteral("'it''s'");
    QTest::newRow("lines") << QStringLiteral("a\nb\"") << QStringLiteral("\"a\\nb\\\"\"");
}

void WriterTest::scalarsAreQuotedWhereNeeded()
{
    QFETCH(QString, text);
    QFETCH(QString, written);
    const std::string scalar = yamlScalar(text.toStdString());
    QCOMPARE(QString::fromStdString(scalar), written);
    const auto document = readYaml(scalar);
    QVERIFY(document.has_value());
    QCOMPARE(QString::fromStdString(document->root->text), text);
}

void WriterTest::replacingAJobKeepsAllElse()
{
    const auto text = replaceJob(kDocument, "a", "- job_name: a2\n  scheme: http\n");
    QVERIFY(text.has_value());
    QCOMPARE(*text,
        std::string(
            "# head\nglobal:\n  scrape_interval: 5s # fast\n\nscrape_configs:\n  # the first\n"
            "  - job_name: a2\n    scheme: http\n\n  # the second\n  - job_name: b\n\n"
            "mystery: {kept: true}\n"));
}

void WriterTest::addingAJobKeepsAllElse()
{
    const auto text = addJob(kDocument, "- job_name: c\n");
    QVERIFY(text.has_value());
    std::string expected = kDocument;
    expected.insert(expected.find("\nmystery"), "  - job_name: c\n");
    QCOMPARE(*text, expected);
}

void WriterTest::removingAJobKeepsAllElse()
{
    const auto text = removeJob(kDocument, "b");
    QVERIFY(text.has_value());
    std::string expected = kDocument;
    expected.erase(expected.find("  - job_name: b\n"), 16);
    QCOMPARE(*text, expected);
}

void WriterTest::aFileWithoutJobsGetsThem_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("result");
    QTest::newRow("nothing") << QString() << QStringLiteral("scrape_configs:\n  - job_name: c\n");
    QTest::newRow("other section") << QStringLiteral(
        "global: {}\n") << QStringLiteral("global: {}\nscrape_configs:\n  - job_name: c\n");
    QTest::newRow("empty list") << QStringLiteral("scrape_configs: []\nglobal: {}\n")
                                << QStringLiteral("scrape_configs:\n  - job_name: c\nglobal: {}\n");
    QTest::newRow("bare list") << QStringLiteral("- job_name: a\n")
                               << QStringLiteral("- job_name: a\n- job_name: c\n");
}

void WriterTest::aFileWithoutJobsGetsThem()
{
    QFETCH(QString, text);
    QFETCH(QString, result);
    const auto edited = addJob(text.toStdString(), "- job_name: c\n");
    QVERIFY2(edited.has_value(), edited ? "" : edited.error().message.c_str());
    QCOMPARE(QString::fromStdString(*edited), result);
}

void WriterTest::lineEndsAreKept()
{
    const auto windows = addJob("scrape_configs:\r\n- job_name: a\r\n", "- job_name: c\n");
    QVERIFY(windows.has_value());
    QCOMPARE(*windows, std::string("scrape_configs:\r\n- job_name: a\r\n- job_name: c\r\n"));
    const auto unfinished = addJob("scrape_configs:\n- job_name: a", "- job_name: c\n");
    QVERIFY(unfinished.has_value());
    QCOMPARE(*unfinished, std::string("scrape_configs:\n- job_name: a\n- job_name: c\n"));
}

void WriterTest::flowStyleIsNotEdited()
{
    const auto text = replaceJob("scrape_configs: [{job_name: a}]\n", "a", "- job_name: b\n");
    QVERIFY(!text.has_value());
    QCOMPARE(text.error().message,
        std::string("this job is not written as lines under a dash; edit the file by hand"));
}

void WriterTest::anUnknownJobIsNotFound()
{
    const auto text = removeJob(kDocument, "zzz");
    QVERIFY(!text.has_value());
    QCOMPARE(text.error().code, ErrorCode::NotFound);
    QCOMPARE(text.error().message, std::string("no job \"zzz\" in this file"));
}

QTEST_GUILESS_MAIN(WriterTest)
#include "tst_writer.moc"
