#include "ui/widgets/raw_text_view.h"

#include "ui/theme/fonts.h"
#include "ui/theme/glyphs.h"

#include <QPainter>
#include <QSyntaxHighlighter>
#include <QTextBlock>

namespace fleetglass::widgets {

namespace {
constexpr int kGlyphColumn = 22;
constexpr qsizetype kMarksMax = 400;
} // namespace

// Comments muted, what is wrong in the state's colour.
class RawInks : public QSyntaxHighlighter
{
public:
    explicit RawInks(RawTextView& view)
        : QSyntaxHighlighter(view.document())
        , m_view(view)
    {
    }

protected:
    void highlightBlock(const QString& text) override
    {
        const theme::Tokens& tokens = theme::tokensOf(m_view.palette());
        const LineMark mark = m_view.lines().value(currentBlock().blockNumber()).mark;
        if (mark == LineMark::Note || mark == LineMark::Removed)
            setFormat(0, static_cast<int>(text.size()), tokens.of(theme::State::Critical).text);
        else if (text.startsWith(QLatin1Char('#')))
            setFormat(0, static_cast<int>(text.size()), tokens.muted);
    }

private:
    RawTextView& m_view;
};

class RawGutter : public QWidget
{
public:
    explicit RawGutter(RawTextView& view)
        : QWidget(&view)
        , m_view(view)
    {
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        m_view.paintGutter(painter);
    }

private:
    RawTextView& m_view;
};

RawTextView::RawTextView(QWidget* parent)
    : QPlainTextEdit(parent)
    , m_gutter(new RawGutter(*this))
    , m_inks(new RawInks(*this))
{
    setReadOnly(true);
    setUndoRedoEnabled(false);
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setFrameShape(QFrame::NoFrame);
    setFont(theme::font(theme::TextRole::Raw));
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setAccessibleName(tr("raw text"));
    document()->setDocumentMargin(2);
    setViewportMargins(gutterWidth(), 0, 0, 0);
    connect(this, &QPlainTextEdit::updateRequest, m_gutter, [this] { m_gutter->update(); });
}

int RawTextView::gutterWidth() const
{
    const int last = m_lines.isEmpty() ? 0 : std::max(m_lines.last().number, 1);
    const auto digits = std::max<qsizetype>(QString::number(last).size(), 2);
    return 12 + fontMetrics().horizontalAdvance(QLatin1Char('9')) * static_cast<int>(digits)
        + kGlyphColumn;
}

void RawTextView::setLines(QVector<RawLine> lines)
{
    m_lines = std::move(lines);
    QString text;
    for (const RawLine& line : m_lines) {
        if (&line != &m_lines.first())
            text += QLatin1Char('\n');
        text += line.text;
    }
    setPlainText(text);
    setViewportMargins(gutterWidth(), 0, 0, 0);
    colorLines();
    goToMark(true);
}

QColor RawTextView::groundOf(LineMark mark) const
{
    const theme::Tokens& tokens = theme::tokensOf(palette());
    switch (mark) {
    case LineMark::Error:
    case LineMark::Note:
    case LineMark::Removed:
        return tokens.of(theme::State::Critical).tint;
    case LineMark::Added:
        return tokens.of(theme::State::Ok).tint;
    case LineMark::None:
        break;
    }
    return tokens.surface;
}

// Grounds over the whole width; few, as each is looked at for each line drawn.
void RawTextView::colorLines()
{
    const theme::StateColors& critical = theme::tokensOf(palette()).of(theme::State::Critical);
    QList<QTextEdit::ExtraSelection> marks;
    QTextBlock block = document()->firstBlock();
    for (const RawLine& line : m_lines) {
        if (marks.size() >= kMarksMax)
            break;
        if (line.mark != LineMark::None) {
            QTextEdit::ExtraSelection whole;
            whole.cursor = QTextCursor(block);
            whole.format.setBackground(groundOf(line.mark));
            whole.format.setProperty(QTextFormat::FullWidthSelection, true);
            marks.append(whole);
        }
        if (line.column > 0 && line.column <= line.text.size()) {
            QTextEdit::ExtraSelection character;
            character.cursor = QTextCursor(block);
            character.cursor.setPosition(block.position() + line.column - 1);
            character.cursor.movePosition(QTextCursor::NextCharacter, QTextCursor::KeepAnchor);
            character.format.setBackground(critical.solid);
            character.format.setForeground(critical.solidText);
            marks.append(character);
        }
        block = block.next();
    }
    setExtraSelections(marks);
    m_inks->rehighlight();
}

bool RawTextView::goToMark(bool forward)
{
    const auto count = static_cast<int>(m_lines.size());
    const int from = textCursor().blockNumber();
    for (int step = 0; step < count; ++step) {
        const int at = (from + (forward ? step : count - step) + count) % count;
        const LineMark mark = m_lines[at].mark;
        const bool here = step == 0 && textCursor().position() > 0;
        if (mark == LineMark::None || mark == LineMark::Note || here)
            continue;
        setTextCursor(QTextCursor(document()->findBlockByNumber(at)));
        moveCursor(QTextCursor::EndOfBlock);
        moveCursor(QTextCursor::StartOfBlock);
        centerCursor();
        return true;
    }
    return false;
}

bool RawTextView::findText(const QString& text, bool forward)
{
    const QTextDocument::FindFlags flags
        = forward ? QTextDocument::FindFlags() : QTextDocument::FindBackward;
    if (find(text, flags))
        return true;
    moveCursor(forward ? QTextCursor::Start : QTextCursor::End); // Once round.
    return find(text, flags);
}

void RawTextView::resizeEvent(QResizeEvent* event)
{
    QPlainTextEdit::resizeEvent(event);
    const QRect area = contentsRect();
    m_gutter->setGeometry(area.left(), area.top(), gutterWidth(), area.height());
}

void RawTextView::changeEvent(QEvent* event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        colorLines();
}

void RawTextView::paintGutter(QPainter& painter)
{
    const theme::Tokens& tokens = theme::tokensOf(palette());
    painter.fillRect(m_gutter->rect(), tokens.surface);
    painter.setFont(font());
    const int numbers = m_gutter->width() - kGlyphColumn;
    for (QTextBlock block = firstVisibleBlock(); block.isValid(); block = block.next()) {
        const QRectF place = blockBoundingGeometry(block).translated(contentOffset());
        if (place.top() > m_gutter->height())
            break;
        const RawLine line = m_lines.value(block.blockNumber());
        const QRect row(0, qRound(place.top()), m_gutter->width(), qRound(place.height()));
        if (line.mark != LineMark::None)
            painter.fillRect(row, groundOf(line.mark));
        const bool error = line.mark == LineMark::Error;
        painter.setPen(error ? tokens.of(theme::State::Critical).text : tokens.faint);
        if (line.number > 0)
            painter.drawText(QRect(row.left(), row.top(), numbers, row.height()),
                Qt::AlignRight | Qt::AlignVCenter, QString::number(line.number));
        const QRectF box(numbers + 5, row.center().y() - 5.5, 12, 12);
        if (error)
            theme::paintGlyph(
                painter, theme::Glyph::Critical, box, tokens.of(theme::State::Critical).text);
        painter.setPen(tokens.text);
        if (line.mark == LineMark::Added || line.mark == LineMark::Removed)
            painter.drawText(box, Qt::AlignCenter,
                line.mark == LineMark::Added ? QStringLiteral("+") : QString(QChar(0x2212)));
    }
}

} // namespace fleetglass::widgets
