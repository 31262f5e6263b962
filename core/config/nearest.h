// The word a misspelt one was likely meant to be. Pure function; thread-safe.
#pragma once

#include <span>
#include <string_view>

namespace fleetglass::config {

// The candidate with the fewest edits (a letter more, fewer, other, or two swapped), where those
// are at most a third of the word; empty otherwise. Lives as long as the candidates.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

} // namespace fleetglass::config
