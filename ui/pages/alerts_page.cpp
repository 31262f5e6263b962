#include "ui/pages/alerts_page.h"

#include "ui/pages/alerts_page_inspector.h"
#include "ui/pages/alerts_page_timeline.h"
#include "ui/theme/fonts.h"
#include "ui/theme/plain_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/query_check.h"
#include "ui/widgets/query_limit.h"
#include "ui/widgets/search_field.h"

#include <QClipboard>
#include <QDateTime>
#include <QGuiApplication>
#include <QHeaderView>
#include <QMenu>
#include <QTableView>
#include <algorithm>

namespace fleetglass::pages {

namespace {

constexpr double kTableShare = 0.40;
constexpr int kTableRowsMin = 4;

QString qs(const std::string& text)
{
    return QString::fromStdString(text);
}

} // namespace

int64_t tomorrowAtNine(int64_t nowMs, const theme::Zone& zone)
{
    const QTimeZone timeZone = zone.timeZone();
    const QDate today = QDateTime::fromMSecsSinceEpoch(nowMs, timeZone).date();
    return QDateTime(today.addDays(1), QTime(9, 0), timeZone).toMSecsSinceEpoch();
}

AlertsPage::AlertsPage(view::FleetPort& port, widgets::TimeController& time,
    theme::SeriesColors& colors, QWidget* parent)
    : Page(parent)
    , m_port(port)
    , m_time(time)
{
    m_timeline = new AlertsTimeline(port, time, colors, this);
    m_inspector = new AlertsInspector(this);
    m_inspector->hide(); // The window shows it.
    m_model.setZone(m_time.zone());
    m_model.setUnitOf([this](const view::AlertView& alert) { return unitOf(alert); });
    build();
    connectParts();
    addShortcuts();
    m_timeline->setZone();
    showActions();
    showEmpty();
}

AlertsPage::~AlertsPage()
{
    m_model.disconnect(this);
}

bool AlertsPage::isArchive() const
{
    return m_view && m_view->status.archive;
}

theme::Unit AlertsPage::unitOf(const view::AlertView& alert) const
{
    if (!m_catalog)
        return {};
    const QString expression = qs(alert.expression);
    const auto known = m_units.constFind(expression);
    if (known != m_units.constEnd())
        return *known;
    const theme::Unit unit = widgets::unitOfQuery(widgets::withoutLimit(expression), *m_catalog);
    m_units.insert(expression, unit);
    return unit;
}

void AlertsPage::showView(view::FleetViewPtr view)
{
    m_view = std::move(view);
    if (!m_view)
        return;
    if (m_catalog != m_view->metrics) {
        m_catalog = m_view->metrics;
        m_units.clear();
    }
    m_model.setAlerts(m_view->alerts, m_view->nowMs);
    if (m_wanted != 0 && m_model.rowOf(m_wanted) >= 0)
        selectAlert(m_wanted);
    else if (!m_table->currentIndex().isValid() && m_model.rowCount() > 0)
        m_table->selectRow(0);
    showChips();
    showEmpty();
    updateTimeline();
    arrange();
    showSelected();
    showActions();
}

void AlertsPage::updateTimeline()
{
    m_timeline->setAlerts(m_model.shown(), m_view ? m_view->alertSpans : nullptr,
        m_view ? m_view->status.shortestIntervalMs : 0);
    m_timeline->moveWindow(isArchive());
}

void AlertsPage::setTimeRange(const widgets::TimeRange&)
{
    m_timeline->moveWindow(isArchive());
}

models::AlertPtr AlertsPage::current() const
{
    const auto* row = m_model.rowAt(m_table->currentIndex().row());
    return row == nullptr ? nullptr : row->alert;
}

std::vector<models::AlertPtr> AlertsPage::selected() const
{
    std::vector<models::AlertPtr> alerts;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows()) {
        if (const auto* row = m_model.rowAt(index.row()))
            alerts.push_back(row->alert);
    }
    return alerts;
}

void AlertsPage::selectAlert(uint64_t id)
{
    if (m_model.rowOf(id) < 0) {
        m_wanted = id;
        return;
    }
    m_wanted = 0;
    const int row = m_model.rowOf(id);
    m_table->selectRow(row);
    m_table->scrollTo(m_model.index(row, 0));
}

void AlertsPage::showSelected()
{
    const models::AlertPtr alert = current();
    const theme::Unit unit = alert ? unitOf(*alert) : theme::Unit {};
    m_timeline->select(alert, unit);
    m_inspector->show({ alert, m_view ? m_view->alertSpans.get() : nullptr,
        m_view ? m_view->nowMs : 0, m_time.zone(), unit, !isArchive() });
}

void AlertsPage::showChips()
{
    using models::AlertKind;
    for (auto chip = m_chips.constBegin(); chip != m_chips.constEnd(); ++chip) {
        const auto kind = static_cast<AlertKind>(chip.key());
        const int count = m_model.count(kind);
        chip.value()->setCount(count);
        // At zero there is nothing to warn of.
        if (kind == AlertKind::Critical || kind == AlertKind::Warning) {
            const theme::State state
                = kind == AlertKind::Critical ? theme::State::Critical : theme::State::Warning;
            chip.value()->setLook(count > 0 ? std::optional(state) : std::nullopt,
                count > 0 ? widgets::ChipFill::Solid : widgets::ChipFill::Tint);
        }
        if (kind == AlertKind::Pending)
            chip.value()->setLook(count > 0 ? std::optional(theme::State::Pending) : std::nullopt,
                widgets::ChipFill::Tint);
        if (kind == AlertKind::Info)
            chip.value()->setVisible(count > 0 || chip.value()->isChecked());
    }
}

void AlertsPage::filterKinds()
{
    QSet<int> kinds;
    for (auto chip = m_chips.constBegin(); chip != m_chips.constEnd(); ++chip) {
        if (chip.value()->isChecked())
            kinds.insert(chip.key());
    }
    m_model.setKinds(kinds);
    if (!m_table->currentIndex().isValid() && m_model.rowCount() > 0)
        m_table->selectRow(0);
    showEmpty();
    updateTimeline();
    arrange();
    showSelected();
    showActions();
}

void AlertsPage::showActions()
{
    const std::vector<models::AlertPtr> alerts = selected();
    const int count = static_cast<int>(alerts.size());
    m_selectedText->setText(count == 0 ? tr("nothing selected") : tr("%1 selected:").arg(count));
    m_sortedText->setText(m_model.isSortedBySeverity() ? tr("sorted by severity, then since")
                                                       : tr("sorted by column"));
    const bool active = std::any_of(alerts.begin(), alerts.end(),
        [](const auto& alert) { return alert->state != view::AlertState::Resolved; });
    const bool allAcked
        = active && std::all_of(alerts.begin(), alerts.end(), [](const auto& alert) {
              return alert->acknowledgedMs > 0 || alert->state == view::AlertState::Resolved;
          });
    m_acknowledge->setText(allAcked ? tr("Take acknowledgement back") : tr("Acknowledge"));
    m_acknowledge->updateGeometry();
    m_acknowledge->setEnabled(active && !isArchive());
    m_snooze->setEnabled(active && !isArchive());
    m_chart->setEnabled(count > 0);
    m_rule->setEnabled(count > 0);
}

void AlertsPage::showEmpty()
{
    const bool any = m_model.rowCount() > 0;
    m_body->setVisible(any);
    m_empty->setVisible(!any);
    if (any)
        return;
    m_showAll->hide();
    if (!m_view)
        return m_emptyTitle->setText(tr("waiting for the first evaluation"));
    if (m_model.total() > 0) {
        m_emptyTitle->setText(tr("no alert fits the filter"));
        m_emptyText->setText(tr("%n alert(s) are hidden by it", nullptr, m_model.total()));
        return m_showAll->show();
    }
    if (m_view->status.rules == 0) {
        m_emptyTitle->setText(tr("no rules yet: drop a rule file"));
        return m_emptyText->setText(
            tr("Alerts come from rules. Drop a Prometheus rule file on this window, or name it "
               "under rule_files in the configuration."));
    }
    m_emptyTitle->setText(
        tr("nothing is firing; %n rule(s) evaluated", nullptr, m_view->status.rules));
    m_emptyText->setText(tr("Nothing was pending or resolved in the last 24 h either."));
}

// A short list is shown whole; a long one leaves room for its picture.
void AlertsPage::arrange()
{
    const int rowPx = m_table->verticalHeader()->defaultSectionSize();
    const int headPx = m_table->horizontalHeader()->height();
    const int all = headPx + rowPx * m_model.rowCount() + 1;
    const int share
        = std::max(static_cast<int>(kTableShare * height()), headPx + rowPx * kTableRowsMin);
    m_table->setFixedHeight(std::min(all, share));
}

void AlertsPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    arrange();
}

void AlertsPage::acknowledge()
{
    const std::vector<models::AlertPtr> alerts = selected();
    if (alerts.empty() || isArchive())
        return;
    const auto acked = [](const auto& alert) {
        return alert->acknowledgedMs > 0 || alert->state == view::AlertState::Resolved;
    };
    const bool on = !std::all_of(alerts.begin(), alerts.end(), acked);
    int count = 0;
    for (const models::AlertPtr& alert : alerts) {
        if (alert->state == view::AlertState::Resolved || (alert->acknowledgedMs > 0) == on)
            continue;
        m_port.acknowledge(alert->id, on);
        ++count;
    }
    if (count > 0)
        emit noted(on ? tr("acknowledged %n alert(s); A takes it back", nullptr, count)
                      : tr("took %n acknowledgement(s) back", nullptr, count));
}

void AlertsPage::snoozeUntil(int64_t untilMs)
{
    int count = 0;
    for (const models::AlertPtr& alert : selected()) {
        if (alert->state == view::AlertState::Resolved || isArchive())
            continue;
        m_port.snooze(alert->id, untilMs);
        ++count;
    }
    if (count == 0)
        return;
    emit noted(untilMs == 0
            ? tr("snooze ended")
            : tr("snoozed until %1").arg(theme::clockOffsetText(untilMs, m_time.zone())));
}

void AlertsPage::fillSnoozeMenu()
{
    m_snoozeMenu->clear();
    const int64_t now = m_view ? m_view->nowMs : m_time.nowMs();
    const auto add = [&](const QString& text, int64_t untilMs) {
        m_snoozeMenu->addAction(text, this, [this, untilMs] { snoozeUntil(untilMs); });
    };
    const auto clock = [this](int64_t ms) { return theme::clockMinuteText(ms, m_time.zone()); };
    for (const auto& [text, minutes] :
        { std::pair { tr("15 m"), 15 }, { tr("1 h"), 60 }, { tr("4 h"), 240 } }) {
        const int64_t until = now + minutes * 60'000LL;
        add(tr("%1 (until %2)").arg(text, clock(until)), until);
    }
    add(tr("tomorrow 9:00"), tomorrowAtNine(now, m_time.zone()));
    const auto alerts = selected();
    if (std::any_of(alerts.begin(), alerts.end(),
            [now](const auto& alert) { return alert->snoozedUntilMs > now; })) {
        m_snoozeMenu->addSeparator();
        add(tr("End the snooze"), 0);
    }
}

void AlertsPage::openChart()
{
    const models::AlertPtr alert = current();
    if (!alert)
        return;
    emit linkActivated({ .page = QStringLiteral("explore"),
        .query = widgets::withoutLimit(qs(alert->expression)) });
}

void AlertsPage::copyRule()
{
    const models::AlertPtr alert = current();
    if (!alert)
        return;
    // For an editor or a colleague: where the rule stands, and what it says.
    const QString place = QStringLiteral("%1:%2").arg(qs(alert->file)).arg(alert->line);
    QGuiApplication::clipboard()->setText(QStringLiteral("# %1\n- alert: %2\n  expr: %3\n")
                                              .arg(place, qs(alert->name), qs(alert->expression)));
    emit noted(tr("rule copied, %1").arg(place));
}

void AlertsPage::copyRows()
{
    std::vector<int> rows;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows())
        rows.push_back(index.row());
    QGuiApplication::clipboard()->setText(m_model.csv(rows));
    emit noted(tr("copied %n alert(s) as CSV", nullptr,
        rows.empty() ? m_model.rowCount() : static_cast<int>(rows.size())));
}

QWidget* AlertsPage::inspector()
{
    return m_inspector;
}

void AlertsPage::focusFilter()
{
    m_search->setFocus();
    m_search->selectAll();
}

void AlertsPage::open(const Link& link)
{
    if (link.alertId != 0) {
        m_search->clear();
        m_model.setFilter({});
        for (widgets::Chip* chip : m_chips)
            chip->setChecked(false);
        m_wanted = link.alertId;
        filterKinds();
        selectAlert(link.alertId);
        m_table->setFocus();
    } else if (!link.filter.isEmpty()) {
        m_search->setText(link.filter);
        m_model.setFilter(link.filter);
        filterKinds();
    }
}

} // namespace fleetglass::pages
