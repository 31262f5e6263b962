#include "core/config/job_extension.h"

#include "core/config/http_section.h"
#include "core/config/nearest.h"

#include <array>
#include <sys/un.h>

namespace fleetglass::config {

namespace {

using http::ChallengeScheme;

// In the order of ChallengeScheme.
constexpr std::array<std::string_view, 3> kSchemes { "digest", "ntlm", "negotiate" };
constexpr std::array<std::string_view, 4> kSocks { "socks4", "socks4a", "socks5", "socks5h" };

void readScheme(Section& section, http::ChallengeAuth& auth)
{
    std::string type;
    section.text("type", type);
    for (size_t i = 0; i < kSchemes.size(); ++i) {
        if (type == kSchemes[i]) {
            auth.scheme = static_cast<ChallengeScheme>(i);
            return;
        }
    }
    std::string message = "unknown http_auth type \"" + type.substr(0, 40) + '"';
    const std::string_view near = nearest(type, kSchemes);
    message += near.empty() ? ": digest, ntlm or negotiate is needed"
                            : ", did you mean \"" + std::string(near) + "\"?";
    section.failAt("type", std::move(message));
}

void readHttpAuth(Reader& reader, const YamlNode& node, http::ChallengeAuth& auth)
{
    Section section(reader, node, "x-fleetglass.http_auth");
    readScheme(section, auth);
    section.text("username", auth.username);
    section.secretSource("password", "password_file", auth.password);
    section.finish();
    if (!auth.password.text.empty() && !auth.password.file.empty())
        section.fail("at most one of http_auth password and password_file must be configured");
    const bool hasOwn = !auth.username.empty() || auth.password.isSet();
    if (auth.scheme == ChallengeScheme::Negotiate && hasOwn)
        section.fail("http_auth of type negotiate takes no username and password: it uses the "
                     "Kerberos ticket of whoever runs the program (kinit)");
    if (auth.scheme != ChallengeScheme::Negotiate && auth.username.empty())
        section.fail("http_auth username must be configured");
}

void readSocksProxy(Section& section, Secret& url)
{
    std::string text;
    section.text("socks_proxy", text);
    if (text.empty())
        return;
    if (const std::string problem = urlProblem(text); !problem.empty())
        section.failAt("socks_proxy", problem);
    const std::string_view scheme = urlScheme(text);
    if (std::find(kSocks.begin(), kSocks.end(), scheme) == kSocks.end())
        section.failAt("socks_proxy",
            "socks_proxy with scheme \"" + std::string(scheme.substr(0, 20))
                + "\": socks4, socks4a, socks5 or socks5h is needed");
    url = Secret(std::move(text));
}

void readUnixSocket(Section& section, std::string& path)
{
    section.path("unix_socket", path);
    constexpr size_t kPathMax = sizeof(sockaddr_un::sun_path) - 1;
    if (path.size() > kPathMax)
        section.failAt("unix_socket",
            "the path of unix_socket is longer than " + std::to_string(kPathMax) + " bytes");
}

} // namespace

std::string_view toWord(http::ChallengeScheme scheme)
{
    return kSchemes[static_cast<size_t>(scheme)];
}

void readJobExtension(Section& section, http::ClientOptions& options)
{
    const YamlNode* node = section.takeValue(kExtensionKey);
    if (node == nullptr)
        return;
    Section extension(section.reader(), *node, kExtensionKey);
    if (const YamlNode* auth = extension.takeValue("http_auth"))
        readHttpAuth(section.reader(), *auth, options.challengeAuth.emplace());
    readSocksProxy(extension, options.proxy.url);
    readUnixSocket(extension, options.unixSocket);
    bool viaProxy = false; // Read with kubernetes_sd_configs, which it belongs to.
    extension.boolean(kKubernetesProxyKey, viaProxy);
    extension.finish();
    if (!options.proxy.url.empty() && (section.has("proxy_url")))
        section.failAt("proxy_url", "at most one of proxy_url & socks_proxy must be configured");
}

void checkJobExtension(Section& section, const http::ClientOptions& options)
{
    if (options.challengeAuth && (options.basicAuth || options.authorization || options.oauth2))
        section.failAt(kExtensionKey,
            "at most one of basic_auth, oauth2, authorization & http_auth must be configured");
    if (!options.unixSocket.empty()
        && (!options.proxy.url.empty() || options.proxy.fromEnvironment))
        section.failAt(kExtensionKey, "a unix_socket is reached without a proxy");
}

} // namespace fleetglass::config
