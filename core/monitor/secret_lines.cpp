#include "core/monitor/secret_lines.h"

#include "core/config/writer.h"
#include "core/config/yaml_reader.h"

#include <algorithm>

namespace fleetglass::monitor {

namespace {

// "password" of "job/NAME/basic_auth.password".
std::string_view keyOf(std::string_view path)
{
    const size_t dot = path.find_last_of("./");
    return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

bool isQuoteOrBracket(char c)
{
    return c == '"' || c == '\'' || c == '[' || c == ']' || c == ' ' || c == ',';
}

// Whether the secret is a whole scalar of the line, under its key or as an item of a list.
bool standsAt(std::string_view line, size_t at, size_t size, std::string_view key)
{
    if (at + size < line.size() && !isQuoteOrBracket(line[at + size]) && line[at + size] != '\r')
        return false;
    size_t before = at;
    while (before > 0 && isQuoteOrBracket(line[before - 1]))
        --before;
    if (before == at || before == 0)
        return false; // Right behind a letter or a colon it is part of a longer word.
    const std::string_view head = line.substr(0, before);
    if (head.back() == '-')
        return head.find_first_not_of(' ') == head.size() - 1;
    return head.size() > key.size() && head.ends_with(':')
        && head.substr(0, head.size() - 1).ends_with(key);
}

std::string lineWithReference(std::string line, const PlacedSecret& placed)
{
    const std::string& text = placed.secret.reveal();
    const std::string_view key = keyOf(placed.path);
    for (size_t at = line.find(text); at != std::string::npos; at = line.find(text, at + 1)) {
        // The old way of writing the same: its job keeps its comments.
        const bool isOldKey
            = key == "credentials" && standsAt(line, at, text.size(), "bearer_token");
        if (!isOldKey && !standsAt(line, at, text.size(), key))
            continue;
        const bool quoted = line[at - 1] == '"' || line[at - 1] == '\'';
        const std::string reference = keyringReference(placed.path);
        return line.replace(at, text.size(), quoted ? reference : '"' + reference + '"');
    }
    return line;
}

} // namespace

std::string keyringReference(const std::string& path)
{
    return "<keyring:" + path + '>';
}

namespace {

// The next "<keyring:...>" at or after `from`, as start and length; npos and 0 for none.
std::pair<size_t, size_t> findReference(std::string_view text, size_t from)
{
    constexpr std::string_view kHead = "<keyring:";
    const size_t start = text.find(kHead, from);
    const size_t end = start == std::string_view::npos ? start : text.find_first_of(">\n", start);
    if (end == std::string_view::npos || text[end] == '\n')
        return { std::string_view::npos, 0 };
    return { start, end + 1 - start };
}

} // namespace

std::string referencesOf(std::string_view text)
{
    std::string references;
    for (auto found = findReference(text, 0); found.second > 0;
         found = findReference(text, found.first + found.second))
        references.append(text.substr(found.first, found.second)).append("\n");
    return references;
}

std::string withSecrets(std::string text, const std::string& secrets)
{
    size_t from = 0;
    size_t line = 0;
    for (auto found = findReference(text, 0); found.second > 0 && line < secrets.size();
         found = findReference(text, from)) {
        const size_t end = std::min(secrets.find('\n', line), secrets.size());
        text.replace(found.first, found.second, secrets, line, end - line);
        from = found.first + (end - line);
        line = end + 1;
    }
    return text;
}

std::vector<PlacedSecret> placedSecretsOf(const scrape::JobOptions& job)
{
    std::vector<PlacedSecret> secrets;
    config::WriteOptions options;
    options.secretText = [&](const Secret& secret, const std::string& path) {
        if (!secret.empty())
            secrets.push_back({ path, secret });
        return std::string();
    };
    static_cast<void>(config::writeJob(job, options));
    return secrets;
}

std::string withReferences(std::string text, std::span<const PlacedSecret> secrets)
{
    std::string result;
    result.reserve(text.size());
    for (size_t start = 0; start < text.size();) {
        const size_t end = std::min(text.find('\n', start), text.size());
        std::string line = text.substr(start, end - start);
        for (const auto& placed : secrets)
            line = lineWithReference(std::move(line), placed);
        result += line;
        if (end < text.size())
            result += '\n';
        start = end + 1;
    }
    return result;
}

namespace {

std::string_view trimmedEnd(std::string_view text)
{
    const size_t last = text.find_last_not_of(" \r\n");
    return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

// A short one is any word; it counts under its own key only. A longer one may stand under another,
// as bearer_token. A user name alone is often the same word as the password.
bool isSecretAt(std::string_view text, std::string_view key, const PlacedSecret& placed)
{
    constexpr size_t kWordBytesMax = 3;
    const std::string_view secret = trimmedEnd(placed.secret.reveal());
    if (trimmedEnd(text) != secret)
        return false;
    return key.ends_with(keyOf(placed.path))
        || (secret.size() > kWordBytesMax && key != "username");
}

// At the scalar itself, or below the map or list. The reader bounds the depth.
bool standsBelow(
    const config::YamlNode& node, std::string_view key, std::span<const PlacedSecret> secrets)
{
    if (node.isScalar())
        return std::any_of(secrets.begin(), secrets.end(),
            [&](const PlacedSecret& placed) { return isSecretAt(node.text, key, placed); });
    return std::any_of(node.items.begin(), node.items.end(),
               [&](const auto* item) { return standsBelow(*item, key, secrets); })
        || std::any_of(node.entries.begin(), node.entries.end(),
            [&](const auto& entry) { return standsBelow(*entry.value, entry.key, secrets); });
}

} // namespace

Result<std::set<std::string>> jobsWithSecrets(
    std::string_view text, std::span<const scrape::JobOptions> jobs)
{
    const auto document = config::readYaml(text);
    if (!document)
        return failure(document.error());
    std::set<std::string> found;
    const auto* list = document->root->find("scrape_configs");
    const auto& items = list ? list->value->items : document->root->items;
    for (const auto* item : items) {
        const auto* name = item->find("job_name");
        const auto job = std::find_if(jobs.begin(), jobs.end(),
            [&](const auto& known) { return name && known.name == name->value->text; });
        if (job != jobs.end() && standsBelow(*item, {}, placedSecretsOf(*job)))
            found.insert(job->name);
    }
    return found;
}

} // namespace fleetglass::monitor
