// SeriesColors: which colour and dash a host's line has, the same in every chart and after a
// restart. Used from one thread at a time.
#pragma once

#include <QColor>
#include <QHash>
#include <QString>
#include <QStringList>
#include <Qt>
#include <array>

namespace fleetglass::theme {

struct Tokens;

struct SeriesStyle
{
    int slot = 0; // 0 to 11: index into Tokens::series.
    Qt::PenStyle pattern = Qt::SolidLine; // Solid first, then dashed, then dotted.

    QColor color(const Tokens& tokens) const;
    friend bool operator==(const SeriesStyle&, const SeriesStyle&) = default;
};

class SeriesColors
{
public:
    // The same identity (by default the value of `instance`) always gets the same style: the slot
    // of its hash, or the next free one, remembered. After 36 identities slots are shared.
    SeriesStyle styleOf(const QString& identity);

    // What to keep over a restart, oldest first: "slot identity".
    QStringList saved() const;
    // Damaged lines are left out.
    void restore(const QStringList& lines);

private:
    int take(const QString& identity);
    void remember(const QString& identity, int place);

    static constexpr int kPlaces = 36; // 12 colours in three patterns.
    static constexpr qsizetype kRememberedMax = 20'000;
    QHash<QString, int> m_placeOf;
    QStringList m_order;
    std::array<bool, kPlaces> m_taken {};
};

} // namespace fleetglass::theme
