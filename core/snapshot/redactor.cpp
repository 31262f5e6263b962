#include "core/snapshot/redactor.h"

#include <algorithm>

namespace fleetglass::snapshot {

namespace {

constexpr size_t kHeadBytes = 3;
constexpr size_t kLookedForBytesMin = 8;
constexpr size_t kHeadSlots = 1U << 16U;

uint32_t headOf(std::string_view text, size_t at)
{
    const auto byte
        = [&](size_t i) { return uint32_t { static_cast<unsigned char>(text[at + i]) }; };
    return byte(0) << 16U | byte(1) << 8U | byte(2);
}

size_t slotOf(uint32_t head)
{
    return (head * 2654435761U) >> 16U;
}

bool isUnreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'
        || c == '.' || c == '_' || c == '~';
}

std::string percentEncoded(std::string_view text, std::string_view digits)
{
    std::string encoded;
    for (const char c : text) {
        if (isUnreserved(c)) {
            encoded += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        encoded += '%';
        encoded += digits[byte >> 4U];
        encoded += digits[byte & 0xFU];
    }
    return encoded;
}

std::string escaped(std::string_view text)
{
    std::string result;
    for (const char c : text) {
        if (c == '"' || c == '\\')
            result += '\\';
        c == '\n' ? result += "\\n" : result += c;
    }
    return result;
}

std::string htmlEscaped(std::string_view text)
{
    std::string result;
    for (const char c : text) {
        switch (c) {
        case '&':
            result += "&amp;";
            break;
        case '<':
            result += "&lt;";
            break;
        case '>':
            result += "&gt;";
            break;
        case '"':
            result += "&quot;";
            break;
        default:
            result += c;
        }
    }
    return result;
}

// What base64 of "anything + secret + anything" surely contains, for each of the three alignments.
std::string base64Core(std::string_view secret, size_t skip)
{
    constexpr std::string_view kAlphabet
        = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string core;
    for (size_t i = skip; i + 3 <= secret.size(); i += 3) {
        const uint32_t bits = headOf(secret, i);
        for (unsigned shift = 24; shift > 0; shift -= 6)
            core += kAlphabet[(bits >> (shift - 6)) & 0x3FU];
    }
    return core;
}

} // namespace

Redactor::Redactor(std::span<const Secret> secrets)
    : m_heads(kHeadSlots)
{
    for (const Secret& secret : secrets) {
        const std::string& text = secret.reveal();
        if (text.empty())
            continue;
        if (text.size() < kHeadBytes) {
            m_short.push_back(text);
            continue;
        }
        add(text);
        add(percentEncoded(text, "0123456789ABCDEF"));
        add(percentEncoded(text, "0123456789abcdef"));
        add(escaped(text));
        add(htmlEscaped(text));
        // A core of two groups or less is no evidence; long secrets have more.
        for (size_t skip = 0; skip < 3; ++skip) {
            if (const std::string core = base64Core(text, skip); core.size() >= kLookedForBytesMin)
                add(core);
        }
    }
}

Redactor::~Redactor()
{
    // The texts pass through Secret, which wipes them.
    for (auto& [head, pattern] : m_patterns)
        const Secret wiped(std::move(pattern));
}

void Redactor::add(std::string pattern)
{
    const uint32_t head = headOf(pattern, 0);
    const auto [begin, end] = m_patterns.equal_range(head);
    const auto isKnown = [&](const auto& entry) { return entry.second == pattern; };
    if (std::any_of(begin, end, isKnown))
        return;
    m_heads[slotOf(head)] = true;
    m_patterns.emplace(head, std::move(pattern));
}

size_t Redactor::matchAt(std::string_view text, size_t at, size_t lengthMin) const
{
    const uint32_t head = headOf(text, at);
    if (!m_heads[slotOf(head)])
        return 0;
    size_t longest = 0;
    const auto [begin, end] = m_patterns.equal_range(head);
    for (auto entry = begin; entry != end; ++entry) {
        const std::string& pattern = entry->second;
        if (pattern.size() >= lengthMin && pattern.size() > longest
            && text.substr(at, pattern.size()) == pattern)
            longest = pattern.size();
    }
    return longest;
}

std::string Redactor::clean(std::string_view text) const
{
    if (std::find(m_short.begin(), m_short.end(), text) != m_short.end()) {
        ++m_masked;
        return Secret::kMask;
    }
    if (m_patterns.empty() || text.size() < kHeadBytes)
        return std::string(text);
    std::string cleaned;
    size_t copied = 0;
    for (size_t at = 0; at + kHeadBytes <= text.size();) {
        const size_t length = matchAt(text, at, 0);
        if (length == 0) {
            ++at;
            continue;
        }
        cleaned.append(text.substr(copied, at - copied)).append(Secret::kMask);
        at += length;
        copied = at;
        ++m_masked;
    }
    return cleaned.append(text.substr(copied));
}

labels::Labels Redactor::clean(const labels::Labels& labels) const
{
    if (m_patterns.empty() && m_short.empty())
        return labels;
    labels::Builder builder;
    bool isChanged = false;
    for (const labels::Label& label : labels) {
        const std::string name = clean(label.name);
        const std::string value = clean(label.value);
        isChanged = isChanged || name != label.name || value != label.value;
        builder.set(name, value);
    }
    return isChanged ? builder.labels() : labels;
}

bool Redactor::isClean(std::string_view bytes) const
{
    if (m_patterns.empty())
        return true;
    for (size_t at = 0; at + kHeadBytes <= bytes.size(); ++at) {
        if (matchAt(bytes, at, kLookedForBytesMin) > 0)
            return false;
    }
    return true;
}

} // namespace fleetglass::snapshot
