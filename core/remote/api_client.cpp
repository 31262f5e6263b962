#include "core/remote/api_client.h"

#include "core/http/url.h"

#include <future>
#include <nlohmann/json.hpp>

namespace fleetglass::remote {

namespace {

std::string percentEncoded(const std::string& text)
{
    constexpr const char* kHex = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
            || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.' || c == '~';
        if (plain) {
            encoded += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        encoded += '%';
        encoded += kHex[byte >> 4U];
        encoded += kHex[byte & 0xFU];
    }
    return encoded;
}

bool isApiAnswer(const std::string& body)
{
    const auto json = nlohmann::json::parse(body, nullptr, false);
    return json.is_object() && json.contains("status") && json["status"].is_string();
}

} // namespace

ApiClient::ApiClient(http::Transport& transport, std::string url)
    : m_transport(transport)
    , m_url(std::move(url))
{
    while (!m_url.empty() && m_url.back() == '/')
        m_url.pop_back();
}

http::Exchange ApiClient::fetch(http::Request request) const
{
    // Shared: the transport is still inside set_value when the answer is taken here.
    const auto promise = std::make_shared<std::promise<http::Exchange>>();
    auto future = promise->get_future();
    m_transport.start(std::move(request),
        [promise](http::Exchange exchange) { promise->set_value(std::move(exchange)); });
    return future.get();
}

Result<std::string> ApiClient::probe(const std::string& path) const
{
    http::Request request;
    request.url = m_url + "/-/" + path;
    http::Exchange exchange = fetch(std::move(request));
    if (const auto failed = http::failureUnlessOk(exchange))
        return failure(http::maskUrl(m_url, {}) + ": " + failed->message, ErrorCode::Unavailable);
    return std::move(exchange.body);
}

Result<std::string> ApiClient::get(const std::string& path, const Parameters& parameters) const
{
    http::Request request;
    request.url = m_url + "/api/v1/" + path;
    char separator = '?';
    for (const auto& [name, value] : parameters) {
        request.url += separator + percentEncoded(name) + '=' + percentEncoded(value);
        separator = '&';
    }
    request.headers = { { "Accept", "application/json" } };
    request.timeout = std::chrono::seconds(120); // Prometheus' own query.timeout.
    // A result is often larger than a page of metrics.
    request.limits.bodyBytesMax = size_t { 512 } << 20U;
    request.limits.wireBytesMax = size_t { 256 } << 20U;
    http::Exchange exchange = fetch(std::move(request));
    const std::string shown = http::maskUrl(m_url, {});
    if (exchange.failure)
        return failure(shown + ": " + exchange.failure->message, ErrorCode::Unavailable);
    if (!isApiAnswer(exchange.body)) {
        const auto status = http::failureUnlessOk(exchange);
        return failure(shown + ": "
                + (status ? status->message
                          : std::string("the answer is not that of a Prometheus-compatible API")),
            ErrorCode::Unavailable);
    }
    return std::move(exchange.body);
}

} // namespace fleetglass::remote
