// The global section and one entry of scrape_configs. Used from one thread at a time.
#pragma once

#include "core/config/config.h"
#include "core/config/section.h"

#include <functional>
#include <optional>
#include <string>

namespace fleetglass::config {

using Environment = std::function<std::optional<std::string>(const std::string& name)>;

void readGlobal(
    Reader& reader, const YamlNode& node, const Environment& environment, GlobalOptions& global);

// `job` comes out complete: what it leaves out is taken from `global`.
void readJob(
    Reader& reader, const YamlNode& node, const GlobalOptions& global, scrape::JobOptions& job);

relabel::NameScheme nameScheme(scrape::NameValidation validation);

// "$VAR", "${VAR}" replaced, "$$" is "$" (Go's os.Expand as Prometheus uses it).
std::string expandVariables(std::string_view text, const Environment& environment);

} // namespace fleetglass::config
