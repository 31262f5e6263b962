// OAuthTokens: access tokens of the client_credentials grant (RFC 6749 4.4), kept until shortly
// before they expire. Thread-safe.
#pragma once

#include "core/base/clock.h"
#include "core/base/guarded.h"
#include "core/base/result.h"
#include "core/base/secret.h"
#include "core/http/client_options.h"
#include "core/http/transport.h"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace fleetglass::http {

class OAuthTokens
{
public:
    using Fetch = std::function<void(Request, Transport::Done)>;
    using Done = std::function<void(Result<std::string>)>;

    explicit OAuthTokens(const Clock& clock)
        : m_clock(clock)
    {
    }

    // The token for `client`, from memory or by `fetch`. `client` has oauth2.
    void get(const std::shared_ptr<const ClientOptions>& client, std::chrono::milliseconds timeout,
        const Fetch& fetch, Done done);

private:
    struct Token
    {
        Secret text;
        std::chrono::nanoseconds until {};
    };
    using Tokens = std::map<std::string, Token>; // By token URL, client and scopes.

    const Clock& m_clock;
    std::shared_ptr<Guarded<Tokens>> m_tokens = std::make_shared<Guarded<Tokens>>();
};

} // namespace fleetglass::http
