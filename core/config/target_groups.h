// Documents of target groups: what file_sd reads and http_sd answers, in JSON or YAML.
// Pure functions; thread-safe.
#pragma once

#include "core/base/result.h"
#include "core/discovery/options.h"

#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::config {

enum class TargetFormat
{
    Json,
    Yaml,
};

// The format by the file's ending; an error for any but .json, .yml, .yaml.
Result<TargetFormat> targetFormat(std::string_view path);

// Errors read "source:line:column: message". Each group's source is "SOURCE:index".
Result<std::vector<discovery::TargetGroup>> readTargetGroups(
    std::string_view text, TargetFormat format, const std::string& source);

// As discovery asks for it: YAML without a file's name, errors read "line:column: message".
Result<std::vector<discovery::TargetGroup>> targetGroupsFromYaml(std::string_view text);

} // namespace fleetglass::config
