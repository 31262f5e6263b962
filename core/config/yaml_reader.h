// From text to a YamlDocument, strictly: exactly one document, UTF-8, limits on size, depth and
// visited nodes, no alias cycles, merge keys resolved. The only place that knows yaml-cpp, and the
// only one with a try. Pure functions; thread-safe.
#pragma once

#include "core/config/yaml_document.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace fleetglass::config {

// RELIABILITY limits of a configuration text.
inline constexpr size_t kTextBytesMax = 16 << 20;
inline constexpr int kDepthMax = 64;
inline constexpr uint64_t kVisitsMax = 1'000'000;

enum class LaterDocuments
{
    Refuse,
    Ignore, // Those after "---" are left out, as Prometheus does with rule files.
};

// Errors carry line and column. They never quote values, except the first ignored line.
Result<YamlDocument> readYaml(
    std::string_view text, LaterDocuments laterDocuments = LaterDocuments::Refuse);

// Refuses what cannot be a configuration, before it is parsed: too large, binary, UTF-16, not
// UTF-8, a page of HTML.
Result<bool> checkText(std::string_view text);

// The text of a regular file of at most kTextBytesMax; never waits on a pipe or a device.
Result<std::string> readTextFile(const std::string& path, size_t bytesMax = kTextBytesMax);

} // namespace fleetglass::config
