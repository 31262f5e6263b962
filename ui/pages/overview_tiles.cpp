#include "ui/pages/overview_tiles.h"

#include "ui/models/day_spark.h"
#include "ui/models/target_filter.h"
#include "ui/theme/plain_text.h"
#include "ui/theme/units.h"
#include "ui/widgets/tile.h"

#include <QHBoxLayout>
#include <algorithm>
#include <map>

namespace fleetglass::pages {

namespace {

using theme::Ink;
using widgets::TextRun;
using widgets::TextRuns;

constexpr size_t kLines = 3;
constexpr int64_t kSparkEveryMs = 30'000;

bool counts(const view::AlertView& alert)
{
    return alert.severity != view::Severity::Info;
}

// "TargetDown × 3, DiskFull24h" of the alerts of one severity.
QString namesOf(const std::map<QString, int>& counted)
{
    QStringList names;
    for (const auto& [name, count] : counted)
        names += count > 1 ? name + QStringLiteral(" \u00d7 %1").arg(count) : name;
    return names.join(QStringLiteral(", "));
}

} // namespace

OverviewTiles::OverviewTiles(QWidget* parent)
    : QWidget(parent)
    , m_down(new widgets::Tile(tr("Down"), theme::State::Critical, this))
    , m_firing(new widgets::Tile(tr("Firing"), theme::State::Warning, this))
    , m_shells(new widgets::Tile(tr("Shells"), theme::State::Shell, this))
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme::size::kSpace8);
    for (widgets::Tile* tile : { m_down, m_firing, m_shells })
        layout->addWidget(tile);
    connect(m_down, &QAbstractButton::clicked, this, &OverviewTiles::downRequested);
    connect(m_firing, &QAbstractButton::clicked, this, &OverviewTiles::firingRequested);
    connect(m_shells, &QAbstractButton::clicked, this, &OverviewTiles::shellsRequested);
}

void OverviewTiles::showFleet(const view::FleetView& fleet, const theme::Zone& zone)
{
    showDown(fleet);
    showFiring(fleet);
    showShells(fleet, zone);
    const auto counted = static_cast<uint64_t>(fleet.status.targetsDown) << 32
        | static_cast<uint64_t>(fleet.status.alertsFiring) << 16
        | static_cast<uint64_t>(fleet.status.shellsOpen);
    if (counted == m_downSeen && std::abs(fleet.nowMs - m_sparksAtMs) < kSparkEveryMs)
        return;
    m_downSeen = counted;
    m_sparksAtMs = fleet.nowMs;
    m_down->setSpark(models::downOverDay(fleet), tr("24 h"));
    m_firing->setSpark(models::firingOverDay(fleet), tr("24 h"));
    m_shells->setSpark(models::shellsOverDay(fleet), tr("24 h"));
}

void OverviewTiles::showDown(const view::FleetView& fleet)
{
    std::vector<const view::TargetView*> down;
    for (const auto& target : fleet.targets) {
        if (target->health == view::Health::Down)
            down.push_back(target.get());
    }
    const auto shown = std::min(kLines, down.size());
    std::partial_sort(down.begin(), down.begin() + static_cast<std::ptrdiff_t>(shown), down.end(),
        [](const auto* a, const auto* b) { return a->healthSinceMs > b->healthSinceMs; });
    QVector<TextRuns> lines;
    for (size_t i = 0; i < shown; ++i) {
        const view::TargetView& target = *down[i];
        lines.append({ { theme::shown(models::hostOf(target.instance)) },
            { tr("%1, %2").arg(theme::shown(target.error),
                  theme::formatAgeMs(fleet.nowMs - target.healthSinceMs)),
                Ink::Muted } });
    }
    if (down.empty())
        lines.append({ { tr("every target answers"), Ink::Muted } });
    m_down->setNumber(static_cast<int>(down.size()));
    m_down->setLines(std::move(lines));
}

void OverviewTiles::showFiring(const view::FleetView& fleet)
{
    std::map<QString, int> critical;
    std::map<QString, int> warning;
    int criticals = 0;
    int warnings = 0;
    int pending = 0;
    int snoozed = 0;
    for (const auto& alert : fleet.alerts) {
        if (alert->state == view::AlertState::Resolved || !counts(*alert))
            continue;
        if (alert->state == view::AlertState::Pending) {
            ++pending;
            continue;
        }
        if (alert->snoozedUntilMs > fleet.nowMs) {
            ++snoozed;
            continue;
        }
        const bool isCritical = alert->severity == view::Severity::Critical;
        ++(isCritical ? criticals : warnings);
        ++(isCritical ? critical : warning)[theme::shown(alert->name)];
    }
    QVector<TextRuns> lines;
    if (criticals > 0)
        lines.append({ { tr("%1 critical").arg(criticals), Ink::Critical, true },
            { namesOf(critical), Ink::Muted } });
    if (warnings > 0)
        lines.append({ { tr("%1 warning").arg(warnings), Ink::Warning, true },
            { namesOf(warning), Ink::Muted } });
    QStringList rest;
    if (pending > 0)
        rest += tr("%1 pending").arg(pending);
    if (snoozed > 0)
        rest += tr("%1 snoozed").arg(snoozed);
    if (!rest.isEmpty())
        lines.append({ { rest.join(QStringLiteral(", ")) } });
    if (lines.isEmpty())
        lines.append({ { tr("no rule fires"), Ink::Muted } });
    m_firing->setState(criticals > 0 ? theme::State::Critical : theme::State::Warning);
    m_firing->setNumber(criticals + warnings);
    m_firing->setLines(std::move(lines));
}

void OverviewTiles::showShells(const view::FleetView& fleet, const theme::Zone& zone)
{
    QVector<TextRuns> lines;
    int open = 0;
    for (size_t i = 0; fleet.sessions && i < fleet.sessions->size(); ++i) {
        const view::SessionView& session = (*fleet.sessions)[i];
        using enum view::SessionState;
        const bool unknown = session.state == Unknown;
        if (session.state != Open && session.state != OpenBeforeWatch && !unknown)
            continue;
        if (unknown) {
            lines.append({ { theme::shown(session.host) },
                { tr("unknown since %1").arg(theme::clockText(session.lastSeenMs, zone)),
                    Ink::Unknown } });
            continue;
        }
        const QString age = theme::formatAgeMs(fleet.nowMs - session.openedLatestMs);
        TextRuns line { { theme::shown(session.host) }, { theme::shown(session.source) } };
        if (session.keyUnknown)
            line.append({ tr("unknown key,"), Ink::Warning });
        else
            line.append({ theme::shown(session.keyOwner) + QLatin1Char(','), Ink::Muted });
        line.append({ tr("%1, %2").arg(theme::shown(session.remoteAddress), age), Ink::Muted });
        lines.insert(open++, line);
    }
    if (lines.isEmpty())
        lines.append({ { tr("no open shells"), Ink::Muted } });
    m_shells->setNumber(open);
    m_shells->setLines(std::move(lines));
}

} // namespace fleetglass::pages
