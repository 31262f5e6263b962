// FakeTransport: answers as the test says, when the test says. Used from one thread at a time.
#pragma once

#include "core/http/transport.h"

#include <deque>
#include <functional>
#include <string>
#include <vector>

namespace fleetglass::test {

// A good answer with a page.
http::Exchange answerWith(std::string body, std::string contentType = "text/plain; version=0.0.4");
http::Exchange failWith(http::Failure failure);
http::Exchange answerStatus(int status);

class FakeTransport : public http::Transport
{
public:
    using Answer = std::function<http::Exchange(const http::Request&)>;

    explicit FakeTransport(Answer answer = {})
        : m_answer(std::move(answer))
    {
    }

    http::RequestId start(http::Request request, Done done) override;
    void cancel(http::RequestId id) override;

    void setAnswer(Answer answer) { m_answer = std::move(answer); }
    // Answers everything that waits; returns how many.
    size_t deliver();
    // Answers one, whichever came first.
    bool deliverOne();

    size_t waiting() const { return m_waiting.size(); }
    const std::vector<http::Request>& requests() const { return m_requests; }

private:
    struct Waiting
    {
        http::RequestId id = 0;
        http::Request request;
        Done done;
    };

    Answer m_answer;
    http::RequestId m_lastId = 0;
    std::deque<Waiting> m_waiting;
    std::vector<http::Request> m_requests;
};

} // namespace fleetglass::test
