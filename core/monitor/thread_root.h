// What stands at the root of each thread: an exception that got so far must not end the program.
// Pure functions; thread-safe.
#pragma once

#include "core/base/log.h"

#include <functional>
#include <stop_token>
#include <string>

namespace fleetglass::monitor {

// Runs `body` until it returns. Where it throws it is said and begun again, once; the second time
// that work stops and all else goes on.
void runThread(const std::string& name, const std::function<void(std::stop_token)>& body,
    std::stop_token stop, const LogSink& log);

} // namespace fleetglass::monitor
