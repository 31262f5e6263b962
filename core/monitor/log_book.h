// LogBook: the newest events worth an operator's eye, in memory and bounded. Thread-safe.
#pragma once

#include "core/base/guarded.h"
#include "core/base/log.h"

#include <deque>
#include <memory>
#include <vector>

namespace fleetglass::monitor {

class LogBook
{
public:
    static constexpr size_t kEventsMax = 1000;

    void add(LogEvent event);
    // Newest last; the same list as before where nothing was added.
    std::shared_ptr<const std::vector<LogEvent>> events() const;

private:
    struct Pages
    {
        std::deque<LogEvent> events;
        std::shared_ptr<const std::vector<LogEvent>> list; // Null: to be made anew.
    };
    mutable Guarded<Pages> m_pages;
};

} // namespace fleetglass::monitor
