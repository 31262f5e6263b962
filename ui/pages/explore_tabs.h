// ExploreTabs: the bar of query tabs: state glyph, title, a cross to close, a plus for another.
// Used from one thread at a time (the UI thread).
#pragma once

#include "ui/theme/tokens.h"

#include <QVector>
#include <QWidget>
#include <optional>

namespace fleetglass::pages {

class ExploreTabs : public QWidget
{
    Q_OBJECT

public:
    struct Tab
    {
        QString title;
        std::optional<theme::State> state;
    };

    explicit ExploreTabs(QWidget* parent = nullptr);

    void setTabs(QVector<Tab> tabs, int current);
    void setNote(const QString& note); // At the right edge: "draft saved 14:41:22".
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return { 120, sizeHint().height() }; }

signals:
    void chosen(int index);
    void closeRequested(int index);
    void addRequested();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Place
    {
        QRect tab;
        QRect cross;
    };
    QVector<Place> places() const;
    QRect plusPlace() const;

    QVector<Tab> m_tabs;
    int m_current = 0;
    QString m_note;
};

} // namespace fleetglass::pages
