// External text (labels, names, HELP, errors, rules) on its way to the screen: always plain,
// clipped to 256 characters, without characters that turn or break the line. Pure functions;
// thread-safe.
#pragma once

#include <QString>
#include <string_view>

namespace fleetglass::theme {

inline constexpr qsizetype kShownMax = 256;

// From UTF-8; broken sequences become U+FFFD.
QString shown(std::string_view text);
QString shown(const QString& text);

// The only way to a tool tip: QToolTip guesses at HTML, so what it gets is escaped.
QString tip(const QString& text);

} // namespace fleetglass::theme
