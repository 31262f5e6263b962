// Book: every alert instance that is or lately was, its stretches of pending and firing, and what
// the operator said of it (acknowledged, snoozed). Fed after each evaluation; read by the view.
// Thread-safe.
#pragma once

#include "core/rules/group.h"
#include "core/view/alert_view.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace fleetglass::alerts {

struct BookOptions
{
    int64_t historyMs = 24 * 3600 * 1000;
    size_t spansMax = 20'000; // The oldest go first.
    size_t resolvedMax = 5'000; // Alerts that are over; the oldest go first.
};

class Book
{
public:
    explicit Book(BookOptions options = {});
    ~Book();
    Book(const Book&) = delete;
    Book& operator=(const Book&) = delete;

    // What a group's evaluation at timeMs came to: opens, prolongs and closes spans. An instance
    // that no longer stands in any status is resolved.
    void record(const rules::Group& group, int64_t timeMs);
    // The group is gone: its alerts end at timeMs.
    void forget(const std::string& file, const std::string& groupName, int64_t timeMs);

    void acknowledge(uint64_t alertId, int64_t timeMs); // 0: take it back.
    void snooze(uint64_t alertId, int64_t untilMs); // 0: end it.

    // Firing before pending before resolved; critical first; then newest first. What was pending
    // and never fired is in the spans alone.
    std::vector<std::shared_ptr<const view::AlertView>> alerts(int64_t nowMs) const;
    std::vector<view::AlertSpanView> spans(int64_t sinceMs) const;
    // Grows with each change, so that an unchanged list need not be built again.
    uint64_t generation() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

// From the label `severity`: critical, page, error -> Critical; info, none -> Info; else Warning.
view::Severity severityOf(const labels::Labels& labels);

} // namespace fleetglass::alerts
