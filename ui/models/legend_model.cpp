#include "ui/models/legend_model.h"

#include "ui/models/differing_labels.h"
#include "ui/theme/plain_text.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

namespace fleetglass::models {

namespace {

constexpr size_t kSparkPoints = 240;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

QString keyOf(const labels::Labels& labels)
{
    return QString::fromStdString(labels.toString());
}

// One value per slot of the range, NaN where there is none.
SparkValues sparkOf(const view::SeriesView& series, const view::QueryRequest& request)
{
    const int64_t span = std::max<int64_t>(request.endMs - request.startMs, 1);
    const int64_t step
        = std::max<int64_t>(request.stepMs, span / static_cast<int64_t>(kSparkPoints));
    const auto count = static_cast<size_t>(span / std::max<int64_t>(step, 1)) + 1;
    auto values = std::make_shared<std::vector<double>>(std::min(count, kSparkPoints + 2), kNan);
    for (size_t i = 0; i < series.values.size(); ++i) {
        const int64_t slot
            = (series.timestampsMs[i] - request.startMs) / std::max<int64_t>(step, 1);
        if (slot >= 0 && slot < static_cast<int64_t>(values->size())
            && std::isfinite(series.values[i]))
            (*values)[static_cast<size_t>(slot)] = series.values[i];
    }
    return values;
}

} // namespace

LegendModel::LegendModel(QObject* parent)
    : QAbstractTableModel(parent)
{
}

LegendModel::Row LegendModel::makeRow(
    const view::SeriesView& series, const view::QueryRequest& request)
{
    Row row { keyOf(series.labels), series.labels, {}, {}, series.timestampsMs, series.values,
        sparkOf(series, request), {} };
    row.numbers.fill(kNan);
    if (series.values.empty())
        return row;
    double low = kNan;
    double high = kNan;
    double sum = 0;
    size_t count = 0;
    for (const double value : series.values) {
        if (std::isnan(value))
            continue;
        low = std::isnan(low) ? value : std::min(low, value);
        high = std::isnan(high) ? value : std::max(high, value);
        sum += value;
        ++count;
    }
    const auto set
        = [&](Fixed fixed, double value) { row.numbers[static_cast<size_t>(fixed)] = value; };
    set(Fixed::Last, series.values.back());
    set(Fixed::Min, low);
    set(Fixed::Max, high);
    set(Fixed::Avg, count > 0 ? sum / static_cast<double>(count) : kNan);
    set(Fixed::Delta,
        series.values.size() > 1 ? series.values.back() - series.values.front() : kNan);
    return row;
}

// A flat line must look flat beside one that moves.
QPointF LegendModel::scaleOf(const std::vector<Row>& rows)
{
    QPointF scale(
        std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity());
    for (const Row& row : rows) {
        const double low = row.numbers[static_cast<size_t>(Fixed::Min)];
        const double high = row.numbers[static_cast<size_t>(Fixed::Max)];
        if (std::isfinite(low) && std::isfinite(high))
            scale = { std::min(scale.x(), low), std::max(scale.y(), high) };
    }
    return scale.x() < scale.y() ? scale : QPointF();
}

bool LegendModel::takeLabelNames(const view::QueryAnswer& answer)
{
    std::vector<labels::Labels> all;
    all.reserve(answer.series.size());
    for (const view::SeriesView& series : answer.series)
        all.push_back(series.labels);
    auto names = differingLabels(all);
    const bool rest = names.size() > kLabelColumnsMax;
    if (rest)
        names.resize(kLabelColumnsMax);
    if (names.empty())
        names.emplace_back(); // One column for the whole name.
    if (names == m_labelNames && rest == m_restColumn)
        return false;
    m_labelNames = std::move(names);
    m_restColumn = rest;
    return true;
}

void LegendModel::fillCells(Row& row) const
{
    row.cells.clear();
    for (size_t i = 0; i < m_labelNames.size(); ++i) {
        if (m_labelNames[i].empty())
            row.cells += theme::shown(
                row.labels.empty() ? std::string("value") : row.labels.toSelector());
        else if (m_restColumn && i + 1 == m_labelNames.size())
            row.cells += theme::shown(
                row.labels
                    .without(std::vector<std::string>(m_labelNames.begin(), m_labelNames.end() - 1))
                    .toSelector());
        else
            row.cells += theme::shown(row.labels.get(m_labelNames[i]));
    }
}

void LegendModel::measureAt(Row& row) const
{
    double& at = row.numbers[static_cast<size_t>(Fixed::At)];
    at = kNan;
    if (!m_crosshairMs || row.timestampsMs.empty())
        return;
    const auto& times = row.timestampsMs;
    auto after = std::lower_bound(times.begin(), times.end(), *m_crosshairMs);
    if (after == times.end()
        || (after != times.begin() && *m_crosshairMs - *std::prev(after) < *after - *m_crosshairMs))
        after = std::prev(after == times.begin() ? std::next(after) : after);
    if (std::abs(*after - *m_crosshairMs) <= m_toleranceMs)
        at = row.values[static_cast<size_t>(after - times.begin())];
}

void LegendModel::order(std::vector<Row>& rows) const
{
    const int first = sparkColumn() + 1;
    const bool byText = m_sortColumn > 0 && m_sortColumn < sparkColumn();
    const auto number = [&](const Row& row) {
        const double value
            = row.numbers[m_sortColumn < first ? 0 : static_cast<size_t>(m_sortColumn - first)];
        return std::isnan(value) ? -std::numeric_limits<double>::infinity() : value;
    };
    const auto less = [&](const Row& a, const Row& b) {
        if (byText) {
            const auto cell = static_cast<qsizetype>(m_sortColumn - 1);
            const int compared = a.cells.value(cell).localeAwareCompare(b.cells.value(cell));
            if (compared != 0)
                return m_sortOrder == Qt::AscendingOrder ? compared < 0 : compared > 0;
        } else if (number(a) != number(b))
            return m_sortOrder == Qt::AscendingOrder ? number(a) < number(b)
                                                     : number(a) > number(b);
        return a.key < b.key;
    };
    std::stable_sort(rows.begin(), rows.end(), less);
}

bool LegendModel::passes(const Row& row) const
{
    return m_filter.isEmpty() || row.key.contains(m_filter, Qt::CaseInsensitive);
}

void LegendModel::showOnlyPassing()
{
    m_shown.clear();
    for (size_t i = 0; i < m_all.size(); ++i) {
        if (passes(m_all[i]))
            m_shown.push_back(i);
    }
}

void LegendModel::replaceAll(std::vector<Row> rows)
{
    m_all = std::move(rows);
    order(m_all);
    showOnlyPassing();
}

void LegendModel::setAnswer(const view::QueryAnswerPtr& answer, const StyleOf& styleOf)
{
    std::vector<Row> rows;
    for (const view::SeriesView& series : answer->series) {
        rows.push_back(makeRow(series, answer->request));
        rows.back().style = styleOf(series.labels);
        measureAt(rows.back());
    }
    m_scale = scaleOf(rows);
    m_spanMs = answer->request.endMs - answer->request.startMs;
    const auto oldNames = m_labelNames;
    const bool oldRest = m_restColumn;
    if (takeLabelNames(*answer)) {
        // Other columns: another question, not a tick.
        const auto newNames = std::exchange(m_labelNames, oldNames);
        const bool newRest = std::exchange(m_restColumn, oldRest);
        beginResetModel();
        m_labelNames = newNames;
        m_restColumn = newRest;
        for (Row& row : rows)
            fillCells(row);
        m_sortColumn = -1;
        replaceAll(std::move(rows));
        endResetModel();
        return;
    }
    for (Row& row : rows)
        fillCells(row);
    takeNew(std::move(rows));
}

// The same columns: values change in place, lines that went are removed, new ones come at the end.
// The order stays until somebody sorts, so that no row moves away under the pointer.
void LegendModel::takeNew(std::vector<Row> rows)
{
    std::unordered_map<std::string, size_t> newOf;
    for (size_t i = 0; i < rows.size(); ++i)
        newOf.emplace(rows[i].key.toStdString(), i);
    for (size_t shown = m_shown.size(); shown-- > 0;) {
        if (newOf.contains(m_all[m_shown[shown]].key.toStdString()))
            continue;
        beginRemoveRows({}, static_cast<int>(shown), static_cast<int>(shown));
        m_shown.erase(m_shown.begin() + static_cast<std::ptrdiff_t>(shown));
        endRemoveRows();
    }
    std::vector<Row> kept;
    std::vector<size_t> place(m_all.size(), 0);
    std::vector<bool> taken(rows.size(), false);
    for (size_t i = 0; i < m_all.size(); ++i) {
        const auto found = newOf.find(m_all[i].key.toStdString());
        if (found == newOf.end())
            continue;
        place[i] = kept.size();
        taken[found->second] = true;
        kept.push_back(std::move(rows[found->second]));
    }
    for (size_t& index : m_shown)
        index = place[index];
    m_all = std::move(kept);
    if (!m_shown.empty())
        emit dataChanged(
            index(0, 0), index(static_cast<int>(m_shown.size()) - 1, columnCount() - 1));
    std::vector<Row> added;
    for (size_t i = 0; i < rows.size(); ++i) {
        if (!taken[i])
            added.push_back(std::move(rows[i]));
    }
    order(added);
    const auto passing
        = std::count_if(added.begin(), added.end(), [this](const Row& row) { return passes(row); });
    const auto first = static_cast<int>(m_shown.size());
    if (passing > 0)
        beginInsertRows({}, first, first + static_cast<int>(passing) - 1);
    for (Row& row : added) {
        if (passes(row))
            m_shown.push_back(m_all.size());
        m_all.push_back(std::move(row));
    }
    if (passing > 0)
        endInsertRows();
}

void LegendModel::setUnit(const theme::Unit& unit)
{
    if (m_unit == unit)
        return;
    m_unit = unit;
    if (!m_shown.empty())
        emit dataChanged(index(0, sparkColumn()), index(rowCount() - 1, columnCount() - 1));
}

void LegendModel::setZone(const theme::Zone& zone)
{
    m_zone = zone;
    emit headerDataChanged(Qt::Horizontal, column(Fixed::At), column(Fixed::At));
}

void LegendModel::setCrosshair(std::optional<int64_t> timeMs, int64_t toleranceMs)
{
    if (m_crosshairMs == timeMs)
        return;
    m_crosshairMs = timeMs;
    m_toleranceMs = toleranceMs;
    for (Row& row : m_all)
        measureAt(row);
    const int at = column(Fixed::At);
    emit headerDataChanged(Qt::Horizontal, at, at);
    if (!m_shown.empty())
        emit dataChanged(index(0, at), index(rowCount() - 1, at));
}

void LegendModel::setHidden(const QSet<QString>& keys)
{
    if (m_hidden == keys)
        return;
    m_hidden = keys;
    if (!m_shown.empty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1), { HiddenRole });
}

void LegendModel::setFilter(const QString& text)
{
    if (m_filter == text)
        return;
    beginResetModel();
    m_filter = text;
    showOnlyPassing();
    endResetModel();
}

void LegendModel::sort(int column, Qt::SortOrder sortOrder)
{
    if (column == sparkColumn())
        return;
    emit layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const QModelIndexList before = persistentIndexList();
    QStringList keysBefore;
    for (const QModelIndex& one : before)
        keysBefore += keyAt(one.row());
    m_sortColumn = column;
    m_sortOrder = sortOrder;
    order(m_all);
    showOnlyPassing();
    QModelIndexList after;
    for (qsizetype i = 0; i < before.size(); ++i)
        after += index(rowOf(keysBefore[i]), before[i].column());
    changePersistentIndexList(before, after);
    emit layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

int LegendModel::rowOf(const QString& key) const
{
    const auto at = std::find_if(
        m_shown.begin(), m_shown.end(), [&](size_t i) { return m_all[i].key == key; });
    return at == m_shown.end() ? -1 : static_cast<int>(at - m_shown.begin());
}

QString LegendModel::keyAt(int row) const
{
    return row < 0 || row >= rowCount() ? QString() : m_all[m_shown[static_cast<size_t>(row)]].key;
}

QString LegendModel::nameAt(int row) const
{
    return row < 0 || row >= rowCount()
        ? QString()
        : m_all[m_shown[static_cast<size_t>(row)]].cells.join(QLatin1Char(' '));
}

QStringList LegendModel::keys() const
{
    QStringList keys;
    for (const Row& row : m_all)
        keys += row.key;
    return keys;
}

QString LegendModel::nameOf(const QString& key) const
{
    const auto at
        = std::find_if(m_all.begin(), m_all.end(), [&](const Row& row) { return row.key == key; });
    return at == m_all.end() ? QString() : at->cells.join(QLatin1Char(' '));
}

int LegendModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int LegendModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : column(Fixed::Delta) + 1;
}

QString LegendModel::textOf(const Row& row, int column) const
{
    if (column <= 0 || column == sparkColumn())
        return {};
    if (column < sparkColumn())
        return row.cells.value(column - 1);
    const auto fixed = static_cast<size_t>(column - sparkColumn() - 1);
    const double value = row.numbers[fixed];
    if (fixed == static_cast<size_t>(Fixed::At) && !m_crosshairMs)
        return {};
    return fixed == static_cast<size_t>(Fixed::Delta) ? theme::formatDelta(value, m_unit)
                                                      : theme::formatValue(value, m_unit);
}

QVariant LegendModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row& row = m_all[m_shown[static_cast<size_t>(index.row())]];
    const int fixed = index.column() - sparkColumn() - 1;
    switch (role) {
    case Qt::DisplayRole:
        return textOf(row, index.column());
    case Qt::AccessibleTextRole:
        return index.column() == 0 ? row.cells.join(QLatin1Char(' ')) : textOf(row, index.column());
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::AlignVCenter | (fixed >= 0 ? Qt::AlignRight : Qt::AlignLeft));
    case KeyRole:
        return row.key;
    case StyleRole:
        return QVariant::fromValue(row.style);
    case SparkRole:
        return index.column() == sparkColumn() ? QVariant::fromValue(row.spark) : QVariant();
    case ScaleRole:
        return m_scale;
    case HiddenRole:
        return m_hidden.contains(row.key);
    case NumberRole:
        return fixed >= 0 ? QVariant(row.numbers[static_cast<size_t>(fixed)]) : QVariant();
    case StrongRole:
        return fixed == static_cast<int>(Fixed::At);
    case QuietRole:
        return fixed == static_cast<int>(Fixed::Min) || fixed == static_cast<int>(Fixed::Avg)
            || fixed == static_cast<int>(Fixed::Max);
    default:
        return {};
    }
}

QVariant LegendModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const int fixed = section - sparkColumn() - 1;
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::AlignVCenter | (fixed >= 0 ? Qt::AlignRight : Qt::AlignLeft));
    if (role == StrongRole)
        return fixed == static_cast<int>(Fixed::At);
    if (role != Qt::DisplayRole || section == 0)
        return {};
    if (section < sparkColumn()) {
        const std::string& name = m_labelNames[static_cast<size_t>(section - 1)];
        if (m_restColumn && section + 1 == sparkColumn())
            return tr("other labels");
        return name.empty()
            ? tr("series")
            : theme::shown(name == labels::kMetricName ? std::string("metric") : name);
    }
    const QString span = theme::formatDurationMs(static_cast<double>(m_spanMs));
    switch (static_cast<Fixed>(fixed)) {
    case Fixed::Last:
        return tr("last");
    case Fixed::At:
        return m_crosshairMs ? tr("at %1").arg(theme::clockText(*m_crosshairMs, m_zone))
                             : tr("at crosshair");
    case Fixed::Min:
        return tr("min");
    case Fixed::Avg:
        return tr("avg");
    case Fixed::Max:
        return tr("max");
    case Fixed::Delta:
        return QStringLiteral("\u0394 ") + span;
    }
    return span;
}

} // namespace fleetglass::models
