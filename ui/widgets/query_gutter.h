// QueryGutter: the numbers left of a QueryEditor, tinted by whether the query is valid. Private to
// the editor. Used from one thread at a time (the UI thread).
#pragma once

#include "ui/widgets/query_editor.h"

#include <QPainter>

namespace fleetglass::widgets {

class QueryGutter : public QWidget
{
    Q_OBJECT

public:
    explicit QueryGutter(QueryEditor& editor)
        : QWidget(&editor)
        , m_editor(editor)
    {
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        m_editor.paintGutter(painter, rect());
    }

private:
    QueryEditor& m_editor;
};

} // namespace fleetglass::widgets
