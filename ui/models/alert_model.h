// AlertModel: one row for each alert instance: state, name, labels, value, limit, the last hours,
// since, for, and how it was handled. Rows are keyed by the alert's id and sorted by severity, then
// since, unless told otherwise. Used from one thread at a time (the UI thread).
#pragma once

#include "core/view/alert_view.h"
#include "ui/models/keyed_table.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/ink.h"
#include "ui/theme/time_text.h"
#include "ui/theme/units.h"

#include <QSet>
#include <array>
#include <functional>
#include <memory>

namespace fleetglass::models {

// What an alert is to whoever looks at the list, worst first.
enum class AlertKind
{
    Critical,
    Warning,
    Info,
    Pending,
    Snoozed,
    Resolved
};
inline constexpr size_t kAlertKinds = 6;

AlertKind kindOf(const view::AlertView& alert, int64_t nowMs);
QString wordOf(AlertKind kind);
theme::Glyph glyphOf(AlertKind kind);
theme::Ink inkOf(AlertKind kind);
// "instance=web-03:9100 mountpoint=/var", without the severity.
QString labelText(const labels::Labels& labels);

using AlertPtr = std::shared_ptr<const view::AlertView>;

struct AlertRow
{
    uint64_t key = 0;
    AlertPtr alert;
    AlertKind kind = AlertKind::Warning;
    std::array<QString, 9> cells;

    // What is seen; the view behind it may be newer.
    friend bool operator==(const AlertRow& a, const AlertRow& b)
    {
        return a.key == b.key && a.kind == b.kind && a.cells == b.cells
            && a.alert->spark == b.alert->spark
            && a.alert->acknowledgedMs == b.alert->acknowledgedMs;
    }
};

class AlertModel : public KeyedTable<AlertRow>
{
    Q_OBJECT

public:
    enum Column
    {
        State,
        Alert,
        LabelSet,
        Value,
        Limit,
        Spark,
        Since,
        For,
        Handled,
        kColumns
    };
    using UnitOf = std::function<theme::Unit(const view::AlertView&)>;

    explicit AlertModel(QObject* parent = nullptr);

    void setUnitOf(UnitOf unitOf);
    void setAlerts(const std::vector<AlertPtr>& alerts, int64_t nowMs);
    void setZone(const theme::Zone& zone);
    // Empty: all kinds.
    void setKinds(const QSet<int>& kinds);
    // Every word is in the name or a label.
    void setFilter(const QString& text);

    int total() const { return static_cast<int>(m_alerts.size()); }
    int count(AlertKind kind) const { return m_counts[static_cast<size_t>(kind)]; }
    std::vector<AlertPtr> shown() const; // In the order of the rows.
    bool isSortedBySeverity() const { return m_sortColumn < 0; }
    // RFC 4180, with a head; `rows` empty: all.
    QString csv(const std::vector<int>& rows) const;

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(
        int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    // -1: by severity, then since.
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

private:
    void update();
    bool passes(const AlertRow& row) const;
    AlertRow makeRow(const AlertPtr& alert) const;
    QString handledText(const view::AlertView& alert, AlertKind kind) const;
    bool comesBefore(const AlertRow& a, const AlertRow& b) const;
    QVariant handledData(const AlertRow& row, int role) const;
    QVariant stateData(const AlertRow& row, int role) const;

    std::vector<AlertPtr> m_alerts;
    std::array<int, kAlertKinds> m_counts {};
    UnitOf m_unitOf;
    int64_t m_nowMs = 0;
    theme::Zone m_zone;
    QSet<int> m_kinds;
    QStringList m_words;
    int m_sortColumn = -1;
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
};

// In whole seconds: "15 s", "4 m 45 s", "1 h 24 m".
QString durationText(int64_t ms);
// A field of a CSV file, in quotes where it has to be.
QString csvField(const QString& text);

} // namespace fleetglass::models
