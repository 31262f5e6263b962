// RawTextView: numbered lines in the fixed font, read-only, with marked lines; copies what is
// selected, finds text. Draws only what is visible. Used from one thread at a time (the UI thread).
#pragma once

#include "ui/widgets/raw_text.h"

#include <QPlainTextEdit>

namespace fleetglass::widgets {

class RawInks;

class RawTextView : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit RawTextView(QWidget* parent = nullptr);

    void setLines(QVector<RawLine> lines);
    const QVector<RawLine>& lines() const { return m_lines; }
    // To the next line that is marked as error, added or removed; false: there is none.
    bool goToMark(bool forward);
    bool findText(const QString& text, bool forward);
    int gutterWidth() const;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    friend class RawGutter;
    void paintGutter(QPainter& painter);
    void colorLines();
    QColor groundOf(LineMark mark) const;

    QVector<RawLine> m_lines;
    QWidget* m_gutter;
    RawInks* m_inks; // Of the document.
};

} // namespace fleetglass::widgets
