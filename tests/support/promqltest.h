// The promqltest language: scripts that load samples, ask PromQL and say what must come out, as
// Prometheus' own tests are written. Used from one thread at a time.
#pragma once

#include "core/promql/engine.h"
#include "tests/support/memory_storage.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::test {

// The engine the scripts assume: everything on, 10,000 samples a query.
promql::EngineOptions promqltestOptions();

struct ScriptOutcome
{
    int line = 0; // Of the eval statement.
    std::string query;
    std::optional<std::string> error; // Nothing: it passed.
};

// Runs a script: `onEval` hears of each eval statement. The return value is what is wrong with the
// script itself, which is read whole before anything is run.
std::optional<std::string> runPromqltest(std::string_view script, promql::EngineOptions options,
    const std::function<void(const ScriptOutcome&)>& onEval);

// Loads a script's samples alone, for tests that ask by themselves.
std::optional<std::string> loadPromqltest(std::string_view script, MemoryStorage& storage);

// "-1m _ -30sx5": offsets of start timestamps in milliseconds; nothing inside: none given there.
Result<std::vector<std::optional<int64_t>>> parseStartOffsets(std::string_view text);

} // namespace fleetglass::test
