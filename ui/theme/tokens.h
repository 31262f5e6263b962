// Tokens: every colour and size of the window, light and dark. Immutable; share freely. Widgets ask
// tokensOf(palette()), so that a live switch of the palette is all a switch of theme needs.
#pragma once

#include <QColor>
#include <QPalette>
#include <QString>
#include <array>

namespace fleetglass::theme {

enum class Scheme
{
    Light,
    Dark
};

// What a thing can be. Always shown as glyph and word, the colour comes third.
enum class State
{
    Ok,
    Pending,
    Warning,
    Critical,
    Unknown,
    Shell
};
inline constexpr std::array kAllStates { State::Ok, State::Pending, State::Warning, State::Critical,
    State::Unknown, State::Shell };

struct StateColors
{
    QColor text; // Glyph and word, on window, surface or the tint.
    QColor tint; // Ground that means "this one is broken"; never a whole row.
    QColor solid; // Ground of a solid chip; where it is invalid the state has none.
    QColor solidText;
};

struct Tokens
{
    Scheme scheme;
    QColor window;
    QColor surface;
    QColor raised;
    QColor text;
    QColor muted;
    QColor faint;
    QColor control; // Outlines of what can be operated.
    QColor border;
    QColor grid;
    QColor crosshair;
    QColor accent;
    QColor onAccent; // Text of the primary button.
    QColor selection;
    std::array<StateColors, 6> states;
    std::array<QColor, 12> series; // Only on `surface`.

    const StateColors& of(State state) const { return states[static_cast<size_t>(state)]; }
};

const Tokens& tokens(Scheme scheme);

// The scheme a palette belongs to, by the lightness of its window colour.
Scheme schemeOf(const QPalette& palette);
const Tokens& tokensOf(const QPalette& palette);

// The Fusion palette of a scheme.
QPalette paletteOf(const Tokens& tokens);

// The one word for a state, for the user ("ok", "pending", "warning", ...).
QString stateWord(State state);

// Pixels at text zoom 1.
namespace size {
inline constexpr int kSpace2 = 2;
inline constexpr int kSpace4 = 4;
inline constexpr int kSpace8 = 8;
inline constexpr int kSpace12 = 12;
inline constexpr int kSpace16 = 16;
inline constexpr int kSpace24 = 24;
inline constexpr int kRow = 22;
inline constexpr int kRowLoose = 26;
inline constexpr int kRowTall = 34;
inline constexpr int kRowAttempt = 18;
inline constexpr int kTableHead = 24;
inline constexpr int kSectionHead = 26;
inline constexpr int kViewHeader = 40;
inline constexpr int kMenuBar = 28;
inline constexpr int kTimeBar = 36;
inline constexpr int kStrip = 28;
inline constexpr int kStatusBar = 24;
inline constexpr int kRail = 72;
inline constexpr int kRailNarrow = 40;
inline constexpr int kRailMode = 56;
inline constexpr int kRailMark = 3;
inline constexpr int kInspector = 280;
inline constexpr int kInspectorWide = 340; // Alerts.
inline constexpr int kMetricTree = 264;
inline constexpr int kPadding = 12; // Outer padding of a view.
inline constexpr int kButton = 24;
inline constexpr int kButtonInRow = 20;
inline constexpr int kTile = 76;
inline constexpr int kTileDashboard = 58;
inline constexpr int kGlyphRow = 14;
inline constexpr int kGlyphStrip = 16;
inline constexpr int kGlyphRail = 20;
inline constexpr int kRibbonLane = 6;
inline constexpr int kMissedTick = 5;
inline constexpr int kRadius = 4;
inline constexpr int kLineEditor = 20;
inline constexpr int kGutterEditor = 40;
} // namespace size

} // namespace fleetglass::theme
