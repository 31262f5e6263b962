#include "core/config/http_section.h"

#include "core/base/number.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>

namespace fleetglass::config {

namespace {

constexpr std::array<std::string_view, 13> kHttpKeys { "basic_auth", "authorization", "oauth2",
    "bearer_token", "bearer_token_file", "tls_config", "follow_redirects", "enable_http2",
    "proxy_url", "no_proxy", "proxy_from_environment", "proxy_connect_header", "http_headers" };

// prometheus/common config.ReservedHeaders, lower case.
constexpr std::array<std::string_view, 18> kReservedHeaders { "authorization", "host",
    "content-encoding", "content-length", "content-type", "user-agent", "connection", "keep-alive",
    "proxy-authenticate", "proxy-authorization", "www-authenticate", "accept-encoding",
    "x-prometheus-remote-write-version", "x-prometheus-remote-read-version",
    "x-prometheus-scrape-timeout-seconds", "x-amz-date", "x-amz-security-token",
    "x-amz-content-sha256" };

std::string lower(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
        [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

bool isReserved(std::string_view header)
{
    return std::find(kReservedHeaders.begin(), kReservedHeaders.end(), lower(header))
        != kReservedHeaders.end();
}

// Go's textproto.CanonicalMIMEHeaderKey: "user-agent" -> "User-Agent".
std::string canonicalHeader(std::string_view name)
{
    std::string result = lower(name);
    bool upper = true;
    for (char& c : result) {
        if (upper)
            c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        upper = c == '-';
    }
    return result;
}

// A line break in a header value would start a header of its own.
void refuseLineBreaks(Reader& reader, const YamlNode& node, std::string_view what)
{
    if (node.text.find_first_of("\r\n") != std::string::npos)
        reader.fail(node.position, std::string(what) + " must not hold line breaks");
}

// "x", "x_file", "x_ref": at most one may be given. `names` is the list in upstream's words.
struct Choice
{
    bool value = false;
    bool file = false;
    bool ref = false;
    int count() const { return int { value } + int { file } + int { ref }; }
};

// A *_ref names an entry of a secret manager, which there is none of here.
std::string takeRef(Section& section, std::string_view key)
{
    std::string ref;
    section.text(key, ref);
    if (!ref.empty())
        section.reader().warn(section.positionOf(key),
            std::string(key) + " names an entry of a secret manager; there is none here");
    return ref;
}

void readBasicAuth(Reader& reader, const YamlNode& node, http::BasicAuth& auth)
{
    Section section(reader, node, "config.plain");
    section.text("username", auth.username);
    section.path("username_file", auth.usernameFile);
    const std::string usernameRef = takeRef(section, "username_ref");
    section.secretSource("password", "password_file", auth.password);
    const std::string passwordRef = takeRef(section, "password_ref");
    section.finish();
    const Choice username { !auth.username.empty(), !auth.usernameFile.empty(),
        !usernameRef.empty() };
    if (username.count() > 1)
        section.fail(
            "at most one of basic_auth username, username_file & username_ref must be configured");
    const Choice password { !auth.password.text.empty(), !auth.password.file.empty(),
        !passwordRef.empty() };
    if (password.count() > 1)
        section.fail(
            "at most one of basic_auth password, password_file & password_ref must be configured");
}

std::string trimmed(std::string_view text)
{
    const size_t start = text.find_first_not_of(" \t\r\n");
    if (start == std::string_view::npos)
        return {};
    return std::string(text.substr(start, text.find_last_not_of(" \t\r\n") - start + 1));
}

void readAuthorization(Reader& reader, const YamlNode& node, http::Authorization& authorization)
{
    Section section(reader, node, "config.plain");
    section.text("type", authorization.type);
    section.secretSource("credentials", "credentials_file", authorization.credentials);
    const std::string ref = takeRef(section, "credentials_ref");
    section.finish();
    authorization.type = trimmed(authorization.type);
    if (authorization.type.empty())
        authorization.type = "Bearer";
    const Choice credentials { !authorization.credentials.text.empty(),
        !authorization.credentials.file.empty(), !ref.empty() };
    if (credentials.count() > 1)
        section.fail(
            "at most one of authorization credentials & credentials_file must be configured");
    if (lower(authorization.type) == "basic")
        section.fail("authorization type cannot be set to \"basic\", use \"basic_auth\" instead");
    if (authorization.type.find_first_of("\r\n") != std::string::npos)
        section.failAt("type", "authorization type must not hold line breaks");
}

void readProxyUrl(Section& section, Secret& url)
{
    const YamlNode* node = section.takeValue("proxy_url");
    std::string text;
    if (node == nullptr || !readText(section.reader(), *node, text))
        return;
    if (const std::string problem = urlProblem(text); !problem.empty())
        section.reader().fail(node->position, problem);
    url = Secret(std::move(text));
}

void readConnectHeaders(Section& section, std::vector<http::Header>& headers)
{
    const YamlNode* node = section.takeValue("proxy_connect_header");
    if (node == nullptr)
        return;
    if (!node->isMap()) {
        failType(section.reader(), *node, "config.ProxyHeader");
        return;
    }
    reportDuplicateKeys(section.reader(), *node);
    for (const YamlEntry& entry : node->entries) {
        http::Header header;
        header.name = entry.key;
        for (const YamlNode* item : listOf(section.reader(), *entry.value, "[]config.Secret")) {
            std::string value;
            readText(section.reader(), *item, value);
            refuseLineBreaks(section.reader(), *item, "a header value");
            header.secrets.push_back({ Secret(std::move(value)), {} });
        }
        headers.push_back(std::move(header));
    }
}

void readProxy(Section& section, http::ProxyOptions& proxy)
{
    readProxyUrl(section, proxy.url);
    section.text("no_proxy", proxy.noProxy);
    section.boolean("proxy_from_environment", proxy.fromEnvironment);
    readConnectHeaders(section, proxy.connectHeaders);
    if (!proxy.connectHeaders.empty() && !proxy.fromEnvironment && proxy.url.empty())
        section.failAt("proxy_connect_header",
            "if proxy_connect_header is configured, proxy_url or proxy_from_environment must also "
            "be configured");
    if (proxy.fromEnvironment && !proxy.url.empty())
        section.failAt("proxy_url",
            "if proxy_from_environment is configured, proxy_url must not be configured");
    if (proxy.fromEnvironment && !proxy.noProxy.empty())
        section.failAt(
            "no_proxy", "if proxy_from_environment is configured, no_proxy must not be configured");
    if (proxy.url.empty() && !proxy.noProxy.empty())
        section.failAt("no_proxy", "if no_proxy is configured, proxy_url must also be configured");
}

// A plain scalar as yaml.v2 sees it where any type will do.
nlohmann::json plainJson(const std::string& text)
{
    if (const auto boolean = yamlBoolean(text))
        return *boolean;
    if (const auto integer = parseInt(text))
        return *integer;
    const auto number = nlohmann::json::parse(text, nullptr, false);
    return number.is_number() ? number : nlohmann::json(text);
}

// The reader bounds the depth.
nlohmann::json claimJson(const YamlNode& node)
{
    if (node.isNull())
        return nullptr;
    if (node.isScalar())
        return node.plain ? plainJson(node.text) : nlohmann::json(node.text);
    auto json = node.isMap() ? nlohmann::json::object() : nlohmann::json::array();
    for (const YamlNode* item : node.items)
        json.push_back(claimJson(*item));
    for (const YamlEntry& entry : node.entries)
        json[entry.key] = claimJson(*entry.value);
    return json;
}

void readClaims(Section& section, http::OAuth2& oauth2)
{
    const YamlNode* node = section.takeValue("claims");
    if (node == nullptr)
        return;
    if (!node->isMap()) {
        failType(section.reader(), *node, "map[string]interface {}");
        return;
    }
    reportDuplicateKeys(section.reader(), *node);
    for (const YamlEntry& entry : node->entries)
        oauth2.claims.emplace_back(entry.key, claimJson(*entry.value).dump());
}

void checkOAuth2(Section& section, const http::OAuth2& oauth2, const Choice& secret)
{
    constexpr std::string_view kJwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    if (oauth2.clientId.empty())
        section.fail("oauth2 client_id must be configured");
    if (oauth2.tokenUrl.empty())
        section.fail("oauth2 token_url must be configured");
    else if (const std::string problem = urlProblem(oauth2.tokenUrl); !problem.empty())
        section.failAt("token_url", problem);
    if (secret.count() > 1)
        section.fail("at most one of oauth2 client_secret, client_secret_file & client_secret_ref "
                     "must be configured using grant-type=client_credentials");
    if (oauth2.grantType != "client_credentials" && oauth2.grantType != kJwtBearer)
        section.failAt("grant_type",
            "oauth2 grant_type must be \"client_credentials\" or \"" + std::string(kJwtBearer)
                + "\", got \"" + oauth2.grantType + "\"");
    const bool knownAlgorithm = oauth2.signatureAlgorithm == "RS256"
        || oauth2.signatureAlgorithm == "RS384" || oauth2.signatureAlgorithm == "RS512";
    if (!knownAlgorithm)
        section.failAt(
            "signature_algorithm", "valid signature algorithms are RS256, RS384 and RS512");
}

void readOAuth2(Reader& reader, const YamlNode& node, http::OAuth2& oauth2)
{
    Section section(reader, node, "config.plain");
    section.text("client_id", oauth2.clientId);
    section.secretSource("client_secret", "client_secret_file", oauth2.clientSecret);
    const std::string secretRef = takeRef(section, "client_secret_ref");
    section.text("client_certificate_key_id", oauth2.clientCertificateKeyId);
    section.secretSource(
        "client_certificate_key", "client_certificate_key_file", oauth2.clientCertificateKey);
    const std::string keyRef = takeRef(section, "client_certificate_key_ref");
    section.text("grant_type", oauth2.grantType);
    section.text("signature_algorithm", oauth2.signatureAlgorithm);
    section.text("iss", oauth2.issuer);
    section.text("audience", oauth2.audience);
    readClaims(section, oauth2);
    section.texts("scopes", oauth2.scopes);
    section.text("token_url", oauth2.tokenUrl);
    section.textMap("endpoint_params", oauth2.endpointParams);
    if (const YamlNode* tls = section.takeValue("tls_config"))
        readTls(reader, *tls, oauth2.tls);
    readProxy(section, oauth2.proxy);
    section.finish();
    checkOAuth2(section, oauth2,
        { !oauth2.clientSecret.text.empty(), !oauth2.clientSecret.file.empty(),
            !secretRef.empty() });
    const Choice key { !oauth2.clientCertificateKey.text.empty(),
        !oauth2.clientCertificateKey.file.empty(), !keyRef.empty() };
    if (key.count() > 1)
        section.fail("at most one of oauth2 client_certificate_key, client_certificate_key_file & "
                     "client_certificate_key_ref must be configured using "
                     "grant-type=urn:ietf:params:oauth:grant-type:jwt-bearer");
}

void readSecretList(Section& section, std::string_view key, bool files, http::Header& header)
{
    const YamlNode* node = section.takeValue(key);
    if (node == nullptr)
        return;
    for (const YamlNode* item : listOf(section.reader(), *node, "[]string")) {
        std::string value;
        readText(section.reader(), *item, value);
        refuseLineBreaks(section.reader(), *item, "a header value");
        if (files)
            header.secrets.push_back({ {}, section.reader().resolve(value) });
        else
            header.secrets.push_back({ Secret(std::move(value)), {} });
    }
}

void readHeaders(Section& section, std::vector<http::Header>& headers)
{
    const YamlNode* node = section.takeValue("http_headers");
    if (node == nullptr)
        return;
    Reader& reader = section.reader();
    if (!node->isMap()) {
        failType(reader, *node, "config.Headers");
        return;
    }
    reportDuplicateKeys(reader, *node);
    for (const YamlEntry& entry : node->entries) {
        http::Header header;
        header.name = entry.key;
        Section part(reader, *entry.value, "config.Header");
        if (const YamlNode* values = part.takeValue("values")) {
            readTexts(reader, *values, header.values);
            for (const YamlNode* item : values->items)
                refuseLineBreaks(reader, *item, "a header value");
        }
        readSecretList(part, "secrets", false, header);
        readSecretList(part, "files", true, header);
        part.finish();
        if (isReserved(entry.key))
            reader.fail(entry.keyPosition,
                "setting header \"" + canonicalHeader(entry.key) + "\" is not allowed");
        if (entry.key.find_first_of("\r\n: ") != std::string::npos || entry.key.empty())
            reader.fail(entry.keyPosition, "this is not a valid header name");
        headers.push_back(std::move(header));
    }
}

void readTlsVersion(Section& section, std::string_view key, http::TlsVersion& version)
{
    std::string text;
    section.text(key, text);
    if (text.empty())
        return;
    if (text == "TLS10")
        version = http::TlsVersion::Tls10;
    else if (text == "TLS11")
        version = http::TlsVersion::Tls11;
    else if (text == "TLS12")
        version = http::TlsVersion::Tls12;
    else if (text == "TLS13")
        version = http::TlsVersion::Tls13;
    else
        section.failAt(key, "unknown TLS version: " + text);
}

void checkTls(Section& section, const http::TlsOptions& tls, const Choice& ca, const Choice& cert,
    const Choice& key)
{
    if (ca.count() > 1)
        section.fail("at most one of ca, ca_file & ca_ref must be configured");
    if (cert.count() > 1)
        section.fail("at most one of cert, cert_file & cert_ref must be configured");
    if (key.count() > 1)
        section.fail("at most one of key and key_file must be configured");
    if (cert.count() > 0 && key.count() == 0)
        section.fail("exactly one of key or key_file must be configured when a client certificate "
                     "is configured");
    if (key.count() > 0 && cert.count() == 0)
        section.fail(
            "exactly one of cert or cert_file must be configured when a client key is configured");
    if (tls.maxVersion != http::TlsVersion::Default && tls.minVersion != http::TlsVersion::Default
        && tls.maxVersion < tls.minVersion)
        section.fail("tls_config.max_version must be greater than or equal to "
                     "tls_config.min_version if both are specified");
}

// bearer_token and bearer_token_file, the old spelling of authorization.
void readBearer(Section& section, http::ClientOptions& options)
{
    http::SecretSource bearer;
    section.secretSource("bearer_token", "bearer_token_file", bearer);
    if (!bearer.text.empty() && !bearer.file.empty())
        section.failAt(
            "bearer_token", "at most one of bearer_token & bearer_token_file must be configured");
    if (!bearer.isSet())
        return;
    const std::string_view key = bearer.text.empty() ? "bearer_token_file" : "bearer_token";
    if (options.basicAuth || options.oauth2)
        section.failAt(key,
            "at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be "
            "configured");
    if (options.authorization)
        section.failAt(
            key, "authorization is not compatible with bearer_token & bearer_token_file");
    else
        options.authorization = http::Authorization { "Bearer", std::move(bearer) };
}

void checkAuthChoices(Section& section, const http::ClientOptions& options, bool authorization)
{
    if (authorization && (options.basicAuth || options.oauth2))
        section.failAt("authorization",
            "at most one of basic_auth, oauth2 & authorization must be configured");
    else if (options.basicAuth && options.oauth2)
        section.failAt(
            "oauth2", "at most one of basic_auth, oauth2 & authorization must be configured");
}

} // namespace

void readTls(Reader& reader, const YamlNode& node, http::TlsOptions& options)
{
    Section section(reader, node, "config.plain");
    section.text("ca", options.ca);
    section.path("ca_file", options.caFile);
    const std::string caRef = takeRef(section, "ca_ref");
    section.text("cert", options.cert);
    section.path("cert_file", options.certFile);
    const std::string certRef = takeRef(section, "cert_ref");
    section.secretSource("key", "key_file", options.key);
    const std::string keyRef = takeRef(section, "key_ref");
    section.text("server_name", options.serverName);
    section.boolean("insecure_skip_verify", options.insecureSkipVerify);
    readTlsVersion(section, "min_version", options.minVersion);
    readTlsVersion(section, "max_version", options.maxVersion);
    std::vector<std::string> nextProtos;
    section.texts("next_protos", nextProtos);
    section.finish();
    checkTls(section, options, { !options.ca.empty(), !options.caFile.empty(), !caRef.empty() },
        { !options.cert.empty(), !options.certFile.empty(), !certRef.empty() },
        { !options.key.text.empty(), !options.key.file.empty(), !keyRef.empty() });
}

void readHttpKeys(Section& section, http::ClientOptions& options)
{
    Reader& reader = section.reader();
    if (const YamlNode* node = section.takeValue("basic_auth"))
        readBasicAuth(reader, *node, options.basicAuth.emplace());
    if (const YamlNode* node = section.takeValue("authorization"))
        readAuthorization(reader, *node, options.authorization.emplace());
    if (const YamlNode* node = section.takeValue("oauth2"))
        readOAuth2(reader, *node, options.oauth2.emplace());
    const bool authorization = options.authorization.has_value();
    readBearer(section, options);
    checkAuthChoices(section, options, authorization);
    if (const YamlNode* node = section.takeValue("tls_config"))
        readTls(reader, *node, options.tls);
    section.boolean("follow_redirects", options.followRedirects);
    section.boolean("enable_http2", options.enableHttp2);
    readProxy(section, options.proxy);
    readHeaders(section, options.headers);
}

bool hasHttpKeys(const Section& section)
{
    return std::any_of(
        kHttpKeys.begin(), kHttpKeys.end(), [&](std::string_view key) { return section.has(key); });
}

void checkHeaders(Section& section, std::string_view key, const TextPairs& headers, bool tracing)
{
    for (const auto& [name, value] : headers) {
        const std::string small = lower(name);
        if (small == "authorization")
            section.failAt(key,
                tracing ? "custom authorization header configuration is not yet supported"
                        : "authorization header must be changed via the basic_auth, authorization, "
                          "oauth2, sigv4, azuread or google_iam parameter");
        else if (isReserved(small))
            section.failAt(key, name + " is a reserved header. It must not be changed");
        if (value.find_first_of("\r\n") != std::string::npos)
            section.failAt(key, "a header value must not hold line breaks");
    }
}

} // namespace fleetglass::config
