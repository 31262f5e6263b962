#include "ui/widgets/label_chips.h"

#include "ui/theme/fonts.h"
#include "ui/theme/plain_text.h"
#include "ui/theme/tokens.h"

#include <QPainter>

namespace fleetglass::widgets {

namespace {
constexpr int kSide = 5;
constexpr int kHeight = 17;
constexpr int kGap = 5;
} // namespace

LabelChips::LabelChips(QWidget* parent)
    : QWidget(parent)
{
    QSizePolicy policy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void LabelChips::setLabels(const labels::Labels& labels)
{
    QStringList texts;
    for (const labels::Label& label : labels)
        texts += theme::shown(label.name) + QLatin1Char('=') + theme::shown(label.value);
    if (texts == m_texts)
        return;
    m_texts = std::move(texts);
    setAccessibleName(m_texts.join(QStringLiteral(", ")));
    setFixedHeight(heightForWidth(std::max(width(), 200)));
    update();
}

QVector<QRect> LabelChips::boxes(int width) const
{
    const QFontMetrics metrics(theme::font(theme::TextRole::Axis));
    const int height = theme::scaledHeight(kHeight);
    QVector<QRect> boxes;
    QPoint at(0, 0);
    for (const QString& text : m_texts) {
        const int wide = std::min(metrics.horizontalAdvance(text) + 2 * kSide + 2, width);
        if (at.x() > 0 && at.x() + wide > width)
            at = { 0, at.y() + height + kGap };
        boxes.append(QRect(at, QSize(wide, height)));
        at.rx() += wide + kGap;
    }
    return boxes;
}

int LabelChips::heightForWidth(int width) const
{
    const QVector<QRect> all = boxes(width);
    return all.isEmpty() ? 0 : all.last().bottom() + 1;
}

void LabelChips::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    setFixedHeight(heightForWidth(width()));
}

void LabelChips::paintEvent(QPaintEvent*)
{
    const theme::Tokens& tokens = theme::tokensOf(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(theme::font(theme::TextRole::Axis));
    const QVector<QRect> all = boxes(width());
    for (int i = 0; i < all.size(); ++i) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(tokens.raised);
        painter.drawRoundedRect(all[i], 3, 3);
        painter.setPen(tokens.text);
        painter.drawText(all[i].adjusted(kSide, 0, -kSide, 0), Qt::AlignVCenter | Qt::AlignLeft,
            painter.fontMetrics().elidedText(
                m_texts[i], Qt::ElideRight, all[i].width() - 2 * kSide));
    }
}

} // namespace fleetglass::widgets
