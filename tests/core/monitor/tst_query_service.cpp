// Goal: a question is answered once, late or never, but always as it was promised. Method: a store
// that holds a query until it is told to stop.
#include "core/monitor/query_service.h"

#include "core/monitor/engine_options.h"
#include "tests/support/memory_storage.h"

#include <QTest>
#include <atomic>
#include <condition_variable>
#include <future>
#include <thread>

using namespace fleetglass;
using namespace fleetglass::monitor;

namespace {

// Select returns only once its query is cancelled.
class HoldingStorage : public test::MemoryStorage
{
public:
    Result<std::vector<storage::SeriesSlice>> select(std::span<const labels::Matcher>,
        storage::TimeRange, const storage::SelectLimits& limits) const override
    {
        ++begun;
        std::mutex mutex;
        std::condition_variable_any wake;
        std::unique_lock lock(mutex);
        wake.wait(lock, limits.stop, [] { return false; });
        ++ended;
        return failure("cancelled", ErrorCode::Cancelled);
    }

    mutable std::atomic<int> begun { 0 };
    mutable std::atomic<int> ended { 0 };
};

view::QueryRequest instant(const std::string& expression)
{
    return { expression, 1000, 1000, 0 };
}

const promql::Engine& engine()
{
    static const promql::Engine kEngine(windowEngineOptions());
    return kEngine;
}

} // namespace

class TestQueryService : public QObject
{
    Q_OBJECT

private slots:
    void answersWithWhatTheEngineSays()
    {
        test::MemoryStorage storage;
        storage.add({ { "__name__", "up" }, { "job", "a" } }, 1000, 1);
        QueryService service(storage, engine());
        std::jthread worker([&](std::stop_token stop) { service.work(stop); });
        std::promise<view::QueryAnswerPtr> promise;
        service.ask(instant("up"), [&](auto answer) { promise.set_value(answer); });
        const auto answer = promise.get_future().get();
        QVERIFY(answer->ok);
        QCOMPARE(answer->kind, view::ResultKind::Vector);
        QCOMPARE(answer->series.size(), size_t(1));
        QCOMPARE(answer->series[0].values, std::vector<double> { 1 });
    }

    void aRunningQueryStopsWhenCancelledAndDoesNotAnswer()
    {
        HoldingStorage storage;
        QueryService service(storage, engine());
        std::atomic<bool> answered { false };
        std::jthread worker([&](std::stop_token stop) { service.work(stop); });
        const auto id = service.ask(instant("up"), [&](auto) { answered = true; });
        QTRY_COMPARE_WITH_TIMEOUT(storage.begun.load(), 1, 20'000);
        service.cancel(id);
        QTRY_COMPARE_WITH_TIMEOUT(storage.ended.load(), 1, 20'000);
        // The worker is free again, and has passed the place where it would have answered.
        std::promise<void> next;
        service.run([&] { next.set_value(); });
        next.get_future().wait();
        QVERIFY(!answered);
    }

    void aWaitingQueryThatIsCancelledIsNeverBegun()
    {
        test::MemoryStorage storage;
        QueryService service(storage, engine());
        bool answered = false;
        const auto id = service.ask(instant("up"), [&](auto) { answered = true; });
        service.cancel(id);
        service.cancel(id); // Twice, or unknown: no harm.
        service.cancel(999);
        std::promise<void> next;
        service.run([&] { next.set_value(); });
        std::jthread worker([&](std::stop_token stop) { service.work(stop); });
        next.get_future().wait();
        QVERIFY(!answered);
    }

    void aFullQueueAnswersWithItsLimitInWords()
    {
        test::MemoryStorage storage;
        QueryService service(storage, engine(), { .queueMax = 2 });
        int answers = 0;
        service.ask(instant("up"), [&](auto) { ++answers; });
        service.ask(instant("up"), [&](auto) { ++answers; });
        view::QueryAnswerPtr refused;
        service.ask(instant("up"), [&](auto answer) { refused = answer; });
        QVERIFY(refused);
        QVERIFY(!refused->ok);
        QCOMPARE(refused->error,
            std::string("2 queries are waiting already; this one was not begun. "
                        "Close some charts or wait."));
        QCOMPARE(refused->request.expression, std::string("up"));
        QCOMPARE(answers, 0);
    }

    void stoppingEndsTheRunningQueryAndBeginsNoOther()
    {
        HoldingStorage storage;
        QueryService service(storage, engine());
        std::atomic<bool> answered { false };
        std::atomic<bool> worked { false };
        std::jthread worker([&](std::stop_token stop) { service.work(stop); });
        service.ask(instant("up"), [&](auto) { answered = true; });
        QTRY_COMPARE_WITH_TIMEOUT(storage.begun.load(), 1, 20'000);
        service.ask(instant("up"), [&](auto) { answered = true; });
        service.run([&] { worked = true; });
        worker.request_stop();
        worker.join();
        QCOMPARE(storage.begun.load(), 1);
        QVERIFY(!answered);
        QVERIFY(!worked);
    }

    void anErrorTellsItsPlace()
    {
        const auto answer = answerQuery(test::MemoryStorage(), engine(), instant("sum(up"), {});
        QVERIFY(!answer.ok);
        QVERIFY(!answer.error.empty());
        QCOMPARE(answer.errorLine, 1);
        QVERIFY(answer.errorColumn > 0);
    }

    void histogramsAreShownByTheirCountInTablesAndCharts()
    {
        test::MemoryStorage storage;
        histogram::Histogram histogram;
        histogram.count = 7;
        histogram.sum = 3;
        histogram.zeroCount = 7;
        storage.add({ { "__name__", "latency" } }, 1000, histogram);
        const auto table = answerQuery(storage, engine(), instant("latency"), {});
        QCOMPARE(table.series.size(), size_t(1));
        QCOMPARE(table.series[0].values, std::vector<double> { 7 });
        const auto chart = answerQuery(storage, engine(), { "latency", 1000, 3000, 1000 }, {});
        QCOMPARE(chart.kind, view::ResultKind::Matrix);
        QCOMPARE(chart.series.size(), size_t(1));
        QCOMPARE(chart.series[0].timestampsMs, (std::vector<int64_t> { 1000, 2000, 3000 }));
        QCOMPARE(chart.series[0].values, (std::vector<double> { 7, 7, 7 }));
    }

    void anEmptyAnswerSaysWhichPartMatchedNothing()
    {
        test::MemoryStorage storage;
        storage.add({ { "__name__", "up" }, { "job", "a" } }, 1000, 1);
        const auto answer = answerQuery(storage, engine(), instant("ip"), {});
        QVERIFY(answer.ok);
        QCOMPARE(answer.emptyReason, std::string("No series is named ip in this range."));
    }
};

QTEST_GUILESS_MAIN(TestQueryService)
#include "tst_query_service.moc"
