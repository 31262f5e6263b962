// PaletteSearch: which items a typed text means, best first. Pure functions; thread-safe.
#pragma once

#include "ui/widgets/palette_item.h"

#include <QVector>

namespace fleetglass::widgets {

// '>' command, '@' host, '#' metric, '!' alert, ':' view in front of the text keep that kind only.
// All words must occur; beginnings of words count more. At most `limit` indices into `items`.
QVector<int> searchPalette(const QVector<PaletteItem>& items, const QString& typed, int limit);

QChar signOf(PaletteKind kind);

} // namespace fleetglass::widgets
