#include "core/discovery/json_reading.h"

namespace fleetglass::discovery {

Result<Json> parseJson(std::string_view text)
{
    Json json = Json::parse(text.begin(), text.end(), nullptr, false);
    if (json.is_discarded())
        return failure("the answer is not JSON");
    return json;
}

const Json& memberOf(const Json& value, const char* key)
{
    static const Json kNull;
    if (!value.is_object())
        return kNull;
    const auto found = value.find(key);
    return found == value.end() ? kNull : *found;
}

const Json& memberAt(const Json& value, std::initializer_list<const char*> path)
{
    const Json* place = &value;
    for (const char* key : path)
        place = &memberOf(*place, key);
    return *place;
}

const Json& listFrom(const Json& value)
{
    static const Json kEmpty = Json::array();
    return value.is_array() ? value : kEmpty;
}

const Json& listOf(const Json& value, const char* key)
{
    return listFrom(memberOf(value, key));
}

std::string textOf(const Json& value)
{
    return value.is_string() ? value.get<std::string>() : std::string();
}

std::string textOf(const Json& value, const char* key)
{
    return textOf(memberOf(value, key));
}

int64_t numberOf(const Json& value, const char* key)
{
    const Json& number = memberOf(value, key);
    return number.is_number_integer() ? number.get<int64_t>() : 0;
}

bool booleanOf(const Json& value, const char* key)
{
    const Json& boolean = memberOf(value, key);
    return boolean.is_boolean() && boolean.get<bool>();
}

MetaLabels textMapOf(const Json& value, const char* key)
{
    MetaLabels pairs;
    const Json& map = memberOf(value, key);
    if (!map.is_object())
        return pairs;
    for (const auto& [name, text] : map.items()) {
        if (text.is_string())
            pairs[name] = text.get<std::string>();
    }
    return pairs;
}

} // namespace fleetglass::discovery
