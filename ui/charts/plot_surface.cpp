#include "ui/charts/plot_surface.h"

#include "ui/theme/fonts.h"
#include "ui/theme/tokens.h"

#include <QPaintEngine>

namespace fleetglass::charts {

namespace {

// Both tickers show what the picture has decided.
class PictureTicker : public QCPAxisTicker
{
public:
    PictureTicker(const ChartScene& scene, const ChartPicture& picture, bool isTime)
        : m_scene(scene)
        , m_picture(picture)
        , m_isTime(isTime)
    {
    }

    void generate(const QCPRange&, const QLocale&, QChar, int, QVector<double>& ticks,
        QVector<double>* subTicks, QVector<QString>* labels) override
    {
        ticks.clear();
        if (subTicks != nullptr)
            subTicks->clear();
        if (labels != nullptr)
            labels->clear();
        m_isTime ? times(ticks, labels) : values(ticks, labels);
    }

private:
    void times(QVector<double>& ticks, QVector<QString>* labels) const
    {
        for (const int64_t tick : m_picture.ticksX().timestampsMs) {
            ticks.append(static_cast<double>(tick));
            if (labels != nullptr)
                labels->append(tickLabel(tick, m_picture.ticksX(), m_scene.zone));
        }
    }

    void values(QVector<double>& ticks, QVector<QString>* labels) const
    {
        const double divisor = m_picture.axisUnit().divisor;
        const auto& all = m_picture.ticksY();
        const double step = all.size() > 1 ? (all[1] - all[0]) / divisor : 1;
        for (const double tick : all) {
            ticks.append(tick);
            if (labels != nullptr && tick == 0)
                labels->append(QStringLiteral("0"));
            else if (labels != nullptr)
                labels->append(theme::formatTick(
                    tick / divisor, m_picture.y().logarithmic ? tick / divisor : step));
        }
    }

    const ChartScene& m_scene;
    const ChartPicture& m_picture;
    bool m_isTime;
};

} // namespace

PlotSurface::PlotSurface(const ChartScene& scene, const CrosshairGroup& crosshair,
    const PointerState& pointer, QWidget* parent)
    : QCustomPlot(parent)
    , m_scene(scene)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
    plotLayout()->setRowSpacing(0);
    axisRect()->setAutoMargins(QCP::msNone);
    axisRect()->setBackground(QBrush(Qt::NoBrush));
    axisRect()->setupFullAxesBox(false);
    xAxis->setTicker(QSharedPointer<PictureTicker>::create(m_scene, m_picture, true));
    yAxis->setTicker(QSharedPointer<PictureTicker>::create(m_scene, m_picture, false));
    for (QCPAxis* axis : { xAxis, yAxis }) {
        axis->setTickLength(0);
        axis->setSubTicks(false);
        axis->setTickLabelPadding(6);
        axis->grid()->setSubGridVisible(false);
        axis->grid()->setZeroLinePen(Qt::NoPen);
        axis->grid()->setAntialiased(false);
    }
    for (QCPAxis* axis : { xAxis2, yAxis2 })
        axis->setVisible(false);
    new GroundLayer(this, QStringLiteral("background"), m_scene, m_picture);
    new LineLayer(this, QStringLiteral("main"), m_scene, m_picture);
    new MarkLayer(this, QStringLiteral("axes"), m_scene, m_picture);
    layer(QStringLiteral("overlay"))->setMode(QCPLayer::lmBuffered);
    new OverlayLayer(this, QStringLiteral("overlay"), m_scene, m_picture, crosshair, pointer);
    dress();
}

void PlotSurface::dress()
{
    const theme::Tokens& tokens = theme::tokensOf(palette());
    setBackground(QBrush(tokens.surface));
    for (QCPAxis* axis : { xAxis, yAxis }) {
        axis->setBasePen(QPen(tokens.faint, 1.0));
        axis->setTickLabelColor(tokens.muted);
        axis->setTickLabelFont(theme::font(theme::TextRole::Axis));
        axis->grid()->setPen(QPen(tokens.grid, 1.0));
    }
}

void PlotSurface::layOut()
{
    const QRect whole = viewport();
    if (!m_stale && whole == m_laidOutFor)
        return;
    m_picture.layOut(m_scene, whole.size());
    m_laidOutFor = whole;
    m_stale = false;
    const QRect plot = m_picture.plot().toRect();
    axisRect()->setMargins({ plot.left(), plot.top(), whole.width() - plot.right() - 1,
        whole.height() - plot.bottom() - 1 });
    const ChartScale& y = m_picture.y();
    yAxis->setRange(y.values.begin, y.values.end);
    yAxis->setScaleType(y.logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    // The rug lies between the axis and its labels.
    xAxis->setTickLabelPadding(m_scene.content.missesMs.empty() ? 5 : 12);
    xAxis->setRange(m_scene.timesMs.begin, m_scene.timesMs.end);
}

void PlotSurface::updateLayout()
{
    layOut();
    QCustomPlot::updateLayout();
}

void PlotSurface::redraw()
{
    replot(QCustomPlot::rpQueuedRefresh);
}

void PlotSurface::redrawOverlay()
{
    layer(QStringLiteral("overlay"))->replot();
}

void PlotSurface::paintEvent(QPaintEvent* event)
{
    {
        QPainter painter(this);
        const QPaintEngine* engine = painter.paintEngine();
        if (engine != nullptr && engine->type() != QPaintEngine::Raster) {
            paintVectors(painter);
            return;
        }
    }
    if (m_stale)
        redraw();
    QCustomPlot::paintEvent(event);
}

// Someone renders the widget into a PDF or SVG: the layers once more instead of our pixels.
void PlotSurface::paintVectors(QPainter& painter)
{
    QPicture picture;
    {
        QCPPainter recorder(&picture);
        recorder.setMode(QCPPainter::pmVectorized);
        recorder.setMode(QCPPainter::pmNoCaching);
        draw(&recorder);
    }
    painter.drawPicture(0, 0, picture);
}

void PlotSurface::paintTo(QPainter& painter, const QSize& size)
{
    const QRect before = viewport();
    setViewport(QRect(QPoint(0, 0), size));
    paintVectors(painter);
    setViewport(before);
    m_stale = true;
}

void PlotSurface::changeEvent(QEvent* event)
{
    QCustomPlot::changeEvent(event);
    if (event->type() != QEvent::PaletteChange && event->type() != QEvent::FontChange)
        return;
    dress();
    m_stale = true;
    update();
}

} // namespace fleetglass::charts
