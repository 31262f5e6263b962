#include "ui/widgets/live_button.h"

#include "ui/theme/fonts.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/units.h"
#include "ui/widgets/time_controller.h"

#include <QPainter>

namespace fleetglass::widgets {

namespace {

constexpr int kSide = 10;
constexpr int kDot = 14;

QFont boldOf(QFont font)
{
    font.setWeight(QFont::DemiBold);
    return font;
}

} // namespace

LiveButton::LiveButton(TimeController& time, QWidget* parent)
    : QPushButton(parent)
    , m_time(time)
{
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(this, &QPushButton::clicked, &m_time, &TimeController::togglePause);
    connect(&m_time, &TimeController::liveChanged, this, &LiveButton::follow);
    connect(&m_time, &TimeController::rangeChanged, this, &LiveButton::follow);
    connect(&m_time, &TimeController::nowChanged, this, &LiveButton::follow);
    follow();
}

void LiveButton::setSource(Source source)
{
    m_source = source;
    setEnabled(source == Source::Live);
    follow();
}

bool LiveButton::isPaused() const
{
    return m_source == Source::Live && !m_time.isLive();
}

QString LiveButton::mainText() const
{
    if (m_source == Source::Nothing)
        return tr("not watching");
    if (m_source == Source::Archive)
        return tr("not live");
    if (m_time.isLive())
        return tr("LIVE");
    return tr("Paused, %1 behind").arg(theme::formatAgeMs(m_time.behindMs()));
}

QString LiveButton::sideText() const
{
    if (m_source != Source::Live)
        return {};
    return m_time.isLive() ? tr("1 s") : tr("Go live");
}

QString LiveButton::spokenText() const
{
    return sideText().isEmpty() ? mainText() : mainText() + QLatin1Char(' ') + sideText();
}

void LiveButton::follow()
{
    setAccessibleName(spokenText());
    updateGeometry();
    update();
}

QSize LiveButton::sizeHint() const
{
    const bool live = m_source == Source::Live && m_time.isLive();
    int width
        = 2 * kSide + QFontMetrics(live ? boldOf(font()) : font()).horizontalAdvance(mainText());
    if (live)
        width += kDot;
    if (!sideText().isEmpty())
        width
            += 6 + QFontMetrics(isPaused() ? boldOf(font()) : font()).horizontalAdvance(sideText());
    return { width, theme::scaledHeight(theme::size::kButton) };
}

void LiveButton::paintEvent(QPaintEvent*)
{
    const theme::Tokens& tokens = theme::tokensOf(palette());
    const bool live = m_source == Source::Live && m_time.isLive();
    const theme::StateColors& ok = tokens.of(theme::State::Ok);
    const theme::StateColors& pending = tokens.of(theme::State::Pending);
    QColor outline = live ? ok.text : tokens.border;
    QColor ground = live ? tokens.raised : QColor(Qt::transparent);
    if (isPaused()) {
        outline = pending.text;
        ground = pending.tint;
    }
    if (underMouse() && isEnabled())
        ground = tokens.selection;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(hasFocus() ? tokens.accent : outline, hasFocus() ? 2 : 1));
    painter.setBrush(ground);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3.5, 3.5);
    int x = kSide;
    if (live) {
        theme::paintGlyph(
            painter, theme::Glyph::Dot, QRectF(x - 3, (height() - 12) / 2.0, 12, 12), ok.text);
        x += kDot;
    }
    const QFont mainFont = live ? boldOf(font()) : font();
    painter.setFont(mainFont);
    painter.setPen(
        m_source == Source::Live ? (isPaused() ? pending.text : tokens.text) : tokens.faint);
    painter.drawText(QRect(x, 0, width(), height()), Qt::AlignVCenter | Qt::AlignLeft, mainText());
    x += QFontMetrics(mainFont).horizontalAdvance(mainText()) + 6;
    painter.setFont(isPaused() ? boldOf(font()) : font());
    painter.setPen(isPaused() ? tokens.accent : tokens.muted);
    painter.drawText(QRect(x, 0, width(), height()), Qt::AlignVCenter | Qt::AlignLeft, sideText());
}

} // namespace fleetglass::widgets
