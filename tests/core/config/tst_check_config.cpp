#include "core/config/check_config.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>

using namespace fleetglass;
using namespace fleetglass::config;

class CheckConfigTest : public QObject
{
    Q_OBJECT
private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void namedFilesMustExist();
    void syntaxOnlyLooksAtNothingElse();
    void ruleFilesAreCheckedToo();
    void aMissingRuleFileIsAnError();
    void aMissingTargetFileIsAWarning();
    void aBadTargetFileIsAnError();
    void relabelledAddressesMustBeAddresses();
    void longIntervalsAreLint();
    void aMissingConfigIsAnError();
    void targetFilesNeedAKnownEnding();

private:
    std::string write(const char* name, const std::string& text)
    {
        const std::string path = m_folder->filePath(QString::fromUtf8(name)).toStdString();
        std::ofstream(path) << text;
        return path;
    }
    std::string folder() const { return m_folder->path().toStdString(); }
    static QString messages(const CheckReport& report)
    {
        QString text;
        for (const Problem& problem : report.findings)
            text += QString::fromStdString(problem.message) + QLatin1Char('\n');
        return text;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void CheckConfigTest::namedFilesMustExist()
{
    const std::string path = write("p.yml",
        "scrape_configs:\n- job_name: a\n  bearer_token_file: t\n  tls_config: {ca_file: ca, "
        "cert_file: "
        "c, key_file: k}\n");
    const CheckReport report = checkConfigFile(path, {});
    QVERIFY(!report.ok());
    const std::string dir = folder();
    QCOMPARE(messages(report).toStdString(),
        "error checking authorization credentials or bearer token file \"" + dir
            + "/t\": no such file or directory\nerror checking CA file \"" + dir
            + "/ca\": no such file or directory\nerror checking client cert file \"" + dir
            + "/c\": no such file or directory\nerror checking client key file \"" + dir
            + "/k\": no such file or directory\n");
    QCOMPARE(report.findings[0].position.line, 2);
}

void CheckConfigTest::syntaxOnlyLooksAtNothingElse()
{
    const std::string path = write("p.yml",
        "rule_files: [gone.yml]\nscrape_configs:\n- {job_name: a, bearer_token_file: t}\n");
    CheckOptions options;
    options.syntaxOnly = true;
    QVERIFY(checkConfigFile(path, options).findings.empty());
}

void CheckConfigTest::ruleFilesAreCheckedToo()
{
    write("r1.yml", "groups: [{name: g, rules: [{alert: A, expr: up}, {alert: A, expr: up}]}]\n");
    write("r2.yml", "groups: [{name: g, rules: [{alert: A}]}]\n");
    const std::string path = write("p.yml", "rule_files: ['r*.yml']\n");
    const CheckReport report = checkConfigFile(path, {});
    QCOMPARE(report.ruleFiles, size_t { 2 });
    QCOMPARE(report.rules, size_t { 3 });
    QVERIFY(report.has(Severity::Lint));
    QVERIFY(messages(report).contains(QStringLiteral("field 'expr' must be set in rule")));
}

void CheckConfigTest::aMissingRuleFileIsAnError()
{
    const std::string path = write("p.yml", "rule_files: [gone.yml, 'none*.yml']\n");
    QCOMPARE(messages(checkConfigFile(path, {})).toStdString(),
        "\"" + folder() + "/gone.yml\" does not point to an existing file\n");
}

void CheckConfigTest::aMissingTargetFileIsAWarning()
{
    const std::string path = write(
        "p.yml", "scrape_configs:\n- {job_name: a, file_sd_configs: [{files: [t.json]}]}\n");
    const CheckReport report = checkConfigFile(path, {});
    QVERIFY(report.ok());
    QCOMPARE(messages(report).toStdString(),
        "file \"" + folder() + "/t.json\" for file_sd in scrape job \"a\" does not exist\n");
}

void CheckConfigTest::aBadTargetFileIsAnError()
{
    write("t.json", "[null]");
    const std::string path = write(
        "p.yml", "scrape_configs:\n- {job_name: a, file_sd_configs: [{files: [t.json]}]}\n");
    const CheckReport report = checkConfigFile(path, {});
    QVERIFY(!report.ok());
    QVERIFY(messages(report).contains(QStringLiteral("t.json:1:2: nil target group item found")));
}

void CheckConfigTest::relabelledAddressesMustBeAddresses()
{
    const std::string head
        = "scrape_configs:\n- job_name: a\n  static_configs: [{targets: ['http://x']}]\n"
          "  relabel_configs: [{source_labels: [__address__], target_label: ";
    QVERIFY(!checkConfigFile(write("bad.yml", head + "other}]\n"), {}).ok());
    QVERIFY(checkConfigFile(write("good.yml", head + "__address__, regex: 'http://(.*)'}]\n"), {})
                .ok());
}

void CheckConfigTest::longIntervalsAreLint()
{
    const std::string path
        = write("p.yml", "scrape_configs:\n- {job_name: a, scrape_interval: 10m}\n");
    CheckOptions options;
    options.lintLongIntervals = true;
    const CheckReport report = checkConfigFile(path, options);
    QVERIFY(report.ok());
    QVERIFY(report.has(Severity::Lint));
    options.lookbackDelta = Millis { 660'000 };
    QVERIFY(!checkConfigFile(path, options).has(Severity::Lint));
}

void CheckConfigTest::aMissingConfigIsAnError()
{
    const CheckReport report = checkConfigFile("/nonexistent/p.yml", {});
    QVERIFY(!report.ok());
    QCOMPARE(messages(report),
        QStringLiteral("/nonexistent/p.yml: cannot open: No such file or directory\n"));
}

void CheckConfigTest::targetFilesNeedAKnownEnding()
{
    const std::string path = write("t.txt", "[]");
    QCOMPARE(
        messages(checkSdFile(path)).toStdString(), path + ": invalid file extension: \".txt\"\n");
    QVERIFY(checkSdFile(write("t.yaml", "- targets: ['a:1']\n")).ok());
}

QTEST_GUILESS_MAIN(CheckConfigTest)
#include "tst_check_config.moc"
