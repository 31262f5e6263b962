#include "core/config/placeholders.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace fleetglass::config {

namespace {

// Texts in which angle brackets have a meaning of their own.
constexpr std::array<std::string_view, 7> kFreeTexts { "regex", "replacement", "expr",
    "annotations", "query", "filter", "name_filter" };

bool isFreeText(std::string_view key)
{
    return std::find(kFreeTexts.begin(), kFreeTexts.end(), key) != kFreeTexts.end();
}

// "<", a letter, anything but brackets and line breaks, ">".
std::string firstPlaceholder(const std::string& text)
{
    for (size_t start = text.find('<'); start != std::string::npos;
         start = text.find('<', start + 1)) {
        const size_t end = text.find_first_of("<>\n", start + 1);
        if (end == std::string::npos || text[end] != '>' || end == start + 1)
            continue;
        if (std::isalpha(static_cast<unsigned char>(text[start + 1])))
            return text.substr(start, end - start + 1);
    }
    return {};
}

bool isSecretPath(std::string_view key, std::string_view path)
{
    constexpr std::array<std::string_view, 9> kKeys { "password", "credentials", "bearer_token",
        "client_secret", "key", "secret_key", "token", "auth_token", "secrets" };
    if (path.find(".params.") != std::string_view::npos)
        return isSecretName(key);
    return std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
}

class Finder
{
public:
    explicit Finder(std::vector<Placeholder>& found)
        : m_found(found)
    {
    }

    // Depth is bounded by the reader.
    void visit(const YamlNode& node, const std::string& path, std::string_view key)
    {
        if (node.isScalar()) {
            if (std::string text = firstPlaceholder(node.text); !text.empty())
                m_found.push_back(
                    { path, std::move(text), node.position, isSecretPath(key, path), node.text });
            return;
        }
        for (size_t i = 0; i < node.items.size(); ++i)
            visit(*node.items[i], path + "[" + std::to_string(i) + "]", key);
        for (const YamlEntry& entry : node.entries) {
            if (!isFreeText(entry.key))
                visit(*entry.value, path.empty() ? entry.key : path + "." + entry.key, entry.key);
        }
    }

private:
    std::vector<Placeholder>& m_found;
};

} // namespace

std::vector<Placeholder> findPlaceholders(const YamlNode& root)
{
    std::vector<Placeholder> found;
    Finder(found).visit(root, {}, {});
    return found;
}

} // namespace fleetglass::config
