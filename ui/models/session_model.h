// SessionModel: one row for each shell session: its state in words, where, by which key, from
// where, when with the uncertainty of the scrape interval, and what is odd about it. Rows are keyed
// by the session's id, in the order of the view. Used from one thread at a time (the UI thread).
#pragma once

#include "core/view/session_view.h"
#include "ui/models/keyed_table.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/ink.h"
#include "ui/theme/time_text.h"

#include <QSet>
#include <array>
#include <memory>

namespace fleetglass::models {

// What the chips choose by.
enum class SessionTrait
{
    Open,
    Unknown,
    UnknownKey
};

bool isOpen(const view::SessionView& session);
bool hasTrait(const view::SessionView& session, SessionTrait trait);
// The whole truth about its state: "open", "open since before watching began", "unknown, last seen
// 14:29:50", "closed", "opened and closed between scrapes".
QString stateText(const view::SessionView& session, int64_t nowMs, const theme::Zone& zone);
// "9 m 35 s", "at least 31 m", "> 1 h 42 m", "< 15 s"
QString openForText(const view::SessionView& session, int64_t nowMs);
// The owner where the address book knows the key, else the key itself.
QString keyText(const view::SessionView& session);
// While it was open as far as anybody knows: first and last moment.
struct SessionSpan
{
    int64_t beginMs = 0;
    int64_t endMs = 0;
};
SessionSpan spanOf(const view::SessionView& session, int64_t nowMs);

struct SessionRow
{
    uint64_t key = 0;
    view::SessionView session;
    int64_t unreachableSinceMs = 0; // 0: its host answers.
    std::array<QString, 10> cells;
    std::array<QString, 2> margins; // "(−15 s)" after Opened and Closed.

    friend bool operator==(const SessionRow& a, const SessionRow& b)
    {
        return a.key == b.key && a.session.state == b.session.state && a.cells == b.cells
            && a.margins == b.margins && a.session.keyUnknown == b.session.keyUnknown
            && a.session.addressNew == b.session.addressNew;
    }
};

class SessionModel : public KeyedTable<SessionRow>
{
    Q_OBJECT

public:
    enum Column
    {
        State,
        Host,
        Source,
        PublicKey,
        From,
        Opened,
        Closed,
        OpenFor,
        Commands,
        Flag,
        kColumns
    };

    explicit SessionModel(QObject* parent = nullptr);

    using Sessions = std::shared_ptr<const std::vector<view::SessionView>>;
    using Unreachable = std::shared_ptr<const std::vector<view::UnreachableView>>;
    void setSessions(Sessions sessions, Unreachable unreachable, int64_t nowMs);
    void setZone(const theme::Zone& zone);
    void setTraits(const QSet<int>& traits); // Empty: all.
    // Every word is in the host, source, key, owner or address.
    void setFilter(const QString& text);

    int total() const { return m_sessions ? static_cast<int>(m_sessions->size()) : 0; }
    int count(SessionTrait trait) const;
    std::vector<view::SessionView> shown() const; // In the order of the rows.

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(
        int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    void update();
    bool passes(const view::SessionView& session) const;
    SessionRow makeRow(const view::SessionView& session) const;
    void fillTimes(SessionRow& row) const;
    QString flagText(const SessionRow& row) const;
    QVariant stateData(const view::SessionView& session, int role) const;
    QVariant flagData(const view::SessionView& session, int role) const;

    Sessions m_sessions;
    Unreachable m_unreachable;
    int64_t m_nowMs = 0;
    theme::Zone m_zone;
    QSet<int> m_traits;
    QStringList m_words;
};

} // namespace fleetglass::models
