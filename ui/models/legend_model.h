// LegendModel: one row for each line of a chart: swatch, the labels that differ, sparkline, last
// value, value at the crosshair, min, avg, max, change. Rows are keyed by labels; a new answer to
// the same question changes ranges of rows and never resets. Used from one thread at a time (the UI
// thread).
#pragma once

#include "core/view/fleet_port.h"
#include "ui/theme/series_colors.h"
#include "ui/theme/time_text.h"
#include "ui/theme/units.h"

#include <QAbstractTableModel>
#include <QPointF>
#include <QSet>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace fleetglass::models {

using SparkValues = std::shared_ptr<const std::vector<double>>;

enum LegendRole
{
    KeyRole = Qt::UserRole + 1, // QString: the labels.
    StyleRole, // theme::SeriesStyle
    SparkRole, // SparkValues
    HiddenRole, // bool
    NumberRole, // double, for numeric columns.
    StrongRole, // bool: the column of the crosshair.
    QuietRole, // bool: min, avg and max explain.
    ScaleRole, // QPointF(lowest, highest) of all lines: sparklines share it.
};

class LegendModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum class Fixed
    {
        Last,
        At,
        Min,
        Avg,
        Max,
        Delta
    };
    static constexpr int kLabelColumnsMax = 4;

    explicit LegendModel(QObject* parent = nullptr);

    using StyleOf = std::function<theme::SeriesStyle(const labels::Labels&)>;
    void setAnswer(const view::QueryAnswerPtr& answer, const StyleOf& styleOf);
    void setUnit(const theme::Unit& unit);
    void setZone(const theme::Zone& zone);
    void setCrosshair(std::optional<int64_t> timeMs, int64_t toleranceMs);
    void setHidden(const QSet<QString>& keys);
    // Any label's name or value contains it.
    void setFilter(const QString& text);

    int sparkColumn() const { return 1 + static_cast<int>(m_labelNames.size()); }
    int column(Fixed fixed) const { return sparkColumn() + 1 + static_cast<int>(fixed); }
    int rowOf(const QString& key) const; // -1: not shown.
    QString keyAt(int row) const;
    QString nameAt(int row) const; // "synse-03 /v3/read"
    // All lines, also those filtered out, in the order of the rows.
    QStringList keys() const;
    QString nameOf(const QString& key) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(
        int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

private:
    struct Row
    {
        QString key;
        labels::Labels labels;
        QStringList cells;
        theme::SeriesStyle style;
        std::vector<int64_t> timestampsMs;
        std::vector<double> values;
        SparkValues spark;
        std::array<double, 6> numbers {}; // By Fixed.
    };

    static Row makeRow(const view::SeriesView& series, const view::QueryRequest& request);
    static QPointF scaleOf(const std::vector<Row>& rows);
    void fillCells(Row& row) const;
    bool takeLabelNames(const view::QueryAnswer& answer);
    void replaceAll(std::vector<Row> rows);
    void takeNew(std::vector<Row> rows);
    void measureAt(Row& row) const;
    void order(std::vector<Row>& rows) const;
    bool passes(const Row& row) const;
    void showOnlyPassing();
    QString textOf(const Row& row, int column) const;

    std::vector<Row> m_all; // Sorted as shown.
    std::vector<size_t> m_shown; // Indices into m_all that pass the filter.
    std::vector<std::string> m_labelNames;
    bool m_restColumn = false; // The last label column holds all further labels.
    theme::Unit m_unit;
    theme::Zone m_zone;
    std::optional<int64_t> m_crosshairMs;
    int64_t m_toleranceMs = 0;
    int64_t m_spanMs = 0;
    QPointF m_scale;
    QSet<QString> m_hidden;
    QString m_filter;
    int m_sortColumn = -1; // By last, falling.
    Qt::SortOrder m_sortOrder = Qt::DescendingOrder;
};

} // namespace fleetglass::models

Q_DECLARE_METATYPE(fleetglass::theme::SeriesStyle)
Q_DECLARE_METATYPE(fleetglass::models::SparkValues)
