// How the Alerts page is put together, and what of it outlives a restart.
#include "ui/pages/alerts_page.h"
#include "ui/pages/alerts_page_inspector.h"
#include "ui/pages/alerts_page_timeline.h"
#include "ui/theme/fonts.h"
#include "ui/theme/plain_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/heads.h"
#include "ui/widgets/search_field.h"
#include "ui/widgets/table_delegate.h"

#include <QHeaderView>
#include <QJsonArray>
#include <QMenu>
#include <QShortcut>
#include <QTableView>
#include <QVBoxLayout>

namespace fleetglass::pages {

namespace {

constexpr int kActionRowPx = 36;

// By AlertModel::Column; Labels takes what is left.
constexpr std::array kColumnPx { 102, 148, 240, 80, 92, 120, 122, 60, 136 };

} // namespace

void AlertsPage::build()
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
    m_table->setAccessibleName(tr("alerts"));
    m_table->setModel(&m_model);
    widgets::setUpTable(*m_table, theme::size::kRow);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    QHeaderView* head = m_table->horizontalHeader();
    for (int column = 0; column < models::AlertModel::kColumns; ++column)
        head->resizeSection(column, kColumnPx[static_cast<size_t>(column)]);
    head->setSectionResizeMode(models::AlertModel::LabelSet, QHeaderView::Stretch);
    head->setSectionsClickable(true);
    body->addWidget(m_table);
    body->addWidget(buildActions());
    body->addWidget(m_timeline, 1);
    layout->addWidget(m_body, 1);
    layout->addWidget(buildEmpty(), 1);
    setFocusProxy(m_table);
}

QWidget* AlertsPage::buildHeader()
{
    using models::AlertKind;
    m_header = new widgets::ViewHeader(tr("Alerts"), this);
    m_header->setContentsMargins(12, 0, 12, 0);
    const std::tuple<AlertKind, QString> kChips[] = { { AlertKind::Critical, tr("critical") },
        { AlertKind::Warning, tr("warning") }, { AlertKind::Info, tr("info") },
        { AlertKind::Pending, tr("pending") }, { AlertKind::Snoozed, tr("snoozed") },
        { AlertKind::Resolved, tr("resolved in 24 h") } };
    for (const auto& [kind, text] : kChips) {
        auto* chip = new widgets::Chip(text, {}, widgets::ChipFill::Tint, m_header);
        chip->setCheckable(true);
        chip->setToolTip(theme::tip(tr("Show only these; several chips add up")));
        m_chips.insert(static_cast<int>(kind), chip);
        m_header->addAfterTitle(chip);
        connect(chip, &QAbstractButton::toggled, this, &AlertsPage::filterKinds);
    }
    m_search = new widgets::SearchField(tr("Filter name or label"), QStringLiteral("/"), m_header);
    m_search->setFixedWidth(220);
    m_header->addAtRight(m_search);
    return m_header;
}

QWidget* AlertsPage::buildActions()
{
    m_actions = new QWidget(m_body);
    auto* row = new QHBoxLayout(m_actions);
    row->setContentsMargins(12, 0, 12, 0);
    row->setSpacing(theme::size::kSpace8);
    m_actions->setFixedHeight(theme::scaledHeight(kActionRowPx));
    m_selectedText
        = new widgets::PlainLabel({}, theme::Ink::Muted, theme::TextRole::Body, m_actions);
    m_acknowledge = new widgets::KeyButton(tr("Acknowledge"), QStringLiteral("A"), m_actions);
    m_snooze = new widgets::KeyButton(tr("Snooze"), QStringLiteral("Z"), m_actions);
    m_chart = new widgets::KeyButton(tr("Chart"), tr("Enter"), m_actions);
    m_rule = new widgets::KeyButton(tr("Copy rule"), QStringLiteral("R"), m_actions);
    m_sortedText = new widgets::PlainLabel({}, theme::Ink::Muted, theme::TextRole::Body, m_actions);
    m_snoozeMenu = new QMenu(tr("Snooze"), this);
    row->addWidget(m_selectedText);
    for (QWidget* button : { m_acknowledge, m_snooze, m_chart, m_rule })
        row->addWidget(button);
    row->addStretch(1);
    row->addWidget(m_sortedText);
    return m_actions;
}

QWidget* AlertsPage::buildEmpty()
{
    m_empty = new QWidget(this);
    auto* column = new QVBoxLayout(m_empty);
    column->setContentsMargins(24, 24, 24, 24);
    column->setSpacing(theme::size::kSpace8);
    m_emptyTitle
        = new widgets::PlainLabel({}, theme::Ink::Text, theme::TextRole::ChartTitle, m_empty);
    m_emptyText = new widgets::PlainLabel({}, theme::Ink::Muted, theme::TextRole::Body, m_empty);
    m_showAll = new widgets::KeyButton(tr("Show all alerts"), {}, m_empty);
    column->addStretch(2);
    for (QWidget* part : std::initializer_list<QWidget*> { m_emptyTitle, m_emptyText, m_showAll })
        column->addWidget(part, 0, Qt::AlignHCenter);
    column->addStretch(3);
    return m_empty;
}

void AlertsPage::connectParts()
{
    connect(m_search, &widgets::SearchField::filterChanged, this, [this](const QString& text) {
        m_model.setFilter(text);
        filterKinds();
    });
    connect(
        m_search, &widgets::SearchField::leftDownwards, m_table, qOverload<>(&QWidget::setFocus));
    connect(m_showAll, &QAbstractButton::clicked, this, [this] {
        m_search->clear();
        m_model.setFilter({});
        for (widgets::Chip* chip : m_chips)
            chip->setChecked(false);
        filterKinds();
    });
    QItemSelectionModel* selection = m_table->selectionModel();
    connect(selection, &QItemSelectionModel::currentRowChanged, this, [this] { showSelected(); });
    connect(selection, &QItemSelectionModel::selectionChanged, this, [this] { showActions(); });
    connect(m_table, &QAbstractItemView::activated, this, [this] { openChart(); });
    // First click sorts, the second turns it round, the third goes back to by severity.
    connect(m_table->horizontalHeader(), &QHeaderView::sectionClicked, this, [this](int column) {
        QHeaderView* head = m_table->horizontalHeader();
        const bool same = head->isSortIndicatorShown() && head->sortIndicatorSection() == column;
        const bool back = (same && head->sortIndicatorOrder() == Qt::DescendingOrder)
            || column == models::AlertModel::State || column == models::AlertModel::Spark;
        head->setSortIndicatorShown(!back);
        const Qt::SortOrder order = same && !back ? Qt::DescendingOrder : Qt::AscendingOrder;
        head->setSortIndicator(back ? -1 : column, order);
        m_model.sort(back ? -1 : column, order);
        updateTimeline();
        showActions();
    });
    connect(m_acknowledge, &QAbstractButton::clicked, this, &AlertsPage::acknowledge);
    connect(m_chart, &QAbstractButton::clicked, this, &AlertsPage::openChart);
    connect(m_rule, &QAbstractButton::clicked, this, &AlertsPage::copyRule);
    connect(m_snooze, &QAbstractButton::clicked, this, [this] {
        fillSnoozeMenu();
        m_snoozeMenu->popup(m_snooze->mapToGlobal(QPoint(0, m_snooze->height() + 2)));
    });
    connect(m_timeline, &AlertsTimeline::alertSelected, this, &AlertsPage::selectAlert);
    connect(m_timeline, &AlertsTimeline::alertActivated, this, [this](quint64 id) {
        selectAlert(id);
        openChart();
    });
    connect(m_timeline, &AlertsTimeline::noted, this, &AlertsPage::noted);
    connect(m_inspector, &AlertsInspector::ruleRequested, this, &AlertsPage::copyRule);
    connect(m_inspector, &AlertsInspector::chartRequested, this, &AlertsPage::openChart);
    connect(m_inspector, &AlertsInspector::acknowledgeRequested, this, &AlertsPage::acknowledge);
    connect(m_inspector, &AlertsInspector::targetRequested, this, [this](const QString& instance) {
        emit linkActivated({ .page = QStringLiteral("targets"), .filter = instance });
    });
    connect(&m_time, &widgets::TimeController::zoneChanged, this, [this] {
        m_model.setZone(m_time.zone());
        m_timeline->setZone();
        showSelected();
    });
}

// Letters act only outside text fields: a field takes them before a shortcut does.
void AlertsPage::addShortcuts()
{
    const auto add = [this](const QKeySequence& key, QWidget* where, auto action) {
        auto* shortcut = new QShortcut(key, where);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, action);
    };
    add(QKeySequence(Qt::Key_A), this, [this] { m_acknowledge->click(); });
    add(QKeySequence(Qt::Key_Z), this, [this] { m_snooze->click(); });
    add(QKeySequence(Qt::Key_R), this, [this] { copyRule(); });
    add(QKeySequence(QKeySequence::Copy), m_table, [this] { copyRows(); });
}

QVector<widgets::KeyHint> AlertsPage::keys() const
{
    const QString area = tr("Alerts");
    return {
        { QStringLiteral("A"), tr("acknowledge, or take it back"), area },
        { QStringLiteral("Z"), tr("snooze"), area },
        { QStringLiteral("Enter"), tr("chart of the expression in Explore"), area },
        { QStringLiteral("R"), tr("the rule"), area },
        { QStringLiteral("Ctrl+C"), tr("copy the selected alerts as CSV"), area },
        { QStringLiteral("/"), tr("filter by name or label"), area },
    };
}

QVector<widgets::PaletteItem> AlertsPage::paletteItems()
{
    QVector<widgets::PaletteItem> items;
    constexpr size_t kItemsMax = 500;
    const size_t count = m_view ? std::min(m_view->alerts.size(), kItemsMax) : 0;
    for (size_t i = 0; i < count; ++i) {
        const view::AlertView& alert = *m_view->alerts[i];
        items.append({ widgets::PaletteKind::Alert, theme::shown(alert.name),
            models::labelText(alert.labels), {},
            models::glyphOf(models::kindOf(alert, m_view->nowMs)), [this, id = alert.id] {
                emit linkActivated({ .page = QStringLiteral("alerts"), .alertId = id });
            } });
    }
    return items;
}

QJsonObject AlertsPage::saveState() const
{
    const models::AlertPtr alert = current();
    const uint64_t id = alert ? alert->id : m_wanted;
    QJsonArray kinds;
    for (auto chip = m_chips.constBegin(); chip != m_chips.constEnd(); ++chip) {
        if (chip.value()->isChecked())
            kinds.append(chip.key());
    }
    return { { QStringLiteral("alert"), QString::number(id) }, { QStringLiteral("kinds"), kinds },
        { QStringLiteral("filter"), m_search->text() },
        { QStringLiteral("columns"),
            QString::fromLatin1(m_table->horizontalHeader()->saveState().toBase64()) } };
}

void AlertsPage::restoreState(const QJsonObject& state)
{
    m_wanted = state.value(QStringLiteral("alert")).toString().toULongLong();
    for (const QJsonValue& kind : state.value(QStringLiteral("kinds")).toArray()) {
        if (widgets::Chip* chip = m_chips.value(kind.toInt(-1)))
            chip->setChecked(true);
    }
    const QString filter = state.value(QStringLiteral("filter")).toString();
    m_search->setText(filter);
    m_model.setFilter(filter);
    const QByteArray columns
        = QByteArray::fromBase64(state.value(QStringLiteral("columns")).toString().toLatin1());
    if (!columns.isEmpty() && m_table->horizontalHeader()->restoreState(columns))
        m_table->horizontalHeader()->setSortIndicatorShown(false);
    filterKinds();
}

} // namespace fleetglass::pages
