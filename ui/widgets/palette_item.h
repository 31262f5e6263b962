// PaletteItem: something Ctrl+K can find and do. Used from one thread at a time (the UI thread).
#pragma once

#include "ui/theme/glyphs.h"

#include <QString>
#include <functional>

namespace fleetglass::widgets {

enum class PaletteKind
{
    Command, // >
    Host, // @
    Metric, // #
    Alert, // !
    View, // :
};

struct PaletteItem
{
    PaletteKind kind = PaletteKind::Command;
    QString
        text; // What is searched and shown; external text is allowed, it is drawn as plain text.
    QString detail {}; // Muted, searched too.
    QString keys {}; // At the right edge: "Ctrl+S".
    theme::Glyph glyph = theme::Glyph::ChevronRight;
    std::function<void()> run {};
};

} // namespace fleetglass::widgets
