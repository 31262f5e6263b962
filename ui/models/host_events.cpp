#include "ui/models/host_events.h"

#include "ui/models/fleet_cells.h"
#include "ui/theme/plain_text.h"

#include <QCoreApplication>
#include <algorithm>

namespace fleetglass::models {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("HostEvents", text);
}

void addAttempts(QVector<HostEvent>& events, const view::TargetView& target)
{
    if (!target.attemptsRecent || target.attemptsRecent->empty())
        return;
    bool ok = target.attemptsRecent->front().ok;
    for (const view::AttemptView& attempt : *target.attemptsRecent) {
        if (attempt.ok == ok)
            continue;
        ok = attempt.ok;
        events.append({ attempt.timeMs,
            ok ? tr("scrape succeeds again")
               : tr("scrape failed: %1").arg(theme::shown(attempt.message)) });
    }
}

void addSessions(
    QVector<HostEvent>& events, const view::FleetView& fleet, const view::TargetView& target)
{
    if (!fleet.sessions)
        return;
    for (const view::SessionView& session : *fleet.sessions) {
        if (session.instance != target.instance)
            continue;
        const QString who
            = theme::shown(session.keyOwner.empty() ? session.publicKey : session.keyOwner);
        events.append({ session.openedLatestMs, tr("shell opened, %1").arg(who) });
        if (session.closedLatestMs > 0)
            events.append({ session.closedLatestMs, tr("shell closed, %1").arg(who) });
        const bool open = session.state == view::SessionState::Open;
        if (open && session.commands > 0)
            events.append({ session.lastSeenMs,
                tr("%1 commands so far, source %2")
                    .arg(session.commands)
                    .arg(theme::shown(session.source)) });
    }
}

void addAlerts(
    QVector<HostEvent>& events, const view::FleetView& fleet, const view::TargetView& target)
{
    for (const auto& alert : fleet.alerts) {
        if (!concerns(*alert, target))
            continue;
        const QString name = theme::shown(alert->name);
        if (alert->firedMs > 0)
            events.append({ alert->firedMs, tr("%1 fires").arg(name) });
        if (alert->state == view::AlertState::Pending)
            events.append({ alert->activeSinceMs, tr("%1 is pending").arg(name) });
        if (alert->resolvedMs > 0)
            events.append({ alert->resolvedMs, tr("%1 is over").arg(name) });
    }
}

void addLog(
    QVector<HostEvent>& events, const view::FleetView& fleet, const view::TargetView& target)
{
    if (!fleet.log)
        return;
    for (const LogEvent& event : *fleet.log) {
        if (event.area != "scrape" && event.area != "sessions"
            && event.message.find(target.instance) != std::string::npos)
            events.append({ event.timeMs, theme::shown(event.message) });
    }
}

} // namespace

QVector<HostEvent> hostEvents(const view::FleetView& fleet, const view::TargetView& target,
    int64_t spanMs, qsizetype countMax)
{
    QVector<HostEvent> events;
    addAttempts(events, target);
    addSessions(events, fleet, target);
    addAlerts(events, fleet, target);
    addLog(events, fleet, target);
    events.removeIf([&](const HostEvent& event) { return event.timeMs < fleet.nowMs - spanMs; });
    std::stable_sort(events.begin(), events.end(),
        [](const HostEvent& a, const HostEvent& b) { return a.timeMs > b.timeMs; });
    return events.mid(0, countMax);
}

} // namespace fleetglass::models
