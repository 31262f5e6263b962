#include "ui/widgets/phase_bar.h"

#include "ui/theme/fonts.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/plain_text.h"
#include "ui/theme/tokens.h"
#include "ui/theme/units.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

namespace fleetglass::widgets {

namespace {

using view::Phase;
using view::PhaseState;

constexpr int kHeight = 46;
constexpr int kInset = 12;

QString wordOf(Phase phase)
{
    switch (phase) {
    case Phase::Dns:
        return QStringLiteral("DNS");
    case Phase::Tcp:
        return QStringLiteral("TCP");
    case Phase::Tls:
        return QStringLiteral("TLS");
    case Phase::Http:
    case Phase::None:
        return QStringLiteral("HTTP");
    case Phase::Body:
        return QStringLiteral("BODY");
    case Phase::Parse:
        return QStringLiteral("PARSE");
    case Phase::Limits:
        return QStringLiteral("LIMITS");
    }
    return {};
}

QString timeOf(const view::PhaseView& phase)
{
    return phase.state == PhaseState::NotReached ? QStringLiteral("\u2013")
                                                 : theme::formatDurationMs(phase.durationMs);
}

} // namespace

PhaseBar::PhaseBar(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
}

void PhaseBar::setPhases(std::vector<view::PhaseView> phases, double totalMs, int64_t timeoutMs)
{
    m_phases = std::move(phases);
    m_totalMs = totalMs;
    m_timeoutMs = timeoutMs;
    setAccessibleName(spokenText());
    update();
}

void PhaseBar::setStale(bool stale)
{
    if (m_stale == stale)
        return;
    m_stale = stale;
    update();
}

QString PhaseBar::spokenText() const
{
    QStringList parts;
    for (const view::PhaseView& phase : m_phases) {
        const QString word = phase.state == PhaseState::Passed ? tr("passed")
            : phase.state == PhaseState::Failed                ? tr("failed")
                                                               : tr("not reached");
        parts += wordOf(phase.phase) + QLatin1Char(' ') + word + QLatin1Char(' ')
            + (phase.state == PhaseState::NotReached ? QString() : timeOf(phase));
    }
    return parts.join(QStringLiteral(", "));
}

QSize PhaseBar::sizeHint() const
{
    return { 800, theme::scaledHeight(kHeight) };
}

void PhaseBar::paintCell(QPainter& painter, const QRect& rect, const view::PhaseView& phase) const
{
    const theme::Tokens& tokens = theme::tokensOf(palette());
    const bool failed = phase.state == PhaseState::Failed;
    const bool passed = phase.state == PhaseState::Passed;
    const QColor& critical = tokens.of(theme::State::Critical).text;
    if (failed)
        painter.fillRect(rect, tokens.of(theme::State::Critical).tint);
    const QRect inner = rect.adjusted(kInset, 4, -kInset, -4);
    const int half = inner.height() / 2;
    theme::paintGlyph(painter,
        failed       ? theme::Glyph::Critical
            : passed ? theme::Glyph::Ok
                     : theme::Glyph::Nothing,
        QRectF(inner.left(), inner.top() + (half - 14) / 2.0, 14, 14),
        failed       ? critical
            : passed ? tokens.of(theme::State::Ok).text
                     : tokens.faint);
    painter.setFont(theme::font(theme::TextRole::Strong));
    painter.setPen(failed ? critical : passed ? tokens.text : tokens.muted);
    const QRect head(inner.left() + 20, inner.top(), inner.width() - 20, half);
    painter.drawText(head, Qt::AlignVCenter | Qt::AlignLeft, wordOf(phase.phase));
    painter.setPen(passed || failed ? tokens.text : tokens.faint);
    painter.setFont(theme::numericFont(theme::font(theme::TextRole::Strong)));
    painter.drawText(head, Qt::AlignVCenter | Qt::AlignRight, timeOf(phase));
    painter.setFont(theme::font(theme::TextRole::Axis));
    painter.setPen(failed ? critical : tokens.muted);
    const QString detail = phase.detail.empty() && phase.state == PhaseState::NotReached
        ? tr("not reached")
        : theme::shown(phase.detail);
    painter.drawText(QRect(inner.left(), inner.top() + half, inner.width(), half), Qt::AlignVCenter,
        painter.fontMetrics().elidedText(detail, Qt::ElideRight, inner.width()));
}

// The cells are of one width, so that words find room; here the times are to scale.
void PhaseBar::paintTotal(QPainter& painter, const QRect& rect) const
{
    const theme::Tokens& tokens = theme::tokensOf(palette());
    const QRect inner = rect.adjusted(kInset, 4, -kInset, -4);
    const int half = inner.height() / 2;
    const QRect head(inner.left(), inner.top(), inner.width(), half);
    painter.setFont(theme::font(theme::TextRole::Body));
    painter.setPen(tokens.muted);
    painter.drawText(head, Qt::AlignVCenter | Qt::AlignLeft, tr("total"));
    const QString of
        = m_timeoutMs > 0 ? tr(" of %1").arg(theme::formatAgeMs(m_timeoutMs)) : QString();
    painter.drawText(head, Qt::AlignVCenter | Qt::AlignRight, of);
    const int ofWidth = painter.fontMetrics().horizontalAdvance(of);
    painter.setFont(theme::font(theme::TextRole::Strong));
    painter.setPen(tokens.text);
    painter.drawText(head.adjusted(0, 0, -ofWidth, 0), Qt::AlignVCenter | Qt::AlignRight,
        theme::formatDurationMs(m_totalMs));
    double sum = 0;
    for (const view::PhaseView& phase : m_phases)
        sum += phase.state == PhaseState::NotReached ? 0 : std::max(phase.durationMs, 0.0);
    const QRectF bar(inner.left(), inner.top() + half + (half - 6) / 2.0, inner.width(), 6);
    painter.fillRect(bar, tokens.raised);
    double x = bar.left();
    for (const view::PhaseView& phase : m_phases) {
        if (sum <= 0 || phase.state == PhaseState::NotReached)
            continue;
        const double width = std::max(1.0, bar.width() * std::max(phase.durationMs, 0.0) / sum);
        const QRectF part(x, bar.top(), std::min(width, bar.right() - x), bar.height());
        painter.fillRect(part.adjusted(0, 0, -1, 0),
            phase.state == PhaseState::Failed ? tokens.of(theme::State::Critical).text
                                              : tokens.control);
        x += width;
    }
}

void PhaseBar::paintEvent(QPaintEvent*)
{
    const theme::Tokens& tokens = theme::tokensOf(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setOpacity(m_stale ? 0.6 : 1.0);
    painter.fillRect(rect(), tokens.surface);
    if (m_phases.empty()) {
        painter.setPen(tokens.muted);
        painter.drawText(rect(), Qt::AlignCenter, tr("No scrape has ended yet"));
    } else {
        const auto count = static_cast<int>(m_phases.size()) + 1;
        for (int i = 0; i < count; ++i) {
            const int left = width() * i / count;
            const QRect cell(left, 0, width() * (i + 1) / count - left, height() - 1);
            if (i + 1 == count)
                paintTotal(painter, cell);
            else
                paintCell(painter, cell, m_phases[static_cast<size_t>(i)]);
            painter.setRenderHint(QPainter::Antialiasing, false);
            painter.setPen(tokens.border);
            if (i > 0)
                painter.drawLine(cell.topLeft(), cell.bottomLeft());
            painter.setRenderHint(QPainter::Antialiasing, true);
        }
    }
    painter.setOpacity(1);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(tokens.border);
    painter.drawLine(0, 0, width(), 0);
    painter.drawLine(0, height() - 1, width(), height() - 1);
}

} // namespace fleetglass::widgets
