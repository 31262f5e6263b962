// What the engine's callers see: shapes and order of results, limits, cancelling, errors and their
// words.
#include "core/promql/engine.h"
#include "tests/support/memory_storage.h"
#include "tests/support/promqltest.h"

#include <QTest>

#include <thread>

using namespace fleetglass;
using promql::Engine;
using promql::EngineOptions;
using test::MemoryStorage;

namespace {

MemoryStorage storageOf(std::string_view script)
{
    MemoryStorage storage;
    const auto broken = test::loadPromqltest(script, storage);
    Q_ASSERT(!broken);
    return storage;
}

MemoryStorage manySeries(int series)
{
    MemoryStorage storage;
    for (int i = 0; i < series; ++i) {
        for (int64_t at = 0; at < 60'000; at += 10'000)
            storage.add({ { "__name__", "many" }, { "i", std::to_string(i) } }, at, i);
    }
    return storage;
}

constexpr std::string_view kTwo = "load 1m\n  up{host=\"b\"} 1 1\n  up{host=\"a\"} 0 1\n";

} // namespace

class EngineTest : public QObject
{
    Q_OBJECT

private slots:
    void rangeResultsAreSortedByLabels()
    {
        const MemoryStorage storage = storageOf(kTwo);
        const auto result = Engine().range(storage, "up", 0, 60'000, 30'000);
        QVERIFY(result);
        QCOMPARE(result->matrix.size(), size_t { 2 });
        QCOMPARE(result->matrix[0].labels.get("host"), std::string_view("a"));
        QCOMPARE(result->matrix[0].timestampsMs, (std::vector<int64_t> { 0, 30'000, 60'000 }));
        QCOMPARE(result->matrix[0].values, (std::vector<double> { 0, 0, 1 }));
        QCOMPARE(result->stats.seriesSelected, size_t { 2 });
        QVERIFY(result->stats.samplesRead > 0);
    }

    void sortKeepsItsOrderInAnInstantResult()
    {
        const MemoryStorage storage = storageOf(kTwo);
        const auto result = Engine().instant(storage, "sort_desc(up)", 0);
        QVERIFY(result);
        QCOMPARE(result->vector.size(), size_t { 2 });
        QCOMPARE(result->vector[0].labels.get("host"), std::string_view("b"));
        QCOMPARE(result->vector[0].timestampMs, int64_t { 0 });
    }

    void scalarAndStringHaveTheirOwnType()
    {
        const MemoryStorage storage;
        const auto number = Engine().instant(storage, "1 + 2", 5000);
        QVERIFY(number);
        QCOMPARE(number->type, promql::ValueType::Scalar);
        QCOMPARE(number->scalar, 3.0);
        QCOMPARE(number->timestampMs, int64_t { 5000 });
        const auto text = Engine().instant(storage, "\"a\"", 0);
        QVERIFY(text);
        QCOMPARE(text->text, std::string("a"));
    }

    void rangeSelectorGivesTheRawSamples()
    {
        const MemoryStorage storage = storageOf("load 10s\n  x 1 2 stale 4\n");
        const auto result = Engine().instant(storage, "x[20s]", 30'000);
        QVERIFY(result);
        QCOMPARE(result->type, promql::ValueType::Matrix);
        QCOMPARE(result->matrix.at(0).values, std::vector<double> { 4 });
    }

    void rangeOfARangeVectorIsRefused()
    {
        const auto result = Engine().range(MemoryStorage(), "x[5m]", 0, 60'000, 30'000);
        QVERIFY(!result);
        QCOMPARE(result.error().message,
            std::string(
                "invalid expression type \"range vector\" for range query, must be Scalar or "
                "instant Vector"));
    }

    void badGridIsRefused_data()
    {
        QTest::addColumn<qint64>("end");
        QTest::addColumn<qint64>("step");
        QTest::addColumn<QString>("message");
        QTest::newRow("no step") << qint64 { 10 } << qint64 { 0 }
                                 << "zero or negative query resolution";
        QTest::newRow("backwards")
            << qint64 { -10 } << qint64 { 1 } << "end timestamp must not be before";
        QTest::newRow("too fine") << qint64 { 11'000 } << qint64 { 1 }
                                  << "exceeded maximum resolution of 11000 points per timeseries";
    }

    void badGridIsRefused()
    {
        QFETCH(qint64, end);
        QFETCH(qint64, step);
        QFETCH(QString, message);
        const auto result = Engine().range(MemoryStorage(), "1", 0, end, step);
        QVERIFY(!result);
        QVERIFY2(QString::fromStdString(result.error().message).startsWith(message),
            result.error().message.c_str());
    }

    void parseErrorTellsItsPlace()
    {
        const auto result = Engine().instant(MemoryStorage(), "sum(", 0);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Invalid);
        QVERIFY(result.error().position.has_value());
    }

    void limitNamesItselfAndItsSetting_data()
    {
        QTest::addColumn<QString>("query");
        QTest::addColumn<QString>("setting");
        QTest::newRow("samples") << "many + many"
                                 << "query.samples_max";
        QTest::newRow("subquery") << "sum_over_time(vector(1)[1d:1ms])"
                                  << "query.samples_max";
    }

    void limitNamesItselfAndItsSetting()
    {
        QFETCH(QString, query);
        QFETCH(QString, setting);
        EngineOptions options;
        options.samplesMax = 500;
        const auto result
            = Engine(options).range(manySeries(100), query.toStdString(), 0, 60'000, 10'000);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Limit);
        QVERIFY(result.error().message.starts_with("query processing would load too many samples "
                                                   "into memory in query execution (limit 500"));
        QVERIFY(result.error().message.find(setting.toStdString()) != std::string::npos);
    }

    void tooManySeriesAreRefused()
    {
        promql::QueryOptions options;
        options.resultSeriesMax = 10;
        const auto result = Engine().instant(manySeries(11), "many", 0, options);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Limit);
    }

    void memoryIsBounded()
    {
        EngineOptions options;
        options.memoryBytesMax = 10'000;
        const auto result = Engine(options).range(manySeries(100), "sort(many)", 0, 60'000, 100);
        QVERIFY(!result);
        QVERIFY(result.error().message.find("query.memory_max") != std::string::npos);
    }

    void stoppedQueryIsCancelled()
    {
        std::stop_source stop;
        stop.request_stop();
        promql::QueryOptions options;
        options.stop = stop.get_token();
        const auto result = Engine().instant(manySeries(2), "many", 0, options);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Cancelled);
        QVERIFY(result.error().message.starts_with("query was canceled"));
    }

    void slowQueryTimesOut()
    {
        promql::QueryOptions options;
        options.timeout = Millis(-1); // Over before it begins.
        const auto result = Engine().instant(manySeries(2), "many", 0, options);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Timeout);
        QVERIFY(result.error().message.find("query.timeout") != std::string::npos);
    }

    void lookbackCanBeSetForOneQuery()
    {
        const MemoryStorage storage = storageOf("load 1m\n  x 1\n");
        promql::QueryOptions options;
        options.lookback = std::chrono::seconds(30);
        QCOMPARE(Engine().instant(storage, "x", 60'000)->vector.size(), size_t { 1 });
        QCOMPARE(Engine().instant(storage, "x", 60'000, options)->vector.size(), size_t { 0 });
    }

    void nameGoesAtOnceUnlessItsRemovalIsDelayed()
    {
        const MemoryStorage storage = storageOf("load 1m\n  a 1\n  b 2\n");
        const std::string query
            = "label_replace({__name__=~\"a|b\"} * 1, \"kind\", \"$1\", \"__name__\", \"(.*)\")";
        QVERIFY(!Engine().instant(storage, query, 0));
        EngineOptions options;
        options.delayedNameRemoval = true;
        const auto result = Engine(options).instant(storage, query, 0);
        QVERIFY2(result, result ? "" : result.error().message.c_str());
        QCOMPARE(result->vector.size(), size_t { 2 });
    }

    void switchedOffFunctionIsRefused()
    {
        const auto result = Engine().instant(MemoryStorage(), "mad_over_time(x[5m])", 0);
        QVERIFY(!result);
    }

    void parsedExpressionIsAskedAgainAndAgain()
    {
        const MemoryStorage storage = storageOf(kTwo);
        const auto expr = promql::parse("sum(up @ end())");
        QVERIFY(expr);
        const Engine engine;
        QCOMPARE(engine.instant(storage, **expr, "sum(up @ end())", 0)->vector.at(0).value, 1.0);
        QCOMPARE(
            engine.instant(storage, **expr, "sum(up @ end())", 60'000)->vector.at(0).value, 2.0);
    }

    void threadsShareOneEngine()
    {
        const MemoryStorage storage = manySeries(20);
        const Engine engine;
        std::vector<double> sums(4);
        {
            std::vector<std::jthread> threads;
            for (double& sum : sums)
                threads.emplace_back([&] {
                    for (int i = 0; i < 20; ++i)
                        sum = engine.instant(storage, "sum(rate(many[1m])) + sum(many)", 60'000)
                                  ->vector.at(0)
                                  .value;
                });
        }
        QCOMPARE(sums, std::vector<double>(4, 190.0));
    }
};

QTEST_GUILESS_MAIN(EngineTest)
#include "tst_engine.moc"
