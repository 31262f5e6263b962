#include "ui/charts/lane_chart.h"

#include "ui/charts/chart_accessible.h"
#include "ui/charts/lane_painter.h"
#include "ui/charts/mark_painter.h"
#include "ui/theme/fonts.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPaintEngine>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

namespace fleetglass::charts {

namespace {

constexpr int kAxisPx = 24;
constexpr int kRightPx = 12;

} // namespace

LaneChart::LaneChart(CrosshairGroup& group, QWidget* parent)
    : QWidget(parent)
    , m_group(group)
{
    installChartAccessibility();
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_OpaquePaintEvent);
    connect(&group, &CrosshairGroup::moved, this, qOverload<>(&QWidget::update));
    connect(&group, &CrosshairGroup::pinsChanged, this, qOverload<>(&QWidget::update));
}

void LaneChart::changed()
{
    m_picture = {};
    update();
}

void LaneChart::setLanes(std::vector<Lane> lanes)
{
    const bool resized = lanes.size() != m_lanes.size();
    m_lanes = std::move(lanes);
    changed();
    if (resized)
        updateGeometry();
}

void LaneChart::setOptions(const LaneOptions& options)
{
    m_options = options;
    changed();
    updateGeometry();
}

void LaneChart::setTimes(Span timesMs, double stepMs, double nowMs)
{
    if (!(timesMs.length() > 0))
        return;
    m_timesMs = timesMs;
    m_stepMs = stepMs;
    m_nowMs = nowMs;
    changed();
}

void LaneChart::setZone(const theme::Zone& zone)
{
    m_zone = zone;
    changed();
}

void LaneChart::setSelected(const QString& key)
{
    if (m_selected == key)
        return;
    m_selected = key;
    changed();
}

QString LaneChart::summary() const
{
    QStringList parts { tr("%1, %n lane(s)", nullptr, static_cast<int>(m_lanes.size()))
                            .arg(accessibleName().isEmpty() ? tr("timeline") : accessibleName()) };
    for (size_t i = 0; i < std::min<size_t>(m_lanes.size(), 20); ++i) {
        const Lane& lane = m_lanes[i];
        QString part = lane.title + QLatin1Char(' ') + lane.detail;
        if (!lane.spans.empty() && !lane.spans.back().text.isEmpty())
            part += QStringLiteral(": ") + lane.spans.back().text;
        parts += part;
    }
    return parts.join(QStringLiteral("; "));
}

QSize LaneChart::sizeHint() const
{
    return { 600,
        static_cast<int>(m_lanes.size()) * m_options.rowPx + (m_options.axis ? kAxisPx : 0) };
}

QSize LaneChart::minimumSizeHint() const
{
    return { m_options.gutterPx + 120, sizeHint().height() };
}

QRectF LaneChart::plotFor(const QSize& size) const
{
    const double height = static_cast<double>(m_lanes.size()) * m_options.rowPx;
    return { static_cast<double>(m_options.gutterPx), 0.0,
        std::max(8.0, static_cast<double>(size.width() - m_options.gutterPx - kRightPx)), height };
}

ChartScale LaneChart::scaleFor(const QRectF& plot) const
{
    return { m_timesMs, { plot.left(), plot.right() } };
}

void LaneChart::paintTo(QPainter& painter, const QSize& size) const
{
    const theme::Tokens& tokens = theme::tokensOf(palette());
    painter.fillRect(QRect(QPoint(0, 0), size), tokens.surface);
    const QRectF plot = plotFor(size);
    LanePainter(painter, m_options, tokens, m_zone, plot, scaleFor(plot), m_nowMs)
        .paint(m_lanes, m_selected);
}

void LaneChart::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    if (painter.paintEngine()->type() != QPaintEngine::Raster)
        return paintTo(painter, size());
    if (m_picture.isNull()) {
        m_picture = QPixmap(size() * devicePixelRatioF());
        m_picture.setDevicePixelRatio(devicePixelRatioF());
        QPainter onPicture(&m_picture);
        paintTo(onPicture, size());
    }
    painter.drawPixmap(0, 0, m_picture);
    drawOverlay(painter);
}

void LaneChart::drawOverlay(QPainter& painter) const
{
    const theme::Tokens& tokens = theme::tokensOf(palette());
    const QRectF plot = plotFor(size());
    const ChartScale x = scaleFor(plot);
    const auto at = [&](double timeMs, Qt::PenStyle style) {
        const double pixel = x.toPixel(timeMs);
        if (pixel >= plot.left() && pixel <= plot.right())
            paintVertical(painter, pixel, plot.top(), plot.bottom(), tokens.crosshair, style);
    };
    for (const double pin : m_group.pinsMs())
        at(pin, Qt::DashLine);
    if (m_group.timeMs())
        at(*m_group.timeMs(), Qt::SolidLine);
    if (m_group.timeMs() && m_group.leader() == this && m_options.axis) {
        painter.setFont(theme::font(theme::TextRole::Axis));
        paintChip(painter, { x.toPixel(*m_group.timeMs()), plot.bottom() + 12 },
            theme::clockText(static_cast<int64_t>(*m_group.timeMs()), m_zone), QRectF(rect()),
            tokens.crosshair, tokens.surface);
    }
    if (m_pressedX && m_draggedX) {
        painter.setPen(QPen(tokens.accent, 1.0));
        painter.setBrush(faded(tokens.accent, 0.14));
        painter.drawRect(
            QRectF(QPointF(*m_pressedX, plot.top()), QPointF(*m_draggedX, plot.bottom() - 1))
                .normalized());
    }
    if (hasFocus()) {
        painter.setPen(QPen(tokens.accent, 1.0));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

bool LaneChart::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const Lane* lane = laneAt(help->pos().y());
    const ChartScale x = scaleFor(plotFor(size()));
    const double timeMs = x.toValue(help->pos().x());
    const double slackMs = x.toValue(help->pos().x() + 4) - timeMs;
    QString text;
    for (const LaneSpan& span : lane == nullptr ? std::vector<LaneSpan> {} : lane->spans) {
        if (timeMs + slackMs >= span.beginMs && timeMs - slackMs <= span.endMs)
            text = span.text;
    }
    text.isEmpty() ? QToolTip::hideText()
                   : QToolTip::showText(help->globalPos(), tipOfLines(text), this);
    return true;
}

void LaneChart::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    changed();
}

void LaneChart::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        changed();
}

const Lane* LaneChart::laneAt(double y) const
{
    const auto index = static_cast<std::ptrdiff_t>(std::floor(y / m_options.rowPx));
    if (index < 0 || index >= static_cast<std::ptrdiff_t>(m_lanes.size()))
        return nullptr;
    return &m_lanes[static_cast<size_t>(index)];
}

void LaneChart::select(size_t index)
{
    if (index >= m_lanes.size())
        return;
    setSelected(m_lanes[index].key);
    emit laneSelected(m_selected);
}

void LaneChart::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return event->ignore();
    if (event->position().x() >= m_options.gutterPx)
        m_pressedX = event->position().x();
}

void LaneChart::mouseMoveEvent(QMouseEvent* event)
{
    const QRectF plot = plotFor(size());
    const double x = std::clamp(event->position().x(), plot.left(), plot.right());
    if (m_pressedX && std::abs(x - *m_pressedX) > 6)
        m_draggedX = x;
    if (event->position().x() < plot.left())
        return m_group.leave();
    m_group.moveTo(snapToStep(scaleFor(plot).toValue(x), m_stepMs), this);
    update();
}

void LaneChart::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    if (m_pressedX && m_draggedX) {
        const ChartScale x = scaleFor(plotFor(size()));
        emit rangeRequested(x.toValue(std::min(*m_pressedX, *m_draggedX)),
            x.toValue(std::max(*m_pressedX, *m_draggedX)));
    } else if (const Lane* lane = laneAt(event->position().y()))
        select(static_cast<size_t>(lane - m_lanes.data()));
    m_pressedX.reset();
    m_draggedX.reset();
    update();
}

void LaneChart::mouseDoubleClickEvent(QMouseEvent* event)
{
    const Lane* lane = laneAt(event->position().y());
    if (event->position().x() < m_options.gutterPx && lane != nullptr)
        return emit laneActivated(lane->key);
    emit undoRequested();
}

void LaneChart::wheelEvent(QWheelEvent* event)
{
    const double notches = (event->angleDelta().y() + event->angleDelta().x()) / 120.0;
    if (event->modifiers().testFlag(Qt::ControlModifier))
        emit zoomRequested(
            std::pow(0.8, notches), scaleFor(plotFor(size())).toValue(event->position().x()));
    else if (event->modifiers().testFlag(Qt::ShiftModifier))
        emit panRequested(-0.15 * notches);
    else
        return event->ignore();
    event->accept();
}

void LaneChart::keyPressEvent(QKeyEvent* event)
{
    const auto at = std::find_if(
        m_lanes.begin(), m_lanes.end(), [&](const Lane& lane) { return lane.key == m_selected; });
    const auto index = static_cast<size_t>(at - m_lanes.begin());
    const int factor = event->modifiers().testFlag(Qt::ShiftModifier) ? 10 : 1;
    const double last = m_nowMs > 0 ? std::min(m_nowMs, m_timesMs.end) : m_timesMs.end;
    const double pixelMs = m_timesMs.length() / std::max(1.0, plotFor(size()).width());
    const double stride = factor * std::max(m_stepMs, pixelMs);
    switch (event->key()) {
    case Qt::Key_Up:
        return select(at == m_lanes.end() || index == 0 ? 0 : index - 1);
    case Qt::Key_Down:
        return select(at == m_lanes.end() ? 0 : std::min(index + 1, m_lanes.size() - 1));
    case Qt::Key_Left:
        return m_group.moveTo(
            std::max(m_timesMs.begin, m_group.timeMs().value_or(last) - stride), this);
    case Qt::Key_Right:
        return m_group.moveTo(std::min(last, m_group.timeMs().value_or(last) + stride), this);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (at != m_lanes.end())
            emit laneActivated(m_selected);
        return;
    case Qt::Key_Space:
        if (event->modifiers().testFlag(Qt::ControlModifier))
            return m_group.togglePin();
        break;
    default:
        break;
    }
    QWidget::keyPressEvent(event);
}

void LaneChart::leaveEvent(QEvent* event)
{
    QWidget::leaveEvent(event);
    if (m_group.leader() == this)
        m_group.leave();
}

} // namespace fleetglass::charts
