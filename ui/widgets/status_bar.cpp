#include "ui/widgets/status_bar.h"

#include "ui/theme/plain_text.h"
#include "ui/theme/units.h"

#include <QMouseEvent>
#include <QPainter>
#include <algorithm>

namespace fleetglass::widgets {

namespace {

using theme::Glyph;
using theme::Ink;

constexpr int kPad = 8;

bool anyCritical(const view::FleetView& fleet)
{
    return std::any_of(fleet.alerts.begin(), fleet.alerts.end(), [](const auto& alert) {
        return alert->state == view::AlertState::Firing
            && alert->severity == view::Severity::Critical;
    });
}

} // namespace

StatusBar::StatusBar(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    m_noteTimer.setSingleShot(true);
    m_noteTimer.setInterval(5'000);
    connect(&m_noteTimer, &QTimer::timeout, this, [this] {
        m_note.clear();
        update();
    });
}

QSize StatusBar::sizeHint() const
{
    return { 600, theme::scaledHeight(theme::size::kStatusBar) };
}

RunOptions StatusBar::options() const
{
    return { .font = font(), .glyphSize = theme::size::kGlyphRow, .selected = false };
}

void StatusBar::showView(const view::FleetView& fleet, const theme::Zone& zone)
{
    m_clock = theme::clockOffsetText(fleet.nowMs, zone);
    build(fleet);
    setAccessibleName(spokenText());
    update();
}

void StatusBar::showNote(const QString& text)
{
    m_note = theme::shown(text);
    m_noteTimer.start();
    update();
}

QString StatusBar::spokenText() const
{
    QStringList texts;
    for (const Part& part : m_parts)
        texts.append(part.run.text);
    return texts.join(QStringLiteral(", "));
}

void StatusBar::build(const view::FleetView& fleet)
{
    const view::StatusView& s = fleet.status;
    m_parts.clear();
    const auto add = [this](TextRun run, const char* page) {
        m_parts.append({ std::move(run), QLatin1String(page), {} });
    };
    // A count of nothing is said quietly; a count of trouble with its glyph.
    const auto count = [&](int number, const QString& text, Ink ink, Glyph glyph, const char* page,
                           bool evenIfZero) {
        if (number > 0)
            add({ text, ink, false, glyph }, page);
        else if (evenIfZero)
            add({ text, Ink::Muted }, page);
    };
    if (!s.watching && !s.archive) {
        add({ tr("no targets") }, "targets");
        add({ tr("no rules") }, "alerts");
        add({ tr("no open shells") }, "shells");
        return;
    }
    TextRun up { tr("%1 up").arg(s.targetsUp), Ink::Text, false, Glyph::Ok };
    up.glyphInk = Ink::Ok;
    add(up, "targets");
    count(s.targetsDown, tr("%1 down").arg(s.targetsDown), Ink::Critical, Glyph::Critical,
        "targets", true);
    count(s.targetsUnknown, tr("%1 unknown").arg(s.targetsUnknown), Ink::Unknown, Glyph::Unknown,
        "targets", false);
    const bool critical = anyCritical(fleet);
    count(s.alertsFiring, tr("%1 firing").arg(s.alertsFiring),
        critical ? Ink::Critical : Ink::Warning, critical ? Glyph::Critical : Glyph::Warning,
        "alerts", true);
    count(s.alertsPending, tr("%1 pending").arg(s.alertsPending), Ink::Pending, Glyph::Pending,
        "alerts", false);
    QString shells = s.shellsOpen == 1 ? tr("1 shell") : tr("%1 shells").arg(s.shellsOpen);
    if (s.shellsUnknown > 0)
        shells += tr(", %1 unknown").arg(s.shellsUnknown);
    if (s.shellsOpen + s.shellsUnknown == 0)
        shells = tr("no open shells");
    count(s.shellsOpen + s.shellsUnknown, shells, Ink::Shell, Glyph::Shell, "shells", true);
    add({ tr("%1 series").arg(theme::formatNumber(static_cast<double>(s.series))) }, "explore");
    add({ tr("%1 samples/s").arg(theme::formatNumber(s.samplesPerSecond)) }, "targets");
    count(s.targetsNotVerified, tr("%1 not verified").arg(s.targetsNotVerified), Ink::Critical,
        Glyph::Critical, "targets", false);
    count(s.certificatesEnding,
        s.certificatesEnding == 1 ? tr("1 certificate ends")
                                  : tr("%1 certificates end").arg(s.certificatesEnding),
        Ink::Warning, Glyph::Warning, "targets", false);
    if (s.missedScrapesHour > 0)
        add({ tr("%1 missed scrapes in 1 h").arg(s.missedScrapesHour) }, "targets");
    for (const std::string& note : s.notes)
        add({ theme::shown(std::string_view(note)), Ink::Warning, false, Glyph::Warning }, "");
}

void StatusBar::paintEvent(QPaintEvent*)
{
    const theme::Tokens& tokens = theme::tokensOf(palette());
    QPainter painter(this);
    painter.fillRect(rect(), tokens.window);
    painter.setPen(tokens.border);
    painter.drawLine(0, 0, width(), 0);
    painter.setFont(font());
    const int clockWidth = QFontMetrics(font()).horizontalAdvance(m_clock) + 2 * kPad;
    const QString right = m_note.isEmpty() ? QString() : m_note;
    const int noteWidth = right.isEmpty() ? 0 : QFontMetrics(font()).horizontalAdvance(right) + 16;
    int x = kPad;
    for (Part& part : m_parts) {
        const int needed = widthOf({ part.run }, options());
        part.rect = {};
        if (x + needed > width() - clockWidth - noteWidth)
            continue;
        part.rect = QRect(x - kPad, 0, needed + 2 * kPad, height());
        paintRuns(painter, QRect(x, 1, needed + 2, height() - 1), { part.run }, tokens, options());
        x += needed + kPad + 3;
        painter.setPen(tokens.border);
        painter.drawLine(x, 4, x, height() - 5);
        x += kPad + 3;
    }
    painter.setPen(tokens.accent);
    painter.drawText(
        rect().adjusted(0, 1, -clockWidth, 0), Qt::AlignVCenter | Qt::AlignRight, right);
    painter.setPen(tokens.muted);
    painter.drawText(rect().adjusted(0, 1, -kPad, 0), Qt::AlignVCenter | Qt::AlignRight, m_clock);
}

void StatusBar::mousePressEvent(QMouseEvent* event)
{
    for (const Part& part : m_parts) {
        if (!part.page.isEmpty() && part.rect.contains(event->position().toPoint()))
            emit activated(part.page);
    }
}

} // namespace fleetglass::widgets
