// The engine as the window uses it: the whole language, and limits that keep a workstation at ease.
#pragma once

#include "core/promql/engine.h"

namespace fleetglass::monitor {

inline promql::EngineOptions windowEngineOptions()
{
    promql::EngineOptions options;
    options.parse = promql::ParseOptions::everything();
    options.samplesMax = 10'000'000;
    options.memoryBytesMax = size_t { 256 } << 20U;
    return options;
}

} // namespace fleetglass::monitor
