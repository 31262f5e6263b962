// StorePort: the questions of a FleetPort, answered by a store through a QueryService. What orders
// come to is for those who derive from it: a running monitor or an opened capsule. Used from one
// thread at a time (the UI thread).
#pragma once

#include "core/monitor/query_service.h"
#include "core/view/fleet_port.h"
#include "ui/bridge/mailbox.h"

namespace fleetglass::bridge {

class StorePort : public view::FleetPort
{
public:
    // Both must outlive it.
    StorePort(const storage::Querier& querier, monitor::QueryService& queries);

    QueryId query(const view::QueryRequest& request, Answer<view::QueryAnswerPtr> answer) override;
    void cancel(QueryId id) override;
    void labelNames(const std::string& selector, Answer<std::vector<std::string>> answer) override;
    void labelValues(const std::string& label, const std::string& selector,
        Answer<std::vector<std::string>> answer) override;

protected:
    // Runs `work` on a core thread and `answer` with its result on the UI thread.
    template<class T>
    void inBackground(std::function<T()> work, Answer<T> answer)
    {
        m_queries.run(
            [work = std::move(work), answer = std::move(answer), send = m_mailbox.sender()] {
                send([answer, result = work()] { answer(result); });
            });
    }
    // Gives the answer from the event loop, as every answer comes.
    template<class T>
    void later(T result, Answer<T> answer)
    {
        m_mailbox.sender()(
            [answer = std::move(answer), result = std::move(result)] { answer(result); });
    }
    const Mailbox& mailbox() const { return m_mailbox; }

private:
    const storage::Querier& m_querier;
    monitor::QueryService& m_queries;
    Mailbox m_mailbox;
};

} // namespace fleetglass::bridge
