// A hand-made fleet of 45 targets at one moment, for screenshots and page tests: three targets
// down, one not yet scraped, eight alerts firing, two shells open. Pure functions; thread-safe.
#pragma once

#include "core/view/fleet_port.h"
#include "core/view/fleet_view.h"

namespace fleetglass::support {

// Friday 20 November 2026, 13:41:40 UTC (14:41:40 in Berlin).
inline constexpr int64_t kSampleNowMs = 1'795'182'100'000;

view::FleetViewPtr sampleView(int64_t nowMs = kSampleNowMs);
// Nothing is configured yet.
view::FleetViewPtr emptyView(int64_t nowMs = kSampleNowMs);
// `targets` generated targets, a share of them down: for models at real size.
view::FleetViewPtr largeView(size_t targets, int64_t nowMs = kSampleNowMs);

// The parts.
std::vector<std::shared_ptr<const view::TargetView>> sampleTargets(int64_t nowMs);
std::vector<std::shared_ptr<const view::AlertView>> sampleAlerts(int64_t nowMs);
std::vector<view::AlertSpanView> sampleAlertSpans(int64_t nowMs);
std::vector<view::SessionView> sampleSessions(int64_t nowMs);
std::vector<view::UnreachableView> sampleUnreachable(int64_t nowMs);
std::vector<view::RuleGroupView> sampleRuleGroups(int64_t nowMs);
view::MetricCatalog sampleMetrics();
std::vector<view::ChangeView> sampleChanges();
// For a target of sampleView(): TLS failed (db-04), no answer (build-03), 401 (awx-02), or a good
// scrape.
view::TargetDetailView sampleDetail(const view::TargetView& target, int64_t nowMs = kSampleNowMs);
// The same fleet with a parse error at edge-02 in place of db-04.
view::TargetDetailView sampleParseErrorDetail(
    const view::TargetView& target, int64_t nowMs = kSampleNowMs);

// Two rules on a page of four series: one is dropped, one loses a label.
view::SampleTraceView sampleTrace(int64_t nowMs = kSampleNowMs);
// Two of the known systems.
std::vector<view::PresetView> samplePresets();

// A curve that is the same in every run: `points` values round `level`, with `noise` around them.
struct CurveShape
{
    size_t points = 120;
    double level = 1;
    double noise = 0.1;
    unsigned seed = 1;
    double stepUpAt = 2; // Share of the way where it rises to `stepTo`; over 1: never.
    double stepTo = 0;
};
std::vector<double> sampleCurve(const CurveShape& shape);

} // namespace fleetglass::support
