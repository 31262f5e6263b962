// The functions of PromQL by name: what they take and give. Their meaning is the engine's.
// Immutable; share freely.
#pragma once

#include "core/promql/ast.h"

#include <array>
#include <optional>
#include <span>
#include <string_view>

namespace fleetglass::promql {

struct Function
{
    static constexpr size_t kListedMax = 5;

    std::string_view name;
    std::array<ValueType, kListedMax> listedTypes {}; // Types of the listed arguments.
    size_t listedCount = 0;
    // 0: exactly the listed arguments. N > 0: the last listed may be missing, and up to N - 1 more
    // may follow. -1: the last listed may be missing or come any number of times.
    int variadic = 0;
    ValueType returns = ValueType::Vector;
    bool experimental = false;

    std::span<const ValueType> argumentTypes() const { return { listedTypes.data(), listedCount }; }
    // Type of argument i; the last listed repeats.
    ValueType argumentType(size_t i) const;
    size_t argumentsMin() const { return variadic == 0 ? listedCount : listedCount - 1; }
    std::optional<size_t> argumentsMax() const; // Nothing: no bound.
};

// All of them, sorted by name.
std::span<const Function> functions();

// Null where there is none of that name. Names are case-sensitive.
const Function* findFunction(std::string_view name);

} // namespace fleetglass::promql
