// ApiClient: asks a Prometheus-compatible server (Prometheus, Thanos, Mimir, VictoriaMetrics) over
// its HTTP API. Waits for the answer; thread-safe. The transport must be running.
#pragma once

#include "core/base/result.h"
#include "core/http/transport.h"

#include <string>
#include <utility>
#include <vector>

namespace fleetglass::remote {

using Parameters = std::vector<std::pair<std::string, std::string>>;

class ApiClient
{
public:
    // `url` is the server's root, with a path prefix where it has one.
    ApiClient(http::Transport& transport, std::string url);

    // The body of GET URL/api/v1/PATH?...: the API's JSON, also where it says "error". Fails where
    // the server does not answer or answers something else.
    Result<std::string> get(const std::string& path, const Parameters& parameters) const;

    // The body of GET URL/-/PATH, "healthy" or "ready". Fails unless the server answers 200.
    Result<std::string> probe(const std::string& path) const;

private:
    http::Exchange fetch(http::Request request) const;
    http::Transport& m_transport;
    std::string m_url;
};

} // namespace fleetglass::remote
