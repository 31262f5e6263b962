#include "ui/theme/series_colors.h"

#include "ui/theme/tokens.h"

namespace fleetglass::theme {

namespace {

constexpr int kSlots = 12;

// FNV-1a, 64 bit: the same on every machine and in every run, unlike qHash.
quint64 stableHash(const QString& text)
{
    quint64 hash = 0xcbf29ce484222325ULL;
    const QByteArray bytes = text.toUtf8();
    for (const char byte : bytes) {
        hash ^= static_cast<unsigned char>(byte);
        hash *= 0x100000001b3ULL;
    }
    return hash ^ (hash >> 32);
}

SeriesStyle styleAt(int place)
{
    constexpr Qt::PenStyle kPatterns[] = { Qt::SolidLine, Qt::DashLine, Qt::DotLine };
    return { place % kSlots, kPatterns[place / kSlots] };
}

} // namespace

QColor SeriesStyle::color(const Tokens& tokens) const
{
    return tokens.series[static_cast<size_t>(slot)];
}

SeriesStyle SeriesColors::styleOf(const QString& identity)
{
    if (const auto known = m_placeOf.constFind(identity); known != m_placeOf.constEnd())
        return styleAt(*known);
    const int place = take(identity);
    if (m_order.size() < kRememberedMax)
        remember(identity, place);
    return styleAt(place);
}

int SeriesColors::take(const QString& identity)
{
    const quint64 hash = stableHash(identity);
    const int first = static_cast<int>(hash % kSlots);
    for (int round = 0; round < kPlaces; round += kSlots) {
        for (int step = 0; step < kSlots; ++step) {
            const int place = round + (first + step) % kSlots;
            if (!m_taken[static_cast<size_t>(place)])
                return place;
        }
    }
    return static_cast<int>(hash % kPlaces);
}

void SeriesColors::remember(const QString& identity, int place)
{
    m_placeOf.insert(identity, place);
    m_order.append(identity);
    m_taken[static_cast<size_t>(place)] = true;
}

QStringList SeriesColors::saved() const
{
    QStringList lines;
    lines.reserve(m_order.size());
    for (const QString& identity : m_order)
        lines.append(QString::number(m_placeOf.value(identity)) + QLatin1Char(' ') + identity);
    return lines;
}

void SeriesColors::restore(const QStringList& lines)
{
    for (const QString& line : lines) {
        const qsizetype space = line.indexOf(QLatin1Char(' '));
        bool isNumber = false;
        const int place = line.left(std::max<qsizetype>(space, 0)).toInt(&isNumber);
        const QString identity = line.mid(space + 1);
        const bool good = space > 0 && isNumber && place >= 0 && place < kPlaces;
        if (good && !m_placeOf.contains(identity) && m_order.size() < kRememberedMax)
            remember(identity, place);
    }
}

} // namespace fleetglass::theme
