// CommandPalette: the list below the search field of the menu bar (Ctrl+K). Used from one thread at
// a time (the UI thread).
#pragma once

#include "ui/widgets/palette_item.h"

#include <QFrame>
#include <QVector>
#include <functional>

class QLineEdit;

namespace fleetglass::widgets {

class CommandPalette : public QFrame
{
    Q_OBJECT

public:
    // `field` must outlive the palette; `provide` is asked when it opens.
    CommandPalette(
        QLineEdit& field, std::function<QVector<PaletteItem>()> provide, QWidget* window);

    void open(const QString& typed = {});
    int shownCount() const { return static_cast<int>(m_found.size()); }
    QString shownText(int row) const;
    // Runs the chosen row and closes.
    void activate();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    void close();
    void search();
    void place();
    void move(int rows);
    QRect rowRect(int row) const;
    bool handleKey(int key);

    QLineEdit& m_field;
    std::function<QVector<PaletteItem>()> m_provide;
    QVector<PaletteItem> m_items;
    QVector<int> m_found;
    int m_current = 0;
};

} // namespace fleetglass::widgets
