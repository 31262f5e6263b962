#include "ui/models/change_model.h"

#include "ui/theme/cell.h"
#include "ui/theme/ink.h"
#include "ui/theme/plain_text.h"
#include "ui/theme/units.h"

#include <QCoreApplication>
#include <cmath>

namespace fleetglass::models {

QString whereText(const labels::Labels& labels)
{
    QString text = theme::shown(labels.get("instance"));
    for (const labels::Label& label : labels) {
        if (label.name == "instance" || label.name == labels::kMetricName)
            continue;
        if (!text.isEmpty())
            text += QLatin1Char(' ');
        text += theme::shown(label.name) + QStringLiteral("=\"") + theme::shown(label.value)
            + QLatin1Char('"');
    }
    return text;
}

QString changeText(const view::ChangeView& change)
{
    const double before = change.before;
    const double now = change.now;
    if (std::isnan(before) || (before == 0 && now != 0))
        return QCoreApplication::translate("ChangeModel", "new");
    if (std::isnan(now) || (now == 0 && before != 0))
        return QCoreApplication::translate("ChangeModel", "gone");
    const QString arrow = now >= before ? QStringLiteral("\u2191 ") : QStringLiteral("\u2193 ");
    if (before > 0 && now >= before * 1.5)
        return arrow + QStringLiteral("\u00d7 ") + theme::formatNumber(now / before);
    return arrow
        + theme::formatDelta(
            now - before, theme::unitFromWord(QString::fromStdString(change.unit)));
}

void ChangeModel::setChanges(const Changes& changes)
{
    if (m_changes == changes)
        return;
    m_changes = changes;
    fill();
}

void ChangeModel::setRowsMax(int rows)
{
    m_rowsMax = rows;
    fill();
}

void ChangeModel::setClock(int64_t nowMs, const theme::Zone& zone)
{
    const bool same
        = theme::clockMinuteText(nowMs, zone) == theme::clockMinuteText(m_nowMs, m_zone);
    m_nowMs = nowMs;
    m_zone = zone;
    if (!same)
        emit headerDataChanged(Qt::Horizontal, Hour, Hour);
}

void ChangeModel::fill()
{
    std::vector<ChangeRow> rows;
    for (size_t i = 0; m_changes && i < m_changes->size() && i < static_cast<size_t>(m_rowsMax);
         ++i) {
        const view::ChangeView& change = (*m_changes)[i];
        rows.push_back({ change.metric + '\n' + change.kind + '\n' + change.labels.toString(),
            change, std::make_shared<const std::vector<double>>(change.spark) });
    }
    sync(std::move(rows));
}

bool ChangeModel::isSame(const ChangeRow& a, const ChangeRow& b) const
{
    return a.change.now == b.change.now && a.change.before == b.change.before
        && a.change.query == b.change.query && a.change.spark == b.change.spark;
}

QString ChangeModel::queryAt(int row) const
{
    return row < 0 || row >= rowCount() ? QString()
                                        : QString::fromStdString(rowAt(row).change.query);
}

int ChangeModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString ChangeModel::textOf(const view::ChangeView& change, int column) const
{
    const auto value = [&](double number) {
        return theme::formatValue(number, theme::unitFromWord(QString::fromStdString(change.unit)));
    };
    switch (column) {
    case Metric:
        return theme::shown(change.metric);
    case Kind:
        return theme::shown(change.kind);
    case Where:
        return whereText(change.labels);
    case Before:
        return value(change.before);
    case Now:
        return value(change.now);
    case Change:
        return changeText(change);
    default:
        return {};
    }
}

QVariant ChangeModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const ChangeRow& row = rowAt(index.row());
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return textOf(row.change, column);
    case theme::SparkRole:
        return column == Hour
            ? QVariant::fromValue(theme::SparkCell { .values = row.spark, .shadedFrom = 0.75 })
            : QVariant();
    case theme::NumberRole:
        return column == Before || column == Now || column == Change;
    case theme::BoldRole:
        return column == Now;
    case theme::InkRole:
        return column == Kind || column == Before ? static_cast<int>(theme::Ink::Muted)
                                                  : static_cast<int>(theme::Ink::Text);
    default:
        return {};
    }
}

QVariant ChangeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::AlignVCenter | (section >= Before ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Metric:
        return tr("Metric");
    case Kind:
        return tr("as");
    case Where:
        return tr("Where");
    case Hour:
        return tr("%1 to %2")
            .arg(theme::clockMinuteText(m_nowMs - 3'600'000, m_zone),
                theme::clockMinuteText(m_nowMs, m_zone));
    case Before:
        return tr("before");
    case Now:
        return tr("now");
    default:
        return tr("change");
    }
}

} // namespace fleetglass::models
