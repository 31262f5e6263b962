#include "ui/models/session_model.h"

#include "ui/models/alert_model.h"
#include "ui/theme/cell.h"
#include "ui/theme/plain_text.h"
#include "ui/theme/units.h"

#include <algorithm>

namespace fleetglass::models {

namespace {

using view::SessionState;
using view::SessionView;

constexpr QChar kMinus(0x2212);
constexpr QChar kEnDash(0x2013);

QString duration(int64_t ms)
{
    return durationText(ms);
}

// How much earlier it may have been: "(−15 s)".
QString margin(int64_t earliestMs, int64_t latestMs)
{
    if (earliestMs <= 0 || latestMs <= earliestMs)
        return {};
    return QLatin1Char('(') + kMinus + durationText(latestMs - earliestMs) + QLatin1Char(')');
}

} // namespace

bool isOpen(const SessionView& session)
{
    return session.state == SessionState::Open || session.state == SessionState::OpenBeforeWatch;
}

bool hasTrait(const SessionView& session, SessionTrait trait)
{
    switch (trait) {
    case SessionTrait::Open:
        return isOpen(session);
    case SessionTrait::Unknown:
        return session.state == SessionState::Unknown;
    case SessionTrait::UnknownKey:
        return session.keyUnknown;
    }
    return false;
}

QString stateText(const SessionView& session, int64_t nowMs, const theme::Zone& zone)
{
    switch (session.state) {
    case SessionState::Open:
        return SessionModel::tr("open");
    case SessionState::OpenBeforeWatch:
        return SessionModel::tr("open since before watching began");
    case SessionState::Unknown:
        return SessionModel::tr("unknown, last seen %1")
            .arg(theme::momentText(session.lastSeenMs, nowMs, zone));
    case SessionState::Closed:
        return SessionModel::tr("closed");
    case SessionState::BetweenScrapes:
        break;
    }
    return SessionModel::tr("opened and closed between scrapes");
}

SessionSpan spanOf(const SessionView& session, int64_t nowMs)
{
    const int64_t begin
        = session.state == SessionState::BetweenScrapes && session.openedEarliestMs > 0
        ? session.openedEarliestMs
        : session.openedLatestMs;
    switch (session.state) {
    case SessionState::Open:
    case SessionState::OpenBeforeWatch:
        return { begin, std::max(nowMs, begin) };
    case SessionState::Unknown:
        return { begin, std::max(session.lastSeenMs, begin) };
    case SessionState::BetweenScrapes:
        return { begin, std::max(session.openedLatestMs, begin) };
    case SessionState::Closed:
        break;
    }
    return { begin, std::max(session.closedLatestMs, begin) };
}

QString openForText(const SessionView& session, int64_t nowMs)
{
    const SessionSpan span = spanOf(session, nowMs);
    const QString seen = duration(span.endMs - span.beginMs);
    if (session.state == SessionState::BetweenScrapes)
        return SessionModel::tr("< %1").arg(
            duration(std::max(span.endMs - span.beginMs, session.intervalMs)));
    if (session.state == SessionState::Unknown)
        return SessionModel::tr("at least %1").arg(seen);
    if (session.openedEarliestMs == 0)
        return SessionModel::tr("> %1").arg(seen);
    return seen;
}

QString keyText(const SessionView& session)
{
    return theme::shown(session.keyOwner.empty() ? session.publicKey : session.keyOwner);
}

SessionModel::SessionModel(QObject* parent)
    : KeyedTable(parent)
{
}

void SessionModel::setSessions(Sessions sessions, Unreachable unreachable, int64_t nowMs)
{
    m_sessions = std::move(sessions);
    m_unreachable = std::move(unreachable);
    m_nowMs = nowMs;
    update();
}

void SessionModel::setZone(const theme::Zone& zone)
{
    m_zone = zone;
    update();
}

void SessionModel::setTraits(const QSet<int>& traits)
{
    m_traits = traits;
    update();
}

void SessionModel::setFilter(const QString& text)
{
    m_words = text.toLower().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    update();
}

int SessionModel::count(SessionTrait trait) const
{
    return m_sessions ? static_cast<int>(std::count_if(m_sessions->begin(), m_sessions->end(),
               [trait](const SessionView& session) { return hasTrait(session, trait); }))
                      : 0;
}

std::vector<SessionView> SessionModel::shown() const
{
    std::vector<SessionView> sessions;
    for (const SessionRow& row : rows())
        sessions.push_back(row.session);
    return sessions;
}

bool SessionModel::passes(const SessionView& session) const
{
    const bool fits = m_traits.isEmpty()
        || std::any_of(m_traits.begin(), m_traits.end(),
            [&](int trait) { return hasTrait(session, static_cast<SessionTrait>(trait)); });
    if (!fits || m_words.isEmpty())
        return fits;
    QStringList parts;
    for (const std::string* part : { &session.instance, &session.source, &session.publicKey,
             &session.keyOwner, &session.remoteAddress })
        parts += theme::shown(*part).toLower();
    const QString text = parts.join(QLatin1Char(' '));
    return std::all_of(
        m_words.begin(), m_words.end(), [&](const QString& word) { return text.contains(word); });
}

void SessionModel::update()
{
    std::vector<SessionRow> fresh;
    std::unordered_set<uint64_t> seen;
    for (const SessionView& session : m_sessions ? *m_sessions : std::vector<SessionView> {}) {
        if (passes(session) && seen.insert(session.id).second)
            fresh.push_back(makeRow(session));
    }
    // Open first, those opened last at the top; then what nobody knows; then the past.
    const auto rank = [](const SessionRow& row) {
        const int group = isOpen(row.session)            ? 0
            : row.session.state == SessionState::Unknown ? 1
                                                         : 2;
        return std::tuple(group, -row.session.openedLatestMs, row.key);
    };
    std::sort(fresh.begin(), fresh.end(),
        [&](const SessionRow& a, const SessionRow& b) { return rank(a) < rank(b); });
    showRows(std::move(fresh));
}

SessionRow SessionModel::makeRow(const SessionView& session) const
{
    SessionRow row;
    row.key = session.id;
    row.session = session;
    for (const view::UnreachableView& stretch :
        m_unreachable ? *m_unreachable : std::vector<view::UnreachableView> {}) {
        if (stretch.instance == session.instance && stretch.endMs == 0)
            row.unreachableSinceMs = stretch.startMs;
    }
    switch (session.state) {
    case SessionState::Open:
    case SessionState::OpenBeforeWatch:
        row.cells[State] = tr("open");
        break;
    case SessionState::Unknown:
        row.cells[State] = tr("unknown");
        break;
    case SessionState::BetweenScrapes:
        row.cells[State] = tr("opened, closed");
        break;
    case SessionState::Closed:
        row.cells[State] = tr("closed");
    }
    row.cells[Host] = theme::shown(session.host);
    row.cells[Source] = theme::shown(session.source);
    row.cells[PublicKey] = keyText(session);
    row.cells[From] = theme::shown(session.remoteAddress);
    row.cells[OpenFor] = openForText(session, m_nowMs);
    row.cells[Commands]
        = session.commands < 0 ? QString(kEnDash) : theme::formatCount(session.commands);
    fillTimes(row);
    row.cells[Flag] = flagText(row);
    return row;
}

void SessionModel::fillTimes(SessionRow& row) const
{
    const SessionView& session = row.session;
    const auto moment = [this](int64_t ms) { return theme::momentText(ms, m_nowMs, m_zone); };
    row.cells[Closed] = QString(kEnDash);
    if (session.state == SessionState::BetweenScrapes && session.openedEarliestMs > 0) {
        row.cells[Opened] = tr("%1 to %2")
                                .arg(moment(session.openedEarliestMs),
                                    theme::clockText(session.openedLatestMs, m_zone));
        row.cells[Closed]
            = tr("in the same %1").arg(duration(session.openedLatestMs - session.openedEarliestMs));
        return;
    }
    if (session.openedEarliestMs == 0)
        row.cells[Opened] = tr("before %1").arg(moment(session.openedLatestMs));
    else {
        row.cells[Opened] = moment(session.openedLatestMs);
        row.margins[0] = margin(session.openedEarliestMs, session.openedLatestMs);
    }
    if (session.state == SessionState::Unknown)
        row.cells[Closed] = tr("last seen %1").arg(moment(session.lastSeenMs));
    else if (session.state == SessionState::BetweenScrapes)
        row.cells[Closed] = tr("before %1").arg(moment(session.openedLatestMs));
    else if (session.state == SessionState::Closed) {
        row.cells[Closed] = moment(session.closedLatestMs);
        row.margins[1] = margin(session.closedEarliestMs, session.closedLatestMs);
    }
}

QString SessionModel::flagText(const SessionRow& row) const
{
    const SessionView& session = row.session;
    QStringList flags;
    if (session.keyUnknown)
        flags += tr("unknown key");
    if (session.addressNew)
        flags += tr("new address");
    if (session.state == SessionState::Unknown)
        flags += row.unreachableSinceMs > 0
            ? tr("host unreachable %1").arg(theme::formatAgeMs(m_nowMs - row.unreachableSinceMs))
            : tr("host does not tell");
    if (session.state == SessionState::BetweenScrapes)
        flags += tr("between two scrapes");
    else if (session.openedEarliestMs == 0)
        flags += tr("open when watching began");
    return flags.join(QStringLiteral(", "));
}

int SessionModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : kColumns;
}

QVariant SessionModel::stateData(const SessionView& session, int role) const
{
    const bool unknown = session.state == SessionState::Unknown;
    if (role == theme::GlyphRole)
        return static_cast<int>(isOpen(session) ? theme::Glyph::Shell
                : unknown                       ? theme::Glyph::ShellUnknown
                                                : theme::Glyph::Nothing);
    if (role == theme::InkRole)
        return static_cast<int>(isOpen(session) ? theme::Ink::Shell
                : unknown                       ? theme::Ink::Unknown
                                                : theme::Ink::Muted);
    if (role == theme::BoldRole)
        return isOpen(session);
    if (role == Qt::ToolTipRole)
        return theme::tip(stateText(session, m_nowMs, m_zone));
    return {};
}

QVariant SessionModel::flagData(const SessionView& session, int role) const
{
    const bool odd = session.keyUnknown || session.addressNew;
    if (role == theme::GlyphRole && odd)
        return static_cast<int>(theme::Glyph::Warning);
    if (role == theme::InkRole)
        return static_cast<int>(odd ? theme::Ink::Warning : theme::Ink::Muted);
    return {};
}

QVariant SessionModel::data(const QModelIndex& index, int role) const
{
    const SessionRow* row = index.isValid() ? rowAt(index.row()) : nullptr;
    if (row == nullptr || index.column() >= kColumns)
        return {};
    const int column = index.column();
    const SessionView& session = row->session;
    if (role == Qt::AccessibleTextRole && column == State)
        return stateText(session, m_nowMs, m_zone);
    if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole)
        return row->cells[static_cast<size_t>(column)];
    if (role == theme::NumberRole)
        return column == OpenFor || column == Commands;
    if (role == theme::DetailRole && (column == Opened || column == Closed))
        return row->margins[column == Opened ? 0 : 1];
    if (column == State)
        return stateData(session, role);
    if (column == Flag)
        return flagData(session, role);
    if (role == theme::BoldRole)
        return column == Host && (isOpen(session) || session.state == SessionState::Unknown);
    if (role == theme::FixedRole)
        return column == PublicKey && session.keyOwner.empty();
    if (role == theme::InkRole && column == Closed
        && (session.state == SessionState::Unknown
            || session.state == SessionState::BetweenScrapes))
        return static_cast<int>(theme::Ink::Muted);
    return {};
}

QVariant SessionModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= kColumns)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(
            (section == OpenFor || section == Commands ? Qt::AlignRight : Qt::AlignLeft)
            | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const std::array kNames { tr("State"), tr("Host"), tr("Source"), tr("Key"), tr("From"),
        tr("Opened"), tr("Closed"), tr("Open for"), tr("Commands"), tr("Flag") };
    return kNames[static_cast<size_t>(section)];
}

} // namespace fleetglass::models
