#include "ui/pages/overview_page.h"

#include "ui/pages/overview_inspector.h"
#include "ui/pages/overview_tiles.h"
#include "ui/pages/overview_wall.h"
#include "ui/theme/fonts.h"
#include "ui/theme/plain_text.h"
#include "ui/theme/units.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/heads.h"
#include "ui/widgets/search_field.h"
#include "ui/widgets/table_delegate.h"

#include <QComboBox>
#include <QHeaderView>
#include <QKeyEvent>
#include <QScrollArea>
#include <QTableView>
#include <QVBoxLayout>
#include <set>

namespace fleetglass::pages {

namespace {

constexpr int kChangesShown = 11;
constexpr int kChangesAll = 50;

QString keyOf(const view::TargetView& target)
{
    return QString::fromStdString(target.job) + QLatin1Char('\n')
        + QString::fromStdString(target.instance);
}

} // namespace

OverviewPage::OverviewPage(view::FleetPort& port, widgets::TimeController& time,
    theme::SeriesColors& colors, QWidget* parent)
    : Page(parent)
    , m_time(time)
    , m_inspector(new OverviewInspector(port, time, colors, this))
{
    m_inspector->hide(); // The window shows it.
    build();
    connectParts();
}

OverviewPage::~OverviewPage() = default;

void OverviewPage::build()
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 0, 12, 8);
    layout->setSpacing(0);
    layout->addWidget(buildHeader());
    layout->addSpacing(3);
    m_tiles = new OverviewTiles(this);
    layout->addWidget(m_tiles);
    layout->addSpacing(6);
    m_scroll = new QScrollArea(this);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->viewport()->setAutoFillBackground(false);
    m_wall = new OverviewWall(m_scroll);
    m_wall->setAutoFillBackground(false);
    m_scroll->setWidget(m_wall);
    m_wall->setAutoFillBackground(false);
    m_scroll->viewport()->installEventFilter(this);
    layout->addWidget(m_scroll, 1);
    layout->addSpacing(6);
    layout->addWidget(buildChanges());
    setFocusProxy(m_wall);
}

QWidget* OverviewPage::buildHeader()
{
    m_header = new widgets::ViewHeader(tr("Overview"), this);
    auto* groupWord = new widgets::PlainLabel(
        tr("group by"), theme::Ink::Muted, theme::TextRole::Body, m_header);
    m_groupBy = new QComboBox(m_header);
    m_groupBy->setAccessibleName(tr("group by label"));
    m_groupBy->setMinimumWidth(92);
    m_groupBy->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_groupBy->addItem(QStringLiteral("job"));
    m_filter = new widgets::SearchField(tr("Filter hosts"), QStringLiteral("/"), m_header);
    m_filter->setFixedWidth(210);
    m_header->addAtRight(groupWord);
    m_header->addAtRight(m_groupBy);
    m_header->addAtRight(m_filter);
    return m_header;
}

QWidget* OverviewPage::buildChanges()
{
    auto* part = new QWidget(this);
    auto* lines = new QVBoxLayout(part);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(0);
    m_changeHead = new widgets::SectionHead(tr("Changed most in 15 minutes"), {}, part);
    m_showAll = new widgets::KeyButton(tr("Show 50"), {}, m_changeHead);
    m_showAll->setLink(true);
    m_changeHead->addAtRight(m_showAll);
    m_changeTable = new QTableView(part);
    m_changeTable->setAccessibleName(tr("changed most in 15 minutes"));
    m_changeTable->setModel(&m_changes);
    widgets::setUpTable(*m_changeTable, theme::size::kRow);
    m_changeTable->setSelectionMode(QAbstractItemView::SingleSelection);
    m_changeTable->setFrameShape(QFrame::StyledPanel);
    QHeaderView* head = m_changeTable->horizontalHeader();
    using Model = models::ChangeModel;
    const std::pair<int, int> widths[] = { { Model::Metric, 306 }, { Model::Kind, 52 },
        { Model::Where, 360 }, { Model::Hour, 230 }, { Model::Before, 86 }, { Model::Now, 88 },
        { Model::Change, 100 } };
    for (const auto& [column, width] : widths)
        head->resizeSection(column, width);
    head->setSectionResizeMode(Model::Where, QHeaderView::Stretch);
    lines->addWidget(m_changeHead);
    lines->addWidget(m_changeTable);
    return part;
}

void OverviewPage::connectParts()
{
    connect(m_groupBy, &QComboBox::activated, this, [this] {
        m_label = m_groupBy->currentText().toStdString();
        showWall();
    });
    connect(m_filter, &widgets::SearchField::filterChanged, this, &OverviewPage::showWall);
    connect(m_filter, &widgets::SearchField::leftDownwards, this,
        [this] { m_wall->setFocus(Qt::ShortcutFocusReason); });
    connect(m_wall, &OverviewWall::selectionChanged, this, &OverviewPage::showInspector);
    connect(m_wall, &OverviewWall::activated, this, &OverviewPage::openTarget);
    connect(m_wall, &OverviewWall::shown, this, [this](const QRect& rect) {
        m_scroll->ensureVisible(rect.center().x(), rect.center().y(), 80, 60);
    });
    connect(m_tiles, &OverviewTiles::downRequested, this, [this] {
        emit linkActivated({ .page = QStringLiteral("targets"), .filter = QStringLiteral("down") });
    });
    connect(m_tiles, &OverviewTiles::firingRequested, this,
        [this] { emit linkActivated({ .page = QStringLiteral("alerts") }); });
    connect(m_tiles, &OverviewTiles::shellsRequested, this,
        [this] { emit linkActivated({ .page = QStringLiteral("shells") }); });
    connect(m_showAll, &QAbstractButton::clicked, this, [this] {
        m_allChanges = !m_allChanges;
        m_changes.setRowsMax(m_allChanges ? kChangesAll : kChangesShown);
        showChangeHead();
        fitChanges();
    });
    connect(m_changeTable, &QTableView::clicked, this,
        [this](const QModelIndex& index) { openChange(index.row()); });
    m_changeTable->installEventFilter(this);
    connect(m_inspector, &OverviewInspector::sessionRequested, this, [this](quint64 session) {
        emit linkActivated({ .page = QStringLiteral("shells"), .sessionId = session });
    });
    connect(m_inspector, &OverviewInspector::targetRequested, this, &OverviewPage::openTarget);
    connect(m_inspector, &OverviewInspector::noted, this, &Page::noted);
    connect(&m_time, &widgets::TimeController::zoneChanged, this, [this] {
        if (m_view && isVisible())
            showView(m_view);
    });
}

void OverviewPage::showView(view::FleetViewPtr view)
{
    m_view = std::move(view);
    if (!m_view)
        return;
    m_tiles->showFleet(*m_view, m_time.zone());
    showLabels();
    showWall();
    m_changes.setClock(m_view->nowMs, m_time.zone());
    m_changes.setChanges(m_view->changes);
    if (m_shownChanges != m_view->changes) {
        m_shownChanges = m_view->changes;
        fitChanges();
    }
    showChangeHead();
}

void OverviewPage::showLabels()
{
    auto names = models::groupLabels(*m_view);
    if (std::find(names.begin(), names.end(), m_label) == names.end())
        names.push_back(m_label); // As chosen; the label may come back.
    if (names == m_labelNames || m_groupBy->view()->isVisible())
        return;
    m_labelNames = std::move(names);
    m_groupBy->clear();
    for (const std::string& name : m_labelNames)
        m_groupBy->addItem(theme::shown(name));
    m_groupBy->setCurrentText(theme::shown(m_label));
}

void OverviewPage::showWall()
{
    if (!m_view)
        return;
    const models::TargetFilter filter(m_filter->text());
    auto groups = models::fleetGroups(*m_view, m_label, filter);
    std::set<std::string_view> jobs;
    for (const auto& target : m_view->targets)
        jobs.insert(target->job);
    size_t shown = 0;
    for (const models::FleetGroup& group : groups)
        shown += group.cells.size();
    QString all = tr("%1 targets in %2 jobs, worst first")
                      .arg(theme::formatCount(static_cast<int64_t>(m_view->targets.size())))
                      .arg(jobs.size());
    if (m_view->status.targetsNotVerified > 0)
        all += tr("; %1 not verified").arg(m_view->status.targetsNotVerified);
    if (m_view->status.certificatesEnding > 0)
        all += m_view->status.certificatesEnding == 1
            ? tr("; 1 certificate ends soon")
            : tr("; %1 certificates end soon").arg(m_view->status.certificatesEnding);
    m_header->setDetail(filter.isEmpty()
            ? all
            : tr("%1 of %2").arg(theme::formatCount(static_cast<int64_t>(shown)), all));
    m_wall->setEmptyText(filter.isEmpty()
            ? tr("No targets yet")
            : tr("No target matches \u201c%1\u201d. Esc clears the filter.").arg(m_filter->text()));
    m_wall->setGroups(std::move(groups), m_view->nowMs);
    restoreSelection();
    showInspector();
}

void OverviewPage::restoreSelection()
{
    if (m_wanted.isEmpty())
        return;
    for (const auto& target : m_view->targets) {
        if (keyOf(*target) == m_wanted) {
            m_wanted.clear();
            return m_wall->select(target->id);
        }
    }
}

void OverviewPage::showInspector()
{
    if (m_view)
        m_inspector->showCell(m_wall->selectedCell(), m_view);
}

void OverviewPage::showChangeHead()
{
    m_changeHead->setDetail(
        tr("against the hour before, ranked over %1 series; shaded = the 15 "
           "minutes")
            .arg(theme::formatNumber(static_cast<double>(m_view->status.series))));
    m_showAll->setVisible(m_changes.total() > kChangesShown || m_allChanges);
    m_showAll->setText(m_allChanges ? tr("Show fewer")
                                    : tr("Show %1").arg(std::min(m_changes.total(), kChangesAll)));
}

// As high as its rows, and never more than two fifths of the page: the cells come first.
void OverviewPage::fitChanges()
{
    const int rows = m_changes.rowCount();
    m_changeTable->parentWidget()->setVisible(rows > 0);
    const int wanted = theme::scaledHeight(theme::size::kTableHead)
        + rows * theme::scaledHeight(theme::size::kRow) + 2;
    m_changeTable->setFixedHeight(std::min(wanted, std::max(height() * 2 / 5, 120)));
}

bool OverviewPage::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize && watched == m_scroll->viewport()) {
        m_wall->setVisibleHeight(m_scroll->viewport()->height());
        fitChanges();
    }
    if (event->type() == QEvent::KeyPress && watched == m_changeTable) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if ((key == Qt::Key_Return || key == Qt::Key_Enter)
            && m_changeTable->currentIndex().isValid()) {
            openChange(m_changeTable->currentIndex().row());
            return true;
        }
    }
    return Page::eventFilter(watched, event);
}

void OverviewPage::openChange(int row)
{
    const QString query = m_changes.queryAt(row);
    if (!query.isEmpty())
        emit linkActivated({ .page = QStringLiteral("explore"), .query = query });
}

void OverviewPage::openTarget(uint64_t targetId)
{
    emit linkActivated({ .page = QStringLiteral("targets"), .targetId = targetId });
}

QWidget* OverviewPage::inspector()
{
    return m_inspector;
}

void OverviewPage::focusFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

void OverviewPage::open(const Link& link)
{
    if (!link.filter.isEmpty())
        m_filter->setText(link.filter);
    if (link.targetId != 0)
        m_wall->select(link.targetId);
}

std::vector<uint64_t> OverviewPage::selectedTargets() const
{
    return m_wall->selected() == 0 ? std::vector<uint64_t> {}
                                   : std::vector<uint64_t> { m_wall->selected() };
}

void OverviewPage::keyPressEvent(QKeyEvent* event)
{
    const bool plain = event->modifiers() == Qt::NoModifier;
    if (plain && event->key() == Qt::Key_A && m_inspector->acknowledgeFirst())
        return;
    if (plain && event->key() == Qt::Key_Z && m_inspector->snoozeFirst())
        return;
    if (plain && event->key() == Qt::Key_Escape && !m_filter->text().isEmpty()) {
        m_filter->clear();
        m_wall->setFocus();
        return showWall();
    }
    Page::keyPressEvent(event);
}

QVector<widgets::KeyHint> OverviewPage::keys() const
{
    const QString area = title();
    return { { tr("Arrows"), tr("select a target"), area },
        { tr("Enter"), tr("open the target or the change"), area },
        { QStringLiteral("/"), tr("filter hosts"), area },
        { QStringLiteral("A"), tr("acknowledge the alert of the selected host"), area },
        { QStringLiteral("Z"), tr("snooze it for an hour, or end that"), area },
        { QStringLiteral("F5"), tr("scrape the selected target"), area } };
}

QVector<widgets::PaletteItem> OverviewPage::paletteItems()
{
    return {}; // Hosts are found through the Targets page.
}

QJsonObject OverviewPage::saveState() const
{
    const models::FleetCell* cell = m_wall->selectedCell();
    return { { QStringLiteral("groupBy"), QString::fromStdString(m_label) },
        { QStringLiteral("selected"), cell == nullptr ? m_wanted : keyOf(*cell->target) },
        { QStringLiteral("allChanges"), m_allChanges } };
}

void OverviewPage::restoreState(const QJsonObject& state)
{
    m_label = state.value(QStringLiteral("groupBy")).toString(QStringLiteral("job")).toStdString();
    if (m_label.empty() || m_label.size() > 200)
        m_label = "job";
    m_wanted = state.value(QStringLiteral("selected")).toString();
    m_allChanges = state.value(QStringLiteral("allChanges")).toBool();
    m_changes.setRowsMax(m_allChanges ? kChangesAll : kChangesShown);
    m_labelNames.clear();
    if (m_view)
        showView(m_view);
}

} // namespace fleetglass::pages
