// ChangeModel: "changed most": metric, where, the last hour, before, now and by how much. Rows are
// keyed by metric and labels. Used from one thread at a time (the UI thread).
#pragma once

#include "core/view/fleet_view.h"
#include "ui/models/keyed_table_model.h"
#include "ui/theme/time_text.h"

#include <QString>

namespace fleetglass::models {

struct ChangeRow
{
    std::string key;
    view::ChangeView change;
    std::shared_ptr<const std::vector<double>> spark;
};

class ChangeModel : public KeyedTableModel<ChangeRow, std::string>
{
    Q_OBJECT

public:
    enum Column
    {
        Metric,
        Kind,
        Where,
        Hour,
        Before,
        Now,
        Change,
        ColumnCount
    };
    using KeyedTableModel::KeyedTableModel;

    using Changes = std::shared_ptr<const std::vector<view::ChangeView>>;
    void setChanges(const Changes& changes);
    void setRowsMax(int rows);
    void setClock(int64_t nowMs, const theme::Zone& zone); // For the head of the hour.
    int total() const { return m_changes ? static_cast<int>(m_changes->size()) : 0; }
    QString queryAt(int row) const;

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(
        int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

protected:
    std::string keyOf(const ChangeRow& row) const override { return row.key; }
    bool isSame(const ChangeRow& a, const ChangeRow& b) const override;

private:
    void fill();
    QString textOf(const view::ChangeView& change, int column) const;

    Changes m_changes;
    int m_rowsMax = 11;
    int64_t m_nowMs = 0;
    theme::Zone m_zone;
};

// "↑ × 3.4", "↓ −4.9 GiB", "new", "gone".
QString changeText(const view::ChangeView& change);
// "synse-03 template="/v3/read"": the host first, then what else tells it apart.
QString whereText(const labels::Labels& labels);

} // namespace fleetglass::models
