// The parser's machinery, shared by its files: tokens with one of lookahead, errors, and recovery.
//
// Prometheus' parser is an LALR machine of goyacc. This one descends recursively, and keeps that
// machine's habits where users can see them: errors come in the same order, and after one the same
// tokens are dropped until the parse fits again. A parse function returns null (or false) for
// "pop": callers pass it on up to the nearest rule that has an `error` alternative upstream. Used
// from one thread at a time.
#pragma once

#include "core/promql/lexer.h"
#include "core/promql/parser.h"

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::promql {

class Parser
{
public:
    Parser(std::string_view text, const ParseOptions& options,
        Lexer::Language language = Lexer::Language::Expression);

    ExprPtr parseWholeExpr();
    ExprPtr parseWholeSelector();
    labels::Labels parseWholeMetric();

    std::vector<ParseError> takeErrors() { return std::move(m_errors); }

protected:
    // Tokens. peek() reads only when it must, since reading can add an error.
    const Token& peek();
    bool at(TokenType type) { return peek().type == type && !m_atEnd; }
    Token shift();
    // Of the newest token, shifted or not.
    PosRange newest() const { return m_token.range(); }
    // At the machine's end of input: behind Eof, or at an Error token.
    bool atEnd() { return peek(), m_atEnd; }

    // Errors.
    void addError(PosRange range, std::string message);
    void addError(PosRange range, const Error& error);
    void addLimit(std::string message);
    // Says that the newest token does not fit.
    void unexpected(std::string_view context, std::string_view expected);
    // The newest token fits nowhere here. True: it was dropped, look again. False: pop.
    bool retry();
    // The rule at hand has an `error` alternative: it takes the pop. False: the parse has ended.
    bool catchError();
    bool aborted() const { return m_aborted; }
    // As the start rule: drops what is left.
    void finish(bool parsed);

    std::string unquoteToken(const Token& token);
    double numberOf(const Token& token); // Of a Number or a Duration, in seconds.

    // label_set: {a="b"}, as a series is described.
    bool parseMetric(labels::Labels& labels);

    size_t textSize() const { return m_text.size(); }

private:
    // One level of recursion; asks the limit.
    class Level
    {
    public:
        explicit Level(Parser& parser)
            : m_parser(parser)
        {
            ++m_parser.m_level;
        }
        ~Level() { --m_parser.m_level; }
        Level(const Level&) = delete;
        Level& operator=(const Level&) = delete;
        bool fits();

    private:
        Parser& m_parser;
    };

    // Makes a node over `children`, within the limits; null once they are passed.
    template<class T>
    std::unique_ptr<T> make(PosRange range, std::initializer_list<const Expr*> children = {});
    bool countNode(const Expr& node);

    // Expressions.
    ExprPtr parseExpr(int precedenceMin);
    ExprPtr continueExpr(ExprPtr lhs, int precedenceMin);
    ExprPtr parsePrimary();
    ExprPtr parseUnary();
    ExprPtr parseNumberLiteral();
    ExprPtr parseStringLiteral();
    ExprPtr parseParen();
    ExprPtr parseNameOrCall();
    ExprPtr parseCall(const Token& name);
    bool parseArguments(std::vector<ExprPtr>& arguments);
    ExprPtr parseBinaryRest(ExprPtr lhs, BinaryOp op, int precedence);
    bool parseBinaryModifiers(BinaryExpr& binary, VectorMatching& matching);
    bool parseFills(VectorMatching& matching);
    bool parseFillValue(std::optional<double>& value);
    std::optional<std::vector<std::string>> parseGroupingLabels();
    bool parseGroupingLabel(std::vector<std::string>& names);
    ExprPtr parseAggregate(const Token& op);
    bool parseAggregateBody(AggregateExpr& aggregate, std::vector<ExprPtr>& arguments);
    bool parseAggregateModifier(AggregateExpr& aggregate);
    ExprPtr finishAggregate(
        std::unique_ptr<AggregateExpr> aggregate, std::vector<ExprPtr> arguments, PosRange range);
    // After children were added to a node; false once the limit is passed.
    bool adoptDepth(Expr& node, const Expr* child);

    // Selectors and their modifiers.
    ExprPtr parseMetricSelector(const Token* name);
    bool parseMatchers(std::vector<labels::Matcher>& matchers);
    bool parseMatcher(std::vector<labels::Matcher>& matchers);
    void addMatcher(std::vector<labels::Matcher>& matchers, const Token& name,
        const std::string& unquotedName, const Token& op, const Token& value);
    ExprPtr parsePostfix(ExprPtr expr);
    ExprPtr parseRange(ExprPtr expr);
    ExprPtr parseSubqueryRest(ExprPtr expr, ExprPtr span);
    ExprPtr makeMatrix(ExprPtr expr, ExprPtr span, PosRange brackets);
    ExprPtr makeSubquery(ExprPtr expr, ExprPtr span, ExprPtr step, uint32_t end);
    ExprPtr parseOffset(ExprPtr expr);
    void applyOffset(Expr& expr, ExprPtr offset);
    ExprPtr parseAt(ExprPtr expr);
    bool parseAtValue(Expr& expr);
    void applyTimestamp(Expr& expr, double seconds);
    TimeModifier* atTargetOf(Expr& expr);
    void applyExtendedRange(Expr& expr, const Token& modifier);

    // Duration expressions.
    ExprPtr parseDuration(int precedenceMin);
    ExprPtr continueDuration(ExprPtr lhs, int precedenceMin);
    ExprPtr parseDurationPrimary();
    ExprPtr parseDurationParen();
    ExprPtr parseDurationCall();
    ExprPtr parseDurationMinMax();
    ExprPtr parseDurationLiteral();
    ExprPtr parseOffsetDuration();
    ExprPtr parseSignedOffset();
    ExprPtr applySign(const Token& sign, ExprPtr expr);
    ExprPtr wrapDuration(ExprPtr expr, PosRange range);
    ExprPtr zeroDuration();
    ExprPtr positiveDuration(ExprPtr expr);
    void checkDurationsAllowed(PosRange range);

    // The label set of a series.
    bool parseLabelSetItem(std::vector<std::pair<std::string, std::string>>& pairs);

    // Types, after the tree stands.
    ValueType checkTypes(Expr& expr);
    void expectType(Expr& expr, ValueType want, const char* context);
    void checkAggregate(AggregateExpr& aggregate);
    void checkBinary(BinaryExpr& binary);
    void checkMatching(BinaryExpr& binary, ValueType lhs, ValueType rhs);
    PosRange operatorRange(const BinaryExpr& binary) const;
    void checkCall(Call& call);
    void checkArgumentCount(const Call& call);
    void checkInfo(Call& call);
    void checkUnary(UnaryExpr& unary);
    void checkSelector(VectorSelector& selector);

    std::string_view m_text;
    ParseOptions m_options;
    Lexer m_lexer;
    Token m_token; // The newest.
    bool m_hasToken = false; // It was not shifted yet.
    bool m_atEnd = false;
    bool m_gotEof = false;
    bool m_aborted = false;
    int m_recovering = 0; // Shifts until errors are trusted again; 3 right after one.
    int m_level = 0;
    int m_nodes = 0;
    uint32_t m_lastEnd = 0; // End of the token shifted last.
    uint32_t m_lastClosing = 0; // End of the newest closing bracket or number read, shifted or not.
    std::vector<ParseError> m_errors;
};

inline constexpr int kPrecedenceMul = 5;
inline constexpr int kPrecedencePow = 6;
// 1 (or) to 6 (^); 0: no operator.
int precedenceOf(TokenType type);
// Whether a metric may bear the token's text as its name outside of braces.
bool isMetricName(TokenType type);

template<class T>
std::unique_ptr<T> Parser::make(PosRange range, std::initializer_list<const Expr*> children)
{
    auto node = std::make_unique<T>();
    node->range = range;
    for (const Expr* child : children) {
        if (child)
            node->depth = std::max(node->depth, static_cast<uint16_t>(child->depth + 1));
    }
    return countNode(*node) ? std::move(node) : nullptr;
}

} // namespace fleetglass::promql
