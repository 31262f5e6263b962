// Words of the errors that a limit makes. Pure functions; thread-safe.
#pragma once

#include "core/base/result.h"
#include "core/exposition/parser.h"

#include <string_view>

namespace fleetglass::exposition {

Result<void> checkNameBytes(
    std::string_view what, std::string_view name, const ParseLimits& limits);
Result<void> checkLabelCount(size_t count, const ParseLimits& limits);
Result<void> checkLabelValue(
    std::string_view name, std::string_view value, const ParseLimits& limits);
Result<void> checkSampleCount(size_t count, const ParseLimits& limits);
Result<void> checkLineBytes(size_t bytes, const ParseLimits& limits);
Result<void> checkBucketCount(size_t count, const ParseLimits& limits);

} // namespace fleetglass::exposition
