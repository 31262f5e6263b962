// A YAML document as a tree that remembers where everything stands: what yaml_reader makes and all
// sections are read from. No YAML library shows through. Immutable once read; share freely.
// Pointers and references into it live as long as the document.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::config {

struct YamlNode;

struct YamlEntry
{
    std::string key;
    Position keyPosition;
    const YamlNode* value = nullptr; // Never null; an alias shares the anchored node.
};

// A key that a map holds twice; the later value is kept out of the entries.
struct YamlDuplicate
{
    std::string key;
    Position first;
    Position second;
};

enum class YamlKind
{
    Null,
    Scalar,
    Sequence,
    Map,
};

struct YamlNode
{
    YamlKind kind = YamlKind::Null;
    bool plain = false; // A scalar without quotes: it may be a number or a boolean.
    std::string text; // Of a scalar.
    std::string tag; // "tag:yaml.org,2002:binary"; empty where none was written.
    Position position;
    std::vector<const YamlNode*> items; // Of a sequence.
    std::vector<YamlEntry> entries; // Of a map, merge keys resolved, in order of writing.
    std::vector<YamlDuplicate> duplicates;
    uint64_t weight = 1; // Nodes below and with this one, aliases counted each time.
    int depth = 1;

    bool isNull() const { return kind == YamlKind::Null; }
    bool isScalar() const { return kind == YamlKind::Scalar; }
    bool isSequence() const { return kind == YamlKind::Sequence; }
    bool isMap() const { return kind == YamlKind::Map; }

    // The entry of that key, or null. Linear: for the few keys that decide what a document is.
    const YamlEntry* find(std::string_view key) const
    {
        for (const YamlEntry& entry : entries) {
            if (entry.key == key)
                return &entry;
        }
        return nullptr;
    }
};

struct YamlDocument
{
    std::deque<YamlNode> nodes; // Addresses stay.
    const YamlNode* root = nullptr; // Never null; Null for an empty text.
    Position ignoredFrom; // Where a second document begins, if it may be ignored.
};

} // namespace fleetglass::config
