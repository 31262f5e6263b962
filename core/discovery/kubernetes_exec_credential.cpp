// The two documents of the protocol: what a plugin is told and what it answers.
#include "core/discovery/kubernetes_exec.h"

#include "core/base/number.h"
#include "core/base/utf8.h"
#include "core/http/prepared_request.h"

#include <nlohmann/json.hpp>

namespace fleetglass::discovery::kubernetes {

namespace {

using Json = nlohmann::json;

std::string textAt(const Json& object, const char* key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// The number in [start, start + length) of the text; -1 where there is none.
int digits(std::string_view text, size_t start, size_t length)
{
    if (start + length > text.size())
        return -1;
    int value = 0;
    for (const char c : text.substr(start, length)) {
        if (c < '0' || c > '9')
            return -1;
        value = value * 10 + (c - '0');
    }
    return value;
}

// "Z" or "+02:00", in minutes.
std::optional<int> zoneMinutes(std::string_view zone)
{
    if (zone == "Z" || zone == "z")
        return 0;
    if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':')
        return std::nullopt;
    const int hours = digits(zone, 1, 2);
    const int minutes = digits(zone, 4, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
        return std::nullopt;
    return (zone[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
}

} // namespace

std::optional<int64_t> parseTimestampMs(std::string_view text)
{
    using namespace std::chrono;
    const int hour = digits(text, 11, 2);
    const int minute = digits(text, 14, 2);
    const int second = digits(text, 17, 2);
    const auto date = year(digits(text, 0, 4)) / month(static_cast<unsigned>(digits(text, 5, 2)))
        / day(static_cast<unsigned>(digits(text, 8, 2)));
    const bool isShaped = text.size() >= 20 && text[4] == '-' && text[7] == '-'
        && (text[10] == 'T' || text[10] == 't') && text[13] == ':' && text[16] == ':';
    if (!isShaped || digits(text, 0, 4) < 0 || !date.ok() || hour < 0 || hour > 23 || minute < 0
        || minute > 59 || second < 0 || second > 60)
        return std::nullopt;
    size_t end = 19;
    if (text[end] == '.') {
        end = text.find_first_not_of("0123456789", end + 1);
        if (end == std::string_view::npos)
            return std::nullopt;
    }
    const auto zone = zoneMinutes(text.substr(end));
    if (!zone)
        return std::nullopt;
    const auto time
        = sys_days(date) + hours(hour) + minutes(minute) + seconds(second) - minutes(*zone);
    return duration_cast<milliseconds>(time.time_since_epoch()).count();
}

std::string execInfo(const KubernetesAccess& access)
{
    Json spec { { "interactive", false } };
    if (access.exec->provideClusterInfo) {
        const http::TlsOptions& tls = access.client.tls;
        Json cluster { { "server", access.server } };
        if (!tls.serverName.empty())
            cluster["tls-server-name"] = tls.serverName;
        if (tls.insecureSkipVerify)
            cluster["insecure-skip-tls-verify"] = true;
        std::string authority = tls.ca;
        if (authority.empty() && !tls.caFile.empty())
            authority = readSmallFile(tls.caFile).value_or("");
        if (!authority.empty())
            cluster["certificate-authority-data"] = http::encodeBase64(authority);
        if (!access.client.proxy.url.empty())
            cluster["proxy-url"] = access.client.proxy.url.reveal();
        if (!access.exec->clusterConfigJson.empty())
            cluster["config"] = Json::parse(access.exec->clusterConfigJson, nullptr, false);
        spec["cluster"] = std::move(cluster);
    }
    return Json {
        { "apiVersion", access.exec->apiVersion }, { "kind", "ExecCredential" },
        { "spec", std::move(spec) }
    }.dump();
}

Result<ExecCredential> readExecCredential(
    std::string_view json, const std::string& command, const std::string& apiVersion)
{
    const auto fail = [&](const std::string& what) {
        return failure("exec plugin \"" + command + "\" " + what);
    };
    const Json parsed = Json::parse(json.begin(), json.end(), nullptr, false);
    if (!parsed.is_object())
        return fail("printed no JSON object of kind ExecCredential");
    if (textAt(parsed, "kind") != "ExecCredential")
        return fail("printed an object of kind \"" + clipUtf8(textAt(parsed, "kind"), 60)
            + "\" instead of ExecCredential");
    if (textAt(parsed, "apiVersion") != apiVersion)
        return fail("answered in version \"" + clipUtf8(textAt(parsed, "apiVersion"), 60)
            + "\", but the kubeconfig says " + apiVersion);
    const auto status = parsed.find("status");
    if (status == parsed.end() || !status->is_object())
        return fail("printed no \"status\"");
    ExecCredential credential;
    credential.token = Secret(textAt(*status, "token"));
    credential.certificatePem = textAt(*status, "clientCertificateData");
    credential.keyPem = Secret(textAt(*status, "clientKeyData"));
    if (credential.certificatePem.empty() != credential.keyPem.empty())
        return fail("answered a certificate without its key, or a key without its certificate");
    if (credential.token.empty() && credential.certificatePem.empty())
        return fail("answered neither a token nor a certificate");
    const std::string expiry = textAt(*status, "expirationTimestamp");
    if (!expiry.empty()) {
        credential.expiresMs = parseTimestampMs(expiry);
        if (!credential.expiresMs)
            return fail(
                "answered an expirationTimestamp that is no time: \"" + clipUtf8(expiry, 60) + '"');
    }
    return credential;
}

} // namespace fleetglass::discovery::kubernetes
