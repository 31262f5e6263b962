#include "ui/widgets/search_field.h"

#include "ui/theme/fonts.h"
#include "ui/theme/glyphs.h"

#include <QKeyEvent>
#include <QPainter>
#include <QTimer>

namespace fleetglass::widgets {

namespace {
constexpr qsizetype kTypedMax = 4096;
}

SearchField::SearchField(const QString& placeholder, const QString& keyHint, QWidget* parent)
    : QLineEdit(parent)
    , m_keyHint(keyHint)
{
    setPlaceholderText(placeholder);
    setAccessibleName(placeholder);
    setMaxLength(kTypedMax);
    const QFontMetrics metrics(theme::font(theme::TextRole::Axis));
    setTextMargins(24, 0, keyHint.isEmpty() ? 4 : metrics.horizontalAdvance(keyHint) + 12, 0);
    auto* timer = new QTimer(this);
    timer->setSingleShot(true);
    timer->setInterval(150);
    connect(this, &QLineEdit::textChanged, timer, qOverload<>(&QTimer::start));
    connect(timer, &QTimer::timeout, this, [this] { emit filterChanged(text()); });
    connect(this, &QLineEdit::returnPressed, this, [this, timer] {
        timer->stop();
        emit filterChanged(text());
        emit leftDownwards();
    });
}

void SearchField::paintEvent(QPaintEvent* event)
{
    QLineEdit::paintEvent(event);
    const theme::Tokens& tokens = theme::tokensOf(palette());
    QPainter painter(this);
    theme::paintGlyph(
        painter, theme::Glyph::Search, QRectF(9, (height() - 14) / 2.0, 14, 14), tokens.muted);
    if (m_keyHint.isEmpty() || !text().isEmpty())
        return;
    painter.setFont(theme::font(theme::TextRole::Axis));
    painter.setPen(tokens.muted);
    painter.drawText(rect().adjusted(0, 0, -9, 0), Qt::AlignVCenter | Qt::AlignRight, m_keyHint);
}

void SearchField::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Down) {
        emit leftDownwards();
        return;
    }
    if (event->key() == Qt::Key_Escape && !text().isEmpty()) {
        clear();
        emit filterChanged({});
        return;
    }
    QLineEdit::keyPressEvent(event);
}

} // namespace fleetglass::widgets
