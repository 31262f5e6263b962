#include "core/http/oauth_tokens.h"

#include "core/http/prepared_request.h"
#include "core/http/secret_file.h"
#include "core/http/url.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

namespace fleetglass::http {

namespace {

constexpr std::chrono::seconds kLifeWhereUnsaid { 300 };
constexpr std::chrono::seconds kRenewBefore { 10 };

std::string keyOf(const OAuth2& options)
{
    std::string key = options.tokenUrl + '\n' + options.clientId;
    for (const std::string& scope : options.scopes)
        key += '\n' + scope;
    for (const auto& [name, value] : options.endpointParams)
        key += '\n' + name + '=' + value;
    return key;
}

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : " ") + word;
    return text;
}

Result<Request> tokenRequest(const ClientOptions& client, std::chrono::milliseconds timeout)
{
    const OAuth2& options = *client.oauth2;
    if (options.grantType != "client_credentials")
        return failure("oauth2 grant_type \"" + options.grantType
            + "\" is not supported yet: use client_credentials");
    auto secret = readSecret(options.clientSecret, "client_secret_file");
    if (!secret)
        return failure(secret.error());
    auto tokenClient = std::make_shared<ClientOptions>();
    tokenClient->tls = options.tls;
    tokenClient->proxy.url = Secret(options.proxyUrl);
    tokenClient->basicAuth = BasicAuth { encodeQuery(options.clientId), {},
        { Secret(encodeQuery(secret->reveal())), {} } };
    std::vector<std::pair<std::string, std::string>> form { { "grant_type",
        "client_credentials" } };
    if (!options.scopes.empty())
        form.emplace_back("scope", joined(options.scopes));
    form.insert(form.end(), options.endpointParams.begin(), options.endpointParams.end());
    Request request;
    request.url = options.tokenUrl;
    request.method = "POST";
    request.body = makeQuery(form);
    request.headers = { { "Content-Type", "application/x-www-form-urlencoded" },
        { "Accept", "application/json" } };
    request.client = std::move(tokenClient);
    request.timeout = timeout;
    request.limits.bodyBytesMax = 64 * 1024;
    return request;
}

struct Answer
{
    std::string token;
    std::chrono::seconds life;
};

Result<Answer> readAnswer(const Exchange& exchange)
{
    if (const auto failed = failureUnlessOk(exchange))
        return failure("no OAuth 2 token from " + exchange.url + ": " + failed->message);
    const auto json = nlohmann::json::parse(exchange.body, nullptr, false);
    const auto found = json.is_object() ? json.find("access_token") : json.end();
    if (!json.is_object() || found == json.end() || !found->is_string())
        return failure(
            "no OAuth 2 token from " + exchange.url + ": the answer has no access_token");
    Answer answer { found->get<std::string>(), kLifeWhereUnsaid };
    const auto life = json.find("expires_in");
    if (life != json.end() && life->is_number())
        answer.life = std::chrono::seconds(
            std::clamp<int64_t>(static_cast<int64_t>(life->get<double>()), 0, 86'400));
    return answer;
}

} // namespace

void OAuthTokens::get(const std::shared_ptr<const ClientOptions>& client,
    std::chrono::milliseconds timeout, const Fetch& fetch, Done done)
{
    const std::string key = keyOf(*client->oauth2);
    const auto now = m_clock.bootTime();
    const auto known = m_tokens->with([&](Tokens& tokens) -> std::optional<std::string> {
        const auto found = tokens.find(key);
        if (found == tokens.end() || found->second.until <= now)
            return std::nullopt;
        return found->second.text.reveal();
    });
    if (known) {
        done(*known);
        return;
    }
    auto request = tokenRequest(*client, timeout);
    if (!request) {
        done(failure(request.error()));
        return;
    }
    fetch(std::move(*request), [tokens = m_tokens, key, now, done](const Exchange& exchange) {
        auto answer = readAnswer(exchange);
        if (!answer) {
            done(failure(answer.error()));
            return;
        }
        tokens->with([&](Tokens& map) {
            map[key] = { Secret(answer->token), now + answer->life - kRenewBefore };
        });
        done(answer->token);
    });
}

} // namespace fleetglass::http
