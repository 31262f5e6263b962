// What a LaneChart shows: one lane per alert instance or per host and source of shells. Values.
// Times are milliseconds since the epoch.
#pragma once

#include "core/view/alert_view.h"
#include "core/view/session_view.h"
#include "ui/charts/chart_content.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/time_text.h"

#include <optional>
#include <vector>

namespace fleetglass::charts {

enum class LaneKind
{
    Pending, // Hatched.
    Firing, // Solid.
    Snoozed, // Outlined.
    ShellOpen, // Solid, with an arrow past now.
    ShellClosed, // Outlined.
    ShellUnknown, // Hatched grey.
    ShellMoment, // Diamond: between two scrapes.
};

struct LaneSpan
{
    double beginMs = 0;
    double endMs = kOngoing;
    LaneKind kind = LaneKind::Firing;
    theme::State state = theme::State::Warning;
    bool beganBefore = false; // Arrow to the left: its start was not seen.
    QString label; // Beside the span.
    QString text; // On hover.
};

struct Lane
{
    QString key;
    QString title;
    QString detail;
    std::optional<theme::Glyph> glyph;
    theme::State state = theme::State::Ok; // Colour of the glyph.
    std::vector<LaneSpan> spans;
    std::vector<Span> unreachableMs;
};

// A lane per host and source, in the order of the sessions.
std::vector<Lane> lanesOfSessions(const std::vector<view::SessionView>& sessions,
    const std::vector<view::UnreachableView>& unreachable, double nowMs, const theme::Zone& zone);

// A lane per alert instance in the order of `alerts`; spans of others are left out. The key is the
// alert's id in decimal.
std::vector<Lane> lanesOfAlerts(const std::vector<std::shared_ptr<const view::AlertView>>& alerts,
    const std::vector<view::AlertSpanView>& spans, double nowMs, const theme::Zone& zone);

theme::State stateOf(view::Severity severity, view::AlertState state);

} // namespace fleetglass::charts
