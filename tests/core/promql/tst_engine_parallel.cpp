// Two promises of the engine's quick paths. With threads to help, a query's result is the same to
// the bit, its warnings too. And what windows carry from step to step agrees with instant queries,
// which look at one window's samples alone. Seeds are printed.
#include "core/promql/engine.h"
#include "tests/support/memory_storage.h"
#include "tests/support/query_helpers.h"

#include <QTest>

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <random>

using namespace fleetglass;
using test::MemoryStorage;

namespace {

constexpr int64_t kStepMs = 20'000;
constexpr int64_t kStartMs = 600'000;
constexpr int64_t kEndMs = kStartMs + 100 * kStepMs;

// Series of a few targets: the times of a target are those of all its series. Values go up, fall
// back, stay, are missing, and now and then are no numbers.
void fill(MemoryStorage& storage, uint32_t seed)
{
    std::mt19937 random(seed);
    const auto below = [&](uint32_t bound) { return static_cast<uint32_t>(random() % bound); };
    for (int series = 0; series < 150; ++series) {
        const std::string name = series % 3 == 0 ? "gauge" : "sent_total";
        const labels::Labels labels { { "__name__", name }, { "id", std::to_string(series) },
            { "target", std::to_string(series % 7) } };
        double value = below(100);
        for (int64_t at = 1000 * (series % 7); at <= kEndMs; at += 15'000) {
            const uint32_t event = below(60);
            if (event == 0)
                value = below(3);
            else if (event > 20)
                value += below(1000) / 8.0;
            if (event == 1)
                storage.add(labels, at, storage::kStaleMarker);
            else if (event == 2 && below(20) == 0)
                storage.add(labels, at, below(2) == 0 ? INFINITY : std::nan(""));
            else if (event != 3)
                storage.add(labels, at, value);
        }
    }
}

bool sameBits(double a, double b)
{
    return std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b);
}

std::string differenceOf(const promql::QueryResult& a, const promql::QueryResult& b)
{
    if (a.warnings != b.warnings || a.infos != b.infos)
        return "annotations differ";
    if (a.matrix.size() != b.matrix.size())
        return "the number of series differs";
    for (size_t i = 0; i < a.matrix.size(); ++i) {
        const auto& left = a.matrix[i];
        const auto& right = b.matrix[i];
        const bool same = left.labels == right.labels && left.timestampsMs == right.timestampsMs
            && std::equal(left.values.begin(), left.values.end(), right.values.begin(),
                right.values.end(), sameBits);
        if (!same)
            return left.labels.toString() + " differs";
    }
    return {};
}

bool close(double a, double b)
{
    return a == b || (std::isnan(a) && std::isnan(b))
        || std::fabs(a - b) <= 1e-9 * std::max({ std::fabs(a), std::fabs(b), 1.0 });
}

} // namespace

class EngineParallel : public QObject
{
    Q_OBJECT

private slots:
    void threadsChangeNothingOfAResult_data()
    {
        QTest::addColumn<QString>("query");
        for (const char* query :
            { "rate(sent_total[1m])", "sum by (target) (rate(sent_total[2m]))", "rate(gauge[1m])",
                "rate({id=~\".+\"}[90s])", "quantile_over_time(2, gauge[5m])", "deriv(gauge[5m])",
                "stddev_over_time(gauge[5m])", "max_over_time(rate(sent_total[1m])[5m:30s])",
                "topk(3, increase(sent_total[5m])) / on (id) changes(sent_total[5m])" })
            QTest::newRow(query) << QString::fromLatin1(query);
    }

    void threadsChangeNothingOfAResult()
    {
        QFETCH(QString, query);
        const uint32_t seed = 7;
        MemoryStorage storage;
        fill(storage, seed);
        test::QueryHelpers helpers(3);
        const promql::Engine engine;
        promql::QueryOptions options;
        const auto alone
            = engine.range(storage, query.toStdString(), kStartMs, kEndMs, kStepMs, options);
        options.parallel = &helpers;
        const auto helped
            = engine.range(storage, query.toStdString(), kStartMs, kEndMs, kStepMs, options);
        QVERIFY2(alone && helped, "one of the queries failed");
        QVERIFY(!alone->matrix.empty());
        const auto difference = differenceOf(*alone, *helped);
        QVERIFY2(difference.empty(), ("seed 7: " + difference).c_str());
    }

    void anErrorIsTheSameWithThreads()
    {
        MemoryStorage storage;
        fill(storage, 3);
        test::QueryHelpers helpers(3);
        promql::EngineOptions options;
        options.parse.experimentalFunctions = true;
        options.parallel = &helpers;
        const auto failed = promql::Engine(options).range(
            storage, "double_exponential_smoothing(gauge[5m], 2, 0.5)", kStartMs, kEndMs, kStepMs);
        QVERIFY(!failed);
        QVERIFY2(failed.error().message.find("invalid smoothing factor") != std::string::npos,
            failed.error().message.c_str());
    }

    void aStoppedQueryEndsWithThreads()
    {
        MemoryStorage storage;
        fill(storage, 3);
        test::QueryHelpers helpers(2);
        std::stop_source stop;
        stop.request_stop();
        promql::QueryOptions options;
        options.parallel = &helpers;
        options.stop = stop.get_token();
        const auto stopped = promql::Engine().range(
            storage, "rate(sent_total[5m])", kStartMs, kEndMs, kStepMs, options);
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
    }

    void windowsThatSlideAgreeWithSingleOnes_data()
    {
        QTest::addColumn<QString>("query");
        for (const char* function : { "deriv(%1)", "predict_linear(%1, 600)",
                 "stddev_over_time(%1)", "stdvar_over_time(%1)", "quantile_over_time(0.3, %1)",
                 "resets(%1)", "changes(%1)", "rate(%1)", "increase(%1)", "delta(%1)" }) {
            for (const char* range : { "gauge[5m]", "sent_total[90s]", "sent_total[21s]",
                     "gauge[20m] offset 1m", "gauge[5m] @ 1500" })
                QTest::addRow("%s %s", function, range)
                    << QString::fromLatin1(function).arg(QLatin1String(range));
        }
    }

    void windowsThatSlideAgreeWithSingleOnes()
    {
        QFETCH(QString, query);
        MemoryStorage storage;
        fill(storage, 11);
        const promql::Engine engine;
        const std::string text = query.toStdString();
        const auto range = engine.range(storage, text, kStartMs, kEndMs, kStepMs);
        QVERIFY2(range, range ? "" : range.error().message.c_str());
        std::map<std::pair<labels::Labels, int64_t>, double> values;
        for (const auto& series : range->matrix) {
            for (size_t i = 0; i < series.values.size(); ++i)
                values[{ series.labels, series.timestampsMs[i] }] = series.values[i];
        }
        size_t compared = 0;
        for (int64_t at = kStartMs; at <= kEndMs; at += kStepMs) {
            const auto instant = engine.instant(storage, text, at);
            QVERIFY(instant);
            for (const auto& sample : instant->vector) {
                const auto found = values.find({ sample.labels, at });
                QVERIFY2(found != values.end() && close(found->second, sample.value),
                    ("seed 11: " + sample.labels.toString() + " at " + std::to_string(at)).c_str());
                ++compared;
            }
        }
        QCOMPARE(compared, values.size());
    }
};

QTEST_GUILESS_MAIN(EngineParallel)
#include "tst_engine_parallel.moc"
