#include "ui/pages/host_charts.h"

#include "ui/charts/time_chart.h"
#include "ui/pages/explore_content.h"
#include "ui/theme/plain_text.h"
#include "ui/widgets/plain_label.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

namespace fleetglass::pages {

namespace {

constexpr size_t kChartsMax = 3;
constexpr int kChartHeight = 92;
constexpr int kGutter = 34;
constexpr int64_t kStepsMax = 180;

struct Known
{
    const char* metric;
    const char* title;
    const char* before; // Round the selector.
    const char* after;
    const char* unit;
};

// What an operator looks at first on a host, most telling first.
constexpr Known kKnown[] = {
    { "etcha_commands_total", QT_TRANSLATE_NOOP("HostCharts", "Commands"), "sum(rate(", "[1m]))",
        "/s" },
    { "node_cpu_seconds_total", QT_TRANSLATE_NOOP("HostCharts", "CPU busy"), "1 - avg(rate(",
        "[1m]))", "ratio" },
    { "node_network_transmit_bytes_total", QT_TRANSLATE_NOOP("HostCharts", "Network out"),
        "sum(rate(", "[1m]))", "B/s" },
    { "node_load1", QT_TRANSLATE_NOOP("HostCharts", "Load"), "", "", "" },
    { "process_cpu_seconds_total", QT_TRANSLATE_NOOP("HostCharts", "CPU of the process"),
        "sum(rate(", "[1m]))", "ratio" },
    { "process_open_fds", QT_TRANSLATE_NOOP("HostCharts", "Open files"), "", "", "" },
    { "process_resident_memory_bytes", QT_TRANSLATE_NOOP("HostCharts", "Memory"), "", "", "B" },
    { "up", QT_TRANSLATE_NOOP("HostCharts", "Answers"), "", "", "" },
};

std::string selectorOf(const Known& known, const view::TargetView& target)
{
    const auto instance = target.labels.get("instance");
    std::string text = std::string(known.metric) + "{job=" + labels::quote(target.job)
        + ",instance="
        + labels::quote(instance.empty() ? std::string_view(target.instance) : instance);
    if (std::string_view(known.metric) == "node_cpu_seconds_total")
        text += ",mode=\"idle\"";
    if (std::string_view(known.metric) == "node_network_transmit_bytes_total")
        text += ",device!=\"lo\"";
    return text + '}';
}

bool hasMetric(const view::MetricCatalog& catalog, std::string_view name, const std::string& job)
{
    const auto at = std::lower_bound(catalog.metrics.begin(), catalog.metrics.end(), name,
        [](const view::MetricView& metric, std::string_view wanted) {
            return metric.name < wanted;
        });
    return at != catalog.metrics.end() && at->name == name
        && std::find(at->jobs.begin(), at->jobs.end(), job) != at->jobs.end();
}

} // namespace

std::vector<HostChartQuery> hostChartQueries(
    const view::TargetView& target, const view::MetricCatalog& catalog)
{
    std::vector<HostChartQuery> queries;
    for (const Known& known : kKnown) {
        if (queries.size() == kChartsMax || !hasMetric(catalog, known.metric, target.job))
            continue;
        queries.push_back({ QCoreApplication::translate("HostCharts", known.title),
            known.before + selectorOf(known, target) + known.after,
            theme::unitFromWord(QString::fromLatin1(known.unit)) });
    }
    return queries;
}

HostCharts::HostCharts(view::FleetPort& port, widgets::TimeController& time,
    theme::SeriesColors& colors, QWidget* parent)
    : QWidget(parent)
    , m_port(port)
    , m_time(time)
    , m_colors(colors)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    for (size_t i = 0; i < kChartsMax; ++i)
        addChart();
}

HostCharts::~HostCharts()
{
    cancel();
}

void HostCharts::addChart()
{
    Chart one;
    one.box = new QWidget(this);
    auto* lines = new QVBoxLayout(one.box);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(0);
    auto* head = new QHBoxLayout;
    head->setSpacing(6);
    one.title = new widgets::PlainLabel({}, theme::Ink::Text, theme::TextRole::Strong, one.box);
    one.unit = new widgets::PlainLabel({}, theme::Ink::Muted, theme::TextRole::Axis, one.box);
    one.value = new widgets::PlainLabel({}, theme::Ink::Text, theme::TextRole::Strong, one.box);
    head->addWidget(one.title);
    head->addWidget(one.unit);
    head->addStretch(1);
    head->addWidget(one.value);
    lines->addLayout(head);
    one.chart = new charts::TimeChart(m_crosshair, one.box);
    one.chart->setFixedHeight(theme::scaledHeight(kChartHeight));
    charts::ChartOptions options;
    options.compact = true;
    options.filled = true;
    options.gutterPx = kGutter;
    one.chart->setOptions(options);
    lines->addWidget(one.chart);
    layout()->addWidget(one.box);
    one.box->hide();
    m_charts.push_back(one);
}

void HostCharts::cancel()
{
    for (Chart& one : m_charts) {
        if (one.asked != 0)
            m_port.cancel(std::exchange(one.asked, 0));
    }
}

void HostCharts::show(
    const view::TargetView& target, const view::FleetViewPtr& fleet, int64_t startMs)
{
    const bool other = target.id != m_target || startMs != m_startMs;
    const int64_t intervalMs = std::max<int64_t>(target.intervalMs, 5'000);
    if (!other && fleet->nowMs - m_askedAtMs < intervalMs)
        return;
    const auto queries = fleet->metrics ? hostChartQueries(target, *fleet->metrics)
                                        : std::vector<HostChartQuery> {};
    m_fleet = fleet;
    m_askedAtMs = fleet->nowMs;
    m_target = target.id;
    m_startMs = startMs;
    m_count = static_cast<int>(queries.size());
    cancel();
    ++m_round;
    for (size_t i = 0; i < m_charts.size(); ++i) {
        Chart& one = m_charts[i];
        one.box->setVisible(i < queries.size());
        if (i >= queries.size())
            continue;
        one.query = queries[i];
        one.title->setText(one.query.title);
        if (other) {
            one.chart->setContent({});
            one.value->setText(QString());
            one.unit->setText(QString());
        }
        ask(i, startMs);
    }
}

void HostCharts::ask(size_t index, int64_t startMs)
{
    // The quiet before is what makes the noise after it visible.
    const int64_t endMs = m_fleet->nowMs;
    const int64_t span = std::max<int64_t>(endMs - startMs, 600'000);
    const int64_t begin = endMs - span - (startMs > 0 ? span / 2 : 0);
    const int64_t stepMs = std::max<int64_t>(15'000, (endMs - begin) / kStepsMax / 1000 * 1000);
    const view::QueryRequest request { m_charts[index].query.expression, begin / stepMs * stepMs,
        endMs / stepMs * stepMs, stepMs };
    const std::weak_ptr<int> alive = m_alive;
    const int round = m_round;
    m_charts[index].asked
        = m_port.query(request, [this, alive, round, index](const view::QueryAnswerPtr& answer) {
              if (!alive.expired() && round == m_round)
                  take(index, answer);
          });
}

void HostCharts::take(size_t index, const view::QueryAnswerPtr& answer)
{
    Chart& one = m_charts[index];
    one.asked = 0;
    if (!answer || !answer->ok) {
        one.chart->setContent({});
        one.chart->setEmptyText(tr("no answer"), answer ? theme::shown(answer->error) : QString());
        return;
    }
    // One line per chart: the sum asked for, or the first of several.
    auto first = std::make_shared<view::QueryAnswer>(*answer);
    if (first->series.size() > 1)
        first->series.resize(1);
    const view::TargetView* target = nullptr;
    for (const auto& each : m_fleet->targets) {
        if (each->id == m_target)
            target = each.get();
    }
    double last = std::nan("");
    double highest = 0;
    for (view::SeriesView& series : first->series) {
        // A sum has lost its labels; the host's own bring its shells and gaps back.
        if (target != nullptr)
            series.labels = target->labels;
        for (const double value : series.values) {
            last = value;
            highest = std::isfinite(value) ? std::max(highest, value) : highest;
        }
    }
    one.chart->setZone(m_time.zone());
    charts::ChartContent content = contentOf({ .title = {},
                                                 .answer = first,
                                                 .past = nullptr,
                                                 .unit = one.query.unit,
                                                 .fleet = m_fleet,
                                                 .zone = m_time.zone() },
        styleFor(*first, m_colors));
    content.title.clear();
    content.subtitle.clear();
    content.ribbons.clear(); // The alerts stand right below.
    content.thresholds.clear();
    one.chart->setContent(std::move(content));
    one.chart->setEmptyText(tr("no samples"), QString());
    one.chart->setAccessibleName(one.query.title);
    one.chart->setTimes({ static_cast<double>(answer->request.startMs),
                            static_cast<double>(answer->request.endMs) },
        static_cast<double>(answer->request.stepMs), static_cast<double>(m_fleet->nowMs));
    one.unit->setText(theme::axisUnit(highest, one.query.unit).sign);
    one.value->setText(theme::formatValue(last, one.query.unit));
}

} // namespace fleetglass::pages
