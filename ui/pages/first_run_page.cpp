#include "ui/pages/first_run_page.h"

#include "ui/theme/fonts.h"
#include "ui/theme/plain_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/text_runs.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace fleetglass::pages {

namespace {

using theme::Ink;
using theme::TextRole;
using widgets::KeyButton;
using widgets::PlainLabel;

constexpr int kColumn = 560;
constexpr int kHelpKey = 162;
constexpr int kFieldHeight = 128;
constexpr qsizetype kTextMax = 16 * 1024 * 1024;

struct HelpLine
{
    QString key;
    QString code;
    QString text;
    QString more;
};

// "The field understands": a table of two columns with lines between.
class HelpTable : public QWidget
{
public:
    HelpTable(QVector<HelpLine> lines, QWidget* parent)
        : QWidget(parent)
        , m_lines(std::move(lines))
    {
        QStringList spoken;
        for (const HelpLine& line : m_lines)
            spoken.append(line.key + QStringLiteral(": ") + line.code + line.text + QLatin1Char(' ')
                + line.more);
        setAccessibleName(spoken.join(QStringLiteral("; ")));
        int height = 0;
        for (const HelpLine& line : m_lines)
            height += heightOf(line);
        setFixedHeight(theme::scaledHeight(height));
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const theme::Tokens& tokens = theme::tokensOf(palette());
        QPainter painter(this);
        int y = 0;
        for (const HelpLine& line : m_lines) {
            const int height = theme::scaledHeight(heightOf(line));
            painter.setPen(tokens.border);
            painter.drawLine(0, y, width(), y);
            paintLine(painter, line, y + theme::scaledHeight(5), tokens);
            y += height;
        }
    }

private:
    static int heightOf(const HelpLine& line) { return line.more.isEmpty() ? 27 : 43; }

    void paintLine(
        QPainter& painter, const HelpLine& line, int y, const theme::Tokens& tokens) const
    {
        const int pitch = theme::scaledHeight(16);
        painter.setFont(theme::font(TextRole::Body));
        painter.setPen(tokens.text);
        painter.drawText(QRect(0, y, kHelpKey, pitch), Qt::AlignVCenter, line.key);
        const QFont code = theme::font(TextRole::Raw);
        int x = kHelpKey;
        painter.setPen(tokens.muted);
        painter.setFont(code);
        painter.drawText(QRect(x, y, width() - x, pitch), Qt::AlignVCenter, line.code);
        x += QFontMetrics(code).horizontalAdvance(line.code);
        painter.setFont(theme::font(TextRole::Body));
        painter.drawText(QRect(x, y, width() - x, pitch), Qt::AlignVCenter, line.text);
        painter.drawText(
            QRect(kHelpKey, y + pitch, width() - kHelpKey, pitch), Qt::AlignVCenter, line.more);
    }

    QVector<HelpLine> m_lines;
};

// Frame and placeholder drawn by us: the accent ring is the first thing the eye sees.
class PasteField : public QPlainTextEdit
{
public:
    explicit PasteField(QWidget* parent)
        : QPlainTextEdit(parent)
    {
        setFrameShape(QFrame::NoFrame);
        setFont(theme::font(TextRole::Editor));
        setTabChangesFocus(true);
        setLineWrapMode(QPlainTextEdit::NoWrap);
        setViewportMargins(10, 8, 10, 8);
        setFixedHeight(theme::scaledHeight(kFieldHeight));
        document()->setDocumentMargin(4);
        setAcceptDrops(false); // The window takes drops, wherever they fall.
        viewport()->setAcceptDrops(false);
    }

protected:
    bool event(QEvent* event) override
    {
        const bool result = QPlainTextEdit::event(event);
        if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut)
            update();
        if (event->type() == QEvent::Paint) {
            const theme::Tokens& tokens = theme::tokensOf(palette());
            QPainter painter(this);
            painter.setRenderHint(QPainter::Antialiasing);
            const double pen = hasFocus() ? 2 : 1;
            painter.setPen(QPen(hasFocus() ? tokens.accent : tokens.control, pen));
            painter.setBrush(tokens.surface);
            painter.drawRoundedRect(
                QRectF(rect()).adjusted(pen / 2, pen / 2, -pen / 2, -pen / 2), 3, 3);
        }
        return result;
    }
};

KeyButton* button(const QString& text, const QString& key, QWidget* parent)
{
    return new KeyButton(text, key, parent);
}

} // namespace

FirstRunPage::FirstRunPage(QWidget* parent)
    : QWidget(parent)
{
    auto* column = new QWidget(this);
    column->setFixedWidth(kColumn);
    auto* lines = new QVBoxLayout(column);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(0);
    m_title = new PlainLabel(tr("Watch something"), Ink::Text, TextRole::ViewTitle, column);
    lines->addWidget(m_title);
    lines->addWidget(
        new PlainLabel(tr("First values appear when the first target answers, within seconds."),
            Ink::Muted, TextRole::Body, column));
    lines->addSpacing(12);
    lines->addWidget(buildField());
    lines->addSpacing(26);
    lines->addWidget(buildStarts());
    lines->addSpacing(30);
    lines->addWidget(buildHelp());
    auto* across = new QHBoxLayout;
    across->addStretch(1);
    across->addWidget(column);
    across->addStretch(1);
    auto* down = new QVBoxLayout(this);
    down->addStretch(11);
    down->addLayout(across);
    down->addStretch(9);
    setFocusProxy(m_field);
    follow();
}

QWidget* FirstRunPage::buildField()
{
    auto* part = new QWidget(this);
    auto* lines = new QVBoxLayout(part);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(8);
    m_field = new PasteField(part);
    m_field->setPlaceholderText(
        tr("Paste a URL, host:port lines or YAML,\nor drop prometheus.yml here"));
    m_field->setAccessibleName(tr("what to watch: a URL, host:port lines or YAML"));
    m_field->installEventFilter(this);
    lines->addWidget(m_field);
    m_problem = new PlainLabel({}, Ink::Critical, TextRole::Body, part);
    m_problem->setGlyph(theme::Glyph::Critical);
    m_problem->setWordWrap(true);
    m_problem->hide();
    lines->addWidget(m_problem);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    m_watch = button(tr("Watch"), tr("Enter"), part);
    m_suggestion = button(tr("Try the corrected text"), {}, part);
    m_suggestion->hide();
    m_back = button(tr("Back"), tr("Esc"), part);
    m_back->hide();
    auto* open = button(tr("Open ..."), tr("Ctrl+O"), part);
    open->setGlyph(theme::Glyph::Document);
    row->addWidget(m_watch);
    row->addWidget(m_suggestion);
    row->addWidget(m_back);
    row->addStretch(1);
    row->addWidget(open);
    lines->addLayout(row);
    connect(m_field, &QPlainTextEdit::textChanged, this, &FirstRunPage::follow);
    connect(m_watch, &KeyButton::clicked, this, &FirstRunPage::submit);
    connect(m_back, &KeyButton::clicked, this, &FirstRunPage::dismissed);
    connect(open, &KeyButton::clicked, this, &FirstRunPage::openRequested);
    connect(m_suggestion, &KeyButton::clicked, this, [this] {
        setText(m_suggested);
        submit();
    });
    return part;
}

QWidget* FirstRunPage::buildStarts()
{
    auto* part = new QWidget(this);
    auto* lines = new QVBoxLayout(part);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(8);
    lines->addWidget(new PlainLabel(tr("Or start with"), Ink::Text, TextRole::Strong, part));
    m_systemRow = new QWidget(part);
    auto* system = new QHBoxLayout(m_systemRow);
    system->setContentsMargins(0, 0, 0, 0);
    m_system = button({}, {}, m_systemRow);
    m_systemDetail = new PlainLabel({}, Ink::Muted, TextRole::Axis, m_systemRow);
    system->addWidget(m_system);
    system->addWidget(m_systemDetail);
    system->addStretch(1);
    m_systemRow->hide();
    lines->addWidget(m_systemRow);
    auto* here = new QHBoxLayout;
    auto* thisComputer = button(tr("This computer :9100"), {}, part);
    here->addWidget(thisComputer);
    here->addWidget(new PlainLabel(
        tr("scrapes http://localhost:9100/metrics"), Ink::Muted, TextRole::Axis, part));
    here->addStretch(1);
    lines->addLayout(here);
    m_presets = new QWidget(part);
    auto* grid = new QGridLayout(m_presets);
    grid->setContentsMargins(0, 10, 0, 0);
    grid->setSpacing(8);
    grid->addWidget(
        new PlainLabel(tr("Or add a known system"), Ink::Text, TextRole::Strong, m_presets), 0, 0,
        1, -1);
    m_presets->hide();
    lines->addWidget(m_presets);
    connect(m_system, &KeyButton::clicked, this, [this] { emit fileRequested(m_systemPath); });
    connect(thisComputer, &KeyButton::clicked, this,
        [this] { emit importRequested(QStringLiteral("http://localhost:9100/metrics")); });
    return part;
}

QWidget* FirstRunPage::buildHelp()
{
    auto* part = new QWidget(this);
    auto* lines = new QVBoxLayout(part);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(6);
    lines->addWidget(
        new PlainLabel(tr("The field understands"), Ink::Text, TextRole::Strong, part));
    lines->addWidget(new HelpTable(
        {
            { tr("one address"), QStringLiteral("https://web-07:4000/metrics?key=\u2026"), {},
                tr("the key is never shown; saving gives it to the keyring") },
            { tr("many hosts"), QStringLiteral("db-01:9100"),
                tr(", one per line; /metrics is assumed"), {} },
            { tr("prometheus.yml"), QStringLiteral("- job_name:"), tr(" lists, or whole files"),
                tr("what is not supported is listed as skipped") },
            { tr("gaps in examples"), QStringLiteral("<token_value>"),
                tr(" and the like are asked for, one by one"), {} },
        },
        part));
    return part;
}

void FirstRunPage::paintEvent(QPaintEvent*)
{
    QPainter(this).fillRect(rect(), theme::tokensOf(palette()).window);
}

bool FirstRunPage::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_field || event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    const bool enter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
    // One line is sent with Enter. In a pasted file Enter is a new line, as in any editor.
    const bool oneLine = m_field->blockCount() == 1;
    if (enter && (key->modifiers() & Qt::ControlModifier || (oneLine && !key->modifiers()))) {
        submit();
        return true;
    }
    if (key->key() == Qt::Key_Escape && m_back->isVisible()) {
        emit dismissed();
        return true;
    }
    return false;
}

void FirstRunPage::follow()
{
    m_watch->setEnabled(!text().trimmed().isEmpty());
    m_watch->setPrimary(m_watch->isEnabled());
}

void FirstRunPage::submit()
{
    const QString typed = text();
    if (typed.trimmed().isEmpty())
        return;
    if (typed.size() > kTextMax) {
        view::ImportSummary tooLong;
        tooLong.error = tr("the text is longer than 16 MiB").toStdString();
        return showResult(tooLong);
    }
    emit importRequested(typed);
}

void FirstRunPage::offerSystemConfig(const QString& path, const QString& detail)
{
    m_systemPath = path;
    m_systemRow->setVisible(!path.isEmpty());
    m_system->setText(tr("Use %1").arg(path));
    m_systemDetail->setText(detail);
}

void FirstRunPage::offerPresets(const std::vector<view::PresetView>& presets)
{
    constexpr int kColumns = 4;
    auto* grid = static_cast<QGridLayout*>(m_presets->layout());
    int place = kColumns; // Below the heading.
    grid->setColumnStretch(kColumns, 1); // The buttons stand at the left.
    m_presets->setVisible(!presets.empty());
    for (const view::PresetView& preset : presets) {
        const QString id = QString::fromStdString(preset.id);
        auto* add = button(theme::shown(std::string_view(preset.title)), {}, m_presets);
        add->setToolTip(theme::tip(theme::shown(std::string_view(preset.detail))));
        grid->addWidget(add, place / kColumns, place % kColumns);
        ++place;
        connect(add, &KeyButton::clicked, this, [this, id] { emit presetRequested(id); });
    }
}

void FirstRunPage::showResult(const view::ImportSummary& summary)
{
    m_suggested = QString::fromStdString(summary.suggestion);
    QString message = theme::shown(std::string_view(summary.error));
    if (summary.ok && !summary.placeholders.empty()) {
        QStringList gaps;
        for (const std::string& gap : summary.placeholders)
            gaps.append(theme::shown(std::string_view(gap)));
        message = tr("put your own values in place of %1").arg(gaps.join(QStringLiteral(", ")));
    }
    m_problem->setInk(summary.ok ? Ink::Warning : Ink::Critical);
    m_problem->setGlyph(summary.ok ? theme::Glyph::Warning : theme::Glyph::Critical);
    m_problem->setText(message);
    m_problem->setVisible(!message.isEmpty());
    m_suggestion->setVisible(!summary.ok && !m_suggested.isEmpty());
}

void FirstRunPage::setText(const QString& text)
{
    m_field->setPlainText(text.left(kTextMax + 1));
}

QString FirstRunPage::text() const
{
    return m_field->toPlainText();
}

void FirstRunPage::setAdditional(bool additional)
{
    m_title->setText(additional ? tr("Watch more") : tr("Watch something"));
    m_back->setVisible(additional);
}

void FirstRunPage::focusField()
{
    m_field->setFocus();
}

} // namespace fleetglass::pages
