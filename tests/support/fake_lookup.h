// FakeLookup: a name server that answers when the test says. Used from one thread at a time.
#pragma once

#include "core/dns/lookup.h"

#include <string>
#include <utility>
#include <vector>

namespace fleetglass::test {

class FakeLookup : public dns::Lookup
{
public:
    struct Waiting
    {
        std::string name;
        dns::RecordType type;
        Done done;
    };

    void start(std::string name, dns::RecordType type, Done done) override
    {
        m_waiting.push_back({ std::move(name), type, std::move(done) });
    }
    // Answers the first that waits.
    void deliver(dns::Answer answer)
    {
        const Waiting first = std::move(m_waiting.front());
        m_waiting.erase(m_waiting.begin());
        first.done(std::move(answer));
    }
    const std::vector<Waiting>& waiting() const { return m_waiting; }

private:
    std::vector<Waiting> m_waiting;
};

} // namespace fleetglass::test
