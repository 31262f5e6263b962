#include "core/discovery/consul_requests.h"

#include "core/http/url.h"

namespace fleetglass::discovery {

namespace {

constexpr std::chrono::milliseconds kWatch { 120'000 };
// The agent adds up to a sixteenth to the wait so that not all answers come at once.
constexpr std::chrono::milliseconds kWatchTimeout { 135'000 };

// A name as one step of a path.
std::string escapedStep(const std::string& name)
{
    constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                        "0123456789-_.~";
    std::string result;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if (kPlain.find(c) != std::string_view::npos)
            result += c;
        else
            result += { '%', "0123456789ABCDEF"[byte >> 4], "0123456789ABCDEF"[byte & 15] };
    }
    return result;
}

std::string withoutEndSlash(std::string text)
{
    while (text.ends_with('/'))
        text.pop_back();
    return text;
}

std::string withStartSlash(const std::string& path)
{
    return path.empty() || path.starts_with('/') ? path : '/' + path;
}

} // namespace

// The server may be an address, a URL with a path in front of the API, or a socket file, as
// Consul's own client takes it.
ConsulRequests::ConsulRequests(const ConsulOptions& options)
    : m_options(options)
{
    http::ClientOptions client = options.client;
    std::string scheme = options.scheme.empty() ? "http" : options.scheme;
    std::string address = options.server;
    const size_t colon = address.find("://");
    if (colon != std::string::npos) {
        scheme = address.substr(0, colon);
        address.erase(0, colon + 3);
    }
    std::string prefix = options.pathPrefix;
    if (scheme == "unix") {
        client.unixSocket = address;
        scheme = "http";
        address = "localhost";
    } else if (scheme != "http" && scheme != "https") {
        m_problem = "unknown protocol scheme " + scheme + ": use http, https or unix";
    } else if (const size_t slash = address.find('/'); slash != std::string::npos) {
        prefix = address.substr(slash);
        address.erase(slash);
    }
    m_base = scheme + "://" + address + withoutEndSlash(withStartSlash(prefix));
    if (!options.username.empty() || !options.password.empty())
        client.basicAuth = http::BasicAuth { options.username, {}, { options.password, {} } };
    if (!options.token.empty())
        client.headers.push_back({ "X-Consul-Token", {}, { { options.token, {} } } });
    m_client = std::make_shared<const http::ClientOptions>(std::move(client));
}

ConsulRequests::Query ConsulRequests::commonQuery(uint64_t index) const
{
    Query query;
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty())
            query.emplace_back(name, value);
    };
    add("dc", m_options.datacenter);
    add("ns", m_options.nameSpace);
    add("partition", m_options.partition);
    if (m_options.allowStale)
        query.emplace_back("stale", "");
    if (index != 0) {
        query.emplace_back("index", std::to_string(index));
        query.emplace_back("wait", std::to_string(kWatch.count()) + "ms");
    }
    for (const auto& [key, value] : m_options.nodeMeta)
        query.emplace_back("node-meta", key + ':' + value);
    return query;
}

http::Request ConsulRequests::request(const std::string& path, const Query& query) const
{
    http::Request request;
    request.url = m_base + path;
    if (!query.empty())
        request.url += '?' + http::makeQuery(query);
    request.client = m_client;
    request.timeout = kWatchTimeout;
    request.headers = { { "Accept", "application/json" } };
    request.limits.bodyLimitName = "the limit for answers of an API";
    return request;
}

http::Request ConsulRequests::self() const
{
    return request("/v1/agent/self", {});
}

http::Request ConsulRequests::catalog(uint64_t index) const
{
    Query query = commonQuery(index);
    if (!m_options.filter.empty())
        query.emplace_back("filter", m_options.filter);
    return request("/v1/catalog/services", query);
}

http::Request ConsulRequests::service(const std::string& name, uint64_t index) const
{
    Query query = commonQuery(index);
    for (const std::string& tag : m_options.tags)
        query.emplace_back("tag", tag);
    if (!m_options.healthFilter.empty())
        query.emplace_back("filter", m_options.healthFilter);
    return request("/v1/health/service/" + escapedStep(name), query);
}

} // namespace fleetglass::discovery
