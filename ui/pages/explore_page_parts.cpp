// How Explore is put together, and what of it outlives a restart.
#include "ui/charts/time_chart.h"
#include "ui/pages/explore_inspector.h"
#include "ui/pages/explore_legend.h"
#include "ui/pages/explore_metric_panel.h"
#include "ui/pages/explore_page.h"
#include "ui/pages/explore_queries.h"
#include "ui/pages/explore_status.h"
#include "ui/pages/explore_tabs.h"
#include "ui/theme/fonts.h"
#include "ui/theme/plain_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/heads.h"
#include "ui/widgets/query_editor.h"
#include "ui/widgets/search_field.h"

#include <QHBoxLayout>
#include <QJsonArray>
#include <QPainter>
#include <QSplitter>
#include <QVBoxLayout>

namespace fleetglass::pages {

namespace {

// A quick answer replaces the old lines without a flicker.
constexpr int kDimAfterMs = 150;

// One quiet line to take hold of.
class LineHandle : public QSplitterHandle
{
public:
    using QSplitterHandle::QSplitterHandle;

protected:
    void paintEvent(QPaintEvent*) override
    {
        const theme::Tokens& tokens = theme::tokensOf(palette());
        QPainter painter(this);
        painter.fillRect(rect(), tokens.window);
        painter.setPen(tokens.border);
        if (orientation() == Qt::Vertical)
            painter.drawLine(0, height() / 2, width(), height() / 2);
        else
            painter.drawLine(width() / 2, 0, width() / 2, height());
    }
};

class LineSplitter : public QSplitter
{
public:
    using QSplitter::QSplitter;

protected:
    QSplitterHandle* createHandle() override { return new LineHandle(orientation(), this); }
};

QSplitter* splitter(Qt::Orientation orientation, QWidget* parent)
{
    auto* result = new LineSplitter(orientation, parent);
    result->setHandleWidth(orientation == Qt::Horizontal ? 1 : 5);
    result->setChildrenCollapsible(false);
    return result;
}

} // namespace

void ExplorePage::build()
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* sides = splitter(Qt::Horizontal, this);
    layout->addWidget(sides);
    m_panel = new ExploreMetricPanel(m_port, sides);
    m_panel->setMinimumWidth(180);
    auto* centre = new QWidget(sides);
    centre->setMinimumWidth(360);
    auto* column = new QVBoxLayout(centre);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_tabBar = new ExploreTabs(centre);
    m_editor = new widgets::QueryEditor(m_port, centre);
    m_status = new ExploreStatus(centre);
    m_splitter = splitter(Qt::Vertical, centre);
    m_splitter->addWidget(buildResult());
    m_splitter->addWidget(buildDrawer());
    m_splitter->setStretchFactor(0, 7);
    m_splitter->setStretchFactor(1, 3);
    m_splitter->setSizes({ 520, 226 });
    column->addWidget(m_tabBar);
    column->addWidget(m_editor);
    column->addWidget(m_status);
    column->addWidget(m_splitter, 1);
    sides->addWidget(m_panel);
    sides->addWidget(centre);
    sides->setStretchFactor(0, 0);
    sides->setStretchFactor(1, 1);
    sides->setSizes({ theme::size::kMetricTree, 900 });
    m_inspector = new ExploreInspector(this);
    m_inspector->hide(); // The window shows it.
    setFocusProxy(m_editor);
}

QWidget* ExplorePage::buildResult()
{
    auto* result = new QWidget(this);
    auto* layout = new QVBoxLayout(result);
    layout->setContentsMargins(8, 6, 8, 4);
    layout->setSpacing(6);
    auto* tools = new QHBoxLayout;
    tools->setSpacing(8);
    m_mode = new widgets::SegmentedSwitch(tr("result as"), result);
    m_mode->setItems({ tr("Chart"), tr("Table") });
    m_log = new widgets::KeyButton(tr("Log"), QStringLiteral("L"), result);
    m_stack = new widgets::KeyButton(tr("Stack"), QStringLiteral("S"), result);
    m_resetZoom = new widgets::KeyButton(tr("Whole height"), {}, result);
    for (widgets::KeyButton* toggle : { m_log, m_stack })
        toggle->setCheckable(true);
    m_resetZoom->hide();
    tools->addWidget(m_mode);
    tools->addStretch(1);
    tools->addWidget(m_resetZoom);
    tools->addWidget(m_log);
    tools->addWidget(m_stack);
    layout->addLayout(tools);
    m_chartArea = new QWidget(result);
    auto* area = new QVBoxLayout(m_chartArea);
    area->setContentsMargins(0, 0, 0, 0);
    m_chart = new charts::TimeChart(m_crosshair, m_chartArea);
    m_chart->setMinimumHeight(140);
    area->addWidget(m_chart);
    layout->addWidget(m_chartArea, 1);
    return result;
}

QWidget* ExplorePage::buildDrawer()
{
    auto* drawer = new QWidget(this);
    auto* layout = new QVBoxLayout(drawer);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* head = new widgets::SectionHead(
        tr("Legend"), tr("click isolates, Ctrl+click toggles, H hides"), drawer);
    head->setContentsMargins(12, 0, 8, 0);
    m_legendFilter = new widgets::SearchField(tr("Filter lines"), {}, head);
    m_legendFilter->setFixedWidth(180);
    m_legendFilter->setFixedHeight(theme::scaledHeight(theme::size::kButtonInRow));
    head->addAtRight(m_legendFilter);
    m_legend = new ExploreLegend(m_legendModel, drawer);
    layout->addWidget(head);
    layout->addWidget(m_legend, 1);
    drawer->setMinimumHeight(90);
    return drawer;
}

void ExplorePage::connectParts()
{
    connect(m_panel, &ExploreMetricPanel::queryRequested, this, &ExplorePage::showQuery);
    connect(m_tabBar, &ExploreTabs::chosen, this, &ExplorePage::chooseTab);
    connect(m_tabBar, &ExploreTabs::closeRequested, this, &ExplorePage::closeTab);
    connect(m_tabBar, &ExploreTabs::addRequested, this, [this] { addTab({}); });
    connect(m_editor, &widgets::QueryEditor::runRequested, this, &ExplorePage::run);
    connect(m_status, &ExploreStatus::runRequested, this, &ExplorePage::run);
    connect(m_status, &ExploreStatus::formatRequested, m_editor, &widgets::QueryEditor::format);
    connect(m_editor, &widgets::QueryEditor::checkChanged, this, [this] {
        tab().query = m_editor->text();
        showTabs();
        showStatus();
    });
    m_dimTimer.setSingleShot(true);
    connect(&m_dimTimer, &QTimer::timeout, this, [this] { m_chart->setLoading(true); });
    connect(&m_runner, &ExploreRunner::started, this, [this](bool byUser) {
        if (!byUser)
            return;
        m_past.reset();
        m_dimTimer.start(kDimAfterMs);
        showStatus();
    });
    connect(&m_runner, &ExploreRunner::answered, this, &ExplorePage::take);
    connect(&m_runner, &ExploreRunner::compared, this, &ExplorePage::takePast);
    connect(m_mode, &widgets::SegmentedSwitch::activated, this, [this](int index) {
        tab().table = index == 1;
        m_chartArea->setVisible(!tab().table);
    });
    connect(m_legend, &ExploreLegend::hiddenChanged, this, [this](const QSet<QString>& keys) {
        tab().hidden = keys;
        m_chart->setHidden(keys);
    });
    connect(m_legend, &ExploreLegend::currentChangedTo, this, [this](const QString& key) {
        if (!key.isEmpty())
            tab().selected = key;
        showInspector();
    });
    connect(m_legend, &ExploreLegend::hovered, m_chart, &charts::TimeChart::setHighlighted);
    connect(m_legendFilter, &widgets::SearchField::filterChanged, &m_legendModel,
        &models::LegendModel::setFilter);
    connect(m_inspector, &ExploreInspector::targetRequested, this, [this](const QString& instance) {
        emit linkActivated({ .page = QStringLiteral("targets"), .filter = instance });
    });
    connect(m_inspector, &ExploreInspector::alertRequested, this, [this](quint64 id) {
        emit linkActivated({ .page = QStringLiteral("alerts"), .alertId = id });
    });
    connect(m_inspector, &ExploreInspector::acknowledgeRequested, this,
        [this](quint64 id) { m_port.acknowledge(id, true); });
    connect(&m_time, &widgets::TimeController::compareChanged, this, [this] {
        m_past.reset();
        isVisible() ? run() : m_runner.cancel();
    });
    connect(&m_time, &widgets::TimeController::zoneChanged, this, [this] {
        m_legendModel.setZone(m_time.zone());
        moveWindow();
    });
}

void ExplorePage::connectChart()
{
    connect(&m_crosshair, &charts::CrosshairGroup::moved, this, &ExplorePage::crosshairMoved);
    connect(
        m_chart, &charts::TimeChart::rangeRequested, this, [this](double beginMs, double endMs) {
            m_time.showRange({ static_cast<int64_t>(beginMs), static_cast<int64_t>(endMs) });
        });
    connect(
        m_chart, &charts::TimeChart::zoomRequested, this, [this](double factor, double aroundMs) {
            m_time.zoom(factor, static_cast<int64_t>(aroundMs));
        });
    connect(m_chart, &charts::TimeChart::panRequested, this,
        [this](double spans) { m_time.pan(spans); });
    connect(m_chart, &charts::TimeChart::undoRequested, this, [this] { m_time.undo(); });
    connect(m_chart, &charts::TimeChart::seriesActivated, m_legend, &ExploreLegend::activate);
    connect(m_chart, &charts::TimeChart::optionsChanged, this, [this] {
        tab().logarithmic = m_chart->options().logarithmic;
        tab().stacked = m_chart->options().stacked;
        applyOptions();
    });
    connect(m_chart, &charts::TimeChart::zoomedYChanged, m_resetZoom, &QWidget::setVisible);
    connect(m_resetZoom, &QAbstractButton::clicked, m_chart, &charts::TimeChart::resetZoomY);
    connect(m_chart, &charts::TimeChart::maximizeRequested, this, [this] {
        QWidget* drawer = m_splitter->widget(1);
        drawer->setVisible(!drawer->isVisible());
    });
    connect(m_log, &QAbstractButton::clicked, this, [this](bool on) {
        tab().logarithmic = on;
        applyOptions();
    });
    connect(m_stack, &QAbstractButton::clicked, this, [this](bool on) {
        tab().stacked = on;
        applyOptions();
    });
}

QVector<widgets::KeyHint> ExplorePage::keys() const
{
    const QString area = tr("Explore");
    return {
        { QStringLiteral("Ctrl+Enter"), tr("run the query"), area },
        { QStringLiteral("Ctrl+Space"), tr("complete; on the chart: pin the crosshair"), area },
        { QStringLiteral("Ctrl+Up / Down"), tr("earlier and later queries"), area },
        { QStringLiteral("Ctrl+Shift+F"), tr("format the query"), area },
        { QStringLiteral("Ctrl+T / W / Shift+T"), tr("new, close, reopen tab"), area },
        { QStringLiteral("Left, Right (Shift)"), tr("crosshair one step (ten)"), area },
        { QStringLiteral("L S"), tr("logarithmic, stacked"), area },
        { QStringLiteral("H I Esc"), tr("hide, isolate, show all lines"), area },
        { QStringLiteral("Enter"), tr("chart alone and back"), area },
    };
}

QVector<widgets::PaletteItem> ExplorePage::paletteItems()
{
    QVector<widgets::PaletteItem> items;
    items.append({ widgets::PaletteKind::Command, tr("New query tab"), {}, QStringLiteral("Ctrl+T"),
        theme::Glyph::Explore, [this] { addTab({}); } });
    items.append({ widgets::PaletteKind::Command, tr("Reopen closed query tab"), {},
        QStringLiteral("Ctrl+Shift+T"), theme::Glyph::Explore, [this] { reopenTab(); } });
    for (const QString& query : m_editor->history())
        items.append({ widgets::PaletteKind::Command, tabTitle(query), tr("earlier query"), {},
            theme::Glyph::Explore, [this, query] { showQuery(query); } });
    return items;
}

QJsonObject ExplorePage::saveState() const
{
    QJsonArray tabs;
    for (const Tab& one : m_tabs) {
        QStringList hidden(one.hidden.begin(), one.hidden.end());
        hidden.sort();
        tabs.append(QJsonObject { { QStringLiteral("query"), one.query },
            { QStringLiteral("written"), one.written }, { QStringLiteral("title"), one.title },
            { QStringLiteral("hidden"), QJsonArray::fromStringList(hidden) },
            { QStringLiteral("selected"), one.selected }, { QStringLiteral("table"), one.table },
            { QStringLiteral("log"), one.logarithmic }, { QStringLiteral("stack"), one.stacked } });
    }
    QStringList closed;
    for (const Tab& one : m_closed)
        closed += one.query;
    return { { QStringLiteral("tabs"), tabs }, { QStringLiteral("current"), m_current },
        { QStringLiteral("closed"), QJsonArray::fromStringList(closed) },
        { QStringLiteral("history"), QJsonArray::fromStringList(m_editor->history()) },
        { QStringLiteral("splitter"), QString::fromLatin1(m_splitter->saveState().toBase64()) },
        { QStringLiteral("metrics"), m_panel->saveState() } };
}

void ExplorePage::restoreState(const QJsonObject& state)
{
    const auto strings = [&](const QJsonValue& value) {
        QStringList list;
        for (const QJsonValue& one : value.toArray())
            list += one.toString();
        return list;
    };
    m_editor->setHistory(strings(state.value(QStringLiteral("history"))));
    m_closed.clear();
    for (const QString& query : strings(state.value(QStringLiteral("closed")))) {
        Tab one;
        one.query = query;
        m_closed.append(one);
    }
    m_splitter->restoreState(
        QByteArray::fromBase64(state.value(QStringLiteral("splitter")).toString().toLatin1()));
    m_panel->restoreState(state.value(QStringLiteral("metrics")).toObject());
    QVector<Tab> tabs;
    for (const QJsonValue& value : state.value(QStringLiteral("tabs")).toArray()) {
        const QJsonObject object = value.toObject();
        Tab one;
        one.query = object.value(QStringLiteral("query")).toString();
        one.written = object.value(QStringLiteral("written")).toString();
        one.title = object.value(QStringLiteral("title")).toString();
        const QStringList hidden = strings(object.value(QStringLiteral("hidden")));
        one.hidden = QSet<QString>(hidden.begin(), hidden.end());
        one.selected = object.value(QStringLiteral("selected")).toString();
        one.table = object.value(QStringLiteral("table")).toBool();
        one.logarithmic = object.value(QStringLiteral("log")).toBool();
        one.stacked = object.value(QStringLiteral("stack")).toBool();
        tabs.append(one);
    }
    if (tabs.isEmpty())
        return;
    m_tabs = tabs;
    m_current = std::clamp<int>(
        state.value(QStringLiteral("current")).toInt(), 0, static_cast<int>(m_tabs.size()) - 1);
    showTab();
}

} // namespace fleetglass::pages
