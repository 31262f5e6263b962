#include "ui/main_window/import_flow_band.h"

#include "ui/theme/fonts.h"
#include "ui/theme/ink.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/plain_label.h"

#include <QHBoxLayout>
#include <QPainter>

namespace fleetglass::main_window {

NoticeBand::NoticeBand(theme::State state, const QString& action, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
    , m_label(new widgets::PlainLabel({}, theme::inkOf(state), theme::TextRole::Strong, this))
{
    setFixedHeight(theme::scaledHeight(theme::size::kStrip));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 0, 8, 1);
    row->setSpacing(8);
    m_label->setGlyph(theme::glyphOf(state));
    m_label->setElided(true);
    m_label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto* act = new widgets::KeyButton(action, {}, this);
    act->setInRow(true);
    auto* close = new widgets::GlyphButton(theme::Glyph::Close, tr("Close"), this);
    row->addWidget(m_label, 1, Qt::AlignVCenter); // Its glyph stands beside the text.
    row->addWidget(act);
    row->addWidget(close);
    connect(act, &QAbstractButton::clicked, this, &NoticeBand::acted);
    connect(close, &QAbstractButton::clicked, this, &QWidget::hide);
    hide();
}

void NoticeBand::say(const QString& text)
{
    m_text = text;
    m_label->setText(text);
    setAccessibleName(text);
    show();
}

void NoticeBand::clear()
{
    m_text.clear();
    hide();
}

QString NoticeBand::text() const
{
    return m_text;
}

void NoticeBand::paintEvent(QPaintEvent*)
{
    const theme::Tokens& tokens = theme::tokensOf(palette());
    QPainter painter(this);
    painter.fillRect(rect(), tokens.of(m_state).tint);
    painter.setPen(tokens.border);
    painter.drawLine(0, height() - 1, width(), height() - 1);
}

} // namespace fleetglass::main_window
