// KeyedTableModel: a table of rows that have a key. sync() brings it to a newer list of rows with
// inserts, removes, one change of order and ranges of dataChanged, so that selection and scroll
// position survive a tick. Used from one thread at a time (the UI thread).
#pragma once

#include <QAbstractTableModel>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace fleetglass::models {

template<class Row, class Key>
class KeyedTableModel : public QAbstractTableModel
{
public:
    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
    }
    const Row& rowAt(int row) const { return m_rows[static_cast<size_t>(row)]; }
    int rowOf(const Key& key) const // -1: not shown.
    {
        for (size_t i = 0; i < m_rows.size(); ++i) {
            if (keyOf(m_rows[i]) == key)
                return static_cast<int>(i);
        }
        return -1;
    }

protected:
    virtual Key keyOf(const Row& row) const = 0;
    virtual bool isSame(const Row& a, const Row& b) const = 0; // Nothing to draw anew.
    const std::vector<Row>& rows() const { return m_rows; }

    void sync(std::vector<Row> next)
    {
        if (!hasSameKeys(next) && !takeKeys(next))
            return;
        for (size_t i = 0; i < next.size(); ++i) {
            if (isSame(m_rows[i], next[i])) {
                m_rows[i] = std::move(next[i]); // Same to see, but the newest value behind it.
                continue;
            }
            size_t end = i;
            while (end < next.size() && !isSame(m_rows[end], next[end])) {
                m_rows[end] = std::move(next[end]);
                ++end;
            }
            emit dataChanged(
                index(static_cast<int>(i), 0), index(static_cast<int>(end) - 1, columnCount() - 1));
            i = end; // The row at `end` is the same.
        }
    }

private:
    // A filter may take every second row away; from there on a reset is the cheaper way.
    static constexpr size_t kRangesMax = 256;

    bool hasSameKeys(const std::vector<Row>& next) const
    {
        if (next.size() != m_rows.size())
            return false;
        for (size_t i = 0; i < next.size(); ++i) {
            if (!(keyOf(m_rows[i]) == keyOf(next[i])))
                return false;
        }
        return true;
    }

    // Brings m_rows to the keys and the order of `next`; false: by a reset, all is done.
    bool takeKeys(std::vector<Row>& next)
    {
        std::unordered_set<Key> wanted;
        for (const Row& row : next)
            wanted.insert(keyOf(row));
        std::vector<std::pair<size_t, size_t>> gone; // [first, end)
        for (size_t i = 0; i < m_rows.size(); ++i) {
            if (wanted.contains(keyOf(m_rows[i])))
                continue;
            if (!gone.empty() && gone.back().second == i)
                gone.back().second = i + 1;
            else
                gone.emplace_back(i, i + 1);
        }
        if (gone.size() > kRangesMax) {
            beginResetModel();
            m_rows = std::move(next);
            endResetModel();
            return false;
        }
        removeRanges(gone);
        appendNew(next);
        if (!hasSameKeys(next))
            reorder(next);
        return true;
    }

    void removeRanges(const std::vector<std::pair<size_t, size_t>>& ranges)
    {
        for (auto range = ranges.rbegin(); range != ranges.rend(); ++range) {
            beginRemoveRows(
                {}, static_cast<int>(range->first), static_cast<int>(range->second) - 1);
            m_rows.erase(m_rows.begin() + static_cast<std::ptrdiff_t>(range->first),
                m_rows.begin() + static_cast<std::ptrdiff_t>(range->second));
            endRemoveRows();
        }
    }

    void appendNew(const std::vector<Row>& next)
    {
        std::unordered_set<Key> known;
        for (const Row& row : m_rows)
            known.insert(keyOf(row));
        std::vector<Row> fresh;
        for (const Row& row : next) {
            if (known.insert(keyOf(row)).second)
                fresh.push_back(row);
        }
        if (fresh.empty())
            return;
        const int first = rowCount();
        beginInsertRows({}, first, first + static_cast<int>(fresh.size()) - 1);
        m_rows.insert(m_rows.end(), fresh.begin(), fresh.end());
        endInsertRows();
    }

    void reorder(std::vector<Row>& next)
    {
        emit layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
        std::unordered_map<Key, int> place;
        for (size_t i = 0; i < next.size(); ++i)
            place.emplace(keyOf(next[i]), static_cast<int>(i));
        const QModelIndexList before = persistentIndexList();
        QModelIndexList after;
        for (const QModelIndex& one : before)
            after += index(place.at(keyOf(rowAt(one.row()))), one.column());
        m_rows = next;
        changePersistentIndexList(before, after);
        emit layoutChanged({}, QAbstractItemModel::VerticalSortHint);
    }

    std::vector<Row> m_rows;
};

} // namespace fleetglass::models
