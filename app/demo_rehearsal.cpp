#include "app/demo_rehearsal.h"

namespace fleetglass::app {

namespace {

std::string authorityOf(const std::string& url)
{
    const size_t start = url.find("://") + 3;
    return url.substr(start, url.find('/', start) - start);
}

http::Exchange failed(http::Phase phase, http::FailureCode code, const char* message)
{
    http::Exchange exchange;
    exchange.failure = http::Failure { phase, code, message };
    exchange.reached = phase;
    return exchange;
}

http::Exchange answered(int status, std::string body)
{
    http::Exchange exchange;
    exchange.reached = http::Phase::Body;
    exchange.status = status;
    exchange.responseHeaders = { { "Content-Type", "text/plain; version=0.0.4; charset=utf-8" } };
    exchange.bodyBytes = body.size();
    exchange.wireBytes = body.size();
    exchange.times.total = std::chrono::milliseconds(9);
    exchange.body = std::move(body);
    return exchange;
}

} // namespace

RehearsalTransport::RehearsalTransport(const demo::DemoFleet& fleet, const Clock& clock)
    : m_fleet(fleet)
    , m_clock(clock)
{
    for (const auto& host : demo::Simulation::hosts())
        m_hosts[fleet.addressOf(host.name, host.job)] = host.name + '/' + host.job;
}

http::RequestId RehearsalTransport::start(http::Request request, Done done)
{
    const std::string host = m_hosts[authorityOf(request.url)];
    const int64_t nowMs = m_clock.wallMs();
    switch (m_fleet.simulation().answerOf(host, nowMs)) {
    case demo::Answer::Page:
        done(answered(200, m_fleet.simulation().page(host, nowMs).text()));
        break;
    case demo::Answer::Unauthorized:
        done(answered(401, "{\"detail\":\"Authentication credentials were not provided.\"}"));
        break;
    case demo::Answer::Expired:
        done(failed(http::Phase::Tls, http::FailureCode::TlsExpired, "certificate expired"));
        break;
    case demo::Answer::Hangs:
        done(failed(http::Phase::Http, http::FailureCode::HttpTimeout,
            "no answer in 1 s after connecting"));
        break;
    }
    return 0;
}

} // namespace fleetglass::app
