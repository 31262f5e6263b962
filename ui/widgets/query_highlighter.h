// QueryHighlighter: colours a QueryEditor's text by the tokens of the real lexer. Private to the
// editor. Used from one thread at a time (the UI thread).
#pragma once

#include "ui/widgets/query_check.h"

#include <QPlainTextEdit>
#include <QSyntaxHighlighter>

namespace fleetglass::widgets {

class QueryHighlighter : public QSyntaxHighlighter
{
    Q_OBJECT

public:
    explicit QueryHighlighter(QPlainTextEdit& editor)
        : QSyntaxHighlighter(editor.document())
        , m_editor(editor)
    {
    }

protected:
    // Strings and comments reach over lines, so the whole short text is read once per change; a
    // block whose colours begin in an earlier one passes that on by its state.
    void highlightBlock(const QString& text) override
    {
        const QString whole = document()->toPlainText();
        if (whole != m_text) {
            m_text = whole;
            m_spans = colorsOf(whole);
        }
        const theme::Tokens& tokens = theme::tokensOf(m_editor.palette());
        const qsizetype begin = currentBlock().position();
        const qsizetype end = begin + text.size();
        int crossing = 0;
        for (const ColoredSpan& span : m_spans) {
            const qsizetype from = std::max(span.begin, begin);
            const qsizetype to = std::min(span.begin + span.length, end);
            if (from < to)
                setFormat(static_cast<int>(from - begin), static_cast<int>(to - from),
                    theme::colorOf(span.ink, tokens));
            if (span.begin <= end && span.begin + span.length > end)
                crossing = static_cast<int>(span.ink) + 1;
        }
        setCurrentBlockState(crossing);
    }

private:
    QPlainTextEdit& m_editor;
    QString m_text;
    QVector<ColoredSpan> m_spans;
};

} // namespace fleetglass::widgets
