// RangeButton: shows the range and takes another one: typed, from the list, or a recent one.
// Used from one thread at a time (the UI thread).
#pragma once

#include <QPushButton>
#include <QStringList>

class QLineEdit;
class QListWidget;
class QFrame;

namespace fleetglass::widgets {

class PlainLabel;
class TimeController;

class RangeButton : public QPushButton
{
    Q_OBJECT

public:
    // `time` must outlive the button.
    explicit RangeButton(TimeController& time, QWidget* parent = nullptr);

    QSize sizeHint() const override;
    void openPopup(); // Ctrl+G
    // Typed before, newest first, at most 8.
    const QStringList& recent() const { return m_recent; }
    void setRecent(const QStringList& recent);
    // Shows what was typed, or says why it cannot; true if it was understood.
    bool take(const QString& typed);
    QString problem() const; // The last refusal, while the popup shows it.

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void buildPopup();
    void fillList();

    TimeController& m_time;
    QStringList m_recent;
    QFrame* m_popup = nullptr;
    QLineEdit* m_field = nullptr;
    PlainLabel* m_problem = nullptr;
    QListWidget* m_list = nullptr;
};

} // namespace fleetglass::widgets
