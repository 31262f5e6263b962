// RawText: lines of a response body or transcript, made ready to be shown: numbered, one of them
// marked with the place and the cause, or compared with another text. Pure functions; thread-safe.
#pragma once

#include <QString>
#include <QVector>
#include <string_view>

namespace fleetglass::widgets {

enum class LineMark
{
    None,
    Error, // Tinted, with glyph; `column` gets the caret.
    Note, // Belongs to the line above: caret and cause.
    Added,
    Removed,
};

struct RawLine
{
    int number = 0; // 0: none (notes, removed lines).
    QString text;
    LineMark mark = LineMark::None;
    int column = 0; // From 1, of the character in error; 0: none.
};

inline constexpr int kRawColumnsMax = 4096; // Longer lines are cut with "…".
inline constexpr int kRawLinesMax = 20'000;

// `errorLine` and `errorColumn` from 1 (column in bytes, as parsers count); 0: no error. `cause`
// stands below the line, under the character.
QVector<RawLine> rawLines(
    std::string_view text, int errorLine = 0, int errorColumn = 0, const QString& cause = {});

// What changed from `before` to `after`: all lines of `after`, removed ones between them.
QVector<RawLine> diffLines(std::string_view before, std::string_view after);
// Only lines near a change, for "1 line differs".
int changedCount(const QVector<RawLine>& lines);

} // namespace fleetglass::widgets
