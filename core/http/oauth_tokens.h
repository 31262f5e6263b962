// OAuthTokens: access tokens by client credentials (RFC 6749 4.4) or by a signed assertion
// (RFC 7523 3), kept until shortly before they expire. Thread-safe.
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
#include <vector>

namespace fleetglass::http {

struct AccessToken
{
    Secret text;
    bool isNew = false; // Fetched for this very request: another would be refused alike.
};

class OAuthTokens
{
public:
    using Fetch = std::function<void(Request, Transport::Done)>;
    using Done = std::function<void(Result<AccessToken>)>;

    explicit OAuthTokens(const Clock& clock)
        : m_clock(clock)
    {
    }

    // The token for `client`, from memory or by `fetch`; those who ask meanwhile share the one
    // that is on its way. `client` has oauth2; `fetch` must not call back after our end.
    void get(const std::shared_ptr<const ClientOptions>& client, std::chrono::milliseconds timeout,
        const Fetch& fetch, Done done);
    // The server did not take this token: it is not used again.
    void refused(const Secret& token);

private:
    struct Entry
    {
        Secret text;
        std::chrono::nanoseconds until {};
        bool isFetching = false;
        std::vector<Done> waiting;
    };
    // By everything that tells tokens apart, secrets included.
    using Entries = std::map<std::string, Entry>;

    // Servers want the client's secret in a header or in the form; nobody says which. As Go does
    // (golang.org/x/oauth2, AuthStyleAutoDetect), the header is tried first.
    enum class SecretPlace
    {
        Header,
        Form
    };
    struct Asking
    {
        std::shared_ptr<const ClientOptions> client;
        Secret credential;
        std::string key;
        std::chrono::milliseconds timeout {};
        Fetch fetch;
    };
    void ask(const Asking& asking, SecretPlace place);
    Result<Request> tokenRequest(const Asking& asking, SecretPlace place) const;
    struct Grant
    {
        Secret token;
        std::chrono::seconds life {};
    };
    static Result<Grant> readGrant(const Exchange& exchange);
    // Keeps the token and answers those who wait for it.
    void settle(const std::string& key, const Result<Grant>& grant, std::chrono::nanoseconds asked);

    const Clock& m_clock;
    Guarded<Entries> m_entries;
};

} // namespace fleetglass::http
