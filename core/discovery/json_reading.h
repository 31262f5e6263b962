// Reading the JSON of outside APIs: what is missing or of another type is empty, as Go's zero
// values are for Prometheus. Pure functions; returned references live as long as their document.
#pragma once

#include "core/base/result.h"
#include "core/discovery/meta_labels.h"

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace fleetglass::discovery {

using Json = nlohmann::json;

Result<Json> parseJson(std::string_view text);

// Null where `value` is no object or has no such member.
const Json& memberOf(const Json& value, const char* key);
// Null as well where one of the steps is missing.
const Json& memberAt(const Json& value, std::initializer_list<const char*> path);
// An empty list where there is none, so that it can be walked.
const Json& listOf(const Json& value, const char* key);
const Json& listFrom(const Json& value);

std::string textOf(const Json& value);
std::string textOf(const Json& value, const char* key);
int64_t numberOf(const Json& value, const char* key);
bool booleanOf(const Json& value, const char* key);
// Members whose values are texts.
MetaLabels textMapOf(const Json& value, const char* key);

} // namespace fleetglass::discovery
