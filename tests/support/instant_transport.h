// InstantTransport: answers each request from within start(), as the test says. Used from one
// thread at a time.
#pragma once

#include "core/http/transport.h"

#include <functional>

namespace fleetglass::test {

class InstantTransport : public http::Transport
{
public:
    using Answer = std::function<http::Exchange(const http::Request&)>;

    explicit InstantTransport(Answer answer)
        : m_answer(std::move(answer))
    {
    }

    http::RequestId start(http::Request request, Done done) override
    {
        done(m_answer(request));
        return 0;
    }
    void cancel(http::RequestId) override { }

private:
    Answer m_answer;
};

} // namespace fleetglass::test
