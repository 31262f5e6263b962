#include "core/scrape/failure.h"

#include "core/http/redirect.h"
#include "core/http/url.h"

#include <array>

namespace fleetglass::scrape {

std::string_view toWord(Phase phase)
{
    static constexpr std::array<std::string_view, 8> kWords { "", "dns", "tcp", "tls", "http",
        "body", "parse", "limits" };
    return kWords[static_cast<size_t>(phase)];
}

Phase phaseOf(http::Phase phase)
{
    switch (phase) {
    case http::Phase::None:
        return Phase::Http; // Refused by us before anything was sent: a bad URL or secret file.
    case http::Phase::Dns:
        return Phase::Dns;
    case http::Phase::Tcp:
        return Phase::Tcp;
    case http::Phase::Tls:
        return Phase::Tls;
    case http::Phase::Http:
        return Phase::Http;
    case http::Phase::Body:
        return Phase::Body;
    }
    return Phase::None;
}

bool isUnreached(const ScrapeFailure& failure)
{
    return failure.phase == Phase::Dns || failure.phase == Phase::Tcp;
}

bool mayBeOutage(const ScrapeFailure& failure, const std::string& url)
{
    if (!isUnreached(failure) || failure.reason == "connect_refused" || failure.reason == "proxy")
        return false;
    const auto parsed = http::parseUrl(url);
    return parsed && parsed->host != "localhost" && !http::isLocalAddress(parsed->host);
}

} // namespace fleetglass::scrape
