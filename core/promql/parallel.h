// Parallel: threads that somebody else owns and lends to a query, for work that falls into pieces.
// Thread-safe: several queries may use one at once.
#pragma once

#include <cstddef>
#include <functional>

namespace fleetglass::promql {

class Parallel
{
public:
    virtual ~Parallel() = default;

    // How many pieces may run at once, the caller's own thread included.
    virtual size_t threads() const = 0;
    // Calls piece(i) once for each i below `count`, in any order, on the caller's thread and on
    // others, and returns when all have returned. A piece never calls forEach itself.
    virtual void forEach(size_t count, const std::function<void(size_t)>& piece) = 0;
};

} // namespace fleetglass::promql
