// AttemptModel: the last scrapes of one target, newest first, keyed by their time. Used from one
// thread at a time (the UI thread).
#pragma once

#include "core/view/target_view.h"
#include "ui/models/keyed_table_model.h"
#include "ui/theme/time_text.h"

namespace fleetglass::models {

class AttemptModel : public KeyedTableModel<view::AttemptView, int64_t>
{
    Q_OBJECT

public:
    enum Column
    {
        Time,
        Result,
        Took,
        Message,
        ColumnCount
    };
    using KeyedTableModel::KeyedTableModel;

    // Of a target without attempts: null.
    void setAttempts(
        const std::shared_ptr<const std::vector<view::AttemptView>>& attempts, int countMax);
    void setZone(const theme::Zone& zone);
    // "20 × TLS, same error", "9 × PARSE, 11 × ok".
    QString summary() const;

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(
        int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

protected:
    int64_t keyOf(const view::AttemptView& attempt) const override { return attempt.timeMs; }
    bool isSame(const view::AttemptView& a, const view::AttemptView& b) const override;

private:
    QString textOf(const view::AttemptView& attempt, int column) const;

    theme::Zone m_zone;
};

} // namespace fleetglass::models
