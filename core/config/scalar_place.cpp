#include "core/config/scalar_place.h"

#include <algorithm>

namespace fleetglass::config {

namespace {

using std::string_view;

size_t offsetOf(string_view text, const Position& place)
{
    size_t start = 0;
    for (int line = 1; line < place.line; ++line) {
        start = text.find('\n', start);
        if (start == string_view::npos)
            return start;
        ++start;
    }
    const size_t at = start + static_cast<size_t>(std::max(place.column, 1) - 1);
    return at < text.size() ? at : string_view::npos;
}

size_t lineEnd(string_view text, size_t from)
{
    return std::min(text.find('\n', from), text.size());
}

// Behind "&anchor " and "!tag ".
size_t behindProperties(string_view text, size_t at)
{
    while (at < text.size() && (text[at] == '&' || text[at] == '!')) {
        at = text.find_first_of(" \n", at);
        if (at == string_view::npos)
            return at;
        at = text.find_first_not_of(' ', at);
    }
    return at;
}

size_t quotedEnd(string_view text, size_t at)
{
    const char quote = text[at];
    for (size_t i = at + 1; i < text.size(); ++i) {
        if (quote == '"' && text[i] == '\\')
            ++i;
        else if (text[i] == quote && quote == '\'' && i + 1 < text.size() && text[i + 1] == quote)
            ++i;
        else if (text[i] == quote)
            return i + 1;
    }
    return string_view::npos;
}

size_t indentAt(string_view text, size_t at)
{
    const size_t start = text.rfind('\n', at) == string_view::npos ? 0 : text.rfind('\n', at) + 1;
    size_t indent = 0;
    // A dash is part of the indentation of what it introduces.
    while (start + indent < text.size()
        && (text[start + indent] == ' '
            || (text[start + indent] == '-' && start + indent + 1 < text.size()
                && text[start + indent + 1] == ' ')))
        ++indent;
    return indent;
}

bool isBlankLine(string_view line)
{
    return line.find_first_not_of(" \t\r") == string_view::npos;
}

// The lines of a block or of a plain scalar that goes on: those further in than its key.
size_t indentedEnd(string_view text, size_t at)
{
    const size_t indent = indentAt(text, at);
    size_t end = lineEnd(text, at);
    for (size_t next = end; next < text.size();) {
        const size_t start = next + 1;
        const size_t stop = lineEnd(text, start);
        const string_view line = text.substr(std::min(start, text.size()), stop - start);
        if (!isBlankLine(line)) {
            if (line.find_first_not_of(' ') <= indent)
                break;
            end = stop;
        }
        next = stop;
    }
    return end;
}

bool isFlow(string_view text, size_t at)
{
    int depth = 0;
    const size_t start = text.rfind('\n', at) == string_view::npos ? 0 : text.rfind('\n', at) + 1;
    for (const char c : text.substr(start, at - start))
        depth += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
    return depth > 0;
}

size_t plainEnd(string_view text, size_t at)
{
    const bool flow = isFlow(text, at);
    size_t end = at;
    for (; end < text.size() && text[end] != '\n'; ++end) {
        if (flow && (text[end] == ',' || text[end] == ']' || text[end] == '}'))
            break;
        if (text[end] == '#' && end > at && (text[end - 1] == ' ' || text[end - 1] == '\t'))
            break;
    }
    while (end > at && (text[end - 1] == ' ' || text[end - 1] == '\t' || text[end - 1] == '\r'))
        --end;
    // "key: a\n  b" is one scalar on two lines.
    if (!flow && isBlankLine(text.substr(end, lineEnd(text, end) - end)))
        return std::max(
            end, indentedEnd(text, at) > lineEnd(text, at) ? indentedEnd(text, at) : end);
    return end;
}

size_t scalarEnd(string_view text, size_t at)
{
    switch (text[at]) {
    case '"':
    case '\'':
        return quotedEnd(text, at);
    case '|':
    case '>':
        return indentedEnd(text, at);
    case '[':
    case '{':
    case '*':
    case '#':
    case '\n':
        return string_view::npos;
    default:
        return plainEnd(text, at);
    }
}

} // namespace

Result<std::string> replaceScalar(string_view text, const Position& place, string_view scalar)
{
    size_t at = offsetOf(text, place);
    if (at != string_view::npos)
        at = behindProperties(text, at);
    const size_t end = at == string_view::npos ? at : scalarEnd(text, at);
    if (end == string_view::npos)
        return failure("the value that stands here cannot be exchanged; edit the file by hand",
            ErrorCode::Invalid, place);
    std::string result(text.substr(0, at));
    result += scalar;
    return result += text.substr(end);
}

} // namespace fleetglass::config
