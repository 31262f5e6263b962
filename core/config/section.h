// Section: one map of the document, read key by key; a key nobody asked for is an error with the
// nearest known one. Reader: what all sections of one document share. Both are used from one thread
// at a time; a Section must not outlive its document and reader.
#pragma once

#include "core/base/duration.h"
#include "core/base/secret.h"
#include "core/config/problem.h"
#include "core/config/yaml_document.h"
#include "core/http/client_options.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fleetglass::config {

using TextPairs = std::vector<std::pair<std::string, std::string>>;

class Reader
{
public:
    Reader(std::string file, std::string baseDirectory, bool ignoreUnknown = false);

    void fail(Position position, std::string message);
    void warn(Position position, std::string message);
    bool failed() const { return m_failed; }
    // The first is the one to show; more than a hundred are not kept.
    const std::vector<Problem>& problems() const { return m_problems; }

    const std::string& file() const { return m_file; }
    const std::string& baseDirectory() const { return m_baseDirectory; }
    bool ignoresUnknown() const { return m_ignoreUnknown; }
    // A relative path as seen from the file's folder; an empty one stays empty.
    std::string resolve(const std::string& path) const;

private:
    std::string m_file;
    std::string m_baseDirectory;
    bool m_ignoreUnknown = false;
    bool m_failed = false;
    std::vector<Problem> m_problems;
};

// Scalars as Go's yaml.v2 decodes them into a typed field. False after a reported error.
bool readText(Reader& reader, const YamlNode& node, std::string& value);
bool readBoolean(Reader& reader, const YamlNode& node, bool& value);
bool readInteger(Reader& reader, const YamlNode& node, int64_t& value);
bool readNumber(Reader& reader, const YamlNode& node, double& value);
bool readDuration(Reader& reader, const YamlNode& node, Millis& value);
bool readTexts(Reader& reader, const YamlNode& node, std::vector<std::string>& values);
bool readTextMap(Reader& reader, const YamlNode& node, TextPairs& pairs);
// "yes", "On", "true" ...: what YAML 1.1 takes for a boolean.
std::optional<bool> yamlBoolean(std::string_view text);
// The items of a list; none for null; an error for anything else.
const std::vector<const YamlNode*>& listOf(
    Reader& reader, const YamlNode& node, std::string_view type);
// "!!seq into string": the words of a type error.
void failType(Reader& reader, const YamlNode& node, std::string_view type);

class Section
{
public:
    // `type` is upstream's name of the structure, for messages ("config.plain").
    Section(Reader& reader, const YamlNode& node, std::string_view type);

    // The value of a key, also where it is null; null where the key is absent.
    const YamlNode* take(std::string_view key);
    // As take, but null values count as absent.
    const YamlNode* takeValue(std::string_view key);
    bool has(std::string_view key) const { return m_node.find(key) != nullptr; }

    // Each leaves the value as it is where the key is absent or null.
    void text(std::string_view key, std::string& value);
    void path(std::string_view key, std::string& value); // Resolved.
    void secret(std::string_view key, Secret& value);
    // `key` with the text, `key`_file (or fileKey) with a path.
    void secretSource(std::string_view key, std::string_view fileKey, http::SecretSource& value);
    void boolean(std::string_view key, bool& value);
    void boolean(std::string_view key, std::optional<bool>& value);
    void integer(std::string_view key, int& value);
    void integer(std::string_view key, int64_t& value);
    void unsignedInteger(std::string_view key, uint64_t& value);
    void number(std::string_view key, double& value);
    void duration(std::string_view key, Millis& value);
    void duration(std::string_view key, std::optional<Millis>& value);
    void byteSize(std::string_view key, uint64_t& value); // "15MB", base 2.
    void texts(std::string_view key, std::vector<std::string>& values);
    void textMap(std::string_view key, TextPairs& pairs);

    // Reports keys that were not asked for.
    void finish();

    Reader& reader() { return m_reader; }
    const YamlNode& node() const { return m_node; }
    Position position() const { return m_node.position; }
    // Where the key stands; the section's own position where it is absent.
    Position positionOf(std::string_view key) const;
    void fail(std::string message) { m_reader.fail(position(), std::move(message)); }
    void failAt(std::string_view key, std::string message)
    {
        m_reader.fail(positionOf(key), std::move(message));
    }

private:
    void reportDuplicates();

    Reader& m_reader;
    const YamlNode& m_node;
    std::string_view m_type;
    std::vector<std::string_view> m_known;
};

// An error for each key that a map holds twice.
void reportDuplicateKeys(Reader& reader, const YamlNode& map);

} // namespace fleetglass::config
