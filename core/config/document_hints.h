// What a text that is no good configuration was probably meant to be, and how to put it right.
// Pure functions; thread-safe.
#pragma once

#include "core/base/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::config {

// A heading such as scrape_configs that stands without its colon.
struct MissingColon
{
    std::string key;
    Position position;
    std::string correctedText;
};
std::optional<MissingColon> findMissingColon(std::string_view text);

// A page of prose with fenced blocks, or with front matter before prose.
bool looksLikeMarkdown(std::string_view text);
// The fenced blocks, in order, without their fences; a block keeps its relative indentation.
std::vector<std::string> fencedBlocks(std::string_view text);

// The indentation of a scrape job that lost it, where its keys tell their places.
std::optional<std::string> restoreIndentation(std::string_view text);

// The error with the likely cause in front, where one is found.
Error withHint(Error error, std::string_view text);

} // namespace fleetglass::config
