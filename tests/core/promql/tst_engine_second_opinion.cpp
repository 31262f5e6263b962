// The engine works in columns over all steps; the naive evaluator one step at a time. Goal: both
// give the same on random samples (gaps, resets, stale markers) and random expressions. The seed is
// printed.
#include "core/promql/engine.h"
#include "core/promql/parser.h"
#include "tests/core/promql/naive_evaluator.h"
#include "tests/support/memory_storage.h"

#include <QTest>

#include <random>

using namespace fleetglass;
using test::MemoryStorage;
using test::NaiveEvaluator;
using test::NaiveVector;

namespace {

constexpr int64_t kStepMs = 37'000;
constexpr int64_t kStartMs = 600'000;
constexpr int64_t kEndMs = kStartMs + 20 * kStepMs;

class Dice
{
public:
    explicit Dice(uint32_t seed)
        : m_engine(seed)
    {
    }
    int below(int bound) { return std::uniform_int_distribution<int>(0, bound - 1)(m_engine); }
    std::string oneOf(std::initializer_list<const char*> words)
    {
        return words.begin()[below(static_cast<int>(words.size()))];
    }

private:
    std::mt19937 m_engine;
};

void fill(MemoryStorage& storage, Dice& dice)
{
    for (const char* name : { "a_total", "b_total", "c" }) {
        for (const char* job : { "x", "y" }) {
            for (const char* instance : { "1", "2", "3" }) {
                if (dice.below(6) == 0)
                    continue;
                const labels::Labels labels { { "__name__", name }, { "job", job },
                    { "instance", instance } };
                double value = dice.below(100);
                for (int64_t at = dice.below(15'000); at < kEndMs;
                     at += 14'000 + dice.below(3000)) {
                    const int event = dice.below(30);
                    value = event == 0 ? dice.below(5) : value + dice.below(10);
                    if (event == 1)
                        storage.add(labels, at, storage::kStaleMarker);
                    else if (event == 2)
                        at += 400'000; // Longer than the lookback.
                    else
                        storage.add(labels, at, value);
                }
            }
        }
    }
}

std::string selector(Dice& dice)
{
    return dice.oneOf({ "a_total", "b_total", "c" })
        + dice.oneOf({ "", "{job=\"x\"}", "{instance!=\"2\"}" });
}

std::string modifier(Dice& dice)
{
    return dice.oneOf({ "", "", "", " offset 1m", " offset -30s", " @ 900" });
}

std::string expression(Dice& dice, int depth)
{
    if (depth <= 0)
        return selector(dice) + modifier(dice);
    const std::string inner = expression(dice, depth - 1);
    switch (dice.below(9)) {
    case 0:
        return dice.oneOf(
                   { "rate", "increase", "delta", "sum_over_time", "avg_over_time", "min_over_time",
                       "max_over_time", "count_over_time", "last_over_time", "changes" })
            + "(" + selector(dice) + dice.oneOf({ "[1m]", "[5m]", "[90s]" }) + modifier(dice) + ")";
    case 1:
        return dice.oneOf({ "rate", "avg_over_time", "max_over_time", "count_over_time" }) + "(("
            + inner + ")" + dice.oneOf({ "[3m:1m]", "[2m:20s]", "[4m:]" }) + modifier(dice) + ")";
    case 2:
    case 3:
        return dice.oneOf({ "sum", "avg", "min", "max", "count" })
            + dice.oneOf({ "", " by (job)", " by (instance, job)", " without (instance)" }) + " ("
            + inner + ")";
    case 4:
        return "(" + inner + ") " + dice.oneOf({ "+", "*", "-", ">", "< bool", "!=" }) + " "
            + dice.oneOf({ "2", "50", "time()" });
    case 5:
        return "(" + inner + ") " + dice.oneOf({ "+", "-", "*", ">", "and", "or", "unless" }) + " "
            + "(" + expression(dice, depth - 1) + ")";
    case 6:
        return "(" + inner + ") "
            + dice.oneOf({ "+ on (job, instance)", "* ignoring (instance)", "and on (job)",
                "- on (job) group_left ()", "or on (instance)" })
            + " (" + dice.oneOf({ "sum by (job) (", "max by (job, instance) (" })
            + expression(dice, depth - 1) + "))";
    case 7:
        return "-(" + inner + ")";
    default:
        return dice.oneOf({ "abs", "floor" }) + "(" + inner + ")";
    }
}

// What the engine says at a step, by labels.
std::map<labels::Labels, double> at(const promql::QueryResult& result, int64_t timeMs)
{
    std::map<labels::Labels, double> values;
    for (const auto& series : result.matrix) {
        for (size_t i = 0; i < series.values.size(); ++i) {
            if (series.timestampsMs[i] == timeMs)
                values[series.labels] = series.values[i];
        }
    }
    return values;
}

bool close(double a, double b)
{
    return a == b || (std::isnan(a) && std::isnan(b))
        || std::fabs(a - b) <= 1e-9 * std::max({ std::fabs(a), std::fabs(b), 1.0 });
}

} // namespace

class EngineSecondOpinion : public QObject
{
    Q_OBJECT

private slots:
    void columnsAgreeWithSingleSteps_data()
    {
        QTest::addColumn<uint>("seed");
        for (uint seed = 1; seed <= 60; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }

    void columnsAgreeWithSingleSteps()
    {
        QFETCH(uint, seed);
        Dice dice(seed);
        MemoryStorage storage;
        fill(storage, dice);
        const promql::Engine engine;
        for (int round = 0; round < 20; ++round) {
            const std::string query = expression(dice, 1 + dice.below(3));
            const auto problem = compare(engine, storage, query);
            QVERIFY2(problem.empty(),
                ("seed " + std::to_string(seed) + ", " + query + ": " + problem).c_str());
        }
    }

private:
    static std::string compare(
        const promql::Engine& engine, const MemoryStorage& storage, const std::string& query)
    {
        const auto expr = promql::parse(query);
        if (!expr)
            return expr.error().message;
        const auto result = engine.range(storage, query, kStartMs, kEndMs, kStepMs);
        const NaiveEvaluator naive(storage);
        for (int64_t time = kStartMs; time <= kEndMs; time += kStepMs) {
            NaiveVector expected;
            try {
                expected = naive.evaluate(**expr, time);
            } catch (const std::runtime_error& error) {
                return result ? std::string("passes where it must fail: ") + error.what()
                              : std::string();
            }
            if (!result)
                continue; // Another step must fail; or else the loop ends and says so.
            auto values = at(*result, time);
            for (const auto& sample : expected) {
                const auto found = values.find(sample.labels);
                if (found == values.end() || !close(found->second, sample.value))
                    return sample.labels.toString() + " differs at " + std::to_string(time);
                values.erase(found);
            }
            if (!values.empty())
                return values.begin()->first.toString() + " is too much at " + std::to_string(time);
        }
        return result ? std::string() : "fails without need: " + result.error().message;
    }
};

QTEST_GUILESS_MAIN(EngineSecondOpinion)
#include "tst_engine_second_opinion.moc"
