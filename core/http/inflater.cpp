#include "core/http/inflater.h"

#include <algorithm>
#include <array>
#include <zlib.h>

namespace fleetglass::http {

struct Inflater::Stream
{
    z_stream z {};
    bool usable = false;
};

namespace {
constexpr int kGzipOnly = 15 + 16; // Window bits; 16 takes gzip and no bare zlib.
}

Inflater::Inflater()
    : m_stream(std::make_unique<Stream>())
{
    m_stream->usable = inflateInit2(&m_stream->z, kGzipOnly) == Z_OK;
}

Inflater::~Inflater()
{
    if (m_stream->usable)
        inflateEnd(&m_stream->z);
}

Inflater::State Inflater::add(std::string_view bytes, std::string& decoded, size_t decodedBytesMax)
{
    if (!m_stream->usable)
        return State::Damaged;
    z_stream& z = m_stream->z;
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    z.avail_in = static_cast<uInt>(bytes.size());
    std::array<Bytef, 64 * 1024> out;
    for (;;) {
        // A stream may have several members (RFC 1952 2.2); what follows must be another one.
        if (m_complete && z.avail_in > 0) {
            if (inflateReset(&z) != Z_OK)
                return State::Damaged;
            m_complete = false;
        }
        z.next_out = out.data();
        z.avail_out = static_cast<uInt>(out.size());
        const int code = inflate(&z, Z_NO_FLUSH);
        const size_t made = out.size() - z.avail_out;
        if (made > decodedBytesMax - decoded.size())
            return State::TooLarge;
        decoded.append(reinterpret_cast<const char*>(out.data()), made);
        m_complete = code == Z_STREAM_END;
        if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
            return State::Damaged;
        if (z.avail_in == 0 && z.avail_out > 0)
            return State::Ok;
        if (code == Z_BUF_ERROR)
            return State::Ok;
    }
}

} // namespace fleetglass::http
