// eq, lt and their kin, with Go's rules: only values of one kind compare, except that integers
// compare whatever their sign. Pure functions; thread-safe.
#pragma once

#include "core/base/result.h"
#include "core/rules/template_value.h"

#include <span>

namespace fleetglass::rules::tmpl {

enum class Order
{
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
};

// Whether the first equals any of the others.
Result<bool> equalsAny(const Value& first, std::span<const Value> others);
// Fails as "incompatible types for comparison" or "invalid type for comparison".
Result<bool> compare(Order order, const Value& left, const Value& right);

} // namespace fleetglass::rules::tmpl
