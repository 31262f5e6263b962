// The parser of each format; parse() in parser.h chooses among them. Thread-safe.
#pragma once

#include "core/exposition/parser.h"

namespace fleetglass::exposition {

Result<ParseStats> parsePrometheusText(
    std::string_view body, const ParseOptions& options, Sink& sink);
Result<ParseStats> parseOpenMetrics(std::string_view body, const ParseOptions& options, Sink& sink);
Result<ParseStats> parseProtobuf(std::string_view body, const ParseOptions& options, Sink& sink);
Result<ParseStats> parseAwxJson(std::string_view body, const ParseOptions& options, Sink& sink);

} // namespace fleetglass::exposition
