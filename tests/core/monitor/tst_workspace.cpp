// Goal: what is imported, edited and saved is neither lost nor gives a secret away.
#include "core/monitor/workspace.h"

#include "tests/support/fault_server.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>
#include <sstream>

using namespace fleetglass;
using namespace fleetglass::monitor;
using namespace std::chrono_literals;

namespace {

const SystemClock kClock;
constexpr int kWaitMs = 30'000;

constexpr const char* kConfig = R"(# The fleet of the office.
global:
  scrape_interval: 20s # a little slower
tracing:
  endpoint: "localhost:4317"
scrape_configs:
  # Configuration management.
  - job_name: etcha
    params:
      key: [hunter22]   # the page's key
    basic_auth:
      username: ops
      password: "s3cretpass" # rotated
    static_configs:
      - targets: ["web:4000"]
  - job_name: node
    static_configs:
      - targets: ["web:9100"] # no password here
)";

struct Rig
{
    Monitor monitor { {}, kClock, {} };
    Workspace workspace { monitor };

    std::string text() const
    {
        const auto result = workspace.text();
        return result ? *result : "error: " + result.error().message;
    }
    view::TargetDefinition definition(const std::string& job) const
    {
        for (const auto& found : workspace.definitions()) {
            if (found.job == job)
                return found;
        }
        return {};
    }
};

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

std::string readFile(const QString& path)
{
    std::ifstream stream(path.toStdString());
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

} // namespace

class TestWorkspace : public QObject
{
    Q_OBJECT

private slots:
    void anImportIsShownFirstAndTakenWhenAskedTo()
    {
        Rig rig;
        const auto shown = rig.workspace.importText(kConfig, "prometheus.yml", false);
        QVERIFY2(shown.ok, shown.error.c_str());
        QCOMPARE(shown.jobs, 2);
        QCOMPARE(shown.targets, 2);
        QCOMPARE(shown.skipped.size(), size_t(1));
        QVERIFY(rig.workspace.definitions().empty());
        QVERIFY(rig.workspace.importText(kConfig, "prometheus.yml", true).ok);
        QCOMPARE(rig.monitor.pool().statuses().size(), size_t(2));
    }

    void anErrorHasItsPlace()
    {
        Rig rig;
        const auto summary
            = rig.workspace.importText("scrape_configs:\n  - job_nam: a\n", "my.yml", true);
        QVERIFY(!summary.ok);
        QVERIFY2(summary.error.starts_with("my.yml:2:"), summary.error.c_str());
        QVERIFY(rig.workspace.definitions().empty());
        QVERIFY(has(rig.workspace.importFile("/no/such/file.yml", true).error, "no such file"));
        QVERIFY(has(rig.workspace.importFile("/dev/zero", true).error, "is not a regular file"));
    }

    void savedTextKeepsCommentsAndHoldsReferencesForSecrets()
    {
        Rig rig;
        QVERIFY(rig.workspace.importText(kConfig, "prometheus.yml", true).ok);
        const auto text = rig.text();
        for (const auto* secret : { "hunter22", "s3cretpass" })
            QVERIFY2(!has(text, secret), text.c_str());
        for (const auto* kept : { "# The fleet of the office.", "# a little slower",
                 "tracing:", "# Configuration management.", "# the page's key", "# rotated",
                 "\"<keyring:job/etcha/basic_auth.password>\" # rotated",
                 "<keyring:job/etcha/params.key>", "# no password here" })
            QVERIFY2(has(text, kept), (std::string(kept) + "\n" + text).c_str());
        const auto placed = rig.workspace.placedSecrets();
        QCOMPARE(placed.size(), size_t(2));
        QCOMPARE(rig.workspace.secrets().size(), size_t(2));
    }

    void aSecretWrittenInAnUnusualWayGoesAsWell()
    {
        Rig rig;
        const std::string config
            = "scrape_configs:\n  - job_name: a\n    params: {key: ['hunter22'], "
              "b: [c]}\n    static_configs: [{targets: ['x:1']}]\n"
              "  - job_name: b\n    basic_auth:\n      username: u\n"
              "      password: >-\n        folded\n        pass\n"
              "    static_configs: [{targets: ['y:1']}]\n"
              "  - job_name: c\n    tls_config:\n      cert: CERT\n"
              "      key: |\n        KEYLINE1\n        KEYLINE2\n"
              "    static_configs: [{targets: ['z:1']}]\n"
              "  - job_name: d\n    authorization: {credentials: \"esc\\x61ped\"}\n"
              "    static_configs: [{targets: ['w:1']}]\n"
              "  - job_name: e\n    bearer_token: oldname\n"
              "    static_configs: [{targets: ['v:1']}]\n";
        const auto summary = rig.workspace.importText(config, "c.yml", true);
        QVERIFY2(summary.ok, summary.error.c_str());
        const auto text = rig.text();
        for (const auto* secret : { "hunter22", "folded", "KEYLINE2", "ped", "oldname" })
            QVERIFY2(!has(text, secret), text.c_str());
        for (const auto* kept :
            { "basic_auth.password>", "tls_config.key>", "CERT", "z:1", "w:1", "v:1" })
            QVERIFY2(has(text, kept), (std::string(kept) + "\n" + text).c_str());
    }

    void aUserNamedLikeThePasswordKeepsTheComments()
    {
        Rig rig;
        const std::string config = "scrape_configs:\n  - job_name: a # first\n    basic_auth:\n"
                                   "      username: admin # who\n      password: admin\n"
                                   "    static_configs: [{targets: ['x:1']}]\n";
        QVERIFY(rig.workspace.importText(config, "c.yml", true).ok);
        const auto text = rig.text();
        for (const auto* kept : { "a # first", "username: admin # who",
                 "password: \"<keyring:job/a/basic_auth.password>\"" })
            QVERIFY2(has(text, kept), (std::string(kept) + "\n" + text).c_str());
    }

    void anEditedJobIsRewrittenAndTheOthersStay()
    {
        Rig rig;
        QVERIFY(rig.workspace.importText(kConfig, "prometheus.yml", true).ok);
        auto definition = rig.definition("node");
        QCOMPARE(definition.intervalMs, int64_t(20'000));
        definition.intervalMs = 60'000; // The default of a file without a global section.
        QVERIFY(rig.workspace.saveDefinition(definition).ok);
        const auto text = rig.text();
        QVERIFY2(has(text, "scrape_interval: 1m"), text.c_str());
        QVERIFY(has(text, "# Configuration management."));
        Rig again;
        QVERIFY(again.workspace.importText(text, "prometheus.yml", true).ok);
        QCOMPARE(again.definition("node").intervalMs, int64_t(60'000));
        QCOMPARE(again.definition("etcha").intervalMs, int64_t(20'000));
    }

    void aDocumentThatComesSecondIsNotLost()
    {
        Rig rig;
        QVERIFY(rig.workspace.importText("10.0.0.1:9100\n", "", true).ok);
        QVERIFY(rig.workspace.importText(kConfig, "prometheus.yml", true).ok);
        const auto text = rig.text();
        for (const auto* kept : { "10.0.0.1:9100", "tracing:", "# The fleet of the office." })
            QVERIFY2(has(text, kept), text.c_str());
        const auto third = rig.workspace.importText(
            "scrape_configs: [{job_name: third, static_configs: [{targets: ['z:1']}]}]\n"
            "global: {scrape_interval: 1m}\n",
            "third.yml", true);
        QCOMPARE(rig.monitor.pool().statuses().size(), size_t(4));
        QVERIFY(!third.notes.empty());
        QVERIFY(has(rig.text(), "z:1"));
    }

    void savingWritesTheFileWholeOrSaysWhyNot()
    {
        Rig rig;
        QVERIFY(rig.workspace.importText(kConfig, "prometheus.yml", true).ok);
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("out.yml"));
        QVERIFY(rig.workspace.save(path.toStdString()).ok);
        QCOMPARE(readFile(path), rig.text());
        const auto failed = rig.workspace.save("/no/such/folder/out.yml");
        QVERIFY(!failed.ok);
        QVERIFY2(has(failed.error, "/no/such/folder"), failed.error.c_str());
    }

    void anAddressThatCannotBeScrapedIsRefused()
    {
        Rig rig;
        view::TargetDefinition definition;
        definition.job = "j";
        definition.addresses = { "http://x/y" };
        const auto summary = rig.workspace.saveDefinition(definition);
        QVERIFY(!summary.ok);
        QVERIFY2(summary.error.starts_with("http://x/y: "), summary.error.c_str());
        QVERIFY(rig.workspace.definitions().empty());
    }

    void ordinaryParametersAreNoSecrets()
    {
        scrape::JobOptions job;
        job.params = { { "format", { "prometheus" } }, { "access_token", { "abcd" } } };
        const auto secrets = secretsOf({ job });
        QCOMPARE(secrets.size(), size_t(1));
        QCOMPARE(secrets[0].reveal(), std::string("abcd"));
    }

    void aFixChangesTheJobAndScrapesAgain()
    {
        const test::TestAuthority authority("Office CA");
        test::FaultServerOptions options;
        options.certificate = authority.issue({});
        test::FaultServer server(
            [](test::FaultConnection& connection, const test::ReceivedRequest&) {
                connection.send(test::httpAnswer("up_jobs 1\n"));
            },
            options);
        QTemporaryDir folder;
        const auto caFile = folder.filePath(QStringLiteral("ca.pem")).toStdString();
        std::ofstream(caFile) << authority.pem();
        Rig rig;
        view::TargetDefinition definition;
        definition.job = "tls";
        definition.scheme = "https";
        definition.addresses = { server.address() };
        definition.intervalMs = 3'600'000; // Only a scrape out of turn comes in time.
        QVERIFY(rig.workspace.saveDefinition(definition).ok);
        rig.monitor.start();
        const auto status = [&] { return rig.monitor.pool().statuses().at(0); };
        // The second of the quick first scrapes has passed as well.
        QTRY_VERIFY_WITH_TIMEOUT(status()->attempts >= 2, kWaitMs);
        QCOMPARE(status()->failure->phase, scrape::Phase::Tls);

        view::JobFix fix { "tls", view::JobFix::Kind::SetCaFile, caFile };
        QVERIFY(rig.workspace.applyFix(fix).ok);
        QTRY_COMPARE_WITH_TIMEOUT(status()->health, scrape::Health::Up, kWaitMs);
        QVERIFY(has(rig.text(), "ca_file"));

        fix = { "tls", view::JobFix::Kind::SkipVerification, "" };
        QVERIFY(rig.workspace.applyFix(fix).ok);
        QVERIFY(rig.definition("tls").insecureSkipVerify);
        fix.kind = view::JobFix::Kind::VerifyAgain;
        QVERIFY(rig.workspace.applyFix(fix).ok);
        QVERIFY(!rig.definition("tls").insecureSkipVerify);
    }

    void aFixThatCannotBeMadeSaysWhy()
    {
        Rig rig;
        QCOMPARE(rig.workspace.applyFix({ "x", view::JobFix::Kind::SetCaFile, "/ca" }).error,
            std::string("there is no job \"x\""));
        QVERIFY(rig.workspace.importText(kConfig, "prometheus.yml", true).ok);
        QCOMPARE(
            rig.workspace.applyFix({ "node", view::JobFix::Kind::TrustCertificate, "12" }).error,
            std::string("\"12\" is not the SHA-256 of a certificate"));
        QCOMPARE(rig.workspace.applyFix({ "node", view::JobFix::Kind::SetCaFile, "" }).error,
            std::string("choose the file of the authority's certificate"));
    }

    void testingADefinitionEndsWhenTheMonitorDoes()
    {
        test::FaultServer server([](test::FaultConnection& connection,
                                     const test::ReceivedRequest&) { connection.hang(); });
        Rig rig;
        rig.monitor.start();
        view::TargetDefinition definition;
        definition.job = "slow";
        definition.addresses = { server.address() };
        definition.intervalMs = 600'000;
        definition.timeoutMs = 600'000;
        std::jthread stopper([&] {
            while (server.requests().empty())
                std::this_thread::yield();
            rig.monitor.stop();
        });
        const auto detail = rig.workspace.test(definition);
        QCOMPARE(detail->transcript, std::vector<std::string> { "the scrape was cancelled" });
    }
};

QTEST_GUILESS_MAIN(TestWorkspace)
#include "tst_workspace.moc"
