#include "ui/models/capsule_model.h"

#include "ui/theme/cell.h"
#include "ui/theme/ink.h"
#include "ui/theme/plain_text.h"
#include "ui/theme/units.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>

namespace fleetglass::models {

namespace {

constexpr QChar kEnDash(0x2013);
constexpr int64_t kSpanSecondsMax = 10LL * 366 * 86'400;

} // namespace

QString capsuleName(const CapsuleSpan& span)
{
    const QDateTime end = QDateTime::fromMSecsSinceEpoch(span.endMs, Qt::UTC);
    return QStringLiteral("fleetglass-%1-%2s.fgsnap")
        .arg(end.toString(QStringLiteral("yyyyMMdd'T'HHmmss'Z'")))
        .arg((span.endMs - span.startMs) / 1000);
}

std::optional<CapsuleSpan> spanOfName(const QString& fileName)
{
    static const QRegularExpression kName(
        QStringLiteral("^fleetglass-(\\d{8}T\\d{6})Z-(\\d{1,10})s(-\\d+)?\\.fgsnap$"));
    const QRegularExpressionMatch match = kName.match(fileName);
    if (!match.hasMatch())
        return std::nullopt;
    QDateTime end = QDateTime::fromString(match.captured(1), QStringLiteral("yyyyMMdd'T'HHmmss"));
    end.setTimeSpec(Qt::UTC);
    const int64_t seconds = match.captured(2).toLongLong();
    if (!end.isValid() || seconds > kSpanSecondsMax)
        return std::nullopt;
    return CapsuleSpan { end.toMSecsSinceEpoch() - seconds * 1000, end.toMSecsSinceEpoch() };
}

CapsuleModel::CapsuleModel(QObject* parent)
    : KeyedTable(parent)
{
}

void CapsuleModel::showFolder(const QString& folder, int64_t nowMs, const theme::Zone& zone)
{
    const QFileInfoList files = QDir(folder).entryInfoList(
        { QStringLiteral("*.fgsnap") }, QDir::Files | QDir::Readable, QDir::Time);
    std::vector<CapsuleRow> fresh;
    for (const QFileInfo& file : files.mid(0, kFilesMax))
        fresh.push_back(makeRow(file, nowMs, zone));
    showRows(std::move(fresh));
}

CapsuleRow CapsuleModel::makeRow(
    const QFileInfo& file, int64_t nowMs, const theme::Zone& zone) const
{
    CapsuleRow row;
    row.path = file.absoluteFilePath();
    row.key = row.path.toStdString();
    row.createdMs = file.lastModified().toMSecsSinceEpoch();
    row.bytes = file.size();
    row.span = spanOfName(file.fileName());
    const CapsuleRow* known = rowAt(rowOf(row.key));
    const bool same = known != nullptr && known->createdMs == row.createdMs
        && known->bytes == row.bytes && !known->thumbnail.isNull();
    row.thumbnail = same ? known->thumbnail : m_pictureOf ? m_pictureOf(file) : QPixmap();
    row.cells[Name] = theme::shown(file.completeBaseName());
    row.cells[Created] = QStringLiteral("%1 %2").arg(
        theme::dayText(row.createdMs, zone), theme::clockText(row.createdMs, zone));
    row.cells[Range] = !row.span ? QString(kEnDash)
                                 : tr("%1 to %2 (%3)")
                                       .arg(theme::momentText(row.span->startMs, nowMs, zone),
                                           theme::momentText(row.span->endMs, nowMs, zone),
                                           theme::formatDurationMs(static_cast<double>(
                                               row.span->endMs - row.span->startMs)));
    row.cells[Size] = theme::formatBytes(row.bytes);
    return row;
}

int CapsuleModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : kColumns;
}

QVariant CapsuleModel::data(const QModelIndex& index, int role) const
{
    const CapsuleRow* row = index.isValid() ? rowAt(index.row()) : nullptr;
    if (row == nullptr || index.column() >= kColumns)
        return {};
    const int column = index.column();
    if (role == Qt::AccessibleTextRole && column == Picture)
        return row->thumbnail.isNull() ? tr("no picture") : tr("picture");
    if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole)
        return row->cells[static_cast<size_t>(column)];
    if (role == Qt::DecorationRole && column == Picture && !row->thumbnail.isNull())
        return row->thumbnail;
    if (role == theme::BoldRole)
        return column == Name;
    if (role == theme::NumberRole)
        return column == Size;
    if (role == theme::InkRole && column == Range)
        return static_cast<int>(theme::Ink::Muted);
    if (role == Qt::ToolTipRole && column == Name)
        return theme::tip(row->path);
    return {};
}

QVariant CapsuleModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= kColumns)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(
            (section == Size ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const std::array kNames { QString(), tr("Name"), tr("Written"), tr("Range"), tr("Size") };
    return kNames[static_cast<size_t>(section)];
}

} // namespace fleetglass::models
