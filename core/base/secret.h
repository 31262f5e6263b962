// Secret: text that must never be shown, logged, exported or compared by accident. It has no stream
// operator and no conversion to std::string; whoever needs the text says so by calling reveal().
// Used from one thread at a time.
#pragma once

#include <string>
#include <utility>

namespace fleetglass {

class Secret
{
public:
    // What stands in for a secret wherever it would be shown.
    static constexpr const char* kMask = "******";

    Secret() = default;
    explicit Secret(std::string text)
        : m_text(std::move(text))
    {
    }
    Secret(const Secret&) = default;
    Secret& operator=(const Secret&) = default;
    Secret(Secret&& other) noexcept
        : m_text(std::move(other.m_text))
    {
        other.wipe();
    }
    Secret& operator=(Secret&& other) noexcept
    {
        if (this != &other) {
            wipe();
            m_text = std::move(other.m_text);
            other.wipe();
        }
        return *this;
    }
    ~Secret() { wipe(); }

    bool empty() const { return m_text.empty(); }
    const std::string& reveal() const { return m_text; }
    friend bool operator==(const Secret&, const Secret&) = default;

private:
    // Overwrites the bytes; volatile keeps the compiler from dropping the stores.
    void wipe() noexcept
    {
        volatile char* bytes = m_text.data();
        for (size_t i = 0; i < m_text.size(); ++i)
            bytes[i] = 0;
        m_text.clear();
    }

    std::string m_text;
};

} // namespace fleetglass
