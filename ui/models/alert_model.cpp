#include "ui/models/alert_model.h"

#include "ui/theme/cell.h"
#include "ui/theme/plain_text.h"

#include <algorithm>
#include <cmath>

namespace fleetglass::models {

namespace {

int64_t sinceOf(const view::AlertView& alert)
{
    return alert.firedMs > 0 ? alert.firedMs : alert.activeSinceMs;
}

theme::State sparkState(const AlertRow& row)
{
    return row.alert->severity == view::Severity::Critical ? theme::State::Critical
                                                           : theme::State::Warning;
}

// Numbers in columns of numbers, text elsewhere; NaN sorts as the smallest.
double numberOf(const AlertRow& row, int column)
{
    const view::AlertView& alert = *row.alert;
    const auto orSmallest = [](double value) { return std::isnan(value) ? -HUGE_VAL : value; };
    switch (column) {
    case AlertModel::Value:
        return orSmallest(alert.value);
    case AlertModel::Limit:
        return orSmallest(alert.threshold.value_or(-HUGE_VAL));
    case AlertModel::Since:
        return static_cast<double>(sinceOf(alert));
    case AlertModel::For:
        return static_cast<double>(alert.holdForMs);
    default:
        return 0;
    }
}

bool isNumber(int column)
{
    using enum AlertModel::Column;
    return column == Value || column == Limit || column == Since || column == For;
}

} // namespace

AlertKind kindOf(const view::AlertView& alert, int64_t nowMs)
{
    if (alert.state == view::AlertState::Resolved)
        return AlertKind::Resolved;
    if (alert.snoozedUntilMs > nowMs)
        return AlertKind::Snoozed;
    if (alert.state == view::AlertState::Pending)
        return AlertKind::Pending;
    switch (alert.severity) {
    case view::Severity::Critical:
        return AlertKind::Critical;
    case view::Severity::Info:
        return AlertKind::Info;
    default:
        return AlertKind::Warning;
    }
}

QString wordOf(AlertKind kind)
{
    switch (kind) {
    case AlertKind::Critical:
        return AlertModel::tr("critical");
    case AlertKind::Warning:
        return AlertModel::tr("warning");
    case AlertKind::Info:
        return AlertModel::tr("info");
    case AlertKind::Pending:
        return AlertModel::tr("pending");
    case AlertKind::Snoozed:
        return AlertModel::tr("snoozed");
    case AlertKind::Resolved:
        break;
    }
    return AlertModel::tr("resolved");
}

theme::Glyph glyphOf(AlertKind kind)
{
    constexpr std::array kGlyphs { theme::Glyph::Critical, theme::Glyph::Warning,
        theme::Glyph::Warning, theme::Glyph::Pending, theme::Glyph::Snoozed, theme::Glyph::Ok };
    return kGlyphs[static_cast<size_t>(kind)];
}

theme::Ink inkOf(AlertKind kind)
{
    constexpr std::array kInks { theme::Ink::Critical, theme::Ink::Warning, theme::Ink::Accent,
        theme::Ink::Pending, theme::Ink::Unknown, theme::Ink::Ok };
    return kInks[static_cast<size_t>(kind)];
}

QString labelText(const labels::Labels& labels)
{
    QStringList parts;
    for (const labels::Label& label : labels) {
        if (label.name != "severity" && label.name != "alertname")
            parts += theme::shown(label.name) + QLatin1Char('=') + theme::shown(label.value);
    }
    return parts.join(QLatin1Char(' '));
}

QString csvField(const QString& text)
{
    // A sheet would run what looks like a formula; external text must stay text.
    static const QString kFormula = QStringLiteral("=+-@\t\r");
    QString field = text;
    bool number = false;
    field.toDouble(&number);
    if (!field.isEmpty() && kFormula.contains(field.front()) && !number)
        field.prepend(QLatin1Char('\''));
    const bool quotes = std::any_of(field.begin(), field.end(), [](QChar c) {
        return c == QLatin1Char('"') || c == QLatin1Char(',') || c == QLatin1Char('\n')
            || c == QLatin1Char('\r');
    });
    if (!quotes)
        return field;
    return QLatin1Char('"') + field.replace(QLatin1Char('"'), QStringLiteral("\"\""))
        + QLatin1Char('"');
}

QString durationText(int64_t ms)
{
    const int64_t whole = std::max<int64_t>(ms, 0) / 1000 * 1000;
    return whole < 60'000 ? theme::formatAgeMs(whole)
                          : theme::formatDurationMs(static_cast<double>(whole));
}

AlertModel::AlertModel(QObject* parent)
    : KeyedTable(parent)
{
}

void AlertModel::setUnitOf(UnitOf unitOf)
{
    m_unitOf = std::move(unitOf);
    update();
}

void AlertModel::setAlerts(const std::vector<AlertPtr>& alerts, int64_t nowMs)
{
    m_alerts = alerts;
    m_nowMs = nowMs;
    m_counts.fill(0);
    for (const AlertPtr& alert : m_alerts)
        ++m_counts[static_cast<size_t>(kindOf(*alert, nowMs))];
    update();
}

void AlertModel::setZone(const theme::Zone& zone)
{
    m_zone = zone;
    update();
}

void AlertModel::setKinds(const QSet<int>& kinds)
{
    m_kinds = kinds;
    update();
}

void AlertModel::setFilter(const QString& text)
{
    m_words = text.toLower().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    update();
}

void AlertModel::sort(int column, Qt::SortOrder order)
{
    m_sortColumn = column == State || column == Spark ? -1 : column;
    m_sortOrder = order;
    update();
}

bool AlertModel::passes(const AlertRow& row) const
{
    if (!m_kinds.isEmpty() && !m_kinds.contains(static_cast<int>(row.kind)))
        return false;
    const QString text = (row.cells[Alert] + QLatin1Char(' ') + row.cells[LabelSet]).toLower();
    return std::all_of(
        m_words.begin(), m_words.end(), [&](const QString& word) { return text.contains(word); });
}

bool AlertModel::comesBefore(const AlertRow& a, const AlertRow& b) const
{
    const auto severity
        = [](const AlertRow& row) { return std::tuple(row.kind, sinceOf(*row.alert), row.key); };
    if (m_sortColumn < 0)
        return severity(a) < severity(b);
    const auto column = static_cast<size_t>(m_sortColumn);
    const double left = numberOf(a, m_sortColumn);
    const double right = numberOf(b, m_sortColumn);
    const int difference = isNumber(m_sortColumn)
        ? (left < right        ? -1
                : left > right ? 1
                               : 0)
        : QString::compare(a.cells[column], b.cells[column], Qt::CaseInsensitive);
    if (difference == 0)
        return severity(a) < severity(b);
    return (difference < 0) == (m_sortOrder == Qt::AscendingOrder);
}

void AlertModel::update()
{
    std::vector<AlertRow> fresh;
    std::unordered_set<uint64_t> seen;
    for (const AlertPtr& alert : m_alerts) {
        AlertRow row = makeRow(alert);
        if (passes(row) && seen.insert(row.key).second)
            fresh.push_back(std::move(row));
    }
    std::sort(fresh.begin(), fresh.end(),
        [this](const AlertRow& a, const AlertRow& b) { return comesBefore(a, b); });
    showRows(std::move(fresh));
}

AlertRow AlertModel::makeRow(const AlertPtr& pointer) const
{
    const view::AlertView& alert = *pointer;
    const theme::Unit unit = m_unitOf ? m_unitOf(alert) : theme::Unit {};
    AlertRow row { alert.id, pointer, kindOf(alert, m_nowMs), {} };
    row.cells[State] = wordOf(row.kind);
    row.cells[Alert] = theme::shown(alert.name);
    row.cells[LabelSet] = labelText(alert.labels);
    row.cells[Value] = theme::formatValue(alert.value, unit);
    if (alert.threshold)
        row.cells[Limit] = (alert.thresholdOperator == "==" ? QStringLiteral("=")
                                                            : theme::shown(alert.thresholdOperator))
            + QLatin1Char(' ') + theme::formatValue(*alert.threshold, unit);
    const int64_t since = sinceOf(alert);
    row.cells[Since] = QStringLiteral("%1, %2").arg(
        theme::momentText(since, m_nowMs, m_zone), theme::formatAgeMs(m_nowMs - since));
    row.cells[For] = durationText(alert.holdForMs);
    row.cells[Handled] = handledText(alert, row.kind);
    return row;
}

QString AlertModel::handledText(const view::AlertView& alert, AlertKind kind) const
{
    const auto clock = [this](int64_t ms) { return theme::clockMinuteText(ms, m_zone); };
    switch (kind) {
    case AlertKind::Resolved:
        return alert.resolvedMs > 0 ? tr("ended %1").arg(clock(alert.resolvedMs)) : QString();
    case AlertKind::Snoozed:
        return tr("until %1").arg(clock(alert.snoozedUntilMs));
    case AlertKind::Pending: {
        // To whole seconds, and never in the past: a rule is evaluated a little later.
        const int64_t left = alert.activeSinceMs + alert.holdForMs - m_nowMs;
        return left > 0 ? tr("fires in %1").arg(durationText(left)) : tr("fires at once");
    }
    default:
        return alert.acknowledgedMs > 0 ? tr("acked %1").arg(clock(alert.acknowledgedMs))
                                        : QString();
    }
}

std::vector<AlertPtr> AlertModel::shown() const
{
    std::vector<AlertPtr> alerts;
    for (const AlertRow& row : rows())
        alerts.push_back(row.alert);
    return alerts;
}

QString AlertModel::csv(const std::vector<int>& chosen) const
{
    const int kWritten[] = { State, Alert, LabelSet, Value, Limit, Since, For, Handled };
    QStringList lines;
    QStringList head;
    for (const int column : kWritten)
        head += csvField(headerData(column, Qt::Horizontal).toString());
    lines += head.join(QLatin1Char(','));
    for (int row = 0; row < rowCount(); ++row) {
        if (!chosen.empty() && std::find(chosen.begin(), chosen.end(), row) == chosen.end())
            continue;
        QStringList fields;
        for (const int column : kWritten)
            fields += csvField(rowAt(row)->cells[static_cast<size_t>(column)]);
        lines += fields.join(QLatin1Char(','));
    }
    return lines.join(QStringLiteral("\r\n")) + QStringLiteral("\r\n");
}

int AlertModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : kColumns;
}

QVariant AlertModel::stateData(const AlertRow& row, int role) const
{
    if (role == theme::GlyphRole)
        return static_cast<int>(glyphOf(row.kind));
    if (role == theme::InkRole)
        return static_cast<int>(inkOf(row.kind));
    return {};
}

QVariant AlertModel::handledData(const AlertRow& row, int role) const
{
    const bool acked = row.kind <= AlertKind::Info && row.alert->acknowledgedMs > 0;
    if (role == theme::GlyphRole && acked)
        return static_cast<int>(theme::Glyph::Tick);
    if (role == theme::InkRole)
        return static_cast<int>(
            row.kind == AlertKind::Pending ? theme::Ink::Pending : theme::Ink::Muted);
    return {};
}

QVariant AlertModel::data(const QModelIndex& index, int role) const
{
    const AlertRow* row = index.isValid() ? rowAt(index.row()) : nullptr;
    if (row == nullptr || index.column() >= kColumns)
        return {};
    const int column = index.column();
    if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole)
        return row->cells[static_cast<size_t>(column)];
    if (role == theme::NumberRole)
        return isNumber(column);
    if (column == State)
        return stateData(*row, role);
    if (column == Handled)
        return handledData(*row, role);
    if (role == theme::BoldRole)
        return column == Alert || column == Value;
    if (role == theme::InkRole && (column == LabelSet || column == Limit || column == For))
        return static_cast<int>(theme::Ink::Muted);
    if (role == Qt::ToolTipRole && column == LabelSet)
        return theme::tip(row->cells[LabelSet]);
    if (role == theme::SparkRole && column == Spark && row->alert->spark)
        return QVariant::fromValue(theme::SparkCell {
            row->alert->spark, row->alert->threshold, static_cast<int>(sparkState(*row)), 2 });
    return {};
}

QVariant AlertModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= kColumns)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(
            (isNumber(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const std::array kNames { tr("State"), tr("Alert"), tr("Labels"), tr("Value"), tr("Limit"),
        tr("6 h"), tr("Since"), tr("For"), tr("Handled") };
    return kNames[static_cast<size_t>(section)];
}

} // namespace fleetglass::models
