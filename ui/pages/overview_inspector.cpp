#include "ui/pages/overview_inspector.h"

#include "ui/models/host_events.h"
#include "ui/pages/host_charts.h"
#include "ui/theme/plain_text.h"
#include "ui/theme/time_text.h"
#include "ui/theme/units.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/inspector_pane.h"
#include "ui/widgets/label_chips.h"
#include "ui/widgets/plain_label.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QVBoxLayout>
#include <algorithm>

namespace fleetglass::pages {

namespace {

using theme::Ink;
using theme::TextRole;
using widgets::InspectorSection;
using widgets::KeyButton;
using widgets::PlainLabel;

constexpr size_t kAlertsShown = 3;
constexpr qsizetype kEventsShown = 8;
constexpr int64_t kEventSpanMs = 900'000;
constexpr int64_t kSnoozeMs = 3'600'000;
constexpr int kKeyWidth = 80;

PlainLabel* wrapped(Ink ink, QWidget* parent)
{
    auto* label = new PlainLabel({}, ink, TextRole::Body, parent);
    label->setWordWrap(true);
    return label;
}

QHBoxLayout* row(QWidget* parent)
{
    auto* layout = new QHBoxLayout(parent);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    return layout;
}

bool isOpen(const view::SessionView& session)
{
    using enum view::SessionState;
    return session.state == Open || session.state == OpenBeforeWatch || session.state == Unknown;
}

theme::State stateOfAlert(const view::AlertView& alert)
{
    if (alert.state == view::AlertState::Pending)
        return theme::State::Pending;
    return alert.severity == view::Severity::Critical ? theme::State::Critical
                                                      : theme::State::Warning;
}

QString sinceOf(const view::SessionView& session, const theme::Zone& zone)
{
    if (session.openedEarliestMs == 0)
        return QObject::tr("before watching began");
    const int64_t windowMs = session.openedLatestMs - session.openedEarliestMs;
    return theme::clockText(session.openedLatestMs, zone)
        + QStringLiteral(" (\u2212%1)").arg(theme::formatAgeMs(windowMs));
}

} // namespace

OverviewInspector::OverviewInspector(view::FleetPort& port, widgets::TimeController& time,
    theme::SeriesColors& colors, QWidget* parent)
    : QWidget(parent)
    , m_port(port)
    , m_time(time)
    , m_head(new InspectorSection({}, this))
    , m_name(new PlainLabel({}, Ink::Text, TextRole::Strong, m_head))
    , m_health(new PlainLabel({}, Ink::Ok, TextRole::Body, m_head))
    , m_facts(wrapped(Ink::Muted, m_head))
    , m_error(wrapped(Ink::Critical, m_head))
    , m_open(new KeyButton(tr("Open target"), {}, m_head))
    , m_shell(new InspectorSection({}, this))
    , m_chartPart(new InspectorSection({}, this))
    , m_chartHead(new PlainLabel({}, Ink::Text, TextRole::Strong, m_chartPart))
    , m_charts(new HostCharts(port, time, colors, m_chartPart))
    , m_alertPart(new InspectorSection(tr("Alerts on this host"), this))
    , m_moreAlerts(new PlainLabel({}, Ink::Muted, TextRole::Body, m_alertPart))
    , m_eventPart(new InspectorSection(tr("Last 15 minutes here"), this))
    , m_events(new widgets::KeyValueList(64, m_eventPart))
    , m_labelPart(new InspectorSection(tr("Labels"), this))
    , m_labels(new widgets::LabelChips(m_labelPart))
    , m_nothing(wrapped(Ink::Muted, this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* title = new QWidget(m_head);
    auto* titleRow = row(title);
    m_name->setElided(true);
    m_name->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    titleRow->addWidget(m_name, 1);
    titleRow->addWidget(m_health);
    m_head->add(title);
    m_head->add(m_facts);
    m_head->add(m_error);
    m_head->addRow({ m_open });
    buildShell();
    m_chartPart->add(m_chartHead);
    m_chartPart->add(m_charts);
    buildAlerts();
    m_eventPart->add(m_events);
    m_labelPart->add(m_labels);
    m_nothing->setText(tr("Select a target for its state, alerts and labels."));
    m_nothing->setContentsMargins(12, 12, 12, 12);
    for (QWidget* part : std::initializer_list<QWidget*> {
             m_head, m_shell, m_chartPart, m_alertPart, m_eventPart, m_labelPart, m_nothing })
        layout->addWidget(part);
    layout->addStretch(1);
    connect(m_open, &QAbstractButton::clicked, this, [this] { emit targetRequested(m_targetId); });
    showCell(nullptr, nullptr);
}

void OverviewInspector::buildShell()
{
    m_shell->setState(theme::State::Shell);
    m_shellHead = new PlainLabel({}, Ink::Shell, TextRole::Strong, m_shell);
    m_shellHead->setGlyph(theme::Glyph::Shell);
    m_shellFacts = new widgets::KeyValueList(kKeyWidth, m_shell);
    m_shellWarning = wrapped(Ink::Warning, m_shell);
    m_shellWarning->setGlyph(theme::Glyph::Warning);
    m_nameKey = new KeyButton(tr("Name this key ..."), {}, m_shell);
    m_whatItDid = new KeyButton(tr("What it did"), {}, m_shell);
    m_nameRow = new QWidget(m_shell);
    auto* fields = row(m_nameRow);
    m_nameField = new QLineEdit(m_nameRow);
    m_nameField->setPlaceholderText(tr("Whose key is it?"));
    m_nameField->setAccessibleName(tr("owner of the key"));
    m_nameField->setMaxLength(120);
    auto* save = new KeyButton(tr("Save"), {}, m_nameRow);
    fields->addWidget(m_nameField, 1);
    fields->addWidget(save);
    m_nameRow->hide();
    m_shell->add(m_shellHead);
    m_shell->add(m_shellFacts);
    m_shell->add(m_shellWarning);
    m_shell->addRow({ m_nameKey, m_whatItDid });
    m_shell->add(m_nameRow);
    connect(m_nameKey, &QAbstractButton::clicked, this, [this] {
        m_nameRow->setVisible(!m_nameRow->isVisibleTo(m_shell));
        m_nameField->setFocus();
    });
    connect(m_nameField, &QLineEdit::returnPressed, this, &OverviewInspector::saveName);
    connect(save, &QAbstractButton::clicked, this, &OverviewInspector::saveName);
    connect(m_whatItDid, &QAbstractButton::clicked, this,
        [this] { emit sessionRequested(m_sessionId); });
}

void OverviewInspector::buildAlerts()
{
    for (size_t i = 0; i < kAlertsShown; ++i) {
        AlertRow one;
        one.box = new QWidget(m_alertPart);
        auto* lines = new QVBoxLayout(one.box);
        lines->setContentsMargins(0, 0, 0, 0);
        lines->setSpacing(6);
        auto* words = new QWidget(one.box);
        auto* first = row(words);
        one.name = new PlainLabel({}, Ink::Text, TextRole::Body, words);
        one.name->setElided(true);
        one.name->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
        one.since = new PlainLabel({}, Ink::Muted, TextRole::Body, words);
        first->addWidget(one.name, 1);
        first->addWidget(one.since);
        auto* orders = new QWidget(one.box);
        auto* second = row(orders);
        one.acknowledge = new KeyButton(tr("Acknowledge"), QStringLiteral("A"), orders);
        one.snooze = new KeyButton(tr("Snooze 1 h"), QStringLiteral("Z"), orders);
        second->addWidget(one.acknowledge);
        second->addWidget(one.snooze);
        second->addStretch(1);
        lines->addWidget(words);
        lines->addWidget(orders);
        m_alertPart->add(one.box);
        connect(one.acknowledge, &QAbstractButton::clicked, this, [this, i] { acknowledge(i); });
        connect(one.snooze, &QAbstractButton::clicked, this, [this, i] { snooze(i); });
        m_alerts.push_back(one);
    }
    m_alertPart->add(m_moreAlerts);
}

void OverviewInspector::showCell(const models::FleetCell* cell, const view::FleetViewPtr& fleet)
{
    m_fleet = fleet;
    const bool any = cell != nullptr && fleet != nullptr;
    m_nothing->setVisible(!any);
    m_head->setVisible(any);
    m_labelPart->setVisible(any);
    if (!any) {
        for (QWidget* part :
            std::initializer_list<QWidget*> { m_shell, m_chartPart, m_alertPart, m_eventPart })
            part->hide();
        m_targetId = 0;
        return;
    }
    m_targetId = cell->target->id;
    showHead(*cell);
    showShell(*cell->target);
    m_charts->show(*cell->target, fleet, cell->shellOpen ? cell->shellSinceMs : 0);
    m_chartPart->setVisible(m_charts->count() > 0);
    m_chartHead->setText(cell->shellOpen ? tr("Since the shell opened") : tr("Last 10 minutes"));
    showAlerts(*cell->target);
    showEvents(*cell->target);
    m_labels->setLabels(cell->target->labels);
}

void OverviewInspector::showHead(const models::FleetCell& cell)
{
    const view::TargetView& target = *cell.target;
    const bool down = target.health == view::Health::Down;
    const bool up = target.health == view::Health::Up;
    m_name->setText(theme::shown(target.instance));
    m_health->setInk(down ? Ink::Critical : up ? Ink::Ok : Ink::Unknown);
    m_health->setGlyph(down ? theme::Glyph::Critical
            : up            ? theme::Glyph::Ok
                            : theme::Glyph::Unknown);
    m_health->setText(target.paused ? tr("paused")
            : down                  ? tr("down")
            : up                    ? tr("up")
                                    : tr("unknown"));
    const QString took = theme::formatDurationMs(target.durationMs);
    m_facts->setText(target.lastScrapeMs == 0
            ? tr("%1, not scraped yet").arg(theme::shown(target.job))
            : tr("%1, scraped %2 ago in %3")
                  .arg(theme::shown(target.job),
                      theme::formatAgeMs(m_fleet->nowMs - target.lastScrapeMs), took));
    m_error->setVisible(!target.error.empty());
    m_error->setText(target.hint.empty()
            ? theme::shown(target.error)
            : theme::shown(target.error) + QStringLiteral(". ") + theme::shown(target.hint));
    m_open->setVisible(down);
}

void OverviewInspector::showShell(const view::TargetView& target)
{
    const view::SessionView* found = nullptr;
    if (m_fleet->sessions) {
        const auto at = std::find_if(m_fleet->sessions->begin(), m_fleet->sessions->end(),
            [&](const view::SessionView& session) {
                return isOpen(session) && session.instance == target.instance
                    && session.job == target.job;
            });
        found = at == m_fleet->sessions->end() ? nullptr : &*at;
    }
    m_shell->setVisible(found != nullptr);
    if (found == nullptr || found->id != m_sessionId)
        m_nameRow->hide();
    m_sessionId = found == nullptr ? 0 : found->id;
    if (found == nullptr)
        return;
    const bool known = found->state != view::SessionState::Unknown;
    m_publicKey = found->publicKey;
    m_shell->setState(known ? theme::State::Shell : theme::State::Unknown);
    m_shellHead->setInk(known ? Ink::Shell : Ink::Unknown);
    m_shellHead->setGlyph(known ? theme::Glyph::Shell : theme::Glyph::ShellUnknown);
    const QString age
        = theme::formatDurationMs(static_cast<double>(m_fleet->nowMs - found->openedLatestMs));
    m_shellHead->setText(known ? tr("Live shell, %1").arg(age)
                               : tr("Shell unknown, last seen open %1")
                                     .arg(theme::clockText(found->lastSeenMs, m_time.zone())));
    m_shellFacts->setRows({ { tr("source"), { { theme::shown(found->source) } } },
        { tr("since"), { { sinceOf(*found, m_time.zone()) } } },
        { tr("from"), { { theme::shown(found->remoteAddress) } } },
        { tr("key"),
            { { theme::shown(found->keyOwner.empty() ? found->publicKey : found->keyOwner) } } } });
    QStringList doubts;
    if (found->keyUnknown)
        doubts += tr("Key has no name in the address book.");
    if (found->addressNew)
        doubts += tr("Address not seen before with this key.");
    m_shellWarning->setVisible(!doubts.isEmpty());
    m_shellWarning->setText(doubts.join(QLatin1Char(' ')));
    m_nameKey->setText(found->keyUnknown ? tr("Name this key ...") : tr("Rename key ..."));
}

void OverviewInspector::saveName()
{
    const QString name = m_nameField->text().trimmed();
    if (name.isEmpty() || m_publicKey.empty())
        return;
    m_port.nameKey(m_publicKey, name.toStdString());
    m_nameField->clear();
    m_nameRow->hide();
    emit noted(tr("key named %1").arg(theme::shown(name)));
}

void OverviewInspector::showAlerts(const view::TargetView& target)
{
    std::vector<const view::AlertView*> found;
    for (const auto& alert : m_fleet->alerts) {
        if (alert->state != view::AlertState::Resolved && models::concerns(*alert, target))
            found.push_back(alert.get());
    }
    std::stable_sort(found.begin(), found.end(), [](const auto* a, const auto* b) {
        const auto rank = [](const view::AlertView& alert) {
            return std::pair(alert.state != view::AlertState::Firing,
                alert.severity != view::Severity::Critical);
        };
        return rank(*a) < rank(*b);
    });
    m_alertPart->setVisible(!found.empty());
    for (size_t i = 0; i < m_alerts.size(); ++i) {
        AlertRow& row = m_alerts[i];
        row.box->setVisible(i < found.size());
        row.id = i < found.size() ? found[i]->id : 0;
        if (row.id == 0)
            continue;
        const view::AlertView& alert = *found[i];
        const theme::State state = stateOfAlert(alert);
        const bool firing = alert.state == view::AlertState::Firing;
        const bool snoozed = alert.snoozedUntilMs > m_fleet->nowMs;
        row.acknowledged = alert.acknowledgedMs > 0;
        row.name->setGlyph(snoozed ? theme::Glyph::Snoozed : theme::glyphOf(state));
        row.name->setInk(theme::inkOf(state));
        row.name->setText(theme::shown(alert.name));
        const QString age = theme::formatAgeMs(
            m_fleet->nowMs - (firing && alert.firedMs > 0 ? alert.firedMs : alert.activeSinceMs));
        row.since->setText(snoozed
                ? tr("snoozed until %1")
                      .arg(theme::clockMinuteText(alert.snoozedUntilMs, m_time.zone()))
                : firing ? (row.acknowledged ? tr("seen, firing %1") : tr("firing %1")).arg(age)
                         : tr("pending %1").arg(age));
        row.acknowledge->setVisible(firing && !row.acknowledged);
        row.snooze->setText(snoozed ? tr("End snooze") : tr("Snooze 1 h"));
        row.snooze->parentWidget()->setVisible(i == 0); // A and Z speak of the first.
    }
    const auto more = static_cast<int>(found.size()) - static_cast<int>(m_alerts.size());
    m_moreAlerts->setVisible(more > 0);
    m_moreAlerts->setText(tr("%n more", nullptr, std::max(more, 0)));
}

void OverviewInspector::acknowledge(size_t row)
{
    m_port.acknowledge(m_alerts[row].id, true);
    emit noted(tr("acknowledged"));
}

void OverviewInspector::snooze(size_t row)
{
    const bool ends = m_alerts[row].snooze->text() == tr("End snooze");
    const int64_t untilMs = ends ? 0 : m_fleet->nowMs + kSnoozeMs;
    m_port.snooze(m_alerts[row].id, untilMs);
    emit noted(ends ? tr("snooze ended")
                    : tr("snoozed until %1").arg(theme::clockMinuteText(untilMs, m_time.zone())));
}

bool OverviewInspector::acknowledgeFirst()
{
    if (m_targetId == 0 || m_alerts.front().id == 0 || m_alerts.front().acknowledged)
        return false;
    acknowledge(0);
    return true;
}

bool OverviewInspector::snoozeFirst()
{
    if (m_targetId == 0 || m_alerts.front().id == 0)
        return false;
    snooze(0);
    return true;
}

void OverviewInspector::showEvents(const view::TargetView& target)
{
    QVector<widgets::KeyValueList::Row> rows;
    for (const models::HostEvent& event :
        models::hostEvents(*m_fleet, target, kEventSpanMs, kEventsShown))
        rows.append({ theme::clockText(event.timeMs, m_time.zone()), { { event.text } } });
    m_eventPart->setVisible(!rows.isEmpty());
    m_events->setRows(std::move(rows));
}

} // namespace fleetglass::pages
