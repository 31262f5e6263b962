#include "core/promql/token.h"

#include "core/base/utf8.h"
#include "core/labels/labels.h"

#include <algorithm>
#include <array>
#include <span>

namespace fleetglass::promql {

namespace {

using enum TokenType;

struct Word
{
    std::string_view text;
    TokenType type;
};

constexpr std::array kKeywords = {
    Word { "and", Land },
    Word { "or", Lor },
    Word { "unless", Lunless },
    Word { "atan2", Atan2 },
    Word { "sum", Sum },
    Word { "avg", Avg },
    Word { "count", Count },
    Word { "min", Min },
    Word { "max", Max },
    Word { "group", Group },
    Word { "stddev", Stddev },
    Word { "stdvar", Stdvar },
    Word { "topk", Topk },
    Word { "bottomk", Bottomk },
    Word { "count_values", CountValues },
    Word { "quantile", Quantile },
    Word { "limitk", Limitk },
    Word { "limit_ratio", LimitRatio },
    Word { "offset", Offset },
    Word { "smoothed", Smoothed },
    Word { "anchored", Anchored },
    Word { "by", By },
    Word { "without", Without },
    Word { "on", On },
    Word { "ignoring", Ignoring },
    Word { "group_left", GroupLeft },
    Word { "group_right", GroupRight },
    Word { "fill", Fill },
    Word { "fill_left", FillLeft },
    Word { "fill_right", FillRight },
    Word { "bool", Bool },
    Word { "start", Start },
    Word { "end", End },
    Word { "step", Step },
    Word { "range", Range },
    Word { "max_of", MaxOf },
    Word { "min_of", MinOf },
    Word { "inf", Number },
    Word { "nan", Number },
};

constexpr std::array kHistogramKeys = {
    Word { "sum", SumDesc },
    Word { "count", CountDesc },
    Word { "schema", SchemaDesc },
    Word { "offset", OffsetDesc },
    Word { "n_offset", NegativeOffsetDesc },
    Word { "buckets", BucketsDesc },
    Word { "n_buckets", NegativeBucketsDesc },
    Word { "z_bucket", ZeroBucketDesc },
    Word { "z_bucket_w", ZeroBucketWidthDesc },
    Word { "custom_values", CustomValuesDesc },
    Word { "counter_reset_hint", CounterResetHintDesc },
};

constexpr std::array kResetHints = {
    Word { "unknown", UnknownCounterReset },
    Word { "reset", CounterReset },
    Word { "not_reset", NotCounterReset },
    Word { "gauge", GaugeType },
};

// Tokens that messages show by their text alone.
constexpr std::array kSigns = { OpenHist, CloseHist, LeftParen, RightParen, LeftBrace, RightBrace,
    LeftBracket, RightBracket, Comma, Eql, Colon, Semicolon, Blank, Times, Space, Sub, Add, Mul,
    Mod, Div, Eqlc, Neq, Lte, Lss, Gte, Gtr, EqlRegex, NeqRegex, Pow, At, TrimUpper, TrimLower };

constexpr std::array<std::string_view, static_cast<size_t>(CounterResetHintsEnd) + 1> kGrammarNames
    = { "EQL", "BLANK", "COLON", "COMMA", "COMMENT", "DURATION", "EOF", "ERROR", "IDENTIFIER",
          "LEFT_BRACE", "LEFT_BRACKET", "LEFT_PAREN", "OPEN_HIST", "CLOSE_HIST",
          "METRIC_IDENTIFIER", "NUMBER", "RIGHT_BRACE", "RIGHT_BRACKET", "RIGHT_PAREN", "SEMICOLON",
          "SPACE", "STRING", "TIMES", "", "SUM_DESC", "COUNT_DESC", "SCHEMA_DESC", "OFFSET_DESC",
          "NEGATIVE_OFFSET_DESC", "BUCKETS_DESC", "NEGATIVE_BUCKETS_DESC", "ZERO_BUCKET_DESC",
          "ZERO_BUCKET_WIDTH_DESC", "CUSTOM_VALUES_DESC", "COUNTER_RESET_HINT_DESC", "", "", "ADD",
          "DIV", "EQLC", "EQL_REGEX", "GTE", "GTR", "LAND", "LOR", "LSS", "LTE", "LUNLESS", "MOD",
          "MUL", "NEQ", "NEQ_REGEX", "POW", "SUB", "AT", "ATAN2", "TRIM_UPPER", "TRIM_LOWER", "",
          "", "AVG", "BOTTOMK", "COUNT", "COUNT_VALUES", "GROUP", "MAX", "MIN", "QUANTILE",
          "STDDEV", "STDVAR", "SUM", "TOPK", "LIMITK", "LIMIT_RATIO", "", "", "BOOL", "BY",
          "GROUP_LEFT", "GROUP_RIGHT", "FILL", "FILL_LEFT", "FILL_RIGHT", "IGNORING", "OFFSET",
          "SMOOTHED", "ANCHORED", "ON", "WITHOUT", "", "", "START", "END", "STEP", "RANGE",
          "MAX_OF", "MIN_OF", "", "", "UNKNOWN_COUNTER_RESET", "COUNTER_RESET", "NOT_COUNTER_RESET",
          "GAUGE_TYPE", "" };

static_assert(kGrammarNames[static_cast<size_t>(GaugeType)] == "GAUGE_TYPE");

bool equalsFolded(std::string_view word, std::string_view lower)
{
    return word.size() == lower.size()
        && std::equal(word.begin(), word.end(), lower.begin(), [](char a, char b) {
               return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + ('a' - 'A')) : a) == b;
           });
}

std::optional<TokenType> find(std::span<const Word> words, std::string_view word)
{
    for (const Word& candidate : words) {
        if (equalsFolded(word, candidate.text))
            return candidate.type;
    }
    return std::nullopt;
}

bool hasFixedText(TokenType type)
{
    const bool isSign = std::find(kSigns.begin(), kSigns.end(), type) != kSigns.end();
    const bool isWord = std::any_of(kKeywords.begin(), kKeywords.end(),
        [&](const Word& word) { return word.type == type && type != Number; });
    return isSign || isWord;
}

// The kind of a token whose text can be anything.
std::string describeKind(TokenType type)
{
    switch (type) {
    case Error:
        return "error";
    case Eof:
        return "end of input";
    case Comment:
        return "comment";
    case Identifier:
        return "identifier";
    case MetricIdentifier:
        return "metric identifier";
    case String:
        return "string";
    case Number:
        return "number";
    case Duration:
        return "duration";
    default:
        // The number goyacc gives the token: user tokens start at 57346.
        return "\"<Item " + std::to_string(57346 + static_cast<int>(type)) + ">\"";
    }
}

// Go's %.10q: the first ten characters, quoted.
std::string quoteClipped(std::string_view text)
{
    std::string_view rest = text;
    for (int i = 0; i < 10 && !rest.empty(); ++i) {
        if (!takeCodePoint(rest))
            rest.remove_prefix(1);
    }
    return labels::quote(text.substr(0, text.size() - rest.size())) + "...";
}

std::string describeText(const Token& token)
{
    const std::string text(token.text);
    if (token.type == Eof)
        return "EOF";
    if (token.type == Error)
        return text;
    if (token.type == Identifier || token.type == MetricIdentifier)
        return labels::quote(text);
    if (isKeyword(token.type))
        return "<" + text + ">";
    if (isOperator(token.type))
        return "<op:" + text + ">";
    if (isAggregator(token.type))
        return "<aggr:" + text + ">";
    return text.size() > 10 ? quoteClipped(text) : labels::quote(text);
}

} // namespace

bool isOperator(TokenType type)
{
    return type > OperatorsStart && type < OperatorsEnd;
}

bool isAggregator(TokenType type)
{
    return type > AggregatorsStart && type < AggregatorsEnd;
}

bool isKeyword(TokenType type)
{
    return type > KeywordsStart && type < KeywordsEnd;
}

std::string_view grammarName(TokenType type)
{
    return kGrammarNames[static_cast<size_t>(type)];
}

std::string describe(const Token& token)
{
    if (hasFixedText(token.type))
        return describeText(token);
    if (token.type == Eof)
        return describeKind(token.type);
    return describeKind(token.type) + " " + describeText(token);
}

std::optional<TokenType> keywordFor(std::string_view word)
{
    return find(kKeywords, word);
}

std::optional<TokenType> histogramKeyFor(std::string_view word)
{
    return find(kHistogramKeys, word);
}

std::optional<TokenType> resetHintFor(std::string_view word)
{
    return find(kResetHints, word);
}

std::optional<BinaryOp> binaryOpFor(TokenType type)
{
    switch (type) {
    case Add:
        return BinaryOp::Add;
    case Sub:
        return BinaryOp::Sub;
    case Mul:
        return BinaryOp::Mul;
    case Div:
        return BinaryOp::Div;
    case Mod:
        return BinaryOp::Mod;
    case Pow:
        return BinaryOp::Pow;
    case Atan2:
        return BinaryOp::Atan2;
    case Eqlc:
        return BinaryOp::Equal;
    case Neq:
        return BinaryOp::NotEqual;
    case Lss:
        return BinaryOp::Less;
    case Lte:
        return BinaryOp::LessOrEqual;
    case Gtr:
        return BinaryOp::Greater;
    case Gte:
        return BinaryOp::GreaterOrEqual;
    case TrimUpper:
        return BinaryOp::TrimUpper;
    case TrimLower:
        return BinaryOp::TrimLower;
    case Land:
        return BinaryOp::And;
    case Lor:
        return BinaryOp::Or;
    case Lunless:
        return BinaryOp::Unless;
    default:
        return std::nullopt;
    }
}

std::optional<AggregateOp> aggregateOpFor(TokenType type)
{
    switch (type) {
    case Sum:
        return AggregateOp::Sum;
    case Avg:
        return AggregateOp::Avg;
    case Count:
        return AggregateOp::Count;
    case Min:
        return AggregateOp::Min;
    case Max:
        return AggregateOp::Max;
    case Group:
        return AggregateOp::Group;
    case Stddev:
        return AggregateOp::Stddev;
    case Stdvar:
        return AggregateOp::Stdvar;
    case Topk:
        return AggregateOp::Topk;
    case Bottomk:
        return AggregateOp::Bottomk;
    case CountValues:
        return AggregateOp::CountValues;
    case Quantile:
        return AggregateOp::Quantile;
    case Limitk:
        return AggregateOp::Limitk;
    case LimitRatio:
        return AggregateOp::LimitRatio;
    default:
        return std::nullopt;
    }
}

} // namespace fleetglass::promql
