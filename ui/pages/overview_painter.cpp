#include "ui/pages/overview_painter.h"

#include "ui/theme/fonts.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/plain_text.h"
#include "ui/theme/units.h"
#include "ui/widgets/sparkline.h"
#include "ui/widgets/text_runs.h"

#include <QCoreApplication>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace fleetglass::pages {

namespace {

using models::CellState;

constexpr int kInset = 9;
constexpr int kRibbonWidth = 160;
constexpr int kRibbonHeight = 9;

QString tr(const char* text)
{
    return QCoreApplication::translate("OverviewWall", text);
}

QString ageOf(int64_t sinceMs, int64_t nowMs)
{
    return theme::formatAgeMs(std::max<int64_t>(nowMs - sinceMs, 0));
}

theme::Glyph glyphOf(CellState state)
{
    return state == CellState::Shell ? theme::Glyph::Ok : theme::glyphOf(models::stateOf(state));
}

bool isTinted(CellState state)
{
    return state == CellState::Down || state == CellState::Unknown;
}

QString percent(double share)
{
    return share >= 0.99995
        ? QStringLiteral("100 %")
        : QString::number(std::floor(share * 1000) / 10, 'f', 1) + QStringLiteral(" %");
}

widgets::TextRuns headRuns(const models::FleetGroup& group)
{
    using theme::Ink;
    const auto total = static_cast<int>(group.cells.size());
    const int down = total - group.up - group.unknown;
    widgets::TextRuns runs { { group.name.empty() ? tr("without this label")
                                                  : theme::shown(group.name),
        Ink::Text, true } };
    widgets::TextRun up { tr("%1 / %2 up").arg(group.up).arg(total),
        down > 0 ? Ink::Critical : Ink::Muted };
    if (down > 0)
        up.glyph = theme::Glyph::Critical;
    up.gapBefore = 8;
    runs.append(up);
    if (group.unknown > 0) {
        widgets::TextRun unknown { tr("%1 unknown").arg(group.unknown), Ink::Unknown };
        unknown.gapBefore = 8;
        runs.append(unknown);
    }
    widgets::TextRun plotted { group.plotted, Ink::Faint };
    plotted.gapBefore = 8;
    if (!group.plotted.isEmpty())
        runs.append(plotted);
    return runs;
}

} // namespace

void OverviewPainter::ribbon(const QRect& rect, const models::FailingSlots& failing) const
{
    painter.fillRect(rect, tokens.of(theme::State::Unknown).tint);
    const double width = rect.width() / static_cast<double>(std::max<size_t>(failing.size(), 1));
    for (size_t i = 0; i < failing.size(); ++i) {
        if (std::isnan(failing[i]))
            continue;
        const double left = rect.left() + width * static_cast<double>(i);
        // Whole pixels, so that no seams show between neighbours.
        const double begin = std::floor(left);
        const double end = std::floor(left + width);
        painter.fillRect(QRectF(begin, rect.top(), end - begin, rect.height()),
            tokens.of(theme::State::Ok).tint);
        if (failing[i] <= 0)
            continue;
        const double height = std::max(2.0, std::round(failing[i] * rect.height()));
        painter.fillRect(
            QRectF(begin, rect.bottom() + 1 - height, std::max(end - begin, 1.0), height),
            tokens.of(theme::State::Critical).text);
    }
}

void OverviewPainter::head(const QRect& rect, const models::FleetGroup& group) const
{
    const int bar = std::min(kRibbonWidth, rect.width() / 4);
    const QRect ribbonRect(
        rect.right() + 1 - bar, rect.center().y() - kRibbonHeight / 2 + 1, bar, kRibbonHeight);
    ribbon(ribbonRect, group.failing);
    painter.setFont(theme::font(theme::TextRole::Axis));
    painter.setPen(tokens.muted);
    QString share;
    if (!std::isnan(group.goodShare)) {
        share
            = (group.estimated ? QStringLiteral("\u2248 ") : QString()) + percent(group.goodShare);
        if (rect.width() > 560)
            share = tr("%1 of scrapes in 1 h").arg(share);
    }
    const int shareWidth = painter.fontMetrics().horizontalAdvance(share) + 8;
    painter.drawText(
        QRect(ribbonRect.left() - shareWidth, rect.top(), shareWidth - 8, rect.height()),
        Qt::AlignVCenter | Qt::AlignRight, share);
    widgets::paintRuns(painter,
        QRect(rect.left(), rect.top(), rect.width() - bar - shareWidth - 8, rect.height()),
        headRuns(group), tokens, { .font = theme::font(theme::TextRole::Body) });
}

void OverviewPainter::frame(const QRect& rect, CellState state, bool selected) const
{
    const theme::StateColors& colors = tokens.of(models::stateOf(state));
    const bool calm = state == CellState::Ok || state == CellState::Shell;
    QPen pen(selected ? tokens.accent : calm ? tokens.border : colors.text, selected ? 2 : 1);
    if (state == CellState::Unknown && !selected)
        pen.setStyle(Qt::DashLine);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(pen);
    painter.setBrush(isTinted(state) ? colors.tint : tokens.surface);
    const double inset = selected ? 1 : 0.5;
    painter.drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset),
        theme::size::kRadius, theme::size::kRadius);
}

void OverviewPainter::curve(
    const QRect& rect, const models::FleetCell& cell, const models::FleetGroup& group) const
{
    if (!cell.target->spark || cell.target->spark->empty())
        return;
    widgets::SparkStyle style = widgets::neutralSpark(tokens);
    const bool own = cell.state != CellState::Ok;
    if (own)
        style.line = tokens.text;
    style.lastDot = false;
    if (!own) {
        style.low = group.low;
        style.high = group.high;
    }
    widgets::paintSparkline(painter, QRectF(rect), *cell.target->spark, style);
}

// What stands at the right of the curve: the value, and why the cell is not calm.
void OverviewPainter::words(const QRect& rect, const models::FleetCell& cell) const
{
    const view::TargetView& target = *cell.target;
    const QColor ink = cell.state == CellState::Shell ? tokens.of(theme::State::Shell).text
        : cell.state == CellState::Ok                 ? tokens.text
                                                      : tokens.of(models::stateOf(cell.state)).text;
    QStringList lines;
    if (target.paused)
        lines += tr("paused");
    else if (cell.state == CellState::Shell)
        lines += tr("shell %1").arg(ageOf(cell.shellSinceMs, nowMs));
    else if (cell.state != CellState::Ok)
        lines += models::wordOf(cell.state);
    if (cell.state != CellState::Shell && !target.sparkText.empty())
        lines += theme::shown(target.sparkText);
    painter.setFont(theme::font(theme::TextRole::Axis));
    painter.setPen(ink);
    const int pitch = painter.fontMetrics().height();
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const int y = rect.bottom() - pitch * static_cast<int>(lines.size() - i) + 1;
        painter.drawText(QRect(rect.left(), y, rect.width(), pitch),
            Qt::AlignVCenter | Qt::AlignRight,
            painter.fontMetrics().elidedText(lines[i], Qt::ElideLeft, rect.width()));
    }
}

void OverviewPainter::card(const QRect& rect, const models::FleetCell& cell,
    const models::FleetGroup& group, bool selected) const
{
    const view::TargetView& target = *cell.target;
    painter.save();
    frame(rect, cell.state, selected);
    const theme::StateColors& colors = tokens.of(models::stateOf(cell.state));
    const QRect inner = rect.adjusted(kInset, 5, -kInset, -6);
    const QFont strong = theme::font(theme::TextRole::Strong);
    const int line = std::max(18, QFontMetrics(strong).height());
    theme::paintGlyph(painter, glyphOf(cell.state),
        QRectF(inner.left(), inner.top() + (line - 14) / 2.0, 14, 14), colors.text);
    int right = inner.right() + 1;
    if (cell.shellOpen || cell.shellUnknown) {
        right -= 15;
        theme::paintGlyph(painter,
            cell.shellOpen ? theme::Glyph::Shell : theme::Glyph::ShellUnknown,
            QRectF(right, inner.top() + (line - 14) / 2.0, 14, 14),
            tokens.of(cell.shellOpen ? theme::State::Shell : theme::State::Unknown).text);
        right -= 4;
    }
    painter.setFont(strong);
    painter.setPen(tokens.text);
    const int left = inner.left() + 21;
    painter.drawText(QRect(left, inner.top(), right - left, line), Qt::AlignVCenter,
        QFontMetrics(strong).elidedText(
            theme::shown(models::hostOf(target.instance)), Qt::ElideRight, right - left));
    const QRect below(inner.left(), inner.top() + line + 3, inner.width(),
        inner.bottom() - inner.top() - line - 2);
    const bool explains = cell.state == CellState::Down || cell.state == CellState::Unknown;
    if (explains) {
        const bool down = cell.state == CellState::Down;
        const QString why = down ? theme::shown(target.error) : tr("first scrape, %1");
        const int pitch = below.height() / 2;
        const widgets::TextRuns first { { down ? tr("DOWN") : tr("unknown"),
                                            theme::inkOf(models::stateOf(cell.state)), true },
            { down ? ageOf(target.healthSinceMs, nowMs) : QString(),
                theme::inkOf(models::stateOf(cell.state)) } };
        const widgets::RunOptions options { .font = theme::font(theme::TextRole::Axis) };
        widgets::paintRuns(painter, QRect(below.left(), below.top(), below.width(), pitch), first,
            tokens, options);
        widgets::paintRuns(painter, QRect(below.left(), below.top() + pitch, below.width(), pitch),
            { { down ? why : why.arg(ageOf(target.healthSinceMs, nowMs)),
                theme::inkOf(models::stateOf(cell.state)) } },
            tokens, options);
    } else {
        const int curveWidth = below.width() * 58 / 100;
        curve(QRect(below.left(), below.top(), curveWidth, below.height() - 2), cell, group);
        words(QRect(below.left() + curveWidth + 4, below.top(), below.width() - curveWidth - 4,
                  below.height()),
            cell);
    }
    painter.restore();
}

void OverviewPainter::micro(const QRect& rect, const models::FleetCell& cell, bool selected) const
{
    painter.save();
    frame(rect, cell.state, selected);
    const bool shell = cell.state == CellState::Shell;
    theme::paintGlyph(painter, shell ? theme::Glyph::Shell : glyphOf(cell.state),
        QRectF(rect.center().x() - 5.5, rect.center().y() - 5.5, 12, 12),
        tokens.of(shell ? theme::State::Shell : models::stateOf(cell.state)).text);
    painter.restore();
}

void OverviewPainter::more(const QRect& rect, int count) const
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(tokens.border, 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(
        QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), theme::size::kRadius, theme::size::kRadius);
    painter.setPen(tokens.accent);
    painter.setFont(theme::font(theme::TextRole::Axis));
    const QString text = tr("+%1 more (all OK)").arg(theme::formatCount(count));
    painter.drawText(rect.adjusted(4, 2, -4, -2), Qt::AlignCenter | Qt::TextWordWrap, text);
    painter.restore();
}

} // namespace fleetglass::pages
