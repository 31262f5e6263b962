#include "core/labels/labels.h"

#include "core/base/utf8.h"

#include <algorithm>
#include <array>

namespace fleetglass::labels {

// One allocation for the text, one for the views: what a set costs beside its bytes.
struct Labels::Rep
{
    std::vector<Label> pairs;
    std::string text;
    uint64_t hash = 0;
};

namespace {

uint64_t mix(uint64_t hash, std::string_view text)
{
    // FNV-1a over the bytes and a separator that no UTF-8 text holds, then spread.
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return (hash ^ 0xFFU) * 0x100000001b3ULL;
}

uint64_t spread(uint64_t hash)
{
    hash ^= hash >> 33U;
    hash *= 0xff51afd7ed558ccdULL;
    hash ^= hash >> 33U;
    return hash;
}

} // namespace

Labels Labels::fromSorted(std::vector<Label> sorted)
{
    Labels result;
    if (sorted.empty())
        return result;
    auto rep = std::make_shared<Rep>();
    size_t bytes = 0;
    for (const Label& label : sorted)
        bytes += label.name.size() + label.value.size();
    rep->text.reserve(bytes);
    uint64_t hash = 0xcbf29ce484222325ULL;
    for (Label& label : sorted) {
        hash = mix(mix(hash, label.name), label.value);
        const size_t nameAt = rep->text.size();
        rep->text += label.name;
        const size_t valueAt = rep->text.size();
        rep->text += label.value;
        label.name = std::string_view(rep->text.data() + nameAt, label.name.size());
        label.value = std::string_view(rep->text.data() + valueAt, label.value.size());
    }
    rep->hash = spread(hash);
    rep->pairs = std::move(sorted);
    result.m_rep = std::move(rep);
    return result;
}

Labels Labels::fromViews(std::span<const Label> pairs)
{
    std::vector<Label> sorted(pairs.begin(), pairs.end());
    std::stable_sort(sorted.begin(), sorted.end(),
        [](const Label& a, const Label& b) { return a.name < b.name; });
    // Of equal names the last stays; then the empty values go.
    std::vector<Label> unique;
    unique.reserve(sorted.size());
    for (const Label& label : sorted) {
        if (!unique.empty() && unique.back().name == label.name)
            unique.back() = label;
        else
            unique.push_back(label);
    }
    std::erase_if(unique, [](const Label& label) { return label.value.empty(); });
    return fromSorted(std::move(unique));
}

Labels Labels::fromPairs(std::span<const std::pair<std::string, std::string>> pairs)
{
    std::vector<Label> views;
    views.reserve(pairs.size());
    for (const auto& [name, value] : pairs)
        views.push_back({ name, value });
    return fromViews(views);
}

Labels::Labels(std::initializer_list<Label> pairs)
    : Labels(fromViews({ pairs.begin(), pairs.size() }))
{
}

size_t Labels::size() const
{
    return m_rep ? m_rep->pairs.size() : 0;
}

Labels::const_iterator Labels::begin() const
{
    return m_rep ? m_rep->pairs.data() : nullptr;
}

std::string_view Labels::get(std::string_view name) const
{
    for (const Label& label : *this) {
        if (label.name == name)
            return label.value;
    }
    return {};
}

uint64_t Labels::hash() const
{
    return m_rep ? m_rep->hash : 0;
}

Labels Labels::without(std::span<const std::string> names) const
{
    std::vector<Label> kept;
    for (const Label& label : *this) {
        if (std::find(names.begin(), names.end(), label.name) == names.end())
            kept.push_back(label);
    }
    return kept.size() == size() ? *this : fromSorted(std::move(kept));
}

Labels Labels::only(std::span<const std::string> names) const
{
    std::vector<Label> kept;
    for (const Label& label : *this) {
        if (std::find(names.begin(), names.end(), label.name) != names.end())
            kept.push_back(label);
    }
    return kept.size() == size() ? *this : fromSorted(std::move(kept));
}

Labels Labels::withoutName() const
{
    static const std::array<std::string, 1> kNames { std::string(kMetricName) };
    return without(kNames);
}

std::string Labels::toString() const
{
    std::string text = "{";
    for (const Label& label : *this) {
        if (text.size() > 1)
            text += ", ";
        text += isLegacyLabelName(label.name) ? std::string(label.name) : quote(label.name);
        text += '=';
        text += quote(label.value);
    }
    return text += '}';
}

std::string Labels::toSelector() const
{
    const auto name = metricName();
    const bool plainName = isLegacyMetricName(name);
    std::string inner = name.empty() || plainName ? std::string() : quote(name);
    for (const Label& label : *this) {
        if (label.name == kMetricName)
            continue;
        if (!inner.empty())
            inner += ", ";
        inner += isLegacyLabelName(label.name) ? std::string(label.name) : quote(label.name);
        inner += '=';
        inner += quote(label.value);
    }
    const std::string head = plainName ? std::string(name) : std::string();
    return inner.empty() && plainName ? head : head + '{' + inner + '}';
}

bool operator==(const Labels& a, const Labels& b)
{
    if (a.m_rep == b.m_rep)
        return true;
    return a.hash() == b.hash() && a.size() == b.size()
        && std::equal(a.begin(), a.end(), b.begin());
}

std::strong_ordering operator<=>(const Labels& a, const Labels& b)
{
    if (a.m_rep == b.m_rep)
        return std::strong_ordering::equal;
    return std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(), b.end());
}

Builder::Builder(const Labels& base)
{
    m_pairs.reserve(base.size());
    for (const Label& label : base)
        m_pairs.emplace_back(label.name, label.value);
}

void Builder::set(std::string_view name, std::string_view value)
{
    const auto place = std::lower_bound(m_pairs.begin(), m_pairs.end(), name,
        [](const auto& pair, std::string_view wanted) { return pair.first < wanted; });
    const bool found = place != m_pairs.end() && place->first == name;
    if (value.empty()) {
        if (found)
            m_pairs.erase(place);
    } else if (found) {
        place->second = std::string(value);
    } else {
        m_pairs.emplace(place, std::string(name), std::string(value));
    }
}

std::string_view Builder::get(std::string_view name) const
{
    for (const auto& [key, value] : m_pairs) {
        if (key == name)
            return value;
    }
    return {};
}

Labels Builder::labels() const
{
    return Labels::fromPairs(m_pairs);
}

namespace {

bool isNameStart(char c)
{
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isLegacyName(std::string_view name, bool colons)
{
    if (name.empty() || !(isNameStart(name[0]) || (colons && name[0] == ':')))
        return false;
    return std::all_of(name.begin() + 1, name.end(),
        [&](char c) { return isNameStart(c) || (c >= '0' && c <= '9') || (colons && c == ':'); });
}

void appendHex(std::string& text, uint32_t value, int digits)
{
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
        text += "0123456789abcdef"[(value >> static_cast<unsigned>(shift)) & 0xFU];
}

void appendEscaped(std::string& text, uint32_t codePoint)
{
    constexpr std::string_view kFrom = "\a\b\f\n\r\t\v\\\"";
    constexpr std::string_view kTo = "abfnrtv\\\"";
    if (const size_t at
        = codePoint < 0x80 ? kFrom.find(static_cast<char>(codePoint)) : std::string_view::npos;
        at != std::string_view::npos) {
        text += '\\';
        text += kTo[at];
    } else if (codePoint < 0x20 || codePoint == 0x7F) {
        text += "\\x";
        appendHex(text, codePoint, 2);
    } else if ((codePoint >= 0x80 && codePoint <= 0xA0) || codePoint == 0xAD || codePoint == 0xFEFF
        || (codePoint >= 0x200B && codePoint <= 0x200F)
        || (codePoint >= 0x2028 && codePoint <= 0x202E)) {
        text += "\\u";
        appendHex(text, codePoint, 4);
    } else {
        appendUtf8(text, codePoint);
    }
}

} // namespace

bool isLegacyLabelName(std::string_view name)
{
    return isLegacyName(name, false);
}

bool isLegacyMetricName(std::string_view name)
{
    return isLegacyName(name, true);
}

std::string quote(std::string_view text)
{
    std::string quoted = "\"";
    while (!text.empty()) {
        const auto first = static_cast<unsigned char>(text[0]);
        if (const auto codePoint = takeCodePoint(text)) {
            appendEscaped(quoted, *codePoint);
        } else {
            quoted += "\\x";
            appendHex(quoted, first, 2);
            text.remove_prefix(1);
        }
    }
    return quoted += '"';
}

} // namespace fleetglass::labels
