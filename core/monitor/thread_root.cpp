#include "core/monitor/thread_root.h"

#include <exception>

namespace fleetglass::monitor {

namespace {

constexpr int kRestartsMax = 1;

// What it threw; empty where it returned.
std::string failureOf(const std::function<void(std::stop_token)>& body, const std::stop_token& stop)
{
    try {
        body(stop);
        return {};
    } catch (const std::exception& exception) {
        return exception.what();
    } catch (...) {
        return "an unknown exception";
    }
}

} // namespace

void runThread(const std::string& name, const std::function<void(std::stop_token)>& body,
    std::stop_token stop, const LogSink& log)
{
    for (int failures = 0;; ++failures) {
        const std::string failure = failureOf(body, stop);
        if (failure.empty() || stop.stop_requested())
            return;
        const bool again = failures < kRestartsMax;
        if (log)
            log({ 0, LogLevel::Error, "program",
                "the thread " + name + " failed: " + failure
                    + (again ? "; it was begun again"
                             : "; it failed before and stays stopped: restart the program") });
        if (!again)
            return;
    }
}

} // namespace fleetglass::monitor
