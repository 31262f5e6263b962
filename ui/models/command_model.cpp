#include "ui/models/command_model.h"

#include "ui/theme/cell.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/ink.h"
#include "ui/theme/plain_text.h"
#include "ui/theme/units.h"

#include <algorithm>

namespace fleetglass::models {

namespace {

constexpr size_t kRowsMax = 500;

void addGrowth(CommandCount& command, const view::SeriesView& series,
    const view::QueryRequest& request, int64_t beginMs, int64_t endMs)
{
    // What is there at the very first step has an unknown past; what comes later began at zero.
    const bool fresh
        = !series.timestampsMs.empty() && series.timestampsMs.front() > request.startMs;
    double before = fresh || series.values.empty() ? 0 : series.values.front();
    for (size_t i = 0; i < series.values.size(); ++i) {
        const double value = series.values[i];
        const double growth = value >= before ? value - before : value;
        before = value;
        const int64_t atMs = series.timestampsMs[i];
        if (!(growth > 0) || atMs < beginMs || atMs > endMs)
            continue;
        command.count += growth;
        command.lastMs = atMs;
    }
}

} // namespace

std::vector<CommandCount> commandCounts(
    const view::QueryAnswer& answer, int64_t beginMs, int64_t endMs)
{
    std::vector<CommandCount> commands;
    for (const view::SeriesView& series : answer.series) {
        const auto label
            = [&](std::string_view name) { return std::string(series.labels.get(name)); };
        CommandCount command { label("mode"), label("id"), label("parent_id"), label("error") };
        addGrowth(command, series, answer.request, beginMs, endMs);
        if (command.count > 0)
            commands.push_back(std::move(command));
    }
    std::stable_sort(commands.begin(), commands.end(),
        [](const CommandCount& a, const CommandCount& b) { return a.lastMs > b.lastMs; });
    return commands;
}

CommandModel::CommandModel(QObject* parent)
    : KeyedTable(parent)
{
}

void CommandModel::setCommands(
    const std::vector<CommandCount>& commands, int64_t nowMs, const theme::Zone& zone)
{
    std::vector<CommandRow> fresh;
    std::unordered_set<std::string> seen;
    for (const CommandCount& command : commands) {
        CommandRow row { command.mode + '\n' + command.id + '\n' + command.parent + '\n'
                + command.error,
            command, {} };
        if (fresh.size() >= kRowsMax || !seen.insert(row.key).second)
            continue;
        row.cells = { theme::momentText(command.lastMs, nowMs, zone), theme::shown(command.mode),
            theme::shown(command.id), theme::shown(command.parent), theme::shown(command.error),
            QLatin1Char('+') + theme::formatNumber(command.count) };
        fresh.push_back(std::move(row));
    }
    showRows(std::move(fresh));
}

int CommandModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : kColumns;
}

QVariant CommandModel::data(const QModelIndex& index, int role) const
{
    const CommandRow* row = index.isValid() ? rowAt(index.row()) : nullptr;
    if (row == nullptr || index.column() >= kColumns)
        return {};
    if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole)
        return row->cells[static_cast<size_t>(index.column())];
    if (role == theme::NumberRole)
        return index.column() == Count;
    const bool failed = index.column() == ErrorCode && row->command.hasError();
    if (role == theme::GlyphRole && failed)
        return static_cast<int>(theme::Glyph::Critical);
    if (role == theme::InkRole && failed)
        return static_cast<int>(theme::Ink::Critical);
    if (role == theme::InkRole && index.column() == Parent)
        return static_cast<int>(theme::Ink::Muted);
    return {};
}

QVariant CommandModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= kColumns)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(
            (section == Count ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const std::array kNames { tr("seen"), QStringLiteral("mode"), QStringLiteral("id"),
        QStringLiteral("parent_id"), QStringLiteral("error"), tr("count") };
    return kNames[static_cast<size_t>(section)];
}

} // namespace fleetglass::models
