// CommandModel: commands that changed something while a shell was open: when last seen, how, which,
// under what, with which error, how often. Used from one thread at a time (the UI thread).
#pragma once

#include "core/view/fleet_port.h"
#include "ui/models/keyed_table.h"
#include "ui/theme/time_text.h"

#include <array>
#include <string>

namespace fleetglass::models {

// Increases of one command's counter within a stretch of time.
struct CommandCount
{
    std::string mode; // "check", "changed" ...
    std::string id;
    std::string parent;
    std::string error; // "0": none.
    int64_t lastMs = 0; // When it was last seen to have grown.
    double count = 0;

    bool hasError() const { return !error.empty() && error != "0"; }
    bool isCheck() const { return mode.rfind("check", 0) == 0; }
};

// From counters by mode, id, parent_id and error over time: what grew between the two moments, the
// newest first. A series that appears within counts from zero, one that falls begins anew.
std::vector<CommandCount> commandCounts(
    const view::QueryAnswer& answer, int64_t beginMs, int64_t endMs);

struct CommandRow
{
    std::string key;
    CommandCount command;
    std::array<QString, 6> cells;

    friend bool operator==(const CommandRow& a, const CommandRow& b)
    {
        return a.key == b.key && a.cells == b.cells;
    }
};

class CommandModel : public KeyedTable<CommandRow>
{
    Q_OBJECT

public:
    enum Column
    {
        Seen,
        Mode,
        Id,
        Parent,
        ErrorCode,
        Count,
        kColumns
    };

    explicit CommandModel(QObject* parent = nullptr);
    void setCommands(
        const std::vector<CommandCount>& commands, int64_t nowMs, const theme::Zone& zone);

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(
        int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
};

} // namespace fleetglass::models
