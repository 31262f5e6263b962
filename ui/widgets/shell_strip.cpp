#include "ui/widgets/shell_strip.h"

#include "ui/theme/plain_text.h"
#include "ui/theme/units.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>

namespace fleetglass::widgets {

namespace {

using theme::Glyph;
using theme::Ink;
using view::SessionState;
using view::SessionView;

constexpr int kLeft = 8;
constexpr int kBetween = 11; // Each side of the line between two sessions.

bool isOpen(const SessionView& session)
{
    return session.state == SessionState::Open || session.state == SessionState::OpenBeforeWatch;
}

QString utf8(const std::string& text)
{
    return theme::shown(std::string_view(text));
}

} // namespace

ShellStrip::ShellStrip(QWidget* parent)
    : QWidget(parent)
{
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    setCursor(Qt::PointingHandCursor);
    build();
}

QSize ShellStrip::sizeHint() const
{
    return { 600, theme::scaledHeight(theme::size::kStrip) };
}

RunOptions ShellStrip::options() const
{
    return { .font = font(), .glyphSize = theme::size::kGlyphStrip, .selected = false };
}

void ShellStrip::showSessions(Sessions sessions, int64_t nowMs, const theme::Zone& zone)
{
    m_sessions = std::move(sessions);
    m_nowMs = nowMs;
    m_zone = zone;
    build();
}

QString ShellStrip::spokenText() const
{
    QStringList texts;
    for (const Part& part : m_parts)
        texts.append(plainText(part.runs));
    return texts.join(QStringLiteral("; "));
}

void ShellStrip::build()
{
    m_parts.clear();
    m_window.clear();
    int open = 0;
    int unknown = 0;
    int64_t windowMs = 0;
    const auto add = [this](const SessionView& session, TextRuns runs) {
        m_parts.append({ session.id, std::move(runs), {} });
    };
    const auto openRuns = [this](const SessionView& session) {
        TextRuns runs { { utf8(session.host), Ink::Text, true }, { utf8(session.source) } };
        if (session.keyUnknown)
            runs.append({ tr("unknown key"), Ink::Warning, false, Glyph::Warning });
        else
            runs.append({ utf8(session.keyOwner), Ink::Muted });
        runs.append({ tr("from"), Ink::Muted });
        runs.append({ utf8(session.remoteAddress) });
        if (session.state == SessionState::OpenBeforeWatch) {
            runs.append({ tr("since before watching began"), Ink::Muted });
            return runs;
        }
        runs.append({ tr("since"), Ink::Muted });
        runs.append({ theme::momentText(session.openedLatestMs, m_nowMs, m_zone) });
        const QString age = theme::formatAgeMs(m_nowMs - session.openedLatestMs);
        runs.append({ QStringLiteral("(%1)").arg(age), Ink::Muted });
        return runs;
    };
    if (m_sessions) {
        for (const SessionView& session : *m_sessions) {
            if (!isOpen(session))
                continue;
            ++open;
            windowMs = std::max(windowMs, session.intervalMs);
            add(session, openRuns(session));
        }
        for (const SessionView& session : *m_sessions) {
            if (session.state != SessionState::Unknown)
                continue;
            ++unknown; // Its target does not answer: when its end will be seen cannot be said.
            add(session,
                { { utf8(session.host), Ink::Unknown, true, Glyph::ShellUnknown },
                    { tr("unknown, last seen open %1")
                            .arg(theme::momentText(session.lastSeenMs, m_nowMs, m_zone)),
                        Ink::Unknown } });
        }
    }
    m_any = open + unknown > 0;
    TextRuns head { { tr("no open shells"), Ink::Muted, false, Glyph::Shell } };
    if (open > 0)
        head = { { open == 1 ? tr("1 live shell") : tr("%1 live shells").arg(open), Ink::Shell,
            true, Glyph::Shell } };
    m_parts.prepend({ 0, head, {} });
    if (windowMs > 0)
        m_window = tr("window %1").arg(theme::formatAgeMs(windowMs));
    else if (m_any)
        m_window = tr("window unknown");
    const QString seen = windowMs > 0
        ? tr("An opening or closing is seen at the next scrape, up to %1 later.")
              .arg(theme::formatAgeMs(windowMs))
        : tr("The host does not answer: when an opening or closing will be seen is unknown.");
    setToolTip(m_any ? theme::tip(seen) : QString());
    setAccessibleName(spokenText());
    layOut();
}

void ShellStrip::layOut()
{
    const QFontMetrics metrics(font());
    const int windowWidth = m_window.isEmpty() ? 0 : metrics.horizontalAdvance(m_window) + 24;
    const int right = width() - windowWidth;
    int x = kLeft;
    m_hidden = 0;
    for (Part& part : m_parts) {
        const int needed = widthOf(part.runs, options());
        const bool more = &part != &m_parts.last();
        const int room = right - (more ? metrics.horizontalAdvance(QStringLiteral("+99 more")) : 0);
        const bool fits = part.id == 0 || (m_hidden == 0 && x + needed <= room);
        part.rect = fits ? QRect(x, 0, needed, height()) : QRect();
        m_hidden += fits ? 0 : 1;
        if (fits)
            x += needed + 2 * kBetween + 1;
    }
    update();
}

void ShellStrip::resizeEvent(QResizeEvent*)
{
    layOut();
}

void ShellStrip::paintEvent(QPaintEvent*)
{
    const theme::Tokens& tokens = theme::tokensOf(palette());
    QPainter painter(this);
    painter.fillRect(rect(), m_any ? tokens.of(theme::State::Shell).tint : tokens.window);
    painter.setPen(tokens.border);
    painter.drawLine(0, height() - 1, width(), height() - 1);
    int x = kLeft;
    for (const Part& part : m_parts) {
        if (part.rect.isNull())
            continue;
        if (part.id != 0) {
            painter.setPen(tokens.control);
            painter.drawLine(part.rect.left() - kBetween - 1, height() / 2 - 8,
                part.rect.left() - kBetween - 1, height() / 2 + 7);
        }
        paintRuns(painter, part.rect.adjusted(0, -1, 2, -1), part.runs, tokens, options());
        x = part.rect.right() + kBetween;
    }
    painter.setFont(font());
    painter.setPen(tokens.muted);
    const QRect line = rect().adjusted(0, -1, -kLeft, -1);
    painter.drawText(line, Qt::AlignVCenter | Qt::AlignRight, m_window);
    if (m_hidden > 0) {
        painter.setPen(tokens.text);
        painter.drawText(line.adjusted(x, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft,
            tr("+%1 more").arg(m_hidden));
    }
    if (hasFocus()) {
        painter.setPen(tokens.accent);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

void ShellStrip::mousePressEvent(QMouseEvent* event)
{
    for (const Part& part : m_parts) {
        if (part.rect.contains(event->position().toPoint())) {
            emit sessionActivated(part.id);
            return;
        }
    }
    emit sessionActivated(0);
}

void ShellStrip::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        emit sessionActivated(m_parts.size() > 1 ? m_parts[1].id : 0);
    else
        QWidget::keyPressEvent(event);
}

} // namespace fleetglass::widgets
