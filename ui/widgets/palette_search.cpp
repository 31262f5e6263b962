#include "ui/widgets/palette_search.h"

#include <QStringList>
#include <algorithm>
#include <optional>

namespace fleetglass::widgets {

namespace {

constexpr qsizetype kTypedMax = 256;

struct Hit
{
    int score;
    int index;
};

std::optional<PaletteKind> kindOf(QChar sign)
{
    for (const PaletteKind kind : { PaletteKind::Command, PaletteKind::Host, PaletteKind::Metric,
             PaletteKind::Alert, PaletteKind::View }) {
        if (signOf(kind) == sign)
            return kind;
    }
    return std::nullopt;
}

// 0: does not occur.
int scoreOf(const QString& text, const QString& word)
{
    const qsizetype at = text.indexOf(word, 0, Qt::CaseInsensitive);
    if (at < 0)
        return 0;
    if (at == 0)
        return text.size() == word.size() ? 8 : 6;
    return text[at - 1].isLetterOrNumber() ? 2 : 4;
}

int scoreOf(const PaletteItem& item, const QStringList& words)
{
    int total = 0;
    for (const QString& word : words) {
        int best = 3 * scoreOf(item.text, word);
        if (best == 0)
            best = scoreOf(item.detail, word);
        if (best == 0)
            return 0;
        total += best;
    }
    // Of equal hits the shorter text is the better one.
    return total * 1024 - static_cast<int>(std::min<qsizetype>(item.text.size(), 1000));
}

} // namespace

QChar signOf(PaletteKind kind)
{
    switch (kind) {
    case PaletteKind::Command:
        return QLatin1Char('>');
    case PaletteKind::Host:
        return QLatin1Char('@');
    case PaletteKind::Metric:
        return QLatin1Char('#');
    case PaletteKind::Alert:
        return QLatin1Char('!');
    case PaletteKind::View:
        return QLatin1Char(':');
    }
    return QLatin1Char('>');
}

QVector<int> searchPalette(const QVector<PaletteItem>& items, const QString& typed, int limit)
{
    QString text = typed.left(kTypedMax).trimmed();
    std::optional<PaletteKind> only;
    if (!text.isEmpty())
        only = kindOf(text[0]);
    if (only)
        text = text.mid(1);
    const QStringList words = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    QVector<Hit> hits;
    for (int i = 0; i < items.size(); ++i) {
        if (only && items[i].kind != *only)
            continue;
        const int score = words.isEmpty() ? 1 : scoreOf(items[i], words);
        if (score != 0)
            hits.append({ score, i });
    }
    const auto end = hits.begin() + std::min<qsizetype>(limit, hits.size());
    std::partial_sort(hits.begin(), end, hits.end(), [](const Hit& a, const Hit& b) {
        return a.score != b.score ? a.score > b.score : a.index < b.index;
    });
    QVector<int> found;
    for (auto hit = hits.begin(); hit != end; ++hit)
        found.append(hit->index);
    return found;
}

} // namespace fleetglass::widgets
