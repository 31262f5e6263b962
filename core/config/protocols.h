// Keys that the global section and a job share: protocols, limits, naming schemes. Used from one
// thread at a time.
#pragma once

#include "core/config/section.h"
#include "core/scrape/job_options.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::config {

// Reports an empty list, a duplicate or an unknown name; `where` ends the message.
void checkProtocols(Reader& reader, Position position, const std::vector<std::string>& protocols,
    const std::string& where);

// Why the name is no protocol ("unknown scrape protocol ..."); empty where it is one.
std::string protocolProblem(const std::string& protocol);

// PrometheusProto first where native histograms are scraped.
std::vector<std::string> defaultProtocols(bool nativeHistograms);

void readLimits(Section& section, scrape::LimitOptions& limits);

// `validation` is left where the key is absent or null; true where it was given.
bool readNaming(Section& section, scrape::NameValidation& validation,
    std::optional<scrape::NameEscaping>& escaping, std::string_view scope);

// "allow-utf-8" ... and "utf8", "legacy".
std::string_view toWord(scrape::NameEscaping escaping);
std::string_view toWord(scrape::NameValidation validation);

} // namespace fleetglass::config
