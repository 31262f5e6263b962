#include "core/monitor/rule_runner.h"

#include <algorithm>

namespace fleetglass::monitor {

namespace {

std::string keyOf(const rules::GroupOptions& group)
{
    return group.file + '\0' + group.name;
}

int64_t intervalMsOf(const rules::Group& group)
{
    return std::max<int64_t>(group.interval().count(), 1);
}

// Groups of one interval do not all run at once: each has its place in the interval
// (Prometheus' rules.Group.EvalTimestamp does the same).
int64_t slotAfter(const rules::Group& group, int64_t nowMs)
{
    const int64_t intervalMs = intervalMsOf(group);
    const auto offsetMs = static_cast<int64_t>(
        std::hash<std::string>()(keyOf(group.options())) % static_cast<size_t>(intervalMs));
    const int64_t slot = nowMs - offsetMs;
    return slot - slot % intervalMs + offsetMs + intervalMs;
}

view::RuleHealth healthOf(rules::RuleHealth health)
{
    switch (health) {
    case rules::RuleHealth::Unknown:
        return view::RuleHealth::Unknown;
    case rules::RuleHealth::Ok:
        return view::RuleHealth::Ok;
    case rules::RuleHealth::Error:
        return view::RuleHealth::Error;
    }
    return view::RuleHealth::Unknown;
}

view::RuleView ruleView(const rules::RuleStatus& status)
{
    view::RuleView result;
    result.isAlerting = status.options->kind == rules::RuleKind::Alerting;
    result.name = status.options->name;
    result.expression = status.options->expression;
    result.holdForMs = status.options->holdFor.count();
    result.health = healthOf(status.health);
    result.error = status.error;
    result.evaluationMs = status.evaluationMs;
    result.lastEvaluationMs = status.lastEvaluationMs;
    result.line = status.options->line;
    for (const auto& alert : status.alerts) {
        result.pending += alert.state == rules::AlertState::Pending ? 1 : 0;
        result.firing += alert.state == rules::AlertState::Firing ? 1 : 0;
    }
    return result;
}

view::RuleGroupView groupView(const rules::Group& group)
{
    view::RuleGroupView result;
    result.name = group.options().name;
    result.file = group.options().file;
    result.intervalMs = group.interval().count();
    result.lastEvaluationMs = group.lastEvaluationMs();
    result.evaluationMs = group.evaluationMs();
    for (const auto& status : group.statuses())
        result.rules.push_back(ruleView(status));
    return result;
}

} // namespace

RuleRunner::RuleRunner(
    rules::EvaluationContext context, alerts::Book& book, const Clock& clock, LogSink log)
    : m_context(context)
    , m_book(book)
    , m_clock(clock)
    , m_log(std::move(log))
    , m_views(std::make_shared<std::vector<view::RuleGroupView>>())
{
}

std::vector<Error> RuleRunner::apply(
    std::vector<rules::GroupOptions> groups, const rules::GroupSettings& settings)
{
    std::vector<Error> errors;
    std::map<std::string, Entry> next;
    const std::lock_guard lock(m_mutex);
    const int64_t nowMs = m_clock.wallMs();
    for (auto& options : groups) {
        const std::string key = keyOf(options);
        auto group = rules::Group::create(std::move(options), settings);
        if (!group) {
            errors.push_back(group.error());
            continue;
        }
        if (next.contains(key)) {
            errors.push_back({ ErrorCode::Invalid,
                "the group \"" + (*group)->options().name + "\" is there twice; the first counts",
                Position { (*group)->options().line, 0 } });
            continue;
        }
        Entry entry { std::move(*group), 0, {} };
        if (const auto older = m_groups.find(key); older != m_groups.end()) {
            entry.group->adoptState(*older->second.group);
            m_groups.erase(older);
        }
        next[key] = std::move(entry);
    }
    for (auto& [key, gone] : m_groups) {
        gone.group->retire(nowMs, m_context.appender);
        m_book.forget(gone.group->options().file, gone.group->options().name, nowMs);
    }
    m_groups = std::move(next);
    rebuildViews();
    return errors;
}

void RuleRunner::evaluateDue(int64_t nowMs, std::stop_token stop)
{
    const std::lock_guard lock(m_mutex);
    bool evaluated = false;
    for (auto& [key, entry] : m_groups) {
        if (entry.nextMs > nowMs || stop.stop_requested())
            continue;
        const int64_t nextMs = slotAfter(*entry.group, nowMs);
        const bool isNew = entry.nextMs == 0;
        entry.nextMs = nextMs;
        evaluate(entry, isNew ? nowMs : nextMs - intervalMsOf(*entry.group), stop);
        evaluated = true;
    }
    if (evaluated)
        rebuildViews();
}

void RuleRunner::evaluate(Entry& entry, int64_t timeMs, std::stop_token stop)
{
    entry.group->evaluate(timeMs, m_context, stop);
    if (stop.stop_requested())
        return; // Cut short: it says nothing of the alerts.
    m_book.record(*entry.group, timeMs);
    auto before = std::exchange(entry.errors, {});
    for (const auto& status : entry.group->statuses()) {
        if (status.error.empty())
            continue;
        entry.errors.insert(status.error);
        if (m_log && !before.contains(status.error))
            m_log({ timeMs, LogLevel::Warning, "rules",
                entry.group->options().name + ", " + status.options->name + ": " + status.error });
    }
}

void RuleRunner::setSight(std::function<bool()> isBlind, Millis settle)
{
    m_settings.with([&](auto& settings) { settings = { std::move(isBlind), settle }; });
}

void RuleRunner::postpone(Millis time)
{
    for (auto& [key, entry] : m_groups) {
        entry.group->postponeAlerts(time);
        // A clock that stepped back must not leave every group waiting for the old time.
        if (entry.nextMs != 0)
            entry.nextMs = std::min(entry.nextMs, slotAfter(*entry.group, m_clock.wallMs()));
    }
}

bool RuleRunner::mayLook()
{
    const auto [isBlind, settle] = m_settings.with([](const auto& settings) { return settings; });
    const Sight::Verdict verdict = m_sight.look(
        { m_clock.wallMs(), m_clock.bootTime(), m_clock.awakeTime(), isBlind && isBlind() },
        settle);
    if (m_log && !verdict.began.empty())
        m_log({ m_clock.wallMs(), LogLevel::Info, "rules", verdict.began + ": the rules wait" });
    if (verdict.uncounted.count() != 0) {
        const std::lock_guard lock(m_mutex);
        postpone(verdict.uncounted);
    }
    return verdict.sees;
}

void RuleRunner::step(std::stop_token stop)
{
    if (mayLook())
        evaluateDue(m_clock.wallMs(), stop);
    m_sight.looked(m_clock.bootTime());
}

void RuleRunner::run(std::stop_token stop)
{
    using namespace std::chrono_literals;
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
        step(stop);
        wake.wait_for(lock, stop, 100ms, [] { return false; });
    }
}

void RuleRunner::rebuildViews()
{
    auto views = std::make_shared<std::vector<view::RuleGroupView>>();
    for (const auto& [key, entry] : m_groups)
        views->push_back(groupView(*entry.group));
    const std::lock_guard lock(m_viewsMutex);
    m_views = std::move(views);
}

std::shared_ptr<const std::vector<view::RuleGroupView>> RuleRunner::views() const
{
    const std::lock_guard lock(m_viewsMutex);
    return m_views;
}

} // namespace fleetglass::monitor
