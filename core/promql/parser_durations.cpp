// The parser's durations: literals, and expressions of them with step() and range().
#include "core/promql/parser_impl.h"

#include <cmath>

namespace fleetglass::promql {

namespace {

using enum TokenType;

// A duration is 64 bits of nanoseconds.
constexpr double kDurationSecondsMax = 9223372036854775808.0 / 1e9;

bool isOutOfRange(double seconds)
{
    return seconds > kDurationSecondsMax || seconds < -kDurationSecondsMax;
}

std::optional<DurationOp> durationOpFor(TokenType type)
{
    switch (type) {
    case Add:
        return DurationOp::Add;
    case Sub:
        return DurationOp::Sub;
    case Mul:
        return DurationOp::Mul;
    case Div:
        return DurationOp::Div;
    case Mod:
        return DurationOp::Mod;
    case Pow:
        return DurationOp::Pow;
    default:
        return std::nullopt;
    }
}

bool isZero(const Expr& expr)
{
    const auto* literal = as<NumberLiteral>(&expr);
    return literal && literal->value == 0;
}

} // namespace

void Parser::checkDurationsAllowed(PosRange range)
{
    if (!m_options.durationExpressions)
        addError(range, "experimental duration expression is not enabled");
}

// What a duration that is an error counts as.
ExprPtr Parser::zeroDuration()
{
    return make<NumberLiteral>({});
}

ExprPtr Parser::positiveDuration(ExprPtr expr)
{
    const auto* literal = as<NumberLiteral>(expr.get());
    if (!literal || literal->value > 0)
        return expr;
    if (std::isnan(literal->value))
        return expr;
    addError(literal->range, "duration must be greater than 0");
    return zeroDuration();
}

ExprPtr Parser::parseDuration(int precedenceMin)
{
    Level level(*this);
    if (!level.fits())
        return nullptr;
    ExprPtr lhs = parseDurationPrimary();
    return lhs ? continueDuration(std::move(lhs), precedenceMin) : nullptr;
}

ExprPtr Parser::continueDuration(ExprPtr lhs, int precedenceMin)
{
    while (!atEnd()) {
        const auto op = durationOpFor(peek().type);
        const int precedence = precedenceOf(peek().type);
        if (!op || precedence < precedenceMin)
            break;
        const Token sign = shift();
        ExprPtr rhs = parseDuration(*op == DurationOp::Pow ? precedence : precedence + 1);
        if (!rhs)
            return nullptr;
        checkDurationsAllowed(lhs->range);
        if ((op == DurationOp::Div || op == DurationOp::Mod) && isZero(*rhs)) {
            addError(sign.range(), op == DurationOp::Div ? "division by zero" : "modulo by zero");
            lhs = zeroDuration();
            if (!lhs)
                return nullptr;
            continue;
        }
        auto binary
            = make<DurationExpr>({ lhs->range.start, rhs->range.end }, { lhs.get(), rhs.get() });
        if (!binary)
            return nullptr;
        binary->op = *op;
        binary->lhs = std::move(lhs);
        binary->rhs = std::move(rhs);
        lhs = std::move(binary);
    }
    return lhs;
}

ExprPtr Parser::parseDurationPrimary()
{
    if (!atEnd()) {
        switch (peek().type) {
        case Add:
        case Sub: {
            const Token sign = shift();
            ExprPtr operand = parseDuration(kPrecedencePow);
            return operand ? applySign(sign, std::move(operand)) : nullptr;
        }
        case Number:
        case Duration:
            return parseDurationLiteral();
        case Step:
        case Range:
            return parseDurationCall();
        case MaxOf:
        case MinOf:
            return parseDurationMinMax();
        case LeftParen:
            return parseDurationParen();
        default:
            break;
        }
    }
    retry();
    return nullptr;
}

ExprPtr Parser::parseDurationLiteral()
{
    ExprPtr literal = parseNumberLiteral();
    if (!literal || !isOutOfRange(static_cast<NumberLiteral&>(*literal).value))
        return literal;
    addError(literal->range, "duration out of range");
    return zeroDuration();
}

ExprPtr Parser::parseDurationCall()
{
    const Token name = shift();
    for (const TokenType wanted : { LeftParen, RightParen }) {
        if (!at(wanted)) {
            retry();
            return nullptr;
        }
        shift();
    }
    auto call = make<DurationExpr>({ name.offset, m_lastEnd });
    if (!call)
        return nullptr;
    call->op = name.type == Step ? DurationOp::Step : DurationOp::Range;
    checkDurationsAllowed(call->range);
    return call;
}

ExprPtr Parser::parseDurationMinMax()
{
    const Token name = shift();
    ExprPtr arguments[2];
    const TokenType before[] = { LeftParen, Comma };
    for (size_t i = 0; i < 2; ++i) {
        if (!at(before[i])) {
            retry();
            return nullptr;
        }
        shift();
        arguments[i] = parseDuration(1);
        if (!arguments[i])
            return nullptr;
    }
    if (!at(RightParen)) {
        retry();
        return nullptr;
    }
    shift();
    auto call = make<DurationExpr>(
        { name.offset, m_lastEnd }, { arguments[0].get(), arguments[1].get() });
    if (!call)
        return nullptr;
    call->op = name.type == MaxOf ? DurationOp::MaxOf : DurationOp::MinOf;
    call->lhs = std::move(arguments[0]);
    call->rhs = std::move(arguments[1]);
    checkDurationsAllowed(call->range);
    return call;
}

ExprPtr Parser::parseDurationParen()
{
    const Token open = shift();
    ExprPtr inner = parseDuration(1);
    if (!inner)
        return nullptr;
    if (!at(RightParen)) {
        retry();
        return nullptr;
    }
    shift();
    checkDurationsAllowed(inner->range);
    return wrapDuration(std::move(inner), { open.offset, m_lastEnd });
}

// A literal has no mark for its parentheses; a unary plus bears it.
ExprPtr Parser::wrapDuration(ExprPtr expr, PosRange range)
{
    if (auto* duration = as<DurationExpr>(expr.get())) {
        duration->wrapped = true;
        return expr;
    }
    auto plus = make<DurationExpr>(range, { expr.get() });
    if (!plus)
        return nullptr;
    plus->op = DurationOp::Plus;
    plus->wrapped = true;
    plus->rhs = std::move(expr);
    return plus;
}

ExprPtr Parser::applySign(const Token& sign, ExprPtr expr)
{
    const bool negates = sign.type == Sub;
    if (auto* literal = as<NumberLiteral>(expr.get())) {
        if (negates)
            literal->value = -literal->value;
        literal->range.start = sign.offset;
        return expr;
    }
    if (!negates)
        return expr;
    auto minus = make<DurationExpr>({ sign.offset, expr->range.end }, { expr.get() });
    if (!minus)
        return nullptr;
    minus->op = DurationOp::Minus;
    minus->rhs = std::move(expr);
    return minus;
}

// Behind offset a bare literal or call ends the duration: foo offset -2^2 is (foo offset -2)^2.
// Only what stands in parentheses goes on: foo offset (1m) + 2m.
ExprPtr Parser::parseOffsetDuration()
{
    if (!atEnd() && (at(Add) || at(Sub)))
        return parseSignedOffset();
    ExprPtr offset = parseDurationPrimary();
    const auto* duration = as<DurationExpr>(offset.get());
    if (!duration || !duration->wrapped)
        return offset;
    return continueDuration(std::move(offset), 1);
}

ExprPtr Parser::parseSignedOffset()
{
    const Token sign = shift();
    if (at(LeftParen)) {
        shift();
        ExprPtr inner = parseDuration(1);
        if (!inner)
            return nullptr;
        if (!at(RightParen)) {
            retry();
            return nullptr;
        }
        shift();
        const PosRange range = inner->range;
        ExprPtr wrapped = wrapDuration(std::move(inner), range);
        return wrapped ? applySign(sign, std::move(wrapped)) : nullptr;
    }
    if (at(Add) || at(Sub)) {
        // Two signs: an ordinary duration expression.
        ExprPtr operand = parseDuration(kPrecedencePow);
        ExprPtr signedOperand = operand ? applySign(sign, std::move(operand)) : nullptr;
        return signedOperand ? continueDuration(std::move(signedOperand), 1) : nullptr;
    }
    const bool isCall = at(Step) || at(Range) || at(MaxOf) || at(MinOf);
    ExprPtr operand = parseDurationPrimary();
    if (!operand || !isCall)
        return operand ? applySign(sign, std::move(operand)) : nullptr;
    // Behind a sign, upstream's min_of and max_of end with their last argument.
    if (const auto& call = static_cast<const DurationExpr&>(*operand); call.rhs)
        operand->range.end = call.rhs->range.end;
    auto unary = make<DurationExpr>({ sign.offset, operand->range.end }, { operand.get() });
    if (!unary)
        return nullptr;
    unary->op = sign.type == Sub ? DurationOp::Minus : DurationOp::Plus;
    unary->rhs = std::move(operand);
    return unary;
}

} // namespace fleetglass::promql
