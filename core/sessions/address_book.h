// AddressBook: whose key a shell was opened with, and from where each key has come before.
// Used from one thread at a time.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace fleetglass::sessions {

// "10.0.4.7:40022" -> "10.0.4.7", "[fd00::41]:40023" -> "fd00::41": the port says nothing.
std::string hostOf(std::string_view address);

class AddressBook
{
public:
    // An empty owner removes the name.
    void nameKey(const std::string& publicKey, const std::string& owner);
    // Empty: unknown key.
    std::string ownerOf(const std::string& publicKey) const;

    // Remembers the address; true where the key was seen before, but never from there.
    bool isNewAddress(const std::string& publicKey, std::string_view address);

    // One "key<TAB>owner" a line; lines of another shape are skipped.
    std::string toText() const;
    void addText(std::string_view text);

private:
    std::map<std::string, std::string> m_owners;
    std::map<std::string, std::set<std::string>> m_hosts; // By key.
};

} // namespace fleetglass::sessions
