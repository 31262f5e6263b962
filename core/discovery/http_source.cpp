#include "core/discovery/http_source.h"

#include "core/base/number.h"
#include "core/http/url.h"

#include <algorithm>
#include <cctype>

namespace fleetglass::discovery {

namespace {

constexpr std::chrono::seconds kTimeout { 30 };

bool isJson(std::string_view contentType)
{
    std::string type(contentType.substr(0, contentType.find(';')));
    std::transform(type.begin(), type.end(), type.begin(),
        [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    while (type.ends_with(' '))
        type.pop_back();
    return type == "application/json";
}

Result<std::vector<TargetGroup>> groupsOf(const http::Exchange& exchange)
{
    if (const auto failed = http::failureUnlessOk(exchange))
        return failure(failed->message, ErrorCode::Unavailable);
    if (!isJson(exchange.header("Content-Type")))
        return failure("unsupported content type \""
            + std::string(exchange.header("Content-Type").substr(0, 80))
            + "\": application/json is needed");
    return groupsFromJson(exchange.body);
}

} // namespace

HttpSource::HttpSource(
    HttpOptions options, http::Transport& transport, std::function<void()> answered)
    : m_options(std::move(options))
    , m_shownUrl(http::maskUrl(m_options.url, {}))
    , m_calls(transport, std::move(answered))
{
}

std::chrono::nanoseconds HttpSource::untilDue(std::chrono::nanoseconds bootTime) const
{
    return std::max(m_nextPoll - bootTime, std::chrono::nanoseconds(0));
}

void HttpSource::poll(std::chrono::nanoseconds bootTime)
{
    for (const ApiCalls::Answer& answer : m_calls.take())
        take(answer.exchange);
    if (bootTime < m_nextPoll)
        return;
    m_nextPoll = bootTime + pauseOf(m_options.refreshInterval);
    if (!m_calls.isRunning({}))
        ask();
}

void HttpSource::ask()
{
    http::Request request;
    request.url = m_options.url;
    request.client = std::make_shared<const http::ClientOptions>(m_options.client);
    request.timeout = std::min<std::chrono::milliseconds>(kTimeout, m_options.refreshInterval);
    const double seconds = static_cast<double>(m_options.refreshInterval.count()) / 1000.0;
    request.headers = { { "Accept", "application/json" },
        { "X-Prometheus-Refresh-Interval-Seconds", formatFloat(seconds) } };
    m_calls.start({}, std::move(request));
}

// The new groups, or the old ones with an error.
void HttpSource::take(const http::Exchange& exchange)
{
    m_answered = true;
    m_changed = true;
    auto groups = groupsOf(exchange);
    if (!groups) {
        m_snapshot.errors = { m_shownUrl + ": " + groups.error().message };
        return;
    }
    for (size_t i = 0; i < groups->size(); ++i) {
        (*groups)[i].source = m_shownUrl + ':' + std::to_string(i);
        (*groups)[i].labels.emplace_back("__meta_url", m_shownUrl);
    }
    m_snapshot = { std::move(*groups), {} };
}

} // namespace fleetglass::discovery
