#include "core/http/exchange.h"

#include "core/http/header_text.h"

#include <array>

namespace fleetglass::http {

namespace {

std::string statusLine(const Exchange& exchange)
{
    std::string text = std::to_string(exchange.status);
    const std::string& phrase = exchange.reasonPhrase;
    return text + ' ' + (phrase.empty() ? std::string(standardPhrase(exchange.status)) : phrase);
}

std::string offeredSchemes(const Exchange& exchange)
{
    std::string text;
    for (const std::string& scheme : exchange.authSchemes)
        text += (text.empty() ? "" : ", ") + scheme;
    return text;
}

Failure statusFailure(const Exchange& exchange)
{
    const std::string line = statusLine(exchange);
    if (exchange.status == 401) {
        const std::string offered = offeredSchemes(exchange);
        return { Phase::Http, FailureCode::Unauthorized,
            line + (offered.empty() ? "" : ": the server asks for " + offered) };
    }
    if (exchange.status == 403)
        return { Phase::Http, FailureCode::Forbidden,
            line + ": the server knows us, but does not let us read this" };
    if (exchange.status == 429) {
        std::string wait;
        if (exchange.retryAfter)
            wait = ", try again in " + std::to_string(exchange.retryAfter->count()) + " s";
        return { Phase::Http, FailureCode::TooManyRequests, line + wait };
    }
    if (exchange.status >= 300 && exchange.status < 400 && !exchange.header("Location").empty())
        return { Phase::Http, FailureCode::Status,
            line + ": leads to " + std::string(exchange.header("Location"))
                + ", and follow_redirects is off" };
    return { Phase::Http, FailureCode::Status, "server returned HTTP status " + line };
}

} // namespace

std::string_view Exchange::header(std::string_view name) const
{
    for (const HeaderLine& line : responseHeaders) {
        if (equalsIgnoringCase(line.name, name))
            return line.value;
    }
    return {};
}

std::string_view toWord(Phase phase)
{
    static constexpr std::array<std::string_view, 6> kWords { "", "dns", "tcp", "tls", "http",
        "body" };
    return kWords[static_cast<size_t>(phase)];
}

std::string_view toWord(FailureCode code)
{
    switch (code) {
    case FailureCode::None:
        return "";
    case FailureCode::Cancelled:
        return "cancelled";
    case FailureCode::BadUrl:
        return "bad_url";
    case FailureCode::Credentials:
        return "credentials";
    case FailureCode::BadTlsOptions:
        return "tls_options";
    case FailureCode::DnsNotFound:
        return "dns_not_found";
    case FailureCode::DnsTimeout:
        return "dns_timeout";
    case FailureCode::DnsFailed:
        return "dns";
    case FailureCode::ConnectRefused:
        return "connect_refused";
    case FailureCode::ConnectTimeout:
        return "connect_timeout";
    case FailureCode::ConnectUnreachable:
        return "connect_unreachable";
    case FailureCode::ConnectFailed:
        return "connect";
    case FailureCode::Proxy:
        return "proxy";
    case FailureCode::TlsUnknownAuthority:
        return "tls_unknown_authority";
    case FailureCode::TlsSelfSigned:
        return "tls_self_signed";
    case FailureCode::TlsExpired:
        return "tls_expired";
    case FailureCode::TlsNotYetValid:
        return "tls_not_yet_valid";
    case FailureCode::TlsWrongHost:
        return "tls_wrong_host";
    case FailureCode::TlsRevoked:
        return "tls_revoked";
    case FailureCode::TlsUntrusted:
        return "tls_untrusted";
    case FailureCode::TlsVersion:
        return "tls_version";
    case FailureCode::TlsClientCertificate:
        return "tls_client_certificate";
    case FailureCode::TlsTimeout:
        return "tls_timeout";
    case FailureCode::TlsHandshake:
        return "tls";
    case FailureCode::HttpTimeout:
        return "timeout";
    case FailureCode::HttpClosed:
        return "closed";
    case FailureCode::HttpProtocol:
        return "protocol";
    case FailureCode::HeadersTooLarge:
        return "headers_too_large";
    case FailureCode::RedirectBlocked:
        return "redirect_blocked";
    case FailureCode::RedirectLimit:
        return "redirect_limit";
    case FailureCode::Status:
        return "status";
    case FailureCode::Unauthorized:
        return "auth";
    case FailureCode::Forbidden:
        return "forbidden";
    case FailureCode::TooManyRequests:
        return "too_many_requests";
    case FailureCode::BodyTimeout:
        return "body_timeout";
    case FailureCode::BodyTruncated:
        return "truncated";
    case FailureCode::BodyTooLarge:
        return "body_size_limit";
    case FailureCode::CompressedTooLarge:
        return "compressed_size_limit";
    case FailureCode::Encoding:
        return "encoding";
    case FailureCode::Decode:
        return "decode";
    }
    return "";
}

std::optional<Failure> failureUnlessOk(const Exchange& exchange)
{
    if (exchange.failure)
        return exchange.failure;
    if (exchange.status == 200)
        return std::nullopt;
    return statusFailure(exchange);
}

} // namespace fleetglass::http
