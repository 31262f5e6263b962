// Redactor: takes known secrets out of every text that leaves the program, also where they were
// percent-encoded, escaped for JSON or wrapped in base64. Thread-safe; holds the secrets only in
// memory and never hands them out.
#pragma once

#include "core/base/secret.h"
#include "core/labels/labels.h"

#include <atomic>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace fleetglass::snapshot {

class Redactor
{
public:
    Redactor() = default;
    explicit Redactor(std::span<const Secret> secrets);
    ~Redactor();
    Redactor(const Redactor&) = delete;
    Redactor& operator=(const Redactor&) = delete;

    // The text with Secret::kMask for each secret. Secrets shorter than three bytes are masked only
    // where they are the whole text: they would eat half of every word.
    std::string clean(std::string_view text) const;
    labels::Labels clean(const labels::Labels& labels) const;

    // Whether finished bytes hold none of the secrets; those shorter than eight bytes are not
    // looked for, because packed numbers contain everything that is short.
    bool isClean(std::string_view bytes) const;
    size_t maskedCount() const { return m_masked.load(); }

private:
    void add(std::string pattern);
    // The longest pattern that begins here; 0 for none.
    size_t matchAt(std::string_view text, size_t at, size_t lengthMin) const;

    std::unordered_multimap<uint32_t, std::string> m_patterns; // By their first three bytes.
    std::vector<bool> m_heads; // Whether any pattern begins with such three bytes.
    std::vector<std::string> m_short;
    mutable std::atomic<size_t> m_masked { 0 };
};

} // namespace fleetglass::snapshot
