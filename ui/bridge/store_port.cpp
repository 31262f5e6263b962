#include "ui/bridge/store_port.h"

#include "core/promql/parser.h"

#include <limits>

namespace fleetglass::bridge {

namespace {

constexpr storage::TimeRange kAllTime { 0, std::numeric_limits<int64_t>::max() };

std::vector<labels::Matcher> matchersOf(const std::string& selector)
{
    if (selector.empty())
        return {};
    auto parsed = promql::parseMetricSelector(selector);
    return parsed.ok() ? std::move(parsed.value) : std::vector<labels::Matcher>();
}

} // namespace

StorePort::StorePort(const storage::Querier& querier, monitor::QueryService& queries)
    : m_querier(querier)
    , m_queries(queries)
{
}

view::FleetPort::QueryId StorePort::query(
    const view::QueryRequest& request, Answer<view::QueryAnswerPtr> answer)
{
    return m_queries.ask(request,
        [answer = std::move(answer), send = m_mailbox.sender()](view::QueryAnswerPtr result) {
            send([answer, result = std::move(result)] { answer(result); });
        });
}

void StorePort::cancel(QueryId id)
{
    m_queries.cancel(id);
}

void StorePort::labelNames(const std::string& selector, Answer<std::vector<std::string>> answer)
{
    inBackground<std::vector<std::string>>(
        [this, selector] { return m_querier.labelNames(matchersOf(selector), kAllTime); },
        std::move(answer));
}

void StorePort::labelValues(
    const std::string& label, const std::string& selector, Answer<std::vector<std::string>> answer)
{
    inBackground<std::vector<std::string>>(
        [this, label, selector] {
            return m_querier.labelValues(label, matchersOf(selector), kAllTime);
        },
        std::move(answer));
}

} // namespace fleetglass::bridge
