#include "core/config/yaml_reader.h"

#include "core/base/utf8.h"
#include "core/config/base64.h"

#include <algorithm>
#include <sstream>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace fleetglass::config {

namespace {

// Thrown out of the event handler only, which has no other way to stop yaml-cpp; caught below.
struct Stop
{
    Error error;
};

[[noreturn]] void stop(std::string message, Position position, ErrorCode code = ErrorCode::Invalid)
{
    throw Stop { Error { code, std::move(message), position } };
}

Position toPosition(const YAML::Mark& mark)
{
    return mark.is_null() ? Position {} : Position { mark.line + 1, mark.column + 1 };
}

std::string_view lineOf(std::string_view text, int line)
{
    for (int i = 1; i < line; ++i) {
        const size_t end = text.find('\n');
        if (end == std::string_view::npos)
            return {};
        text.remove_prefix(end + 1);
    }
    text = text.substr(0, text.find('\n'));
    return text.ends_with('\r') ? text.substr(0, text.size() - 1) : text;
}

// Builds the tree from events. yaml-cpp's own tree would lose duplicates and quotes.
class TreeBuilder : public YAML::EventHandler
{
public:
    explicit TreeBuilder(YamlDocument& document)
        : m_document(document)
    {
    }

    void OnDocumentStart(const YAML::Mark& mark) override { start = toPosition(mark); }
    void OnDocumentEnd() override { }

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override
    {
        complete(add(YamlKind::Null, mark), anchor);
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override
    {
        const Position position = toPosition(mark);
        const auto found = m_anchors.find(anchor);
        if (found == m_anchors.end())
            stop("this alias refers to itself", position);
        attach(*found->second, position);
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
        const std::string& value) override
    {
        YamlNode& node = add(YamlKind::Scalar, mark);
        node.plain = tag == "?";
        node.text = value;
        setTag(node, tag);
        complete(node, anchor);
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
        YAML::EmitterStyle::value /*style*/) override
    {
        open(YamlKind::Sequence, mark, tag, anchor);
    }
    void OnSequenceEnd() override { close(); }

    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
        YAML::EmitterStyle::value /*style*/) override
    {
        open(YamlKind::Map, mark, tag, anchor);
    }
    void OnMapEnd() override
    {
        resolveMerges(m_open.back());
        close();
    }

    const YamlNode* root = nullptr;
    Position start;

private:
    struct Merge
    {
        const YamlNode* source;
        Position position;
    };
    // A collection whose end has not come yet.
    struct Open
    {
        YamlNode* node;
        YAML::anchor_t anchor;
        const YamlNode* key = nullptr; // Of a map, while its value is awaited.
        Position keyPosition;
        std::unordered_map<std::string, Position> seen; // Only of large maps.
        std::vector<Merge> merges;
    };

    YamlNode& add(YamlKind kind, const YAML::Mark& mark)
    {
        if (m_document.nodes.size() >= kVisitsMax)
            stop("more than 1,000,000 nodes", toPosition(mark), ErrorCode::Limit);
        YamlNode& node = m_document.nodes.emplace_back();
        node.kind = kind;
        node.position = toPosition(mark);
        return node;
    }

    static void setTag(YamlNode& node, const std::string& tag)
    {
        if (tag != "?" && tag != "!")
            node.tag = tag;
    }

    void open(YamlKind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor)
    {
        if (m_open.size() >= static_cast<size_t>(kDepthMax))
            stop("nested deeper than the limit of 64 levels", toPosition(mark), ErrorCode::Limit);
        YamlNode& node = add(kind, mark);
        setTag(node, tag);
        m_open.push_back({ &node, anchor, nullptr, {}, {}, {} });
    }

    void close()
    {
        YamlNode& node = *m_open.back().node;
        const YAML::anchor_t anchor = m_open.back().anchor;
        m_open.pop_back();
        complete(node, anchor);
    }

    void complete(const YamlNode& node, YAML::anchor_t anchor)
    {
        if (anchor != 0)
            m_anchors[anchor] = &node;
        attach(node, node.position);
    }

    void attach(const YamlNode& node, Position position)
    {
        if (m_open.empty()) {
            root = &node;
            return;
        }
        Open& parent = m_open.back();
        count(*parent.node, node, position);
        if (parent.node->kind == YamlKind::Sequence)
            parent.node->items.push_back(&node);
        else if (parent.key == nullptr)
            takeKey(parent, node, position);
        else
            takeValue(parent, node);
    }

    // Aliases make a graph of few nodes into a tree of very many: what counts is the tree.
    static void count(YamlNode& parent, const YamlNode& child, Position position)
    {
        parent.weight += child.weight;
        parent.depth = std::max(parent.depth, child.depth + 1);
        if (parent.weight > kVisitsMax)
            stop("config too large after alias expansion: more than 1,000,000 nodes", position,
                ErrorCode::Limit);
        if (parent.depth > kDepthMax)
            stop("nested deeper than the limit of 64 levels", position, ErrorCode::Limit);
    }

    static void takeKey(Open& map, const YamlNode& key, Position position)
    {
        if (key.kind == YamlKind::Sequence || key.kind == YamlKind::Map)
            stop("a key must be a text, not a list or a map (missing quotes around {{ }}?)",
                position);
        map.key = &key;
        map.keyPosition = position;
    }

    static void takeValue(Open& map, const YamlNode& value)
    {
        const YamlNode* key = std::exchange(map.key, nullptr);
        if (key->tag == "tag:yaml.org,2002:binary")
            return takeBinaryKey(map, *key, value);
        if (key->plain && key->text == "<<") {
            map.merges.push_back({ &value, map.keyPosition });
            return;
        }
        addEntry(map, key->text, value);
    }

    static void takeBinaryKey(Open& map, const YamlNode& key, const YamlNode& value)
    {
        const std::optional<std::string> bytes = decodeBase64(key.text);
        if (!bytes)
            stop("!!binary value contains invalid base64 data", key.position);
        addEntry(map, *bytes, value);
    }

    static void addEntry(Open& map, const std::string& key, const YamlNode& value)
    {
        if (const Position first = firstOf(map, key); first.line > 0)
            map.node->duplicates.push_back({ key, first, map.keyPosition });
        else
            map.node->entries.push_back({ key, map.keyPosition, &value });
    }

    // Where the key stands already. Small maps are searched, large ones get an index.
    static Position firstOf(Open& map, const std::string& key)
    {
        constexpr size_t kSmall = 24;
        const auto& entries = map.node->entries;
        if (entries.size() <= kSmall) {
            const YamlEntry* entry = map.node->find(key);
            return entry ? entry->keyPosition : Position {};
        }
        if (map.seen.empty()) {
            for (const YamlEntry& entry : entries)
                map.seen.emplace(entry.key, entry.keyPosition);
        }
        const auto [found, isNew] = map.seen.emplace(key, map.keyPosition);
        return isNew ? Position {} : found->second;
    }

    // "<<: *base" and "<<: [*a, *b]": keys written in the map win, then the earlier source
    // (yaml.org/type/merge). Nothing else can be merged.
    static void resolveMerges(Open& map)
    {
        if (map.merges.empty())
            return;
        std::unordered_set<std::string> present;
        for (const YamlEntry& entry : map.node->entries)
            present.insert(entry.key);
        for (const Merge& merge : map.merges) {
            if (merge.source->isSequence()) {
                for (const YamlNode* source : merge.source->items)
                    mergeMap(*map.node, present, source, merge.position);
            } else {
                mergeMap(*map.node, present, merge.source, merge.position);
            }
        }
    }

    static void mergeMap(YamlNode& target, std::unordered_set<std::string>& present,
        const YamlNode* source, Position position)
    {
        if (!source->isMap())
            stop("map merge requires map or sequence of maps as the value", position);
        for (const YamlEntry& entry : source->entries) {
            if (present.insert(entry.key).second)
                target.entries.push_back(entry);
        }
    }

    YamlDocument& m_document;
    std::vector<Open> m_open;
    std::unordered_map<YAML::anchor_t, const YamlNode*> m_anchors;
};

// yaml-cpp names what its scanner met; the usual causes are told in plainer words.
std::string explain(const YAML::Exception& exception, std::string_view text)
{
    const std::string_view line = lineOf(text, exception.mark.line + 1);
    if (line.starts_with('\t') || line.find_first_not_of(" \t") > line.find('\t'))
        return "found a tab where only spaces may indent";
    if (line.find("{{") != std::string_view::npos || line.find("{%") != std::string_view::npos)
        return "cannot parse: is this a template that has not been rendered? (" + exception.msg
            + ")";
    return "cannot parse: " + exception.msg;
}

Error ignoredRest(std::string_view text, Position start)
{
    const std::string first = clipUtf8(lineOf(text, start.line), 120);
    if (first.starts_with("---"))
        return { ErrorCode::Invalid, "a second document starts here; only one is allowed", start };
    return { ErrorCode::Invalid,
        "the document ends before this line, the rest would be ignored: \"" + first
            + "\" (is its indentation lost?)",
        start };
}

Result<YamlDocument> parseAll(std::string_view text, LaterDocuments laterDocuments)
{
    std::istringstream stream { std::string(text) };
    YAML::Parser parser(stream);
    YamlDocument document;
    TreeBuilder first(document);
    if (parser.HandleNextDocument(first))
        document.root = first.root;
    if (document.root == nullptr)
        document.root = &document.nodes.emplace_back();

    YamlDocument rest;
    TreeBuilder second(rest);
    try {
        if (!parser.HandleNextDocument(second) || second.root == nullptr || second.root->isNull())
            return document;
    } catch (const YAML::Exception& exception) {
        second.start = toPosition(exception.mark);
    }
    const bool marked = lineOf(text, second.start.line).starts_with("---");
    if (laterDocuments == LaterDocuments::Refuse || !marked)
        return failure(ignoredRest(text, second.start));
    document.ignoredFrom = second.start;
    return document;
}

} // namespace

Result<YamlDocument> readYaml(std::string_view text, LaterDocuments laterDocuments)
{
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    if (const Result<bool> checked = checkText(text); !checked)
        return failure(checked.error());
    try {
        return parseAll(text, laterDocuments);
    } catch (const Stop& stopped) {
        return failure(stopped.error);
    } catch (const YAML::Exception& exception) {
        return failure(explain(exception, text), ErrorCode::Invalid, toPosition(exception.mark));
    }
}

} // namespace fleetglass::config
