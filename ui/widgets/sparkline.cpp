#include "ui/widgets/sparkline.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

namespace fleetglass::widgets {

namespace {

struct Scale
{
    double low;
    double high;
};

std::optional<Scale> scaleOf(std::span<const double> values, const SparkStyle& style)
{
    Scale scale { INFINITY, -INFINITY };
    const auto take = [&scale](double value) {
        if (std::isfinite(value)) {
            scale.low = std::min(scale.low, value);
            scale.high = std::max(scale.high, value);
        }
    };
    for (const double value : values)
        take(value);
    if (scale.low > scale.high)
        return std::nullopt;
    if (style.threshold)
        take(*style.threshold);
    scale.low = style.low.value_or(scale.low);
    scale.high = style.high.value_or(scale.high);
    if (scale.high - scale.low <= std::abs(scale.high) * 1e-12) {
        // A level line lies low for zero and in the middle for anything else.
        scale.high += scale.low == 0 ? 1 : std::abs(scale.low);
        scale.low -= scale.low == 0 ? 0 : std::abs(scale.low);
    }
    return scale;
}

// One vertical stroke for each pixel column is enough, however many values there are.
QVector<QPolygonF> linesOf(
    std::span<const double> values, const QRectF& rect, const Scale& scale, bool steps)
{
    QVector<QPolygonF> lines;
    QPolygonF line;
    const double last = std::max<double>(static_cast<double>(values.size()) - 1, 1);
    for (size_t i = 0; i < values.size(); ++i) {
        if (!std::isfinite(values[i])) {
            if (!line.isEmpty())
                lines.append(std::exchange(line, {}));
            continue;
        }
        const double x = rect.left() + rect.width() * static_cast<double>(i) / last;
        const double share = (values[i] - scale.low) / (scale.high - scale.low);
        const double y = rect.bottom() - rect.height() * std::clamp(share, 0.0, 1.0);
        if (steps && !line.isEmpty())
            line.append({ x, line.last().y() });
        line.append({ x, y });
    }
    if (!line.isEmpty())
        lines.append(line);
    return lines;
}

void fillUnder(QPainter& painter, const QPolygonF& line, const QRectF& rect, const QColor& fill)
{
    QPolygonF area = line;
    area.append({ line.last().x(), rect.bottom() });
    area.append({ line.first().x(), rect.bottom() });
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawPolygon(area);
    painter.setBrush(Qt::NoBrush);
}

} // namespace

void paintSparkline(
    QPainter& painter, const QRectF& rect, std::span<const double> values, const SparkStyle& style)
{
    const QRectF plot = rect.adjusted(1, 2, -2, -2);
    painter.save();
    if (style.shadedFrom <= 1) {
        QRectF shade = rect;
        shade.setLeft(rect.left() + rect.width() * style.shadedFrom);
        painter.fillRect(shade, style.shade);
    }
    const auto scale = scaleOf(values, style);
    if (!scale || plot.width() < 2 || plot.height() < 2)
        return painter.restore();
    painter.setRenderHint(QPainter::Antialiasing);
    if (style.threshold) {
        QPen dashed(style.thresholdColor, 1, Qt::CustomDashLine, Qt::FlatCap);
        dashed.setDashPattern({ 3, 2 });
        painter.setPen(dashed);
        const double share = (*style.threshold - scale->low) / (scale->high - scale->low);
        const double y
            = std::floor(plot.bottom() - plot.height() * std::clamp(share, 0.0, 1.0)) + 0.5;
        painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y));
    }
    const auto lines = linesOf(values, plot, *scale, style.steps);
    for (const QPolygonF& line : lines) {
        if (style.fill.isValid() && line.size() > 1)
            fillUnder(painter, line, plot, style.fill);
        painter.setPen(QPen(style.line, 1));
        if (line.size() == 1)
            painter.drawEllipse(line.first(), 0.6, 0.6); // A lone sample is a dot.
        else
            painter.drawPolyline(line);
    }
    if (style.lastDot && std::isfinite(values.back())) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(style.line);
        painter.drawEllipse(lines.last().last(), 1.6, 1.6);
    }
    painter.restore();
}

SparkStyle neutralSpark(const theme::Tokens& tokens)
{
    SparkStyle style;
    style.line = tokens.muted;
    style.shade = tokens.raised;
    return style;
}

Sparkline::Sparkline(QWidget* parent)
    : QWidget(parent)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
}

void Sparkline::setValues(Values values)
{
    m_values = std::move(values);
    update();
}

void Sparkline::setState(std::optional<theme::State> state)
{
    m_state = state;
    update();
}

void Sparkline::setSteps(bool steps)
{
    m_steps = steps;
    update();
}

void Sparkline::setThreshold(std::optional<double> threshold, theme::State state)
{
    m_threshold = threshold;
    m_thresholdState = state;
    update();
}

void Sparkline::paintEvent(QPaintEvent*)
{
    if (!m_values || m_values->empty())
        return;
    const theme::Tokens& tokens = theme::tokensOf(palette());
    SparkStyle style = neutralSpark(tokens);
    style.steps = m_steps;
    style.threshold = m_threshold;
    style.thresholdColor = tokens.of(m_thresholdState).text;
    if (m_state) {
        style.line = tokens.of(*m_state).text;
        style.fill = style.line;
        style.fill.setAlphaF(0.14F);
        style.lastDot = false;
    }
    QPainter painter(this);
    paintSparkline(painter, rect(), *m_values, style);
}

} // namespace fleetglass::widgets
