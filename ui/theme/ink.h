// Ink: the colours text may have, by meaning. Pure functions; thread-safe.
#pragma once

#include "ui/theme/tokens.h"

namespace fleetglass::theme {

enum class Ink
{
    Text,
    Muted,
    Faint,
    Accent,
    Ok,
    Pending,
    Warning,
    Critical,
    Unknown,
    Shell
};

constexpr Ink inkOf(State state)
{
    return static_cast<Ink>(static_cast<int>(Ink::Ok) + static_cast<int>(state));
}

inline QColor colorOf(Ink ink, const Tokens& tokens)
{
    switch (ink) {
    case Ink::Text:
        return tokens.text;
    case Ink::Muted:
        return tokens.muted;
    case Ink::Faint:
        return tokens.faint;
    case Ink::Accent:
        return tokens.accent;
    default:
        return tokens.of(static_cast<State>(static_cast<int>(ink) - static_cast<int>(Ink::Ok)))
            .text;
    }
}

// On a selected row all words take the text colour; only the glyph keeps its own.
inline QColor colorOf(Ink ink, const Tokens& tokens, bool selected)
{
    return selected ? tokens.text : colorOf(ink, tokens);
}

} // namespace fleetglass::theme
