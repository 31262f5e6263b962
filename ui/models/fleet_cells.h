// FleetGroups: the targets of the Overview, grouped by a label and put worst first. Pure functions;
// thread-safe. Values; they share what the view owns.
#pragma once

#include "core/view/fleet_view.h"
#include "ui/models/target_filter.h"
#include "ui/theme/tokens.h"

#include <QString>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fleetglass::models {

// Worst first.
enum class CellState
{
    Down,
    Critical,
    Warning,
    Pending,
    Shell,
    Unknown,
    Ok
};
theme::State stateOf(CellState state);
QString wordOf(CellState state);

struct FleetCell
{
    std::shared_ptr<const view::TargetView> target;
    std::shared_ptr<const view::AlertView> alert; // The worst that is active on it, not snoozed.
    CellState state = CellState::Ok;
    bool shellOpen = false;
    bool shellUnknown = false;
    int64_t shellSinceMs = 0;
};

// Share of the targets that failed, by slots of time; oldest first, NaN where none was scraped.
using FailingSlots = std::vector<double>;

struct FleetGroup
{
    std::string name; // Value of the label.
    std::vector<FleetCell> cells; // Worst first, then as in the view.
    int up = 0;
    int unknown = 0;
    QString plotted; // What the cells show, where it is the same in all.
    double goodShare = 0; // Of the scrapes in the ribbon; NaN: none yet.
    bool estimated = false; // From some of the targets: there are too many.
    FailingSlots failing;
    // Where the values compare, the cells share their scale.
    std::optional<double> low;
    std::optional<double> high;
};

inline constexpr int64_t kRibbonMs = 3'600'000;
inline constexpr size_t kRibbonSlots = 60;

std::vector<FleetGroup> fleetGroups(
    const view::FleetView& fleet, const std::string& label, const TargetFilter& filter);

// Labels one can group by: job first, then by name; those that every target tells apart are left
// out.
std::vector<std::string> groupLabels(const view::FleetView& fleet);

// Whether an alert speaks of this target: the same instance and, where the alert has one, job.
bool concerns(const view::AlertView& alert, const view::TargetView& target);

} // namespace fleetglass::models
