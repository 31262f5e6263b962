#include "core/exposition/text_token.h"

namespace fleetglass::exposition {

namespace {

constexpr std::array<std::string_view, 19> kNames { "INVALID", "EOF", "LINEBREAK", "HELP", "TYPE",
    "UNIT", "EOFWORD", "TEXT", "COMMENT", "MNAME", "QSTRING", "BOPEN", "BCLOSE", "LNAME", "LVALUE",
    "COMMA", "EQUAL", "TIMESTAMP", "VALUE" };

} // namespace

std::string_view nameOf(Token token)
{
    return kNames[static_cast<size_t>(token)];
}

} // namespace fleetglass::exposition
