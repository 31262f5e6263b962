// Ledger: the bytes a store holds, kept by those who hold them. Thread-safe.
#pragma once

#include <atomic>
#include <cstddef>

namespace fleetglass::tsdb {

class Ledger
{
public:
    void add(size_t bytes) { m_bytes.fetch_add(bytes, std::memory_order_relaxed); }
    void subtract(size_t bytes) { m_bytes.fetch_sub(bytes, std::memory_order_relaxed); }
    void replace(size_t before, size_t after) { add(after - before); } // Wraps as unsigned does.
    size_t bytes() const { return m_bytes.load(std::memory_order_relaxed); }

private:
    std::atomic<size_t> m_bytes { 0 };
};

} // namespace fleetglass::tsdb
