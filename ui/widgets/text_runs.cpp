#include "ui/widgets/text_runs.h"

#include "ui/theme/plain_text.h"

#include <QFontMetrics>
#include <QPainter>

namespace fleetglass::widgets {

namespace {

constexpr int kGlyphGap = 5;
constexpr int kRuleHeight = 16;

QFont fontOf(const TextRun& run, const QFont& base)
{
    QFont font = base;
    if (run.bold)
        font.setWeight(QFont::DemiBold);
    return font;
}

int glyphWidth(const TextRun& run, const RunOptions& options)
{
    if (!run.glyph)
        return 0;
    return options.glyphSize + (run.text.isEmpty() ? 0 : kGlyphGap);
}

void paintRule(QPainter& painter, int x, const QRect& rect, const theme::Tokens& tokens)
{
    painter.setPen(tokens.control);
    const int top = rect.center().y() - kRuleHeight / 2 + 1;
    painter.drawLine(x, top, x, top + kRuleHeight - 1);
}

} // namespace

int widthOf(const TextRuns& runs, const RunOptions& options)
{
    int width = 0;
    bool first = true;
    for (const TextRun& run : runs) {
        if (!first)
            width += run.gapBefore;
        first = false;
        width += run.rule ? 1 : glyphWidth(run, options);
        if (!run.text.isEmpty())
            width += QFontMetrics(fontOf(run, options.font))
                         .horizontalAdvance(theme::shown(run.text));
    }
    return width;
}

int paintRuns(QPainter& painter, const QRect& rect, const TextRuns& runs,
    const theme::Tokens& tokens, const RunOptions& options)
{
    int x = rect.left();
    bool first = true;
    for (const TextRun& run : runs) {
        if (!first)
            x += run.gapBefore;
        first = false;
        if (x >= rect.right())
            break;
        if (run.rule) {
            paintRule(painter, x, rect, tokens);
            x += 1;
            continue;
        }
        if (run.glyph) {
            const int side = options.glyphSize;
            theme::paintGlyph(painter, *run.glyph,
                QRectF(x, rect.top() + (rect.height() - side) / 2.0, side, side),
                theme::colorOf(run.glyphInk.value_or(run.ink), tokens));
            x += glyphWidth(run, options);
        }
        if (run.text.isEmpty())
            continue;
        const QFont font = fontOf(run, options.font);
        const QFontMetrics metrics(font);
        const QString text
            = metrics.elidedText(theme::shown(run.text), Qt::ElideRight, rect.right() - x + 1);
        painter.setFont(font);
        painter.setPen(theme::colorOf(run.ink, tokens, options.selected));
        painter.drawText(QRect(x, rect.top(), rect.right() - x + 1, rect.height()),
            Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, text);
        x += metrics.horizontalAdvance(text);
    }
    return x - rect.left();
}

QString plainText(const TextRuns& runs)
{
    QString text;
    for (const TextRun& run : runs) {
        if (!text.isEmpty() && run.gapBefore > 0)
            text += run.rule ? QLatin1String("; ") : QLatin1String(" ");
        text += theme::shown(run.text);
    }
    return text;
}

} // namespace fleetglass::widgets
