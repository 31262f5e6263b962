#include "core/monitor/kept_secrets.h"

#include "core/config/import.h"
#include "core/config/scalar_place.h"
#include "core/config/writer.h"
#include "core/config/yaml_reader.h"
#include "core/monitor/job_secrets.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace fleetglass::monitor {

namespace {

using std::string_view;

struct FoundSecret
{
    std::string path;
    std::string text;
    Position position;
};

std::string lowered(string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
        [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

// Of Prometheus' config types those of kind Secret, whatever section they are in.
bool isSecretKey(string_view key)
{
    constexpr std::array<string_view, 20> kKeys { "password", "credentials", "bearer_token",
        "client_secret", "client_certificate_key", "secret_key", "token", "auth_token", "secrets",
        "api_key", "application_secret", "consumer_key", "application_credential_secret",
        "account_key", "access_token", "secret_access_key", "service_key", "secret", "private_key",
        "passphrase" };
    return std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
}

bool hasUserOrKey(string_view url)
{
    const size_t scheme = url.find("://");
    if (scheme == string_view::npos)
        return false;
    const size_t hostEnd = std::min(url.find_first_of("/?#", scheme + 3), url.size());
    if (url.substr(0, hostEnd).find('@') != string_view::npos)
        return true;
    for (size_t at = url.find('?'); at != string_view::npos; at = url.find('&', at + 1)) {
        const size_t equals = url.find('=', at);
        if (equals != string_view::npos
            && config::isSecretName(url.substr(at + 1, equals - at - 1)))
            return true;
    }
    return false;
}

bool isSecretHeader(string_view name)
{
    const std::string lower = lowered(name);
    return lower == "authorization" || lower == "cookie" || lower == "proxy-authorization"
        || lower.find("token") != std::string::npos || lower.find("secret") != std::string::npos
        || lower.find("key") != std::string::npos;
}

bool isReference(string_view text)
{
    return text.empty() || (text.front() == '<' && text.back() == '>');
}

// The depth is bounded by the reader.
class Finder
{
public:
    void visit(
        const config::YamlNode& node, const std::string& path, string_view parent, string_view key)
    {
        if (node.isScalar()) {
            if (!isReference(node.text) && isSecret(node.text, parent, key))
                add(node, path);
            return;
        }
        for (size_t i = 0; i < node.items.size(); ++i)
            visit(*node.items[i], path + '[' + std::to_string(i) + ']', parent, key);
        for (const auto& entry : node.entries) {
            const bool isList = entry.value->isSequence();
            visit(*entry.value, path.empty() ? entry.key : path + '.' + entry.key,
                isList ? parent : key, entry.key);
        }
    }

    std::vector<FoundSecret> take() { return std::move(m_found); }

private:
    // `key` names the scalar or the list it is in; `parent` the map around it.
    static bool isSecret(string_view text, string_view parent, string_view key)
    {
        if (isSecretKey(key) || (key == "key" && parent == "tls_config"))
            return true;
        if ((parent == "params" || parent == "endpoint_params") && config::isSecretName(key))
            return true;
        if ((parent == "headers" || parent == "proxy_connect_header") && isSecretHeader(key))
            return true;
        return hasUserOrKey(text);
    }

    // An alias shows the same place again.
    void add(const config::YamlNode& node, const std::string& path)
    {
        const bool known = std::any_of(m_found.begin(), m_found.end(),
            [&](const auto& found) { return found.position == node.position; });
        if (!known)
            m_found.push_back({ "section/" + path, node.text, node.position });
    }

    std::vector<FoundSecret> m_found;
};

std::vector<FoundSecret> findSecrets(string_view text)
{
    const auto document = config::readYaml(text, config::LaterDocuments::Ignore);
    if (!document)
        return {};
    Finder finder;
    finder.visit(*document->root, {}, {}, {});
    return finder.take();
}

} // namespace

std::vector<PlacedSecret> keptSecretsOf(string_view text)
{
    std::vector<PlacedSecret> secrets;
    for (auto& found : findSecrets(text))
        secrets.push_back({ std::move(found.path), Secret(std::move(found.text)) });
    return secrets;
}

Result<std::string> withKeptReferences(string_view text)
{
    std::string result(text);
    auto found = findSecrets(text);
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
        return a.position.line != b.position.line ? a.position.line > b.position.line
                                                  : a.position.column > b.position.column;
    });
    for (const auto& secret : found) {
        auto changed = config::replaceScalar(
            result, secret.position, config::yamlScalar(keyringReference(secret.path)));
        if (!changed)
            return failure("line " + std::to_string(secret.position.line) + ": the secret of "
                + secret.path
                + " is written in a way that cannot be taken out; put it into a file");
        result = std::move(*changed);
    }
    if (!findSecrets(result).empty() || (!found.empty() && !config::readYaml(result)))
        return failure("a secret of this configuration cannot be taken out of it; put it into a "
                       "file (password_file, credentials_file ...)");
    return result;
}

namespace {

// Where the comment of a line begins; npos: it has none. A '#' within quotes is none.
size_t commentStart(string_view line)
{
    char quote = 0;
    for (size_t i = 0; i < line.size(); ++i) {
        if (quote == '"' && line[i] == '\\')
            ++i;
        else if (quote != 0)
            quote = line[i] == quote ? char(0) : quote;
        else if ((line[i] == '"' || line[i] == '\'')
            && (i == 0 || string_view(" [{,:").find(line[i - 1]) != string_view::npos))
            quote = line[i];
        else if (line[i] == '#' && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t'))
            return i;
    }
    return string_view::npos;
}

bool isWordPart(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-';
}

// A short secret counts only as a word of its own.
std::string withoutText(std::string comment, const std::string& secret)
{
    constexpr size_t kLong = 8;
    for (size_t at = comment.find(secret); at != std::string::npos;) {
        const size_t end = at + secret.size();
        const bool whole = (at == 0 || !isWordPart(comment[at - 1]))
            && (end == comment.size() || !isWordPart(comment[end]));
        if (secret.size() >= kLong || whole) {
            comment.replace(at, secret.size(), kShownSecret);
            at = comment.find(secret, at + std::char_traits<char>::length(kShownSecret));
        } else {
            at = comment.find(secret, at + 1);
        }
    }
    return comment;
}

// "#   password: geheim" -> "#   password: <secret>".
std::string withoutValue(std::string comment)
{
    const size_t colon = comment.find(": ");
    if (colon == std::string::npos)
        return comment;
    size_t start = colon;
    while (start > 0 && isWordPart(comment[start - 1]))
        --start;
    const std::string key = lowered(string_view(comment).substr(start, colon - start));
    const size_t value = comment.find_first_not_of(' ', colon + 2);
    if (!(isSecretKey(key) || key == "key") || value == std::string::npos)
        return comment;
    const size_t end = comment.find_last_not_of(" \r") + 1;
    if (isReference(string_view(comment).substr(value, end - value)))
        return comment;
    return comment.replace(value, end - value, kShownSecret);
}

// "key: |" and "- >-": the lines below are text, whatever they look like.
bool opensBlock(string_view line)
{
    const size_t comment = commentStart(line);
    line = line.substr(0, comment);
    const size_t last = line.find_last_not_of(" \t\r");
    if (last == string_view::npos)
        return false;
    line = line.substr(0, last + 1);
    while (!line.empty()
        && (line.back() == '-' || line.back() == '+'
            || std::isdigit(static_cast<unsigned char>(line.back()))))
        line.remove_suffix(1);
    return (line.ends_with(" |") || line.ends_with(" >"));
}

} // namespace

std::string withoutCommentSecrets(std::string text, std::span<const PlacedSecret> secrets)
{
    constexpr size_t kBytesMin = 4;
    std::string result;
    result.reserve(text.size());
    size_t blockIndent = std::string::npos; // Of the key whose block is being passed.
    for (size_t start = 0; start < text.size();) {
        const size_t end = std::min(text.find('\n', start), text.size());
        std::string line = text.substr(start, end - start);
        const size_t indent = line.find_first_not_of(" \r");
        if (indent != std::string::npos && blockIndent != std::string::npos
            && indent <= blockIndent)
            blockIndent = std::string::npos;
        const size_t comment
            = blockIndent == std::string::npos ? commentStart(line) : std::string::npos;
        if (blockIndent == std::string::npos && opensBlock(line))
            blockIndent = indent;
        if (comment != std::string::npos) {
            std::string words = withoutValue(line.substr(comment));
            for (const auto& placed : secrets) {
                if (placed.secret.reveal().size() >= kBytesMin)
                    words = withoutText(std::move(words), placed.secret.reveal());
            }
            line.replace(comment, std::string::npos, words);
        }
        result += line;
        if (end < text.size())
            result += '\n';
        start = end + 1;
    }
    return result;
}

} // namespace fleetglass::monitor
