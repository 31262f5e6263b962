// SearchField: a field with a magnifying glass and, while it is empty, the key that leads to it.
// Used from one thread at a time (the UI thread).
#pragma once

#include <QLineEdit>

namespace fleetglass::widgets {

class SearchField : public QLineEdit
{
    Q_OBJECT

public:
    // `keyHint`: "/" or "Ctrl+K".
    explicit SearchField(
        const QString& placeholder, const QString& keyHint = {}, QWidget* parent = nullptr);

signals:
    // 150 ms after the last key, or at once with Enter; what is shown should be filtered by it.
    void filterChanged(const QString& text);
    void leftDownwards(); // Down or Enter: the list may take the keyboard.

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QString m_keyHint;
};

} // namespace fleetglass::widgets
