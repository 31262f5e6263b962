// Guarded<T>: a value that cannot be reached without its mutex. Thread-safe.
#pragma once

#include <mutex>
#include <utility>

namespace fleetglass {

template<class T>
class Guarded
{
public:
    Guarded() = default;
    explicit Guarded(T value)
        : m_value(std::move(value))
    {
    }

    // Runs f(value) under the mutex and returns its result. Do not call out from f.
    template<class F>
    decltype(auto) with(F&& f)
    {
        const std::lock_guard lock(m_mutex);
        return std::forward<F>(f)(m_value);
    }

    template<class F>
    decltype(auto) with(F&& f) const
    {
        const std::lock_guard lock(m_mutex);
        return std::forward<F>(f)(m_value);
    }

private:
    mutable std::mutex m_mutex;
    T m_value {};
};

} // namespace fleetglass
