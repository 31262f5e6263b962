#include "tests/support/promqltest_compare.h"

#include "core/base/number.h"
#include "core/histogram/arithmetic.h"
#include "core/regex/regex.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace fleetglass::test {

namespace {

using histogram::Histogram;
using promql::MatrixSeries;
using promql::SequenceValue;

constexpr double kTolerance = 1e-6;

bool almostEqual(double a, double b)
{
    if (a == b || (std::isnan(a) && std::isnan(b)))
        return true;
    const double sum = std::fabs(a) + std::fabs(b);
    const double difference = std::fabs(a - b);
    constexpr double kSmallestNormal = 2.2250738585072014e-308;
    if (a == 0 || b == 0 || sum < kSmallestNormal)
        return difference < kTolerance * kSmallestNormal;
    return difference / std::min(sum, 1.7976931348623157e308) < kTolerance;
}

bool almostEqual(const std::vector<double>& a, const std::vector<double>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
        [](double x, double y) { return almostEqual(x, y); });
}

bool sameHistogram(const SequenceValue& expected, const Histogram& actual)
{
    const Histogram a = histogram::compacted(*expected.histogram);
    const Histogram b = histogram::compacted(actual);
    if (expected.hasResetHint && a.resetHint != b.resetHint)
        return false;
    return a.schema == b.schema && almostEqual(a.count, b.count) && almostEqual(a.sum, b.sum)
        && a.zeroThreshold == b.zeroThreshold && almostEqual(a.zeroCount, b.zeroCount)
        && a.positiveSpans == b.positiveSpans && a.negativeSpans == b.negativeSpans
        && almostEqual(a.positiveBuckets, b.positiveBuckets)
        && almostEqual(a.negativeBuckets, b.negativeBuckets)
        && almostEqual(a.customValues, b.customValues);
}

std::string number(double value)
{
    return formatFloatShort(value);
}

// Go's %f.
std::string fixed(double value)
{
    if (!std::isfinite(value))
        return formatFloat(value);
    char text[400];
    std::snprintf(text, sizeof text, "%f", value);
    return text;
}

std::string show(const SequenceValue& value)
{
    if (value.omitted)
        return "_";
    return value.histogram ? promql::printHistogram(*value.histogram) : fixed(value.value);
}

std::string plural(size_t count, const std::string& noun)
{
    return std::to_string(count) + ' ' + noun + (count == 1 ? "" : "s");
}

std::string show(const MatrixSeries& series)
{
    std::string floats;
    for (size_t i = 0; i < series.values.size(); ++i)
        floats += (i > 0 ? " " : "") + formatFloat(series.values[i]) + " @["
            + std::to_string(series.timestampsMs[i]) + ']';
    std::string histograms;
    for (const auto& point : series.histograms)
        histograms += (histograms.empty() ? "" : " ") + promql::printHistogram(*point.histogram)
            + " @[" + std::to_string(point.timestampMs) + ']';
    return plural(series.values.size(), "float point") + " [" + floats + "] and "
        + plural(series.histograms.size(), "histogram point") + " [" + histograms + ']';
}

const ExpectedSeries* find(const EvalStatement& eval, const labels::Labels& labels)
{
    const auto found = std::find_if(eval.series.begin(), eval.series.end(),
        [&](const ExpectedSeries& series) { return series.labels == labels; });
    return found == eval.series.end() ? nullptr : &*found;
}

struct Grid
{
    int64_t startMs = 0;
    int64_t endMs = 0;
    int64_t stepMs = 1;
};

struct ExpectedPoint
{
    int64_t timestampMs = 0;
    const SequenceValue* value = nullptr;
};

std::optional<std::string> compareHistograms(
    const MatrixSeries& actual, const std::vector<ExpectedPoint>& expected, const std::string& name)
{
    for (size_t i = 0; i < expected.size(); ++i) {
        const auto& point = actual.histograms[i];
        const std::string at = "expected histogram value at index " + std::to_string(i);
        if (point.timestampMs != expected[i].timestampMs)
            return at + " for " + name + " to have timestamp "
                + std::to_string(expected[i].timestampMs) + ", but it had timestamp "
                + std::to_string(point.timestampMs) + " (result has " + show(actual) + ')';
        if (!sameHistogram(*expected[i].value, *point.histogram))
            return at + " (t=" + std::to_string(point.timestampMs) + ") for " + name + " to be "
                + show(*expected[i].value) + ", but got " + promql::printHistogram(*point.histogram)
                + " (result has " + show(actual) + ')';
    }
    return std::nullopt;
}

std::optional<std::string> compareFloats(
    const MatrixSeries& actual, const std::vector<ExpectedPoint>& expected, const std::string& name)
{
    for (size_t i = 0; i < expected.size(); ++i) {
        const std::string at = "expected float value at index " + std::to_string(i);
        const int64_t time = actual.timestampsMs[i];
        if (time != expected[i].timestampMs)
            return at + " for " + name + " to have timestamp "
                + std::to_string(expected[i].timestampMs) + ", but it had timestamp "
                + std::to_string(time) + " (result has " + show(actual) + ')';
        if (!almostEqual(actual.values[i], expected[i].value->value))
            return at + " (t=" + std::to_string(time) + ") for " + name + " to be "
                + number(expected[i].value->value) + ", but got " + number(actual.values[i])
                + " (result has " + show(actual) + ')';
    }
    return std::nullopt;
}

std::optional<std::string> compareSeries(
    const MatrixSeries& actual, const ExpectedSeries& expected, const Grid& grid)
{
    const std::string name = expected.labels.toString();
    std::vector<ExpectedPoint> floats;
    std::vector<ExpectedPoint> histograms;
    for (size_t i = 0; i < expected.values.size(); ++i) {
        const int64_t at = grid.startMs + static_cast<int64_t>(i) * grid.stepMs;
        if (at > grid.endMs)
            return "expected " + std::to_string(expected.values.size()) + " points for " + name
                + ", but query time range cannot return this many points";
        const SequenceValue& value = expected.values[i];
        if (value.histogram)
            histograms.push_back({ at, &value });
        else if (!value.omitted)
            floats.push_back({ at, &value });
    }
    if (floats.size() != actual.values.size() || histograms.size() != actual.histograms.size())
        return "expected " + plural(floats.size(), "float point") + " and "
            + plural(histograms.size(), "histogram point") + " for " + name + ", but got "
            + show(actual);
    if (auto difference = compareFloats(actual, floats, name))
        return difference;
    return compareHistograms(actual, histograms, name);
}

std::optional<std::string> compareMatrix(
    const EvalStatement& eval, const std::vector<MatrixSeries>& matrix, const Grid& grid)
{
    if (eval.scalar) {
        std::string text;
        for (const MatrixSeries& series : matrix) {
            text += series.labels.toString() + " =>";
            for (size_t i = 0; i < series.values.size(); ++i)
                text += '\n' + number(series.values[i]) + " @["
                    + std::to_string(series.timestampsMs[i]) + ']';
        }
        return "expected scalar result, but got matrix " + text;
    }
    if (!std::is_sorted(matrix.begin(), matrix.end(),
            [](const auto& a, const auto& b) { return a.labels < b.labels; }))
        return "matrix results should always be sorted by labels";
    for (const MatrixSeries& series : matrix) {
        const ExpectedSeries* expected = find(eval, series.labels);
        if (!expected)
            return "unexpected metric " + series.labels.toString() + " in result, has "
                + show(series);
        if (auto difference = compareSeries(series, *expected, grid))
            return difference;
    }
    for (const ExpectedSeries& expected : eval.series) {
        const bool seen = std::any_of(matrix.begin(), matrix.end(),
            [&](const auto& series) { return series.labels == expected.labels; });
        if (!seen)
            return "expected metric " + expected.labels.toString() + " not found";
    }
    return std::nullopt;
}

std::optional<std::string> compareSample(
    const promql::VectorSample& actual, const SequenceValue& expected)
{
    const std::string name = actual.labels.toString();
    if (!expected.histogram && actual.histogram)
        return "expected float value " + fixed(expected.value) + " for " + name
            + " but got histogram " + promql::printHistogram(*actual.histogram);
    if (expected.histogram && !actual.histogram)
        return "expected histogram " + show(expected) + " for " + name + " but got float value "
            + number(actual.value);
    if (expected.histogram)
        return sameHistogram(expected, *actual.histogram)
            ? std::nullopt
            : std::optional("expected " + show(expected) + " for " + name + " but got "
                + promql::printHistogram(*actual.histogram));
    if (!almostEqual(actual.value, expected.value))
        return "expected " + number(expected.value) + " for " + name + " but got "
            + number(actual.value);
    return std::nullopt;
}

std::string showExpected(const EvalStatement& eval, const ExpectedSeries& series)
{
    std::string text = std::to_string(&series - eval.series.data() + 1) + ": [";
    for (const SequenceValue& value : series.values)
        text += (&value == series.values.data() ? "" : " ") + show(value);
    return text + ']';
}

std::optional<std::string> compareVector(
    const EvalStatement& eval, const std::vector<promql::VectorSample>& vector)
{
    if (eval.scalar) {
        std::string text;
        for (const auto& sample : vector)
            text += (text.empty() ? "" : "\n") + sample.labels.toString() + " => "
                + number(sample.value) + " @[" + std::to_string(sample.timestampMs) + ']';
        return "expected scalar result, but got vector " + text;
    }
    std::vector<bool> seen(eval.series.size(), false);
    for (size_t position = 0; position < vector.size(); ++position) {
        const auto& sample = vector[position];
        const ExpectedSeries* expected = find(eval, sample.labels);
        if (!expected || expected->values.empty())
            return "unexpected metric " + sample.labels.toString() + " in result, has value "
                + (sample.histogram ? promql::printHistogram(*sample.histogram)
                                    : number(sample.value));
        const auto index = static_cast<size_t>(expected - eval.series.data());
        if (eval.expects(ExpectKind::Ordered) && index != position)
            return "expected metric " + sample.labels.toString() + " with "
                + showExpected(eval, *expected) + " at position " + std::to_string(index + 1)
                + " but was at " + std::to_string(position + 1);
        if (auto difference = compareSample(sample, expected->values.front()))
            return difference;
        if (seen[index])
            return "metric " + sample.labels.toString() + " stands twice in the result";
        seen[index] = true;
    }
    for (size_t i = 0; i < seen.size(); ++i) {
        if (!seen[i])
            return "expected metric " + eval.series[i].labels.toString() + " with "
                + showExpected(eval, eval.series[i]) + " not found";
    }
    return std::nullopt;
}

std::optional<std::string> compareScalar(
    const EvalStatement& eval, const promql::QueryResult& result)
{
    if (!eval.scalar)
        return "expected vector or matrix result, but got scalar: " + number(result.scalar) + " @["
            + std::to_string(result.timestampMs) + ']';
    if (!almostEqual(eval.scalar->value, result.scalar))
        return "expected scalar " + number(eval.scalar->value) + " but got "
            + number(result.scalar);
    return std::nullopt;
}

} // namespace

std::optional<std::string> compareResult(
    const EvalStatement& eval, const promql::QueryResult& result)
{
    if (eval.text && result.type != promql::ValueType::String)
        return "expected string result, but got another type";
    switch (result.type) {
    case promql::ValueType::Scalar:
        return compareScalar(eval, result);
    case promql::ValueType::String:
        if (!eval.text)
            return "expected a result of another type, but got string "
                + labels::quote(result.text);
        if (*eval.text != result.text)
            return "expected string " + labels::quote(*eval.text) + " but got "
                + labels::quote(result.text);
        return std::nullopt;
    case promql::ValueType::Vector:
        return compareVector(eval, result.vector);
    default:
        break;
    }
    if (eval.instant)
        return compareMatrix(
            eval, result.matrix, { eval.gridStartMs, eval.gridEndMs, eval.gridStepMs });
    return compareMatrix(eval, result.matrix, { eval.startMs, eval.endMs, eval.stepMs });
}

namespace {

std::string place(const EvalStatement& eval)
{
    return labels::quote(eval.query) + " (line " + std::to_string(eval.line) + ')';
}

std::string show(const std::vector<std::string>& annotations)
{
    std::string text = "[";
    for (const std::string& annotation : annotations)
        text += (text.size() > 1 ? " " : "") + annotation;
    return text + ']';
}

bool matches(const Expectation& expectation, const std::string& text)
{
    if (expectation.message)
        return text == *expectation.message;
    if (!expectation.pattern)
        return true;
    const auto pattern = regex::Regex::compile(*expectation.pattern);
    return pattern && pattern->matches(text);
}

std::string showPattern(const Expectation& expectation)
{
    return expectation.message ? "message " + labels::quote(*expectation.message)
                               : "pattern " + labels::quote(*expectation.pattern);
}

struct AnnotationKind
{
    ExpectKind wanted;
    ExpectKind unwanted;
    std::string word; // "warn"
    std::string noun; // "warning"
};

std::optional<std::string> compareKind(
    const EvalStatement& eval, const std::vector<std::string>& found, const AnnotationKind& kind)
{
    if (eval.expects(kind.unwanted) && !found.empty())
        return "unexpected " + kind.noun + " annotations evaluating query " + place(eval) + ": "
            + show(found);
    if (!eval.expects(kind.wanted))
        return std::nullopt;
    if (found.empty())
        return "expected " + kind.word + " annotations but none were found for query "
            + place(eval);
    bool anyText = false;
    for (const Expectation& expectation : eval.expectations) {
        if (expectation.kind != kind.wanted)
            continue;
        anyText = anyText || !expectation.oldForm;
        const bool matched = std::any_of(found.begin(), found.end(),
            [&](const std::string& text) { return matches(expectation, text); });
        if (!matched)
            return "expected " + kind.word + " annotation matching " + showPattern(expectation)
                + " but no matching annotation was found for query " + place(eval)
                + ", found: " + show(found);
    }
    for (const std::string& text : found) {
        const bool expected = std::any_of(eval.expectations.begin(), eval.expectations.end(),
            [&](const Expectation& e) { return e.kind == kind.wanted && matches(e, text); });
        if (anyText && !expected)
            return "unexpected " + kind.word + " annotation \"" + text + "\" found for query "
                + place(eval);
    }
    return std::nullopt;
}

} // namespace

std::optional<std::string> compareAnnotations(
    const EvalStatement& eval, const promql::QueryResult& result)
{
    if (auto difference = compareKind(
            eval, result.warnings, { ExpectKind::Warn, ExpectKind::NoWarn, "warn", "warning" }))
        return difference;
    return compareKind(
        eval, result.infos, { ExpectKind::Info, ExpectKind::NoInfo, "info", "info" });
}

std::optional<std::string> compareFailure(const EvalStatement& eval, const std::string& message)
{
    for (const Expectation& expectation : eval.expectations) {
        if (expectation.kind != ExpectKind::Fail || matches(expectation, message))
            continue;
        const std::string but = " evaluating query " + place(eval) + ", but got: " + message;
        if (!expectation.oldForm)
            return "expected error matching "
                + labels::quote(expectation.message ? *expectation.message : *expectation.pattern)
                + but;
        if (expectation.message)
            return "expected error " + labels::quote(*expectation.message) + but;
        return "expected error matching pattern " + labels::quote(*expectation.pattern) + but;
    }
    return std::nullopt;
}

} // namespace fleetglass::test
