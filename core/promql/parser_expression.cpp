// The parser's operators, calls and aggregations. Rules as in Prometheus 3.14's grammar,
// promql/parser/generated_parser.y.
#include "core/base/utf8.h"
#include "core/labels/labels.h"
#include "core/promql/function_table.h"
#include "core/promql/parser_impl.h"

namespace fleetglass::promql {

namespace {

using enum TokenType;

// A name that may also begin a call.
bool isCallName(TokenType type)
{
    return type == Identifier || (type >= Start && type <= MinOf);
}

bool startsExpr(TokenType type)
{
    switch (type) {
    case Add:
    case Sub:
    case Number:
    case Duration:
    case String:
    case LeftParen:
    case LeftBrace:
        return true;
    default:
        return isMetricName(type);
    }
}

// Inside of a list of labels, keywords are names.
bool isLabelName(TokenType type)
{
    return isMetricName(type) || isKeyword(type) || type == Atan2;
}

} // namespace

int precedenceOf(TokenType type)
{
    switch (type) {
    case Lor:
        return 1;
    case Land:
    case Lunless:
        return 2;
    case Eqlc:
    case Neq:
    case Lss:
    case Lte:
    case Gtr:
    case Gte:
    case TrimUpper:
    case TrimLower:
        return 3;
    case Add:
    case Sub:
        return 4;
    case Mul:
    case Div:
    case Mod:
    case Atan2:
        return kPrecedenceMul;
    case Pow:
        return kPrecedencePow;
    default:
        return 0;
    }
}

bool isMetricName(TokenType type)
{
    switch (type) {
    case Identifier:
    case MetricIdentifier:
    case By:
    case Without:
    case Offset:
    case Anchored:
    case Smoothed:
    case Land:
    case Lor:
    case Lunless:
        return true;
    default:
        return isAggregator(type) || isCallName(type);
    }
}

ExprPtr Parser::parseExpr(int precedenceMin)
{
    Level level(*this);
    if (!level.fits())
        return nullptr;
    ExprPtr lhs = parsePrimary();
    return lhs ? continueExpr(std::move(lhs), precedenceMin) : nullptr;
}

ExprPtr Parser::continueExpr(ExprPtr lhs, int precedenceMin)
{
    while (lhs) {
        lhs = parsePostfix(std::move(lhs));
        if (!lhs || atEnd())
            return lhs;
        const int precedence = precedenceOf(peek().type);
        if (precedence == 0 || precedence < precedenceMin)
            return lhs;
        lhs = parseBinaryRest(std::move(lhs), *binaryOpFor(shift().type), precedence);
    }
    return nullptr;
}

ExprPtr Parser::parsePrimary()
{
    while (atEnd() || !startsExpr(peek().type)) {
        if (!retry())
            return nullptr;
    }
    switch (peek().type) {
    case Add:
    case Sub:
        return parseUnary();
    case Number:
    case Duration:
        return parseNumberLiteral();
    case String:
        return parseStringLiteral();
    case LeftParen:
        return parseParen();
    case LeftBrace:
        return parseMetricSelector(nullptr);
    default:
        return parseNameOrCall();
    }
}

// Binds like a multiplication: -1^2 is -(1^2), and -1*2 is (-1)*2.
ExprPtr Parser::parseUnary()
{
    const Token sign = shift();
    ExprPtr operand = parseExpr(kPrecedencePow);
    if (!operand)
        return nullptr;
    if (auto* number = as<NumberLiteral>(operand.get())) {
        if (sign.type == Sub)
            number->value = -number->value;
        number->range.start = sign.offset;
        return operand;
    }
    auto unary = make<UnaryExpr>({ sign.offset, operand->range.end }, { operand.get() });
    if (!unary)
        return nullptr;
    unary->op = sign.type == Sub ? UnaryOp::Minus : UnaryOp::Plus;
    unary->expr = std::move(operand);
    return unary;
}

ExprPtr Parser::parseNumberLiteral()
{
    const Token token = shift();
    auto literal = make<NumberLiteral>(token.range());
    if (!literal)
        return nullptr;
    literal->value = numberOf(token);
    literal->isDuration = token.type == Duration;
    return literal;
}

ExprPtr Parser::parseStringLiteral()
{
    const Token token = shift();
    auto literal = make<StringLiteral>(token.range());
    if (literal)
        literal->value = unquoteToken(token);
    return literal;
}

ExprPtr Parser::parseParen()
{
    const Token open = shift();
    ExprPtr inner = parseExpr(1);
    while (inner && !at(RightParen)) {
        if (!retry())
            return nullptr;
        inner = continueExpr(std::move(inner), 1);
    }
    if (!inner)
        return nullptr;
    auto paren = make<ParenExpr>({ open.offset, shift().range().end }, { inner.get() });
    if (paren)
        paren->expr = std::move(inner);
    return paren;
}

ExprPtr Parser::parseNameOrCall()
{
    const Token name = shift();
    if (isCallName(name.type) && at(LeftParen))
        return parseCall(name);
    if (isAggregator(name.type) && (at(LeftParen) || at(By) || at(Without)))
        return parseAggregate(name);
    return parseMetricSelector(&name);
}

ExprPtr Parser::parseCall(const Token& name)
{
    auto call = make<Call>({ name.offset, name.range().end });
    if (!call || !parseArguments(call->arguments))
        return nullptr;
    call->range.end = m_lastEnd;
    call->function = findFunction(name.text);
    if (!call->function)
        addError(name.range(), "unknown function with name " + labels::quote(name.text));
    else if (call->function->experimental && !m_options.experimentalFunctions)
        addError(name.range(), "function " + labels::quote(name.text) + " is not enabled");
    for (const ExprPtr& argument : call->arguments) {
        if (!adoptDepth(*call, argument.get()))
            return nullptr;
    }
    return call;
}

bool Parser::parseArguments(std::vector<ExprPtr>& arguments)
{
    shift(); // (
    while (atEnd() || (!at(RightParen) && !startsExpr(peek().type))) {
        if (!retry())
            return false;
    }
    if (at(RightParen)) {
        shift();
        return true;
    }
    arguments.push_back(parseExpr(1));
    while (arguments.back()) {
        if (at(RightParen)) {
            shift();
            return true;
        }
        if (!at(Comma)) {
            if (!retry())
                return false;
            continue;
        }
        const Token comma = shift();
        if (!atEnd() && startsExpr(peek().type))
            arguments.push_back(parseExpr(1));
        else
            addError(comma.range(), "trailing commas not allowed in function call args");
    }
    return false;
}

ExprPtr Parser::parseBinaryRest(ExprPtr lhs, BinaryOp op, int precedence)
{
    auto binary = make<BinaryExpr>(lhs->range);
    VectorMatching matching;
    if (!binary || !parseBinaryModifiers(*binary, matching))
        return nullptr;
    // ^ binds to the right, all others to the left.
    ExprPtr rhs = parseExpr(op == BinaryOp::Pow ? precedence : precedence + 1);
    if (!rhs || !adoptDepth(*binary, lhs.get()) || !adoptDepth(*binary, rhs.get()))
        return nullptr;
    binary->op = op;
    binary->range.end = rhs->range.end;
    binary->lhs = std::move(lhs);
    binary->rhs = std::move(rhs);
    if (!m_options.fillModifiers && (matching.fillLeft || matching.fillRight))
        addError(binary->range, "binop fill modifiers are experimental and not enabled");
    binary->matching = std::move(matching);
    return binary;
}

bool Parser::parseBinaryModifiers(BinaryExpr& binary, VectorMatching& matching)
{
    if (at(Bool)) {
        shift();
        binary.returnBool = true;
    }
    if (at(On) || at(Ignoring)) {
        matching.on = shift().type == On;
        matching.hasLabelList = true;
        auto names = parseGroupingLabels();
        if (!names)
            return false;
        matching.matchingLabels = std::move(*names);
        if (at(GroupLeft) || at(GroupRight)) {
            matching.cardinality
                = shift().type == GroupLeft ? Cardinality::ManyToOne : Cardinality::OneToMany;
            if (at(LeftParen)) {
                auto include = parseGroupingLabels();
                if (!include)
                    return false;
                matching.include = std::move(*include);
            }
        }
    }
    return parseFills(matching);
}

bool Parser::parseFills(VectorMatching& matching)
{
    if (at(Fill)) {
        shift();
        if (!parseFillValue(matching.fillLeft))
            return false;
        matching.fillRight = matching.fillLeft;
        return true;
    }
    if (!at(FillLeft) && !at(FillRight))
        return true;
    const bool leftFirst = shift().type == FillLeft;
    if (!parseFillValue(leftFirst ? matching.fillLeft : matching.fillRight))
        return false;
    if (!at(leftFirst ? FillRight : FillLeft))
        return true;
    shift();
    return parseFillValue(leftFirst ? matching.fillRight : matching.fillLeft);
}

bool Parser::parseFillValue(std::optional<double>& value)
{
    while (!at(LeftParen)) {
        if (!retry())
            return false;
    }
    shift();
    double sign = 1;
    if (at(Add) || at(Sub))
        sign = shift().type == Sub ? -1 : 1;
    while (!at(Number) && !at(Duration)) {
        if (!retry())
            return false;
    }
    value = sign * numberOf(shift());
    while (!at(RightParen)) {
        if (!retry())
            return false;
    }
    shift();
    return true;
}

std::optional<std::vector<std::string>> Parser::parseGroupingLabels()
{
    std::vector<std::string> names;
    if (!at(LeftParen)) {
        if (retry() || !catchError())
            return std::nullopt;
        unexpected("grouping opts", "\"(\"");
        return names;
    }
    shift();
    if (at(RightParen)) {
        shift();
        return names;
    }
    if (!parseGroupingLabel(names))
        return std::nullopt;
    while (!at(RightParen)) {
        if (at(Comma)) {
            shift();
            if (!at(RightParen) && !parseGroupingLabel(names))
                return std::nullopt;
            continue;
        }
        if (retry())
            continue;
        if (!catchError())
            return std::nullopt;
        unexpected("grouping opts", "\",\" or \")\"");
    }
    shift();
    return names;
}

bool Parser::parseGroupingLabel(std::vector<std::string>& names)
{
    if (atEnd() || (!at(String) && !isLabelName(peek().type))) {
        if (retry() || !catchError())
            return false;
        unexpected("grouping opts", "label");
        return true;
    }
    const Token token = shift();
    std::string name = token.type == String ? unquoteToken(token) : std::string(token.text);
    if (name.empty() || !isValidUtf8(name))
        addError(token.range(), "invalid label name for grouping: " + labels::quote(name));
    names.push_back(std::move(name));
    return true;
}

ExprPtr Parser::parseAggregate(const Token& op)
{
    auto aggregate = make<AggregateExpr>({ op.offset, op.range().end });
    if (!aggregate)
        return nullptr;
    aggregate->op = *aggregateOpFor(op.type);
    std::vector<ExprPtr> arguments;
    if (parseAggregateBody(*aggregate, arguments))
        return finishAggregate(
            std::move(aggregate), std::move(arguments), { op.offset, m_lastEnd });
    if (!catchError())
        return nullptr;
    unexpected("aggregation", "");
    return finishAggregate(std::move(aggregate), {}, { op.offset, m_lastClosing });
}

bool Parser::parseAggregateBody(AggregateExpr& aggregate, std::vector<ExprPtr>& arguments)
{
    const bool modifierFirst = !at(LeftParen);
    if (modifierFirst && !parseAggregateModifier(aggregate))
        return false;
    while (!at(LeftParen)) {
        if (!retry())
            return false;
    }
    if (!parseArguments(arguments))
        return false;
    const uint32_t end = m_lastEnd;
    if (!modifierFirst && (at(By) || at(Without)))
        return parseAggregateModifier(aggregate);
    m_lastEnd = end;
    return true;
}

bool Parser::parseAggregateModifier(AggregateExpr& aggregate)
{
    aggregate.without = shift().type == Without;
    auto names = parseGroupingLabels();
    if (names)
        aggregate.grouping = std::move(*names);
    return names.has_value();
}

ExprPtr Parser::finishAggregate(
    std::unique_ptr<AggregateExpr> aggregate, std::vector<ExprPtr> arguments, PosRange range)
{
    aggregate->range = range;
    for (const ExprPtr& argument : arguments) {
        if (!adoptDepth(*aggregate, argument.get()))
            return nullptr;
    }
    if (arguments.empty()) {
        addError(range, "no arguments for aggregate expression provided");
        return aggregate;
    }
    size_t wanted = 1;
    if (takesParameter(aggregate->op)) {
        if (!m_options.experimentalFunctions && isExperimental(aggregate->op)) {
            addError(range,
                std::string(toWord(aggregate->op))
                    + "() is experimental and must be enabled with "
                      "--enable-feature=promql-experimental-functions");
            return aggregate;
        }
        wanted = 2;
    }
    if (arguments.size() != wanted) {
        addError(range,
            "wrong number of arguments for aggregate expression provided, expected "
                + std::to_string(wanted) + ", got " + std::to_string(arguments.size()));
        return aggregate;
    }
    aggregate->expr = std::move(arguments.back());
    if (wanted == 2)
        aggregate->parameter = std::move(arguments.front());
    return aggregate;
}

} // namespace fleetglass::promql
