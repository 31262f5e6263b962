// Values in a document that wait for the user: "<token_value>". Pure function; thread-safe.
#pragma once

#include "core/config/import.h"
#include "core/config/yaml_document.h"

#include <vector>

namespace fleetglass::config {

std::vector<Placeholder> findPlaceholders(const YamlNode& root);

} // namespace fleetglass::config
