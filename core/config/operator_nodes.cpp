#include "core/config/operator_nodes.h"

#include <algorithm>
#include <cctype>

namespace fleetglass::config::monitoring {

YamlNode& NodeMaker::scalar(std::string text, Position position, bool plain)
{
    YamlNode& node = m_document.nodes.emplace_back();
    node.kind = YamlKind::Scalar;
    node.text = std::move(text);
    node.plain = plain;
    node.position = position;
    return node;
}

YamlNode& NodeMaker::map(Position position)
{
    YamlNode& node = m_document.nodes.emplace_back();
    node.kind = YamlKind::Map;
    node.position = position;
    return node;
}

YamlNode& NodeMaker::list(Position position)
{
    YamlNode& node = m_document.nodes.emplace_back();
    node.kind = YamlKind::Sequence;
    node.position = position;
    return node;
}

YamlNode& NodeMaker::texts(const std::vector<std::string>& values, Position position)
{
    YamlNode& node = list(position);
    for (const std::string& value : values)
        node.items.push_back(&scalar(value, position));
    return node;
}

void NodeMaker::set(YamlNode& map, std::string_view key, const YamlNode* value)
{
    if (value != nullptr)
        map.entries.push_back({ std::string(key), value->position, value });
}

void NodeMaker::setText(YamlNode& map, std::string_view key, std::string text)
{
    set(map, key, &scalar(std::move(text), map.position));
}

void Resource::skip(const YamlNode& node, const std::string& path, const std::string& why) const
{
    skipped.push_back({ title() + ": " + path, file, node.position.line, why });
}

Fields::Fields(const Resource& resource, const YamlNode* node, std::string path)
    : m_resource(resource)
    , m_node(node != nullptr && node->isMap() ? node : nullptr)
    , m_path(std::move(path))
{
    if (node != nullptr && !node->isMap() && !node->isNull())
        resource.skip(*node, m_path, "a map is needed here");
}

const YamlNode* Fields::take(std::string_view key)
{
    m_known.emplace(key);
    const YamlEntry* entry = m_node ? m_node->find(key) : nullptr;
    return entry != nullptr && !entry->value->isNull() ? entry->value : nullptr;
}

std::string Fields::text(std::string_view key)
{
    const YamlNode* value = take(key);
    return value != nullptr && value->isScalar() ? value->text : std::string();
}

void Fields::copy(std::string_view key, YamlNode& into, std::string_view newKey)
{
    NodeMaker::set(into, newKey, take(key));
}

void Fields::copyLower(std::string_view key, YamlNode& into, std::string_view newKey)
{
    if (const YamlNode* value = take(key))
        NodeMaker::set(
            into, newKey, &m_resource.maker.scalar(lowerCase(value->text), value->position));
}

void Fields::skip(std::string_view key, const std::string& why)
{
    if (const YamlNode* value = take(key))
        m_resource.skip(*value, pathOf(key), why);
}

std::string Fields::pathOf(std::string_view key) const
{
    return (m_path.empty() ? "" : m_path + '.') + std::string(key);
}

void Fields::finish()
{
    if (m_node == nullptr)
        return;
    for (const YamlEntry& entry : m_node->entries) {
        if (!m_known.contains(entry.key))
            m_resource.skip(*entry.value, pathOf(entry.key), "is no field that is known here");
    }
}

std::string lowerCase(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
        [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

} // namespace fleetglass::config::monitoring
