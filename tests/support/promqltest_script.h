// The statements of a promqltest script, read but not yet run. Values.
#pragma once

#include "core/base/result.h"
#include "core/promql/series_description.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace fleetglass::test {

struct LoadedSeries
{
    promql::SeriesDescription description;
    std::vector<std::optional<int64_t>> startOffsetsMs; // Empty, or one for each value.
};

struct LoadStatement
{
    int64_t stepMs = 0;
    bool withNhcb = false; // Classic histograms are also loaded as native ones with custom buckets.
    std::vector<LoadedSeries> series;
};

struct ClearStatement
{
};

enum class ExpectKind
{
    Fail,
    Warn,
    NoWarn,
    Info,
    NoInfo,
    Ordered
};

struct Expectation
{
    ExpectKind kind = ExpectKind::Fail;
    std::optional<std::string> message; // The whole text.
    std::optional<std::string> pattern; // Found inside.
    bool oldForm = false; // expected_fail_message, expected_fail_regexp.
};

struct ExpectedSeries
{
    labels::Labels labels;
    std::vector<promql::SequenceValue> values;
};

struct EvalStatement
{
    int line = 0;
    std::string command; // "eval", "eval_fail" ...
    std::string query;
    bool instant = true;
    int64_t startMs = 0; // Of an instant query as well.
    int64_t endMs = 0;
    int64_t stepMs = 0;

    std::vector<Expectation> expectations;
    std::vector<ExpectedSeries> series;
    std::optional<promql::SequenceValue> scalar;
    std::optional<std::string> text;
    bool rangeVector = false; // "expect range vector": the series lie on a grid of their own.
    int64_t gridStartMs = 0;
    int64_t gridEndMs = 0;
    int64_t gridStepMs = 0;

    bool expects(ExpectKind kind) const;
};

using Statement = std::variant<ClearStatement, LoadStatement, EvalStatement>;

Result<std::vector<Statement>> parseScript(std::string_view script);

} // namespace fleetglass::test
