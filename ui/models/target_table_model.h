// TargetTableModel: all targets in one flat table, 100,000 rows: down first, then unknown, then up,
// or sorted by a column. Rows are keyed by the target's id. Used from one thread at a time (the UI
// thread).
#pragma once

#include "core/view/fleet_view.h"
#include "ui/models/keyed_table_model.h"
#include "ui/models/target_filter.h"
#include "ui/theme/ink.h"

namespace fleetglass::models {

struct TargetRow
{
    std::shared_ptr<const view::TargetView> target;
};

class TargetTableModel : public KeyedTableModel<TargetRow, uint64_t>
{
    Q_OBJECT

public:
    enum Column
    {
        State,
        Job,
        Instance,
        Labels,
        Phase,
        Notes, // Not verified, certificate ends, honor_labels.
        LastError,
        LastScrape,
        Took,
        Samples,
        Size,
        Failed,
        Hour,
        ColumnCount
    };
    using KeyedTableModel::KeyedTableModel;

    void setFleet(const view::FleetViewPtr& fleet);
    void setFilter(const TargetFilter& filter);
    // The row that is shown below in detail; its instance is bold.
    void setCurrent(uint64_t targetId);

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(
        int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override; // -1: worst first.

protected:
    uint64_t keyOf(const TargetRow& row) const override { return row.target->id; }
    bool isSame(const TargetRow& a, const TargetRow& b) const override;

private:
    void fill();
    void order(std::vector<TargetRow>& rows) const;
    QString textOf(const view::TargetView& target, int column) const;
    QVariant inkOf(const view::TargetView& target, int column) const;
    QVariant glyphOf(const view::TargetView& target, int column) const;
    QVariant ribbonOf(const view::TargetView& target) const;

    view::FleetViewPtr m_fleet;
    TargetFilter m_filter;
    int64_t m_nowMs = 0;
    uint64_t m_current = 0;
    int m_sortColumn = -1;
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
};

// What is permanently to be known of a target: that its certificate is not verified or ends soon,
// that its own labels count. Empty: nothing.
struct TargetNote
{
    QString text;
    theme::Ink ink = theme::Ink::Muted;
};
TargetNote noteOf(const view::TargetView& target, int64_t nowMs);

// Labels but for instance and job: "role=db site=fra1".
QString otherLabelsText(const labels::Labels& labels);

} // namespace fleetglass::models
