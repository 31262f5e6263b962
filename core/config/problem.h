// Problem: one finding about a text, with its place. Values.
#pragma once

#include "core/base/result.h"

#include <string>
#include <vector>

namespace fleetglass::config {

enum class Severity
{
    Error,
    Warning,
    Lint, // Good style only; fatal where asked for.
};

struct Problem
{
    Severity severity = Severity::Error;
    std::string file;
    Position position;
    std::string message;
    ErrorCode code = ErrorCode::Invalid;

    // "file:line:column: message".
    std::string toString() const { return Error { code, message, position }.at(file); }
    // The whole text as message: an Error has no room for the file's name.
    Error toError() const { return { code, toString(), position }; }
};

} // namespace fleetglass::config
