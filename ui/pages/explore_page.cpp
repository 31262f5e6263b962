#include "ui/pages/explore_page.h"

#include "ui/charts/time_chart.h"
#include "ui/pages/explore_content.h"
#include "ui/pages/explore_inspector.h"
#include "ui/pages/explore_legend.h"
#include "ui/pages/explore_metric_panel.h"
#include "ui/pages/explore_queries.h"
#include "ui/pages/explore_status.h"
#include "ui/pages/explore_tabs.h"
#include "ui/theme/plain_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/query_editor.h"
#include "ui/widgets/search_field.h"

#include <QKeyEvent>
#include <QSplitter>
#include <algorithm>

namespace fleetglass::pages {

namespace {

constexpr int kTabsMax = 40;
constexpr qsizetype kClosedMax = 20;

// A little room after now, so that the newest sample does not stick to the frame.
charts::Span spanOf(const widgets::TimeRange& range, bool live)
{
    const double air = live ? static_cast<double>(range.spanMs()) * 0.02 : 0;
    return { static_cast<double>(range.startMs), static_cast<double>(range.endMs) + air };
}

} // namespace

ExplorePage::ExplorePage(view::FleetPort& port, widgets::TimeController& time,
    theme::SeriesColors& colors, QWidget* parent)
    : Page(parent)
    , m_port(port)
    , m_time(time)
    , m_colors(colors)
    , m_runner(port)
    , m_tabs { Tab {} }
{
    m_legendModel.setZone(m_time.zone());
    build();
    connectParts();
    connectChart();
    showTab();
}

ExplorePage::~ExplorePage() = default;

void ExplorePage::addTab(const QString& query)
{
    if (m_tabs.size() >= kTabsMax)
        closeTab(0);
    Tab fresh;
    fresh.query = fresh.written = query;
    m_tabs.append(fresh);
    chooseTab(static_cast<int>(m_tabs.size()) - 1);
}

void ExplorePage::closeTab(int index)
{
    if (index < 0 || index >= m_tabs.size())
        return;
    if (!m_tabs[index].query.trimmed().isEmpty())
        m_closed.append(m_tabs[index]);
    if (m_closed.size() > kClosedMax)
        m_closed.removeFirst();
    m_tabs.removeAt(index);
    if (m_tabs.isEmpty())
        m_tabs.append(Tab {});
    m_current = std::clamp<int>(
        index <= m_current ? m_current - 1 : m_current, 0, static_cast<int>(m_tabs.size()) - 1);
    showTab();
}

void ExplorePage::reopenTab()
{
    if (m_closed.isEmpty())
        return;
    m_tabs.append(m_closed.takeLast());
    chooseTab(static_cast<int>(m_tabs.size()) - 1);
}

void ExplorePage::chooseTab(int index)
{
    if (index < 0 || index >= m_tabs.size())
        return;
    m_current = index;
    showTab();
}

// All there is of a tab comes back as it was, and its question is asked anew.
void ExplorePage::showTab()
{
    m_runner.cancel();
    m_past.reset();
    m_editor->setText(tab().query);
    m_mode->setCurrent(tab().table ? 1 : 0);
    m_chartArea->setVisible(!tab().table);
    m_legend->setHidden(tab().hidden);
    m_chart->setHidden(tab().hidden);
    m_chart->resetZoomY();
    applyOptions();
    showTabs();
    showAnswer();
    run();
}

void ExplorePage::showTabs()
{
    QVector<ExploreTabs::Tab> tabs;
    for (const Tab& one : m_tabs) {
        const QString query = widgets::titleOfQuery(one.query);
        tabs.append({ !one.title.isEmpty() ? one.title
                : query.isEmpty()          ? tr("New query")
                                           : query,
            {} });
    }
    using enum widgets::QueryState;
    const widgets::QueryState state = m_editor->check().state;
    if (state != Empty)
        tabs[m_current].state = state == Valid ? theme::State::Ok
            : state == Incomplete              ? theme::State::Pending
                                               : theme::State::Critical;
    m_tabBar->setTabs(std::move(tabs), m_current);
}

void ExplorePage::showQuery(const QString& query)
{
    const bool untouched = tab().query.trimmed().isEmpty() || tab().query == tab().written;
    if (!untouched)
        return addTab(query);
    tab() = Tab {};
    tab().query = tab().written = query;
    showTab();
}

void ExplorePage::offerQueries(const QStringList& queries)
{
    if (queries.isEmpty() || m_tabs.size() > 1 || !tab().query.isEmpty())
        return;
    m_tabs.clear();
    for (const QString& query : queries) {
        Tab offered;
        offered.query = offered.written = query;
        m_tabs.append(offered);
    }
    m_current = 0;
    showTab();
}

void ExplorePage::run()
{
    if (m_editor->check().state != widgets::QueryState::Valid)
        return showStatus();
    m_editor->remember(tab().query);
    const QStringList metrics = widgets::metricsOf(tab().query);
    const auto* metric = metrics.size() == 1 && m_view && m_view->metrics
        ? widgets::metricOfSeries(*m_view->metrics, metrics.first())
        : nullptr;
    if (metric != nullptr)
        m_panel->select(QString::fromStdString(metric->name));
    m_runner.run(tab().query, m_time.range(), m_time.stepMs(), m_time.compareMs());
}

void ExplorePage::take(const view::QueryAnswerPtr& answer)
{
    m_dimTimer.stop();
    m_chart->setLoading(!answer->ok);
    // A wrong question leaves what was there, dimmed; the row below the editor has the cause.
    if (answer->ok || !tab().answer)
        tab().answer = answer;
    else {
        m_status->show(m_editor->check(), answer.get(), false);
        return;
    }
    showAnswer();
}

void ExplorePage::takePast(const view::QueryAnswerPtr& answer, qint64 offsetMs)
{
    m_past = answer->ok ? answer : nullptr;
    m_pastOffsetMs = offsetMs;
    showChart();
}

void ExplorePage::showAnswer()
{
    const auto answer = tab().answer;
    const auto catalog = m_view ? m_view->metrics : nullptr;
    m_unit = catalog && answer
        ? widgets::unitOfQuery(QString::fromStdString(answer->request.expression), *catalog)
        : theme::Unit {};
    const auto shown = answer ? answer : std::make_shared<const view::QueryAnswer>();
    m_legendModel.setUnit(m_unit);
    m_legendModel.setAnswer(shown, styleFor(*shown, m_colors));
    m_legend->select(tab().selected);
    showChart();
    showInspector();
    showStatus();
}

void ExplorePage::showChart()
{
    const auto answer = tab().answer;
    showEmpty();
    if (!answer || !answer->ok) {
        m_chart->setContent({});
        return moveWindow();
    }
    const QString query = widgets::titleOfQuery(QString::fromStdString(answer->request.expression));
    const ContentRequest request { tab().title.isEmpty() ? query : tab().title, answer, m_past,
        m_pastOffsetMs, m_unit, m_view, m_time.zone() };
    m_chart->setContent(contentOf(request, styleFor(*answer, m_colors)));
    m_marksOf = m_view ? m_view->alertSpans : nullptr;
    moveWindow();
}

void ExplorePage::showEmpty()
{
    const auto answer = tab().answer;
    if (!answer) {
        const bool asks = m_runner.isRunning();
        return m_chart->setEmptyText(asks ? QString() : tr("Nothing asked yet"),
            asks ? QString()
                 : tr("Choose a metric at the left, or type a query above and run it with "
                      "Ctrl+Enter."));
    }
    if (!answer->ok)
        return m_chart->setEmptyText(
            tr("The query could not be answered"), theme::shown(answer->error));
    const EmptyReason reason = emptyReason(*answer, m_view ? m_view->metrics.get() : nullptr);
    m_chart->setEmptyText(reason.title, reason.text);
}

void ExplorePage::moveWindow()
{
    const int64_t now = m_view && m_view->status.archive ? 0 : m_time.nowMs();
    m_chart->setZone(m_time.zone());
    m_chart->setTimes(spanOf(m_time.range(), m_time.isLive()), static_cast<double>(m_time.stepMs()),
        static_cast<double>(now));
}

void ExplorePage::setTimeRange(const widgets::TimeRange& range)
{
    moveWindow();
    m_runner.follow(range, m_time.stepMs(), m_time.compareMs());
}

void ExplorePage::showView(view::FleetViewPtr view)
{
    const bool first = m_view == nullptr || !m_view->metrics;
    const bool sameMarks = view && view->alertSpans == m_marksOf;
    m_view = std::move(view);
    if (!m_view)
        return;
    m_panel->setCatalog(m_view->metrics, m_view->status.shortestIntervalMs, m_view->nowMs);
    m_editor->setCatalog(m_view->metrics);
    if (first)
        showAnswer();
    else if (!sameMarks)
        showChart();
    showInspector();
}

const labels::Labels* ExplorePage::labelsOf(const QString& key) const
{
    const auto answer = tab().answer;
    if (!answer || key.isEmpty())
        return nullptr;
    const auto at = std::find_if(answer->series.begin(), answer->series.end(),
        [&](const view::SeriesView& series) { return keyOf(series.labels) == key; });
    return at == answer->series.end() ? nullptr : &at->labels;
}

void ExplorePage::showInspector()
{
    const auto answer = tab().answer;
    m_inspector->showQuery(answer.get());
    const labels::Labels* labels = labelsOf(tab().selected);
    m_inspector->showLine(m_legendModel, labels == nullptr ? QString() : tab().selected,
        labels == nullptr ? labels::Labels {} : *labels);
    m_inspector->showAlerts(labels == nullptr ? nullptr : m_view.get(),
        answer ? answer->request.expression : std::string(),
        labels == nullptr ? labels::Labels {} : *labels, m_unit);
}

void ExplorePage::showStatus()
{
    const auto answer = tab().answer;
    const bool current
        = answer && QString::fromStdString(answer->request.expression) == tab().query;
    m_status->show(
        m_editor->check(), current ? answer.get() : nullptr, m_runner.isRunning() && !current);
}

void ExplorePage::applyOptions()
{
    charts::ChartOptions options = m_chart->options();
    options.framed = true;
    options.filled = true;
    options.logarithmic = tab().logarithmic;
    options.stacked = tab().stacked;
    m_chart->setOptions(options);
    m_log->setChecked(options.logarithmic);
    m_stack->setChecked(options.stacked);
}

void ExplorePage::crosshairMoved()
{
    const auto timeMs = m_crosshair.timeMs();
    const auto moment = timeMs ? std::optional(static_cast<int64_t>(*timeMs)) : std::nullopt;
    m_legendModel.setCrosshair(moment, m_time.stepMs() * 3 / 2);
    m_time.setCrosshair(moment);
    m_crosshair.frames().request(this, [this] { showInspector(); });
}

QWidget* ExplorePage::inspector()
{
    return m_inspector;
}

void ExplorePage::focusFilter()
{
    m_legend->hasFocus() ? m_legendFilter->setFocus() : m_panel->focusFilter();
}

void ExplorePage::open(const Link& link)
{
    if (link.query.isEmpty())
        return;
    const auto* metric = m_view && m_view->metrics
        ? widgets::metricOfSeries(*m_view->metrics, link.query)
        : nullptr;
    const bool bare = metric != nullptr && QString::fromStdString(metric->name) == link.query;
    const QString query
        = bare ? defaultQuery(*metric, m_view->status.shortestIntervalMs) : link.query;
    if (query != tab().query)
        showQuery(query);
}

void ExplorePage::keyPressEvent(QKeyEvent* event)
{
    if (event->modifiers() == Qt::ControlModifier && event->key() == Qt::Key_T)
        return addTab({});
    if (event->modifiers() == Qt::ControlModifier && event->key() == Qt::Key_W)
        return closeTab(m_current);
    if (event->modifiers() == (Qt::ControlModifier | Qt::ShiftModifier)
        && event->key() == Qt::Key_T)
        return reopenTab();
    if (event->modifiers() == Qt::ControlModifier && event->key() == Qt::Key_Tab)
        return chooseTab((m_current + 1) % static_cast<int>(m_tabs.size()));
    Page::keyPressEvent(event);
}

void ExplorePage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    moveWindow();
    m_runner.follow(m_time.range(), m_time.stepMs(), m_time.compareMs());
}

} // namespace fleetglass::pages
