// CompletionPopup: the list under the token being typed. Stays a child of the window, so the editor
// keeps the keyboard and hands keys on. Used from one thread at a time (the UI thread).
#pragma once

#include "ui/widgets/query_completion.h"

#include <QWidget>

namespace fleetglass::widgets {

class CompletionPopup : public QWidget
{
    Q_OBJECT

public:
    explicit CompletionPopup(QWidget* window);

    // Below `token`, or above it where the window ends; in the window's coordinates.
    void showAt(const QRect& token, QVector<Completion> completions);
    const QVector<Completion>& completions() const { return m_completions; }
    int current() const { return m_current; }
    void move(int rows);

signals:
    void chosen(const fleetglass::widgets::Completion& completion);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    int rowHeight() const;
    int visibleRows() const;
    void paintRow(
        QPainter& painter, const QRect& row, const Completion& completion, bool selected) const;

    QVector<Completion> m_completions;
    int m_current = 0;
    int m_first = 0;
};

} // namespace fleetglass::widgets
