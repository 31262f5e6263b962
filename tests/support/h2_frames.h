// Frames of HTTP/2 (RFC 9113), whole and broken, as a scripted server sends them. Pure functions;
// thread-safe.
#pragma once

#include "tests/support/fault_server.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace fleetglass::test::h2 {

enum class Type : uint8_t
{
    Data = 0,
    Headers = 1,
    RstStream = 3,
    Settings = 4,
    PushPromise = 5,
    Ping = 6,
    GoAway = 7,
    Continuation = 9
};

constexpr uint8_t kEndStream = 1;
constexpr uint8_t kAck = 1;
constexpr uint8_t kEndHeaders = 4;

inline std::string bigEndian(uint32_t value, int bytes)
{
    std::string text;
    for (int i = bytes - 1; i >= 0; --i)
        text += static_cast<char>(value >> (8 * i) & 0xff);
    return text;
}

inline std::string frame(Type type, uint8_t flags, uint32_t stream, std::string_view payload = {})
{
    return bigEndian(static_cast<uint32_t>(payload.size()), 3) + static_cast<char>(type)
        + static_cast<char>(flags) + bigEndian(stream, 4) + std::string(payload);
}

// HPACK (RFC 7541): ":status: 200" from the static table, and a header spelled out.
inline std::string status200()
{
    return "\x88";
}

inline std::string literal(std::string_view name, std::string_view value)
{
    return std::string(1, '\0') + static_cast<char>(name.size()) + std::string(name)
        + static_cast<char>(value.size()) + std::string(value);
}

inline std::string answerHeaders()
{
    return status200() + literal("content-type", "text/plain; version=0.0.4");
}

// Takes the client's preface and first frames, and sends our settings.
inline void begin(FaultConnection& connection)
{
    std::string received;
    while (connection.isOpen() && received.find("\r\n\r\nSM\r\n\r\n") == std::string::npos)
        received += connection.receive();
    connection.send(frame(Type::Settings, 0, 0) + frame(Type::Settings, kAck, 0));
    // The request: a HEADERS frame after the client's SETTINGS.
    while (connection.isOpen() && received.size() < 24 + 9 + 9 + 20)
        received += connection.receive();
}

} // namespace fleetglass::test::h2
