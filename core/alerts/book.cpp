#include "core/alerts/book.h"

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <tuple>

namespace fleetglass::alerts {

namespace {

constexpr int64_t kResolvedShownMs = 24 * 3600 * 1000;
constexpr size_t kSparkPoints = 120;

labels::Labels withoutAlertName(const labels::Labels& labels)
{
    static const std::vector<std::string> kNames { "alertname" };
    return labels.without(kNames);
}

std::string annotation(const rules::AlertInstance& instance, std::string_view name)
{
    for (const auto& [key, value] : instance.annotations) {
        if (key == name)
            return value;
    }
    return {};
}

// What a ribbon says: the summary, else the description, else the first annotation.
std::string textOf(const rules::AlertInstance& instance)
{
    for (const auto* name : { "summary", "description", "message" }) {
        if (auto text = annotation(instance, name); !text.empty())
            return text;
    }
    return instance.annotations.empty() ? std::string() : instance.annotations.front().second;
}

view::AlertState stateOf(const rules::AlertInstance& instance)
{
    switch (instance.state) {
    case rules::AlertState::Pending:
        return view::AlertState::Pending;
    case rules::AlertState::Firing:
        return view::AlertState::Firing;
    case rules::AlertState::Inactive:
        break;
    }
    return view::AlertState::Resolved;
}

struct Entry
{
    view::AlertView view;
    std::optional<view::AlertView> last; // As it was resolved, while it is pending again.
    std::string groupKey;
    int span = -1; // Sequence number of the span that goes on; -1: none.
    std::deque<double> values; // For the sparkline.
    bool seen = false; // In the evaluation that is being recorded.
};

std::string groupKeyOf(const std::string& file, const std::string& name)
{
    return file + '\0' + name;
}

} // namespace

view::Severity severityOf(const labels::Labels& labels)
{
    const auto word = labels.get("severity");
    if (word == "critical" || word == "page" || word == "error" || word == "emergency")
        return view::Severity::Critical;
    if (word == "info" || word == "none" || word == "notice")
        return view::Severity::Info;
    return view::Severity::Warning;
}

struct Book::State
{
    BookOptions options;
    mutable std::mutex mutex;
    std::map<uint64_t, Entry> entries;
    std::deque<view::AlertSpanView> spans;
    int firstSpan = 0; // Sequence number of spans.front().
    uint64_t generation = 0;

    view::AlertSpanView* spanOf(int sequence);
    void openSpan(
        Entry& entry, const rules::AlertInstance& instance, int64_t startMs, int64_t nowMs);
    void closeSpan(Entry& entry, int64_t endMs);
    void recordInstance(const rules::RuleStatus& status, const rules::GroupOptions& group,
        const rules::AlertInstance& instance, int64_t timeMs);
    void recordEnd(const rules::AlertInstance& instance, const std::string& groupKey);
    void resolve(Entry& entry, int64_t timeMs);
    bool endUnseen(const std::string& groupKey, int64_t timeMs);
    void trim(int64_t timeMs);
    void trimResolved(int64_t timeMs);
};

view::AlertSpanView* Book::State::spanOf(int sequence)
{
    const int index = sequence - firstSpan;
    return sequence < 0 || index < 0 ? nullptr : &spans[static_cast<size_t>(index)];
}

void Book::State::openSpan(
    Entry& entry, const rules::AlertInstance& instance, int64_t startMs, int64_t nowMs)
{
    view::AlertSpanView span;
    span.alertId = entry.view.id;
    span.name = entry.view.name;
    span.severity = entry.view.severity;
    span.state = stateOf(instance);
    span.labels = entry.view.labels;
    span.startMs = startMs;
    span.text = textOf(instance);
    span.threshold = entry.view.threshold;
    span.thresholdOperator = entry.view.thresholdOperator;
    span.expression = entry.view.expression;
    span.snoozed = entry.view.snoozedUntilMs > nowMs;
    entry.span = firstSpan + static_cast<int>(spans.size());
    spans.push_back(std::move(span));
}

void Book::State::closeSpan(Entry& entry, int64_t endMs)
{
    if (auto* span = spanOf(entry.span))
        span->endMs = endMs;
    entry.span = -1;
}

void Book::State::recordInstance(const rules::RuleStatus& status, const rules::GroupOptions& group,
    const rules::AlertInstance& instance, int64_t timeMs)
{
    Entry& entry = entries[instance.labels.hash()];
    auto& alert = entry.view;
    const view::AlertState before = alert.state;
    const bool isNew = alert.id == 0;
    const bool wasOver = isNew || before == view::AlertState::Resolved;
    if (wasOver && alert.firedMs != 0)
        entry.last = alert;
    entry.seen = true;
    entry.groupKey = groupKeyOf(group.file, group.name);
    alert.id = instance.labels.hash();
    alert.name = status.options->name;
    alert.group = group.name;
    alert.file = group.file;
    alert.line = status.options->line;
    alert.expression = status.options->expression;
    alert.holdForMs = status.options->holdFor.count();
    alert.labels = withoutAlertName(instance.labels);
    alert.severity = severityOf(instance.labels);
    if (status.threshold) {
        alert.threshold = status.threshold->value;
        alert.thresholdOperator = status.threshold->comparison;
    }
    alert.state = stateOf(instance);
    alert.annotations = instance.annotations;
    alert.value = instance.value;
    alert.activeSinceMs = instance.activeAtMs;
    alert.firedMs = instance.firedAtMs;
    alert.resolvedMs = 0;
    if (alert.firedMs != 0)
        entry.last.reset();
    if (wasOver)
        alert.acknowledgedMs = 0; // It is another incident.
    if (wasOver || before != alert.state) {
        closeSpan(entry, timeMs);
        // After a restart it may have begun long before it is seen here.
        const int64_t sinceMs = alert.firedMs != 0 ? alert.firedMs : alert.activeSinceMs;
        openSpan(entry, instance, wasOver ? std::min(sinceMs, timeMs) : timeMs, timeMs);
    }
    entry.values.push_back(instance.value);
    if (entry.values.size() > kSparkPoints)
        entry.values.pop_front();
}

// Another rule may hold up an alert of the same labels: it goes on for as long as that does.
void Book::State::recordEnd(const rules::AlertInstance& instance, const std::string& groupKey)
{
    const auto found = entries.find(instance.labels.hash());
    if (found == entries.end() || found->second.groupKey != groupKey || found->second.seen)
        return;
    found->second.seen = true;
    if (found->second.view.state != view::AlertState::Resolved)
        resolve(found->second, instance.resolvedAtMs);
}

void Book::State::resolve(Entry& entry, int64_t timeMs)
{
    closeSpan(entry, timeMs);
    entry.view.state = view::AlertState::Resolved;
    entry.view.resolvedMs = timeMs;
    if (entry.view.firedMs != 0 || !entry.last)
        return;
    // It only threatened to come again: what it was before stands.
    entry.last->snoozedUntilMs = entry.view.snoozedUntilMs;
    entry.view = std::move(*entry.last);
    entry.last.reset();
}

// True where there was one to end.
bool Book::State::endUnseen(const std::string& groupKey, int64_t timeMs)
{
    bool ended = false;
    for (auto& [id, entry] : entries) {
        if (entry.groupKey != groupKey || entry.seen
            || entry.view.state == view::AlertState::Resolved)
            continue;
        resolve(entry, timeMs);
        ended = true;
    }
    return ended;
}

void Book::State::trim(int64_t timeMs)
{
    while (!spans.empty()
        && (spans.size() > options.spansMax
            || (spans.front().endMs != 0 && spans.front().endMs < timeMs - options.historyMs))) {
        spans.pop_front();
        ++firstSpan;
    }
    trimResolved(timeMs);
}

void Book::State::trimResolved(int64_t timeMs)
{
    std::vector<std::pair<int64_t, uint64_t>> over;
    for (const auto& [id, entry] : entries) {
        if (entry.view.state == view::AlertState::Resolved)
            over.emplace_back(entry.view.resolvedMs, id);
    }
    std::sort(over.begin(), over.end());
    const size_t surplus = over.size() - std::min(over.size(), options.resolvedMax);
    for (size_t i = 0; i < over.size(); ++i) {
        if (i < surplus || over[i].first < timeMs - kResolvedShownMs)
            entries.erase(over[i].second);
    }
}

Book::Book(BookOptions options)
    : m_state(std::make_unique<State>())
{
    m_state->options = options;
}

Book::~Book() = default;

void Book::record(const rules::Group& group, int64_t timeMs)
{
    const std::lock_guard lock(m_state->mutex);
    const std::string key = groupKeyOf(group.options().file, group.options().name);
    for (auto& [id, entry] : m_state->entries)
        entry.seen = false;
    bool changed = false;
    const auto statuses = group.statuses();
    const auto forEach = [&](bool active, const auto& visit) {
        for (const auto& status : statuses) {
            for (const auto& instance : status.alerts) {
                if ((instance.state != rules::AlertState::Inactive) == active)
                    visit(status, instance);
                changed = true;
            }
        }
    };
    forEach(true, [&](const auto& status, const auto& instance) {
        m_state->recordInstance(status, group.options(), instance, timeMs);
    });
    forEach(false, [&](const auto&, const auto& instance) { m_state->recordEnd(instance, key); });
    changed = m_state->endUnseen(key, timeMs) || changed;
    m_state->trim(timeMs);
    if (changed)
        ++m_state->generation;
}

void Book::forget(const std::string& file, const std::string& groupName, int64_t timeMs)
{
    const std::lock_guard lock(m_state->mutex);
    for (auto& [id, entry] : m_state->entries)
        entry.seen = false;
    m_state->endUnseen(groupKeyOf(file, groupName), timeMs);
    ++m_state->generation;
}

void Book::acknowledge(uint64_t alertId, int64_t timeMs)
{
    const std::lock_guard lock(m_state->mutex);
    if (const auto found = m_state->entries.find(alertId); found != m_state->entries.end()) {
        found->second.view.acknowledgedMs = timeMs;
        ++m_state->generation;
    }
}

void Book::snooze(uint64_t alertId, int64_t untilMs)
{
    const std::lock_guard lock(m_state->mutex);
    const auto found = m_state->entries.find(alertId);
    if (found == m_state->entries.end())
        return;
    found->second.view.snoozedUntilMs = untilMs;
    if (auto* span = m_state->spanOf(found->second.span))
        span->snoozed = untilMs != 0;
    ++m_state->generation;
}

std::vector<std::shared_ptr<const view::AlertView>> Book::alerts(int64_t nowMs) const
{
    const std::lock_guard lock(m_state->mutex);
    std::vector<std::shared_ptr<const view::AlertView>> result;
    for (const auto& [id, entry] : m_state->entries) {
        const bool over = entry.view.state == view::AlertState::Resolved;
        if (over && (entry.view.firedMs == 0 || entry.view.resolvedMs < nowMs - kResolvedShownMs))
            continue;
        auto alert = std::make_shared<view::AlertView>(entry.view);
        alert->spark
            = std::make_shared<const std::vector<double>>(entry.values.begin(), entry.values.end());
        result.push_back(std::move(alert));
    }
    const auto rank = [](const view::AlertView& alert) {
        const int state = alert.state == view::AlertState::Firing ? 0
            : alert.state == view::AlertState::Pending            ? 1
                                                                  : 2;
        const int severity = alert.severity == view::Severity::Critical ? 0
            : alert.severity == view::Severity::Warning                 ? 1
                                                                        : 2;
        return std::tuple(state, severity, -alert.activeSinceMs, std::string_view(alert.name));
    };
    std::stable_sort(result.begin(), result.end(),
        [&](const auto& a, const auto& b) { return rank(*a) < rank(*b); });
    return result;
}

std::vector<view::AlertSpanView> Book::spans(int64_t sinceMs) const
{
    const std::lock_guard lock(m_state->mutex);
    std::vector<view::AlertSpanView> result;
    std::copy_if(m_state->spans.begin(), m_state->spans.end(), std::back_inserter(result),
        [&](const auto& span) { return span.endMs == 0 || span.endMs >= sinceMs; });
    return result;
}

uint64_t Book::generation() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->generation;
}

} // namespace fleetglass::alerts
