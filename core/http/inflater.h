// Inflater: one layer of gzip, as it arrives. Used from one thread at a time.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace fleetglass::http {

class Inflater
{
public:
    enum class State
    {
        Ok,
        TooLarge,
        Damaged
    };

    Inflater();
    ~Inflater();
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    // Appends what `bytes` hold to `decoded`, which never grows past `decodedBytesMax`.
    State add(std::string_view bytes, std::string& decoded, size_t decodedBytesMax);
    // Whether the stream is complete, its checksum included.
    bool isComplete() const { return m_complete; }

private:
    struct Stream;
    std::unique_ptr<Stream> m_stream;
    bool m_complete = false;
};

} // namespace fleetglass::http
