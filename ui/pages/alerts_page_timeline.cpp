#include "ui/pages/alerts_page_timeline.h"

#include "ui/charts/chart_marks.h"
#include "ui/charts/lane_chart.h"
#include "ui/charts/time_chart.h"
#include "ui/pages/alerts_page_legend.h"
#include "ui/pages/explore_content.h"
#include "ui/pages/timeline_range.h"
#include "ui/theme/fonts.h"
#include "ui/theme/plain_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/heads.h"
#include "ui/widgets/query_limit.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QScrollArea>
#include <QVBoxLayout>
#include <map>

namespace fleetglass::pages {

namespace {

constexpr int kGutterPx = 236;
constexpr int kLanesMax = 500; // More is a list, not a picture; the filter makes it one.
constexpr int kChartMinPx = 110;

QString times(int count)
{
    return count == 1 ? AlertsTimeline::tr("once") : AlertsTimeline::tr("%1 times").arg(count);
}

} // namespace

QString historyText(const std::vector<view::AlertSpanView>& spans, uint64_t alertId, int64_t nowMs)
{
    int fired = 0;
    int pending = 0;
    int64_t firingMs = 0;
    std::vector<int64_t> firingStarts;
    for (const view::AlertSpanView& span : spans) {
        if (span.alertId != alertId || span.state != view::AlertState::Firing)
            continue;
        ++fired;
        firingStarts.push_back(span.startMs);
        firingMs += (span.endMs == 0 ? nowMs : span.endMs) - span.startMs;
    }
    for (const view::AlertSpanView& span : spans) {
        if (span.alertId != alertId || span.state != view::AlertState::Pending || span.endMs == 0)
            continue;
        const bool led
            = std::find(firingStarts.begin(), firingStarts.end(), span.endMs) != firingStarts.end();
        pending += led ? 0 : 1;
    }
    QString text = fired == 0 ? AlertsTimeline::tr("has not fired in 24 h")
                              : AlertsTimeline::tr("fired %1 in 24 h, %2 in all")
                                    .arg(times(fired), models::durationText(firingMs));
    if (pending > 0)
        text += AlertsTimeline::tr("; pending %1 without firing").arg(times(pending));
    return text;
}

view::QueryAnswerPtr answerFor(const view::QueryAnswerPtr& answer, const labels::Labels& labels)
{
    auto own = std::make_shared<view::QueryAnswer>(*answer);
    std::erase_if(own->series, [&](const view::SeriesView& series) {
        return !series.labels.withoutName().empty() && !charts::labelsMatch(labels, series.labels);
    });
    return own;
}

QString csvOf(const view::QueryAnswer& answer, const theme::Zone& zone)
{
    std::map<int64_t, std::vector<double>> rows;
    QStringList head { QStringLiteral("time") };
    const size_t columns = answer.series.size();
    for (size_t i = 0; i < columns; ++i) {
        const view::SeriesView& series = answer.series[i];
        head += models::csvField(QString::fromStdString(series.labels.toSelector()));
        for (size_t at = 0; at < series.values.size(); ++at) {
            auto& row = rows[series.timestampsMs[at]];
            row.resize(columns, std::numeric_limits<double>::quiet_NaN());
            row[i] = series.values[at];
        }
    }
    QStringList lines { head.join(QLatin1Char(',')) };
    for (const auto& [timeMs, values] : rows) {
        QStringList fields { theme::isoText(timeMs, zone) };
        for (const double value : values)
            fields += std::isnan(value)
                ? QString()
                : QString::number(value, 'g', QLocale::FloatingPointShortest);
        lines += fields.join(QLatin1Char(','));
    }
    return lines.join(QStringLiteral("\r\n")) + QStringLiteral("\r\n");
}

AlertsTimeline::AlertsTimeline(view::FleetPort& port, widgets::TimeController& time,
    theme::SeriesColors& colors, QWidget* parent)
    : QWidget(parent)
    , m_time(time)
    , m_colors(colors)
    , m_runner(port)
{
    build();
    connectTime(m_lanes);
    connectTime(m_chart);
    connect(m_lanes, &charts::LaneChart::laneSelected, this,
        [this](const QString& key) { emit alertSelected(key.toULongLong()); });
    connect(m_lanes, &charts::LaneChart::laneActivated, this,
        [this](const QString& key) { emit alertActivated(key.toULongLong()); });
    connect(m_copy, &QAbstractButton::clicked, this, &AlertsTimeline::copyCsv);
    connect(&m_runner, &ExploreRunner::answered, this, [this](const view::QueryAnswerPtr& answer) {
        m_answer = m_alert ? answerFor(answer, m_alert->labels) : answer;
        showChart();
    });
    connect(&m_crosshair, &charts::CrosshairGroup::moved, this, [this] {
        const auto timeMs = m_crosshair.timeMs();
        m_time.setCrosshair(timeMs ? std::optional(static_cast<int64_t>(*timeMs)) : std::nullopt);
    });
}

AlertsTimeline::~AlertsTimeline() = default;

void AlertsTimeline::build()
{
    using charts::LaneKind;
    using theme::State;
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_head = new widgets::SectionHead(
        {}, tr("one lane per alert instance, same order as the table"), this);
    m_head->setContentsMargins(12, 0, 12, 0);
    m_head->addAtRight(
        new LaneLegend({ { LaneKind::Pending, State::Warning, tr("pending") },
                           { LaneKind::Firing, State::Warning, tr("firing, warning") },
                           { LaneKind::Firing, State::Critical, tr("firing, critical") },
                           { LaneKind::Snoozed, State::Warning, tr("snoozed") } },
            m_head));
    m_scroll = new QScrollArea(this);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_lanes = new charts::LaneChart(m_crosshair);
    m_lanes->setAccessibleName(tr("timeline of alerts"));
    m_scroll->setWidget(m_lanes);
    m_chartPart = new QWidget(this);
    auto* part = new QVBoxLayout(m_chartPart);
    part->setContentsMargins(0, 0, 0, 6);
    part->setSpacing(0);
    m_chartHead = new widgets::SectionHead({}, {}, m_chartPart);
    m_chartHead->setContentsMargins(12, 0, 12, 0);
    m_copy = new widgets::KeyButton(tr("Copy as CSV"), {}, m_chartHead);
    m_copy->setLink(true);
    m_chartHead->addAtRight(m_copy);
    m_chart = new charts::TimeChart(m_crosshair, m_chartPart);
    m_chart->setMinimumHeight(kChartMinPx - 40);
    charts::ChartOptions options;
    options.gutterPx = kGutterPx;
    m_chart->setOptions(options);
    auto* row = new QVBoxLayout;
    row->setContentsMargins(0, 0, 2, 0); // The plots end on one line.
    row->addWidget(m_chart);
    part->addWidget(m_chartHead);
    part->addLayout(row, 1);
    layout->addWidget(m_head);
    layout->addWidget(m_scroll);
    layout->addWidget(m_chartPart, 1);
}

void AlertsTimeline::connectTime(QObject* chart)
{
    const auto on = [this](auto* source) {
        using Chart = std::remove_pointer_t<decltype(source)>;
        connect(source, &Chart::rangeRequested, this, [this](double beginMs, double endMs) {
            m_time.showRange({ static_cast<int64_t>(beginMs), static_cast<int64_t>(endMs) });
        });
        connect(source, &Chart::zoomRequested, this, [this](double factor, double aroundMs) {
            m_time.zoom(factor, static_cast<int64_t>(aroundMs));
        });
        connect(source, &Chart::panRequested, this, [this](double spans) { m_time.pan(spans); });
        connect(source, &Chart::undoRequested, this, [this] { m_time.undo(); });
    };
    if (auto* lanes = qobject_cast<charts::LaneChart*>(chart))
        on(lanes);
    else if (auto* plot = qobject_cast<charts::TimeChart*>(chart))
        on(plot);
}

int64_t AlertsTimeline::stepMs() const
{
    return stepFor(timelineRange(m_time), m_intervalMs);
}

void AlertsTimeline::setAlerts(
    std::vector<models::AlertPtr> alerts, AlertSpans spans, int64_t intervalMs)
{
    if (alerts.size() > kLanesMax)
        alerts.resize(kLanesMax);
    m_intervalMs = intervalMs > 0 ? intervalMs : 15'000;
    if (alerts == m_alerts && spans == m_spans)
        return;
    m_alerts = std::move(alerts);
    m_spans = std::move(spans);
    showLanes();
    showHead();
}

void AlertsTimeline::showLanes()
{
    static const std::vector<view::AlertSpanView> kNone;
    m_lanes->setLanes(charts::lanesOfAlerts(
        m_alerts, m_spans ? *m_spans : kNone, static_cast<double>(m_time.nowMs()), m_time.zone()));
    arrange();
}

void AlertsTimeline::select(models::AlertPtr alert, const theme::Unit& unit)
{
    const QString expression
        = alert ? widgets::withoutLimit(QString::fromStdString(alert->expression)) : QString();
    const bool same = alert && m_alert && alert->id == m_alert->id && expression == m_expression;
    m_alert = std::move(alert);
    m_unit = unit;
    m_expression = expression;
    m_chartPart->setVisible(m_alert != nullptr);
    m_lanes->setSelected(m_alert ? QString::number(m_alert->id) : QString());
    if (same)
        return showHead();
    m_answer.reset();
    m_runner.cancel();
    showHead();
    showChart();
    if (!m_expression.isEmpty())
        m_runner.run(m_expression, timelineRange(m_time), stepMs(), 0);
    arrange();
}

void AlertsTimeline::showHead()
{
    if (!m_alert)
        return;
    QStringList where;
    for (const labels::Label& label : m_alert->labels) {
        if (label.name == "severity" || label.name == "job")
            continue;
        const std::string value(label.value);
        where += theme::shown(label.name == "instance" ? value.substr(0, value.find(':')) : value);
    }
    QStringList parts;
    const QString sign = theme::axisUnit(std::abs(m_alert->value), m_unit).sign;
    if (!sign.isEmpty())
        parts += sign;
    if (!where.isEmpty())
        parts += where.mid(0, 3).join(QLatin1Char(' '));
    QString detail = parts.join(QStringLiteral(", "));
    if (m_spans)
        detail += (detail.isEmpty() ? QString() : QStringLiteral("; "))
            + historyText(*m_spans, m_alert->id, m_time.nowMs());
    m_chartHead->setTitle(theme::shown(m_alert->name));
    m_chartHead->setDetail(detail);
}

void AlertsTimeline::showChart()
{
    m_copy->setEnabled(m_answer && m_answer->ok && !m_answer->series.empty());
    if (!m_alert || !m_answer || !m_answer->ok) {
        const bool failed = m_answer && !m_answer->ok;
        m_chart->setEmptyText(failed ? tr("The expression could not be answered") : QString(),
            failed ? theme::shown(m_answer->error) : QString());
        return m_chart->setContent({});
    }
    charts::ChartContent content
        = contentOf({ {}, m_answer, nullptr, 0, m_unit, nullptr, m_time.zone() },
            styleFor(*m_answer, m_colors));
    content.title.clear();
    if (m_alert->threshold) {
        const theme::State state = m_alert->severity == view::Severity::Critical
            ? theme::State::Critical
            : theme::State::Warning;
        content.thresholds.push_back(
            { *m_alert->threshold, !m_alert->thresholdOperator.starts_with('<'), state,
                tr("limit %1").arg(theme::formatValue(*m_alert->threshold, m_unit)) });
    }
    const EmptyReason reason = emptyReason(*m_answer, nullptr);
    m_chart->setEmptyText(tr("The expression has no value here in this range"), reason.text);
    m_chart->setContent(std::move(content));
}

void AlertsTimeline::moveWindow(bool archive)
{
    const widgets::TimeRange range = timelineRange(m_time);
    const double now = archive ? 0 : static_cast<double>(m_time.nowMs());
    const charts::Span span = spanWithAir(range, m_time.isLive());
    m_head->setTitle(
        m_time.wish().isRolling() && range.spanMs() == kDayMs ? tr("Last 24 h") : m_time.title());
    m_lanes->setTimes(span, static_cast<double>(stepMs()), now);
    m_chart->setTimes(span, static_cast<double>(stepMs()), now);
    m_runner.follow(range, stepMs(), 0);
}

void AlertsTimeline::setZone()
{
    m_lanes->setZone(m_time.zone());
    m_chart->setZone(m_time.zone());
    showLanes();
}

// Lanes as high as they are, the curve takes the rest; both keep a share when room is short.
void AlertsTimeline::arrange()
{
    const int heads = m_head->sizeHint().height() + m_chartHead->sizeHint().height();
    const int room = std::max(80, height() - heads - (m_chartPart->isHidden() ? 0 : kChartMinPx));
    m_scroll->setFixedHeight(std::min(m_lanes->sizeHint().height(), room));
}

void AlertsTimeline::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void AlertsTimeline::copyCsv()
{
    if (!m_answer)
        return;
    QGuiApplication::clipboard()->setText(csvOf(*m_answer, m_time.zone()));
    emit noted(tr("copied %n line(s) as CSV", nullptr, static_cast<int>(m_answer->series.size())));
}

} // namespace fleetglass::pages
