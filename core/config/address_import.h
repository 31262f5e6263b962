// Lines of addresses and URLs, as people paste them. Pure functions; thread-safe.
#pragma once

#include "core/config/import.h"

#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::config {

struct AddressWord
{
    std::string text;
    Position position;
    bool isUrl = false;
};

// The words of a text that holds nothing but "host:port" and URLs (and comments); empty otherwise.
std::vector<AddressWord> findAddresses(std::string_view text);

// Jobs for them: one for all addresses, one for each URL's scheme, path and query.
void importAddresses(
    const std::vector<AddressWord>& words, const ImportOptions& options, ImportResult& result);

// "prometheus.yml" -> "prometheus", "" -> fallback: for names of jobs and groups.
std::string nameFromFile(std::string_view file, std::string_view fallback);

} // namespace fleetglass::config
