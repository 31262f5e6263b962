#include "ui/charts/series_geometry.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

namespace fleetglass::charts {

namespace {

bool earlier(const Sample& sample, double timeMs)
{
    return sample.timeMs < timeMs;
}

// Four samples of one pixel column, while it is being read.
struct Column
{
    long index = 0;
    size_t first = 0;
    size_t low = 0;
    size_t high = 0;
    size_t last = 0;
};

void take(Column& column, std::span<const Sample> piece, size_t index)
{
    if (piece[index].value < piece[column.low].value)
        column.low = index;
    if (piece[index].value > piece[column.high].value)
        column.high = index;
    column.last = index;
}

void emitColumn(const Column& column, std::span<const Sample> piece, const ChartScale& x,
    const ChartScale& y, std::vector<Pixel>& line)
{
    size_t order[4] { column.first, std::min(column.low, column.high),
        std::max(column.low, column.high), column.last };
    size_t previous = std::numeric_limits<size_t>::max();
    for (const size_t index : order) {
        if (index == previous)
            continue;
        line.push_back({ x.toPixel(piece[index].timeMs), y.toPixel(piece[index].value) });
        previous = index;
    }
}

} // namespace

bool isDrawable(double value)
{
    return std::isfinite(value) && std::abs(value) <= kDrawableMax;
}

std::vector<Piece> piecesOf(std::span<const Sample> samples, double gapMs)
{
    std::vector<Piece> pieces;
    bool open = false;
    for (size_t i = 0; i < samples.size(); ++i) {
        if (!isDrawable(samples[i].value)) {
            open = false;
            continue;
        }
        const bool gap = open && gapMs > 0 && samples[i].timeMs - samples[i - 1].timeMs > gapMs;
        if (!open || gap)
            pieces.push_back({ i, i });
        pieces.back().end = i + 1;
        open = true;
    }
    return pieces;
}

std::span<const Sample> visibleOf(std::span<const Sample> samples, Span timesMs)
{
    auto begin = std::lower_bound(samples.begin(), samples.end(), timesMs.begin, earlier);
    auto end = std::lower_bound(begin, samples.end(), timesMs.end, earlier);
    if (begin != samples.begin())
        --begin;
    if (end != samples.end())
        ++end;
    return { begin, end };
}

std::vector<Pixel> decimate(std::span<const Sample> piece, const ChartScale& x, const ChartScale& y)
{
    std::vector<Pixel> line;
    if (piece.empty())
        return line;
    const auto columnOf = [&](size_t i) { return std::lround(x.toPixel(piece[i].timeMs)); };
    line.reserve(std::min<size_t>(piece.size(), 4096));
    Column column { columnOf(0), 0, 0, 0, 0 };
    for (size_t i = 1; i < piece.size(); ++i) {
        const long index = columnOf(i);
        if (index == column.index) {
            take(column, piece, i);
            continue;
        }
        emitColumn(column, piece, x, y, line);
        column = { index, i, i, i, i };
    }
    emitColumn(column, piece, x, y, line);
    return line;
}

std::optional<Span> finiteRange(std::span<const Sample> samples, Span timesMs)
{
    const auto begin = std::lower_bound(samples.begin(), samples.end(), timesMs.begin, earlier);
    std::optional<Span> range;
    for (auto sample = begin; sample != samples.end() && sample->timeMs <= timesMs.end; ++sample) {
        if (!isDrawable(sample->value))
            continue;
        if (!range)
            range = Span { sample->value, sample->value };
        range->begin = std::min(range->begin, sample->value);
        range->end = std::max(range->end, sample->value);
    }
    return range;
}

std::optional<size_t> nearestSample(
    std::span<const Sample> samples, double timeMs, double toleranceMs)
{
    const auto after = std::lower_bound(samples.begin(), samples.end(), timeMs, earlier);
    auto best = after;
    if (best == samples.end()
        || (after != samples.begin() && timeMs - std::prev(after)->timeMs < after->timeMs - timeMs))
        best = after == samples.begin() ? after : std::prev(after);
    if (best == samples.end() || std::abs(best->timeMs - timeMs) > toleranceMs)
        return std::nullopt;
    return static_cast<size_t>(best - samples.begin());
}

double snapToStep(double timeMs, double stepMs)
{
    return stepMs > 0 ? std::round(timeMs / stepMs) * stepMs : timeMs;
}

std::vector<BandColumn> bandOf(
    std::span<const std::span<const Sample>> lines, const ChartScale& x, double columnWidth)
{
    std::map<long, Span> columns;
    for (const auto line : lines) {
        for (const Sample& sample : line) {
            const double pixel = x.toPixel(sample.timeMs);
            if (!isDrawable(sample.value) || pixel < x.pixels.begin - 1 || pixel > x.pixels.end + 1)
                continue;
            const auto [at, isNew] = columns.try_emplace(
                std::lround(pixel / columnWidth), Span { sample.value, sample.value });
            at->second.begin = std::min(at->second.begin, sample.value);
            at->second.end = std::max(at->second.end, sample.value);
        }
    }
    std::vector<BandColumn> band;
    band.reserve(columns.size());
    for (const auto& [index, span] : columns)
        band.push_back({ static_cast<double>(index) * columnWidth, span.begin, span.end });
    return band;
}

std::vector<int> packLanes(std::span<const LaneItem> items, double air)
{
    std::vector<size_t> order(items.size());
    std::iota(order.begin(), order.end(), size_t { 0 });
    std::stable_sort(order.begin(), order.end(),
        [&](size_t a, size_t b) { return items[a].begin < items[b].begin; });
    std::vector<double> laneEnds;
    std::vector<int> lanes(items.size(), 0);
    for (const size_t i : order) {
        const auto free = std::find_if(laneEnds.begin(), laneEnds.end(),
            [&](double end) { return end + air <= items[i].begin; });
        lanes[i] = static_cast<int>(free - laneEnds.begin());
        if (free == laneEnds.end())
            laneEnds.push_back(items[i].end);
        else
            *free = items[i].end;
    }
    return lanes;
}

std::vector<Piece> cluster(std::span<const double> positions, double distance)
{
    std::vector<Piece> clusters;
    for (size_t i = 0; i < positions.size(); ++i) {
        if (clusters.empty() || positions[i] - positions[i - 1] > distance)
            clusters.push_back({ i, i });
        clusters.back().end = i + 1;
    }
    return clusters;
}

} // namespace fleetglass::charts
