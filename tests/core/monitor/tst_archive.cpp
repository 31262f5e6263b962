// Goal: an opened capsule answers questions nobody asked when it was written.
#include "core/monitor/archive.h"

#include "core/snapshot/capsule_writer.h"
#include "tests/support/snapshot_fixture.h"

#include <QTemporaryDir>
#include <QTest>
#include <future>

using namespace fleetglass;
using namespace fleetglass::monitor;

class TestArchive : public QObject
{
    Q_OBJECT

private slots:
    void answersNewQuestionsAndSaysThatItIsAnArchive()
    {
        QTemporaryDir folder;
        const auto path = folder.filePath(QStringLiteral("x.fgsnap")).toStdString();
        const auto store = snapshot::test::filledStore();
        const snapshot::Redactor redactor;
        QVERIFY(snapshot::writeCapsule(path, snapshot::test::filledContent(),
            { .querier = *store, .exemplars = store.get() }, redactor));
        const auto archive = Archive::open(path);
        QVERIFY(archive);
        const int64_t timeMs = 1'700'000'300'000;
        const auto ask = [&](const char* expression) {
            std::promise<view::QueryAnswerPtr> promise;
            (*archive)->queries().ask({ expression, timeMs, timeMs, 0 },
                [&](auto answer) { promise.set_value(std::move(answer)); });
            return promise.get_future().get();
        };
        const auto answer = ask("count(up)");
        QVERIFY2(answer->ok, answer->error.c_str());
        QCOMPARE(answer->series.at(0).values, std::vector<double> { 2 });
        QVERIFY(ask("rate(hits_total[2m])")->series.at(0).values.at(0) > 0);
        QVERIFY((*archive)->fleet()->status.archive);
        QCOMPARE((*archive)->fleet()->status.archiveTitle, std::string("Tuesday's outage"));
        (*archive)->stop();
        (*archive)->stop(); // And once more by the destructor.
    }

    void whatIsNoCapsuleIsTold()
    {
        QTemporaryDir folder;
        const auto path = folder.filePath(QStringLiteral("x.fgsnap")).toStdString();
        QVERIFY(!Archive::open(path));
        snapshot::test::writeFile(path, "not a capsule");
        const auto archive = Archive::open(path);
        QVERIFY(!archive);
        QVERIFY(!archive.error().message.empty());
    }
};

QTEST_GUILESS_MAIN(TestArchive)
#include "tst_archive.moc"
