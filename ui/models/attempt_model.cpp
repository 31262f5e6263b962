#include "ui/models/attempt_model.h"

#include "ui/models/target_filter.h"
#include "ui/theme/cell.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/ink.h"
#include "ui/theme/plain_text.h"
#include "ui/theme/units.h"

#include <map>
#include <set>

namespace fleetglass::models {

void AttemptModel::setAttempts(
    const std::shared_ptr<const std::vector<view::AttemptView>>& attempts, int countMax)
{
    std::vector<view::AttemptView> next;
    if (attempts) {
        std::set<int64_t> seen; // Two attempts within a millisecond would share a key.
        for (auto one = attempts->rbegin();
             one != attempts->rend() && static_cast<int>(next.size()) < countMax; ++one) {
            if (seen.insert(one->timeMs).second)
                next.push_back(*one);
        }
    }
    sync(std::move(next));
}

void AttemptModel::setZone(const theme::Zone& zone)
{
    if (m_zone == zone)
        return;
    m_zone = zone;
    if (rowCount() > 0)
        emit dataChanged(index(0, Time), index(rowCount() - 1, Time));
}

QString AttemptModel::summary() const
{
    std::map<QString, int> counts;
    std::set<std::string_view> messages;
    int ok = 0;
    for (const view::AttemptView& attempt : rows()) {
        if (attempt.ok) {
            ++ok;
            continue;
        }
        ++counts[phaseWord(attempt.phase)];
        messages.insert(attempt.message);
    }
    QStringList parts;
    for (const auto& [word, count] : counts)
        parts += tr("%1 \u00d7 %2").arg(count).arg(word);
    if (ok > 0)
        parts += tr("%1 \u00d7 ok").arg(ok);
    else if (counts.size() == 1 && messages.size() == 1)
        parts += tr("same error");
    return parts.join(QStringLiteral(", "));
}

bool AttemptModel::isSame(const view::AttemptView& a, const view::AttemptView& b) const
{
    return a.ok == b.ok && a.phase == b.phase && a.durationMs == b.durationMs
        && a.samples == b.samples && a.message == b.message;
}

int AttemptModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString AttemptModel::textOf(const view::AttemptView& attempt, int column) const
{
    switch (column) {
    case Time:
        return theme::clockText(attempt.timeMs, m_zone);
    case Result:
        return attempt.ok ? tr("ok") : phaseWord(attempt.phase);
    case Took:
        return theme::formatDurationMs(attempt.durationMs);
    default:
        return attempt.ok ? tr("%1 samples").arg(theme::formatCount(attempt.samples))
                          : theme::shown(attempt.message);
    }
}

QVariant AttemptModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const view::AttemptView& attempt = rowAt(index.row());
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return textOf(attempt, column);
    case Qt::ToolTipRole:
        return column == Message ? theme::tip(textOf(attempt, column)) : QVariant();
    case theme::GlyphRole:
        return column == Result
            ? QVariant(static_cast<int>(attempt.ok ? theme::Glyph::Ok : theme::Glyph::Critical))
            : QVariant();
    case theme::InkRole:
        if (column == Result)
            return static_cast<int>(attempt.ok ? theme::Ink::Ok : theme::Ink::Critical);
        return static_cast<int>(column == Took || (column == Message && attempt.ok)
                ? theme::Ink::Muted
                : theme::Ink::Text);
    case theme::NumberRole:
        return column == Took;
    default:
        return {};
    }
}

QVariant AttemptModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("Time");
    case Result:
        return tr("Result");
    case Took:
        return tr("Took");
    case Message:
        return tr("What came of it");
    default:
        return {};
    }
}

} // namespace fleetglass::models
