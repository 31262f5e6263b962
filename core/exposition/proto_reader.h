// ProtoReader: walks the fields of one protobuf message without copying and without recursion (the
// wire format: protobuf.dev/programming-guides/encoding). Used from one thread at a time; views
// live as long as the bytes.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <string_view>

namespace fleetglass::exposition {

class ProtoReader
{
public:
    explicit ProtoReader(std::string_view bytes)
        : m_rest(bytes)
    {
    }

    // Moves to the next field; false at the end, and where the bytes are no message (see failed()).
    bool next();
    bool failed() const { return m_failed; }

    uint32_t field() const { return m_field; }
    // The field at hand; what its wire type does not hold is 0 or empty.
    uint64_t varint() const { return isVarint() ? m_number : 0; }
    double fixedDouble() const { return m_wire == 1 ? std::bit_cast<double>(m_number) : 0; }
    std::string_view bytes() const { return m_wire == 2 ? m_bytes : std::string_view(); }

    // Repeated numbers come packed or one by one; calls f(value) for each.
    template<class F>
    void eachVarint(F f)
    {
        if (isVarint()) {
            f(m_number);
            return;
        }
        for (auto packed = bytes(); !packed.empty();) {
            const auto value = takeVarint(packed);
            if (!value) {
                m_failed = true;
                return;
            }
            f(*value);
        }
    }
    template<class F>
    void eachDouble(F f)
    {
        if (m_wire == 1) {
            f(std::bit_cast<double>(m_number));
            return;
        }
        auto packed = bytes();
        for (; packed.size() >= 8; packed.remove_prefix(8))
            f(std::bit_cast<double>(takeFixed(packed, 8)));
        m_failed = m_failed || !packed.empty();
    }

    // At most ten bytes; nothing where it is cut short or longer.
    static std::optional<uint64_t> takeVarint(std::string_view& bytes);

private:
    static uint64_t takeFixed(std::string_view bytes, size_t size);
    bool isVarint() const { return m_wire == 0; }
    bool fail();
    bool takeBytes(size_t size);

    std::string_view m_rest;
    uint32_t m_field = 0;
    uint32_t m_wire = 0;
    uint64_t m_number = 0;
    std::string_view m_bytes;
    bool m_failed = false;
};

inline int64_t unzigzag(uint64_t value)
{
    return static_cast<int64_t>(value >> 1U) ^ -static_cast<int64_t>(value & 1U);
}

} // namespace fleetglass::exposition
