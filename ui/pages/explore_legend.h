// ExploreLegend: the table below the chart: click isolates, Ctrl+click toggles, Alt+click takes the
// similar, H hides. What is hidden is kept by labels. Used from one thread at a time (the UI
// thread).
#pragma once

#include "ui/models/legend_model.h"

#include <QSet>
#include <QTableView>

namespace fleetglass::pages {

class ExploreLegend : public QTableView
{
    Q_OBJECT

public:
    // The model outlives the view.
    explicit ExploreLegend(models::LegendModel& model, QWidget* parent = nullptr);

    const QSet<QString>& hidden() const { return m_hidden; }
    void setHidden(const QSet<QString>& keys);
    QString current() const;
    void select(const QString& key);
    // As a click on the line in the chart.
    void activate(const QString& key, bool toggle);
    // Columns follow the text of the rows; after a new question.
    void fitColumns();

signals:
    void hiddenChanged(const QSet<QString>& keys);
    void currentChangedTo(const QString& key);
    void hovered(const QString& key);

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

private:
    void hide(const QSet<QString>& keys);
    QSet<QString> similarTo(const QString& key) const;

    models::LegendModel& m_model;
    QSet<QString> m_hidden;
};

} // namespace fleetglass::pages
