// Media types as Content-Type carries them, with the messages of Go's mime package.
// Pure functions; thread-safe.
#pragma once

#include "core/base/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fleetglass::exposition {

struct MediaType
{
    std::string type; // Lower case, without parameters.
    std::vector<std::pair<std::string, std::string>> parameters;

    std::optional<std::string_view> parameter(std::string_view name) const;
};

// Fails where the grammar of RFC 2045 is broken.
Result<MediaType> parseMediaType(std::string_view text);

// Cuts at ';' and '=' without judging; parameters that are no pairs are left out.
MediaType splitMediaType(std::string_view text);

} // namespace fleetglass::exposition
