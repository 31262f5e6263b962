// Masker: takes the secrets of one request out of texts that will be shown.
// Immutable once filled; share freely then.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::http {

class Masker
{
public:
    // Short texts (under 4 bytes) are left alone: masking them would blacken innocent words.
    void add(std::string_view secret);
    std::string mask(std::string_view text) const;
    bool empty() const { return m_secrets.empty(); }

private:
    std::vector<std::string> m_secrets; // Longest first.
};

} // namespace fleetglass::http
