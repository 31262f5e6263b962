#include "ui/charts/lane_painter.h"

#include "ui/charts/mark_painter.h"
#include "ui/theme/fonts.h"
#include "ui/theme/glyphs.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

namespace fleetglass::charts {

namespace {

constexpr double kGlyph = 14;
constexpr double kLabelPx = 84;

} // namespace

LanePainter::LanePainter(QPainter& painter, const LaneOptions& options, const theme::Tokens& tokens,
    const theme::Zone& zone, const QRectF& plot, const ChartScale& x, double nowMs)
    : m_painter(painter)
    , m_options(options)
    , m_tokens(tokens)
    , m_zone(zone)
    , m_plot(plot)
    , m_x(x)
    , m_nowMs(nowMs)
{
    const int room = std::clamp(static_cast<int>(plot.width() / kLabelPx), 1, kTicksXMax);
    m_ticks = timeTicks(static_cast<int64_t>(x.values.begin), static_cast<int64_t>(x.values.end),
        room, offsetOf(zone));
}

void LanePainter::paint(const std::vector<Lane>& lanes, const QString& selected)
{
    const double row = m_options.rowPx;
    const double whole = m_plot.right() + 12;
    for (size_t i = 0; i < lanes.size(); ++i) {
        const double top = m_plot.top() + static_cast<double>(i) * row;
        if (lanes[i].key == selected && !selected.isEmpty())
            m_painter.fillRect(QRectF(0, top, whole, row), m_tokens.selection);
        paintHorizontal(m_painter, top + row - 1, 0, whole, m_tokens.grid);
    }
    const double height = row * static_cast<double>(lanes.size());
    paintGrid(height);
    for (size_t i = 0; i < lanes.size(); ++i)
        paintRow(lanes[i], m_plot.top() + static_cast<double>(i) * row,
            lanes[i].key == selected && !selected.isEmpty());
    const double now = m_x.toPixel(m_nowMs);
    if (m_nowMs > 0 && now > m_plot.left() && now <= m_plot.right())
        paintVertical(m_painter, now, m_plot.top(), m_plot.top() + height, m_tokens.crosshair);
    if (m_options.axis)
        paintAxis();
}

void LanePainter::paintGrid(double height)
{
    for (const int64_t tick : m_ticks.timestampsMs)
        paintVertical(m_painter, m_x.toPixel(static_cast<double>(tick)), m_plot.top(),
            m_plot.top() + height, m_tokens.grid);
}

void LanePainter::paintRow(const Lane& lane, double top, bool selected)
{
    paintNames(lane, QRectF(0, top, m_plot.left(), m_options.rowPx), selected);
    m_painter.save();
    m_painter.setClipRect(
        QRectF(m_plot.left() - 8, top, m_plot.width() + 20, m_options.rowPx), Qt::IntersectClip);
    paintUnreachable(lane, top + m_options.rowPx - 1);
    paintSpans(lane, top, selected);
    m_painter.restore();
}

void LanePainter::paintNames(const Lane& lane, const QRectF& row, bool selected)
{
    double left = m_options.insetPx;
    if (lane.glyph) {
        const QRectF box(left, row.center().y() - kGlyph / 2, kGlyph, kGlyph);
        const QColor color
            = *lane.glyph == theme::Glyph::Snoozed ? m_tokens.muted : m_tokens.of(lane.state).text;
        theme::paintGlyph(m_painter, *lane.glyph, box, color);
        left += kGlyph + 6;
    }
    const double right = row.right() - 10;
    m_painter.setFont(theme::font(theme::TextRole::Axis));
    const QFontMetricsF small(m_painter.font());
    const QString detail = small.elidedText(lane.detail, Qt::ElideMiddle, (right - left) * 0.5);
    const double detailWidth = small.horizontalAdvance(detail);
    m_painter.setPen(selected ? m_tokens.text : m_tokens.muted);
    m_painter.drawText(QRectF(left, row.top(), right - left, row.height()),
        Qt::AlignRight | Qt::AlignVCenter, detail);
    m_painter.setFont(theme::font(theme::TextRole::Body));
    m_painter.setPen(m_tokens.text);
    const QString title
        = QFontMetricsF(m_painter.font())
              .elidedText(lane.title, Qt::ElideRight, right - left - detailWidth - 8);
    m_painter.drawText(QRectF(left, row.top(), right - left, row.height()),
        Qt::AlignLeft | Qt::AlignVCenter, title);
}

QRectF LanePainter::boxOf(const LaneSpan& span, double top) const
{
    const double end = span.endMs == kOngoing && m_nowMs > 0 ? m_nowMs : span.endMs;
    const double left = std::max(std::round(m_x.toPixel(span.beginMs)), m_plot.left());
    const double right = std::min(std::round(m_x.toPixel(end)), m_plot.right());
    const double y = std::floor(top + (m_options.rowPx - m_options.barPx) / 2.0);
    return { left, y, std::max(right - left, 2.0), static_cast<double>(m_options.barPx) };
}

void LanePainter::paintSpans(const Lane& lane, double top, bool selected)
{
    std::vector<QRectF> boxes;
    boxes.reserve(lane.spans.size());
    for (const LaneSpan& span : lane.spans)
        boxes.push_back(boxOf(span, top));
    for (size_t i = 0; i < lane.spans.size(); ++i) {
        const LaneSpan& span = lane.spans[i];
        if (span.beginMs > m_x.values.end
            || (span.endMs != kOngoing && span.endMs < m_x.values.begin))
            continue;
        paintSpanBox(span, boxes[i]);
        double roomLeft = m_plot.left();
        double roomRight = m_plot.right() + 8;
        for (size_t other = 0; other < boxes.size(); ++other) {
            if (boxes[other].right() <= boxes[i].left() + 1 && other != i
                && !lane.spans[i].label.isEmpty()) {
                // The known part of the same session does not push its own label away.
                const bool joined = boxes[other].right() >= boxes[i].left() - 1
                    && lane.spans[other].label.isEmpty();
                roomLeft = std::max(roomLeft, joined ? m_plot.left() : boxes[other].right() + 2);
                if (joined)
                    boxes[i].setLeft(boxes[other].left());
            } else if (boxes[other].left() >= boxes[i].right() && other != i)
                roomRight = std::min(roomRight, boxes[other].left() - 2);
        }
        paintLabel(span, boxes[i], selected, roomLeft, roomRight);
    }
}

void LanePainter::paintSpanBox(const LaneSpan& span, const QRectF& box)
{
    switch (span.kind) {
    case LaneKind::Pending:
        return paintSpan(m_painter, box, RibbonKind::Pending, span.state, m_tokens);
    case LaneKind::Firing:
        return paintSpan(m_painter, box, RibbonKind::Firing, span.state, m_tokens);
    case LaneKind::Snoozed:
        return paintSpan(m_painter, box, RibbonKind::Snoozed, span.state, m_tokens);
    default:
        paintShell(span, box);
    }
}

void LanePainter::paintShell(const LaneSpan& span, const QRectF& box)
{
    const auto& shell = m_tokens.of(theme::State::Shell);
    const double middle = box.center().y();
    if (span.beganBefore || span.beginMs < m_x.values.begin)
        paintArrowLeft(m_painter, { box.left() - 7, middle }, box.height() / 2, shell.text);
    m_painter.setRenderHint(QPainter::Antialiasing, false);
    switch (span.kind) {
    case LaneKind::ShellMoment:
        return paintDiamond(m_painter, { box.left(), middle }, box.height() / 2 + 0.5, shell.text,
            m_tokens.surface);
    case LaneKind::ShellUnknown: {
        const QColor ink = m_tokens.of(theme::State::Unknown).text;
        m_painter.fillRect(box, m_tokens.of(theme::State::Unknown).tint);
        paintHatch(m_painter, box, ink, 4);
        return;
    }
    case LaneKind::ShellOpen:
        m_painter.fillRect(box, shell.solid);
        if (span.endMs == kOngoing && m_x.toPixel(m_nowMs) <= m_plot.right() + 1)
            paintArrowRight(m_painter, { box.right() + 8, middle }, box.height() / 2, shell.solid);
        return;
    default:
        m_painter.fillRect(box, shell.tint);
        m_painter.setPen(QPen(shell.text, 1.0));
        m_painter.setBrush(Qt::NoBrush);
        m_painter.drawRect(box.adjusted(0, 0, -1, -1));
    }
}

// Right of the span where there is room, else left of it, else nowhere: the hover has the words.
void LanePainter::paintLabel(
    const LaneSpan& span, const QRectF& box, bool selected, double roomLeft, double roomRight)
{
    if (span.label.isEmpty())
        return;
    const bool open = span.kind == LaneKind::ShellOpen;
    QFont font = theme::font(theme::TextRole::Axis);
    if (open)
        font.setWeight(theme::font(theme::TextRole::Strong).weight());
    m_painter.setFont(font);
    const double width = QFontMetricsF(font).horizontalAdvance(span.label) + 1;
    const bool diamond = span.kind == LaneKind::ShellMoment;
    const double right = box.right() + (open ? 12 : diamond ? 7 : 5);
    const double left = box.left() - width - (span.beganBefore ? 12 : 5);
    m_painter.setPen(selected ? m_tokens.text
            : open            ? m_tokens.of(theme::State::Shell).text
                              : m_tokens.muted);
    const double at = right + width <= roomRight ? right : left >= roomLeft ? left : -1;
    if (at >= 0)
        m_painter.drawText(QRectF(at, box.top() - 4, width, box.height() + 8),
            Qt::AlignLeft | Qt::AlignVCenter, span.label);
}

void LanePainter::paintUnreachable(const Lane& lane, double bottom)
{
    const QColor color = m_tokens.of(theme::State::Critical).text;
    for (const Span& stretch : lane.unreachableMs) {
        const double left = std::max(m_x.toPixel(stretch.begin), m_plot.left());
        const double right = std::min(m_x.toPixel(stretch.end), m_plot.right());
        if (right >= left)
            m_painter.fillRect(
                QRectF(std::floor(left), bottom - 4, std::max(right - left, 2.0), 3), color);
    }
}

void LanePainter::paintAxis()
{
    m_painter.setFont(theme::font(theme::TextRole::Axis));
    const QFontMetricsF metrics(m_painter.font());
    const double now = m_x.toPixel(m_nowMs);
    const bool hasNow = m_nowMs > 0 && now > m_plot.left() && now <= m_plot.right();
    const QString nowText = LaneChart::tr("now");
    const double top = m_plot.bottom() + 2;
    const auto put = [&](double x, const QString& text, const QColor& color) {
        m_painter.setPen(color);
        m_painter.drawText(QRectF(x - 60, top, 120, 20), Qt::AlignHCenter | Qt::AlignVCenter, text);
    };
    for (const int64_t tick : m_ticks.timestampsMs) {
        const double x = m_x.toPixel(static_cast<double>(tick));
        const QString text = tickLabel(tick, m_ticks, m_zone);
        const double reach = metrics.horizontalAdvance(text) / 2;
        if (!hasNow || x + reach < now - metrics.horizontalAdvance(nowText))
            put(x, text, m_tokens.muted);
    }
    if (hasNow)
        put(std::min(now, m_plot.right() + 12 - metrics.horizontalAdvance(nowText) / 2 - 4),
            nowText, m_tokens.text);
}

} // namespace fleetglass::charts
