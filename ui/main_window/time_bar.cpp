#include "ui/main_window/time_bar.h"

#include "ui/theme/fonts.h"
#include "ui/theme/units.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/range_button.h"
#include "ui/widgets/time_controller.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QPainter>

namespace fleetglass::main_window {

namespace {

using theme::Ink;
using theme::TextRole;
using widgets::GlyphButton;
using widgets::PlainLabel;
using widgets::TimeController;

constexpr int64_t kHourMs = 3'600'000;
constexpr int64_t kDayMs = 24 * kHourMs;

} // namespace

TimeBar::TimeBar(TimeController& time, QWidget* parent)
    : QWidget(parent)
    , m_time(time)
    , m_back(new GlyphButton(theme::Glyph::ChevronLeft, tr("Back, Alt+Left"), this))
    , m_forward(new GlyphButton(theme::Glyph::ChevronRight, tr("Forward, Alt+Right"), this))
    , m_range(new widgets::RangeButton(time, this))
    , m_live(new widgets::LiveButton(time, this))
    , m_compare(new QComboBox(this))
    , m_zone(new widgets::SegmentedSwitch(tr("time zone"), this))
    , m_crosshairWord(new PlainLabel(tr("crosshair"), Ink::Muted, TextRole::Body, this))
    , m_crosshair(new PlainLabel({}, Ink::Text, TextRole::Strong, this))
    , m_stepWord(new PlainLabel(tr("step auto"), Ink::Muted, TextRole::Body, this))
    , m_step(new PlainLabel(this))
{
    setFixedHeight(theme::scaledHeight(theme::size::kTimeBar));
    for (const auto& [text, offsetMs] :
        { std::pair(tr("off"), int64_t(0)), std::pair(tr("\u22121 h"), kHourMs),
            std::pair(tr("\u22121 d"), kDayMs), std::pair(tr("\u22121 w"), 7 * kDayMs) })
        m_compare->addItem(text, QVariant::fromValue<qint64>(offsetMs));
    m_compare->setAccessibleName(tr("compare with"));
    m_compare->setFocusPolicy(Qt::TabFocus);
    m_compare->setFixedWidth(84);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 0, 8, 1);
    row->setSpacing(8);
    row->addWidget(m_back);
    row->addSpacing(-4);
    row->addWidget(m_forward);
    row->addWidget(m_range);
    row->addWidget(m_live);
    row->addSpacing(8);
    row->addWidget(new PlainLabel(tr("compare"), Ink::Muted, TextRole::Body, this));
    row->addWidget(m_compare);
    row->addSpacing(8);
    row->addWidget(m_zone);
    row->addStretch(1);
    row->addWidget(m_crosshairWord);
    row->addWidget(m_crosshair);
    row->addSpacing(8);
    row->addWidget(m_stepWord);
    row->addWidget(m_step);
    row->addSpacing(8);
    auto* keys = new widgets::KeyButton(QStringLiteral("?"), {}, this);
    keys->setAccessibleName(tr("keys"));
    row->addWidget(keys);

    connect(m_back, &GlyphButton::clicked, this, &TimeBar::backRequested);
    connect(m_forward, &GlyphButton::clicked, this, &TimeBar::forwardRequested);
    connect(keys, &widgets::KeyButton::clicked, this, &TimeBar::keysRequested);
    connect(m_compare, &QComboBox::activated, this,
        [this] { m_time.setCompareMs(m_compare->currentData().toLongLong()); });
    connect(m_zone, &widgets::SegmentedSwitch::activated, this,
        [this](int index) { m_time.setUtc(index == 1); });
    connect(&m_time, &TimeController::compareChanged, this, [this](qint64 offsetMs) {
        m_compare->setCurrentIndex(m_compare->findData(QVariant::fromValue(offsetMs)));
    });
    for (const auto signal : { &TimeController::zoneChanged, &TimeController::nowChanged })
        connect(&m_time, signal, this, &TimeBar::followZone);
    connect(&m_time, &TimeController::crosshairChanged, this, &TimeBar::followTime);
    connect(&m_time, &TimeController::stepChanged, this, &TimeBar::followTime);
    setHistory(false, false);
    followZone();
    followTime();
}

void TimeBar::setSource(widgets::LiveButton::Source source)
{
    const bool any = source != widgets::LiveButton::Source::Nothing;
    m_live->setSource(source);
    m_range->setEnabled(any);
    m_compare->setEnabled(any);
    m_stepWord->setVisible(any);
    m_step->setVisible(any);
}

void TimeBar::setHistory(bool canGoBack, bool canGoForward)
{
    m_back->setEnabled(canGoBack);
    m_forward->setEnabled(canGoForward);
}

void TimeBar::followZone()
{
    theme::Zone local = m_time.zone();
    local.utc = false;
    const QString title = theme::zoneTitle(m_time.nowMs(), local);
    if (m_zone->itemText(0) != title)
        m_zone->setItems({ title, QStringLiteral("UTC") });
    m_zone->setCurrent(m_time.zone().utc ? 1 : 0);
    followTime();
}

void TimeBar::followTime()
{
    const auto crosshairMs = m_time.crosshairMs();
    m_crosshairWord->setVisible(crosshairMs.has_value());
    m_crosshair->setVisible(crosshairMs.has_value());
    if (crosshairMs)
        m_crosshair->setText(theme::clockOffsetText(*crosshairMs, m_time.zone()));
    m_step->setText(theme::formatAgeMs(m_time.stepMs()));
}

void TimeBar::paintEvent(QPaintEvent*)
{
    const theme::Tokens& tokens = theme::tokensOf(palette());
    QPainter painter(this);
    painter.fillRect(rect(), tokens.window);
    painter.setPen(tokens.border);
    painter.drawLine(0, height() - 1, width(), height() - 1);
}

} // namespace fleetglass::main_window
