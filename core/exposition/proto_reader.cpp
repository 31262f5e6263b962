#include "core/exposition/proto_reader.h"

namespace fleetglass::exposition {

std::optional<uint64_t> ProtoReader::takeVarint(std::string_view& bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes.size() && i < 10; ++i) {
        const auto byte = static_cast<unsigned char>(bytes[i]);
        value |= static_cast<uint64_t>(byte & 0x7FU) << (7 * i);
        if ((byte & 0x80U) == 0) {
            bytes.remove_prefix(i + 1);
            return value;
        }
    }
    return std::nullopt;
}

uint64_t ProtoReader::takeFixed(std::string_view bytes, size_t size)
{
    uint64_t value = 0;
    for (size_t i = size; i-- > 0;)
        value = (value << 8U) | static_cast<unsigned char>(bytes[i]);
    return value;
}

bool ProtoReader::fail()
{
    m_failed = true;
    return false;
}

bool ProtoReader::takeBytes(size_t size)
{
    if (size > m_rest.size())
        return fail();
    m_bytes = m_rest.substr(0, size);
    m_rest.remove_prefix(size);
    return true;
}

bool ProtoReader::next()
{
    if (m_failed || m_rest.empty())
        return false;
    const auto key = takeVarint(m_rest);
    if (!key || *key >> 3U == 0 || *key >> 3U > 0x1FFFFFFF)
        return fail();
    m_field = static_cast<uint32_t>(*key >> 3U);
    m_wire = static_cast<uint32_t>(*key & 7U);
    switch (m_wire) {
    case 0: {
        const auto value = takeVarint(m_rest);
        m_number = value.value_or(0);
        return value ? true : fail();
    }
    case 1:
    case 5: {
        const size_t size = m_wire == 1 ? 8 : 4;
        if (!takeBytes(size))
            return false;
        m_number = takeFixed(m_bytes, size);
        return true;
    }
    case 2: {
        const auto size = takeVarint(m_rest);
        return size && *size <= m_rest.size() ? takeBytes(static_cast<size_t>(*size)) : fail();
    }
    default:
        return fail(); // Groups: nobody writes them.
    }
}

} // namespace fleetglass::exposition
