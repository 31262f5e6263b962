// Scalars as Go's yaml.v2 resolves them: github.com/yaml/go-yaml v2, resolve.go and decode.go.
#include "core/base/number.h"
#include "core/config/base64.h"
#include "core/config/section.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace fleetglass::config {

namespace {

constexpr std::string_view kBinaryTag = "tag:yaml.org,2002:binary";
constexpr std::string_view kTextTag = "tag:yaml.org,2002:str";

std::optional<int64_t> parseDigits(std::string_view digits, int base, bool negative)
{
    uint64_t value = 0;
    const auto [end, error]
        = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (error != std::errc {} || end != digits.data() + digits.size() || digits.empty())
        return std::nullopt;
    if (value > static_cast<uint64_t>(INT64_MAX))
        return std::nullopt;
    return negative ? -static_cast<int64_t>(value) : static_cast<int64_t>(value);
}

// 12, 0x1F, 0b101, 0o17, 017, 1_000: the forms strconv.ParseInt takes with base 0.
std::optional<int64_t> yamlInteger(std::string_view text)
{
    std::string plain(text);
    plain.erase(std::remove(plain.begin(), plain.end(), '_'), plain.end());
    std::string_view rest = plain;
    const bool negative = rest.starts_with('-');
    if (negative || rest.starts_with('+'))
        rest.remove_prefix(1);
    const auto prefixed = [&](std::string_view small, std::string_view large) {
        return rest.starts_with(small) || rest.starts_with(large);
    };
    if (prefixed("0x", "0X"))
        return parseDigits(rest.substr(2), 16, negative);
    if (prefixed("0b", "0B"))
        return parseDigits(rest.substr(2), 2, negative);
    if (prefixed("0o", "0O"))
        return parseDigits(rest.substr(2), 8, negative);
    if (rest.size() > 1 && rest.front() == '0')
        return parseDigits(rest.substr(1), 8, negative);
    return parseDigits(rest, 10, negative);
}

std::optional<double> yamlNumber(std::string_view text)
{
    constexpr std::array<std::string_view, 6> kPositive { ".inf", ".Inf", ".INF", "+.inf", "+.Inf",
        "+.INF" };
    constexpr std::array<std::string_view, 3> kNegative { "-.inf", "-.Inf", "-.INF" };
    constexpr std::array<std::string_view, 3> kNan { ".nan", ".NaN", ".NAN" };
    const auto isOneOf = [text](const auto& words) {
        return std::find(words.begin(), words.end(), text) != words.end();
    };
    if (isOneOf(kPositive))
        return HUGE_VAL;
    if (isOneOf(kNegative))
        return -HUGE_VAL;
    if (isOneOf(kNan))
        return std::nan("");
    if (text.empty() || text.find_first_not_of("0123456789.eE+-_") != std::string_view::npos)
        return std::nullopt;
    std::string plain(text);
    plain.erase(std::remove(plain.begin(), plain.end(), '_'), plain.end());
    return parseFloat(plain);
}

std::string_view kindWord(const YamlNode& node)
{
    if (node.isSequence())
        return "!!seq";
    if (node.isMap())
        return "!!map";
    if (!node.plain || node.tag == kTextTag)
        return "!!str";
    if (yamlBoolean(node.text))
        return "!!bool";
    if (yamlInteger(node.text))
        return "!!int";
    return yamlNumber(node.text) ? "!!float" : "!!str";
}

} // namespace

std::optional<bool> yamlBoolean(std::string_view text)
{
    constexpr std::array<std::string_view, 9> kTrue { "true", "True", "TRUE", "yes", "Yes", "YES",
        "on", "On", "ON" };
    constexpr std::array<std::string_view, 9> kFalse { "false", "False", "FALSE", "no", "No", "NO",
        "off", "Off", "OFF" };
    if (std::find(kTrue.begin(), kTrue.end(), text) != kTrue.end() || text == "y" || text == "Y")
        return true;
    if (std::find(kFalse.begin(), kFalse.end(), text) != kFalse.end() || text == "n" || text == "N")
        return false;
    return std::nullopt;
}

void failType(Reader& reader, const YamlNode& node, std::string_view type)
{
    reader.fail(node.position,
        "cannot unmarshal " + std::string(kindWord(node)) + " into " + std::string(type));
}

bool readText(Reader& reader, const YamlNode& node, std::string& value)
{
    if (node.isNull())
        return true;
    if (!node.isScalar()) {
        failType(reader, node, "string");
        return false;
    }
    if (node.tag == kBinaryTag) {
        std::optional<std::string> bytes = decodeBase64(node.text);
        if (!bytes) {
            reader.fail(node.position, "!!binary value contains invalid base64 data");
            return false;
        }
        value = std::move(*bytes);
        return true;
    }
    value = node.text;
    return true;
}

bool readBoolean(Reader& reader, const YamlNode& node, bool& value)
{
    if (node.isNull())
        return true;
    const std::optional<bool> read
        = node.isScalar() && node.plain ? yamlBoolean(node.text) : std::nullopt;
    if (!read) {
        failType(reader, node, "bool");
        return false;
    }
    value = *read;
    return true;
}

bool readInteger(Reader& reader, const YamlNode& node, int64_t& value)
{
    if (node.isNull())
        return true;
    if (node.isScalar() && node.plain) {
        if (const std::optional<int64_t> read = yamlInteger(node.text)) {
            value = *read;
            return true;
        }
        const std::optional<double> number = yamlNumber(node.text);
        if (number && std::abs(*number) < 9e18) {
            value = static_cast<int64_t>(*number);
            return true;
        }
    }
    failType(reader, node, "int");
    return false;
}

bool readNumber(Reader& reader, const YamlNode& node, double& value)
{
    if (node.isNull())
        return true;
    if (node.isScalar() && node.plain) {
        if (const std::optional<int64_t> whole = yamlInteger(node.text)) {
            value = static_cast<double>(*whole);
            return true;
        }
        if (const std::optional<double> number = yamlNumber(node.text)) {
            value = *number;
            return true;
        }
    }
    failType(reader, node, "float64");
    return false;
}

bool readDuration(Reader& reader, const YamlNode& node, Millis& value)
{
    std::string text;
    if (node.isNull())
        return true;
    if (!readText(reader, node, text))
        return false;
    const Result<Millis> read = parseDuration(text);
    if (!read) {
        reader.fail(node.position, read.error().message);
        return false;
    }
    value = *read;
    return true;
}

const std::vector<const YamlNode*>& listOf(
    Reader& reader, const YamlNode& node, std::string_view type)
{
    if (!node.isSequence() && !node.isNull())
        failType(reader, node, type);
    return node.items; // Empty for anything but a sequence.
}

bool readTexts(Reader& reader, const YamlNode& node, std::vector<std::string>& values)
{
    const bool failedBefore = reader.failed();
    values.clear();
    for (const YamlNode* item : listOf(reader, node, "[]string")) {
        std::string value;
        readText(reader, *item, value);
        values.push_back(std::move(value));
    }
    return failedBefore || !reader.failed();
}

bool readTextMap(Reader& reader, const YamlNode& node, TextPairs& pairs)
{
    if (node.isNull())
        return true;
    if (!node.isMap()) {
        failType(reader, node, "map[string]string");
        return false;
    }
    reportDuplicateKeys(reader, node);
    pairs.clear();
    pairs.reserve(node.entries.size());
    for (const YamlEntry& entry : node.entries) {
        std::string value;
        readText(reader, *entry.value, value);
        pairs.emplace_back(entry.key, std::move(value));
    }
    return true;
}

} // namespace fleetglass::config
