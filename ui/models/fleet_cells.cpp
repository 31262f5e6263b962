#include "ui/models/fleet_cells.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <unordered_map>

namespace fleetglass::models {

namespace {

constexpr size_t kMeasuredMax = 1'000; // Targets of a group whose attempts are counted.
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

using AlertPtr = std::shared_ptr<const view::AlertView>;
using AlertsByInstance = std::unordered_multimap<std::string_view, AlertPtr>;
using SessionsByInstance = std::unordered_multimap<std::string_view, const view::SessionView*>;

CellState stateOfAlert(const view::AlertView& alert)
{
    if (alert.state == view::AlertState::Pending)
        return CellState::Pending;
    return alert.severity == view::Severity::Critical ? CellState::Critical : CellState::Warning;
}

AlertsByInstance activeAlerts(const view::FleetView& fleet)
{
    AlertsByInstance found;
    for (const AlertPtr& alert : fleet.alerts) {
        const bool active = alert->state != view::AlertState::Resolved
            && alert->severity != view::Severity::Info && alert->snoozedUntilMs <= fleet.nowMs;
        if (active && alert->labels.has("instance"))
            found.emplace(alert->labels.get("instance"), alert);
    }
    return found;
}

SessionsByInstance openSessions(const view::FleetView& fleet)
{
    SessionsByInstance found;
    if (!fleet.sessions)
        return found;
    using enum view::SessionState;
    for (const view::SessionView& session : *fleet.sessions) {
        if (session.state == Open || session.state == OpenBeforeWatch || session.state == Unknown)
            found.emplace(session.instance, &session);
    }
    return found;
}

std::string_view instanceOf(const view::TargetView& target)
{
    const auto label = target.labels.get("instance");
    return label.empty() ? std::string_view(target.instance) : label;
}

FleetCell makeCell(const std::shared_ptr<const view::TargetView>& target,
    const AlertsByInstance& alerts, const SessionsByInstance& sessions)
{
    FleetCell cell { target, nullptr, CellState::Ok, false, false, 0 };
    if (target->health == view::Health::Unknown)
        cell.state = CellState::Unknown;
    const auto instance = instanceOf(*target);
    for (auto [at, end] = sessions.equal_range(instance); at != end; ++at) {
        if (at->second->job != target->job)
            continue;
        (at->second->state == view::SessionState::Unknown ? cell.shellUnknown : cell.shellOpen)
            = true;
        cell.shellSinceMs = std::max(cell.shellSinceMs, at->second->openedLatestMs);
    }
    if (cell.shellOpen)
        cell.state = std::min(cell.state, CellState::Shell);
    for (auto [at, end] = alerts.equal_range(instance); at != end; ++at) {
        const CellState worse = stateOfAlert(*at->second);
        if (!concerns(*at->second, *target) || (cell.alert && worse >= stateOfAlert(*cell.alert)))
            continue;
        cell.alert = at->second;
        cell.state = std::min(cell.state, worse);
    }
    if (target->health == view::Health::Down)
        cell.state = CellState::Down;
    return cell;
}

// Attempts by minute over the last hour, of every target or evenly chosen ones.
void measure(FleetGroup& group, int64_t nowMs)
{
    const size_t stride = group.cells.size() / kMeasuredMax + 1;
    std::vector<int64_t> bad(kRibbonSlots, 0);
    std::vector<int64_t> all(kRibbonSlots, 0);
    for (size_t i = 0; i < group.cells.size(); i += stride) {
        const view::TargetView& target = *group.cells[i].target;
        const auto& attempts = target.attemptsHour ? target.attemptsHour : target.attemptsRecent;
        if (!attempts)
            continue;
        for (const view::AttemptView& attempt : *attempts) {
            const int64_t slot = (attempt.timeMs - (nowMs - kRibbonMs))
                / (kRibbonMs / static_cast<int64_t>(kRibbonSlots));
            if (attempt.timeMs <= nowMs - kRibbonMs || slot >= static_cast<int64_t>(kRibbonSlots))
                continue;
            ++all[static_cast<size_t>(slot)];
            bad[static_cast<size_t>(slot)] += attempt.ok ? 0 : 1;
        }
    }
    int64_t sumAll = 0;
    int64_t sumBad = 0;
    group.failing.assign(kRibbonSlots, kNan);
    for (size_t i = 0; i < kRibbonSlots; ++i) {
        sumAll += all[i];
        sumBad += bad[i];
        if (all[i] > 0)
            group.failing[i] = static_cast<double>(bad[i]) / static_cast<double>(all[i]);
    }
    group.estimated = stride > 1;
    group.goodShare
        = sumAll > 0 ? 1 - static_cast<double>(sumBad) / static_cast<double>(sumAll) : kNan;
}

// One scale for the calm cells of a group, so that a loud host looks loud; those with trouble keep
// their own, because one of them would flatten all others.
void shareScale(FleetGroup& group)
{
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const FleetCell& cell : group.cells) {
        if (cell.state != CellState::Ok || !cell.target->spark)
            continue;
        for (const double value : *cell.target->spark) {
            if (!std::isfinite(value))
                continue;
            low = std::min(low, value);
            high = std::max(high, value);
        }
    }
    if (low < high) {
        group.low = std::min(low, 0.0);
        group.high = high;
    }
}

void finish(FleetGroup& group, int64_t nowMs, bool cards)
{
    std::stable_sort(group.cells.begin(), group.cells.end(),
        [](const FleetCell& a, const FleetCell& b) { return a.state < b.state; });
    for (const FleetCell& cell : group.cells) {
        group.up += cell.target->health == view::Health::Up ? 1 : 0;
        group.unknown += cell.target->health == view::Health::Unknown ? 1 : 0;
    }
    measure(group, nowMs);
    if (!cards)
        return;
    std::set<std::string> titles;
    for (const FleetCell& cell : group.cells) {
        if (!cell.target->sparkTitle.empty())
            titles.insert(cell.target->sparkTitle);
    }
    if (titles.size() != 1)
        return;
    group.plotted = QString::fromStdString(*titles.begin());
    shareScale(group);
}

// How many of each state, worst first: what comes first when groups are put in order.
bool isWorse(const FleetGroup& a, const FleetGroup& b)
{
    const auto rank = [](const FleetGroup& group) {
        std::array<int, 7> counts {};
        for (const FleetCell& cell : group.cells)
            ++counts[static_cast<size_t>(cell.state)];
        counts.back() = 0; // A large calm group isn't worse than a small one.
        return counts;
    };
    return rank(a) > rank(b);
}

} // namespace

theme::State stateOf(CellState state)
{
    switch (state) {
    case CellState::Down:
    case CellState::Critical:
        return theme::State::Critical;
    case CellState::Warning:
        return theme::State::Warning;
    case CellState::Pending:
        return theme::State::Pending;
    case CellState::Unknown:
        return theme::State::Unknown;
    case CellState::Shell:
    case CellState::Ok:
        break;
    }
    return theme::State::Ok;
}

QString wordOf(CellState state)
{
    const auto tr = [](const char* text) { return QCoreApplication::translate("FleetCell", text); };
    switch (state) {
    case CellState::Down:
        return tr("down");
    case CellState::Critical:
        return tr("critical");
    case CellState::Warning:
        return tr("warning");
    case CellState::Pending:
        return tr("pending");
    case CellState::Shell:
        return tr("live shell");
    case CellState::Unknown:
        return tr("unknown");
    case CellState::Ok:
        return tr("up");
    }
    return {};
}

bool concerns(const view::AlertView& alert, const view::TargetView& target)
{
    const auto instance = alert.labels.get("instance");
    const auto job = alert.labels.get("job");
    return !instance.empty() && instance == instanceOf(target)
        && (job.empty() || job == target.job);
}

std::vector<FleetGroup> fleetGroups(
    const view::FleetView& fleet, const std::string& label, const TargetFilter& filter)
{
    const AlertsByInstance alerts = activeAlerts(fleet);
    const SessionsByInstance sessions = openSessions(fleet);
    std::unordered_map<std::string_view, size_t> placeOf;
    std::vector<FleetGroup> groups;
    size_t shown = 0;
    for (const auto& target : fleet.targets) {
        if (!filter.passes(*target))
            continue;
        const std::string_view name
            = label == "job" ? std::string_view(target->job) : target->labels.get(label);
        const auto [at, isNew] = placeOf.emplace(name, groups.size());
        if (isNew)
            groups.emplace_back().name = std::string(name);
        groups[at->second].cells.push_back(makeCell(target, alerts, sessions));
        ++shown;
    }
    for (FleetGroup& group : groups)
        finish(group, fleet.nowMs, shown < 60);
    std::stable_sort(groups.begin(), groups.end(), isWorse);
    return groups;
}

std::vector<std::string> groupLabels(const view::FleetView& fleet)
{
    constexpr size_t kLookedAt = 2'000;
    std::map<std::string, std::set<std::string_view>> values;
    const size_t stride = fleet.targets.size() / kLookedAt + 1;
    size_t looked = 0;
    for (size_t i = 0; i < fleet.targets.size(); i += stride, ++looked) {
        for (const labels::Label& label : fleet.targets[i]->labels)
            values[std::string(label.name)].insert(label.value);
    }
    std::vector<std::string> names { "job" };
    for (const auto& [name, distinct] : values) {
        const bool telling = distinct.size() < looked || looked < 2;
        if (name != "job" && name != "instance" && telling)
            names.push_back(name);
    }
    return names;
}

} // namespace fleetglass::models
