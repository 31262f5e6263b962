// Changes one job in the text of a configuration and leaves every other byte as it is: comments,
// order and sections we do not know survive. Pure functions; thread-safe.
#pragma once

#include "core/base/result.h"

#include <string>
#include <string_view>

namespace fleetglass::config {

// `jobText` is one item as writeJob makes it. The job is looked up by its name.
Result<std::string> replaceJob(
    std::string_view text, std::string_view jobName, std::string_view jobText);
// Behind the last job; a text without scrape_configs gets the section at its end.
Result<std::string> addJob(std::string_view text, std::string_view jobText);
Result<std::string> removeJob(std::string_view text, std::string_view jobName);

} // namespace fleetglass::config
