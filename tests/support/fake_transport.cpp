#include "tests/support/fake_transport.h"

#include <algorithm>

namespace fleetglass::test {

http::Exchange answerWith(std::string body, std::string contentType)
{
    http::Exchange exchange;
    exchange.status = 200;
    exchange.reasonPhrase = "OK";
    exchange.httpVersion = "1.1";
    exchange.reached = http::Phase::Body;
    exchange.times.total = std::chrono::milliseconds(5);
    if (!contentType.empty())
        exchange.responseHeaders.push_back({ "Content-Type", std::move(contentType) });
    exchange.bodyBytes = exchange.wireBytes = body.size();
    exchange.body = std::move(body);
    return exchange;
}

http::Exchange failWith(http::Failure failure)
{
    http::Exchange exchange;
    exchange.reached = failure.phase;
    exchange.failure = std::move(failure);
    return exchange;
}

http::Exchange answerStatus(int status)
{
    http::Exchange exchange = answerWith({});
    exchange.status = status;
    exchange.reasonPhrase.clear();
    return exchange;
}

http::RequestId FakeTransport::start(http::Request request, Done done)
{
    m_requests.push_back(request);
    m_waiting.push_back({ ++m_lastId, std::move(request), std::move(done) });
    return m_lastId;
}

void FakeTransport::cancel(http::RequestId id)
{
    const auto found = std::find_if(
        m_waiting.begin(), m_waiting.end(), [&](const Waiting& w) { return w.id == id; });
    if (found == m_waiting.end())
        return;
    const Done done = std::move(found->done);
    m_waiting.erase(found);
    done(failWith({ http::Phase::None, http::FailureCode::Cancelled, "cancelled" }));
}

bool FakeTransport::deliverOne()
{
    if (m_waiting.empty())
        return false;
    const Waiting next = std::move(m_waiting.front());
    m_waiting.pop_front();
    next.done(m_answer ? m_answer(next.request) : answerWith({}));
    return true;
}

size_t FakeTransport::deliver()
{
    size_t count = 0;
    for (size_t left = m_waiting.size(); left > 0 && deliverOne(); --left)
        ++count;
    return count;
}

} // namespace fleetglass::test
