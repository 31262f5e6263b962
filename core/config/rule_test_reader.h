// Files of rule unit tests, as promtool test rules takes them. Pure functions; thread-safe.
#pragma once

#include "core/base/result.h"
#include "core/rules/rule_test_file.h"

#include <string>
#include <string_view>

namespace fleetglass::config {

struct RuleTestLoadOptions
{
    std::string fileName; // For messages.
    std::string baseDirectory; // What relative rule_files are seen from.
    bool ignoreUnknownFields = false;
};

// The first error only, as "file:line:column: message".
Result<rules::RuleTestFile> loadRuleTests(
    std::string_view text, const RuleTestLoadOptions& options);

} // namespace fleetglass::config
