// Rules as in the series part of Prometheus 3.14's promql/parser/generated_parser.y.
#include "core/promql/series_description.h"

#include "core/histogram/accumulator.h"
#include "core/promql/literals.h"
#include "core/promql/parser_impl.h"
#include "core/storage/sample.h"

#include <limits>
#include <set>

namespace fleetglass::promql {

namespace {

using enum TokenType;
using histogram::Histogram;
using histogram::HistogramPtr;

struct HistogramLiteral
{
    Histogram value;
    bool hasResetHint = false;
};

// A literal while its keys are read.
struct Draft
{
    HistogramLiteral literal;
    int64_t offset = 0;
    int64_t negativeOffset = 0;
    std::set<std::string_view> keys;
};

std::string_view keyName(TokenType key)
{
    switch (key) {
    case SchemaDesc:
        return "schema";
    case SumDesc:
        return "sum";
    case CountDesc:
        return "count";
    case ZeroBucketDesc:
        return "z_bucket";
    case ZeroBucketWidthDesc:
        return "z_bucket_w";
    case CustomValuesDesc:
        return "custom_values";
    case BucketsDesc:
        return "buckets";
    case OffsetDesc:
        return "offset";
    case NegativeBucketsDesc:
        return "n_buckets";
    case NegativeOffsetDesc:
        return "n_offset";
    case CounterResetHintDesc:
        return "counter_reset_hint";
    default:
        return "";
    }
}

bool isKey(TokenType type)
{
    return type > HistogramDescStart && type < HistogramDescEnd;
}

histogram::ResetHint hintFor(TokenType type)
{
    switch (type) {
    case CounterReset:
        return histogram::ResetHint::Reset;
    case NotCounterReset:
        return histogram::ResetHint::NotReset;
    case GaugeType:
        return histogram::ResetHint::Gauge;
    default:
        return histogram::ResetHint::Unknown;
    }
}

class SeriesParser : private Parser
{
public:
    SeriesParser(std::string_view text, const ParseOptions& options)
        : Parser(text, options, Lexer::Language::SeriesDescription)
    {
    }

    Parsed<SeriesDescription> run();

private:
    bool parseValues();
    bool parseItem();
    bool parseBlank();
    bool parseFloats();
    bool parseFloat(double& value);
    bool parseSigned(double& value);
    bool parseHistograms();
    bool parseHistogram(HistogramLiteral& literal);
    bool parseKeys(Draft& draft);
    bool parseKey(Draft& draft);
    bool parseKeyValue(TokenType key, Draft& draft);
    bool parseBuckets(std::vector<double>& buckets);
    bool parseWhole(int64_t& value);
    bool parseHint(HistogramLiteral& literal);
    bool parseTimes(uint64_t& count);
    bool expect(TokenType type);
    bool add(SequenceValue value, uint64_t count);
    void addSteps(
        const HistogramLiteral& base, const HistogramLiteral& step, bool adds, uint64_t times);
    bool atNumber() { return at(Number) || at(Duration); }

    SeriesDescription m_series;
};

Parsed<SeriesDescription> SeriesParser::run()
{
    Parsed<SeriesDescription> parsed;
    if (!aborted())
        finish(parseMetric(m_series.labels) && parseValues());
    parsed.value = std::move(m_series);
    parsed.errors = takeErrors();
    return parsed;
}

bool SeriesParser::expect(TokenType type)
{
    while (!at(type)) {
        if (!retry())
            return false;
    }
    shift();
    return true;
}

bool SeriesParser::add(SequenceValue value, uint64_t count)
{
    if (count > kSeriesValuesMax || m_series.values.size() + count > kSeriesValuesMax) {
        addLimit(
            "series stands for more values than the limit of " + std::to_string(kSeriesValuesMax));
        return false;
    }
    m_series.values.insert(m_series.values.end(), static_cast<size_t>(count), value);
    return true;
}

bool SeriesParser::parseValues()
{
    while (at(Space)) {
        shift();
        const bool startsItem = !atEnd()
            && (at(Blank) || at(Identifier) || atNumber() || at(Add) || at(Sub) || at(OpenHist));
        if (!startsItem || parseItem())
            continue;
        // The values as a whole take the error and begin anew.
        if (!catchError())
            return false;
        unexpected("series values", "");
        m_series.values.clear();
    }
    return true;
}

bool SeriesParser::parseItem()
{
    if (at(Blank))
        return parseBlank();
    return at(OpenHist) ? parseHistograms() : parseFloats();
}

bool SeriesParser::parseBlank()
{
    shift();
    uint64_t count = 1;
    if (at(Times) && !parseTimes(count))
        return false;
    SequenceValue blank;
    blank.omitted = true;
    return add(std::move(blank), count);
}

// a, axN (N + 1 values), a+bxN, a-bxN.
bool SeriesParser::parseFloats()
{
    double value = 0;
    if (!parseFloat(value))
        return false;
    double step = 0;
    uint64_t times = 0;
    const bool steps = at(Add) || at(Sub);
    if (steps && !parseSigned(step))
        return false;
    if ((steps || at(Times)) && !parseTimes(times))
        return false;
    if (times >= kSeriesValuesMax)
        return add({}, times);
    for (uint64_t i = 0; i <= times; ++i) {
        SequenceValue item;
        item.value = value;
        if (!add(std::move(item), 1))
            return false;
        if (steps)
            value += step;
    }
    return true;
}

bool SeriesParser::parseFloat(double& value)
{
    if (at(Identifier)) {
        if (shift().text != "stale")
            unexpected("series values", "number or \"stale\"");
        value = storage::kStaleMarker;
        return true;
    }
    if (at(Add) || at(Sub))
        return parseSigned(value);
    value = numberOf(shift());
    return true;
}

bool SeriesParser::parseSigned(double& value)
{
    double sign = 1;
    if (at(Add) || at(Sub))
        sign = shift().type == Sub ? -1 : 1;
    while (!atNumber()) {
        if (!retry())
            return false;
    }
    value = sign * numberOf(shift());
    return true;
}

bool SeriesParser::parseTimes(uint64_t& count)
{
    if (!expect(Times))
        return false;
    while (!at(Number)) {
        if (!retry())
            return false;
    }
    const Token number = shift();
    const auto parsed = parseUnsigned(number.text);
    if (!parsed)
        addError(number.range(), "invalid repetition in series values: " + parsed.error().message);
    count = parsed.value_or(0);
    return true;
}

bool SeriesParser::parseHistograms()
{
    HistogramLiteral base;
    if (!parseHistogram(base))
        return false;
    uint64_t times = 0;
    if (at(Add) || at(Sub)) {
        const bool adds = shift().type == Add;
        HistogramLiteral step;
        while (!at(OpenHist)) {
            if (!retry())
                return false;
        }
        if (!parseHistogram(step) || !parseTimes(times))
            return false;
        addSteps(base, step, adds, times);
        return !aborted();
    }
    if (at(Times) && !parseTimes(times))
        return false;
    SequenceValue value;
    value.histogram = std::make_shared<const Histogram>(std::move(base.value));
    value.hasResetHint = base.hasResetHint;
    return times < kSeriesValuesMax ? add(std::move(value), times + 1)
                                    : add(std::move(value), times);
}

void SeriesParser::addSteps(
    const HistogramLiteral& base, const HistogramLiteral& step, bool adds, uint64_t times)
{
    SequenceValue value;
    value.hasResetHint = step.hasResetHint;
    value.histogram = std::make_shared<const Histogram>(base.value);
    if (!add(value, 1))
        return;
    for (uint64_t i = 0; i < times; ++i) {
        const Histogram& current = *value.histogram;
        if (current.schema > step.value.schema) {
            addError(newest(),
                "error combining histograms: cannot merge from schema "
                    + std::to_string(step.value.schema) + " to " + std::to_string(current.schema));
            return;
        }
        histogram::Accumulator sum(current);
        const auto outcome = adds ? sum.add(step.value) : sum.subtract(step.value);
        if (outcome.incompatible) {
            addError(
                newest(), "error combining histograms: cannot mix exponential and custom buckets");
            return;
        }
        value.histogram = std::make_shared<const Histogram>(sum.total());
        if (!add(value, 1))
            return;
    }
}

bool SeriesParser::parseHistogram(HistogramLiteral& literal)
{
    shift(); // {{
    Draft draft;
    if (at(Space)) {
        shift();
    } else if (!at(CloseHist) && !parseKeys(draft)) {
        return false;
    }
    if (!expect(CloseHist))
        return false;
    literal = std::move(draft.literal);
    Histogram& value = literal.value;
    const auto spansOf = [](int64_t offset, const std::vector<double>& buckets) {
        std::vector<histogram::Span> spans;
        if (!buckets.empty())
            spans.push_back(
                { static_cast<int32_t>(offset), static_cast<uint32_t>(buckets.size()) });
        return spans;
    };
    value.positiveSpans = spansOf(draft.offset, value.positiveBuckets);
    value.negativeSpans = spansOf(draft.negativeOffset, value.negativeBuckets);
    return true;
}

// Up to the }}.
bool SeriesParser::parseKeys(Draft& draft)
{
    if (!parseKey(draft))
        return false;
    while (!at(CloseHist)) {
        if (at(Space)) {
            shift();
            if (at(CloseHist))
                break;
            if (!parseKey(draft)) {
                if (!catchError())
                    return false;
                unexpected(
                    "histogram description", "histogram description key, e.g. buckets:[5 10 7]");
            }
            continue;
        }
        if (retry())
            continue;
        if (!catchError())
            return false;
        unexpected("histogram description", "histogram description key, e.g. buckets:[5 10 7]");
    }
    return true;
}

bool SeriesParser::parseKey(Draft& draft)
{
    while (atEnd() || !isKey(peek().type)) {
        if (!retry())
            return false;
    }
    const TokenType key = shift().type;
    if (!expect(Colon))
        return false;
    if (draft.keys.insert(keyName(key)).second)
        return parseKeyValue(key, draft);
    Draft ignored;
    if (!parseKeyValue(key, ignored))
        return false;
    addError({}, "duplicate key \"" + std::string(keyName(key)) + "\" in histogram");
    return true;
}

bool SeriesParser::parseKeyValue(TokenType key, Draft& draft)
{
    Histogram& value = draft.literal.value;
    int64_t schema = 0;
    switch (key) {
    case SchemaDesc:
        if (!parseWhole(schema))
            return false;
        value.schema = static_cast<int32_t>(schema);
        return true;
    case SumDesc:
        return parseSigned(value.sum);
    case CountDesc:
        return parseSigned(value.count);
    case ZeroBucketDesc:
        return parseSigned(value.zeroCount);
    case ZeroBucketWidthDesc:
        while (!atNumber()) {
            if (!retry())
                return false;
        }
        value.zeroThreshold = numberOf(shift());
        return true;
    case CustomValuesDesc:
        return parseBuckets(value.customValues);
    case BucketsDesc:
        return parseBuckets(value.positiveBuckets);
    case NegativeBucketsDesc:
        return parseBuckets(value.negativeBuckets);
    case OffsetDesc:
        return parseWhole(draft.offset);
    case NegativeOffsetDesc:
        return parseWhole(draft.negativeOffset);
    default:
        return parseHint(draft.literal);
    }
}

bool SeriesParser::parseBuckets(std::vector<double>& buckets)
{
    if (!expect(LeftBracket))
        return false;
    double bucket = 0;
    if (!parseSigned(bucket))
        return false;
    buckets.push_back(bucket);
    while (!at(RightBracket)) {
        if (at(Space)) {
            shift();
            if (at(RightBracket))
                break;
            if (!parseSigned(bucket)) {
                if (!catchError())
                    return false;
                continue;
            }
            buckets.push_back(bucket);
            continue;
        }
        // Upstream's rule for this place takes the error without a word; we have one.
        if (retry())
            continue;
        if (!catchError())
            return false;
        unexpected("histogram buckets", "number or \"]\"");
    }
    shift();
    return true;
}

bool SeriesParser::parseWhole(int64_t& value)
{
    const bool negative = at(Sub);
    if (negative)
        shift();
    while (!at(Number)) {
        if (!retry())
            return false;
    }
    const Token number = shift();
    const auto parsed = parseUnsigned(number.text);
    const bool fits
        = parsed && *parsed <= static_cast<uint64_t>(std::numeric_limits<int32_t>::max());
    if (!parsed)
        addError(number.range(), "invalid repetition in series values: " + parsed.error().message);
    else if (!fits)
        addError(number.range(), "number out of range in histogram: " + std::string(number.text));
    value = fits ? static_cast<int64_t>(*parsed) * (negative ? -1 : 1) : 0;
    return true;
}

bool SeriesParser::parseHint(HistogramLiteral& literal)
{
    const auto isHint = [](TokenType type) {
        return type > CounterResetHintsStart && type < CounterResetHintsEnd;
    };
    while (atEnd() || !isHint(peek().type)) {
        if (!retry())
            return false;
    }
    literal.value.resetHint = hintFor(shift().type);
    literal.hasResetHint = true;
    return true;
}

} // namespace

Parsed<SeriesDescription> parseSeriesDescription(std::string_view text, const ParseOptions& options)
{
    return SeriesParser(text, options).run();
}

} // namespace fleetglass::promql
