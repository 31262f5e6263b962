#include "ui/widgets/raw_text.h"

#include <QStringList>
#include <algorithm>

namespace fleetglass::widgets {

namespace {

QStringList split(std::string_view text)
{
    QStringList lines;
    size_t start = 0;
    while (start <= text.size() && lines.size() < kRawLinesMax) {
        size_t end = text.find('\n', start);
        if (end == std::string_view::npos) {
            end = text.size();
            if (start == end)
                break; // After the last newline there is no line.
        }
        std::string_view line = text.substr(start, end - start);
        if (!line.empty() && line.back() == '\r')
            line.remove_suffix(1);
        const bool cut = line.size() > kRawColumnsMax;
        QString shown = QString::fromUtf8(
            line.data(), static_cast<qsizetype>(std::min<size_t>(line.size(), kRawColumnsMax)));
        // Controls and marks that turn the line would show something else than what is there.
        for (QChar& c : shown) {
            const char16_t code = c.unicode();
            if ((code < 0x20 && code != '\t') || code == 0x7F || (code >= 0x202A && code <= 0x202E)
                || (code >= 0x2066 && code <= 0x2069) || code == 0x2028 || code == 0x2029)
                c = QChar(0xFFFD);
        }
        lines.append(cut ? shown + QChar(0x2026) : shown);
        start = end + 1;
    }
    return lines;
}

// Parsers count bytes, the screen counts characters.
int characterColumn(std::string_view text, int line, int byteColumn)
{
    size_t start = 0;
    for (int at = 1; at < line; ++at) {
        start = text.find('\n', start);
        if (start == std::string_view::npos)
            return byteColumn;
        ++start;
    }
    const auto bytes
        = std::min<size_t>(static_cast<size_t>(std::max(byteColumn - 1, 0)), text.size() - start);
    return static_cast<int>(
               QString::fromUtf8(text.data() + start, static_cast<qsizetype>(bytes)).size())
        + 1;
}

// Lines both texts have, in order: found from both ends, then greedily with a short look ahead.
// Bodies of two scrapes have the same lines in the same order, so this is as good as an exact diff
// and its time is bounded.
constexpr qsizetype kLookAhead = 64;

qsizetype findAhead(const QStringList& lines, qsizetype from, const QString& wanted)
{
    const qsizetype end = std::min(lines.size(), from + kLookAhead);
    for (qsizetype i = from; i < end; ++i) {
        if (lines[i] == wanted)
            return i;
    }
    return -1;
}

} // namespace

QVector<RawLine> rawLines(
    std::string_view text, int errorLine, int errorColumn, const QString& cause)
{
    QVector<RawLine> lines;
    int number = 0;
    for (const QString& line : split(text)) {
        RawLine raw { ++number, line, LineMark::None, 0 };
        if (number != errorLine) {
            lines.append(std::move(raw));
            continue;
        }
        raw.mark = LineMark::Error;
        const int column = errorColumn > 0 ? characterColumn(text, errorLine, errorColumn) : 0;
        raw.column = column;
        lines.append(std::move(raw));
        if (cause.isEmpty())
            continue;
        const QString indent(std::clamp(column - 1, 0, kRawColumnsMax), QLatin1Char(' '));
        const QString caret = column > 0 ? QStringLiteral("^ ") : QString();
        lines.append({ 0, indent + caret + cause.left(512), LineMark::Note, 0 });
    }
    return lines;
}

QVector<RawLine> diffLines(std::string_view before, std::string_view after)
{
    const QStringList old = split(before);
    const QStringList now = split(after);
    QVector<RawLine> lines;
    qsizetype o = 0;
    qsizetype n = 0;
    const auto add = [&](LineMark mark) {
        lines.append({ static_cast<int>(n) + 1, now[n], mark, 0 });
        ++n;
    };
    const auto remove = [&] { lines.append({ 0, old[o++], LineMark::Removed, 0 }); };
    while (o < old.size() && n < now.size()) {
        if (old[o] == now[n]) {
            ++o;
            add(LineMark::None);
            continue;
        }
        const qsizetype inNow = findAhead(now, n + 1, old[o]);
        const qsizetype inOld = findAhead(old, o + 1, now[n]);
        if (inOld >= 0 && (inNow < 0 || inOld - o <= inNow - n)) {
            remove();
        } else if (inNow >= 0) {
            add(LineMark::Added);
        } else {
            remove();
            add(LineMark::Added);
        }
    }
    while (o < old.size())
        remove();
    while (n < now.size())
        add(LineMark::Added);
    return lines;
}

int changedCount(const QVector<RawLine>& lines)
{
    int added = 0;
    int removed = 0;
    for (const RawLine& line : lines) {
        added += line.mark == LineMark::Added;
        removed += line.mark == LineMark::Removed;
    }
    return std::max(added, removed);
}

} // namespace fleetglass::widgets
