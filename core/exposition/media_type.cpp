#include "core/exposition/media_type.h"

#include <algorithm>

namespace fleetglass::exposition {

namespace {

bool isTokenByte(char c)
{
    constexpr std::string_view kSeparators = "()<>@,;:\\\"/[]?=";
    return c > ' ' && c < 0x7F && kSeparators.find(c) == std::string_view::npos;
}

std::string_view takeToken(std::string_view& text)
{
    const auto end = std::find_if_not(text.begin(), text.end(), isTokenByte);
    const auto token = text.substr(0, static_cast<size_t>(end - text.begin()));
    text.remove_prefix(token.size());
    return token;
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view kBlanks = " \t\r\n";
    const size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::string lowered(std::string_view text)
{
    std::string result(text);
    for (char& c : result)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return result;
}

Result<void> checkType(std::string_view type)
{
    if (takeToken(type).empty())
        return failure("mime: no media type");
    if (type.empty())
        return {};
    if (type[0] != '/')
        return failure("mime: expected slash after first token");
    type.remove_prefix(1);
    if (takeToken(type).empty())
        return failure("mime: expected token after slash");
    if (!type.empty())
        return failure("mime: unexpected content after media subtype");
    return {};
}

// A token, or a quoted string with backslashes; nothing where it is neither.
std::optional<std::string> takeValue(std::string_view& text)
{
    if (text.empty() || text[0] != '"') {
        const auto token = takeToken(text);
        return token.empty() ? std::nullopt : std::optional<std::string>(token);
    }
    std::string value;
    for (size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') {
            text.remove_prefix(i + 1);
            return value;
        }
        if (text[i] == '\\' && i + 1 < text.size())
            ++i;
        value += text[i];
    }
    return std::nullopt;
}

bool takeParameter(std::string_view& rest, MediaType& media)
{
    rest = trimmed(rest.substr(1)); // The ';'.
    const std::string name = lowered(takeToken(rest));
    rest = trimmed(rest);
    if (name.empty() || rest.empty() || rest[0] != '=')
        return false;
    rest = trimmed(rest.substr(1));
    auto value = takeValue(rest);
    rest = trimmed(rest);
    if (!value || (!rest.empty() && rest[0] != ';'))
        return false;
    media.parameters.emplace_back(name, std::move(*value));
    return true;
}

} // namespace

std::optional<std::string_view> MediaType::parameter(std::string_view name) const
{
    for (const auto& [key, value] : parameters) {
        if (key == name)
            return value;
    }
    return std::nullopt;
}

Result<MediaType> parseMediaType(std::string_view text)
{
    const size_t semicolon = std::min(text.find(';'), text.size());
    MediaType media { lowered(trimmed(text.substr(0, semicolon))), {} };
    if (auto good = checkType(media.type); !good)
        return failure(std::move(good.error()));
    auto rest = trimmed(text.substr(semicolon));
    while (!rest.empty() && rest != ";") {
        const size_t before = media.parameters.size();
        if (!takeParameter(rest, media))
            return failure("mime: invalid media parameter");
        const std::string& name = media.parameters.back().first;
        for (size_t i = 0; i < before; ++i) {
            if (media.parameters[i].first == name)
                return failure("mime: duplicate parameter name");
        }
    }
    return media;
}

MediaType splitMediaType(std::string_view text)
{
    size_t end = std::min(text.find(';'), text.size());
    MediaType media { std::string(trimmed(text.substr(0, end))), {} };
    while (end < text.size()) {
        text.remove_prefix(end + 1);
        end = std::min(text.find(';'), text.size());
        const auto part = text.substr(0, end);
        const size_t equal = part.find('=');
        if (equal == std::string_view::npos || part.find('=', equal + 1) != std::string_view::npos)
            continue;
        media.parameters.emplace_back(
            trimmed(part.substr(0, equal)), trimmed(part.substr(equal + 1)));
    }
    return media;
}

} // namespace fleetglass::exposition
