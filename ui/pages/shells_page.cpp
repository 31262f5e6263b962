#include "ui/pages/shells_page.h"

#include "ui/charts/lane_chart.h"
#include "ui/models/alert_model.h"
#include "ui/pages/shells_page_inspector.h"
#include "ui/pages/shells_page_story.h"
#include "ui/pages/timeline_range.h"
#include "ui/theme/fonts.h"
#include "ui/theme/plain_text.h"
#include "ui/theme/units.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/heads.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/query_check.h"
#include "ui/widgets/search_field.h"

#include <QHeaderView>
#include <QInputDialog>
#include <QLineEdit>
#include <QScrollArea>
#include <QTableView>

namespace fleetglass::pages {

namespace {

constexpr double kTableShare = 0.32;
constexpr double kLanesShare = 0.27;
constexpr int kRowsMin = 3;
constexpr size_t kLaneSessionsMax = 2'000;
constexpr int kOwnerMax = 128;

} // namespace

ShellsPage::ShellsPage(view::FleetPort& port, widgets::TimeController& time,
    theme::SeriesColors& colors, QWidget* parent)
    : Page(parent)
    , m_port(port)
    , m_time(time)
{
    m_story = new ShellStory(port, time, colors, this);
    m_inspector = new ShellsInspector(this);
    m_inspector->hide(); // The window shows it.
    m_model.setZone(m_time.zone());
    build();
    connectParts();
    m_lanes->setZone(m_time.zone());
    showEmpty();
}

ShellsPage::~ShellsPage()
{
    m_model.disconnect(this);
}

void ShellsPage::showView(view::FleetViewPtr view)
{
    const bool sameLanes = m_view && view && m_view->sessions == view->sessions
        && m_view->unreachable == view->unreachable;
    m_view = std::move(view);
    if (!m_view)
        return;
    m_model.setSessions(m_view->sessions, m_view->unreachable, m_view->nowMs);
    if (m_wanted != 0 && m_model.rowOf(m_wanted) >= 0)
        selectSession(m_wanted);
    else if (!m_table->currentIndex().isValid() && m_model.rowCount() > 0)
        m_table->selectRow(0);
    showHeader();
    showEmpty();
    if (!sameLanes)
        showLanes();
    moveWindow();
    arrange();
    showSelected();
}

void ShellsPage::showHeader()
{
    using models::SessionTrait;
    int64_t windowMs = m_view->status.shortestIntervalMs;
    for (const view::SessionView& session :
        m_view->sessions ? *m_view->sessions : std::vector<view::SessionView> {})
        windowMs = std::max(windowMs, session.intervalMs);
    QString detail = tr("%n session(s) in 24 h", nullptr, m_model.total());
    if (windowMs > 0)
        detail += tr(", detection window %1: a shorter shell can be missed")
                      .arg(models::durationText(windowMs));
    m_header->setDetail(detail);
    for (auto chip = m_chips.constBegin(); chip != m_chips.constEnd(); ++chip) {
        const auto trait = static_cast<SessionTrait>(chip.key());
        const int count = m_model.count(trait);
        chip.value()->setCount(count);
        const theme::State state = trait == SessionTrait::Open ? theme::State::Shell
            : trait == SessionTrait::Unknown                   ? theme::State::Unknown
                                                               : theme::State::Warning;
        chip.value()->setLook(count > 0 ? std::optional(state) : std::nullopt,
            count > 0 && trait == SessionTrait::Open ? widgets::ChipFill::Solid
                                                     : widgets::ChipFill::Tint);
    }
}

void ShellsPage::showEmpty()
{
    const bool any = m_model.rowCount() > 0;
    m_body->setVisible(any);
    m_empty->setVisible(!any);
    if (any)
        return;
    m_showAll->setVisible(m_model.total() > 0);
    if (!m_view) {
        m_emptyTitle->setText(tr("waiting for the first scrape"));
        return m_emptyText->setText(QString());
    }
    if (m_model.total() > 0) {
        m_emptyTitle->setText(tr("no session fits the filter"));
        return m_emptyText->setText(tr("%n session(s) are hidden by it", nullptr, m_model.total()));
    }
    const auto* metric = m_view->metrics
        ? widgets::metricOfSeries(*m_view->metrics, QStringLiteral("etcha_sources_shells"))
        : nullptr;
    if (metric == nullptr) {
        m_emptyTitle->setText(tr("no target tells of shells"));
        return m_emptyText->setText(
            tr("Shells are told by the metric etcha_sources_shells. None of the targets has it."));
    }
    m_emptyTitle->setText(tr("no live shell in the last 24 h"));
    m_emptyText->setText(
        tr("%n series of etcha_sources_shells are watched; a shell shorter than the scrape "
           "interval can be missed.",
            nullptr, static_cast<int>(metric->series)));
}

void ShellsPage::showLanes()
{
    static const std::vector<view::UnreachableView> kNone;
    std::vector<view::SessionView> sessions = m_model.shown();
    if (sessions.size() > kLaneSessionsMax)
        sessions.resize(kLaneSessionsMax);
    m_lanes->setLanes(charts::lanesOfSessions(sessions,
        m_view && m_view->unreachable ? *m_view->unreachable : kNone,
        static_cast<double>(m_time.nowMs()), m_time.zone()));
}

void ShellsPage::moveWindow()
{
    const widgets::TimeRange range = timelineRange(m_time);
    m_laneHead->setTitle(
        m_time.wish().isRolling() && range.spanMs() == kDayMs ? tr("Last 24 h") : m_time.title());
    m_lanes->setTimes(spanWithAir(range, m_time.isLive()), static_cast<double>(m_time.stepMs()),
        isArchive() ? 0 : static_cast<double>(m_time.nowMs()));
}

void ShellsPage::setTimeRange(const widgets::TimeRange&)
{
    moveWindow();
}

const view::SessionView* ShellsPage::current() const
{
    const auto* row = m_model.rowAt(m_table->currentIndex().row());
    return row == nullptr ? nullptr : &row->session;
}

void ShellsPage::selectSession(uint64_t id)
{
    const int row = m_model.rowOf(id);
    m_wanted = row < 0 ? id : 0;
    if (row < 0)
        return;
    m_table->selectRow(row);
    m_table->scrollTo(m_model.index(row, 0));
}

void ShellsPage::showSelected()
{
    const view::SessionView* session = current();
    if (session != nullptr)
        m_lanes->setSelected(
            theme::shown(session->instance) + QLatin1Char('\n') + theme::shown(session->source));
    m_story->show(session == nullptr ? std::nullopt : std::optional(*session),
        m_view ? m_view->metrics.get() : nullptr, m_view ? m_view->nowMs : 0, isArchive());
    showInspector();
}

void ShellsPage::showInspector()
{
    const view::SessionView* session = current();
    const auto& commands = m_story->commands();
    m_inspector->show({ session == nullptr ? std::nullopt : std::optional(*session), m_view.get(),
        commands ? &*commands : nullptr, m_time.zone() });
}

void ShellsPage::filter()
{
    QSet<int> traits;
    for (auto chip = m_chips.constBegin(); chip != m_chips.constEnd(); ++chip) {
        if (chip.value()->isChecked())
            traits.insert(chip.key());
    }
    m_model.setTraits(traits);
    m_model.setFilter(m_search->text());
    if (!m_table->currentIndex().isValid() && m_model.rowCount() > 0)
        m_table->selectRow(0);
    showEmpty();
    showLanes();
    arrange();
    showSelected();
}

void ShellsPage::editAddressBook()
{
    const view::SessionView* session = current();
    if (session == nullptr || session->publicKey.empty() || isArchive())
        return;
    auto* dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setInputMode(QInputDialog::TextInput);
    dialog->setWindowTitle(tr("Address book"));
    // The label would guess at HTML, so what is shown of the key is its own text only.
    dialog->setLabelText(tr("Name of whoever has the key %1; empty forgets it:")
                             .arg(theme::shown(session->publicKey).left(64).toHtmlEscaped()));
    dialog->setTextValue(QString::fromStdString(session->keyOwner));
    if (auto* field = dialog->findChild<QLineEdit*>())
        field->setMaxLength(kOwnerMax);
    connect(dialog, &QInputDialog::textValueSelected, this,
        [this, key = session->publicKey](const QString& text) {
            m_port.nameKey(key, text.trimmed().toStdString());
            emit noted(text.trimmed().isEmpty() ? tr("the key has no name any more")
                                                : tr("the key is %1's").arg(theme::shown(text)));
        });
    dialog->open();
}

// A short list is shown whole; a long one leaves room for lanes and curves.
void ShellsPage::arrange()
{
    const int rowPx = m_table->verticalHeader()->defaultSectionSize();
    const int headPx = m_table->horizontalHeader()->height();
    const int least = headPx + kRowsMin * rowPx;
    const int all = headPx + rowPx * m_model.rowCount() + 1;
    m_table->setFixedHeight(
        std::min(all, std::max(static_cast<int>(kTableShare * height()), least)));
    m_scroll->setFixedHeight(std::min(
        m_lanes->sizeHint().height(), std::max(static_cast<int>(kLanesShare * height()), 80)));
}

void ShellsPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    arrange();
}

QWidget* ShellsPage::inspector()
{
    return m_inspector;
}

void ShellsPage::focusFilter()
{
    m_search->setFocus();
    m_search->selectAll();
}

void ShellsPage::open(const Link& link)
{
    if (link.sessionId != 0) {
        m_search->clear();
        for (widgets::Chip* chip : m_chips)
            chip->setChecked(false);
        m_wanted = link.sessionId;
        filter();
        selectSession(link.sessionId);
        m_table->setFocus();
    } else if (!link.filter.isEmpty()) {
        m_search->setText(link.filter);
        filter();
    }
}

} // namespace fleetglass::pages
