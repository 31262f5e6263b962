// Goal: every format holds what was watched and none of the secrets planted in it.
#include "core/monitor/export.h"

#include "core/config/rules.h"
#include "core/monitor/archive.h"
#include "core/monitor/engine_options.h"
#include "tests/support/snapshot_fixture.h"

#include <QTemporaryDir>
#include <QTest>
#include <filesystem>

using namespace fleetglass;
using namespace fleetglass::monitor;

namespace {

constexpr const char* kSecret = "hunter22-Tok3n";

struct Rig
{
    std::unique_ptr<tsdb::RingStore> store = snapshot::test::filledStore();
    promql::Engine engine { windowEngineOptions() };
    QTemporaryDir folder;
    rules::GroupOptions group;

    Rig()
    {
        snapshot::test::appendFloat(*store,
            { { "__name__", "leak" }, { "url", std::string("http://x/?key=") + kSecret } },
            1'700'000'000'000, 1);
        group.name = "hosts";
        group.file = "rules.yml";
        group.interval = Millis(30'000);
        group.limit = 7;
        group.labels = { { "team", "ops" } };
        rules::RuleOptions rule;
        rule.name = "HostDown";
        rule.expression = "up == 0";
        rule.holdFor = Millis(60'000);
        rule.keepFiringFor = Millis(120'000);
        rule.annotations = { { "summary", std::string("\"quoted\" ") + kSecret } };
        group.rules = { rule };
    }

    std::string path(const char* name) const
    {
        return folder.filePath(QString::fromUtf8(name)).toStdString();
    }
    view::ExportSummary run(const view::ExportRequest& request) const
    {
        auto content = snapshot::test::filledContent();
        auto target = *content.fleet.targets.at(0);
        target.error = std::string("refused ") + kSecret;
        content.fleet.targets.at(0) = std::make_shared<const view::TargetView>(target);
        return exportTo(request,
            { *store, engine, std::make_shared<const view::FleetView>(content.fleet),
                { Secret(kSecret) }, { group }, "Fleetglass test" });
    }
};

} // namespace

class TestExport : public QObject
{
    Q_OBJECT

private slots:
    void noSecretStandsInAnyFormat_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("part");
        QTest::newRow("capsule") << QStringLiteral("x.fgsnap") << QString();
        QTest::newRow("csv") << QStringLiteral("x.csv") << QStringLiteral("leak");
        QTest::newRow("json") << QStringLiteral("x.json")
                              << QStringLiteral("\"resultType\":\"matrix\"");
        QTest::newRow("openmetrics") << QStringLiteral("x.om") << QStringLiteral("# EOF");
        QTest::newRow("html") << QStringLiteral("x.HTML") << QStringLiteral("<html");
    }
    void noSecretStandsInAnyFormat()
    {
        QFETCH(QString, name);
        QFETCH(QString, part);
        const Rig rig;
        view::ExportRequest request;
        request.file = rig.path(name.toUtf8().constData());
        const auto summary = rig.run(request);
        QVERIFY2(summary.ok, summary.error.c_str());
        const auto bytes = snapshot::test::readFile(request.file);
        QCOMPARE(static_cast<int64_t>(bytes.size()), summary.bytes);
        QVERIFY(!bytes.empty());
        QVERIFY(bytes.find(kSecret) == std::string::npos);
        QVERIFY(bytes.find(part.toStdString()) != std::string::npos);
        QVERIFY(!summary.redacted.empty());
    }

    void anExpressionChoosesWhatIsWritten()
    {
        const Rig rig;
        view::ExportRequest request;
        request.file = rig.path("x.csv");
        request.expression = "sum(load1)";
        request.startMs = 1'700'000'000'000;
        request.endMs = 1'700'000'600'000;
        request.stepMs = 60'000;
        QVERIFY(rig.run(request).ok);
        const auto text = snapshot::test::readFile(request.file);
        QVERIFY(text.find("flaky") == std::string::npos);
        QCOMPARE(std::count(text.begin(), text.end(), '\n'), 12); // A head and eleven steps.
    }

    void rulesOfACapsuleLoadAgainWithEverythingTheySaid()
    {
        const Rig rig;
        view::ExportRequest request;
        request.file = rig.path("x.fgsnap");
        QVERIFY(rig.run(request).ok);
        const auto archive = Archive::open(request.file);
        QVERIFY(archive);
        const auto& files = (*archive)->content().ruleFiles;
        QCOMPARE(files.size(), size_t(1));
        config::RuleLoadOptions options;
        options.promql = promql::ParseOptions::everything();
        const auto report = config::loadRulesReport(files[0].text, options);
        QVERIFY2(report.errors.empty(), files[0].text.c_str());
        const auto& group = report.groups.at(0);
        QCOMPARE(group.interval, std::optional<Millis>(30'000));
        QCOMPARE(group.limit, 7);
        QVERIFY(group.labels == rig.group.labels);
        QCOMPARE(group.rules.at(0).keepFiringFor, Millis(120'000));
        QCOMPARE(group.rules.at(0).annotations.at(0).second, std::string("\"quoted\" ******"));
    }

    void whatFailsSaysWhyAndLeavesNothingBehind()
    {
        const Rig rig;
        view::ExportRequest request;
        request.file = rig.path("x.docx");
        QVERIFY(rig.run(request).error.find("cannot tell what to write") != std::string::npos);
        request.file = rig.path("x.json");
        request.expression = "sum(";
        const auto failed = rig.run(request);
        QVERIFY(!failed.ok && !failed.error.empty());
        request.file = "/no/such/folder/x.csv";
        request.expression.clear();
        QVERIFY(!rig.run(request).ok);
        QVERIFY(std::filesystem::is_empty(rig.folder.path().toStdString()));
    }

    void theEndingIsReadInAnyCase()
    {
        QCOMPARE(endingOf("a/b.FgSnap"), std::string("fgsnap"));
        QCOMPARE(endingOf("a.b/c"), std::string());
        QCOMPARE(endingOf("c"), std::string());
    }
};

QTEST_GUILESS_MAIN(TestExport)
#include "tst_export.moc"
