// Takes up `for` after a restart: the ALERTS_FOR_STATE of the last hour say since when an instance
// was active (Prometheus' rules.Group.RestoreForState). Pure function; thread-safe.
#pragma once

#include "core/rules/alert_rule.h"
#include "core/storage/querier.h"

namespace fleetglass::rules {

void restoreForState(
    AlertRule& rule, Millis holdFor, int64_t timeMs, const storage::Querier& querier);

} // namespace fleetglass::rules
