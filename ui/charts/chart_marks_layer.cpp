// Title, limits, ribbons, notes and the rug of a chart.
#include "ui/charts/chart_layers.h"
#include "ui/charts/mark_painter.h"
#include "ui/theme/fonts.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

namespace fleetglass::charts {

namespace {

constexpr double kRibbonHeight = 6;
constexpr double kMissHeight = 5;
constexpr size_t kRibbonsMax = 4;

QString words(const char* text)
{
    return QCoreApplication::translate("fleetglass::charts::MarkLayer", text);
}

double advance(const QPainter& painter, const QString& text)
{
    return QFontMetricsF(painter.font()).horizontalAdvance(text);
}

void paintText(QPainter& painter, const QRectF& box, Qt::Alignment alignment, const QString& text)
{
    const QString shown
        = QFontMetricsF(painter.font()).elidedText(text, Qt::ElideRight, box.width());
    painter.drawText(box, static_cast<int>(alignment | Qt::TextSingleLine), shown);
}

} // namespace

double ribbonTop(const ChartScene& scene, const ChartPicture& picture, size_t lane)
{
    const double row = scene.options.compact ? 9 : 14;
    const auto lanes = std::min(scene.content.ribbons.size(), kRibbonsMax);
    const double first
        = picture.plot().top() - 6 - static_cast<double>(lanes) * row + (row - kRibbonHeight) / 2;
    return std::round(first + static_cast<double>(lane) * row);
}

void MarkLayer::draw(QCPPainter* painter)
{
    painter->save();
    drawTitle(*painter);
    painter->QPainter::setFont(theme::font(theme::TextRole::Axis));
    drawThresholds(*painter);
    drawRibbons(*painter);
    drawNotes(*painter);
    drawRug(*painter);
    drawNow(*painter);
    drawRest(*painter);
    if (m_picture.isEmpty())
        drawEmpty(*painter);
    painter->restore();
}

void MarkLayer::drawTitle(QPainter& painter) const
{
    const ChartContent& content = m_scene.content;
    if (content.title.isEmpty())
        return;
    const double inset = m_scene.options.framed ? 10 : 0;
    QRectF row(inset, 2, mParentPlot->viewport().width() - 2 * inset, 24);
    const auto put = [&](theme::TextRole role, const QColor& color, const QString& text) {
        if (text.isEmpty() || row.width() < 20)
            return;
        painter.setFont(theme::font(role));
        painter.setPen(color);
        paintText(painter, row, Qt::AlignLeft | Qt::AlignVCenter, text);
        row.setLeft(row.left() + advance(painter, text) + 8);
    };
    put(theme::TextRole::ChartTitle, tokens().text, content.title);
    put(theme::TextRole::Body, tokens().muted,
        m_picture.axisUnit().sign + (content.unit.guessed ? QStringLiteral(" ?") : QString()));
    put(theme::TextRole::Body, tokens().muted, content.subtitle);
}

void MarkLayer::drawThresholds(QPainter& painter) const
{
    const QRectF& plot = m_picture.plot();
    for (const Threshold& threshold : m_scene.content.thresholds) {
        const double y = m_picture.y().toPixel(threshold.value);
        if (!isDrawable(threshold.value) || y < plot.top() || y > plot.bottom())
            continue;
        const QColor color = tokens().of(threshold.state).text;
        paintHorizontal(painter, y, plot.left(), plot.right(), color, Qt::DashLine);
        if (m_scene.options.compact)
            continue;
        painter.setPen(color);
        const bool above = y - plot.top() > 18;
        const QRectF label(plot.left() + 6, above ? y - 17 : y + 2, plot.width() - 12, 15);
        paintText(painter, label, Qt::AlignLeft | Qt::AlignVCenter, threshold.text);
    }
}

void MarkLayer::drawRibbons(QPainter& painter) const
{
    const auto& ribbons = m_scene.content.ribbons;
    for (size_t lane = 0; lane < std::min(ribbons.size(), kRibbonsMax); ++lane)
        drawRibbon(painter, ribbons[lane], ribbonTop(m_scene, m_picture, lane));
    if (ribbons.size() <= kRibbonsMax || m_scene.options.compact)
        return;
    painter.setPen(tokens().muted);
    painter.drawText(
        QPointF(m_picture.plot().left(), ribbonTop(m_scene, m_picture, kRibbonsMax - 1) + 7),
        words("+%1 alerts").arg(ribbons.size() - kRibbonsMax));
}

void MarkLayer::drawRibbon(QPainter& painter, const Ribbon& ribbon, double top) const
{
    const QRectF& plot = m_picture.plot();
    double first = plot.right();
    double last = plot.left();
    for (const RibbonSpan& span : ribbon.spans) {
        const double end = span.endMs == kOngoing && m_scene.nowMs > 0 ? m_scene.nowMs : span.endMs;
        const double left = std::max(std::round(m_picture.x().toPixel(span.beginMs)), plot.left());
        const double right = std::min(std::round(m_picture.x().toPixel(end)), plot.right());
        if (right < left || left > plot.right())
            continue;
        paintSpan(painter, QRectF(left, top, std::max(right - left, 2.0), kRibbonHeight), span.kind,
            ribbon.state, tokens());
        first = std::min(first, left);
        last = std::max(last, right);
    }
    if (m_scene.options.compact || last <= plot.left())
        return;
    const double width = advance(painter, ribbon.name) + 1;
    painter.setPen(tokens().of(ribbon.state).text);
    const double left = first - width - 6 >= plot.left() ? first - width - 6
                                                         : std::min(last + 6, plot.right() - width);
    // Where the span covers the whole width there is no room for words; the hover card has them.
    if (first - width - 6 < plot.left() && last + 6 + width > plot.right())
        return;
    painter.drawText(
        QRectF(left, top - 5, width, 16), Qt::AlignLeft | Qt::AlignVCenter, ribbon.name);
}

void MarkLayer::drawNotes(QPainter& painter) const
{
    const QRectF& plot = m_picture.plot();
    for (const ShellBand& shell : m_scene.content.shells) {
        const double x = m_picture.x().toPixel(shell.beginMs);
        const theme::State state = shell.known ? theme::State::Shell : theme::State::Unknown;
        if (x >= plot.left() && x <= plot.right())
            paintVertical(painter, x, plot.top(), plot.bottom(), tokens().of(state).text);
    }
    std::vector<double> positions;
    std::vector<const EventNote*> notes;
    for (const EventNote& note : m_scene.content.notes) {
        const double x = m_picture.x().toPixel(note.timeMs);
        if (x < plot.left() || x > plot.right())
            continue;
        positions.push_back(x);
        notes.push_back(&note);
    }
    for (const Piece& group : cluster(positions, 10)) {
        const double x = positions[group.begin];
        const QColor color = tokens().accent;
        paintVertical(painter, x, plot.top(), plot.bottom(), color, Qt::DotLine);
        painter.setRenderHint(QPainter::Antialiasing, true);
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        const QPointF tip(std::floor(x) + 0.5, plot.top() + 7);
        painter.drawPolygon(QPolygonF({ tip, tip + QPointF(-5, -7), tip + QPointF(5, -7) }));
        if (m_scene.options.compact)
            continue;
        const QString text
            = group.size() == 1 ? notes[group.begin]->text : words("%1 events").arg(group.size());
        const double width = std::min(advance(painter, text) + 1, plot.width() / 2);
        const bool leftSide = x - width - 9 > plot.left();
        painter.setPen(color);
        paintText(painter, QRectF(leftSide ? x - width - 9 : x + 9, plot.top(), width, 16),
            Qt::AlignLeft | Qt::AlignVCenter, text);
    }
}

// Every missed scrape has its tick, also where many fall on one pixel.
void MarkLayer::drawRug(QPainter& painter) const
{
    const QRectF& plot = m_picture.plot();
    const auto& misses = m_scene.content.missesMs;
    const auto first = std::lower_bound(misses.begin(), misses.end(), m_scene.timesMs.begin);
    double previous = -1;
    for (auto miss = first; miss != misses.end() && *miss <= m_scene.timesMs.end; ++miss) {
        const double x = std::floor(m_picture.x().toPixel(*miss));
        if (x == previous)
            continue;
        paintVertical(painter, x, plot.bottom() + 2, plot.bottom() + 2 + kMissHeight,
            tokens().of(theme::State::Critical).text);
        previous = x;
    }
}

void MarkLayer::drawNow(QPainter& painter) const
{
    const double x = m_picture.x().toPixel(m_scene.nowMs);
    if (m_scene.nowMs > 0 && x > m_picture.plot().left() && x < m_picture.plot().right() - 1)
        paintVertical(
            painter, x, m_picture.plot().top(), m_picture.plot().bottom(), tokens().control);
}

void MarkLayer::drawRest(QPainter& painter) const
{
    const QRectF& plot = m_picture.plot();
    QString text;
    if (m_picture.restCount() > 0)
        text = words("%1 more as a band")
                   .arg(theme::formatCount(static_cast<int64_t>(m_picture.restCount())));
    if (m_picture.belowLog() > 0) {
        text += (text.isEmpty() ? QString() : QStringLiteral(", "))
            + words("%1 values at or below 0 hidden")
                  .arg(theme::formatCount(static_cast<int64_t>(m_picture.belowLog())));
    }
    if (text.isEmpty())
        return;
    painter.setPen(tokens().muted);
    paintText(painter, QRectF(plot.left() + 6, plot.bottom() - 18, plot.width() - 12, 16),
        Qt::AlignRight | Qt::AlignVCenter, text);
}

void MarkLayer::drawEmpty(QPainter& painter) const
{
    if (m_scene.loading && m_scene.emptyTitle.isEmpty())
        return;
    const QRectF& plot = m_picture.plot();
    const double middle = plot.center().y();
    const QRectF head(plot.left() + 8, middle - 22, plot.width() - 16, 20);
    painter.setFont(theme::font(theme::TextRole::Strong));
    painter.setPen(tokens().text);
    paintText(painter, head, Qt::AlignHCenter | Qt::AlignVCenter, m_scene.emptyTitle);
    painter.setFont(theme::font(theme::TextRole::Body));
    painter.setPen(tokens().muted);
    painter.drawText(
        QRectF(plot.left() + 16, middle, plot.width() - 32, plot.bottom() - middle - 4),
        Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, m_scene.emptyText);
}

QString markTextAt(const ChartScene& scene, const ChartPicture& picture, QPointF position)
{
    const auto near
        = [&](double timeMs) { return std::abs(picture.x().toPixel(timeMs) - position.x()) <= 5; };
    const auto& ribbons = scene.content.ribbons;
    for (size_t lane = 0; lane < std::min(ribbons.size(), kRibbonsMax); ++lane) {
        const double top = ribbonTop(scene, picture, lane);
        if (position.y() < top - 4 || position.y() > top + kRibbonHeight + 4)
            continue;
        const double timeMs = picture.x().toValue(position.x());
        const double slackMs = std::abs(picture.x().toValue(position.x() + 3) - timeMs);
        for (const RibbonSpan& span : ribbons[lane].spans) {
            if (timeMs + slackMs < span.beginMs || timeMs - slackMs > span.endMs)
                continue;
            const QString kind = span.kind == RibbonKind::Pending ? words("pending")
                : span.kind == RibbonKind::Snoozed                ? words("snoozed")
                                                                  : words("firing");
            const QString since = theme::clockText(static_cast<int64_t>(span.beginMs), scene.zone);
            return words("%1, %2 since %3\n%4")
                .arg(ribbons[lane].name, kind, since, span.text)
                .trimmed();
        }
    }
    if (position.y() < picture.plot().top() - 4 || position.y() > picture.plot().top() + 18)
        return {};
    QStringList all;
    for (const EventNote& note : scene.content.notes) {
        if (near(note.timeMs))
            all += theme::clockText(static_cast<int64_t>(note.timeMs), scene.zone)
                + QLatin1Char(' ') + note.text;
    }
    for (const ShellBand& shell : scene.content.shells) {
        if (near(shell.beginMs))
            all += shell.text;
    }
    return all.join(QLatin1Char('\n'));
}

} // namespace fleetglass::charts
