#include "ui/models/target_table_model.h"

#include "ui/theme/cell.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/plain_text.h"
#include "ui/theme/units.h"

#include <algorithm>

namespace fleetglass::models {

namespace {

using theme::Ink;
using view::Health;
using view::TargetView;

constexpr QChar kDash(0x2013);

// Down, unknown, up: what wants to be looked at.
int rankOf(const TargetView& target)
{
    return target.health == Health::Down ? 0 : target.health == Health::Unknown ? 1 : 2;
}

Ink inkOfHealth(Health health)
{
    return health == Health::Down ? Ink::Critical : health == Health::Up ? Ink::Ok : Ink::Unknown;
}

theme::Glyph glyphOfHealth(Health health)
{
    return health == Health::Down ? theme::Glyph::Critical
        : health == Health::Up    ? theme::Glyph::Ok
                                  : theme::Glyph::Unknown;
}

double numberOf(const TargetView& target, int column)
{
    switch (column) {
    case TargetTableModel::State:
        return rankOf(target);
    case TargetTableModel::Phase:
        return static_cast<double>(target.phase);
    case TargetTableModel::Notes: // Not verified, then what ends soonest.
        return target.insecureSkipVerify       ? 0
            : target.certificateNotAfterMs > 0 ? static_cast<double>(target.certificateNotAfterMs)
            : target.honorLabels               ? 1e18
                                               : 1e19;
    case TargetTableModel::LastScrape:
        return -static_cast<double>(target.lastScrapeMs);
    case TargetTableModel::Took:
        return target.durationMs;
    case TargetTableModel::Samples:
        return static_cast<double>(target.samplesScraped);
    case TargetTableModel::Size:
        return static_cast<double>(target.bodyBytes);
    default:
        return static_cast<double>(target.failuresInARow);
    }
}

bool isTextColumn(int column)
{
    using enum TargetTableModel::Column;
    return column == Job || column == Instance || column == Labels || column == LastError;
}

int compareText(const TargetView& a, const TargetView& b, int column)
{
    if (column == TargetTableModel::Instance)
        return a.instance.compare(b.instance);
    if (column == TargetTableModel::LastError)
        return a.error.compare(b.error);
    if (column == TargetTableModel::Labels)
        return a.labels < b.labels ? -1 : b.labels < a.labels ? 1 : 0;
    return a.job.compare(b.job);
}

} // namespace

QString otherLabelsText(const labels::Labels& labels)
{
    QString text;
    for (const labels::Label& label : labels) {
        if (label.name == "instance" || label.name == "job")
            continue;
        if (!text.isEmpty())
            text += QLatin1Char(' ');
        text += theme::shown(label.name) + QLatin1Char('=') + theme::shown(label.value);
    }
    return text;
}

TargetNote noteOf(const view::TargetView& target, int64_t nowMs)
{
    using Table = TargetTableModel;
    TargetNote note;
    const auto add = [&](const QString& text, Ink ink) {
        if (note.text.isEmpty())
            note.ink = ink; // The gravest comes first.
        note.text += (note.text.isEmpty() ? QString() : QStringLiteral(", ")) + text;
    };
    if (target.insecureSkipVerify && target.url.starts_with("https:"))
        add(Table::tr("not verified"), Ink::Critical);
    const int64_t leftMs = target.certificateNotAfterMs - nowMs;
    if (target.certificateNotAfterMs > 0 && leftMs < view::kCertificateWarningMs)
        add(leftMs < 0 ? Table::tr("cert ended")
                       : Table::tr("cert ends in %1").arg(theme::formatAgeMs(leftMs)),
            Ink::Warning);
    if (target.honorLabels)
        add(Table::tr("honor_labels"), Ink::Muted);
    return note;
}

void TargetTableModel::setFleet(const view::FleetViewPtr& fleet)
{
    m_fleet = fleet;
    m_nowMs = fleet ? fleet->nowMs : 0;
    fill();
    // Ages grow in every row; the view draws those that are visible.
    if (rowCount() > 0)
        emit dataChanged(index(0, LastScrape), index(rowCount() - 1, LastScrape));
}

void TargetTableModel::setFilter(const TargetFilter& filter)
{
    m_filter = filter;
    fill();
}

void TargetTableModel::setCurrent(uint64_t targetId)
{
    if (m_current == targetId)
        return;
    for (const uint64_t id : { std::exchange(m_current, targetId), targetId }) {
        const int row = id == 0 ? -1 : rowOf(id);
        if (row >= 0)
            emit dataChanged(index(row, Instance), index(row, Instance));
    }
}

void TargetTableModel::fill()
{
    std::vector<TargetRow> next;
    if (m_fleet) {
        next.reserve(m_fleet->targets.size());
        for (const auto& target : m_fleet->targets) {
            if (m_filter.isEmpty() || m_filter.passes(*target))
                next.push_back({ target });
        }
    }
    order(next);
    sync(std::move(next));
}

void TargetTableModel::order(std::vector<TargetRow>& rows) const
{
    const int column = m_sortColumn < 0 ? static_cast<int>(State) : m_sortColumn;
    const bool falling = m_sortColumn >= 0 && m_sortOrder == Qt::DescendingOrder;
    const auto less = [&](const TargetRow& a, const TargetRow& b) {
        if (isTextColumn(column))
            return compareText(*a.target, *b.target, column) < 0;
        return numberOf(*a.target, column) < numberOf(*b.target, column);
    };
    std::stable_sort(rows.begin(), rows.end(),
        [&](const TargetRow& a, const TargetRow& b) { return falling ? less(b, a) : less(a, b); });
}

void TargetTableModel::sort(int column, Qt::SortOrder sortOrder)
{
    m_sortColumn = column;
    m_sortOrder = sortOrder;
    fill();
}

bool TargetTableModel::isSame(const TargetRow& a, const TargetRow& b) const
{
    return a.target == b.target;
}

int TargetTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString TargetTableModel::textOf(const TargetView& target, int column) const
{
    switch (column) {
    case State:
        return target.paused                   ? tr("paused")
            : target.health == Health::Down    ? tr("DOWN")
            : target.health == Health::Unknown ? tr("unknown")
                                               : tr("up");
    case Job:
        return theme::shown(target.job);
    case Instance:
        return theme::shown(target.instance);
    case Labels:
        return otherLabelsText(target.labels);
    case Phase:
        return target.phase == view::Phase::None ? QString(kDash) : phaseWord(target.phase);
    case Notes:
        return noteOf(target, m_nowMs).text;
    case LastError:
        if (target.error.empty() && !target.hint.empty())
            return theme::shown(target.hint);
        return target.error.empty() && target.health == Health::Unknown
            ? tr("no scrape has ended yet")
            : theme::shown(target.error);
    case LastScrape:
        return target.lastScrapeMs == 0 ? QString(kDash)
                                        : tr("%1 ago").arg(theme::formatAgeMs(
                                            std::max<int64_t>(m_nowMs - target.lastScrapeMs, 0)));
    case Took:
        return target.lastScrapeMs == 0 ? QString(kDash)
                                        : theme::formatDurationMs(target.durationMs);
    case Samples:
        return target.samplesScraped < 0 ? QString(kDash)
                                         : theme::formatCount(target.samplesScraped);
    case Size:
        return target.bodyBytes < 0 ? QString(kDash) : theme::formatBytes(target.bodyBytes);
    case Failed:
        return theme::formatCount(target.failuresInARow);
    default:
        return {};
    }
}

QVariant TargetTableModel::inkOf(const TargetView& target, int column) const
{
    Ink ink = Ink::Text;
    if (column == State)
        ink = target.paused ? Ink::Muted : inkOfHealth(target.health);
    else if (column == Labels)
        ink = Ink::Muted;
    else if (column == Phase)
        ink = target.phase == view::Phase::None ? Ink::Faint : Ink::Critical;
    else if (column == Notes)
        ink = noteOf(target, m_nowMs).ink;
    else if (column == LastError && target.health != Health::Down)
        ink = Ink::Muted;
    else if (column == Failed && target.failuresInARow == 0)
        ink = Ink::Faint;
    return static_cast<int>(ink);
}

// By time, so that a target that scrapes seldom compares with one that scrapes often.
QVariant TargetTableModel::ribbonOf(const TargetView& target) const
{
    constexpr int64_t kHourMs = 3'600'000;
    constexpr size_t kSlots = 120;
    using Part = theme::RibbonCell::Part;
    auto parts = std::make_shared<std::vector<Part>>(kSlots, Part::None);
    const auto& attempts = target.attemptsHour ? target.attemptsHour : target.attemptsRecent;
    if (attempts) {
        const int64_t slotMs = kHourMs / static_cast<int64_t>(kSlots);
        const int64_t widthSlots = std::max<int64_t>(target.intervalMs / slotMs, 1);
        for (const view::AttemptView& attempt : *attempts) {
            const int64_t slot = (attempt.timeMs - (m_nowMs - kHourMs)) / slotMs;
            for (int64_t at = slot; at < slot + widthSlots; ++at) {
                if (at < 0 || at >= static_cast<int64_t>(kSlots))
                    continue;
                Part& part = (*parts)[static_cast<size_t>(at)];
                part = attempt.ok && part != Part::Bad ? Part::Good : attempt.ok ? part : Part::Bad;
            }
        }
    }
    return QVariant::fromValue(theme::RibbonCell { parts });
}

QVariant TargetTableModel::glyphOf(const TargetView& target, int column) const
{
    if (column == State)
        return static_cast<int>(
            target.paused ? theme::Glyph::Nothing : glyphOfHealth(target.health));
    if (column == Phase && target.phase != view::Phase::None)
        return static_cast<int>(theme::Glyph::Critical);
    if (column != Notes)
        return {};
    const Ink ink = noteOf(target, m_nowMs).ink;
    return ink == Ink::Critical ? QVariant(static_cast<int>(theme::Glyph::Critical))
        : ink == Ink::Warning   ? QVariant(static_cast<int>(theme::Glyph::Warning))
                                : QVariant();
}

QVariant TargetTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const TargetView& target = *rowAt(index.row()).target;
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return textOf(target, column);
    case Qt::ToolTipRole:
        return column == LastError || column == Labels || column == Notes
            ? theme::tip(textOf(target, column))
            : QVariant();
    case theme::InkRole:
        return inkOf(target, column);
    case theme::GlyphRole:
        return glyphOf(target, column);
    case theme::BoldRole:
        return column == Instance && target.id == m_current;
    case theme::NumberRole:
        return column >= LastScrape && column <= Failed;
    case theme::RibbonRole:
        return column == Hour ? ribbonOf(target) : QVariant();
    default:
        return {};
    }
}

QVariant TargetTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignVCenter
            | (section >= LastScrape && section <= Failed ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case State:
        return tr("State");
    case Job:
        return tr("Job");
    case Instance:
        return tr("Instance");
    case Labels:
        return tr("Labels");
    case Phase:
        return tr("Phase");
    case Notes:
        return tr("Notes");
    case LastError:
        return tr("Last error");
    case LastScrape:
        return tr("Last scrape");
    case Took:
        return tr("Took");
    case Samples:
        return tr("Samples");
    case Size:
        return tr("Size");
    case Failed:
        return tr("Failed");
    default:
        return tr("1 h");
    }
}

} // namespace fleetglass::models
