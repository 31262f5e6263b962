// HostEvents: what happened to one target lately, from its attempts, shells, alerts and the log.
// Pure functions; thread-safe.
#pragma once

#include "core/view/fleet_view.h"

#include <QString>
#include <QVector>

namespace fleetglass::models {

struct HostEvent
{
    int64_t timeMs = 0;
    QString text;
};

// Newest first, at most `countMax`, not older than `spanMs`.
QVector<HostEvent> hostEvents(const view::FleetView& fleet, const view::TargetView& target,
    int64_t spanMs, qsizetype countMax);

} // namespace fleetglass::models
