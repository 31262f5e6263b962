#include "core/monitor/log_book.h"

namespace fleetglass::monitor {

void LogBook::add(LogEvent event)
{
    m_pages.with([&](Pages& pages) {
        pages.events.push_back(std::move(event));
        if (pages.events.size() > kEventsMax)
            pages.events.pop_front();
        pages.list.reset();
    });
}

std::shared_ptr<const std::vector<LogEvent>> LogBook::events() const
{
    return m_pages.with([](Pages& pages) {
        if (!pages.list)
            pages.list = std::make_shared<const std::vector<LogEvent>>(
                pages.events.begin(), pages.events.end());
        return pages.list;
    });
}

} // namespace fleetglass::monitor
