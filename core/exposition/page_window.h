// PageWindow: the bytes of a piece of a text page that give it its structure, found by a vector
// unit where the machine has one. Used from one thread at a time.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace fleetglass::exposition {

class PageWindow
{
public:
    static constexpr size_t kBytes
        = 16 * 1024; // It and what is said of it stay in the first cache.

    // Looks at the first kBytes of it, or what there is.
    void scan(std::string_view bytes);

    // Where quotes, backslashes and line breaks stand, in order.
    size_t markCount() const { return m_markCount; }
    size_t mark(size_t index) const { return m_marks[index]; }

    // The first byte from `at` on that is none of [a-zA-Z0-9_]; at the latest the window's end.
    size_t nameEnd(size_t at) const
    {
        static_assert(std::endian::native == std::endian::little);
        while (true) {
            uint64_t bits = 0;
            std::memcpy(&bits, reinterpret_cast<const char*>(m_notName.data()) + at / 8, 8);
            if (bits >>= at % 8; bits != 0)
                return at + static_cast<size_t>(std::countr_zero(bits));
            at = at / 8 * 8 + 64;
        }
    }

    // Every byte is below 0x80.
    bool isAscii() const { return m_isAscii; }

private:
    friend class WindowScanner;

    std::array<uint64_t, kBytes / 64 + 2> m_notName; // A bit for each byte, ones past the end.
    std::array<uint32_t, kBytes + 64> m_marks;
    size_t m_markCount = 0;
    bool m_isAscii = true;
};

} // namespace fleetglass::exposition
