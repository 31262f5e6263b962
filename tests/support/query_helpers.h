// QueryHelpers: a few threads that take the pieces of a query, as core/monitor's would.
// Thread-safe; one query at a time is helped, another works alone meanwhile.
#pragma once

#include "core/promql/parallel.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace fleetglass::test {

class QueryHelpers final : public promql::Parallel
{
public:
    explicit QueryHelpers(size_t count)
    {
        for (size_t i = 0; i < count; ++i)
            m_threads.emplace_back([this](const std::stop_token& stop) { serve(stop); });
    }

    size_t threads() const override { return m_threads.size() + 1; }

    void forEach(size_t count, const std::function<void(size_t)>& piece) override
    {
        const std::unique_lock alone(m_oneQuery, std::try_to_lock);
        if (!alone || m_threads.empty()) {
            for (size_t i = 0; i < count; ++i)
                piece(i);
            return;
        }
        {
            const std::lock_guard lock(m_mutex);
            m_piece = &piece;
            m_count = count;
            m_next = 0;
            m_working = m_threads.size();
            ++m_round;
        }
        m_begun.notify_all();
        work();
        std::unique_lock lock(m_mutex);
        m_ended.wait(lock, [this] { return m_working == 0; });
    }

private:
    void work()
    {
        for (size_t i = m_next++; i < m_count; i = m_next++)
            (*m_piece)(i);
    }

    void serve(const std::stop_token& stop)
    {
        size_t seen = 0;
        std::unique_lock lock(m_mutex);
        while (m_begun.wait(lock, stop, [&] { return m_round != seen; })) {
            seen = m_round;
            lock.unlock();
            work();
            lock.lock();
            if (--m_working == 0)
                m_ended.notify_one();
        }
    }

    std::mutex m_oneQuery;
    std::mutex m_mutex;
    std::condition_variable_any m_begun;
    std::condition_variable m_ended;
    const std::function<void(size_t)>* m_piece = nullptr;
    size_t m_count = 0;
    size_t m_round = 0;
    size_t m_working = 0;
    std::atomic<size_t> m_next { 0 };
    std::vector<std::jthread> m_threads; // Last: they end before what they use.
};

} // namespace fleetglass::test
