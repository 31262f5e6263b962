#include "ui/pages/shells_page_story.h"

#include "ui/charts/time_chart.h"
#include "ui/models/session_model.h"
#include "ui/pages/explore_content.h"
#include "ui/pages/timeline_range.h"
#include "ui/theme/fonts.h"
#include "ui/theme/plain_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/heads.h"
#include "ui/widgets/table_delegate.h"

#include <QHeaderView>
#include <QTableView>
#include <QVBoxLayout>

namespace fleetglass::pages {

namespace {

constexpr int kTableRowsMax = 4;
constexpr std::array kColumnPx { 96, 90, 300, 132, 88, 70 };

} // namespace

ShellStory::ShellStory(view::FleetPort& port, widgets::TimeController& time,
    theme::SeriesColors& colors, QWidget* parent)
    : QWidget(parent)
    , m_time(time)
    , m_colors(colors)
    , m_commandRunner(port)
{
    for (Part& part : m_parts)
        part.runner = std::make_unique<ExploreRunner>(port);
    build();
    for (size_t i = 0; i < kCharts; ++i)
        connect(m_parts[i].runner.get(), &ExploreRunner::answered, this,
            [this, i](const view::QueryAnswerPtr& answer) { take(i, answer); });
    connect(&m_commandRunner, &ExploreRunner::answered, this, &ShellStory::takeCommands);
    connect(m_explore, &QAbstractButton::clicked, this, [this] {
        if (m_session && m_queries > 0)
            emit exploreRequested(m_parts[0].query.query, storyRange(*m_session, m_nowMs));
    });
}

ShellStory::~ShellStory() = default;

void ShellStory::build()
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 0, 12, 8);
    layout->setSpacing(4);
    m_head = new widgets::SectionHead({}, {}, this);
    m_explore = new widgets::KeyButton(tr("Open in Explore"), {}, m_head);
    m_head->addAtRight(m_explore);
    m_nothing = new widgets::PlainLabel({}, theme::Ink::Muted, theme::TextRole::Body, this);
    m_nothing->setWordWrap(true);
    m_charts = new QWidget(this);
    auto* row = new QHBoxLayout(m_charts);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    for (Part& part : m_parts) {
        part.chart = new charts::TimeChart(m_crosshair, m_charts);
        charts::ChartOptions options;
        options.gutterPx = 40;
        options.filled = true;
        options.compact = true;
        part.chart->setOptions(options);
        part.chart->setMinimumHeight(120);
        part.chart->hide();
        row->addWidget(part.chart, 1);
        connect(
            part.chart, &charts::TimeChart::maximizeRequested, m_explore, &QAbstractButton::click);
    }
    m_table = new QTableView(this);
    m_table->setAccessibleName(tr("commands that changed something"));
    m_table->setModel(&m_model);
    widgets::setUpTable(*m_table, theme::size::kRow);
    m_table->setSelectionMode(QAbstractItemView::NoSelection);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    for (int column = 0; column < models::CommandModel::kColumns; ++column)
        m_table->horizontalHeader()->resizeSection(column, kColumnPx[static_cast<size_t>(column)]);
    m_table->horizontalHeader()->setSectionResizeMode(
        models::CommandModel::Id, QHeaderView::Stretch);
    m_table->hide();
    layout->addWidget(m_head);
    layout->addWidget(m_nothing);
    layout->addWidget(m_charts, 1);
    layout->addWidget(m_table);
}

void ShellStory::show(const std::optional<view::SessionView>& session,
    const view::MetricCatalog* catalog, int64_t nowMs, bool archive)
{
    const bool same = session && m_session && session->id == m_session->id && m_queries > 0;
    m_session = session;
    m_nowMs = nowMs;
    m_archive = archive;
    setVisible(session.has_value());
    if (!session)
        return;
    showHead();
    if (same)
        return moveOn();
    m_commands.reset();
    m_model.setCommands({}, nowMs, m_time.zone());
    m_queries = 0;
    static const view::MetricCatalog kNone;
    const auto queries
        = storyQueries(*session, catalog == nullptr ? kNone : *catalog, session->intervalMs);
    for (const StoryQuery& query : queries.mid(0, static_cast<qsizetype>(kCharts)))
        m_parts[static_cast<size_t>(m_queries++)].query = query;
    for (size_t i = 0; i < kCharts; ++i) {
        m_parts[i].runner->cancel();
        m_parts[i].answer.reset();
        m_parts[i].chart->setVisible(static_cast<int>(i) < m_queries);
    }
    ask();
    m_commandRunner.cancel();
    const QString commands = commandsQuery(*session, catalog == nullptr ? kNone : *catalog);
    const widgets::TimeRange range = storyRange(*session, nowMs);
    if (!commands.isEmpty())
        m_commandRunner.run(commands, range, stepFor(range, session->intervalMs), 0);
    showTable();
    showNothing();
    emit commandsChanged();
}

void ShellStory::ask()
{
    const widgets::TimeRange range = storyRange(*m_session, m_nowMs);
    for (int i = 0; i < m_queries; ++i) {
        Part& part = m_parts[static_cast<size_t>(i)];
        showChart(part);
        part.runner->run(part.query.query, range, stepFor(range, m_session->intervalMs), 0);
    }
}

// An open session grows: the window with it, the curves by whole steps.
void ShellStory::moveOn()
{
    const widgets::TimeRange range = storyRange(*m_session, m_nowMs);
    const int64_t step = stepFor(range, m_session->intervalMs);
    for (int i = 0; i < m_queries; ++i) {
        Part& part = m_parts[static_cast<size_t>(i)];
        part.chart->setTimes(spanWithAir(range, models::isOpen(*m_session)),
            static_cast<double>(step), m_archive ? 0 : static_cast<double>(m_nowMs));
        part.runner->follow(range, step, 0);
    }
    m_commandRunner.follow(range, step, 0);
}

void ShellStory::take(size_t index, const view::QueryAnswerPtr& answer)
{
    if (!m_session || static_cast<int>(index) >= m_queries)
        return;
    m_parts[index].answer = answer;
    // The metric is known of other hosts, but not of this one.
    m_parts[index].chart->setVisible(!answer->ok || !answer->series.empty());
    showChart(m_parts[index]);
    showNothing();
}

void ShellStory::takeCommands(const view::QueryAnswerPtr& answer)
{
    if (!m_session || !answer->ok)
        return;
    const models::SessionSpan span = models::spanOf(*m_session, m_nowMs);
    m_commands = models::commandCounts(*answer, span.beginMs, span.endMs);
    showTable();
    for (int i = 0; i < m_queries; ++i) {
        if (m_parts[static_cast<size_t>(i)].query.commands)
            showChart(m_parts[static_cast<size_t>(i)]);
    }
    emit commandsChanged();
}

std::vector<charts::ShellBand> ShellStory::bands() const
{
    const models::SessionSpan span = models::spanOf(*m_session, m_nowMs);
    const auto begin = static_cast<double>(span.beginMs);
    const auto end = static_cast<double>(span.endMs);
    const QString text = tr("live shell by %1").arg(models::keyText(*m_session));
    if (models::isOpen(*m_session))
        return { { begin, charts::kOngoing, true, text } };
    if (m_session->state == view::SessionState::Unknown)
        return { { begin, end, true, text },
            { end, charts::kOngoing, false, tr("unknown since then") } };
    return { { begin, end, true, text } };
}

void ShellStory::showChart(Part& part)
{
    const widgets::TimeRange range = storyRange(*m_session, m_nowMs);
    part.chart->setZone(m_time.zone());
    part.chart->setTimes(spanWithAir(range, models::isOpen(*m_session)),
        static_cast<double>(stepFor(range, m_session->intervalMs)),
        m_archive ? 0 : static_cast<double>(m_nowMs));
    charts::ChartContent content;
    if (part.answer && part.answer->ok) {
        const theme::SeriesStyle style
            = m_colors.styleOf(QString::fromStdString(m_session->instance));
        content = contentOf(
            { part.query.title, part.answer, nullptr, 0, part.query.unit, nullptr, m_time.zone() },
            [style](const labels::Labels&) { return style; });
        if (!part.answer->series.empty() && !part.answer->series.front().values.empty())
            content.subtitle = tr("last %1").arg(
                theme::formatValue(part.answer->series.front().values.back(), part.query.unit));
    } else if (part.answer)
        part.chart->setEmptyText(tr("could not be answered"), theme::shown(part.answer->error));
    content.title = part.query.title;
    content.unit = part.query.unit;
    content.shells = bands();
    for (const models::CommandCount& command :
        part.query.commands&& m_commands ? *m_commands : std::vector<models::CommandCount> {}) {
        if (!command.isCheck())
            content.notes.push_back({ static_cast<double>(command.lastMs),
                tr("%1: %2").arg(theme::shown(command.mode), theme::shown(command.id)) });
    }
    part.chart->setContent(std::move(content));
}

void ShellStory::showTable()
{
    std::vector<models::CommandCount> changed;
    for (const models::CommandCount& command :
        m_commands ? *m_commands : std::vector<models::CommandCount> {}) {
        if (!command.isCheck())
            changed.push_back(command);
    }
    m_model.setCommands(changed, m_nowMs, m_time.zone());
    const int rows = std::min(m_model.rowCount(), kTableRowsMax);
    m_table->setVisible(rows > 0);
    m_table->setFixedHeight(m_table->horizontalHeader()->height()
        + rows * m_table->verticalHeader()->defaultSectionSize() + 1);
}

void ShellStory::showHead()
{
    const bool open = models::isOpen(*m_session);
    const models::SessionSpan span = models::spanOf(*m_session, m_nowMs);
    const auto moment
        = [this](int64_t ms) { return theme::momentText(ms, m_nowMs, m_time.zone()); };
    const QString host = theme::shown(m_session->host);
    m_head->setTitle(open ? tr("What happens on %1 while it is open").arg(host)
                          : tr("What happened on %1 while it was open").arg(host));
    const QString when = open
        ? tr("since %1").arg(moment(span.beginMs))
        : tr("%1 to %2").arg(moment(span.beginMs), theme::clockText(span.endMs, m_time.zone()));
    m_head->setDetail(tr("%1; the tinted band is the shell").arg(when));
    m_explore->setEnabled(m_queries > 0);
}

void ShellStory::showNothing()
{
    bool any = false;
    for (int i = 0; i < m_queries; ++i)
        any = any || !m_parts[static_cast<size_t>(i)].chart->isHidden();
    m_charts->setVisible(any);
    m_nothing->setVisible(!any);
    m_explore->setEnabled(any);
    if (!any)
        m_nothing->setText(tr("No metric of this host tells: none of etcha_commands_total, "
                              "node_cpu_seconds_total, process_open_fds and "
                              "node_network_transmit_bytes_total has a value here."));
}

void ShellStory::setZone()
{
    if (!m_session)
        return;
    showHead();
    showTable();
    for (int i = 0; i < m_queries; ++i)
        showChart(m_parts[static_cast<size_t>(i)]);
}

} // namespace fleetglass::pages
