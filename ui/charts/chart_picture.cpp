#include "ui/charts/chart_picture.h"

#include <QDateTime>
#include <QLocale>
#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace fleetglass::charts {

namespace {

constexpr double kTitleRow = 28;
constexpr double kRibbonRow = 14;
constexpr double kAxisRow = 22;
constexpr double kRugRow = 10;
constexpr double kRight = 10;
constexpr int kRibbonsMax = 4;

QPolygonF polygon(const std::vector<Pixel>& pixels)
{
    QPolygonF result;
    result.reserve(static_cast<qsizetype>(pixels.size()));
    for (const Pixel& pixel : pixels)
        result.append({ pixel.x, pixel.y });
    return result;
}

double peakOf(const Series& series, Span timesMs)
{
    const auto range = finiteRange(*series.samples, timesMs);
    return range ? std::max(std::abs(range->begin), std::abs(range->end)) : -1;
}

// The part of an axis one tick label needs, so that neighbours never touch.
constexpr double kLabelPx = 78;

} // namespace

QRectF ChartPicture::plotRect(const ChartScene& scene, QSizeF size)
{
    const auto lanes
        = static_cast<double>(std::min<size_t>(scene.content.ribbons.size(), kRibbonsMax));
    const double lane = scene.options.compact ? 9 : kRibbonRow;
    double top = scene.content.title.isEmpty() ? 8 : kTitleRow;
    top += lanes * lane + (lanes > 0 || !scene.content.notes.empty() ? 4 : 0);
    const double bottom = kAxisRow + (scene.content.missesMs.empty() ? 0 : kRugRow)
        + (scene.options.framed ? 6 : 0);
    const double left = scene.options.gutterPx;
    return { left, std::round(top), std::max(8.0, size.width() - left - kRight),
        std::max(8.0, std::round(size.height() - top - bottom)) };
}

void ChartPicture::layOut(const ChartScene& scene, QSizeF size)
{
    m_plot = plotRect(scene, size);
    m_x = { scene.timesMs, { m_plot.left(), m_plot.right() } };
    chooseSeries(scene);
    m_tops.clear();
    m_bases.clear();
    if (scene.options.stacked)
        stack(scene);
    chooseRange(scene);
    placeTicks(scene);
    m_lines.clear();
    for (const size_t index : m_chosen)
        placeLine(scene, index);
    placeBand(scene);
    findAbsent(scene);
}

const Samples& ChartPicture::shown(const ChartScene& scene, size_t series) const
{
    return m_tops.empty() || m_tops[series].empty() ? *scene.content.series[series].samples
                                                    : m_tops[series];
}

// With more series than lines, those that reach furthest are drawn and the rest become a band.
void ChartPicture::chooseSeries(const ChartScene& scene)
{
    m_chosen.clear();
    m_rest.clear();
    const auto& series = scene.content.series;
    for (size_t i = 0; i < series.size(); ++i) {
        if (series[i].samples && !scene.hidden.contains(series[i].key))
            m_chosen.push_back(i);
    }
    const auto limit = static_cast<size_t>(std::max(1, scene.options.seriesMax));
    if (m_chosen.size() > limit) {
        std::vector<double> peaks(series.size(), -1);
        for (const size_t i : m_chosen)
            peaks[i]
                = series[i].key == scene.highlighted ? kOngoing : peakOf(series[i], scene.timesMs);
        std::stable_sort(m_chosen.begin(), m_chosen.end(),
            [&](size_t a, size_t b) { return peaks[a] > peaks[b]; });
        m_rest.assign(m_chosen.begin() + static_cast<std::ptrdiff_t>(limit), m_chosen.end());
        m_chosen.resize(limit);
        std::sort(m_chosen.begin(), m_chosen.end());
    }
    m_restCount = m_rest.size();
}

void ChartPicture::stack(const ChartScene& scene)
{
    const auto& series = scene.content.series;
    m_tops.resize(series.size());
    m_bases.resize(series.size());
    std::unordered_map<double, double> heights;
    for (const size_t index : m_chosen) {
        if (series[index].ghost)
            continue;
        for (const Sample& sample : *series[index].samples) {
            if (!isDrawable(sample.value))
                continue;
            double& height = heights[sample.timeMs];
            m_bases[index].push_back({ sample.timeMs, height });
            height += sample.value;
            m_tops[index].push_back({ sample.timeMs, height });
        }
    }
}

void ChartPicture::chooseRange(const ChartScene& scene)
{
    double low = kOngoing;
    double high = -kOngoing;
    m_belowLog = 0;
    for (const size_t index : m_chosen) {
        const auto samples = visibleOf(shown(scene, index), scene.timesMs);
        for (const Sample& sample : samples) {
            if (!isDrawable(sample.value) || sample.timeMs < scene.timesMs.begin
                || sample.timeMs > scene.timesMs.end)
                continue;
            if (scene.options.logarithmic && sample.value <= 0) {
                ++m_belowLog;
                continue;
            }
            low = std::min(low, sample.value);
            high = std::max(high, sample.value);
        }
    }
    for (const size_t index : m_rest) {
        if (const auto range = finiteRange(*scene.content.series[index].samples, scene.timesMs)) {
            low = std::min(low, range->begin);
            high = std::max(high, range->end);
        }
    }
    if (low <= high) {
        // A limit that is near is worth seeing even while all is well.
        for (const Threshold& threshold : scene.content.thresholds) {
            if (isDrawable(threshold.value) && threshold.value <= high * 3
                && threshold.value > high)
                high = threshold.value;
            if (isDrawable(threshold.value) && threshold.value < low && threshold.value >= 0)
                low = threshold.value;
        }
    }
    Span values { 0, 1 };
    if (scene.options.logarithmic)
        values = niceLogRange(low, high);
    else if (low <= high)
        values = niceRange(low, high, scene.options.compact ? 4 : kTicksYMax);
    if (scene.valuesZoomed && (!scene.options.logarithmic || scene.valuesZoomed->begin > 0))
        values = *scene.valuesZoomed;
    m_y = { values, { m_plot.bottom(), m_plot.top() }, scene.options.logarithmic };
    m_axisUnit = theme::axisUnit(
        std::max(std::abs(values.begin), std::abs(values.end)), scene.content.unit);
    if (!(m_axisUnit.divisor > 0))
        m_axisUnit.divisor = 1;
}

void ChartPicture::placeTicks(const ChartScene& scene)
{
    const double divisor = m_axisUnit.divisor;
    const Span scaled { m_y.values.begin / divisor, m_y.values.end / divisor };
    const int roomY = std::clamp(
        static_cast<int>(m_plot.height() / 34), 2, scene.options.compact ? 4 : kTicksYMax);
    m_ticksY = m_y.logarithmic ? logTicks(scaled, std::max(roomY, 4)) : niceTicks(scaled, roomY);
    for (double& tick : m_ticksY)
        tick *= divisor;
    const int roomX = std::clamp(static_cast<int>(m_plot.width() / kLabelPx), 1, kTicksXMax);
    m_ticksX = timeTicks(static_cast<int64_t>(scene.timesMs.begin),
        static_cast<int64_t>(scene.timesMs.end), roomX, offsetOf(scene.zone));
}

void ChartPicture::placeLine(const ChartScene& scene, size_t index)
{
    const auto samples = visibleOf(shown(scene, index), scene.timesMs);
    DrawnLine line { index, {}, {}, {}, {}, 0 };
    const bool stacked = !m_tops.empty() && !m_tops[index].empty();
    const auto offset = stacked ? static_cast<size_t>(samples.data() - m_tops[index].data()) : 0;
    for (const Piece& piece : piecesOf(samples, scene.gap())) {
        const auto part = samples.subspan(piece.begin, piece.size());
        if (part.size() == 1) {
            line.lone.append({ m_x.toPixel(part[0].timeMs), m_y.toPixel(part[0].value) });
            continue;
        }
        line.pieces.push_back(polygon(decimate(part, m_x, m_y)));
        if (stacked) {
            const std::span<const Sample> base(
                m_bases[index].data() + offset + piece.begin, piece.size());
            line.bases.push_back(polygon(decimate(base, m_x, m_y)));
        }
    }
    if (!samples.empty() && scene.nowMs > 0 && !scene.content.series[index].ghost) {
        const Sample& last = shown(scene, index).back();
        const double age = scene.nowMs - last.timeMs;
        if (age > 2 * scene.gap() && isDrawable(last.value) && last.timeMs >= scene.timesMs.begin
            && last.timeMs <= scene.timesMs.end) {
            line.staleEnd = QPointF(m_x.toPixel(last.timeMs), m_y.toPixel(last.value));
            line.staleMs = age;
        }
    }
    if (!line.pieces.empty() || !line.lone.isEmpty())
        m_lines.push_back(std::move(line));
}

void ChartPicture::placeBand(const ChartScene& scene)
{
    std::vector<std::span<const Sample>> rest;
    rest.reserve(m_rest.size());
    for (const size_t index : m_rest)
        rest.push_back(visibleOf(*scene.content.series[index].samples, scene.timesMs));
    m_restBand = rest.empty() ? std::vector<BandColumn> {} : bandOf(rest, m_x, 2);
    for (BandColumn& column : m_restBand) {
        column.low = m_y.toPixel(column.low);
        column.high = m_y.toPixel(column.high);
    }
}

// Between the first sample of any visible series and now: where not one of them has a value.
void ChartPicture::findAbsent(const ChartScene& scene)
{
    m_absentMs.clear();
    std::vector<Span> covered;
    for (const size_t index : m_chosen) {
        const auto samples = visibleOf(shown(scene, index), scene.timesMs);
        for (const Piece& piece : piecesOf(samples, scene.gap()))
            covered.push_back({ samples[piece.begin].timeMs, samples[piece.end - 1].timeMs });
    }
    if (covered.empty())
        return;
    std::sort(covered.begin(), covered.end(),
        [](const Span& a, const Span& b) { return a.begin < b.begin; });
    double end = covered.front().end;
    for (const Span& span : covered) {
        if (span.begin - end > scene.gap())
            m_absentMs.push_back({ end, span.begin });
        end = std::max(end, span.end);
    }
    if (scene.nowMs > 0 && std::min(scene.nowMs, scene.timesMs.end) - end > 2 * scene.gap())
        m_absentMs.push_back({ end, std::min(scene.nowMs, scene.timesMs.end) });
}

OffsetAt offsetOf(const theme::Zone& zone)
{
    if (zone.utc)
        return [](int64_t) { return 0; };
    return [timeZone = zone.timeZone()](int64_t timestampMs) {
        return timeZone.offsetFromUtc(QDateTime::fromMSecsSinceEpoch(timestampMs, Qt::UTC)) / 60;
    };
}

QString tickLabel(int64_t timestampMs, const TimeTicks& ticks, const theme::Zone& zone)
{
    const int64_t wall = wallMs(timestampMs, offsetOf(zone));
    const QDateTime shown = QDateTime::fromMSecsSinceEpoch(wall, Qt::UTC);
    const bool midnight = wall % 86'400'000 == 0;
    switch (ticks.unit) {
    case TickUnit::Month:
        return QLocale::c().toString(shown, QStringLiteral("MMM yyyy"));
    case TickUnit::Day:
        return QLocale::c().toString(shown, QStringLiteral("d MMM"));
    case TickUnit::Minute:
        return midnight ? theme::dayText(timestampMs, zone)
                        : theme::clockMinuteText(timestampMs, zone);
    case TickUnit::Second:
        return theme::clockText(timestampMs, zone);
    case TickUnit::Millisecond:
        break;
    }
    return QLocale::c().toString(shown, QStringLiteral("HH:mm:ss.zzz"));
}

} // namespace fleetglass::charts
