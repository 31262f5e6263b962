#include "ui/models/day_spark.h"

#include <algorithm>
#include <string_view>

namespace fleetglass::models {

namespace {

constexpr int64_t kDayMs = 86'400'000;
constexpr size_t kSlots = 96; // A quarter of an hour each.

class Counter
{
public:
    explicit Counter(int64_t nowMs)
        : m_startMs(nowMs - kDayMs)
        , m_counts(kSlots, 0.0)
    {
    }

    void add(int64_t startMs, int64_t endMs) // endMs 0: goes on.
    {
        const int64_t end = endMs == 0 ? m_startMs + kDayMs : endMs;
        if (end < m_startMs)
            return;
        const size_t last = slotOf(end);
        for (size_t i = slotOf(startMs); i <= last; ++i)
            m_counts[i] += 1;
    }
    SparkValuesPtr take()
    {
        return std::make_shared<const std::vector<double>>(std::move(m_counts));
    }

private:
    size_t slotOf(int64_t ms) const
    {
        const int64_t slot = (ms - m_startMs) / (kDayMs / static_cast<int64_t>(kSlots));
        return static_cast<size_t>(std::clamp<int64_t>(slot, 0, kSlots - 1));
    }

    int64_t m_startMs;
    std::vector<double> m_counts;
};

// Alerts on `up` tell of targets that are back by now; attempts reach half an hour at most.
bool speaksOfUp(std::string_view expression)
{
    if (expression.substr(0, 2) != "up")
        return false;
    return expression.size() == 2
        || std::string_view(" {<=!").find(expression[2]) != std::string_view::npos;
}

} // namespace

SparkValuesPtr downOverDay(const view::FleetView& fleet)
{
    Counter counter(fleet.nowMs);
    for (const auto& target : fleet.targets) {
        if (target->health == view::Health::Down)
            counter.add(target->healthSinceMs, 0);
    }
    if (fleet.alertSpans) {
        for (const view::AlertSpanView& span : *fleet.alertSpans) {
            if (span.endMs != 0 && span.state == view::AlertState::Firing
                && speaksOfUp(span.expression))
                counter.add(span.startMs, span.endMs);
        }
    }
    return counter.take();
}

SparkValuesPtr firingOverDay(const view::FleetView& fleet)
{
    Counter counter(fleet.nowMs);
    if (fleet.alertSpans) {
        for (const view::AlertSpanView& span : *fleet.alertSpans) {
            if (span.state == view::AlertState::Firing)
                counter.add(span.startMs, span.endMs);
        }
    }
    return counter.take();
}

SparkValuesPtr shellsOverDay(const view::FleetView& fleet)
{
    Counter counter(fleet.nowMs);
    if (fleet.sessions) {
        for (const view::SessionView& session : *fleet.sessions) {
            const bool unknown = session.state == view::SessionState::Unknown;
            counter.add(
                session.openedLatestMs, unknown ? session.lastSeenMs : session.closedLatestMs);
        }
    }
    return counter.take();
}

} // namespace fleetglass::models
