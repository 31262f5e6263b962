// What a TimeChart shows: lines and the marks around them. Values; series share their samples.
// Times are milliseconds since the epoch.
#pragma once

#include "core/labels/labels.h"
#include "ui/charts/series_geometry.h"
#include "ui/theme/series_colors.h"
#include "ui/theme/tokens.h"
#include "ui/theme/units.h"

#include <QSet>
#include <QString>
#include <limits>
#include <memory>
#include <vector>

namespace fleetglass::charts {

// The end of what is still going on.
inline constexpr double kOngoing = std::numeric_limits<double>::infinity();

using Samples = std::vector<Sample>;
using SamplesPtr = std::shared_ptr<const Samples>;

struct Series
{
    QString key; // Its labels: what selection and colour hang on.
    QString name; // Differing labels only: "synse-03 /v3/read".
    labels::Labels labels;
    theme::SeriesStyle style;
    SamplesPtr samples;
    bool ghost = false; // Of another day, moved here to compare.
};

struct Threshold
{
    double value = 0;
    bool broken = true; // true: broken above the value, false: below.
    theme::State state = theme::State::Warning;
    QString text;
};

enum class RibbonKind
{
    Pending,
    Firing,
    Snoozed
};

struct RibbonSpan
{
    double beginMs = 0;
    double endMs = kOngoing;
    RibbonKind kind = RibbonKind::Firing;
    QString text; // The annotation as rendered when it began.
};

// One alert instance over the chart.
struct Ribbon
{
    QString name;
    theme::State state = theme::State::Warning;
    std::vector<RibbonSpan> spans;
};

// A shell on the chart's host.
struct ShellBand
{
    double beginMs = 0;
    double endMs = kOngoing;
    bool known = true; // false: the host does not answer, it may be closed by now.
    QString text;
};

struct EventNote
{
    double timeMs = 0;
    QString text;
};

struct ChartContent
{
    QString title;
    QString subtitle;
    theme::Unit unit;
    std::vector<Series> series;
    std::vector<Threshold> thresholds;
    std::vector<Ribbon> ribbons;
    std::vector<ShellBand> shells;
    std::vector<EventNote> notes;
    std::vector<double> missesMs; // Scrapes that failed, sorted.
};

// How it is shown.
struct ChartOptions
{
    bool logarithmic = false;
    bool stacked = false;
    bool filled = false; // A single series is filled on request only.
    bool framed = false; // A card with border.
    bool compact = false; // Inspector and tiles: no legend words on marks, fewer ticks.
    int gutterPx = 48; // From the left edge to the plot; equal in charts of one column.
    int seriesMax = 200;
};

} // namespace fleetglass::charts
