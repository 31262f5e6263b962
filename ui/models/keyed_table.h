// KeyedTable: a table model whose rows have a key. New rows are compared with those shown: what is
// gone is removed, what is new inserted, what moved is moved, and what became different is told in
// ranges of dataChanged; selections stay on their key. Used from one thread at a time (the UI
// thread).
#pragma once

#include <QAbstractTableModel>
#include <unordered_set>
#include <vector>

namespace fleetglass::models {

// Row: a member `key` with operator==, a `std::hash` for it, and an operator== for what is shown.
template<class Row>
class KeyedTable : public QAbstractTableModel
{
public:
    using Key = decltype(Row::key);
    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
    }
    const std::vector<Row>& rows() const { return m_rows; }
    // Null where there is no such row; until the next change of rows.
    const Row* rowAt(int row) const
    {
        return row < 0 || row >= rowCount() ? nullptr : &m_rows[static_cast<size_t>(row)];
    }
    int rowOf(const Key& key) const
    {
        for (size_t i = 0; i < m_rows.size(); ++i) {
            if (m_rows[i].key == key)
                return static_cast<int>(i);
        }
        return -1;
    }

protected:
    // Keys in `fresh` are different from each other.
    void showRows(std::vector<Row> fresh)
    {
        removeMissing(fresh);
        for (size_t i = 0; i < fresh.size(); ++i)
            place(fresh[i], i);
        tellChanges(fresh);
    }

private:
    void removeMissing(const std::vector<Row>& fresh)
    {
        std::unordered_set<Key> stays;
        for (const Row& row : fresh)
            stays.insert(row.key);
        for (size_t end = m_rows.size(); end > 0;) {
            if (stays.contains(m_rows[end - 1].key)) {
                --end;
                continue;
            }
            size_t begin = end - 1;
            while (begin > 0 && !stays.contains(m_rows[begin - 1].key))
                --begin;
            beginRemoveRows({}, static_cast<int>(begin), static_cast<int>(end) - 1);
            m_rows.erase(m_rows.begin() + static_cast<std::ptrdiff_t>(begin),
                m_rows.begin() + static_cast<std::ptrdiff_t>(end));
            endRemoveRows();
            end = begin;
        }
    }

    // The row of this key comes to `at`; all before it are in place already.
    void place(const Row& row, size_t at)
    {
        if (at < m_rows.size() && m_rows[at].key == row.key)
            return;
        const int found = rowOf(row.key);
        const int to = static_cast<int>(at);
        if (found < 0) {
            beginInsertRows({}, to, to);
            m_rows.insert(m_rows.begin() + to, row);
            return endInsertRows();
        }
        beginMoveRows({}, found, found, {}, to);
        Row moved = std::move(m_rows[static_cast<size_t>(found)]);
        m_rows.erase(m_rows.begin() + found);
        m_rows.insert(m_rows.begin() + to, std::move(moved));
        endMoveRows();
    }

    void tellChanges(std::vector<Row>& fresh)
    {
        for (size_t i = 0; i < fresh.size();) {
            size_t end = i;
            while (end < fresh.size() && !(fresh[end] == m_rows[end])) {
                m_rows[end] = std::move(fresh[end]);
                ++end;
            }
            if (end == i) {
                m_rows[i] = std::move(fresh[i]); // Same to see, but the newest value behind it.
                ++i;
                continue;
            }
            emit dataChanged(
                index(static_cast<int>(i), 0), index(static_cast<int>(end) - 1, columnCount() - 1));
            i = end;
        }
    }

    std::vector<Row> m_rows;
};

} // namespace fleetglass::models
