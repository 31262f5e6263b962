#include "ui/theme/tokens.h"

#include <QCoreApplication>

namespace fleetglass::theme {

namespace {

const Tokens& lightTokens()
{
    static const Tokens kLight {
        .scheme = Scheme::Light,
        .window = QColor(0xF3F5F7),
        .surface = QColor(0xFFFFFF),
        .raised = QColor(0xE9EDF1),
        .text = QColor(0x1A2128),
        .muted = QColor(0x4C5763),
        .faint = QColor(0x5F6B77),
        .control = QColor(0x76828E),
        .border = QColor(0xCBD3DA),
        .grid = QColor(0xDDE3E8),
        .crosshair = QColor(0x3B4754),
        .accent = QColor(0x0A5DB0),
        .onAccent = QColor(0xFFFFFF),
        .selection = QColor(0xCFE3F8),
        .states = { {
            { QColor(0x1B7A35), QColor(0xDDF3E3), {}, {} },
            { QColor(0x6B5B00), QColor(0xF6F0CB), {}, {} },
            { QColor(0x8F5300), QColor(0xFCEBCF), QColor(0xF5B82E), QColor(0x1A2128) },
            { QColor(0xB91C1C), QColor(0xFBDFDD), QColor(0xB91C1C), QColor(0xFFFFFF) },
            { QColor(0x5B5F77), QColor(0xE6E7EE), QColor(0x5B5F77), QColor(0xFFFFFF) },
            { QColor(0x8A1F9B), QColor(0xF4DFF7), QColor(0x8A1F9B), QColor(0xFFFFFF) },
        } },
        .series = { QColor(0x155FC1), QColor(0xB48D19), QColor(0xC66CF3), QColor(0x0F4A3C),
            QColor(0xF0507B), QColor(0x47A392), QColor(0x603300), QColor(0x6D4F71),
            QColor(0x43179A), QColor(0x7E84AB), QColor(0x916856), QColor(0x397400) },
    };
    return kLight;
}

const Tokens& darkTokens()
{
    static const Tokens kDark {
        .scheme = Scheme::Dark,
        .window = QColor(0x13171B),
        .surface = QColor(0x1B2026),
        .raised = QColor(0x262D35),
        .text = QColor(0xE7ECF1),
        .muted = QColor(0xAAB5C0),
        .faint = QColor(0x94A0AC),
        .control = QColor(0x7A8793),
        .border = QColor(0x36404A),
        .grid = QColor(0x2E363F),
        .crosshair = QColor(0xC3CDD6),
        .accent = QColor(0x6FB3FF),
        .onAccent = QColor(0x0B1117),
        .selection = QColor(0x1F4468),
        .states = { {
            { QColor(0x5CCB7F), QColor(0x16331F), {}, {} },
            { QColor(0xDCCB4A), QColor(0x35310F), {}, {} },
            { QColor(0xF2A93B), QColor(0x3A2A0E), QColor(0xF5B82E), QColor(0x0B1117) },
            { QColor(0xFF7B72), QColor(0x451D1B), QColor(0xD6332A), QColor(0xFFFFFF) },
            { QColor(0xAEB2CC), QColor(0x2B2E3B), QColor(0x6B7086), QColor(0xFFFFFF) },
            { QColor(0xE796F2), QColor(0x3A1D40), QColor(0xA83DBB), QColor(0xFFFFFF) },
        } },
        .series = { QColor(0x78AFFF), QColor(0xF5E111), QColor(0xA559E2), QColor(0x81F3D5),
            QColor(0xD15818), QColor(0x428F81), QColor(0xEEAC80), QColor(0xBB96B6),
            QColor(0x757CA2), QColor(0xD5D3FF), QColor(0x987E5B), QColor(0x94B805) },
    };
    return kDark;
}

} // namespace

const Tokens& tokens(Scheme scheme)
{
    return scheme == Scheme::Light ? lightTokens() : darkTokens();
}

Scheme schemeOf(const QPalette& palette)
{
    return palette.color(QPalette::Active, QPalette::Window).lightness() < 128 ? Scheme::Dark
                                                                               : Scheme::Light;
}

const Tokens& tokensOf(const QPalette& palette)
{
    return tokens(schemeOf(palette));
}

QPalette paletteOf(const Tokens& t)
{
    QPalette palette(
        t.text, t.raised, t.surface, t.grid, t.border, t.text, t.text, t.surface, t.window);
    palette.setColor(QPalette::AlternateBase, t.window);
    palette.setColor(QPalette::Highlight, t.selection);
    palette.setColor(QPalette::HighlightedText, t.text);
    palette.setColor(QPalette::PlaceholderText, t.faint);
    palette.setColor(QPalette::Link, t.accent);
    palette.setColor(QPalette::LinkVisited, t.accent);
    palette.setColor(QPalette::ToolTipBase, t.raised);
    palette.setColor(QPalette::ToolTipText, t.text);
    palette.setColor(QPalette::Midlight, t.grid);
    palette.setColor(QPalette::Mid, t.control);
    palette.setColor(QPalette::Dark, t.border);
    palette.setColor(QPalette::Shadow, t.border);
    for (auto role : { QPalette::WindowText, QPalette::Text, QPalette::ButtonText })
        palette.setColor(QPalette::Disabled, role, t.faint);
    palette.setColor(QPalette::Disabled, QPalette::Button, t.window);
    palette.setColor(QPalette::Disabled, QPalette::Highlight, t.raised);
    return palette;
}

QString stateWord(State state)
{
    const char* const kWords[]
        = { QT_TRANSLATE_NOOP("State", "ok"), QT_TRANSLATE_NOOP("State", "pending"),
              QT_TRANSLATE_NOOP("State", "warning"), QT_TRANSLATE_NOOP("State", "critical"),
              QT_TRANSLATE_NOOP("State", "unknown"), QT_TRANSLATE_NOOP("State", "live shell") };
    return QCoreApplication::translate("State", kWords[static_cast<size_t>(state)]);
}

} // namespace fleetglass::theme
