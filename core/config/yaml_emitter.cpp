#include "core/config/yaml_emitter.h"

#include "core/config/section.h"
#include "core/config/writer.h"

#include <algorithm>
#include <cctype>

namespace fleetglass::config {

namespace {

// Characters that never mean anything to YAML, wherever they stand in a plain scalar.
bool isSafe(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '/' || c == '.';
}

bool isPlain(std::string_view text)
{
    if (text.empty() || !isSafe(text.front()))
        return false;
    const bool plain = std::all_of(text.begin(), text.end(),
        [](char c) { return isSafe(c) || c == '-' || c == ';' || c == '+' || c == '='; });
    // What YAML takes for a number, a boolean or null must stay a text.
    const bool isNumber
        = std::isdigit(static_cast<unsigned char>(text.front())) || text.front() == '.';
    return plain && !isNumber && !yamlBoolean(text) && text != "null" && text != "Null"
        && text != "NULL";
}

std::string doubleQuoted(std::string_view text)
{
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string result = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            (result += '\\') += c;
        else if (c == '\n')
            result += "\\n";
        else if (c == '\t')
            result += "\\t";
        else if (byte < 0x20 || byte == 0x7F)
            ((result += "\\x") += kHex[byte >> 4U]) += kHex[byte & 15U];
        else
            result += c;
    }
    return result + '"';
}

} // namespace

std::string yamlScalar(std::string_view text)
{
    if (isPlain(text))
        return std::string(text);
    const bool needsEscapes = std::any_of(text.begin(), text.end(),
        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    if (needsEscapes)
        return doubleQuoted(text);
    std::string result = "'";
    for (const char c : text)
        result += c == '\'' ? std::string("''") : std::string(1, c);
    return result + "'";
}

void YamlEmitter::startLine()
{
    const int indent = m_dash ? m_depth - 1 : m_depth;
    m_text.append(static_cast<size_t>(2 * indent), ' ');
    if (m_dash)
        m_text += "- ";
    m_dash = false;
}

void YamlEmitter::key(std::string_view name)
{
    startLine();
    m_text += yamlScalar(name) + ":\n";
    ++m_depth;
}

void YamlEmitter::end()
{
    --m_depth;
}

void YamlEmitter::item()
{
    ++m_depth;
    m_dash = true;
}

void YamlEmitter::raw(std::string_view name, std::string_view value)
{
    startLine();
    m_text += yamlScalar(name) + ": " + std::string(value) + '\n';
}

void YamlEmitter::text(std::string_view name, std::string_view value)
{
    raw(name, yamlScalar(value));
}

void YamlEmitter::scalarItem(std::string_view value)
{
    startLine();
    m_text += "- " + yamlScalar(value) + '\n';
}

void YamlEmitter::texts(std::string_view name, const std::vector<std::string>& values)
{
    key(name);
    for (const std::string& value : values)
        scalarItem(value);
    end();
}

void YamlEmitter::textMap(
    std::string_view name, const std::vector<std::pair<std::string, std::string>>& pairs)
{
    key(name);
    for (const auto& [pairName, value] : pairs)
        text(pairName, value);
    end();
}

} // namespace fleetglass::config
