// Fonts: the platform's own families in the sizes of the window, in points. Every role follows the
// application font, so text zoom is one call. Used from one thread at a time (the UI thread).
#pragma once

#include <QFont>

namespace fleetglass::theme {

enum class TextRole
{
    Axis, // 8
    Body, // 9
    Strong, // 9, weight 600
    Editor, // 10, fixed
    Raw, // 9, fixed
    ChartTitle, // 10, weight 600
    ViewTitle, // 13, weight 600
    Tile, // 20, weight 500
    Wall, // 36, weight 500
};

// Sets the application font to the platform's general family at 9 points times `zoom` (0.5 to 3).
void applyApplicationFont(double zoom);

QFont font(TextRole role);

// For cells of numbers: the given font where its digits are of one width, else the fixed font of
// its size (Qt 6.4 cannot ask a font for its tabular digits).
QFont numericFont(const QFont& font);
bool hasTabularDigits(const QFont& font);

// Heights of rows grow with the text, and are never below the height at zoom 1.
int scaledHeight(int pixelsAtZoomOne);

} // namespace fleetglass::theme
