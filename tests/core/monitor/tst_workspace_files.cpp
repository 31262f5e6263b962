// Goal: a file that changes is taken in by itself, a broken one changes nothing, an import can be
// taken back, and what is saved holds no secret wherever it stood.
#include "core/monitor/workspace.h"
#include "tests/support/fake_clock.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>

using namespace fleetglass;
using namespace fleetglass::monitor;

namespace {

struct Rig
{
    test::FakeClock clock;
    Monitor monitor { {}, clock, {} };
    Workspace workspace { monitor };
    QTemporaryDir folder;

    std::string path(const char* name) const
    {
        return folder.filePath(QString::fromLatin1(name)).toStdString();
    }
    std::string write(const char* name, const std::string& text) const
    {
        std::ofstream(path(name), std::ios::trunc) << text;
        return path(name);
    }
    std::vector<std::string> targets()
    {
        std::vector<std::string> urls;
        for (const auto& status : monitor.pool().statuses())
            urls.push_back(status->target->instance);
        return urls;
    }
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

using Texts = std::vector<std::string>;

std::string job(const char* name, const char* target, const char* more = "")
{
    return std::string("  - job_name: ") + name + "\n" + more + "    static_configs: [{targets: ['"
        + target + "']}]\n";
}

std::string fleet(const std::string& jobs)
{
    return "# fleet\nscrape_configs:\n" + jobs;
}

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

class TestWorkspaceFiles : public QObject
{
    Q_OBJECT
private slots:
    void aChangedFileIsTakenIn();
    void aChangedRuleFileIsTakenIn();
    void aChangedJobFileIsTakenIn();
    void c12ABrokenFileChangesNothingAndHasItsPlace();
    void c13AFileThatIsGoneChangesNothing();
    void jobsEditedInTheWindowStayAsTheyAreThere();
    void aSecondFileIsReloadedByItself();
    void theRunningWatchReloadsByItself();
    void anImportIsTakenBackInOneStep();
    void whatWasEditedSinceIsNotTakenBack();
    void gapsAreAskedForWithTheirKind();
    void filledGapsSurviveAReload();
    void c16SecretsOfKeptSectionsGoToTheKeyring();
    void c17CommentsOfASavedFileHoldNoSecret();
    void c19AShownSecretKeepsTheOneThatIsKnown();
    void c19AShownSecretThatIsNotKnownIsRefused();
    void t2ImportNamesJobsThatDoNotVerify();
};

void TestWorkspaceFiles::aChangedFileIsTakenIn()
{
    Rig rig;
    const auto file = rig.write("p.yml", fleet(job("a", "a:1") + job("b", "b:1")));
    QVERIFY(rig.workspace.importFile(file, true).ok);
    QVERIFY(!rig.workspace.reload()); // Nothing new.
    rig.write("p.yml", fleet(job("b", "b:2") + job("c", "c:1")));
    QVERIFY(!rig.workspace.reload());
    QCOMPARE(rig.targets(), (Texts { "b:2", "c:1" }));
    QVERIFY(has(rig.text(), "# fleet"));
    QVERIFY(!has(rig.text(), "a:1"));
}

void TestWorkspaceFiles::aChangedRuleFileIsTakenIn()
{
    Rig rig;
    rig.write("rules.yml", "groups: [{name: g, rules: [{record: x, expr: up}]}]\n");
    const auto file = rig.write("p.yml", "rule_files: [rules.yml]\n" + fleet(job("a", "a:1")));
    QVERIFY(rig.workspace.importFile(file, true).ok);
    QCOMPARE(rig.workspace.watchedFiles(), (Texts { file, rig.path("rules.yml") }));
    rig.write("rules.yml", "groups: [{name: h, rules: [{record: y, expr: up}]}]\n");
    QVERIFY(!rig.workspace.reload());
    QCOMPARE(rig.workspace.ruleGroups().size(), size_t(1));
    QCOMPARE(rig.workspace.ruleGroups()[0].name, std::string("h"));
    rig.write("rules.yml", "groups: [{name: h, rules: [{record: y, expr: 'up{'}]}]\n");
    const auto problem = rig.workspace.reload();
    QVERIFY(problem.has_value());
    QCOMPARE(problem->file, rig.path("rules.yml"));
    QCOMPARE(rig.workspace.ruleGroups().size(), size_t(1));
}

void TestWorkspaceFiles::aChangedJobFileIsTakenIn()
{
    Rig rig;
    rig.write("jobs.yml", "scrape_configs:\n" + job("more", "m:1"));
    const auto file = rig.write("p.yml", "scrape_config_files: [jobs.yml]\n");
    QVERIFY(rig.workspace.importFile(file, true).ok);
    rig.write("jobs.yml", "scrape_configs:\n" + job("more", "m:2"));
    QVERIFY(!rig.workspace.reload());
    QCOMPARE(rig.targets(), (Texts { "m:2" }));
}

void TestWorkspaceFiles::c12ABrokenFileChangesNothingAndHasItsPlace()
{
    Rig rig;
    const auto file = rig.write("p.yml", fleet(job("a", "a:1")));
    QVERIFY(rig.workspace.importFile(file, true).ok);
    const auto before = rig.text();
    rig.write("p.yml", "# fleet\nscrape_configs:\n  - job_nam: a\n");
    const auto problem = rig.workspace.reload();
    QVERIFY(problem.has_value());
    QCOMPARE(problem->file, file);
    QCOMPARE(problem->line, 3);
    QVERIFY(problem->column > 0);
    QVERIFY2(has(problem->message, "p.yml:3:"), problem->message.c_str());
    QCOMPARE(rig.targets(), (Texts { "a:1" }));
    QCOMPARE(rig.text(), before);
}

void TestWorkspaceFiles::c13AFileThatIsGoneChangesNothing()
{
    Rig rig;
    const auto file = rig.write("p.yml", fleet(job("a", "a:1")));
    QVERIFY(rig.workspace.importFile(file, true).ok);
    QCOMPARE(std::remove(file.c_str()), 0);
    const auto problem = rig.workspace.reload();
    QVERIFY(problem.has_value());
    QVERIFY2(has(problem->message, "no such file"), problem->message.c_str());
    QCOMPARE(rig.targets(), (Texts { "a:1" }));
}

void TestWorkspaceFiles::jobsEditedInTheWindowStayAsTheyAreThere()
{
    Rig rig;
    const auto file = rig.write("p.yml", fleet(job("a", "a:1") + job("b", "b:1")));
    QVERIFY(rig.workspace.importFile(file, true).ok);
    auto edited = rig.definition("a");
    edited.addresses = { "mine:1" };
    QVERIFY(rig.workspace.saveDefinition(edited).ok);
    rig.write("p.yml", fleet(job("a", "a:2") + job("b", "b:2")));
    QVERIFY(!rig.workspace.reload());
    QCOMPARE(rig.targets(), (Texts { "mine:1", "b:2" }));
    QVERIFY(has(rig.text(), "mine:1"));
    QVERIFY(has(rig.text(), "b:2"));
}

void TestWorkspaceFiles::aSecondFileIsReloadedByItself()
{
    Rig rig;
    QVERIFY(rig.workspace.importFile(rig.write("p.yml", fleet(job("a", "a:1"))), true).ok);
    QVERIFY(rig.workspace.importFile(rig.write("q.yml", fleet(job("b", "b:1"))), true).ok);
    rig.write("q.yml", fleet(job("c", "c:1")));
    QVERIFY(!rig.workspace.reload());
    QCOMPARE(rig.targets(), (Texts { "a:1", "c:1" }));
    QVERIFY(has(rig.text(), "c:1")); // It joins the first file when that is saved.
    QVERIFY(!has(rig.text(), "b:1"));
}

void TestWorkspaceFiles::theRunningWatchReloadsByItself()
{
    Rig rig;
    const SystemClock clock;
    const DiskStamps disk;
    const auto file = rig.write("p.yml", fleet(job("a", "a:1")));
    QVERIFY(rig.workspace.importFile(file, true).ok);
    Workspace& workspace = rig.workspace;
    workspace.watchFiles(disk, clock);
    QTRY_VERIFY_WITH_TIMEOUT(
        [&] {
            rig.write("p.yml", fleet(job("a", "longer:1")));
            return rig.targets() == Texts { "longer:1" };
        }(),
        20'000);
}

void TestWorkspaceFiles::anImportIsTakenBackInOneStep()
{
    Rig rig;
    QVERIFY(rig.workspace.importText(fleet(job("a", "a:1")), "p.yml", true).ok);
    const auto before = rig.text();
    const auto summary = rig.workspace.importText(
        "scrape_configs:\n" + job("a", "other:1") + job("b", "b:1"), "q.yml", true);
    QVERIFY(summary.undoable);
    QVERIFY(rig.workspace.undoImport().ok);
    QCOMPARE(rig.targets(), (Texts { "a:1" }));
    QCOMPARE(rig.text(), before);
    const auto again = rig.workspace.undoImport();
    QVERIFY(!again.ok);
    QVERIFY(again.error.starts_with("there is no import to take back"));
}

void TestWorkspaceFiles::whatWasEditedSinceIsNotTakenBack()
{
    Rig rig;
    QVERIFY(rig.workspace.importText(fleet(job("a", "a:1")), "p.yml", true).ok);
    QVERIFY(rig.workspace.saveDefinition(rig.definition("a")).ok);
    QVERIFY(!rig.workspace.undoImport().ok);
    QCOMPARE(rig.targets(), (Texts { "a:1" }));
}

void TestWorkspaceFiles::gapsAreAskedForWithTheirKind()
{
    Rig rig;
    const std::string text = "scrape_configs:\n  - job_name: awx\n    scheme: https\n"
                             "    bearer_token: <token_value>\n    tls_config:\n"
                             "      ca: <AWX certificate>\n    static_configs:\n"
                             "      - targets:\n          - <awx_host>\n";
    const auto shown = rig.workspace.importText(text, "", false);
    QVERIFY2(shown.ok, shown.error.c_str());
    QCOMPARE(shown.gaps.size(), size_t(3));
    using Kind = view::GapView::Kind;
    QCOMPARE(shown.gaps[0].kind, Kind::Secret);
    QCOMPARE(shown.gaps[0].line, 4);
    QCOMPARE(shown.gaps[1].kind, Kind::Certificate);
    QCOMPARE(shown.gaps[2].kind, Kind::Host);
    view::FilledImport filled;
    filled.text = text;
    filled.answers = { { shown.gaps[0].path, "geheim: #1" }, { shown.gaps[1].path, "" },
        { shown.gaps[2].path, "awx.example:443" } };
    const auto taken = rig.workspace.importFilled(filled);
    QVERIFY2(taken.ok, taken.error.c_str());
    QVERIFY(taken.gaps.empty());
    QCOMPARE(rig.targets(), (Texts { "awx.example:443" }));
    const auto secrets = rig.workspace.placedSecrets();
    QCOMPARE(secrets.size(), size_t(1));
    QCOMPARE(secrets[0].secret.reveal(), std::string("geheim: #1"));
    QVERIFY(!has(rig.text(), "geheim"));
}

void TestWorkspaceFiles::filledGapsSurviveAReload()
{
    Rig rig;
    const auto file = rig.write("p.yml", fleet(job("a", "<host>:1")));
    view::FilledImport filled;
    filled.path = file;
    filled.answers = { { "scrape_configs[0].static_configs[0].targets[0]", "web" } };
    QVERIFY(rig.workspace.importFilled(filled).ok);
    QCOMPARE(rig.targets(), (Texts { "web:1" }));
    rig.write("p.yml", fleet(job("a", "<host>:2")));
    QVERIFY(!rig.workspace.reload());
    QCOMPARE(rig.targets(), (Texts { "web:2" }));
    rig.write("p.yml", fleet(job("a", "named:3"))); // The gap was filled in the file.
    QVERIFY(!rig.workspace.reload());
    QCOMPARE(rig.targets(), (Texts { "named:3" }));
}

void TestWorkspaceFiles::c16SecretsOfKeptSectionsGoToTheKeyring()
{
    Rig rig;
    const std::string text = "remote_write:\n  - url: https://store/write\n    basic_auth:\n"
                             "      username: u\n      password: canary1 # rotated\n"
                             "alerting:\n  alertmanagers:\n    - bearer_token: canary2\n"
                             "      static_configs: [{targets: ['am:1']}]\n"
        + fleet(job("a", "a:1", "    bearer_token: canary3\n"));
    QVERIFY(rig.workspace.importText(text, "p.yml", true).ok);
    const auto saved = rig.text();
    QVERIFY2(!has(saved, "canary"), saved.c_str());
    for (const char* kept : { "# rotated", "# fleet",
             "<keyring:section/remote_write[0].basic_auth.password>", "<keyring:job/a/" })
        QVERIFY2(has(saved, kept), saved.c_str());
    QCOMPARE(rig.workspace.placedSecrets().size(), size_t(3));
}

void TestWorkspaceFiles::c17CommentsOfASavedFileHoldNoSecret()
{
    Rig rig;
    const std::string text = fleet(job("a", "a:1",
        "    # before: canary12\n    bearer_token: canary12 # canary12 until May\n"
        "    # basic_auth:\n    #   password: other\n"));
    QVERIFY(rig.workspace.importText(text, "p.yml", true).ok);
    const auto saved = rig.text();
    QVERIFY2(!has(saved, "canary12"), saved.c_str());
    QVERIFY2(!has(saved, "other"), saved.c_str());
    QVERIFY2(has(saved, "# <secret> until May"), saved.c_str());
    QVERIFY2(has(saved, "#   password: <secret>"), saved.c_str());
}

void TestWorkspaceFiles::c19AShownSecretKeepsTheOneThatIsKnown()
{
    Rig rig;
    QVERIFY(rig.workspace
                .importText(fleet(job("a", "a:1", "    bearer_token: canary1\n")), "p.yml", true)
                .ok);
    const auto summary = rig.workspace.importText(
        fleet(job("a", "a:2", "    bearer_token: <secret>\n")), "p.yml", true);
    QVERIFY2(summary.ok, summary.error.c_str());
    QVERIFY(summary.gaps.empty());
    QCOMPARE(rig.targets(), (Texts { "a:2" }));
    const auto secrets = rig.workspace.placedSecrets();
    QCOMPARE(secrets.size(), size_t(1));
    QCOMPARE(secrets[0].secret.reveal(), std::string("canary1"));
    QVERIFY2(!has(rig.text(), "<secret>"), rig.text().c_str());
}

void TestWorkspaceFiles::c19AShownSecretThatIsNotKnownIsRefused()
{
    Rig rig;
    const auto text = fleet(job("a", "a:2", "    bearer_token: <secret>\n"));
    const auto shown = rig.workspace.importText(text, "p.yml", false);
    QCOMPARE(shown.gaps.size(), size_t(1)); // The window asks for it.
    const auto summary = rig.workspace.importText(text, "p.yml", true);
    QVERIFY(!summary.ok);
    QVERIFY2(has(summary.error, "\"<secret>\" stands at job/a/"), summary.error.c_str());
    QVERIFY(rig.targets().empty());
}

void TestWorkspaceFiles::t2ImportNamesJobsThatDoNotVerify()
{
    Rig rig;
    const auto summary = rig.workspace.importText(
        fleet(job("a", "a:1", "    tls_config: {insecure_skip_verify: True}\n") + job("b", "b:1")),
        "p.yml", false);
    QCOMPARE(summary.insecureJobs, (Texts { "a" }));
}

QTEST_GUILESS_MAIN(TestWorkspaceFiles)
#include "tst_workspace_files.moc"
