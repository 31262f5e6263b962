// Lists of relabelling rules. Used from one thread at a time.
#pragma once

#include "core/config/section.h"
#include "core/relabel/rule.h"

#include <string_view>
#include <vector>

namespace fleetglass::config {

// `nullMessage` is what to say of an empty list item.
void readRelabelRules(Section& section, std::string_view key, relabel::NameScheme names,
    std::string_view nullMessage, std::vector<relabel::Rule>& rules);

} // namespace fleetglass::config
