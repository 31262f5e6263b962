#include "core/http/prepared_request.h"

#include "core/http/header_text.h"
#include "core/http/secret_file.h"

#include <openssl/evp.h>
#include <sys/un.h>

namespace fleetglass::http {

namespace {

Failure badUrl(const Error& error)
{
    return { Phase::None, FailureCode::BadUrl, error.message };
}

Failure badCredentials(const std::string& message)
{
    return { Phase::None, FailureCode::Credentials, message };
}

Result<std::string> basicAuthValue(const BasicAuth& basic, Masker& masker)
{
    auto user = readSecret({ Secret(basic.username), basic.usernameFile }, "username_file");
    if (!user)
        return failure(user.error());
    auto password = readSecret(basic.password, "password_file");
    if (!password)
        return failure(password.error());
    const Secret pair(user->reveal() + ':' + password->reveal());
    const std::string encoded = encodeBase64(pair.reveal());
    masker.add(password->reveal());
    masker.add(encoded);
    return "Basic " + encoded;
}

Result<std::string> authorizationValue(const Authorization& authorization, Masker& masker)
{
    auto credentials = readSecret(authorization.credentials, "credentials_file");
    if (!credentials)
        return failure(credentials.error());
    masker.add(credentials->reveal());
    return authorization.type
        + (credentials->empty() ? std::string() : ' ' + credentials->reveal());
}

Result<void> addOwnHeaders(
    const std::vector<Header>& headers, std::vector<HeaderLine>& lines, Masker& masker)
{
    for (const Header& header : headers) {
        for (const std::string& value : header.values)
            lines.push_back({ header.name, value });
        for (const SecretSource& source : header.secrets) {
            auto secret = readSecret(source, "http_headers file");
            if (!secret)
                return failure(secret.error());
            masker.add(secret->reveal());
            lines.push_back({ header.name, secret->reveal() });
        }
    }
    return {};
}

Result<void> checkHeaders(const std::vector<HeaderLine>& lines)
{
    for (const HeaderLine& line : lines) {
        if (!isHeaderName(line.name))
            return failure("bad header name \"" + line.name.substr(0, 80) + "\"");
        if (!isSafeHeaderValue(line.value))
            return failure("the value of the header " + line.name
                + " holds a line break or a NUL: it must be one line");
    }
    return {};
}

Result<std::vector<HeaderLine>> collectOwnHeaders(
    const ClientOptions& client, const std::string& bearerToken, Masker& masker)
{
    std::vector<HeaderLine> lines;
    Result<std::string> value = std::string();
    if (client.basicAuth) {
        value = basicAuthValue(*client.basicAuth, masker);
    } else if (client.authorization) {
        value = authorizationValue(*client.authorization, masker);
    } else if (!bearerToken.empty()) {
        masker.add(bearerToken);
        value = "Bearer " + bearerToken;
    }
    if (!value)
        return failure(value.error());
    if (!value->empty())
        lines.push_back({ "Authorization", std::move(*value) });
    if (auto ok = addOwnHeaders(client.headers, lines, masker); !ok)
        return failure(ok.error());
    if (auto ok = checkHeaders(lines); !ok)
        return failure(ok.error());
    return lines;
}

// The path of a socket is part of its address (unix(7)): longer ones cannot be reached at all.
Result<void> checkUnixSocket(const std::string& path)
{
    constexpr size_t kPathMax = sizeof(sockaddr_un::sun_path) - 1;
    if (path.empty() || (path.front() == '/' && path.size() <= kPathMax))
        return {};
    if (path.front() != '/')
        return failure("the socket path \"" + path.substr(0, 80) + "\" must begin with a slash");
    return failure("the socket path " + path.substr(0, 40) + "... is longer than "
        + std::to_string(kPathMax) + " bytes");
}

Result<Secret> challengePassword(const ChallengeAuth& auth, Masker& masker)
{
    // Both stand in headers, some schemes as they are.
    if (!isSafeHeaderValue(auth.username))
        return failure("the user name of http_auth holds a line break or a NUL");
    auto password = readSecret(auth.password, "password_file");
    if (!password)
        return failure(password.error());
    masker.add(password->reveal());
    return *password;
}

// Values of the masked query keys may come back in a Location or on an error page.
void addQuerySecrets(const Request& request, const Url& url, Masker& masker)
{
    std::string_view query = url.query;
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        const size_t equals = pair.find('=');
        if (equals == std::string_view::npos)
            continue;
        const std::string key = decodeQuery(pair.substr(0, equals));
        const std::string_view value = pair.substr(equals + 1);
        bool masked = soundsSecret(key);
        // "format=txt" is no secret, and its value is a word that pages are full of.
        for (const std::string& name : request.maskedParams)
            masked = masked || (name == key && value.size() >= 8);
        if (masked) {
            masker.add(value);
            masker.add(decodeQuery(value));
        }
    }
}

// A plain http target needs TLS only where it redirects; its tls_config cannot fail it.
std::optional<Failure> loadTls(PreparedRequest& prepared, TlsMaterials& materials)
{
    const TlsOptions& tls = prepared.client().tls;
    auto bare = materials.load(tls, false);
    if (!bare && !prepared.url.isSecure())
        bare = materials.load({}, false);
    if (!bare)
        return Failure { Phase::Tls, FailureCode::BadTlsOptions, bare.error().message };
    prepared.bareTls = std::move(*bare);
    prepared.tls = prepared.bareTls;
    if (!prepared.url.isSecure())
        return std::nullopt;
    auto material = materials.load(tls, true);
    if (!material)
        return Failure { Phase::Tls, FailureCode::BadTlsOptions, material.error().message };
    prepared.tls = std::move(*material);
    return std::nullopt;
}

} // namespace

const ClientOptions& PreparedRequest::client() const
{
    static const ClientOptions kNone;
    return request.client ? *request.client : kNone;
}

std::string encodeBase64(std::string_view bytes)
{
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    text.resize(static_cast<size_t>(size));
    return text;
}

std::variant<PreparedRequest, Failure> prepare(Request request, const PrepareContext& context)
{
    auto url = parseUrl(request.url);
    if (!url)
        return badUrl(url.error());
    PreparedRequest prepared;
    prepared.request = std::move(request);
    prepared.url = std::move(*url);
    prepared.proxyEnvironment = context.proxyEnvironment;
    if (auto ok = checkUnixSocket(prepared.client().unixSocket); !ok)
        return badUrl(ok.error());
    auto masker = std::make_shared<Masker>();
    addQuerySecrets(prepared.request, prepared.url, *masker);
    auto headers = collectOwnHeaders(prepared.client(), context.bearerToken, *masker);
    if (!headers)
        return badCredentials(headers.error().message);
    prepared.ownHeaders = std::move(*headers);
    if (const auto& auth = prepared.client().challengeAuth) {
        auto password = challengePassword(*auth, *masker);
        if (!password)
            return badCredentials(password.error().message);
        prepared.challengePassword = std::move(*password);
    }
    if (auto ok = checkHeaders(prepared.request.headers); !ok)
        return badCredentials(ok.error().message);
    if (auto failed = loadTls(prepared, context.materials))
        return *failed;
    prepared.masker = std::move(masker);
    return prepared;
}

} // namespace fleetglass::http
