#include "core/http/oauth_tokens.h"

#include "core/http/jwt.h"
#include "core/http/prepared_request.h"
#include "core/http/secret_file.h"
#include "core/http/url.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <optional>

namespace fleetglass::http {

namespace {

constexpr std::chrono::seconds kLifeWhereUnsaid { 300 };
constexpr std::chrono::seconds kRenewBefore { 10 };
constexpr std::string_view kJwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

bool isJwtBearer(const OAuth2& options)
{
    return options.grantType == kJwtBearer;
}

Result<Secret> readCredential(const OAuth2& options)
{
    return isJwtBearer(options)
        ? readSecret(options.clientCertificateKey, "client_certificate_key_file")
        : readSecret(options.clientSecret, "client_secret_file");
}

std::string hexOf(const unsigned char* bytes, size_t size)
{
    std::string text;
    for (size_t i = 0; i < size; ++i) {
        text += "0123456789abcdef"[bytes[i] >> 4];
        text += "0123456789abcdef"[bytes[i] & 15];
    }
    return text;
}

// A rotated secret gets a token of its own.
std::string keyOf(const OAuth2& options, const Secret& credential)
{
    std::string all;
    const auto add
        = [&](std::string_view part) { (all += std::to_string(part.size()) + ':') += part; };
    for (const std::string* part : { &options.tokenUrl, &options.clientId, &options.grantType,
             &options.issuer, &options.audience, &options.signatureAlgorithm,
             &options.clientCertificateKeyId, &credential.reveal() })
        add(*part);
    for (const auto* pairs : { &options.claims, &options.endpointParams }) {
        add(std::to_string(pairs->size()));
        for (const auto& [name, value] : *pairs) {
            add(name);
            add(value);
        }
    }
    for (const std::string& scope : options.scopes)
        add(scope);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest {};
    unsigned size = 0;
    EVP_Digest(all.data(), all.size(), digest.data(), &size, EVP_sha256(), nullptr);
    const Secret wipe(std::move(all));
    return hexOf(digest.data(), size);
}

std::string randomId()
{
    std::array<unsigned char, 16> bytes {};
    RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
    return hexOf(bytes.data(), bytes.size());
}

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : " ") + word;
    return text;
}

// RFC 6749 5.2: {"error": "invalid_grant", "error_description": "..."}
std::string errorOf(const Exchange& exchange)
{
    const auto json = nlohmann::json::parse(exchange.body, nullptr, false);
    std::string text;
    for (const char* key : { "error", "error_description" }) {
        const auto found = json.is_object() ? json.find(key) : json.end();
        if (json.is_object() && found != json.end() && found->is_string())
            text += (text.empty() ? " (" : ": ") + found->get<std::string>().substr(0, 200);
    }
    return text.empty() ? text : text + ')';
}

} // namespace

Result<OAuthTokens::Grant> OAuthTokens::readGrant(const Exchange& exchange)
{
    if (const auto failed = failureUnlessOk(exchange))
        return failure("no OAuth 2 token from " + exchange.url + ": " + failed->message
            + (exchange.failure ? std::string() : errorOf(exchange)));
    const auto json = nlohmann::json::parse(exchange.body, nullptr, false);
    const auto found = json.is_object() ? json.find("access_token") : json.end();
    if (!json.is_object() || found == json.end() || !found->is_string())
        return failure(
            "no OAuth 2 token from " + exchange.url + ": the answer has no access_token");
    Grant grant { Secret(found->get<std::string>()), kLifeWhereUnsaid };
    const auto life = json.find("expires_in");
    if (life != json.end() && life->is_number())
        grant.life = std::chrono::seconds(
            static_cast<int64_t>(std::clamp(life->get<double>(), 0.0, 86'400.0)));
    return grant;
}

void OAuthTokens::settle(
    const std::string& key, const Result<Grant>& grant, std::chrono::nanoseconds asked)
{
    std::vector<Done> waiting;
    m_entries.with([&](Entries& entries) {
        Entry& entry = entries[key];
        waiting.swap(entry.waiting);
        entry.isFetching = false;
        if (grant) {
            entry.text = grant->token;
            entry.until = asked + grant->life - kRenewBefore;
        }
    });
    for (const Done& done : waiting) {
        if (grant)
            done(AccessToken { grant->token, true });
        else
            done(failure(grant.error()));
    }
}

void OAuthTokens::refused(const Secret& token)
{
    m_entries.with([&](Entries& entries) {
        for (auto& [key, entry] : entries) {
            if (entry.text == token)
                entry.text = {};
        }
    });
}

Result<Request> OAuthTokens::tokenRequest(const Asking& asking, SecretPlace place) const
{
    const OAuth2& options = *asking.client->oauth2;
    const Secret& credential = asking.credential;
    auto client = std::make_shared<ClientOptions>();
    client->tls = options.tls;
    client->proxy = options.proxy;
    std::vector<std::pair<std::string, std::string>> form { { "grant_type", options.grantType } };
    if (isJwtBearer(options)) {
        auto assertion = makeAssertion(options, credential, { m_clock.wallMs(), randomId() });
        if (!assertion)
            return failure(assertion.error());
        form.emplace_back("assertion", std::move(*assertion));
    } else {
        if (place == SecretPlace::Header) {
            client->basicAuth = BasicAuth { encodeQuery(options.clientId), {},
                { Secret(encodeQuery(credential.reveal())), {} } };
        } else {
            form.emplace_back("client_id", options.clientId);
            form.emplace_back("client_secret", credential.reveal());
        }
        if (!options.scopes.empty())
            form.emplace_back("scope", joined(options.scopes));
    }
    form.insert(form.end(), options.endpointParams.begin(), options.endpointParams.end());
    Request request;
    request.url = options.tokenUrl;
    request.method = "POST";
    request.body = makeQuery(form);
    request.headers = { { "Content-Type", "application/x-www-form-urlencoded" },
        { "Accept", "application/json" } };
    request.client = std::move(client);
    request.limits.bodyBytesMax = 64 * 1024;
    request.timeout = asking.timeout;
    return request;
}

void OAuthTokens::get(const std::shared_ptr<const ClientOptions>& client,
    std::chrono::milliseconds timeout, const Fetch& fetch, Done done)
{
    const OAuth2& options = *client->oauth2;
    const auto credential = readCredential(options);
    if (!credential) {
        done(failure(credential.error()));
        return;
    }
    const std::string key = keyOf(options, *credential);
    const auto now = m_clock.bootTime();
    bool waits = false;
    const auto known = m_entries.with([&](Entries& entries) -> std::optional<Secret> {
        Entry& entry = entries[key];
        if (!entry.text.empty() && entry.until > now)
            return entry.text;
        entry.waiting.push_back(done);
        waits = std::exchange(entry.isFetching, true);
        return std::nullopt;
    });
    if (known)
        done(AccessToken { *known, false });
    if (known || waits)
        return;
    ask({ client, *credential, key, timeout, fetch }, SecretPlace::Header);
}

void OAuthTokens::ask(const Asking& asking, SecretPlace place)
{
    const auto now = m_clock.bootTime();
    auto request = tokenRequest(asking, place);
    if (!request) {
        settle(asking.key, failure(request.error()), now);
        return;
    }
    asking.fetch(std::move(*request), [this, asking, place, now](const Exchange& exchange) {
        const bool refused = exchange.status == 400 || exchange.status == 401;
        if (refused && place == SecretPlace::Header && !isJwtBearer(*asking.client->oauth2))
            ask(asking, SecretPlace::Form);
        else
            settle(asking.key, readGrant(exchange), now);
    });
}

} // namespace fleetglass::http
