// Rule groups as plain values: what a rule file says, checked and with defaults filled in. Values.
#pragma once

#include "core/base/duration.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fleetglass::rules {

using TextPairs = std::vector<std::pair<std::string, std::string>>;

enum class RuleKind
{
    Alerting,
    Recording
};

struct RuleOptions
{
    RuleKind kind = RuleKind::Alerting;
    std::string name; // `alert` or `record`.
    std::string expression;
    Millis holdFor { 0 }; // `for`
    Millis keepFiringFor { 0 };
    TextPairs labels; // In file order; templates on alerting rules.
    TextPairs annotations;
    int line = 0; // Of the rule in its file.
    int expressionLine = 0;
    // Set where an import had to give the rule its name or group.
    bool wrapped = false;
};

struct GroupOptions
{
    std::string name;
    std::string file;
    std::optional<Millis> interval; // Empty: the global evaluation interval.
    std::optional<Millis> queryOffset;
    int limit = 0; // 0: none.
    TextPairs labels;
    std::vector<RuleOptions> rules;
    int line = 0;
};

} // namespace fleetglass::rules
