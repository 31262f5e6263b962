#include "core/snapshot/fields.h"

namespace fleetglass::snapshot {

namespace {

constexpr int kDepthMax = 64;

} // namespace

std::optional<nlohmann::json> parseJson(std::string_view text)
{
    bool isTooDeep = false;
    auto json = nlohmann::json::parse(
        text.begin(), text.end(),
        [&](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
            isTooDeep = isTooDeep || depth > kDepthMax;
            return !isTooDeep;
        },
        false);
    if (isTooDeep || json.is_discarded())
        return std::nullopt;
    return json;
}

} // namespace fleetglass::snapshot
