// Transport: how a request leaves the program. Thread-safe. A test gives its own.
#pragma once

#include "core/http/client_options.h"
#include "core/http/exchange.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::http {

struct SizeLimits
{
    size_t bodyBytesMax = 32u << 20; // Decoded.
    size_t wireBytesMax = 16u << 20;
    size_t headerBytesMax = 64u << 10;
    std::string bodyLimitName = "body_size_limit"; // The setting that the message names.
};

struct Request
{
    std::string url; // With its query; may hold secrets.
    // Query keys whose values are masked wherever the URL is shown.
    std::vector<std::string> maskedParams;
    std::string method = "GET";
    std::string body;
    std::vector<HeaderLine> headers; // Our own: Accept, Content-Type ...; they travel everywhere.
    std::string userAgent; // Empty: the transport's.
    std::shared_ptr<const ClientOptions> client; // Null: none of it.
    bool compression = true; // Ask for gzip.
    bool http1Only = false;
    std::chrono::milliseconds timeout { 10'000 }; // For all of it, redirects included.
    std::chrono::milliseconds connectTimeout { 5'000 }; // DNS, TCP and TLS each at most.
    SizeLimits limits;
    // Takes the decoded body of a 200 as it arrives, on the transport's thread, instead of
    // Exchange::body; the limits then hold for each piece. False: enough, end as cancelled. A
    // transport that cannot do that gives the body at the end as ever.
    std::function<bool(std::string_view bytes)> onBody;
};

using RequestId = uint64_t;

class Transport
{
public:
    // Called once for every request, from the transport's thread; must return quickly.
    using Done = std::function<void(Exchange)>;

    virtual ~Transport() = default;

    virtual RequestId start(Request request, Done done) = 0;
    // `done` then gets FailureCode::Cancelled, unless the request has just ended.
    virtual void cancel(RequestId id) = 0;
};

} // namespace fleetglass::http
