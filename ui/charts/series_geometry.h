// What a line of samples becomes on screen: pieces between gaps, at most four points per pixel
// column, a range that no infinity can wreck, the sample nearest to the crosshair. Plain
// arithmetic, no window. Values and pure functions; share freely.
#pragma once

#include "ui/charts/chart_scale.h"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace fleetglass::charts {

struct Sample
{
    double timeMs = 0;
    double value = 0;
    friend bool operator==(const Sample&, const Sample&) = default;
};

struct Pixel
{
    double x = 0;
    double y = 0;
    friend bool operator==(const Pixel&, const Pixel&) = default;
};

// Values of more than this are drawn as nothing: an axis to 1e308 shows no other line.
inline constexpr double kDrawableMax = 1e300;
bool isDrawable(double value);

// Indices [begin, end) of samples that belong together.
struct Piece
{
    size_t begin = 0;
    size_t end = 0;
    size_t size() const { return end - begin; }
    friend bool operator==(const Piece&, const Piece&) = default;
};

// Cuts at values that cannot be drawn and where two neighbours are further apart than gapMs.
std::vector<Piece> piecesOf(std::span<const Sample> samples, double gapMs);

// The samples inside the span of times and one on each side, so that lines reach the edges.
std::span<const Sample> visibleOf(std::span<const Sample> samples, Span timesMs);

// First, lowest, highest and last of every pixel column, in order of time.
std::vector<Pixel> decimate(
    std::span<const Sample> piece, const ChartScale& x, const ChartScale& y);

// Lowest and highest drawable value within the times. Nothing where there is none.
std::optional<Span> finiteRange(std::span<const Sample> samples, Span timesMs);

// Index of the sample nearest to the time and not further than toleranceMs.
std::optional<size_t> nearestSample(
    std::span<const Sample> samples, double timeMs, double toleranceMs);

// The multiple of stepMs nearest to the time; stepMs <= 0 leaves it alone.
double snapToStep(double timeMs, double stepMs);

// The lowest and highest of many lines per pixel column, for "N more".
struct BandColumn
{
    double x = 0;
    double low = 0;
    double high = 0;
};
std::vector<BandColumn> bandOf(
    std::span<const std::span<const Sample>> lines, const ChartScale& x, double columnWidth);

// Things with a width that must not cover each other: gives each the first free lane.
struct LaneItem
{
    double begin = 0;
    double end = 0;
};
std::vector<int> packLanes(std::span<const LaneItem> items, double air);

// Neighbours closer than `distance` make one cluster: [begin, end) into the sorted positions.
std::vector<Piece> cluster(std::span<const double> positions, double distance);

} // namespace fleetglass::charts
