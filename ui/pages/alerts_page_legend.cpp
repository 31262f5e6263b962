#include "ui/pages/alerts_page_legend.h"

#include "ui/charts/mark_painter.h"
#include "ui/theme/fonts.h"

#include <QPainter>

namespace fleetglass::pages {

namespace {

constexpr int kSample = 18;
constexpr int kGap = 5;
constexpr int kBetween = 16;

void paintSample(
    QPainter& painter, const QRectF& box, const LaneLegend::Item& item, const theme::Tokens& tokens)
{
    using charts::LaneKind;
    const auto& shell = tokens.of(theme::State::Shell);
    if (item.unreachable) {
        painter.fillRect(QRectF(box.left(), box.center().y() - 1, box.width(), 3),
            tokens.of(theme::State::Critical).text);
        return;
    }
    switch (item.kind) {
    case LaneKind::Pending:
        return charts::paintSpan(painter, box, charts::RibbonKind::Pending, item.state, tokens);
    case LaneKind::Firing:
        return charts::paintSpan(painter, box, charts::RibbonKind::Firing, item.state, tokens);
    case LaneKind::Snoozed:
        return charts::paintSpan(painter, box, charts::RibbonKind::Snoozed, item.state, tokens);
    case LaneKind::ShellOpen:
        painter.fillRect(box.adjusted(0, 0, -6, 0), shell.solid);
        return charts::paintArrowRight(
            painter, { box.right(), box.center().y() }, box.height() / 2, shell.solid);
    case LaneKind::ShellUnknown:
        painter.fillRect(box, tokens.of(theme::State::Unknown).tint);
        return charts::paintHatch(painter, box, tokens.of(theme::State::Unknown).text, 4);
    case LaneKind::ShellMoment:
        return charts::paintDiamond(painter, box.center(), 6, shell.text, tokens.surface);
    case LaneKind::ShellClosed:
        painter.fillRect(box, shell.tint);
        painter.setPen(QPen(shell.text, 1.0));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(box.adjusted(0, 0, -1, -1));
    }
}

} // namespace

LaneLegend::LaneLegend(QVector<Item> items, QWidget* parent)
    : QWidget(parent)
    , m_items(std::move(items))
{
    QStringList words;
    for (const Item& item : m_items)
        words += item.text;
    setAccessibleName(tr("shapes: %1").arg(words.join(QStringLiteral(", "))));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

QSize LaneLegend::sizeHint() const
{
    const QFontMetrics metrics(theme::font(theme::TextRole::Axis));
    int width = 0;
    for (const Item& item : m_items)
        width += kSample + kGap + metrics.horizontalAdvance(item.text) + kBetween;
    return { std::max(0, width - kBetween + 2), theme::scaledHeight(20) };
}

void LaneLegend::paintEvent(QPaintEvent*)
{
    const theme::Tokens& tokens = theme::tokensOf(palette());
    QPainter painter(this);
    const QFont font = theme::font(theme::TextRole::Axis);
    const QFontMetrics metrics(font);
    int x = 0;
    for (const Item& item : m_items) {
        paintSample(painter, QRectF(x, (height() - 12) / 2, kSample, 12), item, tokens);
        x += kSample + kGap;
        painter.setFont(font);
        painter.setPen(tokens.muted);
        const int width = metrics.horizontalAdvance(item.text);
        painter.drawText(QRect(x, 0, width + 2, height()), Qt::AlignVCenter, item.text);
        x += width + kBetween;
    }
}

} // namespace fleetglass::pages
