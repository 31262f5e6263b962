// Goal: one key writes what is watched to a file, nothing is lost by mistake, and what went wrong
// is said. Method: the page over a temporary folder; the port writes when the test says so.
#include "tests/support/sample_port.h"
#include "tests/support/sample_view.h"
#include "tests/support/theme_fixture.h"
#include "ui/main_window/main_window.h"
#include "ui/models/capsule_model.h"
#include "ui/pages/alerts_page.h"
#include "ui/pages/snapshots_page.h"
#include "ui/widgets/plain_label.h"

#include <QAbstractItemModelTester>
#include <QFile>
#include <QFileInfo>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTimeZone>

using namespace fleetglass;
using namespace fleetglass::pages;
using models::CapsuleModel;

namespace {

constexpr int64_t kNowMs = support::kSampleNowMs;

const theme::Zone kBerlin { false, QTimeZone("Europe/Berlin") };

void touch(const QString& path, qsizetype bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(bytes, 'x'));
}

// Writes what it is told to, or says why not.
class WritingPort : public support::SamplePort
{
public:
    using SamplePort::SamplePort;
    void exportData(const view::ExportRequest& request, Answer<view::ExportSummary> answer) override
    {
        requests.push_back(request);
        if (failure.empty())
            return SamplePort::exportData(request, [request, answer](view::ExportSummary summary) {
                touch(QString::fromStdString(request.file), 4'096);
                answer(std::move(summary));
            });
        view::ExportSummary summary;
        summary.error = failure;
        answer(summary);
    }

    std::string failure;
    std::vector<view::ExportRequest> requests;
};

struct Stage
{
    support::ThemeFixture theme;
    QTemporaryDir dir;
    view::FleetViewPtr view = support::sampleView();
    WritingPort port { view };
    widgets::TimeController time;
    theme::SeriesColors colors;
    std::unique_ptr<SnapshotsPage> page;

    Stage()
    {
        time.setZone(kBerlin);
        time.setNow(kNowMs);
        page = std::make_unique<SnapshotsPage>(port, time, colors);
        page->restoreState({ { QStringLiteral("folder"), folder() } });
        page->resize(1248, 850);
        page->showView(view);
        page->show();
    }

    QString folder() const { return dir.filePath(QStringLiteral("snaps")); }
    QString words()
    {
        QStringList all;
        for (const auto* label : page->findChildren<widgets::PlainLabel*>())
            all += label->isVisible() ? label->text() : QString();
        return all.join(QLatin1Char('\n'));
    }
};

} // namespace

class TestSnapshotsPage : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void picturesInBothThemes_data();
    void picturesInBothThemes();
    void nameTellsTheRange();
    void listFollowsTheFolder();
    void newSnapshotIsWrittenOnceAndSaysWhatIsLeftOut();
    void secondSnapshotOfARangeGetsAnotherName();
    void failureIsSaidAndTheButtonComesBack();
    void pictureEndsInOneFile();
    void deletedComesBack();
    void openTellsWhichArchive();
    void configuredSecretsAreNamed();

private:
    QTemporaryDir m_home;
};

void TestSnapshotsPage::initTestCase()
{
    QVERIFY(m_home.isValid());
    qputenv("XDG_DATA_HOME", m_home.filePath(QStringLiteral("data")).toUtf8());
    qputenv("XDG_CACHE_HOME", m_home.filePath(QStringLiteral("cache")).toUtf8());
}

void TestSnapshotsPage::picturesInBothThemes_data()
{
    QTest::addColumn<bool>("dark");
    QTest::newRow("light") << false;
    QTest::newRow("dark") << true;
}

void TestSnapshotsPage::picturesInBothThemes()
{
    QFETCH(bool, dark);
    support::ThemeFixture theme;
    theme.theme.setChoice(dark ? theme::ThemeChoice::Dark : theme::ThemeChoice::Light);
    theme.theme.apply();
    const auto view = support::sampleView();
    WritingPort port { view };
    widgets::TimeController time;
    theme::SeriesColors colors;
    QTemporaryDir folder;
    QSettings settings(folder.filePath(QStringLiteral("settings")), QSettings::IniFormat);
    time.setZone(kBerlin);
    time.setNow(kNowMs);
    std::vector<std::unique_ptr<pages::Page>> all;
    all.push_back(std::make_unique<AlertsPage>(port, time, colors));
    all.push_back(std::make_unique<SnapshotsPage>(port, time, colors));
    auto* page = static_cast<SnapshotsPage*>(all.back().get());
    page->setFolder(folder.filePath(QStringLiteral("snaps")));
    main_window::MainWindow window({ theme.theme, port, time, settings, std::move(all), true });
    window.resize(1600, 1000);
    window.showView(view);
    window.show();
    port.deliver();
    QTest::qWait(60);
    window.follow({ .page = QStringLiteral("snapshots"), .createNew = true });
    port.deliver();
    touch(folder.filePath(QStringLiteral("snaps/incident db-04.fgsnap")), 1'234'567);
    touch(
        folder.filePath(QStringLiteral("snaps/fleetglass-20261119T230000Z-3600s.fgsnap")), 98'765);
    QTest::qWait(500);
    QVERIFY(support::saveScreen(
        window, dark ? QStringLiteral("snapshots-dark") : QStringLiteral("snapshots-light")));
    QCOMPARE(page->model().rowCount(), 3);
    // The picture is of what was shown before the list of pictures.
    QVERIFY(QString::fromStdString(port.requests[0].viewState)
                .contains(QStringLiteral("\"page\":\"alerts\"")));
    QVERIFY(port.requests[0].thumbnailPng.size() > 1'000);
}

void TestSnapshotsPage::nameTellsTheRange()
{
    const models::CapsuleSpan span { kNowMs - 3'600'000, kNowMs };
    const QString name = models::capsuleName(span);
    QVERIFY2(name.startsWith(QStringLiteral("fleetglass-20261120T"))
            && name.endsWith(QStringLiteral("Z-3600s.fgsnap")),
        qPrintable(name));
    const auto back = models::spanOfName(name);
    QVERIFY(back.has_value());
    QCOMPARE(back->endMs - back->startMs, 3'600'000);
    QCOMPARE(back->endMs / 1000, kNowMs / 1000);
    QVERIFY(!models::spanOfName(QStringLiteral("incident db-04.fgsnap")));
    QVERIFY(!models::spanOfName(QStringLiteral("fleetglass-20269999T134140Z-3600s.fgsnap")));
    QVERIFY(!models::spanOfName(QStringLiteral("fleetglass-20261120T134140Z-9999999999s.fgsnap")));
}

void TestSnapshotsPage::listFollowsTheFolder()
{
    QTemporaryDir dir;
    CapsuleModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const auto list = [&] { model.showFolder(dir.path(), kNowMs, kBerlin); };
    list();
    QCOMPARE(model.rowCount(), 0);
    touch(dir.filePath(QStringLiteral("a.fgsnap")), 2'048);
    touch(dir.filePath(QStringLiteral("b.txt")), 1);
    list();
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(model.index(0, CapsuleModel::Size).data().toString(), QStringLiteral("2 KiB"));
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    list();
    QCOMPARE(changes.size(), 0);
    touch(dir.filePath(QStringLiteral("a.fgsnap")), 4'096);
    list();
    QCOMPARE(changes.size(), 1);
    QVERIFY(QFile::remove(dir.filePath(QStringLiteral("a.fgsnap"))));
    list();
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(resets.size(), 0);
}

void TestSnapshotsPage::newSnapshotIsWrittenOnceAndSaysWhatIsLeftOut()
{
    Stage stage;
    QVERIFY(stage.words().contains(QStringLiteral("no snapshots yet")));
    stage.page->open({ .page = QStringLiteral("snapshots"), .createNew = true });
    stage.page->createSnapshot(); // Still writing.
    QCOMPARE(stage.port.requests.size(), size_t { 1 });
    QCOMPARE(stage.port.requests[0].endMs, stage.time.range().endMs);
    stage.port.deliver();
    QCOMPARE(stage.page->model().rowCount(), 1);
    QVERIFY2(
        stage.words().contains(QStringLiteral("2 secret(s) left out")), qPrintable(stage.words()));
    QVERIFY(!stage.page->model().rowAt(0)->thumbnail.isNull());
}

void TestSnapshotsPage::secondSnapshotOfARangeGetsAnotherName()
{
    Stage stage;
    stage.page->createSnapshot();
    stage.port.deliver();
    stage.page->createSnapshot();
    stage.port.deliver();
    QCOMPARE(stage.page->model().rowCount(), 2);
    QVERIFY(stage.port.requests[0].file != stage.port.requests[1].file);
    QVERIFY(models::spanOfName(
        QFileInfo(QString::fromStdString(stage.port.requests[1].file)).fileName())
                .has_value());
}

void TestSnapshotsPage::failureIsSaidAndTheButtonComesBack()
{
    Stage stage;
    stage.port.failure = "no space left on device";
    stage.page->createSnapshot();
    QVERIFY2(stage.words().contains(QStringLiteral("was not written: no space left on device")),
        qPrintable(stage.words()));
    stage.port.failure.clear();
    stage.page->createSnapshot();
    stage.port.deliver();
    QCOMPARE(stage.page->model().rowCount(), 1);
    // A folder that cannot be: a file is in its place.
    touch(stage.dir.filePath(QStringLiteral("file")), 1);
    stage.page->setFolder(stage.dir.filePath(QStringLiteral("file/sub")));
    stage.page->createSnapshot();
    QVERIFY(stage.words().contains(QStringLiteral("cannot be made; choose another folder")));
}

void TestSnapshotsPage::pictureEndsInOneFile()
{
    Stage stage;
    for (const char* ending : { "png", "svg", "pdf" }) {
        const QString path = stage.dir.filePath(QStringLiteral("view.") + QLatin1String(ending));
        stage.page->exportTo(path);
        QVERIFY(QFileInfo(path).size() > 100);
    }
    QVERIFY(stage.port.requests.empty());
    stage.page->exportTo(stage.dir.filePath(QStringLiteral("nowhere/view.png")));
    QVERIFY(!QFileInfo::exists(stage.dir.filePath(QStringLiteral("nowhere"))));
    stage.page->exportTo(stage.dir.filePath(QStringLiteral("data.csv")));
    QCOMPARE(stage.port.requests.size(), size_t { 1 });
}

void TestSnapshotsPage::deletedComesBack()
{
    Stage stage;
    stage.page->createSnapshot();
    stage.port.deliver();
    const QString path = stage.page->model().rowAt(0)->path;
    stage.page->deleteSelected();
    if (QFileInfo::exists(path))
        QSKIP("this file system has no trash");
    QCOMPARE(stage.page->model().rowCount(), 0);
    QVERIFY(stage.words().contains(QStringLiteral("is in the trash")));
    stage.page->undoDelete();
    QVERIFY(QFileInfo::exists(path));
    QCOMPARE(stage.page->model().rowCount(), 1);
    stage.page->undoDelete(); // Nothing more to bring back.
    QCOMPARE(stage.page->model().rowCount(), 1);
}

void TestSnapshotsPage::openTellsWhichArchive()
{
    Stage stage;
    stage.page->createSnapshot();
    stage.port.deliver();
    QSignalSpy chosen(stage.page.get(), &SnapshotsPage::archiveChosen);
    auto* table = stage.page->findChild<QTableView*>();
    QTest::keyClick(table, Qt::Key_Return);
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(chosen[0][0].toString(), stage.page->model().rowAt(0)->path);
}

void TestSnapshotsPage::configuredSecretsAreNamed()
{
    view::TargetDefinition open;
    open.job = "node";
    view::TargetDefinition basic;
    basic.job = "awx";
    basic.authKind = "basic";
    view::TargetDefinition url;
    url.job = "etcha";
    url.authKind = "bearer";
    url.params = { { "key", "s3cret" } };
    const QStringList secrets = secretsOf({ open, basic, url });
    QCOMPARE(secrets,
        QStringList({ QStringLiteral("password of job awx"), QStringLiteral("token of job etcha"),
            QStringLiteral("value of key in the URL of job etcha") }));
}

QTEST_MAIN(TestSnapshotsPage)
#include "tst_snapshots_page.moc"
