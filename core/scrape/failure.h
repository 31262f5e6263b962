// ScrapeFailure: why a scrape gave nothing, as a value. Values and pure functions; thread-safe.
#pragma once

#include "core/http/exchange.h"

#include <string>
#include <string_view>

namespace fleetglass::scrape {

// Where a scrape can fail, in the order it passes through.
enum class Phase
{
    None,
    Dns,
    Tcp,
    Tls,
    Http,
    Body,
    Parse,
    Limits
};

struct ScrapeFailure
{
    Phase phase = Phase::None;
    std::string reason; // A short word for counting: "connect_refused", "content_type", "parse".
    std::string message; // Plain words, lower case, no secret.
    std::string hint; // What to do about it; may be empty.
    int line = 0; // Of the page, where it is at fault; 0 elsewhere.
    int column = 0;
    friend bool operator==(const ScrapeFailure&, const ScrapeFailure&) = default;
};

// "dns", "tcp", "tls", "http", "body", "parse", "limits"; "" for none.
std::string_view toWord(Phase phase);
Phase phaseOf(http::Phase phase);
// Nothing was heard of the target: the name, the connection, or the way to them failed.
bool isUnreached(const ScrapeFailure& failure);
// So, and the want of a network here may be why. A refusal has come from somewhere, and this
// computer's own addresses need no network.
bool mayBeOutage(const ScrapeFailure& failure, const std::string& url);

} // namespace fleetglass::scrape
