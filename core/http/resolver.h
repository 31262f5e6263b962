// Resolver: host names to addresses, away from the network thread, so that a silent name server
// holds up nobody but its own target. Thread-safe.
#pragma once

#include "core/base/clock.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace fleetglass::http {

struct Resolution
{
    std::vector<std::string> addresses; // "10.0.3.14", "fe80::1"; empty after a failure.
    bool notFound = false; // The name does not exist; otherwise the failure may pass.
    std::string error; // "no such host", "the name server did not answer"
};

class Resolver
{
public:
    // May be called from any thread, also from within resolve().
    using Done = std::function<void(Resolution)>;

    virtual ~Resolver() = default;
    virtual void resolve(const std::string& host, Done done) = 0;
};

struct ResolverOptions
{
    size_t threadsMax = 8;
    size_t queueMax = 20'000; // Names waiting; beyond it a lookup fails at once.
    std::chrono::seconds positiveLife { 10 };
    std::chrono::seconds negativeLife { 5 };
    std::chrono::seconds slowAfter { 2 }; // Names slower than this may hold all but two threads.
};

// getaddrinfo on threads of its own. They are the only ones that nobody joins: a call can hang for
// half a minute and cannot be interrupted, and the program must close at once. They share their
// state with this object and end by themselves.
class SystemResolver : public Resolver
{
public:
    // Looks a name up, however long it takes; the default is getaddrinfo.
    using Lookup = std::function<Resolution(const std::string&)>;

    explicit SystemResolver(const Clock& clock, ResolverOptions options = {}, Lookup lookup = {});
    ~SystemResolver() override;
    SystemResolver(const SystemResolver&) = delete;
    SystemResolver& operator=(const SystemResolver&) = delete;

    void resolve(const std::string& host, Done done) override;

private:
    struct State;
    std::shared_ptr<State> m_state;
    const Clock& m_clock;
};

// The address itself where `host` is one ("127.0.0.1", "::1", "[::1]"), else empty.
std::string literalAddress(const std::string& host);

} // namespace fleetglass::http
