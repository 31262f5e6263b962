// Grid: the points in time at which an expression is evaluated. Values; share freely.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fleetglass::promql {

struct Grid
{
    int64_t startMs = 0;
    int64_t stepMs = 1; // Above zero.
    size_t steps = 1;

    int64_t at(size_t step) const { return startMs + static_cast<int64_t>(step) * stepMs; }
    // Of the last step; a grid without steps has no meaningful end.
    int64_t endMs() const { return at(steps == 0 ? 0 : steps - 1); }
    // The first step alone: where the step-invariant is evaluated.
    Grid once() const { return { startMs, stepMs, steps == 0 ? size_t { 0 } : size_t { 1 } }; }

    static Grid between(int64_t startMs, int64_t endMs, int64_t stepMs)
    {
        if (endMs < startMs)
            return { startMs, stepMs, 0 };
        return { startMs, stepMs, static_cast<size_t>((endMs - startMs) / stepMs) + 1 };
    }
};

} // namespace fleetglass::promql
