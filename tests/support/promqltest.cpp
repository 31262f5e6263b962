#include "tests/support/promqltest.h"

#include "core/promql/function_table.h"
#include "core/promql/printer.h"
#include "tests/support/promqltest_compare.h"
#include "tests/support/promqltest_load.h"

#include <algorithm>
#include <set>

namespace fleetglass::test {

namespace {

using promql::Expr;
using promql::ExprPtr;

bool callsOneOf(const Expr& expr, const std::set<std::string_view>& names)
{
    if (const auto* call = promql::as<promql::Call>(&expr);
        call && names.contains(call->function->name))
        return true;
    const auto children = promql::childrenOf(expr);
    return std::any_of(children.begin(), children.end(),
        [&](const Expr* child) { return callsOneOf(*child, names); });
}

// Pins every selector and subquery without @ to a time; not inside a subquery, which is pinned
// itself.
void pinTo(Expr& expr, int64_t timeMs)
{
    const auto pin = [&](promql::TimeModifier& time) {
        if (!time.timestampMs && time.atAnchor == promql::AtAnchor::None)
            time.timestampMs = timeMs;
    };
    if (auto* selector = promql::as<promql::VectorSelector>(&expr))
        return pin(selector->time);
    if (auto* subquery = promql::as<promql::Subquery>(&expr))
        return pin(subquery->time);
    for (Expr* child : promql::childrenOf(expr))
        pinTo(*child, timeMs);
}

// The middle point of a range query as an instant result.
promql::QueryResult middleOf(
    const promql::QueryResult& range, const promql::QueryResult& instant, int64_t timeMs)
{
    promql::QueryResult result;
    result.type = instant.type;
    result.timestampMs = timeMs;
    for (const promql::MatrixSeries& series : range.matrix) {
        for (size_t i = 0; i < series.values.size(); ++i) {
            if (series.timestampsMs[i] == timeMs)
                result.vector.push_back({ series.labels, timeMs, series.values[i], nullptr });
        }
        for (const auto& point : series.histograms) {
            if (point.timestampMs == timeMs)
                result.vector.push_back({ series.labels, timeMs, 0, point.histogram });
        }
    }
    if (result.type == promql::ValueType::Scalar && !result.vector.empty())
        result.scalar = result.vector.front().value;
    return result;
}

// Runs the eval statements of one script. Used from one thread at a time.
class Runner
{
public:
    explicit Runner(promql::EngineOptions options)
        : m_engine(std::move(options))
    {
    }

    MemoryStorage& storage() { return m_storage; }

    std::optional<std::string> run(const EvalStatement& eval)
    {
        auto parsed = promql::parseExpr(eval.query, m_engine.options().parse);
        if (!parsed.ok())
            return "error in " + prefix(eval) + promql::describe(parsed.errors.front(), eval.query);
        const Expr& expr = *parsed.value;
        auto result = eval.instant
            ? m_engine.instant(m_storage, expr, eval.query, eval.startMs)
            : m_engine.range(m_storage, expr, eval.query, eval.startMs, eval.endMs, eval.stepMs);
        if (auto difference = judge(eval, result, true))
            return difference;
        if (!result || !eval.instant || result->type == promql::ValueType::String
            || result->type == promql::ValueType::Matrix)
            return std::nullopt;
        if (auto difference = checkPinned(eval, expr))
            return difference;
        return checkRange(eval, expr, *result);
    }

private:
    static std::string prefix(const EvalStatement& eval)
    {
        return eval.command + ' ' + eval.query + " (line " + std::to_string(eval.line) + "): ";
    }

    std::optional<std::string> judge(const EvalStatement& eval,
        const Result<promql::QueryResult>& result, bool withAnnotations) const
    {
        const std::string place
            = labels::quote(eval.query) + " (line " + std::to_string(eval.line) + ')';
        const bool mustFail = eval.expects(ExpectKind::Fail);
        if (!result && mustFail)
            return compareFailure(eval, result.error().message);
        if (!result)
            return "error evaluating query " + place + ": " + result.error().message;
        if (mustFail)
            return "expected error evaluating query " + place + " but got none";
        if (withAnnotations) {
            if (auto difference = compareAnnotations(eval, *result))
                return difference;
        }
        if (auto difference = compareResult(eval, *result))
            return "error in " + prefix(eval) + *difference;
        return std::nullopt;
    }

    // The same answer from any evaluation time, with the selectors pinned.
    std::optional<std::string> checkPinned(const EvalStatement& eval, const Expr& expr) const
    {
        static const std::set<std::string_view> kTimeDependent { "days_in_month", "day_of_month",
            "day_of_week", "day_of_year", "end", "hour", "minute", "month", "year",
            "predict_linear", "range", "start", "step", "time", "timestamp" };
        if (callsOneOf(expr, kTimeDependent))
            return std::nullopt;
        const ExprPtr pinned = promql::clone(expr);
        pinTo(*pinned, eval.startMs);
        const int64_t at = eval.startMs;
        std::vector<int64_t> times { -10 * at, 0, at / 5, at, 10 * at };
        if (at == 0)
            times = { -1000, 0, 1000 };
        for (const int64_t time : times) {
            const auto result = m_engine.instant(m_storage, *pinned, promql::print(*pinned), time);
            if (auto difference = judge(eval, result, false))
                return *difference + " (as " + promql::print(*pinned) + " at "
                    + std::to_string(time) + " ms)";
        }
        return std::nullopt;
    }

    std::optional<std::string> checkRange(
        const EvalStatement& eval, const Expr& expr, const promql::QueryResult& instant) const
    {
        const auto mentions
            = [&](std::string_view call) { return eval.query.find(call) != std::string::npos; };
        if (eval.expects(ExpectKind::Ordered)
            || callsOneOf(expr, { "start", "end", "range", "step" }) || mentions("range()")
            || mentions("step()"))
            return std::nullopt;
        constexpr int64_t kMinuteMs = 60'000;
        const auto range = m_engine.range(m_storage, expr, eval.query, eval.startMs - kMinuteMs,
            eval.startMs + kMinuteMs, kMinuteMs);
        if (!range)
            return "error in range mode: " + range.error().message;
        if (auto difference = compareResult(eval, middleOf(*range, instant, eval.startMs)))
            return "error in " + prefix(eval) + "range mode: " + *difference;
        return std::nullopt;
    }

    promql::Engine m_engine;
    MemoryStorage m_storage;
};

} // namespace

promql::EngineOptions promqltestOptions()
{
    promql::EngineOptions options;
    options.samplesMax = 10'000;
    options.timeout = std::chrono::minutes(2);
    options.parse = promql::ParseOptions::everything();
    options.delayedNameRemoval = true;
    options.startTimestamps = true;
    return options;
}

std::optional<std::string> runPromqltest(std::string_view script, promql::EngineOptions options,
    const std::function<void(const ScriptOutcome&)>& onEval)
{
    const auto statements = parseScript(script);
    if (!statements)
        return statements.error().message;
    Runner runner(std::move(options));
    for (const Statement& statement : *statements) {
        if (const auto* loaded = std::get_if<LoadStatement>(&statement))
            load(*loaded, runner.storage());
        else if (const auto* eval = std::get_if<EvalStatement>(&statement))
            onEval({ eval->line, eval->query, runner.run(*eval) });
        else
            runner.storage().clear();
    }
    return std::nullopt;
}

std::optional<std::string> loadPromqltest(std::string_view script, MemoryStorage& storage)
{
    const auto statements = parseScript(script);
    if (!statements)
        return statements.error().message;
    for (const Statement& statement : *statements) {
        if (const auto* loaded = std::get_if<LoadStatement>(&statement))
            load(*loaded, storage);
        else if (std::holds_alternative<ClearStatement>(statement))
            storage.clear();
    }
    return std::nullopt;
}

} // namespace fleetglass::test
