// A second opinion on PromQL: one step at a time, one sample after the other, with nothing clever
// in it. Floats only, and only the parts of the language that the random expressions use. Pure
// functions; thread-safe.
#pragma once

#include "core/promql/ast.h"
#include "core/promql/function_table.h"
#include "tests/support/memory_storage.h"

#include <cmath>
#include <map>
#include <set>
#include <stdexcept>

namespace fleetglass::test {

struct NaiveSample
{
    labels::Labels labels;
    double value = 0;
};

using NaiveVector = std::vector<NaiveSample>;

class NaiveEvaluator
{
public:
    struct Point
    {
        int64_t at = 0;
        double value = 0;
    };
    using Range = std::vector<std::pair<labels::Labels, std::vector<Point>>>;

    explicit NaiveEvaluator(const MemoryStorage& storage)
        : m_storage(storage)
    {
    }

    // Throws std::runtime_error where the query must fail.
    NaiveVector evaluate(const promql::Expr& expr, int64_t at) const
    {
        NaiveVector result = node(expr, at);
        std::set<labels::Labels> seen;
        for (const NaiveSample& sample : result) {
            if (!seen.insert(sample.labels).second)
                throw std::runtime_error("same labels twice");
        }
        return result;
    }

private:
    static labels::Labels nameless(const labels::Labels& labels) { return labels.withoutName(); }

    NaiveVector node(const promql::Expr& expr, int64_t at) const
    {
        using namespace promql;
        if (const auto* number = as<NumberLiteral>(&expr))
            return { { {}, number->value } };
        if (const auto* paren = as<ParenExpr>(&expr))
            return evaluate(*paren->expr, at);
        if (const auto* selector = as<VectorSelector>(&expr))
            return newest(*selector, at);
        if (const auto* unary = as<UnaryExpr>(&expr)) {
            NaiveVector result = evaluate(*unary->expr, at);
            for (NaiveSample& sample : result)
                sample = { nameless(sample.labels), -sample.value };
            return result;
        }
        if (const auto* call = as<Call>(&expr))
            return function(*call, at);
        if (const auto* aggregate = as<AggregateExpr>(&expr))
            return aggregation(*aggregate, at);
        if (const auto* binary = as<BinaryExpr>(&expr))
            return operation(*binary, at);
        throw std::logic_error("the naive evaluator does not know this");
    }

    static int64_t shifted(const promql::TimeModifier& time, int64_t at)
    {
        const int64_t base = time.timestampMs ? *time.timestampMs : at;
        return base
            - std::chrono::duration_cast<std::chrono::milliseconds>(time.originalOffset).count();
    }

    std::vector<storage::SeriesSlice> read(const promql::VectorSelector& selector) const
    {
        return m_storage.select(selector.matchers, { INT64_MIN / 2, INT64_MAX / 2 }, {}).value();
    }

    NaiveVector newest(const promql::VectorSelector& selector, int64_t at) const
    {
        const int64_t reference = shifted(selector.time, at);
        NaiveVector result;
        for (const auto& slice : read(selector)) {
            std::optional<Point> last;
            for (size_t i = 0; i < slice.values.size(); ++i) {
                if (slice.timestampsMs[i] <= reference)
                    last = { slice.timestampsMs[i], slice.values[i] };
            }
            if (last && last->at > reference - 300'000 && !storage::isStaleMarker(last->value))
                result.push_back({ slice.labels, last->value });
        }
        return result;
    }

    Range range(const promql::Expr& expr, int64_t at, int64_t& start, int64_t& end) const
    {
        Range result;
        if (const auto* matrix = promql::as<promql::MatrixSelector>(&expr)) {
            end = shifted(matrix->vector().time, at);
            start
                = end - std::chrono::duration_cast<std::chrono::milliseconds>(matrix->span).count();
            for (const auto& slice : read(matrix->vector())) {
                std::vector<Point> points;
                for (size_t i = 0; i < slice.values.size(); ++i) {
                    const int64_t time = slice.timestampsMs[i];
                    if (time > start && time <= end && !storage::isStaleMarker(slice.values[i]))
                        points.push_back({ time, slice.values[i] });
                }
                if (!points.empty())
                    result.emplace_back(slice.labels, points);
            }
            return result;
        }
        const auto& subquery = static_cast<const promql::Subquery&>(expr);
        end = shifted(subquery.time, at);
        start = end - std::chrono::duration_cast<std::chrono::milliseconds>(subquery.span).count();
        int64_t step = std::chrono::duration_cast<std::chrono::milliseconds>(subquery.step).count();
        if (step == 0)
            step = 60'000;
        std::map<labels::Labels, std::vector<Point>> series;
        for (int64_t time = start + 1; time <= end; ++time) {
            if (time % step != 0) {
                time += step - 1 - (time % step + step) % step;
                continue;
            }
            for (const NaiveSample& sample : evaluate(*subquery.expr, time))
                series[sample.labels].push_back({ time, sample.value });
        }
        return { series.begin(), series.end() };
    }

    static std::optional<double> rate(
        const std::vector<Point>& points, int64_t start, int64_t end, bool counter, bool perSecond)
    {
        if (points.size() < 2)
            return std::nullopt;
        double increase = points.back().value - points.front().value;
        for (size_t i = 1; counter && i < points.size(); ++i)
            increase += points[i].value < points[i - 1].value ? points[i - 1].value : 0;
        const double sampled = static_cast<double>(points.back().at - points.front().at) / 1000;
        const double average = sampled / static_cast<double>(points.size() - 1);
        double before = static_cast<double>(points.front().at - start) / 1000;
        double after = static_cast<double>(end - points.back().at) / 1000;
        if (before >= 1.1 * average)
            before = average / 2;
        if (counter && increase > 0 && points.front().value >= 0)
            before = std::min(before, sampled * (points.front().value / increase));
        if (after >= 1.1 * average)
            after = average / 2;
        const double extended = increase * ((sampled + before + after) / sampled);
        return perSecond ? extended / (static_cast<double>(end - start) / 1000) : extended;
    }

    NaiveVector function(const promql::Call& call, int64_t at) const
    {
        const std::string_view name = call.function->name;
        if (name == "time")
            return { { {}, static_cast<double>(at) / 1000 } };
        if (name == "abs" || name == "floor") {
            NaiveVector result = evaluate(*call.arguments[0], at);
            for (NaiveSample& sample : result)
                sample = { nameless(sample.labels),
                    name == "abs" ? std::fabs(sample.value) : std::floor(sample.value) };
            return result;
        }
        int64_t start = 0;
        int64_t end = 0;
        NaiveVector result;
        for (const auto& [labels, points] : range(*call.arguments[0], at, start, end)) {
            if (const auto value = overRange(name, points, start, end))
                result.push_back({ name == "last_over_time" ? labels : nameless(labels), *value });
        }
        return result;
    }

    static std::optional<double> overRange(
        std::string_view name, const std::vector<Point>& points, int64_t start, int64_t end)
    {
        if (name == "rate" || name == "increase" || name == "delta")
            return rate(points, start, end, name != "delta", name == "rate");
        double sum = 0;
        double low = points.front().value;
        double high = low;
        double changes = 0;
        for (size_t i = 0; i < points.size(); ++i) {
            sum += points[i].value;
            low = std::min(low, points[i].value);
            high = std::max(high, points[i].value);
            changes += i > 0 && points[i].value != points[i - 1].value ? 1 : 0;
        }
        const auto count = static_cast<double>(points.size());
        const std::map<std::string_view, double> values { { "sum_over_time", sum },
            { "avg_over_time", sum / count }, { "min_over_time", low }, { "max_over_time", high },
            { "count_over_time", count }, { "last_over_time", points.back().value },
            { "changes", changes } };
        return values.at(name);
    }

    NaiveVector aggregation(const promql::AggregateExpr& expr, int64_t at) const
    {
        std::map<labels::Labels, std::vector<double>> groups;
        for (const NaiveSample& sample : evaluate(*expr.expr, at)) {
            std::vector<std::string> dropped = expr.grouping;
            dropped.emplace_back(labels::kMetricName);
            const labels::Labels key
                = expr.without ? sample.labels.without(dropped) : sample.labels.only(expr.grouping);
            groups[key].push_back(sample.value);
        }
        NaiveVector result;
        for (const auto& [labels, values] : groups)
            result.push_back({ labels, aggregated(expr.op, values) });
        return result;
    }

    static double aggregated(promql::AggregateOp op, const std::vector<double>& values)
    {
        double sum = 0;
        for (const double value : values)
            sum += value;
        const auto count = static_cast<double>(values.size());
        switch (op) {
        case promql::AggregateOp::Sum:
            return sum;
        case promql::AggregateOp::Avg:
            return sum / count;
        case promql::AggregateOp::Min:
            return *std::min_element(values.begin(), values.end());
        case promql::AggregateOp::Max:
            return *std::max_element(values.begin(), values.end());
        case promql::AggregateOp::Count:
            return count;
        default:
            throw std::logic_error("the naive evaluator does not know this aggregation");
        }
    }

    static bool holds(promql::BinaryOp op, double a, double b)
    {
        switch (op) {
        case promql::BinaryOp::Less:
            return a < b;
        case promql::BinaryOp::Greater:
            return a > b;
        case promql::BinaryOp::GreaterOrEqual:
            return a >= b;
        case promql::BinaryOp::NotEqual:
            return a != b;
        default:
            return true;
        }
    }

    static double arithmetic(promql::BinaryOp op, double a, double b)
    {
        switch (op) {
        case promql::BinaryOp::Add:
            return a + b;
        case promql::BinaryOp::Sub:
            return a - b;
        case promql::BinaryOp::Mul:
            return a * b;
        default:
            return a;
        }
    }

    NaiveVector operation(const promql::BinaryExpr& expr, int64_t at) const
    {
        using promql::ValueType;
        const NaiveVector left = evaluate(*expr.lhs, at);
        const NaiveVector right = evaluate(*expr.rhs, at);
        const bool compares = promql::isComparison(expr.op);
        if (promql::typeOf(*expr.lhs) == ValueType::Scalar
            && promql::typeOf(*expr.rhs) == ValueType::Scalar)
            return { { {}, arithmetic(expr.op, left[0].value, right[0].value) } };
        if (promql::typeOf(*expr.rhs) == ValueType::Scalar) {
            NaiveVector result;
            for (const NaiveSample& sample : left) {
                const double scalar = right[0].value;
                if (expr.returnBool)
                    result.push_back({ nameless(sample.labels),
                        holds(expr.op, sample.value, scalar) ? 1.0 : 0.0 });
                else if (compares && holds(expr.op, sample.value, scalar))
                    result.push_back(sample);
                else if (!compares)
                    result.push_back(
                        { nameless(sample.labels), arithmetic(expr.op, sample.value, scalar) });
            }
            return result;
        }
        return promql::isSetOperator(expr.op) ? sets(expr, left, right)
                                              : matched(expr, left, right);
    }

    static labels::Labels keyOf(
        const promql::VectorMatching& matching, const labels::Labels& labels)
    {
        std::vector<std::string> names = matching.matchingLabels;
        if (matching.on)
            return labels.only(names);
        names.emplace_back(labels::kMetricName);
        return labels.without(names);
    }

    static NaiveVector sets(
        const promql::BinaryExpr& expr, const NaiveVector& left, const NaiveVector& right)
    {
        const auto has = [&](const NaiveVector& vector, const labels::Labels& key) {
            return std::any_of(vector.begin(), vector.end(), [&](const NaiveSample& sample) {
                return keyOf(*expr.matching, sample.labels) == key;
            });
        };
        NaiveVector result;
        for (const NaiveSample& sample : left) {
            const bool other = has(right, keyOf(*expr.matching, sample.labels));
            if (expr.op == promql::BinaryOp::Or || other == (expr.op == promql::BinaryOp::And))
                result.push_back(sample);
        }
        for (const NaiveSample& sample : right) {
            if (expr.op == promql::BinaryOp::Or && !has(left, keyOf(*expr.matching, sample.labels)))
                result.push_back(sample);
        }
        return result;
    }

    static NaiveVector matched(
        const promql::BinaryExpr& expr, const NaiveVector& left, const NaiveVector& right)
    {
        const promql::VectorMatching& matching = *expr.matching;
        const bool grouped = matching.cardinality == promql::Cardinality::ManyToOne;
        if (left.empty() || right.empty())
            return {};
        std::map<labels::Labels, const NaiveSample*> partners;
        for (const NaiveSample& sample : right) {
            if (!partners.emplace(keyOf(matching, sample.labels), &sample).second)
                throw std::runtime_error("two partners");
        }
        NaiveVector result;
        std::set<labels::Labels> used;
        for (const NaiveSample& sample : left) {
            const labels::Labels key = keyOf(matching, sample.labels);
            const auto partner = partners.find(key);
            if (partner == partners.end())
                continue;
            if (!grouped && !used.insert(key).second)
                throw std::runtime_error("two matches");
            labels::Labels labels
                = promql::isComparison(expr.op) ? sample.labels : nameless(sample.labels);
            if (!grouped)
                labels = matching.on ? labels.only(matching.matchingLabels)
                                     : labels.without(matching.matchingLabels);
            if (holds(expr.op, sample.value, partner->second->value))
                result.push_back(
                    { labels, arithmetic(expr.op, sample.value, partner->second->value) });
        }
        return result;
    }

    const MemoryStorage& m_storage;
};

} // namespace fleetglass::test
