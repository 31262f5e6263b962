// TextRuns: one line of plain text in several inks and weights, with glyphs between; painted, never
// marked up. Used from one thread at a time (the UI thread).
#pragma once

#include "ui/theme/fonts.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/ink.h"

#include <QString>
#include <QVector>
#include <optional>

class QPainter;

namespace fleetglass::widgets {

struct TextRun
{
    QString text; // Goes through theme::shown().
    theme::Ink ink = theme::Ink::Text;
    bool bold = false;
    std::optional<theme::Glyph> glyph {}; // Drawn before the text.
    int gapBefore = 5; // Pixels; 0 joins words as one.
    bool rule = false; // A vertical line instead of text.
    std::optional<theme::Ink> glyphInk {}; // Default: the ink of the text.
};

using TextRuns = QVector<TextRun>;

struct RunOptions
{
    QFont font;
    int glyphSize = theme::size::kGlyphRow;
    bool selected = false;
};

int widthOf(const TextRuns& runs, const RunOptions& options);
// Left-aligned and vertically centred in `rect`; what does not fit is elided. The width used.
int paintRuns(QPainter& painter, const QRect& rect, const TextRuns& runs,
    const theme::Tokens& tokens, const RunOptions& options);
// For screen readers and "copy".
QString plainText(const TextRuns& runs);

} // namespace fleetglass::widgets
