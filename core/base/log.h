// Log: events worth an operator's eye, given to whoever was handed in. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace fleetglass {

enum class LogLevel
{
    Debug,
    Info,
    Warning,
    Error
};

struct LogEvent
{
    int64_t timeMs = 0;
    LogLevel level = LogLevel::Info;
    std::string area; // The folder's word: "scrape", "rules", "config".
    std::string message; // One line, no secret.
};

// Called from any thread; must return quickly.
using LogSink = std::function<void(LogEvent)>;

} // namespace fleetglass
