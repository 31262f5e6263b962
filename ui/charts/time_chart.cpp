#include "ui/charts/time_chart.h"

#include "ui/charts/chart_accessible.h"
#include "ui/charts/mark_painter.h"
#include "ui/charts/plot_surface.h"

#include <QAccessible>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

namespace fleetglass::charts {

namespace {

constexpr double kDragStartPx = 6;

// The rectangle a drag chooses: a stretch of time, or of values when it goes up and down.
QRectF dragRect(const QRectF& plot, QPointF from, QPointF to)
{
    const QPointF end(std::clamp(to.x(), plot.left(), plot.right()),
        std::clamp(to.y(), plot.top(), plot.bottom()));
    const bool vertical = std::abs(to.y() - from.y()) > 1.5 * std::abs(to.x() - from.x());
    if (vertical)
        return QRectF(QPointF(plot.left(), from.y()), QPointF(plot.right(), end.y())).normalized();
    return QRectF(QPointF(from.x(), plot.top()), QPointF(end.x(), plot.bottom())).normalized();
}

bool isVertical(const QRectF& drag, const QRectF& plot)
{
    return drag.width() >= plot.width() - 0.5;
}

} // namespace

struct TimeChart::Private
{
    Private(CrosshairGroup& crosshair, TimeChart* chart)
        : group(crosshair)
        , surface(new PlotSurface(scene, crosshair, pointer, chart))
    {
    }

    CrosshairGroup& group;
    ChartScene scene;
    PointerState pointer;
    std::optional<QPointF> pressed;
    PlotSurface* surface; // Owned by the chart's widget tree; deleted before this.
};

TimeChart::TimeChart(CrosshairGroup& group, QWidget* parent)
    : QWidget(parent)
    , d(std::make_unique<Private>(group, this))
{
    installChartAccessibility();
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    connect(&group, &CrosshairGroup::moved, this, [this] { d->surface->redrawOverlay(); });
    connect(&group, &CrosshairGroup::pinsChanged, this, [this] { d->surface->redrawOverlay(); });
}

TimeChart::~TimeChart()
{
    delete d->surface;
}

const ChartContent& TimeChart::content() const
{
    return d->scene.content;
}

const ChartOptions& TimeChart::options() const
{
    return d->scene.options;
}

void TimeChart::setContent(ChartContent content)
{
    d->scene.content = std::move(content);
    setAccessibleName(d->scene.content.title);
    changed();
}

void TimeChart::setSeries(std::vector<Series> series)
{
    d->scene.content.series = std::move(series);
    changed();
}

void TimeChart::append(const QString& key, std::span<const Sample> samples)
{
    for (Series& series : d->scene.content.series) {
        if (series.key != key)
            continue;
        auto longer = std::make_shared<Samples>(*series.samples);
        for (const Sample& sample : samples) {
            if (longer->empty() || sample.timeMs > longer->back().timeMs)
                longer->push_back(sample);
        }
        series.samples = std::move(longer);
    }
    changed();
}

void TimeChart::setOptions(const ChartOptions& options)
{
    d->scene.options = options;
    changed();
}

void TimeChart::setTimes(Span timesMs, double stepMs, double nowMs)
{
    if (!(timesMs.length() > 0))
        return;
    d->scene.timesMs = timesMs;
    d->scene.stepMs = stepMs;
    d->scene.nowMs = nowMs;
    changed();
}

void TimeChart::setGap(double gapMs)
{
    d->scene.gapMs = gapMs;
    changed();
}

void TimeChart::setZone(const theme::Zone& zone)
{
    d->scene.zone = zone;
    changed();
}

void TimeChart::setLoading(bool loading)
{
    if (d->scene.loading == loading)
        return;
    d->scene.loading = loading;
    changed();
}

void TimeChart::setEmptyText(const QString& title, const QString& text)
{
    d->scene.emptyTitle = title;
    d->scene.emptyText = text;
    changed();
}

void TimeChart::setHidden(const QSet<QString>& keys)
{
    if (d->scene.hidden == keys)
        return;
    d->scene.hidden = keys;
    changed();
}

void TimeChart::setHighlighted(const QString& key)
{
    if (d->scene.highlighted == key)
        return;
    d->scene.highlighted = key;
    changed();
}

bool TimeChart::isZoomedY() const
{
    return d->scene.valuesZoomed.has_value();
}

void TimeChart::resetZoomY()
{
    if (!d->scene.valuesZoomed)
        return;
    d->scene.valuesZoomed.reset();
    changed();
    emit zoomedYChanged(false);
}

// A hidden chart waits until it is shown; the others draw together with the next frame.
void TimeChart::changed()
{
    d->surface->invalidate();
    // The surface is opaque and covers this widget: only its own region tells what can be seen.
    if (isVisible() && !d->surface->visibleRegion().isEmpty())
        d->group.frames().request(this, [this] { drawFrame(); });
}

void TimeChart::drawFrame()
{
    if (d->surface->isStale())
        d->surface->redraw();
}

QString TimeChart::summary() const
{
    const ChartScene& scene = d->scene;
    const auto moment
        = [&](double ms) { return theme::clockText(static_cast<int64_t>(ms), scene.zone); };
    if (scene.content.series.empty())
        return tr("%1: nothing to show. %2 %3")
            .arg(scene.content.title, scene.emptyTitle, scene.emptyText)
            .trimmed();
    QStringList parts {
        tr("%1, %2 to %3, %n line(s)", nullptr, static_cast<int>(scene.content.series.size()))
            .arg(scene.content.title, moment(scene.timesMs.begin), moment(scene.timesMs.end))
    };
    for (size_t i = 0; i < std::min<size_t>(scene.content.series.size(), 12); ++i) {
        const Series& series = scene.content.series[i];
        if (series.samples && !series.samples->empty())
            parts += tr("%1 last %2")
                         .arg(series.name,
                             theme::formatValue(series.samples->back().value, scene.content.unit));
    }
    for (const Ribbon& ribbon : scene.content.ribbons)
        parts += tr("alert %1, %2").arg(ribbon.name, theme::stateWord(ribbon.state));
    for (const ShellBand& shell : scene.content.shells)
        parts += shell.text;
    if (!scene.content.missesMs.empty())
        parts
            += tr("%n missed scrape(s)", nullptr, static_cast<int>(scene.content.missesMs.size()));
    return parts.join(QStringLiteral("; "));
}

std::optional<double> TimeChart::valueAt(const QString& key, double timeMs) const
{
    for (const Series& series : d->scene.content.series) {
        if (series.key != key || !series.samples)
            continue;
        if (const auto index = nearestSample(*series.samples, timeMs, d->scene.gap()))
            return (*series.samples)[*index].value;
    }
    return std::nullopt;
}

void TimeChart::paintTo(QPainter& painter, const QSize& size)
{
    d->surface->paintTo(painter, size);
}

QPointF TimeChart::positionOf(double timeMs, double value) const
{
    const ChartPicture& picture = d->surface->picture();
    return { picture.x().toPixel(timeMs), picture.y().toPixel(value) };
}

bool TimeChart::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        auto* help = static_cast<QHelpEvent*>(event);
        showMarkText(help->pos(), help->globalPos());
        return true;
    }
    return QWidget::event(event);
}

void TimeChart::showMarkText(QPointF position, QPoint global)
{
    const QString text = markTextAt(d->scene, d->surface->picture(), position);
    text.isEmpty() ? QToolTip::hideText() : QToolTip::showText(global, tipOfLines(text), this);
}

void TimeChart::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    d->surface->setGeometry(rect());
}

void TimeChart::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (d->surface->isStale())
        d->group.frames().request(this, [this] { drawFrame(); });
}

void TimeChart::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton
        || !d->surface->picture().plot().contains(event->position())) {
        event->ignore();
        return;
    }
    d->pressed = event->position();
}

void TimeChart::mouseMoveEvent(QMouseEvent* event)
{
    const QPointF position = event->position();
    if (d->pressed && (position - *d->pressed).manhattanLength() > kDragStartPx)
        d->pointer.drag = dragRect(d->surface->picture().plot(), *d->pressed, position);
    hover(position);
    // Ribbons and notes answer at once: their words are the annotation of the alert.
    const QString text
        = d->pressed ? QString() : markTextAt(d->scene, d->surface->picture(), position);
    if (!text.isEmpty())
        QToolTip::showText(event->globalPosition().toPoint(), tipOfLines(text), this);
}

void TimeChart::hover(QPointF position)
{
    d->pointer.hover = position;
    const ChartPicture& picture = d->surface->picture();
    if (!picture.plot().contains(position)) {
        d->group.leave();
        return;
    }
    const double timeMs = snapToStep(picture.x().toValue(position.x()), d->scene.stepMs);
    const bool moves = d->group.timeMs() != timeMs || d->group.leader() != this;
    d->group.moveTo(timeMs, this);
    if (!moves)
        d->surface->redrawOverlay();
    const auto nearest = nearestValue(d->scene, picture, timeMs, position.y());
    emit seriesHovered(nearest ? d->scene.content.series[nearest->series].key : QString());
}

void TimeChart::mouseReleaseEvent(QMouseEvent* event)
{
    if (!d->pressed)
        return;
    if (d->pointer.drag)
        finishDrag(event->position());
    else if (const auto nearest = nearestValue(d->scene, d->surface->picture(),
                 d->surface->picture().x().toValue(event->position().x()), event->position().y());
             nearest && std::abs(nearest->position.y() - event->position().y()) < 12)
        emit seriesActivated(d->scene.content.series[nearest->series].key,
            event->modifiers().testFlag(Qt::ControlModifier));
    d->pressed.reset();
    d->pointer.drag.reset();
    d->surface->redrawOverlay();
}

void TimeChart::finishDrag(QPointF position)
{
    const ChartPicture& picture = d->surface->picture();
    const QRectF drag = dragRect(picture.plot(), *d->pressed, position);
    if (isVertical(drag, picture.plot())) {
        const double low = picture.y().toValue(drag.bottom());
        const double high = picture.y().toValue(drag.top());
        if (drag.height() > kDragStartPx && high > low) {
            d->scene.valuesZoomed = Span { low, high };
            changed();
            emit zoomedYChanged(true);
        }
        return;
    }
    if (drag.width() > kDragStartPx)
        emit rangeRequested(picture.x().toValue(drag.left()), picture.x().toValue(drag.right()));
}

void TimeChart::mouseDoubleClickEvent(QMouseEvent* event)
{
    d->pressed.reset();
    if (event->button() != Qt::LeftButton)
        return;
    if (isZoomedY())
        resetZoomY();
    else
        emit undoRequested();
}

void TimeChart::wheelEvent(QWheelEvent* event)
{
    const double notches = (event->angleDelta().y() + event->angleDelta().x()) / 120.0;
    const double aroundMs = d->surface->picture().x().toValue(event->position().x());
    if (event->modifiers().testFlag(Qt::ControlModifier))
        emit zoomRequested(std::pow(0.8, notches), aroundMs);
    else if (event->modifiers().testFlag(Qt::ShiftModifier))
        emit panRequested(-0.15 * notches);
    else {
        event->ignore(); // The page scrolls.
        return;
    }
    event->accept();
}

void TimeChart::moveCrosshair(int steps)
{
    const ChartScene& scene = d->scene;
    const double last
        = scene.nowMs > 0 ? std::min(scene.nowMs, scene.timesMs.end) : scene.timesMs.end;
    // One step, or one pixel where steps are finer than that.
    const double pixelMs
        = scene.timesMs.length() / std::max(1.0, d->surface->picture().plot().width());
    const double stride = std::max(scene.stepMs, pixelMs);
    const double from = d->group.timeMs().value_or(last - stride * steps);
    const double timeMs = snapToStep(from + stride * steps, scene.stepMs);
    d->group.moveTo(std::clamp(timeMs, scene.timesMs.begin, last), this);
    QAccessibleEvent told(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&told);
}

void TimeChart::keyPressEvent(QKeyEvent* event)
{
    const int factor = event->modifiers().testFlag(Qt::ShiftModifier) ? 10 : 1;
    ChartOptions& options = d->scene.options;
    switch (event->key()) {
    case Qt::Key_Left:
        return moveCrosshair(-factor);
    case Qt::Key_Right:
        return moveCrosshair(factor);
    case Qt::Key_Space:
        if (event->modifiers().testFlag(Qt::ControlModifier))
            return d->group.togglePin();
        break;
    case Qt::Key_L:
        options.logarithmic = !options.logarithmic;
        changed();
        return emit optionsChanged();
    case Qt::Key_S:
        options.stacked = !options.stacked;
        changed();
        return emit optionsChanged();
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return emit maximizeRequested();
    case Qt::Key_Escape:
        if (d->group.timeMs() || !d->group.pinsMs().empty()) {
            d->group.leave();
            return d->group.clearPins();
        }
        break;
    default:
        break;
    }
    QWidget::keyPressEvent(event);
}

void TimeChart::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    // A click does not need the frame that a Tab does.
    d->pointer.focused = event->reason() != Qt::MouseFocusReason;
    d->surface->redrawOverlay();
}

void TimeChart::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    d->pointer.focused = false;
    d->surface->redrawOverlay();
}

void TimeChart::leaveEvent(QEvent* event)
{
    QWidget::leaveEvent(event);
    d->pointer.hover.reset();
    if (d->group.leader() == this)
        d->group.leave();
    emit seriesHovered(QString());
}

} // namespace fleetglass::charts
