// KeyedTable: the keyed table of rows that carry their key and know when they look the same. Used
// from one thread at a time (the UI thread).
#pragma once

#include "ui/models/keyed_table_model.h"

namespace fleetglass::models {

// Row: a member `key` with operator==, a `std::hash` for it, and an operator== for what is shown.
template<class Row>
class KeyedTable : public KeyedTableModel<Row, decltype(Row::key)>
{
    using Base = KeyedTableModel<Row, decltype(Row::key)>;

public:
    using Key = decltype(Row::key);
    using Base::Base;

    const std::vector<Row>& rows() const { return Base::rows(); }
    // Null where there is no such row; until the next change of rows.
    const Row* rowAt(int row) const
    {
        return row < 0 || row >= this->rowCount() ? nullptr : &Base::rowAt(row);
    }

protected:
    // Keys in `fresh` are different from each other.
    void showRows(std::vector<Row> fresh) { Base::sync(std::move(fresh)); }

private:
    Key keyOf(const Row& row) const override { return row.key; }
    bool isSame(const Row& a, const Row& b) const override { return a == b; }
};

} // namespace fleetglass::models
