// Result: the value of a call that may fail, or an Error that says why. A dropped Result is a
// compiler warning. Values; used from one thread at a time.
#pragma once

#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace fleetglass {

// A place in a text the user wrote. Line and column count from 1; 0 means unknown.
struct Position
{
    int line = 0;
    int column = 0;
    friend bool operator==(const Position&, const Position&) = default;
};

// Kind of failure, for callers that choose by cause and for the window's wording.
enum class ErrorCode
{
    Invalid, // The input is wrong; the message says what and where.
    NotFound,
    Io,
    Limit, // A limit of ours was reached; the message names it and its setting.
    Timeout,
    Cancelled,
    Unavailable, // Something outside us does not answer.
    Internal,
};

// What failed, in words for the user: lower case, with the offending value, never with a secret.
struct Error
{
    ErrorCode code = ErrorCode::Invalid;
    std::string message;
    std::optional<Position> position;

    // "file:line:column: message", with whatever of the place is known.
    std::string at(const std::string& file) const
    {
        std::string text = file;
        if (position && position->line > 0) {
            text += ':' + std::to_string(position->line);
            if (position->column > 0)
                text += ':' + std::to_string(position->column);
        }
        return text.empty() ? message : text + ": " + message;
    }
};

template<class T>
class [[nodiscard]] Result : public tl::expected<T, Error>
{
public:
    using tl::expected<T, Error>::expected;
    Result(tl::expected<T, Error> other)
        : tl::expected<T, Error>(std::move(other))
    {
    }
};

inline tl::unexpected<Error> failure(std::string message, ErrorCode code = ErrorCode::Invalid,
    std::optional<Position> position = std::nullopt)
{
    return tl::unexpected<Error>(Error { code, std::move(message), position });
}

inline tl::unexpected<Error> failure(Error error)
{
    return tl::unexpected<Error>(std::move(error));
}

} // namespace fleetglass
