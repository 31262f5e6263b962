// QueryService: answers questions of the window on threads of their own, a few at a time; the
// others wait in a bounded queue. Thread-safe. It starts no thread: the owner gives some to work().
#pragma once

#include "core/base/guarded.h"
#include "core/promql/engine.h"
#include "core/storage/querier.h"
#include "core/view/fleet_port.h"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <stop_token>

namespace fleetglass::monitor {

struct QueryServiceOptions
{
    size_t queueMax = 64;
};

class QueryService
{
public:
    using Id = uint64_t;
    // Called once, from a worker's thread, unless the question was cancelled; a full queue answers
    // at once, from within ask(). One that is being given while cancel() runs still arrives.
    using Answer = std::function<void(view::QueryAnswerPtr)>;

    // Querier and engine must outlive it.
    QueryService(const storage::Querier& querier, const promql::Engine& engine,
        QueryServiceOptions options = {});

    Id ask(const view::QueryRequest& request, Answer answer);
    // A running query ends within 100 ms; its answer is not given.
    void cancel(Id id);
    // Any other piece of work that must not wait on the window's thread.
    void run(std::function<void()> work);

    // A worker's thread. What still waits when it is stopped is not begun.
    void work(std::stop_token stop);

private:
    struct Job
    {
        Id id = 0; // 0: plain work.
        std::function<void(std::stop_token)> run;
    };

    const storage::Querier& m_querier;
    const promql::Engine& m_engine;
    QueryServiceOptions m_options;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::deque<Job> m_queue;
    std::map<Id, std::stop_source> m_open;
    Id m_nextId = 1;
};

// Evaluates a request on the calling thread: an instant query where both ends are equal.
view::QueryAnswer answerQuery(const storage::Querier& querier, const promql::Engine& engine,
    const view::QueryRequest& request, std::stop_token stop);

} // namespace fleetglass::monitor
