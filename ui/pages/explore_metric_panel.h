// ExploreMetricPanel: search, tree of metrics, and the card of the one selected with what can be
// done with it. Used from one thread at a time (the UI thread).
#pragma once

#include "core/view/fleet_port.h"
#include "ui/models/metric_tree_model.h"

#include <QHash>
#include <QTimer>
#include <QWidget>

class QTreeView;

namespace fleetglass::widgets {
class KeyButton;
class KeyValueList;
class PlainLabel;
class SearchField;
} // namespace fleetglass::widgets

namespace fleetglass::pages {

class ExploreMetricPanel : public QWidget
{
    Q_OBJECT

public:
    // The port outlives the panel.
    explicit ExploreMetricPanel(view::FleetPort& port, QWidget* parent = nullptr);
    ~ExploreMetricPanel() override;

    void setCatalog(
        std::shared_ptr<const view::MetricCatalog> catalog, int64_t intervalMs, int64_t nowMs);
    void select(const QString& metric); // Opens its groups.
    QString selected() const;
    void focusFilter();
    QJsonObject saveState() const;
    void restoreState(const QJsonObject& state);

signals:
    void queryRequested(const QString& query);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QWidget* buildCard();
    void showCard();
    void chart(const QModelIndex& index);
    void filter(const QString& text);
    void askSparks();

    view::FleetPort& m_port;
    models::MetricTreeModel m_model;
    widgets::SearchField* m_search;
    QTreeView* m_tree;
    QWidget* m_card = nullptr;
    widgets::PlainLabel* m_name = nullptr;
    widgets::PlainLabel* m_help = nullptr;
    widgets::KeyValueList* m_facts = nullptr;
    widgets::KeyButton* m_first = nullptr;
    widgets::KeyButton* m_second = nullptr;
    QString m_firstQuery;
    QString m_secondQuery;
    int64_t m_intervalMs = 15'000;
    int64_t m_nowMs = 0;
    QTimer m_sparkTimer;
    QHash<QString, int64_t> m_sparkAskedMs;
    view::FleetPort::QueryId m_sparkQuery = 0;
};

} // namespace fleetglass::pages
