// RuleRunner: evaluates rule groups on their intervals, each at whole multiples of its interval
// plus an offset of its own, and tells the alert book. Thread-safe. It starts no thread: the owner
// gives one to run(), or calls evaluateDue() itself.
#pragma once

#include "core/alerts/book.h"
#include "core/base/clock.h"
#include "core/base/guarded.h"
#include "core/base/log.h"
#include "core/monitor/sight.h"
#include "core/rules/group.h"
#include "core/view/alert_view.h"

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

namespace fleetglass::monitor {

class RuleRunner
{
public:
    // Everything given must outlive it.
    RuleRunner(
        rules::EvaluationContext context, alerts::Book& book, const Clock& clock, LogSink log);

    // The new set of groups. A group that is in both keeps the state of its alerts. Groups that do
    // not parse are left out; their errors are returned.
    std::vector<Error> apply(
        std::vector<rules::GroupOptions> groups, const rules::GroupSettings& settings);

    // How this computer sees: until it has been able to look for `settle` again, nothing is
    // evaluated, and the time does not count for `for`. `isBlind` may be empty; it is called with
    // nothing held.
    void setSight(std::function<bool()> isBlind, Millis settle);

    // One round of run(): notices sleep, a stopped process, a stepped clock and blindness, and
    // evaluates what is due where it may.
    void step(std::stop_token stop = {});
    // Evaluates what is due at nowMs, once each: after a suspend there is no burst. A new group is
    // evaluated at nowMs itself, later at its slots, so that `for` is not an interval late.
    void evaluateDue(int64_t nowMs, std::stop_token stop = {});
    // The thread's loop.
    void run(std::stop_token stop);

    // Rebuilt after evaluations, else the same as before.
    std::shared_ptr<const std::vector<view::RuleGroupView>> views() const;

private:
    struct Entry
    {
        std::unique_ptr<rules::Group> group;
        int64_t nextMs = 0; // 0: at once.
        std::set<std::string> errors; // Of the last evaluation; each is logged once.
    };
    bool mayLook();
    // With m_mutex held.
    void postpone(Millis time);
    void evaluate(Entry& entry, int64_t timeMs, std::stop_token stop);
    void rebuildViews();

    rules::EvaluationContext m_context;
    alerts::Book& m_book;
    const Clock& m_clock;
    LogSink m_log;
    mutable std::mutex m_mutex; // Held through an evaluation: apply() waits for it.
    std::map<std::string, Entry> m_groups; // By file and name.
    Sight m_sight; // Of the thread that steps.
    Guarded<std::pair<std::function<bool()>, Millis>> m_settings; // isBlind, settle.
    mutable std::mutex m_viewsMutex;
    std::shared_ptr<const std::vector<view::RuleGroupView>> m_views;
};

} // namespace fleetglass::monitor
