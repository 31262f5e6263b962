// What an import came to, as the window shows it, and the gaps in it filled. Pure functions;
// thread-safe.
#pragma once

#include "core/config/import.h"
#include "core/view/fleet_port.h"

#include <span>
#include <string>
#include <string_view>

namespace fleetglass::monitor {

view::ImportSummary summarize(const config::ImportResult& result);

// The text with the values in the places of its placeholders; one that is not there any more is
// passed over. Fails where a value cannot be put there.
Result<std::string> fillGaps(
    std::string_view text, const std::string& name, std::span<const view::GapAnswer> answers);

} // namespace fleetglass::monitor
