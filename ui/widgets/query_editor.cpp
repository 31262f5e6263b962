#include "ui/widgets/query_editor.h"

#include "ui/theme/fonts.h"
#include "ui/theme/glyphs.h"
#include "ui/widgets/completion_popup.h"
#include "ui/widgets/query_gutter.h"
#include "ui/widgets/query_highlighter.h"

#include <QKeyEvent>
#include <QPainter>
#include <QTextBlock>
#include <algorithm>

namespace fleetglass::widgets {

namespace {

constexpr int kLinesMin = 3;
constexpr int kLinesMax = 10;
constexpr qsizetype kHistoryMax = 200;

QString quoted(const QString& text)
{
    QString result = text;
    result.replace(QLatin1Char('\\'), QStringLiteral("\\\\"))
        .replace(QLatin1Char('"'), QStringLiteral("\\\""));
    return result;
}

} // namespace

QueryEditor::QueryEditor(view::FleetPort& port, QWidget* parent)
    : QPlainTextEdit(parent)
    , m_port(port)
    , m_catalog(std::make_shared<view::MetricCatalog>())
    , m_highlighter(new QueryHighlighter(*this))
    , m_gutter(new QueryGutter(*this))
{
    setAccessibleName(tr("query"));
    setFrameShape(QFrame::NoFrame);
    setLineWrapMode(QPlainTextEdit::WidgetWidth);
    setFont(theme::font(theme::TextRole::Editor));
    document()->setDocumentMargin(4);
    setTabChangesFocus(false);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setPlaceholderText(
        tr("Type a query, or choose a metric. Ctrl+Space completes, Ctrl+Enter runs."));
    setViewportMargins(theme::size::kGutterEditor + theme::size::kSpace4, 0, 0, 0);
    connect(this, &QPlainTextEdit::textChanged, this, &QueryEditor::textEdited);
    connect(this, &QPlainTextEdit::updateRequest, m_gutter, qOverload<>(&QWidget::update));
    connect(document(), &QTextDocument::blockCountChanged, this, [this] { updateGeometry(); });
}

QueryEditor::~QueryEditor()
{
    delete m_popup;
}

CompletionPopup& QueryEditor::popup()
{
    if (m_popup == nullptr || m_popup->parentWidget() != window()) {
        delete m_popup;
        m_popup = new CompletionPopup(window());
        connect(m_popup, &CompletionPopup::chosen, this, &QueryEditor::insert);
    }
    return *m_popup;
}

void QueryEditor::setText(const QString& text)
{
    if (text == toPlainText())
        return;
    m_replacing = true;
    QTextCursor cursor(document());
    cursor.select(QTextCursor::Document);
    cursor.insertText(text);
    m_replacing = false;
    moveCursor(QTextCursor::End);
    closePopup();
}

void QueryEditor::setCatalog(std::shared_ptr<const view::MetricCatalog> catalog)
{
    if (catalog)
        m_catalog = std::move(catalog);
}

void QueryEditor::setHistory(const QStringList& history)
{
    m_history = history.mid(std::max<qsizetype>(0, history.size() - kHistoryMax));
    m_historyAt = -1;
}

void QueryEditor::remember(const QString& query)
{
    m_history.removeAll(query);
    m_history.append(query);
    if (m_history.size() > kHistoryMax)
        m_history.removeFirst();
    m_historyAt = -1;
}

QSize QueryEditor::sizeHint() const
{
    const int lines = std::clamp(document()->blockCount(), kLinesMin, kLinesMax);
    const int line
        = std::max(theme::scaledHeight(theme::size::kLineEditor) - 1, fontMetrics().lineSpacing());
    return { 400, lines * line + 10 };
}

void QueryEditor::textEdited()
{
    const QueryCheck before = m_check;
    m_check = checkQuery(toPlainText());
    markError();
    m_gutter->update();
    if (before.state != m_check.state || before.message != m_check.message)
        setAccessibleDescription(m_check.message);
    emit checkChanged();
    if (!m_replacing && hasFocus())
        offer(false);
}

void QueryEditor::markError()
{
    QList<QTextEdit::ExtraSelection> marks;
    if (m_check.state == QueryState::Wrong) {
        const theme::Tokens& tokens = theme::tokensOf(palette());
        QTextEdit::ExtraSelection mark;
        mark.cursor = QTextCursor(document());
        const auto last = static_cast<qsizetype>(document()->characterCount()) - 1;
        mark.cursor.setPosition(static_cast<int>(std::min(m_check.offset, last)));
        mark.cursor.setPosition(static_cast<int>(std::min(m_check.offset + m_check.length, last)),
            QTextCursor::KeepAnchor);
        mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        mark.format.setUnderlineColor(tokens.of(theme::State::Critical).text);
        mark.format.setBackground(tokens.of(theme::State::Critical).tint);
        marks.append(mark);
    }
    setExtraSelections(marks);
}

void QueryEditor::complete()
{
    offer(true);
}

bool QueryEditor::isCompleting() const
{
    return m_popup != nullptr && m_popup->isVisible();
}

const QVector<Completion>& QueryEditor::completions() const
{
    static const QVector<Completion> kNone;
    return m_popup == nullptr ? kNone : m_popup->completions();
}

void QueryEditor::closePopup()
{
    ++m_asked;
    if (m_popup != nullptr)
        m_popup->hide();
}

// Unasked, only where something was begun; asked, everywhere.
void QueryEditor::offer(bool byUser)
{
    const QueryContext context = contextAt(toPlainText(), textCursor().position());
    ++m_asked;
    const bool begun = !context.prefix.isEmpty() && !context.prefix[0].isDigit();
    switch (context.place) {
    case QueryPlace::Nothing:
        return closePopup();
    case QueryPlace::Expression:
        if (!byUser && (!begun || context.prefix.size() < 2))
            return closePopup();
        return show(context, completeExpression(context.prefix, *m_catalog));
    case QueryPlace::Duration:
        return byUser ? show(context, completeDuration(context.prefix)) : closePopup();
    default:
        return offerWords(context);
    }
}

// Typing on at the same place narrows down what was answered before.
void QueryEditor::offerWords(const QueryContext& context)
{
    const bool values = context.place == QueryPlace::LabelValue;
    const QString wanted = context.metric + QLatin1Char('{') + (values ? context.label : QString());
    if (wanted == m_wordsOf && isCompleting())
        return show(
            context, completeWords(context.prefix, m_words, values ? tr("value") : tr("label")));
    if (m_popup != nullptr)
        m_popup->hide();
    const auto answered = [this, context, values, wanted, asked = m_asked,
                              self = QPointer<QueryEditor>(this)](std::vector<std::string> found) {
        if (self == nullptr || asked != m_asked)
            return;
        m_wordsOf = wanted;
        m_words.clear();
        for (const std::string& word : found) {
            if (word != labels::kMetricName)
                m_words += QString::fromStdString(word);
        }
        show(context, completeWords(context.prefix, m_words, values ? tr("value") : tr("label")));
    };
    const std::string metric = context.metric.toStdString();
    if (values)
        m_port.labelValues(context.label.toStdString(), metric, answered);
    else
        m_port.labelNames(metric, answered);
}

void QueryEditor::show(const QueryContext& context, QVector<Completion> completions)
{
    // What is already there in full needs no list.
    if (completions.isEmpty()
        || (completions.size() == 1 && completions[0].insert == context.prefix))
        return closePopup();
    if (context.place == QueryPlace::LabelValue) {
        for (Completion& completion : completions)
            completion.insert = quoted(completion.insert);
    }
    QTextCursor token = textCursor();
    token.setPosition(static_cast<int>(context.begin));
    QRect place = cursorRect(token);
    place.moveTopLeft(viewport()->mapTo(window(), place.topLeft()));
    popup().showAt(place, std::move(completions));
}

void QueryEditor::insert(const Completion& completion)
{
    const QueryContext context = contextAt(toPlainText(), textCursor().position());
    QTextCursor cursor = textCursor();
    cursor.setPosition(static_cast<int>(context.begin));
    cursor.setPosition(static_cast<int>(context.end), QTextCursor::KeepAnchor);
    QString text = completion.insert;
    const QString whole = toPlainText();
    if (text.endsWith(QLatin1Char('(')) && context.end < whole.size()
        && whole[context.end] == QLatin1Char('('))
        text.chop(1);
    m_replacing = true;
    cursor.insertText(text);
    m_replacing = false;
    setTextCursor(cursor);
    closePopup();
}

bool QueryEditor::keyForPopup(QKeyEvent* event)
{
    if (!isCompleting() || (event->modifiers() & ~Qt::KeypadModifier) != Qt::NoModifier)
        return false;
    switch (event->key()) {
    case Qt::Key_Down:
        m_popup->move(1);
        return true;
    case Qt::Key_Up:
        m_popup->move(-1);
        return true;
    case Qt::Key_PageDown:
        m_popup->move(8);
        return true;
    case Qt::Key_PageUp:
        m_popup->move(-8);
        return true;
    case Qt::Key_Tab:
    case Qt::Key_Return:
    case Qt::Key_Enter:
        insert(m_popup->completions().value(m_popup->current()));
        return true;
    case Qt::Key_Escape:
        closePopup();
        return true;
    default:
        return false;
    }
}

void QueryEditor::keyPressEvent(QKeyEvent* event)
{
    if (keyForPopup(event))
        return;
    const bool control = event->modifiers().testFlag(Qt::ControlModifier);
    const bool shift = event->modifiers().testFlag(Qt::ShiftModifier);
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && control) {
        closePopup();
        return emit runRequested();
    }
    if (control && event->key() == Qt::Key_Space)
        return complete();
    if (control && !shift && event->key() == Qt::Key_Up)
        return walkHistory(-1);
    if (control && !shift && event->key() == Qt::Key_Down)
        return walkHistory(1);
    if (control && shift && event->key() == Qt::Key_F)
        return format();
    if (event->key() == Qt::Key_F2)
        return emit explainRequested();
    // Out of a text that takes tabs only for completion, Tab leads on.
    if (event->key() == Qt::Key_Tab || event->key() == Qt::Key_Backtab) {
        focusNextPrevChild(event->key() == Qt::Key_Tab);
        return;
    }
    if (enter && shift) {
        insertPlainText(QStringLiteral("\n"));
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

void QueryEditor::walkHistory(int step)
{
    if (m_history.isEmpty())
        return;
    if (m_historyAt < 0) {
        if (step > 0)
            return;
        m_draft = toPlainText();
        m_historyAt = m_history.size();
        // What was just run is on the screen already.
        if (m_history.last() == m_draft && m_history.size() > 1)
            --m_historyAt;
    }
    m_historyAt = std::max<qsizetype>(0, m_historyAt + step);
    if (m_historyAt < m_history.size())
        return setText(m_history[m_historyAt]);
    m_historyAt = -1;
    setText(m_draft);
}

void QueryEditor::format()
{
    setText(formatted(toPlainText()));
}

void QueryEditor::resizeEvent(QResizeEvent* event)
{
    QPlainTextEdit::resizeEvent(event);
    m_gutter->setGeometry(0, 0, theme::size::kGutterEditor, height());
}

void QueryEditor::focusOutEvent(QFocusEvent* event)
{
    QPlainTextEdit::focusOutEvent(event);
    if (event->reason() != Qt::ActiveWindowFocusReason)
        closePopup();
}

void QueryEditor::changeEvent(QEvent* event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() != QEvent::PaletteChange || m_highlighter == nullptr)
        return;
    m_highlighter->rehighlight();
    markError();
}

// Glyph, tint and numbers are one signal; the words are in the row below.
void QueryEditor::paintGutter(QPainter& painter, const QRect& area)
{
    const theme::Tokens& tokens = theme::tokensOf(palette());
    const bool plain = m_check.state == QueryState::Empty;
    const theme::State state = m_check.state == QueryState::Valid ? theme::State::Ok
        : m_check.state == QueryState::Incomplete                 ? theme::State::Pending
                                                                  : theme::State::Critical;
    painter.fillRect(area, plain ? tokens.raised : tokens.of(state).tint);
    painter.setFont(font());
    QTextBlock block = firstVisibleBlock();
    while (block.isValid()) {
        const QRectF box = blockBoundingGeometry(block).translated(contentOffset());
        if (box.top() > area.bottom())
            return;
        const bool here
            = m_check.state == QueryState::Wrong && m_check.line == block.blockNumber() + 1;
        const double line = fontMetrics().lineSpacing();
        if (here)
            theme::paintState(painter, theme::State::Critical,
                QRectF(4, box.top() + (line - 14) / 2, 14, 14), tokens);
        painter.setPen(plain ? tokens.muted : tokens.of(state).text);
        painter.drawText(QRectF(0, box.top(), area.width() - 10, line),
            Qt::AlignRight | Qt::AlignVCenter, QString::number(block.blockNumber() + 1));
        block = block.next();
    }
}

} // namespace fleetglass::widgets
