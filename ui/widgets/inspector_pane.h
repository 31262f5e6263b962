// InspectorPane: the right edge of the window. Holds the inspectors of the pages, scrolls the one
// shown. Also the parts inspectors are made of. Used from one thread at a time (the UI thread).
#pragma once

#include "ui/widgets/text_runs.h"

#include <QPointer>
#include <QScrollArea>
#include <QVector>

class QVBoxLayout;

namespace fleetglass::widgets {

class InspectorPane : public QScrollArea
{
    Q_OBJECT

public:
    explicit InspectorPane(QWidget* parent = nullptr);
    ~InspectorPane() override;

    // The content stays its parent's: when another one is shown it goes back there.
    void showContent(QWidget* content);
    QWidget* content() const { return m_content; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QPointer<QWidget> m_content;
    QPointer<QWidget> m_home; // Parent of the content before it came here.
};

// "key   value" lines: the key muted in a column of its own, the value in runs.
class KeyValueList : public QWidget
{
    Q_OBJECT

public:
    struct Row
    {
        QString key;
        TextRuns value;
    };

    explicit KeyValueList(int keyWidth = 92, QWidget* parent = nullptr);
    void setRows(QVector<Row> rows);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int m_keyWidth;
    QVector<Row> m_rows;
};

// A part of an inspector with a line below it: padding 12, parts stacked with 6 between. `state`
// tints its ground ("a live shell is open here").
class InspectorSection : public QWidget
{
    Q_OBJECT

public:
    explicit InspectorSection(const QString& title = {}, QWidget* parent = nullptr);
    void add(QWidget* widget);
    void addRow(std::initializer_list<QWidget*> widgets); // Side by side, left-aligned.
    void setState(std::optional<theme::State> state);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QVBoxLayout* m_layout;
    std::optional<theme::State> m_state;
};

} // namespace fleetglass::widgets
