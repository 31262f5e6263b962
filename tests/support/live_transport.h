// LiveTransport: the real transport on a thread of its own, with a name server the test plays.
// Thread-safe.
#pragma once

#include "core/base/clock.h"
#include "core/http/curl_transport.h"

#include <future>
#include <thread>

namespace fleetglass::test {

class LiveTransport
{
public:
    explicit LiveTransport(http::SystemResolver::Lookup lookup = {}, http::CurlOptions options = {})
        : m_resolver(m_clock, {}, std::move(lookup))
        , m_transport(m_resolver, m_clock, std::move(options))
        , m_thread([this](std::stop_token stop) { m_transport.run(std::move(stop)); })
    {
    }
    ~LiveTransport() { stop(); }

    void stop()
    {
        m_thread.request_stop();
        if (m_thread.joinable())
            m_thread.join();
    }

    http::Transport& transport() { return m_transport; }

    // Waits for the answer.
    http::Exchange fetch(http::Request request)
    {
        auto promise = std::make_shared<std::promise<http::Exchange>>();
        auto answer = promise->get_future();
        m_transport.start(std::move(request),
            [promise](http::Exchange exchange) { promise->set_value(std::move(exchange)); });
        return answer.get();
    }

private:
    SystemClock m_clock;
    http::SystemResolver m_resolver;
    http::CurlTransport m_transport;
    std::jthread m_thread;
};

} // namespace fleetglass::test
