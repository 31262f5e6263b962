#include "core/http/masker.h"

#include "core/base/secret.h"

#include <algorithm>

namespace fleetglass::http {

namespace {
constexpr size_t kSecretBytesMin = 4;
}

void Masker::add(std::string_view secret)
{
    if (secret.size() < kSecretBytesMin)
        return;
    if (std::find(m_secrets.begin(), m_secrets.end(), secret) != m_secrets.end())
        return;
    // The longest first: one secret may be the beginning of another.
    const auto at = std::find_if(m_secrets.begin(), m_secrets.end(),
        [&](const std::string& other) { return other.size() < secret.size(); });
    m_secrets.emplace(at, secret);
}

std::string Masker::mask(std::string_view text) const
{
    std::string result(text);
    for (const std::string& secret : m_secrets) {
        for (size_t at = result.find(secret); at != std::string::npos;
             at = result.find(secret, at)) {
            result.replace(at, secret.size(), Secret::kMask);
            at += std::string_view(Secret::kMask).size();
        }
    }
    return result;
}

} // namespace fleetglass::http
