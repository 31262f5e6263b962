// How the Shells page is put together, and what of it outlives a restart.
#include "ui/charts/lane_chart.h"
#include "ui/pages/alerts_page_legend.h"
#include "ui/pages/shells_page.h"
#include "ui/pages/shells_page_inspector.h"
#include "ui/pages/shells_page_story.h"
#include "ui/theme/fonts.h"
#include "ui/theme/plain_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/heads.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/search_field.h"
#include "ui/widgets/table_delegate.h"

#include <QHeaderView>
#include <QScrollArea>
#include <QTableView>
#include <QVBoxLayout>

namespace fleetglass::pages {

namespace {

constexpr int kGutterPx = 124;
constexpr int kLanePx = 23;

// By SessionModel::Column; Flag takes what is left.
constexpr std::array kColumnPx { 134, 84, 84, 122, 96, 172, 158, 118, 84, 190 };

} // namespace

void ShellsPage::build()
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(buildHeader());
    m_body = new QWidget(this);
    auto* body = new QVBoxLayout(m_body);
    body->setContentsMargins(0, 0, 0, 0);
    body->setSpacing(0);
    m_table = new QTableView(m_body);
    m_table->setAccessibleName(tr("shell sessions"));
    m_table->setModel(&m_model);
    widgets::setUpTable(*m_table, theme::size::kRow);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    QHeaderView* head = m_table->horizontalHeader();
    for (int column = 0; column < models::SessionModel::kColumns; ++column)
        head->resizeSection(column, kColumnPx[static_cast<size_t>(column)]);
    head->setSectionResizeMode(models::SessionModel::Flag, QHeaderView::Stretch);
    body->addWidget(m_table);
    body->addWidget(buildLanes());
    body->addWidget(m_story, 1);
    body->addStretch(0);
    layout->addWidget(m_body, 1);
    layout->addWidget(buildEmpty(), 1);
    setFocusProxy(m_table);
}

QWidget* ShellsPage::buildHeader()
{
    using models::SessionTrait;
    m_header = new widgets::ViewHeader(tr("Shells"), this);
    m_header->setContentsMargins(12, 0, 12, 0);
    const std::pair<SessionTrait, QString> kChips[] = { { SessionTrait::Open, tr("open") },
        { SessionTrait::Unknown, tr("unknown") }, { SessionTrait::UnknownKey, tr("unknown key") } };
    for (const auto& [trait, text] : kChips) {
        auto* chip = new widgets::Chip(text, {}, widgets::ChipFill::Tint, m_header);
        chip->setCheckable(true);
        chip->setToolTip(theme::tip(tr("Show only these; several chips add up")));
        m_chips.insert(static_cast<int>(trait), chip);
        m_header->addAtRight(chip);
        connect(chip, &QAbstractButton::toggled, this, &ShellsPage::filter);
    }
    m_search
        = new widgets::SearchField(tr("Filter host, key, address"), QStringLiteral("/"), m_header);
    m_search->setFixedWidth(200);
    m_header->addAtRight(m_search);
    return m_header;
}

QWidget* ShellsPage::buildLanes()
{
    using charts::LaneKind;
    using theme::State;
    auto* part = new QWidget(m_body);
    auto* column = new QVBoxLayout(part);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_laneHead
        = new widgets::SectionHead(tr("Last 24 h"), tr("one lane per host and source"), part);
    m_laneHead->setContentsMargins(12, 0, 12, 0);
    m_laneHead->addAtRight(
        new LaneLegend({ { LaneKind::ShellOpen, State::Shell, tr("open, still going") },
                           { LaneKind::ShellClosed, State::Shell, tr("closed") },
                           { LaneKind::ShellUnknown, State::Unknown, tr("unknown") },
                           { LaneKind::ShellMoment, State::Shell, tr("between two scrapes") },
                           { LaneKind::Firing, State::Critical, tr("host unreachable"), true } },
            m_laneHead));
    m_scroll = new QScrollArea(part);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_lanes = new charts::LaneChart(m_crosshair);
    m_lanes->setAccessibleName(tr("timeline of shells"));
    m_lanes->setOptions({ .gutterPx = kGutterPx, .rowPx = kLanePx });
    m_scroll->setWidget(m_lanes);
    column->addWidget(m_laneHead);
    column->addWidget(m_scroll);
    return part;
}

QWidget* ShellsPage::buildEmpty()
{
    m_empty = new QWidget(this);
    auto* column = new QVBoxLayout(m_empty);
    column->setContentsMargins(24, 24, 24, 24);
    column->setSpacing(theme::size::kSpace8);
    m_emptyTitle
        = new widgets::PlainLabel({}, theme::Ink::Text, theme::TextRole::ChartTitle, m_empty);
    m_emptyText = new widgets::PlainLabel({}, theme::Ink::Muted, theme::TextRole::Body, m_empty);
    m_showAll = new widgets::KeyButton(tr("Show all sessions"), {}, m_empty);
    column->addStretch(2);
    for (QWidget* line : std::initializer_list<QWidget*> { m_emptyTitle, m_emptyText, m_showAll })
        column->addWidget(line, 0, Qt::AlignHCenter);
    column->addStretch(3);
    return m_empty;
}

void ShellsPage::connectParts()
{
    connect(m_search, &widgets::SearchField::filterChanged, this, &ShellsPage::filter);
    connect(
        m_search, &widgets::SearchField::leftDownwards, m_table, qOverload<>(&QWidget::setFocus));
    connect(m_showAll, &QAbstractButton::clicked, this, [this] {
        m_search->clear();
        for (widgets::Chip* chip : m_chips)
            chip->setChecked(false);
        filter();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
        [this] { showSelected(); });
    connect(m_lanes, &charts::LaneChart::laneSelected, this, [this](const QString& key) {
        for (const models::SessionRow& row : m_model.rows()) {
            if (theme::shown(row.session.instance) + QLatin1Char('\n')
                    + theme::shown(row.session.source)
                == key)
                return selectSession(row.key);
        }
    });
    connect(
        m_lanes, &charts::LaneChart::rangeRequested, this, [this](double beginMs, double endMs) {
            m_time.showRange({ static_cast<int64_t>(beginMs), static_cast<int64_t>(endMs) });
        });
    connect(
        m_lanes, &charts::LaneChart::zoomRequested, this, [this](double factor, double aroundMs) {
            m_time.zoom(factor, static_cast<int64_t>(aroundMs));
        });
    connect(m_lanes, &charts::LaneChart::panRequested, this,
        [this](double spans) { m_time.pan(spans); });
    connect(m_lanes, &charts::LaneChart::undoRequested, this, [this] { m_time.undo(); });
    connect(m_story, &ShellStory::commandsChanged, this, &ShellsPage::showInspector);
    connect(m_story, &ShellStory::exploreRequested, this,
        [this](const QString& query, const widgets::TimeRange& range) {
            emit linkActivated(
                { .page = QStringLiteral("explore"), .query = query, .range = range });
        });
    connect(
        m_inspector, &ShellsInspector::addressBookRequested, this, &ShellsPage::editAddressBook);
    connect(m_inspector, &ShellsInspector::alertRequested, this, [this](quint64 id) {
        emit linkActivated({ .page = QStringLiteral("alerts"), .alertId = id });
    });
    connect(m_inspector, &ShellsInspector::targetRequested, this, [this](const QString& instance) {
        emit linkActivated({ .page = QStringLiteral("targets"), .filter = instance });
    });
    connect(&m_time, &widgets::TimeController::zoneChanged, this, [this] {
        m_model.setZone(m_time.zone());
        m_lanes->setZone(m_time.zone());
        showLanes();
        m_story->setZone();
        showInspector();
    });
}

QVector<widgets::KeyHint> ShellsPage::keys() const
{
    const QString area = tr("Shells");
    return {
        { QStringLiteral("/"), tr("filter by host, source, key or address"), area },
        { QStringLiteral("Up, Down"), tr("another session"), area },
        { QStringLiteral("Enter"), tr("on a curve: open it in Explore"), area },
    };
}

QVector<widgets::PaletteItem> ShellsPage::paletteItems()
{
    QVector<widgets::PaletteItem> items;
    if (current() != nullptr && !isArchive())
        items.append({ widgets::PaletteKind::Command, tr("Edit address book ..."),
            tr("name the key of the selected session"), {}, theme::Glyph::Shells,
            [this] { editAddressBook(); } });
    return items;
}

QJsonObject ShellsPage::saveState() const
{
    const view::SessionView* session = current();
    return { { QStringLiteral("session"),
                 QString::number(session == nullptr ? m_wanted : session->id) },
        { QStringLiteral("filter"), m_search->text() },
        { QStringLiteral("columns"),
            QString::fromLatin1(m_table->horizontalHeader()->saveState().toBase64()) } };
}

void ShellsPage::restoreState(const QJsonObject& state)
{
    m_wanted = state.value(QStringLiteral("session")).toString().toULongLong();
    m_search->setText(state.value(QStringLiteral("filter")).toString());
    const QByteArray columns
        = QByteArray::fromBase64(state.value(QStringLiteral("columns")).toString().toLatin1());
    if (!columns.isEmpty())
        m_table->horizontalHeader()->restoreState(columns);
    filter();
}

} // namespace fleetglass::pages
