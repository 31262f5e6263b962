#include "ui/charts/lane_content.h"

#include "ui/theme/plain_text.h"

#include <QCoreApplication>
#include <QHash>
#include <algorithm>

namespace fleetglass::charts {

namespace {

QString words(const char* text)
{
    return QCoreApplication::translate("fleetglass::charts::LaneChart", text);
}

QString qs(const std::string& text)
{
    return theme::shown(text);
}

QString clock(double ms, const theme::Zone& zone)
{
    return theme::clockText(static_cast<int64_t>(ms), zone);
}

double ongoing(int64_t endMs)
{
    return endMs == 0 ? kOngoing : static_cast<double>(endMs);
}

QString who(const view::SessionView& session)
{
    return qs(session.keyOwner.empty() ? session.publicKey : session.keyOwner).left(24);
}

std::vector<LaneSpan> spansOf(const view::SessionView& session, const theme::Zone& zone)
{
    using enum view::SessionState;
    const auto opened = static_cast<double>(session.openedLatestMs);
    const QString name = who(session);
    LaneSpan span { opened, kOngoing, LaneKind::ShellOpen, theme::State::Shell,
        session.openedEarliestMs == 0 && session.state != BetweenScrapes, name, {} };
    const QString from = words("%1 from %2").arg(name, qs(session.remoteAddress));
    switch (session.state) {
    case Open:
    case OpenBeforeWatch:
        span.label = words("%1, open").arg(name);
        span.text = words("%1, open since %2").arg(from, clock(opened, zone));
        return { span };
    case Closed:
        span.kind = LaneKind::ShellClosed;
        span.endMs = static_cast<double>(session.closedLatestMs);
        span.text = words("%1, %2 to %3").arg(from, clock(opened, zone), clock(span.endMs, zone));
        return { span };
    case BetweenScrapes:
        span.kind = LaneKind::ShellMoment;
        span.endMs = opened;
        span.text = words("%1, opened and closed before %2").arg(from, clock(opened, zone));
        return { span };
    case Unknown:
        break;
    }
    // Open as far as it was seen; after that nobody knows.
    span.kind = LaneKind::ShellClosed;
    span.endMs = static_cast<double>(session.lastSeenMs);
    LaneSpan unknown { span.endMs, kOngoing, LaneKind::ShellUnknown, theme::State::Unknown, false,
        words("%1, unknown since %2").arg(name, clock(span.endMs, zone)), {} };
    unknown.text
        = words("%1, last seen open %2, host does not answer").arg(from, clock(span.endMs, zone));
    span.label.clear();
    span.text = unknown.text;
    return { span, unknown };
}

Lane laneOf(const view::AlertView& alert)
{
    Lane lane;
    lane.key = QString::number(alert.id);
    lane.title = qs(alert.name);
    const std::string instance(alert.labels.get("instance"));
    lane.detail = qs(instance).section(QLatin1Char(':'), 0, 0);
    if (lane.detail.isEmpty() && !alert.labels.empty())
        lane.detail = qs(std::string(alert.labels.begin()->value));
    lane.state = stateOf(alert.severity, alert.state);
    lane.glyph = alert.snoozedUntilMs > 0 ? theme::Glyph::Snoozed : theme::glyphOf(lane.state);
    if (alert.snoozedUntilMs > 0)
        lane.state = theme::State::Unknown;
    return lane;
}

} // namespace

theme::State stateOf(view::Severity severity, view::AlertState state)
{
    if (state == view::AlertState::Resolved)
        return theme::State::Ok;
    if (state == view::AlertState::Pending)
        return theme::State::Pending;
    return severity == view::Severity::Critical ? theme::State::Critical : theme::State::Warning;
}

std::vector<Lane> lanesOfSessions(const std::vector<view::SessionView>& sessions,
    const std::vector<view::UnreachableView>& unreachable, double nowMs, const theme::Zone& zone)
{
    std::vector<Lane> lanes;
    QHash<QString, size_t> laneOfKey;
    for (const view::SessionView& session : sessions) {
        const QString key = qs(session.instance) + QLatin1Char('\n') + qs(session.source);
        if (!laneOfKey.contains(key)) {
            laneOfKey.insert(key, lanes.size());
            Lane lane { key, qs(session.host), qs(session.source), {}, theme::State::Shell, {},
                {} };
            for (const view::UnreachableView& stretch : unreachable) {
                if (stretch.instance == session.instance)
                    lane.unreachableMs.push_back({ static_cast<double>(stretch.startMs),
                        std::min(ongoing(stretch.endMs), nowMs) });
            }
            lanes.push_back(std::move(lane));
        }
        auto& spans = lanes[laneOfKey.value(key)].spans;
        for (LaneSpan& span : spansOf(session, zone))
            spans.push_back(std::move(span));
    }
    return lanes;
}

std::vector<Lane> lanesOfAlerts(const std::vector<std::shared_ptr<const view::AlertView>>& alerts,
    const std::vector<view::AlertSpanView>& spans, double nowMs, const theme::Zone& zone)
{
    std::vector<Lane> lanes;
    QHash<quint64, size_t> laneOfId;
    for (const auto& alert : alerts) {
        laneOfId.insert(alert->id, lanes.size());
        lanes.push_back(laneOf(*alert));
    }
    for (const view::AlertSpanView& span : spans) {
        const auto lane = laneOfId.constFind(span.alertId);
        if (lane == laneOfId.constEnd())
            continue;
        const bool pending = span.state == view::AlertState::Pending;
        const QString state = span.snoozed ? words("snoozed")
            : pending                      ? words("pending")
                                           : words("firing");
        const auto begin = static_cast<double>(span.startMs);
        const double end = ongoing(span.endMs);
        QString text = words("%1, %2 %3 to %4")
                           .arg(qs(span.name), state, clock(begin, zone),
                               end == kOngoing ? words("now") : clock(std::min(end, nowMs), zone));
        if (!span.text.empty())
            text += QLatin1Char('\n') + qs(span.text);
        // A pending alert keeps the colour of what it would become: the hatching says pending.
        lanes[*lane].spans.push_back({ begin, end,
            span.snoozed  ? LaneKind::Snoozed
                : pending ? LaneKind::Pending
                          : LaneKind::Firing,
            stateOf(span.severity, view::AlertState::Firing), false, {}, text });
    }
    return lanes;
}

} // namespace fleetglass::charts
