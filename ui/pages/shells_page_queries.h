// What is asked of a host while a shell was open on it. Pure functions; thread-safe.
#pragma once

#include "core/view/fleet_view.h"
#include "ui/theme/units.h"
#include "ui/widgets/range_text.h"

#include <QString>
#include <QVector>

namespace fleetglass::pages {

struct StoryQuery
{
    QString title;
    QString query;
    theme::Unit unit;
    bool commands = false; // Changed commands are marked on it.
};

// Commands, CPU, open files, network out: those whose metric is known, at most four.
QVector<StoryQuery> storyQueries(
    const view::SessionView& session, const view::MetricCatalog& catalog, int64_t intervalMs);
// The counters behind the table of commands; empty where the metric is not known.
QString commandsQuery(const view::SessionView& session, const view::MetricCatalog& catalog);
// The session with some time before and after it.
widgets::TimeRange storyRange(const view::SessionView& session, int64_t nowMs);
// As a PromQL string: quotes and backslashes escaped.
QString promqlString(const std::string& text);
// A matcher for all exporters of a host: its name, with any port.
QString hostMatcher(const std::string& host);

} // namespace fleetglass::pages
