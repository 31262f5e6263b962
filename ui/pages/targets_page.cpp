#include "ui/pages/targets_page.h"

#include "ui/pages/definition_editor.h"
#include "ui/pages/target_detail_pane.h"
#include "ui/theme/fonts.h"
#include "ui/theme/plain_text.h"
#include "ui/theme/units.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/heads.h"
#include "ui/widgets/search_field.h"
#include "ui/widgets/table_delegate.h"

#include <QFileDialog>
#include <QHeaderView>
#include <QJsonArray>
#include <QKeyEvent>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>
#include <map>
#include <set>

namespace fleetglass::pages {

namespace {

using Model = models::TargetTableModel;

constexpr size_t kFixedChips = 4;
constexpr size_t kPhaseChips = 4;
constexpr size_t kPaletteMax = 2'000;
constexpr std::pair<int, int> kWidths[] = { { Model::State, 96 }, { Model::Job, 124 },
    { Model::Instance, 162 }, { Model::Labels, 168 }, { Model::Phase, 76 }, { Model::Notes, 104 },
    { Model::LastError, 300 }, { Model::LastScrape, 86 }, { Model::Took, 80 },
    { Model::Samples, 74 }, { Model::Size, 74 }, { Model::Failed, 62 }, { Model::Hour, 174 } };

QString keyOf(const view::TargetView& target)
{
    return QString::fromStdString(target.job) + QLatin1Char('\n')
        + QString::fromStdString(target.instance);
}

} // namespace

TargetsPage::TargetsPage(
    view::FleetPort& port, widgets::TimeController& time, theme::SeriesColors&, QWidget* parent)
    : Page(parent)
    , m_port(port)
    , m_time(time)
{
    build();
    connectParts();
    const std::weak_ptr<int> alive = m_alive;
    m_port.presets([this, alive](std::vector<view::PresetView> presets) {
        if (!alive.expired())
            m_presets = std::move(presets);
    });
}

TargetsPage::~TargetsPage() = default;

void TargetsPage::build()
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(buildHeader());
    m_splitter = new QSplitter(Qt::Vertical, this);
    m_splitter->setHandleWidth(5);
    m_splitter->setChildrenCollapsible(false);
    m_table = new QTableView(m_splitter);
    m_table->setAccessibleName(tr("targets"));
    m_table->setModel(&m_model);
    widgets::setUpTable(*m_table, theme::size::kRow);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setMinimumHeight(90);
    QHeaderView* head = m_table->horizontalHeader();
    for (const auto& [column, width] : kWidths)
        head->resizeSection(column, width);
    head->setSectionResizeMode(Model::LastError, QHeaderView::Stretch);
    head->setSectionsClickable(true);
    head->setSortIndicatorShown(false);
    m_pane = new TargetDetailPane(m_splitter);
    m_pane->setMinimumHeight(200);
    m_splitter->addWidget(m_table);
    m_splitter->addWidget(m_pane);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 2);
    m_splitter->setSizes({ 290, 552 });
    layout->addWidget(m_splitter, 1);
    setFocusProxy(m_table);
}

QWidget* TargetsPage::buildHeader()
{
    m_header = new widgets::ViewHeader(tr("Targets"), this);
    m_header->setContentsMargins(12, 0, 12, 0);
    const auto addChip = [this](const QString& text, std::optional<theme::State> state) {
        auto* chip = new widgets::Chip(text, state, widgets::ChipFill::Tint, m_header);
        chip->setCheckable(true);
        chip->setCursor(Qt::PointingHandCursor);
        chip->hide();
        m_header->addAfterTitle(chip);
        const size_t place = m_chips.size();
        m_chips.push_back({ chip, {} });
        connect(chip, &QAbstractButton::clicked, this,
            [this, place] { toggleWord(m_chips[place].word); });
    };
    addChip(tr("down"), theme::State::Critical);
    addChip(tr("unknown"), theme::State::Unknown);
    addChip(tr("not verified"), theme::State::Critical);
    addChip(tr("certificate ends"), theme::State::Warning);
    for (size_t i = 0; i < kPhaseChips; ++i)
        addChip({}, std::nullopt);
    m_chips[0].word = QStringLiteral("down");
    m_chips[1].word = QStringLiteral("unknown");
    m_chips[2].word = QStringLiteral("unverified");
    m_chips[3].word = QStringLiteral("expiring");
    m_filter = new widgets::SearchField(
        tr("down, job=etcha, phase=tls, or text"), QStringLiteral("/"), m_header);
    m_filter->setFixedWidth(290);
    m_add = new widgets::KeyButton(tr("Add target ..."), {}, m_header);
    m_scrapeAll = new widgets::KeyButton(tr("Scrape all"), QStringLiteral("Ctrl+F5"), m_header);
    m_header->addAtRight(m_filter);
    m_header->addAtRight(m_add);
    m_header->addAtRight(m_scrapeAll);
    return m_header;
}

void TargetsPage::connectParts()
{
    connect(m_filter, &widgets::SearchField::filterChanged, this, &TargetsPage::applyFilter);
    connect(m_filter, &widgets::SearchField::leftDownwards, m_table,
        [this] { m_table->setFocus(Qt::ShortcutFocusReason); });
    connect(m_add, &QAbstractButton::clicked, this, [this] { addKnown({}); });
    connect(m_scrapeAll, &QAbstractButton::clicked, this, [this] {
        m_port.scrapeNow({});
        emit noted(tr("scraping every target"));
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
        [this](const QModelIndex& current) {
            if (m_keeping || !current.isValid())
                return;
            select(m_model.rowAt(current.row()).target->id);
        });
    QHeaderView* head = m_table->horizontalHeader();
    connect(head, &QHeaderView::sectionClicked, this, [this, head](int column) {
        if (column == Model::Hour)
            return;
        // Up, down, worst first again.
        const bool same = head->isSortIndicatorShown() && head->sortIndicatorSection() == column;
        const bool falling = same && head->sortIndicatorOrder() == Qt::DescendingOrder;
        head->setSortIndicatorShown(!falling);
        head->setSortIndicator(
            falling ? -1 : column, same ? Qt::DescendingOrder : Qt::AscendingOrder);
        m_model.sort(falling ? -1 : column, same ? Qt::DescendingOrder : Qt::AscendingOrder);
        keepSelection();
    });
    connect(m_pane, &TargetDetailPane::scrapeRequested, this, [this] {
        if (m_selected != 0)
            m_port.scrapeNow({ m_selected });
    });
    connect(m_pane, &TargetDetailPane::pauseRequested, this, [this](bool paused) {
        m_port.pauseTarget(m_selected, paused);
        emit noted(paused ? tr("target paused") : tr("target resumed"));
    });
    connect(m_pane, &TargetDetailPane::fixRequested, this, &TargetsPage::applyFix);
    connect(m_pane, &TargetDetailPane::caRequested, this, &TargetsPage::chooseCa);
    connect(m_pane, &TargetDetailPane::editRequested, this, &TargetsPage::editJob);
    connect(m_pane, &TargetDetailPane::traceRequested, this, &TargetsPage::askTrace);
    connect(m_pane, &TargetDetailPane::noted, this, &Page::noted);
    connect(&m_time, &widgets::TimeController::zoneChanged, this, &TargetsPage::showSelected);
}

void TargetsPage::showView(view::FleetViewPtr view)
{
    m_view = std::move(view);
    if (!m_view)
        return;
    m_keeping = true;
    m_model.setFleet(m_view);
    m_keeping = false;
    showChips();
    if (!m_wanted.isEmpty()) {
        for (const auto& target : m_view->targets) {
            if (keyOf(*target) == m_wanted)
                m_selected = target->id;
        }
        m_wanted.clear();
    }
    followWorst();
    keepSelection();
    showSelected();
}

// Until the user chooses one, the first target that is down is shown as soon as there is one.
void TargetsPage::followWorst()
{
    if (m_model.rowCount() == 0)
        return;
    const auto& worst = m_model.rowAt(0).target;
    const auto shown = targetOf(m_selected);
    const bool better
        = worst->health == view::Health::Down && (!shown || shown->health != view::Health::Down);
    if (!shown || (better && !m_chosen))
        m_selected = worst->id;
}

void TargetsPage::showChips()
{
    int down = 0;
    int unknown = 0;
    std::map<view::Phase, int> phases;
    std::set<std::string_view> jobs;
    for (const auto& target : m_view->targets) {
        down += target->health == view::Health::Down ? 1 : 0;
        unknown += target->health == view::Health::Unknown ? 1 : 0;
        if (target->phase != view::Phase::None)
            ++phases[target->phase];
        jobs.insert(target->job);
    }
    m_header->setDetail(tr("%1 in %2 jobs")
                            .arg(theme::formatCount(static_cast<int64_t>(m_view->targets.size())))
                            .arg(jobs.size()));
    std::vector<std::pair<view::Phase, int>> most(phases.begin(), phases.end());
    std::stable_sort(
        most.begin(), most.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    most.resize(std::min(most.size(), kPhaseChips));
    std::sort(most.begin(), most.end()); // In the order a scrape passes through them.
    m_chips[0].chip->setCount(down);
    m_chips[0].chip->setVisible(down > 0);
    m_chips[1].chip->setCount(unknown);
    m_chips[1].chip->setVisible(unknown > 0);
    const view::StatusView& status = m_view->status;
    m_chips[2].chip->setCount(status.targetsNotVerified);
    m_chips[2].chip->setVisible(status.targetsNotVerified > 0);
    m_chips[3].chip->setCount(status.certificatesEnding);
    m_chips[3].chip->setVisible(status.certificatesEnding > 0);
    for (size_t i = 0; i < kPhaseChips; ++i) {
        FilterChip& one = m_chips[i + kFixedChips];
        one.chip->setVisible(i < most.size());
        if (i >= most.size())
            continue;
        const QString word = models::phaseWord(most[i].first);
        one.word = QStringLiteral("phase=") + word.toLower();
        one.chip->setText(tr("phase %1").arg(word));
        one.chip->setCount(most[i].second);
        one.chip->setAccessibleName(
            one.chip->text() + QLatin1Char(' ') + QString::number(most[i].second));
        one.chip->updateGeometry();
    }
    const QStringList words = m_filter->text().toLower().split(QLatin1Char(' '));
    for (FilterChip& one : m_chips)
        one.chip->setChecked(words.contains(one.word));
}

void TargetsPage::toggleWord(const QString& word)
{
    QStringList words = m_filter->text().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    if (words.removeAll(word) == 0)
        words.append(word);
    m_filter->setText(words.join(QLatin1Char(' ')));
    applyFilter();
}

void TargetsPage::applyFilter()
{
    m_keeping = true;
    m_model.setFilter(models::TargetFilter(m_filter->text()));
    m_keeping = false;
    if (m_view)
        showChips();
    // The first that passes, unless the one shown passes too.
    if (m_model.rowOf(m_selected) < 0 && m_model.rowCount() > 0)
        m_selected = m_model.rowAt(0).target->id;
    keepSelection();
    showSelected();
}

void TargetsPage::keepSelection()
{
    const QModelIndex current = m_table->currentIndex();
    const bool right = current.isValid() && current.row() < m_model.rowCount()
        && m_model.rowAt(current.row()).target->id == m_selected;
    m_model.setCurrent(m_selected);
    if (right)
        return;
    const int row = m_model.rowOf(m_selected);
    m_keeping = true;
    if (row >= 0)
        m_table->setCurrentIndex(m_model.index(row, 0));
    else
        m_table->clearSelection();
    m_keeping = false;
}

void TargetsPage::select(uint64_t targetId)
{
    m_chosen = true;
    m_selected = targetId;
    keepSelection();
    showSelected();
}

std::shared_ptr<const view::TargetView> TargetsPage::targetOf(uint64_t id) const
{
    if (!m_view || id == 0)
        return nullptr;
    const int row = m_model.rowOf(id);
    // A row in the table is at least as new as the view.
    if (row >= 0)
        return m_model.rowAt(row).target;
    for (const auto& target : m_view->targets) {
        if (target->id == id)
            return target;
    }
    return nullptr;
}

void TargetsPage::showSelected()
{
    const auto target = targetOf(m_selected);
    if (m_detail && m_detail->id != m_selected)
        m_detail.reset();
    m_pane->show(target, m_detail, m_view ? m_view->nowMs : 0, m_time.zone());
    if (target)
        askDetail(*target);
}

// Once for each scrape of the target that is selected.
void TargetsPage::askDetail(const view::TargetView& target)
{
    if (m_askedFor == target.id && m_askedScrapeMs == target.lastScrapeMs)
        return;
    m_askedFor = target.id;
    m_askedScrapeMs = target.lastScrapeMs;
    const std::weak_ptr<int> alive = m_alive;
    m_port.targetDetail(target.id,
        [this, alive, id = target.id](std::shared_ptr<const view::TargetDetailView> detail) {
            if (alive.expired() || id != m_selected || !detail)
                return;
            m_detail = std::move(detail);
            showSelected();
        });
}

DefinitionEditor* TargetsPage::editor() const
{
    return m_editor;
}

void TargetsPage::focusFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

void TargetsPage::open(const Link& link)
{
    if (link.targetId != 0) {
        // What is asked for must not be hidden by an old filter.
        const auto target = targetOf(link.targetId);
        if (target && !models::TargetFilter(m_filter->text()).passes(*target)) {
            m_filter->clear();
            applyFilter();
        }
        select(link.targetId);
    }
    if (link.createNew)
        addTarget();
    if (!link.filter.isEmpty()) {
        m_filter->setText(link.filter);
        applyFilter();
    }
}

std::vector<uint64_t> TargetsPage::selectedTargets() const
{
    return m_selected == 0 ? std::vector<uint64_t> {} : std::vector<uint64_t> { m_selected };
}

void TargetsPage::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && !m_filter->text().isEmpty()) {
        m_filter->clear();
        m_table->setFocus();
        return applyFilter();
    }
    Page::keyPressEvent(event);
}

QVector<widgets::KeyHint> TargetsPage::keys() const
{
    const QString area = title();
    return { { QStringLiteral("/"), tr("filter: down, job=etcha, phase=tls, or text"), area },
        { QStringLiteral("F5"), tr("scrape the selected target"), area },
        { QStringLiteral("Ctrl+F5"), tr("scrape every target"), area },
        { tr("Esc"), tr("clear the filter"), area } };
}

QVector<widgets::PaletteItem> TargetsPage::paletteItems()
{
    using Kind = widgets::PaletteKind;
    QVector<widgets::PaletteItem> items { { Kind::Command, tr("Add target ..."), {}, {},
        theme::Glyph::Plus, [this] { addTarget(); } } };
    items.append({ Kind::Command, tr("Show targets that relabelling dropped"), {}, {},
        theme::Glyph::Targets, [this] { showDropped(); } });
    for (const view::PresetView& preset : m_presets) {
        const QString id = QString::fromStdString(preset.id);
        items.append({ Kind::Command, tr("Add %1 ...").arg(theme::shown(preset.title)),
            theme::shown(preset.detail), {}, theme::Glyph::Plus, [this, id] { addKnown(id); } });
    }
    for (size_t i = 0; m_view && i < std::min(m_view->targets.size(), kPaletteMax); ++i) {
        const auto& target = m_view->targets[i];
        items.append({ Kind::Host, theme::shown(target->instance), theme::shown(target->job), {},
            theme::Glyph::Targets, [this, id = target->id] {
                emit linkActivated({ .page = QStringLiteral("targets"), .targetId = id });
            } });
    }
    return items;
}

QJsonObject TargetsPage::saveState() const
{
    QJsonArray widths;
    for (int i = 0; i < Model::ColumnCount; ++i)
        widths.append(m_table->columnWidth(i));
    QJsonArray sizes;
    for (const int size : m_splitter->sizes())
        sizes.append(size);
    const auto target = targetOf(m_selected);
    return { { QStringLiteral("columns"), widths }, { QStringLiteral("splitter"), sizes },
        { QStringLiteral("tab"), m_pane->tab() },
        { QStringLiteral("selected"),
            !m_chosen    ? QString()
                : target ? keyOf(*target)
                         : m_wanted } };
}

void TargetsPage::restoreState(const QJsonObject& state)
{
    const QJsonArray widths = state.value(QStringLiteral("columns")).toArray();
    for (int i = 0; i < widths.size() && widths.size() == Model::ColumnCount; ++i)
        m_table->setColumnWidth(i, std::clamp(widths[i].toInt(80), 28, 2'000));
    const QJsonArray sizes = state.value(QStringLiteral("splitter")).toArray();
    if (sizes.size() == 2)
        m_splitter->setSizes({ sizes[0].toInt(290), sizes[1].toInt(552) });
    m_pane->setTab(
        std::clamp(state.value(QStringLiteral("tab")).toInt(), 0, TargetDetailPane::kTabs - 1));
    m_wanted = state.value(QStringLiteral("selected")).toString();
    m_chosen = !m_wanted.isEmpty();
    if (m_view)
        showView(m_view);
}

} // namespace fleetglass::pages
