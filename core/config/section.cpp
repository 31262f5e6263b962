#include "core/config/section.h"

#include "core/config/byte_size.h"
#include "core/config/nearest.h"

#include <algorithm>
#include <climits>

namespace fleetglass::config {

namespace {

constexpr size_t kProblemsMax = 100;

std::string quoted(std::string_view text)
{
    return '"' + std::string(text) + '"';
}

} // namespace

Reader::Reader(std::string file, std::string baseDirectory, bool ignoreUnknown)
    : m_file(std::move(file))
    , m_baseDirectory(std::move(baseDirectory))
    , m_ignoreUnknown(ignoreUnknown)
{
}

void Reader::fail(Position position, std::string message)
{
    m_failed = true;
    if (m_problems.size() < kProblemsMax)
        m_problems.push_back(
            { Severity::Error, m_file, position, std::move(message), ErrorCode::Invalid });
}

void Reader::warn(Position position, std::string message)
{
    if (m_problems.size() < kProblemsMax)
        m_problems.push_back(
            { Severity::Warning, m_file, position, std::move(message), ErrorCode::Invalid });
}

std::string Reader::resolve(const std::string& path) const
{
    if (path.empty() || path.front() == '/' || m_baseDirectory.empty())
        return path;
    return m_baseDirectory.back() == '/' ? m_baseDirectory + path : m_baseDirectory + '/' + path;
}

void reportDuplicateKeys(Reader& reader, const YamlNode& map)
{
    for (const YamlDuplicate& duplicate : map.duplicates)
        reader.fail(duplicate.second,
            "key " + quoted(duplicate.key) + " already set in map (first on line "
                + std::to_string(duplicate.first.line) + ")");
}

Section::Section(Reader& reader, const YamlNode& node, std::string_view type)
    : m_reader(reader)
    , m_node(node)
    , m_type(type)
{
    if (!node.isMap() && !node.isNull())
        failType(reader, node, type);
    reportDuplicates();
}

void Section::reportDuplicates()
{
    for (const YamlDuplicate& duplicate : m_node.duplicates)
        m_reader.fail(duplicate.second,
            "field " + duplicate.key + " already set in type " + std::string(m_type)
                + " (first on line " + std::to_string(duplicate.first.line) + ")");
}

const YamlNode* Section::take(std::string_view key)
{
    m_known.push_back(key);
    const YamlEntry* entry = m_node.find(key);
    return entry ? entry->value : nullptr;
}

const YamlNode* Section::takeValue(std::string_view key)
{
    const YamlNode* node = take(key);
    return node && !node->isNull() ? node : nullptr;
}

Position Section::positionOf(std::string_view key) const
{
    const YamlEntry* entry = m_node.find(key);
    return entry ? entry->keyPosition : m_node.position;
}

void Section::text(std::string_view key, std::string& value)
{
    if (const YamlNode* node = takeValue(key))
        readText(m_reader, *node, value);
}

void Section::path(std::string_view key, std::string& value)
{
    text(key, value);
    value = m_reader.resolve(value);
}

void Section::secret(std::string_view key, Secret& value)
{
    std::string text;
    const YamlNode* node = takeValue(key);
    if (node && readText(m_reader, *node, text))
        value = Secret(std::move(text));
}

void Section::secretSource(
    std::string_view key, std::string_view fileKey, http::SecretSource& value)
{
    secret(key, value.text);
    path(fileKey, value.file);
}

void Section::boolean(std::string_view key, bool& value)
{
    if (const YamlNode* node = takeValue(key))
        readBoolean(m_reader, *node, value);
}

void Section::boolean(std::string_view key, std::optional<bool>& value)
{
    bool read = false;
    const YamlNode* node = takeValue(key);
    if (node && readBoolean(m_reader, *node, read))
        value = read;
}

void Section::integer(std::string_view key, int64_t& value)
{
    if (const YamlNode* node = takeValue(key))
        readInteger(m_reader, *node, value);
}

void Section::integer(std::string_view key, int& value)
{
    int64_t wide = value;
    integer(key, wide);
    if (wide < INT_MIN || wide > INT_MAX) {
        failAt(key, "cannot unmarshal " + std::to_string(wide) + " into int: out of range");
        return;
    }
    value = static_cast<int>(wide);
}

void Section::unsignedInteger(std::string_view key, uint64_t& value)
{
    const YamlNode* node = takeValue(key);
    int64_t read = 0;
    if (node == nullptr || !readInteger(m_reader, *node, read))
        return;
    if (read < 0)
        failType(m_reader, *node, "uint");
    else
        value = static_cast<uint64_t>(read);
}

void Section::number(std::string_view key, double& value)
{
    if (const YamlNode* node = takeValue(key))
        readNumber(m_reader, *node, value);
}

void Section::duration(std::string_view key, Millis& value)
{
    if (const YamlNode* node = takeValue(key))
        readDuration(m_reader, *node, value);
}

void Section::duration(std::string_view key, std::optional<Millis>& value)
{
    Millis read { 0 };
    const YamlNode* node = takeValue(key);
    if (node && readDuration(m_reader, *node, read))
        value = read;
}

void Section::byteSize(std::string_view key, uint64_t& value)
{
    const YamlNode* node = takeValue(key);
    std::string read;
    if (node == nullptr || !readText(m_reader, *node, read))
        return;
    const Result<uint64_t> size = parseByteSize(read);
    if (size)
        value = *size;
    else
        m_reader.fail(node->position, size.error().message);
}

void Section::texts(std::string_view key, std::vector<std::string>& values)
{
    if (const YamlNode* node = takeValue(key))
        readTexts(m_reader, *node, values);
}

void Section::textMap(std::string_view key, TextPairs& pairs)
{
    if (const YamlNode* node = takeValue(key))
        readTextMap(m_reader, *node, pairs);
}

void Section::finish()
{
    if (m_reader.ignoresUnknown())
        return;
    for (const YamlEntry& entry : m_node.entries) {
        if (std::find(m_known.begin(), m_known.end(), entry.key) != m_known.end())
            continue;
        std::string message = "field " + entry.key + " not found in type " + std::string(m_type);
        if (const std::string_view near = nearest(entry.key, m_known); !near.empty())
            message += ", did you mean " + quoted(near) + "?";
        m_reader.fail(entry.keyPosition, std::move(message));
    }
}

} // namespace fleetglass::config
