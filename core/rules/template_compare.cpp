#include "core/rules/template_compare.h"

#include "core/rules/template_printf.h"

namespace fleetglass::rules::tmpl {

namespace {

// Go's basicKind.
enum class Basic
{
    None,
    Bool,
    Int,
    Uint,
    Float,
    Text,
};

constexpr const char* kIncompatible = "incompatible types for comparison";
constexpr const char* kInvalidType = "invalid type for comparison";

Basic basicOf(const Value& value)
{
    if (value.isPointer())
        return Basic::None;
    switch (value.kind()) {
    case Kind::Bool:
        return Basic::Bool;
    case Kind::Float:
        return Basic::Float;
    case Kind::String:
    case Kind::Html:
        return Basic::Text;
    default:
        return value.isSigned() ? Basic::Int : value.isUnsigned() ? Basic::Uint : Basic::None;
    }
}

// -1, 0 or 1 of two integers of any sign.
int sign(const Value& left, const Value& right)
{
    const bool leftBelow = left.isSigned() && left.asInt() < 0;
    const bool rightBelow = right.isSigned() && right.asInt() < 0;
    if (leftBelow != rightBelow)
        return leftBelow ? -1 : 1;
    if (leftBelow)
        return left.asInt() < right.asInt() ? -1 : left.asInt() > right.asInt() ? 1 : 0;
    return left.asUint() < right.asUint() ? -1 : left.asUint() > right.asUint() ? 1 : 0;
}

bool areIntegers(Basic left, Basic right)
{
    const auto isInteger = [](Basic kind) { return kind == Basic::Int || kind == Basic::Uint; };
    return isInteger(left) && isInteger(right);
}

bool isComparable(const Value& value)
{
    const bool isMap = value.kind() == Kind::Map;
    return !isMap && value.kind() != Kind::List;
}

std::string described(const Value& value)
{
    return printed(value) + ": " + value.typeName();
}

Result<bool> equalOthers(const Value& left, const Value& right)
{
    if (!left.isValid() || !right.isValid())
        return left.isValid() == right.isValid();
    if (!isComparable(left) || !isComparable(right)) {
        if (left.typeName() != right.typeName())
            return failure("non-comparable types " + described(left) + ", " + right.typeName()
                + ": " + printed(right));
        return failure("non-comparable type " + described(isComparable(left) ? right : left));
    }
    if (left.kind() != right.kind() || left.isPointer() != right.isPointer())
        return false;
    switch (left.kind()) {
    case Kind::Time: // Pointers are equal only to themselves, and each call makes a new one.
        return !left.isPointer() && left.asTime() == right.asTime();
    case Kind::Sample:
        return &left.asSample() == &right.asSample();
    case Kind::Histogram:
        return &left.asHistogram() == &right.asHistogram();
    default:
        return false;
    }
}

Result<bool> equals(const Value& left, const Value& right)
{
    const Basic leftKind = basicOf(left);
    const Basic rightKind = basicOf(right);
    if (areIntegers(leftKind, rightKind))
        return sign(left, right) == 0;
    if (leftKind != rightKind) {
        if (left.isValid() && right.isValid())
            return failure(kIncompatible);
        return false;
    }
    switch (leftKind) {
    case Basic::Bool:
        return left.asBool() == right.asBool();
    case Basic::Float:
        return left.asReal() == right.asReal();
    case Basic::Text:
        return left.text() == right.text();
    default:
        return equalOthers(left, right);
    }
}

Result<bool> isLess(const Value& left, const Value& right)
{
    const Basic leftKind = basicOf(left);
    const Basic rightKind = basicOf(right);
    if (leftKind == Basic::None || rightKind == Basic::None)
        return failure(kInvalidType);
    if (areIntegers(leftKind, rightKind))
        return sign(left, right) < 0;
    if (leftKind != rightKind)
        return failure(kIncompatible);
    if (leftKind == Basic::Float)
        return left.asReal() < right.asReal();
    if (leftKind == Basic::Text)
        return left.text() < right.text();
    return failure(kInvalidType);
}

} // namespace

Result<bool> equalsAny(const Value& first, std::span<const Value> others)
{
    if (others.empty())
        return failure("missing argument for comparison");
    for (const Value& other : others) {
        auto equal = equals(first, other);
        if (!equal || *equal)
            return equal;
    }
    return false;
}

Result<bool> compare(Order order, const Value& left, const Value& right)
{
    // As Go has it, > is "not <=" and >= is "not <", which shows with NaN.
    auto less = isLess(left, right);
    if (!less)
        return less;
    if (order == Order::Less)
        return *less;
    if (order == Order::GreaterOrEqual)
        return !*less;
    const auto equal = equals(left, right);
    const bool atMost = *less || (equal && *equal);
    return order == Order::LessOrEqual ? atMost : !atMost;
}

} // namespace fleetglass::rules::tmpl
