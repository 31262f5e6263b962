#include "ui/pages/explore_inspector.h"

#include "ui/charts/chart_marks.h"
#include "ui/theme/plain_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/inspector_pane.h"
#include "ui/widgets/plain_label.h"

#include <QVBoxLayout>

namespace fleetglass::pages {

namespace {

using widgets::PlainLabel;
using Rows = QVector<widgets::KeyValueList::Row>;

// Glyph, words and colour together.
widgets::TextRun said(const QString& text, theme::State state)
{
    widgets::TextRun run { text, theme::inkOf(state), true };
    run.glyph = theme::glyphOf(state);
    return run;
}

PlainLabel* wrapped(theme::Ink ink, theme::TextRole role, QWidget* parent)
{
    auto* label = new PlainLabel({}, ink, role, parent);
    label->setWordWrap(true);
    return label;
}

} // namespace

ExploreInspector::ExploreInspector(QWidget* parent)
    : QWidget(parent)
    , m_query(new widgets::InspectorSection(tr("Query"), this))
    , m_queryFacts(new widgets::KeyValueList(92, m_query))
    , m_hints(new widgets::InspectorSection({}, this))
    , m_hintHead(new widgets::KeyValueList(0, m_hints))
    , m_hintText(wrapped(theme::Ink::Text, theme::TextRole::Body, m_hints))
    , m_alert(new widgets::InspectorSection({}, this))
    , m_alertHead(new widgets::KeyValueList(0, m_alert))
    , m_alertText(wrapped(theme::Ink::Muted, theme::TextRole::Body, m_alert))
    , m_acknowledge(new widgets::KeyButton(tr("Acknowledge"), QStringLiteral("A"), m_alert))
    , m_goToAlert(new widgets::KeyButton(tr("Open alert"), {}, m_alert))
    , m_line(new widgets::InspectorSection({}, this))
    , m_lineName(wrapped(theme::Ink::Text, theme::TextRole::Strong, m_line))
    , m_lineFacts(new widgets::KeyValueList(92, m_line))
    , m_labels(new widgets::InspectorSection(tr("Labels"), this))
    , m_labelFacts(new widgets::KeyValueList(92, m_labels))
    , m_target(new widgets::KeyButton(tr("Open target"), {}, m_labels))
    , m_nothing(wrapped(theme::Ink::Muted, theme::TextRole::Body, this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_query->add(m_queryFacts);
    m_hints->add(m_hintHead);
    m_hints->add(m_hintText);
    m_alert->add(m_alertHead);
    m_alert->add(m_alertText);
    m_alert->addRow({ m_acknowledge, m_goToAlert });
    m_line->add(m_lineName);
    m_line->add(m_lineFacts);
    m_labels->add(m_labelFacts);
    m_labels->addRow({ m_target });
    m_nothing->setText(tr("Select a line for its values, labels and alerts."));
    m_nothing->setContentsMargins(12, 12, 12, 12);
    for (QWidget* part :
        std::initializer_list<QWidget*> { m_query, m_hints, m_line, m_alert, m_labels, m_nothing })
        layout->addWidget(part);
    layout->addStretch(1);
    for (QWidget* part :
        std::initializer_list<QWidget*> { m_query, m_hints, m_line, m_alert, m_labels })
        part->hide();
    connect(m_acknowledge, &QAbstractButton::clicked, this,
        [this] { emit acknowledgeRequested(m_alertId); });
    connect(
        m_goToAlert, &QAbstractButton::clicked, this, [this] { emit alertRequested(m_alertId); });
    connect(
        m_target, &QAbstractButton::clicked, this, [this] { emit targetRequested(m_instance); });
}

void ExploreInspector::showQuery(const view::QueryAnswer* answer)
{
    m_query->setVisible(answer != nullptr);
    m_hints->hide();
    if (answer == nullptr)
        return;
    m_queryFacts->setRows({
        { tr("result"),
            { { tr("%1 series")
                    .arg(theme::formatCount(static_cast<int64_t>(answer->series.size()))) } } },
        { tr("selected"), { { tr("%1 series").arg(theme::formatCount(answer->seriesSelected)) } } },
        { tr("read"), { { tr("%1 samples").arg(theme::formatCount(answer->samplesRead)) } } },
        { tr("took"), { { theme::formatDurationMs(answer->elapsedMs) } } },
        { tr("step"), { { theme::formatAgeMs(answer->request.stepMs) } } },
    });
    QStringList hints;
    for (const auto* list : { &answer->warnings, &answer->infos }) {
        for (const std::string& text : *list)
            hints += theme::shown(text);
    }
    m_hints->setVisible(!hints.isEmpty());
    m_hintHead->setRows({ { {},
        { said(tr("%n hint(s)", nullptr, static_cast<int>(hints.size())),
            theme::State::Warning) } } });
    m_hintText->setText(hints.mid(0, 4).join(QStringLiteral("; ")));
}

void ExploreInspector::showLine(
    const models::LegendModel& legend, const QString& key, const labels::Labels& labels)
{
    const int row = key.isEmpty() ? -1 : legend.rowOf(key);
    m_line->setVisible(row >= 0);
    m_labels->setVisible(row >= 0 && !labels.empty());
    m_nothing->setVisible(row < 0);
    if (row < 0)
        return;
    m_lineName->setText(legend.nameAt(row));
    Rows rows;
    using Fixed = models::LegendModel::Fixed;
    for (const auto& [name, fixed] :
        { std::pair { tr("now"), Fixed::Last }, std::pair { tr("at crosshair"), Fixed::At },
            std::pair { tr("lowest"), Fixed::Min }, std::pair { tr("average"), Fixed::Avg },
            std::pair { tr("highest"), Fixed::Max }, std::pair { tr("change"), Fixed::Delta } }) {
        const QString text = legend.index(row, legend.column(fixed)).data().toString();
        if (!text.isEmpty())
            rows.append({ name, { { text, theme::Ink::Text, fixed == Fixed::At } } });
    }
    m_lineFacts->setRows(rows);
    Rows labelRows;
    for (const labels::Label& label : labels)
        labelRows.append(
            { label.name == labels::kMetricName ? tr("metric") : theme::shown(label.name),
                { { theme::shown(label.value) } } });
    m_labelFacts->setRows(labelRows.mid(0, 16));
    m_instance = QString::fromStdString(std::string(labels.get("instance")));
    m_target->setVisible(!m_instance.isEmpty());
}

void ExploreInspector::showAlerts(const view::FleetView* fleet, const std::string& expression,
    const labels::Labels& labels, const theme::Unit& unit)
{
    const view::AlertView* found = nullptr;
    for (const auto& alert :
        fleet == nullptr ? std::vector<std::shared_ptr<const view::AlertView>> {} : fleet->alerts) {
        const bool active = alert->state != view::AlertState::Resolved;
        if (active && charts::labelsMatch(alert->labels, labels)
            && charts::shareMetric(alert->expression, expression))
            found = alert.get();
    }
    m_alert->setVisible(found != nullptr);
    if (found == nullptr)
        return;
    m_alertId = found->id;
    const bool firing = found->state == view::AlertState::Firing;
    const theme::State state = !firing                ? theme::State::Pending
        : found->severity == view::Severity::Critical ? theme::State::Critical
                                                      : theme::State::Warning;
    const int64_t since = firing && found->firedMs > 0 ? found->firedMs : found->activeSinceMs;
    m_alertHead->setRows({ { {},
        { said(tr("%1, %2 %3")
                   .arg(theme::shown(found->name), firing ? tr("firing") : tr("pending"),
                       theme::formatAgeMs(fleet->nowMs - since)),
            state) } } });
    QString text = tr("now %1").arg(theme::formatValue(found->value, unit));
    if (found->threshold)
        text += tr(", limit %1 %2")
                    .arg(theme::shown(found->thresholdOperator),
                        theme::formatValue(*found->threshold, unit));
    for (const auto& [name, value] : found->annotations) {
        if (name == "summary" || name == "description")
            text += QStringLiteral(". ") + theme::shown(value);
    }
    m_alertText->setText(text);
    m_acknowledge->setVisible(firing && found->acknowledgedMs == 0);
}

} // namespace fleetglass::pages
