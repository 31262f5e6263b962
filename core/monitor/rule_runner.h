// RuleRunner: evaluates rule groups on their intervals, each at whole multiples of its interval
// plus an offset of its own, and tells the alert book. Thread-safe. It starts no thread: the owner
// gives one to run(), or calls evaluateDue() itself.
#pragma once

#include "core/alerts/book.h"
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/rules/group.h"
#include "core/view/alert_view.h"

#include <condition_variable>
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
    // With m_mutex held.
    void evaluate(Entry& entry, int64_t timeMs, std::stop_token stop);
    void rebuildViews();

    rules::EvaluationContext m_context;
    alerts::Book& m_book;
    const Clock& m_clock;
    LogSink m_log;
    mutable std::mutex m_mutex; // Held through an evaluation: apply() waits for it.
    std::map<std::string, Entry> m_groups; // By file and name.
    mutable std::mutex m_viewsMutex;
    std::shared_ptr<const std::vector<view::RuleGroupView>> m_views;
};

} // namespace fleetglass::monitor
