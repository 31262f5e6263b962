#include "ui/pages/explore_status.h"

#include "ui/theme/plain_text.h"
#include "ui/widgets/buttons.h"

#include <QHBoxLayout>
#include <QPainter>

namespace fleetglass::pages {

namespace {

widgets::TextRuns runsOfCheck(const widgets::QueryCheck& check)
{
    using enum widgets::QueryState;
    const auto said = [](const QString& word, theme::Ink ink, theme::Glyph glyph) {
        widgets::TextRun run { word, ink };
        run.glyph = glyph;
        return run;
    };
    switch (check.state) {
    case Empty:
        return { { ExploreStatus::tr("no query"), theme::Ink::Muted } };
    case Valid:
        return { said(ExploreStatus::tr("valid"), theme::Ink::Ok, theme::Glyph::Ok) };
    case Incomplete:
        return { said(ExploreStatus::tr("incomplete"), theme::Ink::Pending, theme::Glyph::Pending),
            { theme::shown(check.message), theme::Ink::Muted } };
    case Wrong:
        break;
    }
    return { said(ExploreStatus::tr("wrong at %1:%2").arg(check.line).arg(check.column),
                 theme::Ink::Critical, theme::Glyph::Critical),
        { theme::shown(check.message), theme::Ink::Text } };
}

widgets::TextRun runOfAnswer(const view::QueryAnswer& answer)
{
    if (!answer.ok) {
        const QString place = answer.errorLine > 0
            ? QStringLiteral("%1:%2 ").arg(answer.errorLine).arg(answer.errorColumn)
            : QString();
        widgets::TextRun run { place + theme::shown(answer.error), theme::Ink::Critical };
        run.glyph = theme::Glyph::Critical;
        return run;
    }
    return { ExploreStatus::tr("%1 series, %2 samples, %3")
                 .arg(theme::formatCount(static_cast<int64_t>(answer.series.size())),
                     theme::formatCount(answer.samplesRead),
                     theme::formatDurationMs(answer.elapsedMs)),
        theme::Ink::Muted };
}

} // namespace

ExploreStatus::ExploreStatus(QWidget* parent)
    : QWidget(parent)
    , m_format(new widgets::KeyButton(tr("Format"), QStringLiteral("Ctrl+Shift+F"), this))
    , m_run(new widgets::KeyButton(tr("Run"), QStringLiteral("Ctrl+Enter"), this))
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 2, 8, 2);
    layout->setSpacing(8);
    layout->addStretch(1);
    layout->addWidget(m_format);
    layout->addWidget(m_run);
    m_format->setLink(true);
    m_run->setPrimary(true);
    setFixedHeight(theme::scaledHeight(28));
    connect(m_run, &QAbstractButton::clicked, this, &ExploreStatus::runRequested);
    connect(m_format, &QAbstractButton::clicked, this, &ExploreStatus::formatRequested);
}

void ExploreStatus::show(
    const widgets::QueryCheck& check, const view::QueryAnswer* answer, bool running)
{
    m_runs = runsOfCheck(check);
    if (running)
        m_runs.append({ tr("running ..."), theme::Ink::Muted, false, {}, 12 });
    else if (answer != nullptr) {
        widgets::TextRun run = runOfAnswer(*answer);
        run.gapBefore = 12;
        m_runs.append(run);
    }
    m_run->setEnabled(check.state == widgets::QueryState::Valid);
    setAccessibleName(text());
    update();
}

void ExploreStatus::paintEvent(QPaintEvent*)
{
    const theme::Tokens& tokens = theme::tokensOf(palette());
    QPainter painter(this);
    painter.fillRect(rect(), tokens.window);
    painter.setPen(tokens.border);
    painter.drawLine(0, 0, width(), 0);
    painter.drawLine(0, height() - 1, width(), height() - 1);
    const QRect box(9, 0, m_format->x() - 16, height());
    widgets::paintRuns(painter, box, m_runs, tokens, { .font = font() });
}

} // namespace fleetglass::pages
