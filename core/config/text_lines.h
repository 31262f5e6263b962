// Lines of a text as views into it. Pure functions; thread-safe. Views live as long as the text.
#pragma once

#include <string_view>
#include <vector>

namespace fleetglass::config {

// Without their line ends; a final line end makes no empty line.
inline std::vector<std::string_view> splitLines(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        lines.push_back(line);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

inline std::string_view trimmedLine(std::string_view line)
{
    const size_t start = line.find_first_not_of(" \t\r");
    if (start == std::string_view::npos)
        return {};
    return line.substr(start, line.find_last_not_of(" \t\r") - start + 1);
}

} // namespace fleetglass::config
