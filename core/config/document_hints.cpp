#include "core/config/document_hints.h"

#include "core/config/text_lines.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace fleetglass::config {

namespace {

constexpr std::array<std::string_view, 9> kHeadings { "global", "scrape_configs", "rule_files",
    "scrape_config_files", "alerting", "remote_write", "remote_read", "storage", "groups" };

bool isFence(std::string_view line)
{
    return trimmedLine(line).starts_with("```") || trimmedLine(line).starts_with("~~~");
}

bool isHeading(std::string_view line)
{
    const std::string_view word = line.substr(0, line.find_last_not_of(" \t\r") + 1);
    return std::find(kHeadings.begin(), kHeadings.end(), word) != kHeadings.end();
}

// The first line below `index` that says something.
std::string_view nextContent(const std::vector<std::string_view>& lines, size_t index)
{
    for (size_t i = index + 1; i < lines.size(); ++i) {
        const std::string_view content = trimmedLine(lines[i]);
        if (!content.empty() && !content.starts_with('#'))
            return lines[i];
    }
    return {};
}

// Where a key of a scrape job stands: the levels below "- job_name", and what its lines hold.
struct Shape
{
    std::string_view parent; // Empty: the job itself.
    bool isMap = false; // Its children are keys.
    bool isList = false; // Its children are items.
};

const std::map<std::string_view, Shape>& jobShapes()
{
    static const std::map<std::string_view, Shape> shapes {
        { "basic_auth", { {}, true, false } },
        { "authorization", { {}, true, false } },
        { "tls_config", { {}, true, false } },
        { "params", { {}, true, false } },
        { "static_configs", { {}, false, true } },
        { "relabel_configs", { {}, false, true } },
        { "metric_relabel_configs", { {}, false, true } },
        { "file_sd_configs", { {}, false, true } },
        { "targets", { "static_configs", false, true } },
        { "files", { "file_sd_configs", false, true } },
        { "labels", { "static_configs", true, false } },
    };
    return shapes;
}

const std::set<std::string_view>& jobKeys()
{
    static const std::set<std::string_view> keys { "metrics_path", "scheme", "scrape_interval",
        "scrape_timeout", "honor_labels", "honor_timestamps", "bearer_token", "bearer_token_file",
        "basic_auth", "authorization", "tls_config", "params", "static_configs", "relabel_configs",
        "metric_relabel_configs", "file_sd_configs", "follow_redirects", "enable_http2",
        "proxy_url", "sample_limit", "body_size_limit", "fallback_scrape_protocol" };
    return keys;
}

std::string_view keyOf(std::string_view content)
{
    if (content.starts_with("- "))
        content = trimmedLine(content.substr(2));
    const size_t colon = content.find(':');
    if (colon == std::string_view::npos
        || (colon + 1 < content.size() && content[colon + 1] != ' '))
        return {};
    return content.substr(0, colon);
}

// Puts the lines of a job back to their places. Keys that only ever stand in a job end any block.
class Indenter
{
public:
    std::optional<std::string> run(const std::vector<std::string_view>& lines)
    {
        for (const std::string_view line : lines) {
            const std::string_view content = trimmedLine(line);
            if (content.empty() || content.starts_with('#'))
                emit(m_depth, content);
            else if (!place(content))
                return std::nullopt;
        }
        return m_sawJob ? std::optional(m_text) : std::nullopt;
    }

private:
    void emit(size_t indent, std::string_view content)
    {
        m_text += std::string(content.empty() ? 0 : indent, ' ') + std::string(content) + '\n';
    }

    bool place(std::string_view content)
    {
        const std::string_view key = keyOf(content);
        if (content == "scrape_configs:" || content.starts_with("- job_name:"))
            return startJob(content);
        if (!m_sawJob)
            return false;
        if (!content.starts_with("- ") && jobKeys().contains(key))
            return startJobKey(content, key);
        return content.starts_with("- ") ? placeItem(content, key) : placeChild(content, key);
    }

    bool startJob(std::string_view content)
    {
        m_sawJob = m_sawJob || content.starts_with('-');
        m_block = {};
        m_innerList = {};
        m_depth = content.starts_with('-') ? 2 : 0;
        emit(0, content);
        return true;
    }

    bool startJobKey(std::string_view content, std::string_view key)
    {
        m_block = key;
        m_innerList = {};
        m_innerMap = {};
        m_depth = 2;
        emit(2, content);
        return true;
    }

    bool placeItem(std::string_view content, std::string_view key)
    {
        const auto shape = jobShapes().find(m_block);
        if (shape == jobShapes().end())
            return false;
        if (!m_innerList.empty() && key.empty()) {
            emit(m_innerDepth, content);
            return true;
        }
        if (!shape->second.isList)
            return false;
        emit(4, content);
        m_depth = 6;
        openInner(key, content, 8);
        return true;
    }

    bool placeChild(std::string_view content, std::string_view key)
    {
        const auto shape = jobShapes().find(m_block);
        if (shape == jobShapes().end() || key.empty())
            return false;
        const bool isLabel = m_innerMap == "labels" && !jobShapes().contains(key);
        const size_t indent = isLabel ? 8 : shape->second.isList ? 6 : 4;
        emit(indent, content);
        m_depth = indent;
        if (!isLabel)
            openInner(key, content, indent + 2);
        return true;
    }

    // A key with nothing behind its colon is followed by its list or map.
    void openInner(std::string_view key, std::string_view content, size_t depth)
    {
        m_innerList = content.ends_with(':') && key != "labels" ? key : std::string_view {};
        m_innerMap = content.ends_with(':') && key == "labels" ? key : std::string_view {};
        m_innerDepth = depth;
    }

    std::string m_text;
    std::string_view m_block;
    std::string_view m_innerList;
    std::string_view m_innerMap;
    size_t m_innerDepth = 0;
    size_t m_depth = 0;
    bool m_sawJob = false;
};

} // namespace

std::optional<MissingColon> findMissingColon(std::string_view text)
{
    const std::vector<std::string_view> lines = splitLines(text);
    for (size_t i = 0; i < lines.size(); ++i) {
        const std::string_view next = nextContent(lines, i);
        const bool opensBlock = next.starts_with(' ') || next.starts_with("- ");
        if (!isHeading(lines[i]) || !opensBlock)
            continue;
        const size_t length = lines[i].find_last_not_of(" \t\r") + 1;
        const auto offset = static_cast<size_t>(lines[i].data() - text.data()) + length;
        return MissingColon { std::string(lines[i].substr(0, length)),
            { static_cast<int>(i) + 1, static_cast<int>(length) + 1 },
            std::string(text.substr(0, offset)) + ":" + std::string(text.substr(offset)) };
    }
    return std::nullopt;
}

bool looksLikeMarkdown(std::string_view text)
{
    const std::vector<std::string_view> lines = splitLines(text);
    if (std::any_of(lines.begin(), lines.end(), isFence))
        return true;
    // Sentences at the left edge: YAML keys have no blanks before their colon as a rule.
    const auto isProse = [](std::string_view line) {
        return line.size() > 60 && !line.starts_with('#') && !line.starts_with(' ')
            && !line.starts_with('-') && line.find(". ") != std::string_view::npos;
    };
    return std::any_of(lines.begin(), lines.end(), isProse);
}

std::vector<std::string> fencedBlocks(std::string_view text)
{
    std::vector<std::string> blocks;
    bool inside = false;
    for (const std::string_view line : splitLines(text)) {
        if (isFence(line)) {
            inside = !inside;
            if (inside)
                blocks.emplace_back();
        } else if (inside) {
            blocks.back() += std::string(line) + '\n';
        }
    }
    return blocks;
}

std::optional<std::string> restoreIndentation(std::string_view text)
{
    return Indenter().run(splitLines(text));
}

Error withHint(Error error, std::string_view text)
{
    if (const std::optional<MissingColon> missing = findMissingColon(text)) {
        error.message
            = "\"" + missing->key + "\" has no colon after it; write \"" + missing->key + ":\"";
        error.position = missing->position;
    } else if (looksLikeMarkdown(text)) {
        error.message = "this looks like a page of text, not YAML; take only the configuration out "
                        "of it ("
            + error.message + ")";
    }
    return error;
}

} // namespace fleetglass::config
