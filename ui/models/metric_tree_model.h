// MetricTreeModel: the metrics of the fleet as a tree of prefixes: group and leaf, TYPE letter,
// number of series, sparkline. A newer catalog inserts, removes and changes rows; nothing
// collapses. Used from one thread at a time (the UI thread).
#pragma once

#include "core/view/fleet_view.h"

#include <QAbstractItemModel>
#include <QHash>
#include <memory>
#include <vector>

namespace fleetglass::models {

using SparkValues = std::shared_ptr<const std::vector<double>>;

enum MetricRole
{
    MetricNameRole = Qt::UserRole + 1, // QString, empty for a group.
    MetricTypeRole, // QString: the letter, empty for a group.
    MetricSparkRole, // SparkValues
};

class MetricTreeModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Column
    {
        Name,
        Spark,
        Series,
        kColumns
    };

    explicit MetricTreeModel(QObject* parent = nullptr);
    ~MetricTreeModel() override;

    void setCatalog(std::shared_ptr<const view::MetricCatalog> catalog);
    // Name or HELP contains all words.
    void setFilter(const QString& text);
    const QString& filter() const { return m_filter; }
    void setSpark(const QString& metric, SparkValues values);
    bool hasSpark(const QString& metric) const { return m_sparks.contains(metric); }

    const view::MetricView* metric(const QString& name) const; // Null: there is none.
    QModelIndex indexOf(const QString& metric) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& = {}) const override { return kColumns; }
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(
        int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    struct Node;

private:
    std::unique_ptr<Node> build() const;
    void sync(Node& mine, std::unique_ptr<Node> newer, const QModelIndex& at);
    const Node* nodeAt(const QModelIndex& index) const;
    QModelIndex find(const Node& node, const QModelIndex& at, const QString& metric) const;

    std::shared_ptr<const view::MetricCatalog> m_catalog;
    std::unique_ptr<Node> m_root;
    QString m_filter;
    QHash<QString, SparkValues> m_sparks;
};

// C, G, H, S ... or ?.
QChar metricLetter(labels::MetricType type);

} // namespace fleetglass::models
