// Goal: neither an exception nor a low limit of files ends the watch. Method: bodies that throw,
// and limits as numbers.
#include "core/monitor/file_limit.h"
#include "core/monitor/thread_root.h"

#include <QTest>
#include <stdexcept>
#include <sys/resource.h>
#include <vector>

using namespace fleetglass;
using namespace fleetglass::monitor;

class TestThreadRoot : public QObject
{
    Q_OBJECT
private slots:
    void k7AThreadThatThrowsIsBegunAgainOnce();
    void k7AThreadThatReturnsIsDone();
    void k7WhatIsThrownWhileStoppingIsNotSaid();
    void k8TheSoftLimitOfFilesIsRaised();
    void k8FewFilesMeanFewerScrapesAtOnce_data();
    void k8FewFilesMeanFewerScrapesAtOnce();
};

void TestThreadRoot::k7AThreadThatThrowsIsBegunAgainOnce()
{
    std::vector<std::string> log;
    int runs = 0;
    runThread(
        "fg-scrape",
        [&](std::stop_token) {
            if (++runs == 1)
                throw std::runtime_error("out of luck");
            throw 7;
        },
        {}, [&](const LogEvent& event) { log.push_back(event.message); });
    QCOMPARE(runs, 2);
    QCOMPARE(log,
        (std::vector<std::string> { "the thread fg-scrape failed: out of luck; it was begun again",
            "the thread fg-scrape failed: an unknown exception; it failed before and stays "
            "stopped: restart the program" }));
}

void TestThreadRoot::k7AThreadThatReturnsIsDone()
{
    int runs = 0;
    runThread("fg-view", [&](std::stop_token) { ++runs; }, {}, {});
    QCOMPARE(runs, 1);
}

void TestThreadRoot::k7WhatIsThrownWhileStoppingIsNotSaid()
{
    std::stop_source source;
    std::vector<std::string> log;
    runThread(
        "fg-view",
        [&](std::stop_token) {
            source.request_stop();
            throw std::runtime_error("too late");
        },
        source.get_token(), [&](const LogEvent& event) { log.push_back(event.message); });
    QVERIFY(log.empty());
}

void TestThreadRoot::k8TheSoftLimitOfFilesIsRaised()
{
    rlimit before {};
    QCOMPARE(getrlimit(RLIMIT_NOFILE, &before), 0);
    const rlimit low { 300, before.rlim_max };
    QCOMPARE(setrlimit(RLIMIT_NOFILE, &low), 0);
    const size_t now = raiseFileLimit();
    QCOMPARE(now, static_cast<size_t>(std::min<rlim_t>(before.rlim_max, 65'536)));
    QCOMPARE(setrlimit(RLIMIT_NOFILE, &before), 0);
}

void TestThreadRoot::k8FewFilesMeanFewerScrapesAtOnce_data()
{
    QTest::addColumn<int>("files");
    QTest::addColumn<int>("concurrent");
    QTest::newRow("K8 plenty") << 65'536 << 256;
    QTest::newRow("K8 1,024") << 1'024 << 256;
    QTest::newRow("K8 512") << 512 << 128;
    QTest::newRow("K8 hardly any") << 64 << 8;
}

void TestThreadRoot::k8FewFilesMeanFewerScrapesAtOnce()
{
    QFETCH(int, files);
    const ConnectionLimits limits = fitInto(static_cast<size_t>(files), { 256, 512 });
    QTEST(static_cast<int>(limits.concurrentMax), "concurrent");
    QVERIFY(limits.connectionsMax <= 512);
}

QTEST_GUILESS_MAIN(TestThreadRoot)
#include "tst_thread_root.moc"
