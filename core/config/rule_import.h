// Rules as documentation prints them, without group and often without a name: both are made up and
// the rule is marked as wrapped. Used from one thread at a time.
#pragma once

#include "core/config/import.h"
#include "core/config/section.h"

#include <vector>

namespace fleetglass::config {

void importRuleFragments(Reader& reader, const std::vector<const YamlNode*>& nodes,
    const ImportOptions& options, std::vector<rules::GroupOptions>& groups);

// "{{ $labels.instance }} has an active session" -> "HasAnActiveSession"; from the expression where
// the summary says too little.
std::string ruleName(const rules::RuleOptions& rule);

} // namespace fleetglass::config
