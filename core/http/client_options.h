// What a client needs to reach a server: Prometheus' http_config as plain values. Config fills it,
// http acts on it; neither knows the other. Values.
#pragma once

#include "core/base/secret.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fleetglass::http {

// A secret given in place, or read from a file each time it is needed (files are rotated).
struct SecretSource
{
    Secret text;
    std::string file; // Absolute path; empty: `text` counts.
    bool isSet() const { return !text.empty() || !file.empty(); }
    friend bool operator==(const SecretSource&, const SecretSource&) = default;
};

struct BasicAuth
{
    std::string username;
    std::string usernameFile;
    SecretSource password;
    friend bool operator==(const BasicAuth&, const BasicAuth&) = default;
};

// "Authorization: TYPE CREDENTIALS"; bearer_token is type Bearer.
struct Authorization
{
    std::string type = "Bearer";
    SecretSource credentials;
    friend bool operator==(const Authorization&, const Authorization&) = default;
};

enum class ChallengeScheme
{
    Digest, // RFC 7616
    Ntlm,
    Negotiate // RFC 4559: Kerberos, with the ticket of whoever runs the program.
};

// Schemes that answer a challenge of the server. The last two authenticate a connection, not a
// request: theirs is closed after each answer, so that it never serves another identity.
struct ChallengeAuth
{
    ChallengeScheme scheme = ChallengeScheme::Digest;
    std::string username; // "DOMAIN\\anna" for NTLM.
    SecretSource password;
    friend bool operator==(const ChallengeAuth&, const ChallengeAuth&) = default;
};

enum class TlsVersion
{
    Default,
    Tls10,
    Tls11,
    Tls12,
    Tls13
};

struct TlsOptions
{
    std::string ca; // PEM text in place.
    std::string caFile;
    std::string cert;
    std::string certFile;
    SecretSource key;
    std::string serverName;
    bool insecureSkipVerify = false;
    TlsVersion minVersion = TlsVersion::Default; // Default: TLS 1.2.
    TlsVersion maxVersion = TlsVersion::Default;
    // Accepted besides the chain: SHA-256 of a leaf the user trusted in the window, lower-case hex.
    std::string trustedSha256;
    friend bool operator==(const TlsOptions&, const TlsOptions&) = default;
};

struct Header
{
    std::string name;
    std::vector<std::string> values;
    std::vector<SecretSource> secrets;
    friend bool operator==(const Header&, const Header&) = default;
};

struct ProxyOptions
{
    Secret url; // May hold a password.
    std::string noProxy;
    bool fromEnvironment = false;
    std::vector<Header> connectHeaders;
    friend bool operator==(const ProxyOptions&, const ProxyOptions&) = default;
};

struct OAuth2
{
    std::string clientId;
    SecretSource clientSecret;
    std::string grantType = "client_credentials";
    SecretSource clientCertificateKey; // For the JWT bearer grant.
    std::string clientCertificateKeyId;
    std::string signatureAlgorithm = "RS256";
    std::string issuer;
    std::string audience;
    std::vector<std::pair<std::string, std::string>> claims; // The values as JSON text.
    std::vector<std::string> scopes;
    std::string tokenUrl;
    std::vector<std::pair<std::string, std::string>> endpointParams;
    TlsOptions tls;
    ProxyOptions proxy; // Of the way to the token URL.
    friend bool operator==(const OAuth2&, const OAuth2&) = default;
};

struct ClientOptions
{
    std::optional<BasicAuth> basicAuth;
    std::optional<Authorization> authorization;
    std::optional<OAuth2> oauth2;
    std::optional<ChallengeAuth> challengeAuth;
    TlsOptions tls;
    ProxyOptions proxy;
    std::vector<Header> headers;
    // The socket file to connect to instead of the URL's host, which is still named in the request;
    // no proxy is asked. Empty: TCP.
    std::string unixSocket;
    bool followRedirects = true;
    bool enableHttp2 = true;
    friend bool operator==(const ClientOptions&, const ClientOptions&) = default;
};

} // namespace fleetglass::http
