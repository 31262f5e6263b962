// What a page is read as, and why it cannot be. Pure functions; thread-safe.
#pragma once

#include "core/exposition/format.h"
#include "core/exposition/parser.h"
#include "core/http/exchange.h"
#include "core/scrape/failure.h"
#include "core/scrape/job_options.h"
#include "core/scrape/target.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace fleetglass::scrape {

// What is asked for, in order.
std::vector<exposition::Format> protocolsOf(const JobOptions& job);

struct PageFormat
{
    exposition::Format format = exposition::Format::PrometheusText004;
    std::string warning; // Why the fallback was taken.
};

// Refuses HTML and other content types, and pages that were cut off.
std::variant<PageFormat, ScrapeFailure> formatOf(
    const http::Exchange& exchange, const JobOptions& job, const Target& target);

exposition::ParseOptions parseOptionsOf(const JobOptions& job);

// A parser's error, with the line at fault shown.
ScrapeFailure parseFailure(const Error& error, std::string_view body);

} // namespace fleetglass::scrape
