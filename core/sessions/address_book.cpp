#include "core/sessions/address_book.h"

namespace fleetglass::sessions {

std::string hostOf(std::string_view address)
{
    if (!address.empty() && address[0] == '[')
        return std::string(address.substr(1, address.find(']') - 1));
    const size_t colon = address.rfind(':');
    // More than one colon without brackets is a bare IPv6 address.
    if (colon == std::string_view::npos || address.find(':') != colon)
        return std::string(address);
    return std::string(address.substr(0, colon));
}

void AddressBook::nameKey(const std::string& publicKey, const std::string& owner)
{
    if (owner.empty())
        m_owners.erase(publicKey);
    else
        m_owners[publicKey] = owner;
}

std::string AddressBook::ownerOf(const std::string& publicKey) const
{
    const auto found = m_owners.find(publicKey);
    return found == m_owners.end() ? std::string() : found->second;
}

bool AddressBook::isNewAddress(const std::string& publicKey, std::string_view address)
{
    auto& hosts = m_hosts[publicKey];
    const bool seenBefore = !hosts.empty();
    return hosts.insert(hostOf(address)).second && seenBefore;
}

std::string AddressBook::toText() const
{
    std::string text;
    for (const auto& [key, owner] : m_owners)
        text.append(key).append("\t").append(owner).append("\n");
    return text;
}

void AddressBook::addText(std::string_view text)
{
    while (!text.empty()) {
        const size_t end = text.find('\n');
        const auto line = text.substr(0, end);
        const size_t tab = line.find('\t');
        if (tab != std::string_view::npos)
            nameKey(std::string(line.substr(0, tab)), std::string(line.substr(tab + 1)));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
}

} // namespace fleetglass::sessions
