// Token: what the lexer gives, a kind and a piece of the query. Values; the text is a view into the
// query (of an Error token: into the lexer, until its next token).
#pragma once

#include "core/promql/ast.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fleetglass::promql {

// In the order of Prometheus' grammar: messages about a token without a name show its number there.
enum class TokenType : uint8_t
{
    Eql,
    Blank,
    Colon,
    Comma,
    Comment,
    Duration,
    Eof,
    Error,
    Identifier,
    LeftBrace,
    LeftBracket,
    LeftParen,
    OpenHist,
    CloseHist,
    MetricIdentifier,
    Number,
    RightBrace,
    RightBracket,
    RightParen,
    Semicolon,
    Space,
    String,
    Times,

    HistogramDescStart, // Markers only keep the numbering.
    SumDesc,
    CountDesc,
    SchemaDesc,
    OffsetDesc,
    NegativeOffsetDesc,
    BucketsDesc,
    NegativeBucketsDesc,
    ZeroBucketDesc,
    ZeroBucketWidthDesc,
    CustomValuesDesc,
    CounterResetHintDesc,
    HistogramDescEnd,

    OperatorsStart,
    Add,
    Div,
    Eqlc,
    EqlRegex,
    Gte,
    Gtr,
    Land,
    Lor,
    Lss,
    Lte,
    Lunless,
    Mod,
    Mul,
    Neq,
    NeqRegex,
    Pow,
    Sub,
    At,
    Atan2,
    TrimUpper,
    TrimLower,
    OperatorsEnd,

    AggregatorsStart,
    Avg,
    Bottomk,
    Count,
    CountValues,
    Group,
    Max,
    Min,
    Quantile,
    Stddev,
    Stdvar,
    Sum,
    Topk,
    Limitk,
    LimitRatio,
    AggregatorsEnd,

    KeywordsStart,
    Bool,
    By,
    GroupLeft,
    GroupRight,
    Fill,
    FillLeft,
    FillRight,
    Ignoring,
    Offset,
    Smoothed,
    Anchored,
    On,
    Without,
    KeywordsEnd,

    PreprocessorStart,
    Start,
    End,
    Step,
    Range,
    MaxOf,
    MinOf,
    PreprocessorEnd,

    CounterResetHintsStart,
    UnknownCounterReset,
    CounterReset,
    NotCounterReset,
    GaugeType,
    CounterResetHintsEnd,
};

struct Token
{
    TokenType type = TokenType::Eof;
    uint32_t offset = 0; // Byte offset in the query.
    std::string_view text; // As written; of an Error token: the message.

    PosRange range() const { return { offset, offset + static_cast<uint32_t>(text.size()) }; }
};

bool isOperator(TokenType type);
bool isAggregator(TokenType type);
bool isKeyword(TokenType type);

// "LEFT_PAREN": the names Prometheus' grammar uses, for tools and tests.
std::string_view grammarName(TokenType type);

// `identifier "foo"`, `<op:+>`, `end of input`: how messages speak of a token.
std::string describe(const Token& token);

// The keyword's token, in any case ("SUM", "sum"); "inf" and "nan" give Number.
std::optional<TokenType> keywordFor(std::string_view word);
// The same for the keys and the reset hints of a {{...}} literal.
std::optional<TokenType> histogramKeyFor(std::string_view word);
std::optional<TokenType> resetHintFor(std::string_view word);

std::optional<BinaryOp> binaryOpFor(TokenType type);
std::optional<AggregateOp> aggregateOpFor(TokenType type);

} // namespace fleetglass::promql
