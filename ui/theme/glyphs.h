// Glyphs: every sign in the window, drawn as vectors in a 16 x 16 box, so that they are sharp at
// any size and device pixel ratio. Used from one thread at a time (the UI thread).
#pragma once

#include "ui/theme/tokens.h"

#include <QIcon>
#include <QRectF>

class QPainter;

namespace fleetglass::theme {

enum class Glyph
{
    // States.
    Ok, // Ring with tick.
    Pending, // Hatched clock.
    Warning, // Triangle with !.
    Critical, // Octagon with x.
    Unknown, // Dashed ring with ?.
    Shell, // Box with >_.
    ShellUnknown, // Dashed box with ?.
    Snoozed, // Z.
    Nothing, // Short dash: closed, not reached.
             // Modes of the rail.
    Overview,
    Explore,
    Dashboards,
    Alerts,
    Shells,
    Targets,
    Rules,
    Snapshots,
    Log,
    // Signs on controls.
    Search,
    ChevronDown,
    ChevronLeft,
    ChevronRight,
    ChevronUp,
    Close,
    Plus,
    Document,
    Tick,
    Dot,
};

// One colour; the hole in filled glyphs shows the ground below.
void paintGlyph(QPainter& painter, Glyph glyph, const QRectF& box, const QColor& color);

Glyph glyphOf(State state);
void paintState(QPainter& painter, State state, const QRectF& box, const Tokens& tokens);

// An icon drawn in the text colour of whatever palette the application has when it is painted.
QIcon glyphIcon(Glyph glyph);

} // namespace fleetglass::theme
