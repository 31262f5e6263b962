// Secrets in the parts of a configuration that no job speaks of: remote_write, alerting, discovery
// that is not run here, and comments. Pure functions; thread-safe.
#pragma once

#include "core/base/result.h"
#include "core/monitor/secret_lines.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::monitor {

// Those that stand in the text, with the path under which they are kept:
// "section/remote_write[0].basic_auth.password". None where the text is no YAML.
std::vector<PlacedSecret> keptSecretsOf(std::string_view text);

// The text with the reference of each in its place. Fails, naming the line, where one is written in
// a way that cannot be exchanged: better not saved than in clear.
Result<std::string> withKeptReferences(std::string_view text);

// Comments without the secrets: those given, and what stands behind "password:" and the like in a
// line that was commented out. Everything but comments stays as it is.
std::string withoutCommentSecrets(std::string text, std::span<const PlacedSecret> secrets);

} // namespace fleetglass::monitor
