// The syntax tree of a PromQL expression, node by node as Prometheus 3.14 has it. A tree is owned
// by its root through unique pointers. Used from one thread at a time while it is changed;
// immutable otherwise, share freely. The parser keeps every tree within kDepthMax, so walking and
// destroying one by recursion is safe. Views into a node live as long as the node.
#pragma once

#include "core/labels/matcher.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fleetglass::promql {

struct Function; // function_table.h

inline constexpr int kDepthMax = 128;
inline constexpr int kNodesMax = 10'000;
inline constexpr size_t kQueryBytesMax = 64 * 1024;

// Bytes [start, end) of the query text.
struct PosRange
{
    uint32_t start = 0;
    uint32_t end = 0;
    friend bool operator==(const PosRange&, const PosRange&) = default;
};

enum class ValueType
{
    None,
    Scalar,
    Vector, // Instant vector.
    Matrix, // Range vector.
    String,
};

// "scalar", "instant vector", "range vector", "string": the words of error messages.
std::string_view documentedType(ValueType type);
// "scalar", "vector", "matrix", "string": the words of the HTTP API.
std::string_view toWord(ValueType type);

enum class BinaryOp
{
    Add,
    Sub,
    Mul,
    Div,
    Mod,
    Pow,
    Atan2,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    TrimUpper, // </ drops what lies above.
    TrimLower, // >/ drops what lies below.
    And,
    Or,
    Unless,
};

std::string_view toWord(BinaryOp op);
bool isComparison(BinaryOp op); // The six that take bool.
bool isSetOperator(BinaryOp op);

enum class UnaryOp
{
    Plus,
    Minus,
};

enum class AggregateOp
{
    Sum,
    Avg,
    Count,
    Min,
    Max,
    Group,
    Stddev,
    Stdvar,
    Topk,
    Bottomk,
    CountValues,
    Quantile,
    Limitk,
    LimitRatio,
};

std::string_view toWord(AggregateOp op);
bool takesParameter(AggregateOp op);
bool isExperimental(AggregateOp op);

enum class DurationOp
{
    Add,
    Sub,
    Mul,
    Div,
    Mod,
    Pow,
    Plus, // Unary; only rhs is set.
    Minus, // Unary; only rhs is set.
    Step, // step(), a leaf.
    Range, // range(), a leaf.
    MinOf, // min_of(lhs, rhs)
    MaxOf, // max_of(lhs, rhs)
};

enum class ExprKind
{
    NumberLiteral,
    StringLiteral,
    VectorSelector,
    MatrixSelector,
    Subquery,
    Unary,
    Binary,
    Aggregate,
    Call,
    Paren,
    StepInvariant,
    Duration,
};

struct Expr
{
    const ExprKind kind;
    uint16_t depth = 1; // Levels below and including this node; a leaf has 1.
    PosRange range;

    virtual ~Expr() = default;
    Expr& operator=(const Expr&) = delete;
    Expr& operator=(Expr&&) = delete;

protected:
    explicit Expr(ExprKind exprKind)
        : kind(exprKind)
    {
    }
    Expr(const Expr&) = default;
    Expr(Expr&&) = default;
};

using ExprPtr = std::unique_ptr<Expr>;

// The node as T, or null where it is of another kind (or null itself).
template<class T>
T* as(Expr* expr)
{
    return expr && expr->kind == T::kKind ? static_cast<T*>(expr) : nullptr;
}
template<class T>
const T* as(const Expr* expr)
{
    return expr && expr->kind == T::kKind ? static_cast<const T*>(expr) : nullptr;
}

template<ExprKind Kind>
struct ExprOf : Expr
{
    static constexpr ExprKind kKind = Kind;
    ExprOf()
        : Expr(Kind)
    {
    }
};

struct NumberLiteral : ExprOf<ExprKind::NumberLiteral>
{
    double value = 0;
    bool isDuration = false; // Written as a duration; value is in seconds.
};

struct StringLiteral : ExprOf<ExprKind::StringLiteral>
{
    std::string value; // Unquoted; may hold any bytes.
};

// A duration that is not a plain literal. step() and range() are known only when the query runs, so
// the engine evaluates these (see duration_expression.h of the engine). Leaves are NumberLiteral.
struct DurationExpr : ExprOf<ExprKind::Duration>
{
    DurationOp op = DurationOp::Step;
    ExprPtr lhs; // Null for unary operators and leaves.
    ExprPtr rhs; // Null for leaves.
    bool wrapped = false; // Stands in parentheses.
};

// The point an @ modifier ties a selector to, where it is not a timestamp.
enum class AtAnchor
{
    None,
    Start,
    End,
};

// offset and @, the same for selectors and subqueries.
struct TimeModifier
{
    std::chrono::nanoseconds originalOffset {
        0
    }; // As written; the engine sets it from offsetExpr.
    std::unique_ptr<DurationExpr> offsetExpr; // Null: originalOffset says it all.
    std::optional<int64_t> timestampMs; // @ 1609746000
    AtAnchor atAnchor = AtAnchor::None; // @ start(), @ end()
};

struct VectorSelector : ExprOf<ExprKind::VectorSelector>
{
    std::string name; // Empty where the name was not given outside of the braces or as {"name"}.
    std::vector<labels::Matcher>
        matchers; // With the one for the name, in order of writing, name last.
    TimeModifier time;
    bool anchored = false;
    bool smoothed = false;
    bool mayMatchEmpty
        = false; // Second argument of info(): no matcher need exclude the empty text.
};

struct MatrixSelector : ExprOf<ExprKind::MatrixSelector>
{
    // A VectorSelector, which holds the modifiers also when they are written after the range.
    ExprPtr selector;
    std::chrono::nanoseconds span { 0 }; // The range; zero until the engine knows spanExpr.
    std::unique_ptr<DurationExpr> spanExpr;

    VectorSelector& vector() { return static_cast<VectorSelector&>(*selector); }
    const VectorSelector& vector() const { return static_cast<const VectorSelector&>(*selector); }
};

struct Subquery : ExprOf<ExprKind::Subquery>
{
    ExprPtr expr;
    std::chrono::nanoseconds span { 0 };
    std::unique_ptr<DurationExpr> spanExpr;
    std::chrono::nanoseconds step { 0 }; // Zero: the engine's default.
    std::unique_ptr<DurationExpr> stepExpr;
    TimeModifier time;
};

struct UnaryExpr : ExprOf<ExprKind::Unary>
{
    UnaryOp op = UnaryOp::Minus;
    ExprPtr expr;
};

enum class Cardinality
{
    OneToOne,
    ManyToOne, // group_left
    OneToMany, // group_right
    ManyToMany, // Set operators.
};

std::string_view toWord(Cardinality cardinality); // "one-to-one"

struct VectorMatching
{
    Cardinality cardinality = Cardinality::OneToOne;
    bool on = false; // Match on matchingLabels, rather than on all but them.
    bool hasLabelList = false; // on or ignoring was written, be the list empty.
    std::vector<std::string> matchingLabels;
    std::vector<std::string> include; // group_left(a, b)
    std::optional<double> fillLeft; // Stands in for a missing left side.
    std::optional<double> fillRight;
};

struct BinaryExpr : ExprOf<ExprKind::Binary>
{
    BinaryOp op = BinaryOp::Add;
    ExprPtr lhs;
    ExprPtr rhs;
    std::optional<VectorMatching> matching; // Only between two vectors.
    bool returnBool = false;
};

struct AggregateExpr : ExprOf<ExprKind::Aggregate>
{
    AggregateOp op = AggregateOp::Sum;
    ExprPtr expr;
    ExprPtr parameter; // topk(5, x): the 5. Null for those without.
    std::vector<std::string> grouping;
    bool without = false;
};

struct Call : ExprOf<ExprKind::Call>
{
    const Function* function
        = nullptr; // Of the static table; never null in a tree that was accepted.
    std::vector<ExprPtr> arguments;
};

struct ParenExpr : ExprOf<ExprKind::Paren>
{
    ExprPtr expr;
};

// Its value is the same at each step of a range query. Made by the engine, never by the parser.
struct StepInvariantExpr : ExprOf<ExprKind::StepInvariant>
{
    ExprPtr expr;
};

// What the expression evaluates to. Valid for accepted trees.
ValueType typeOf(const Expr& expr);

// The node below any parentheses.
const Expr& withoutParens(const Expr& expr);

// A deep copy.
ExprPtr clone(const Expr& expr);

// Sub-expressions in evaluation order: an aggregation's parameter after its expression, a range
// selector's vector selector; duration expressions are not among them.
std::vector<Expr*> childrenOf(Expr& expr);
std::vector<const Expr*> childrenOf(const Expr& expr);

// The matchers of all selectors in the tree, in order of writing.
std::vector<const std::vector<labels::Matcher>*> selectorsOf(const Expr& expr);

} // namespace fleetglass::promql
