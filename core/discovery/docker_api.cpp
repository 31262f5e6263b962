#include "core/discovery/docker_api.h"

#include "core/base/utf8.h"
#include "core/http/url.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace fleetglass::discovery {

namespace {

constexpr const char* kPing = "/_ping";
constexpr size_t kRunningMax = 8;
// The newest version of the API whose answers are known here; a daemon serves older ones as well.
constexpr int kVersionMajor = 1;
constexpr int kVersionMinorMax = 51;

// "/v1.47" of "1.47"; "" for anything else.
std::string versionPrefix(std::string_view version)
{
    int major = 0;
    int minor = 0;
    const char* end = version.data() + version.size();
    const auto [dot, error] = std::from_chars(version.data(), end, major);
    if (error != std::errc() || dot == end || *dot != '.' || major != kVersionMajor)
        return {};
    if (std::from_chars(dot + 1, end, minor).ec != std::errc())
        return {};
    return "/v1." + std::to_string(std::min(minor, kVersionMinorMax));
}

// What the daemon says about a refusal: {"message": "..."}.
std::string explanation(const http::Exchange& exchange)
{
    const auto json = parseJson(exchange.body);
    const std::string message = json ? textOf(*json, "message") : std::string();
    return message.empty() ? std::string() : ": " + clipUtf8(message, 200);
}

} // namespace

Result<DockerEndpoint> dockerEndpoint(const std::string& host, const http::ClientOptions& client)
{
    const size_t colon = host.find("://");
    const std::string scheme = host.substr(0, std::min(colon, host.size()));
    std::string rest = colon == std::string::npos ? std::string() : host.substr(colon + 3);
    while (rest.size() > 1 && rest.ends_with('/'))
        rest.pop_back();
    if (rest.empty())
        return failure("a Docker host looks like unix:///var/run/docker.sock or "
                       "http://host:2375");
    if (scheme == "http" || scheme == "https")
        return DockerEndpoint { scheme + "://" + rest,
            std::make_shared<const http::ClientOptions>(client) };
    http::ClientOptions plain;
    if (scheme == "tcp")
        return DockerEndpoint { "http://" + rest,
            std::make_shared<const http::ClientOptions>(plain) };
    if (scheme != "unix")
        return failure("hosts of the kind " + scheme
            + ":// are not supported; use unix://, tcp://, "
              "http:// or https://");
    plain.unixSocket = rest;
    return DockerEndpoint { "http://localhost",
        std::make_shared<const http::ClientOptions>(plain) };
}

DockerApi::DockerApi(
    const Options& options, http::Transport& transport, std::function<void()> answered)
    : m_options(options)
    , m_endpoint(dockerEndpoint(options.host, options.client))
    , m_calls(transport, std::move(answered))
{
}

void DockerApi::begin(std::vector<Call> calls)
{
    m_answers.clear();
    m_error.clear();
    m_waiting.clear();
    m_inRound = true;
    if (!m_endpoint) {
        failRound({}, m_endpoint.error().message);
        return;
    }
    m_waiting.assign(calls.begin(), calls.end());
    if (m_versionKnown)
        startWaiting();
    else
        startCall({ kPing, {}, "asking for the version of the API" });
}

void DockerApi::add(std::vector<Call> calls)
{
    m_inRound = true;
    std::move(calls.begin(), calls.end(), std::back_inserter(m_waiting));
    startWaiting();
}

void DockerApi::startWaiting()
{
    while (!m_waiting.empty() && m_running.size() < kRunningMax) {
        startCall(m_waiting.front());
        m_waiting.pop_front();
    }
}

void DockerApi::startCall(const Call& call)
{
    http::Request request;
    request.url = m_endpoint->url + (call.path == kPing ? std::string() : m_version) + call.path;
    if (!call.query.empty())
        request.url += '?' + call.query;
    request.client = m_endpoint->client;
    request.timeout = m_options.timeout;
    request.headers = { { "Accept", "application/json" } };
    request.limits.bodyLimitName = "the limit for answers of an API";
    m_running[call.path] = call;
    m_calls.start(call.path, std::move(request));
}

bool DockerApi::poll()
{
    for (const ApiCalls::Answer& answer : m_calls.take())
        take(answer.key, answer.exchange);
    if (!m_inRound || isBusy())
        return false;
    m_inRound = false;
    return true;
}

void DockerApi::take(const std::string& key, const http::Exchange& exchange)
{
    const Call call = m_running.extract(key).mapped();
    if (key == kPing) {
        takeVersion(exchange);
        return;
    }
    startWaiting();
    std::string message;
    if (const auto failed = http::failureUnlessOk(exchange))
        message = failed->message + explanation(exchange);
    else if (auto json = parseJson(exchange.body); json)
        m_answers[key] = std::move(*json);
    else
        message = json.error().message;
    if (!message.empty() && !call.optional)
        failRound("error while " + call.what + ": ", message);
}

void DockerApi::takeVersion(const http::Exchange& exchange)
{
    // Who answers at all can be asked; some proxies in front of a daemon let no ping through.
    if (exchange.failure) {
        failRound({}, exchange.failure->message);
        return;
    }
    m_version = exchange.status == 200 ? versionPrefix(exchange.header("Api-Version")) : "";
    m_versionKnown = true;
    startWaiting();
}

void DockerApi::failRound(const std::string& what, const std::string& message)
{
    m_waiting.clear();
    m_versionKnown = false; // It may be another daemon now.
    if (m_error.empty())
        m_error = http::maskUrl(m_options.host, {}) + ": " + what + message;
}

const Json& DockerApi::answerTo(const std::string& path) const
{
    static const Json kNull;
    const auto found = m_answers.find(path);
    return found == m_answers.end() ? kNull : found->second;
}

std::string DockerApi::filterQuery(const std::vector<DockerFilter>& filters)
{
    Json json = Json::object();
    for (const DockerFilter& filter : filters) {
        for (const std::string& value : filter.values)
            json[filter.name][value] = true;
    }
    if (json.empty())
        return {};
    const LabelPairs query { { "filters",
        json.dump(-1, ' ', false, Json::error_handler_t::replace) } };
    return http::makeQuery(query);
}

} // namespace fleetglass::discovery
