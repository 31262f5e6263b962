// What is watched, read from texts and files: a configuration with the rule files and job files it
// names. Pure functions but for the disk; thread-safe.
#pragma once

#include "core/config/import.h"
#include "core/monitor/monitor.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::monitor {

// Imports a text or a file with the rule files it names. Errors carry file:line:column.
config::ImportResult readWatchText(
    std::string_view text, const std::string& name, const std::string& directory);
// `secrets`: what the file's references to the keyring stand for, in their order, one a line.
config::ImportResult readWatchFile(const std::string& path, const std::string& secrets = {});
// The text of a regular file of at most 16 MiB.
Result<std::string> readWatchedText(const std::filesystem::path& path);
// The references to the keyring in a file, one a line; none where it cannot be read.
std::string referencesIn(const std::string& path);

// The files an import was read from besides its own: rule files and job files, as they are now.
std::vector<std::string> includedFiles(const config::Config& config);

// The imported things as the monitor takes them.
WatchSet watchSetOf(const config::ImportResult& result);

} // namespace fleetglass::monitor
