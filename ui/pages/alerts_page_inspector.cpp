#include "ui/pages/alerts_page_inspector.h"

#include "ui/pages/alerts_page_timeline.h"
#include "ui/theme/fonts.h"
#include "ui/theme/plain_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/inspector_pane.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/query_highlighter.h"

#include <QVBoxLayout>
#include <cmath>

namespace fleetglass::pages {

namespace {

using theme::Ink;
using theme::TextRole;
using widgets::PlainLabel;
using Rows = QVector<widgets::KeyValueList::Row>;

constexpr int kExpressionLinesMax = 14;
constexpr int kAnnotationsMax = 12;
constexpr int kHistoryMax = 12;

PlainLabel* wrapped(Ink ink, TextRole role, QWidget* parent)
{
    auto* label = new PlainLabel({}, ink, role, parent);
    label->setWordWrap(true);
    return label;
}

std::optional<theme::State> stateOf(models::AlertKind kind)
{
    using enum models::AlertKind;
    switch (kind) {
    case Critical:
        return theme::State::Critical;
    case Warning:
        return theme::State::Warning;
    case Pending:
        return theme::State::Pending;
    case Resolved:
        return theme::State::Ok;
    default:
        return std::nullopt;
    }
}

} // namespace

ExpressionView::ExpressionView(QWidget* parent)
    : QPlainTextEdit(parent)
    , m_highlighter(new widgets::QueryHighlighter(*this))
{
    setReadOnly(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setFont(theme::font(TextRole::Raw));
    setAccessibleName(tr("expression"));
    setTabChangesFocus(true);
    viewport()->setAutoFillBackground(false);
    document()->setDocumentMargin(0);
    m_highlighter->setParent(this);
}

void ExpressionView::setExpression(const QString& query)
{
    if (toPlainText() == query)
        return;
    setPlainText(query);
    fit();
}

// The layout of a plain text counts its height in lines.
void ExpressionView::fit()
{
    const int lines = std::clamp(
        static_cast<int>(std::ceil(document()->size().height())), 1, kExpressionLinesMax);
    setFixedHeight(lines * fontMetrics().lineSpacing() + 2);
}

void ExpressionView::resizeEvent(QResizeEvent* event)
{
    QPlainTextEdit::resizeEvent(event);
    fit();
}

void ExpressionView::changeEvent(QEvent* event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_highlighter != nullptr)
        m_highlighter->rehighlight();
}

AlertsInspector::AlertsInspector(QWidget* parent)
    : QWidget(parent)
    , m_head(new widgets::InspectorSection({}, this))
    , m_name(wrapped(Ink::Text, TextRole::ChartTitle, m_head))
    , m_place(wrapped(Ink::Muted, TextRole::Body, m_head))
    , m_state(new widgets::Chip({}, {}, widgets::ChipFill::Tint, m_head))
    , m_query(new widgets::InspectorSection({}, this))
    , m_expression(new ExpressionView(m_query))
    , m_facts(new widgets::InspectorSection({}, this))
    , m_factList(new widgets::KeyValueList(96, m_facts))
    , m_acknowledge(new widgets::KeyButton(tr("Acknowledge"), QStringLiteral("A"), m_facts))
    , m_chart(new widgets::KeyButton(tr("Open in Explore"), {}, m_facts))
    , m_rule(new widgets::KeyButton(tr("Copy rule"), QStringLiteral("R"), m_facts))
    , m_annotations(new widgets::InspectorSection(tr("Annotations"), this))
    , m_annotationLines(new QVBoxLayout)
    , m_labels(new widgets::InspectorSection(tr("Labels"), this))
    , m_labelList(new widgets::KeyValueList(96, m_labels))
    , m_target(new widgets::KeyButton(tr("Open target"), {}, m_labels))
    , m_history(new widgets::InspectorSection(tr("Last 24 h"), this))
    , m_historyText(wrapped(Ink::Muted, TextRole::Body, m_history))
    , m_historyList(new widgets::KeyValueList(152, m_history))
    , m_nothing(wrapped(Ink::Muted, TextRole::Body, this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_head->add(m_name);
    m_head->add(m_place);
    m_head->addRow({ m_state });
    m_state->setFocusPolicy(Qt::NoFocus);
    m_query->add(m_expression);
    m_facts->add(m_factList);
    m_facts->addRow({ m_acknowledge, m_chart, m_rule });
    auto* lines = new QWidget(m_annotations);
    lines->setLayout(m_annotationLines);
    m_annotationLines->setContentsMargins(0, 0, 0, 0);
    m_annotationLines->setSpacing(2);
    m_annotations->add(lines);
    m_labels->add(m_labelList);
    m_labels->addRow({ m_target });
    m_history->add(m_historyText);
    m_history->add(m_historyList);
    m_nothing->setText(tr("Select an alert for its expression, labels and history."));
    m_nothing->setContentsMargins(12, 12, 12, 12);
    for (QWidget* part : std::initializer_list<QWidget*> {
             m_head, m_query, m_facts, m_annotations, m_labels, m_history, m_nothing })
        layout->addWidget(part);
    // Wrapped text is as high as its width makes it, which a fixed height would cut.
    for (QWidget* part : std::initializer_list<QWidget*> { m_head, m_annotations, m_history })
        part->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    layout->addStretch(1);
    connect(m_rule, &QAbstractButton::clicked, this, &AlertsInspector::ruleRequested);
    connect(m_chart, &QAbstractButton::clicked, this, &AlertsInspector::chartRequested);
    connect(m_acknowledge, &QAbstractButton::clicked, this, &AlertsInspector::acknowledgeRequested);
    connect(
        m_target, &QAbstractButton::clicked, this, [this] { emit targetRequested(m_instance); });
    show({});
}

void AlertsInspector::show(const Content& content)
{
    const bool any = content.alert != nullptr;
    for (QWidget* part : std::initializer_list<QWidget*> {
             m_head, m_query, m_facts, m_annotations, m_labels, m_history })
        part->setVisible(any);
    m_nothing->setVisible(!any);
    if (!any)
        return;
    const view::AlertView& alert = *content.alert;
    const models::AlertKind kind = models::kindOf(alert, content.nowMs);
    m_name->setText(alert.name);
    m_place->setText(alert.file.empty()
            ? tr("group %1").arg(theme::shown(alert.group))
            : tr("%1, %2 line %3")
                  .arg(theme::shown(alert.group), theme::shown(alert.file),
                      QString::number(alert.line)));
    const int64_t since = alert.firedMs > 0 ? alert.firedMs : alert.activeSinceMs;
    const int64_t until = alert.resolvedMs > 0 ? alert.resolvedMs : content.nowMs;
    m_state->setText(tr("%1, %2").arg(models::wordOf(kind), models::durationText(until - since)));
    m_state->setAccessibleName(m_state->text());
    m_state->setLook(stateOf(kind), widgets::ChipFill::Tint);
    m_expression->setExpression(QString::fromStdString(alert.expression).trimmed());
    m_acknowledge->setText(alert.acknowledgedMs > 0 ? tr("Take back") : tr("Acknowledge"));
    m_acknowledge->setEnabled(content.canOrder && kind != models::AlertKind::Resolved);
    showFacts(content);
    showAnnotations(alert);
    showLabels(alert);
    showHistory(content);
}

void AlertsInspector::showFacts(const Content& content)
{
    const view::AlertView& alert = *content.alert;
    const auto moment
        = [&](int64_t ms) { return theme::momentText(ms, content.nowMs, content.zone); };
    const auto line = [&](const QString& name, int64_t ms, Rows& rows) {
        if (ms > 0)
            rows.append({ name,
                { { moment(ms) },
                    { tr("%1 ago").arg(theme::formatAgeMs(content.nowMs - ms)), Ink::Muted } } });
    };
    Rows rows;
    rows.append(
        { tr("value"), { { theme::formatValue(alert.value, content.unit), Ink::Text, true } } });
    if (alert.threshold)
        rows.append({ tr("limit"),
            { { theme::shown(alert.thresholdOperator) + QLatin1Char(' ')
                + theme::formatValue(*alert.threshold, content.unit) } } });
    line(tr("active since"), alert.activeSinceMs, rows);
    line(tr("fired"), alert.firedMs, rows);
    line(tr("resolved"), alert.resolvedMs, rows);
    rows.append({ tr("held for"),
        { { models::durationText(alert.holdForMs) }, { tr("before it fires"), Ink::Muted } } });
    line(tr("acknowledged"), alert.acknowledgedMs, rows);
    if (alert.snoozedUntilMs > content.nowMs)
        rows.append({ tr("snoozed until"), { { moment(alert.snoozedUntilMs) } } });
    m_factList->setRows(rows);
}

void AlertsInspector::showAnnotations(const view::AlertView& alert)
{
    m_annotations->setVisible(!alert.annotations.empty());
    if (m_shownAnnotations == alert.annotations)
        return;
    m_shownAnnotations = alert.annotations;
    while (QLayoutItem* item = m_annotationLines->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    int count = 0;
    for (const auto& [name, text] : alert.annotations) {
        if (++count > kAnnotationsMax)
            break;
        auto* key = new PlainLabel({}, Ink::Muted, TextRole::Axis, m_annotations);
        key->setText(name);
        auto* value = wrapped(Ink::Text, TextRole::Body, m_annotations);
        value->setText(text);
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_annotationLines->addWidget(key);
        m_annotationLines->addWidget(value);
    }
}

void AlertsInspector::showLabels(const view::AlertView& alert)
{
    m_instance = QString::fromStdString(std::string(alert.labels.get("instance")));
    m_target->setVisible(!m_instance.isEmpty());
    m_labels->setVisible(!alert.labels.empty());
    Rows rows;
    for (const labels::Label& label : alert.labels)
        rows.append({ theme::shown(label.name), { { theme::shown(label.value) } } });
    m_labelList->setRows(rows.mid(0, 24));
}

// Newest first; a stretch of firing with the pending that led to it is one line.
void AlertsInspector::showHistory(const Content& content)
{
    m_history->setVisible(content.spans != nullptr);
    if (content.spans == nullptr)
        return;
    const uint64_t id = content.alert->id;
    m_historyText->setText(historyText(*content.spans, id, content.nowMs));
    Rows rows;
    for (auto span = content.spans->rbegin(); span != content.spans->rend(); ++span) {
        if (span->alertId != id || rows.size() >= kHistoryMax)
            continue;
        const bool firing = span->state == view::AlertState::Firing;
        const int64_t end = span->endMs == 0 ? content.nowMs : span->endMs;
        const Ink ink = !firing                          ? Ink::Pending
            : span->severity == view::Severity::Critical ? Ink::Critical
                                                         : Ink::Warning;
        const theme::Glyph glyph = !firing               ? theme::Glyph::Pending
            : span->severity == view::Severity::Critical ? theme::Glyph::Critical
                                                         : theme::Glyph::Warning;
        rows.append({ theme::momentText(span->startMs, content.nowMs, content.zone),
            { { firing ? tr("firing") : tr("pending"), ink, false, glyph },
                { models::durationText(end - span->startMs) },
                { span->endMs == 0 ? tr("so far") : QString(), Ink::Muted } } });
    }
    m_historyList->setRows(rows);
}

} // namespace fleetglass::pages
