// fleetglass check healthy|ready --url URL: whether a Prometheus-compatible server is.
#include "app/arguments.h"
#include "app/query_source.h"
#include "app/verbs.h"
#include "core/http/curl_transport.h"
#include "core/remote/api_client.h"

#include <iostream>
#include <thread>

namespace fleetglass::app {

int checkServer(const std::string& kind, const std::string& url)
{
    if (!isServerUrl(url))
        return usageError("--url " + url + ": write http://HOST:PORT or https://HOST:PORT");
    const SystemClock clock;
    http::SystemResolver resolver(clock);
    http::CurlTransport transport(resolver, clock);
    std::jthread network([&](std::stop_token stop) { transport.run(stop); });
    const auto body = remote::ApiClient(transport, url).probe(kind);
    if (!body)
        return badInput(body.error().message);
    std::cout << url << ": " << kind << '\n';
    return kExitGood;
}

} // namespace fleetglass::app
