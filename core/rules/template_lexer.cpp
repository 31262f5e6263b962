#include "core/rules/template_lexer.h"

#include "core/base/utf8.h"
#include "core/labels/labels.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace fleetglass::rules::tmpl {

namespace {

constexpr std::string_view kLeft = "{{";
constexpr std::string_view kRight = "}}";
constexpr std::string_view kSpaces = " \t\r\n";
constexpr std::string_view kDigits = "0123456789_";
constexpr std::string_view kHexDigits = "0123456789abcdefABCDEF_";
constexpr size_t kTrimSize = 2; // The minus and the space beside it.

constexpr std::array<std::pair<std::string_view, TokenKind>, 11> kKeywords { {
    { "block", TokenKind::Block },
    { "break", TokenKind::Break },
    { "continue", TokenKind::Continue },
    { "define", TokenKind::Define },
    { "else", TokenKind::Else },
    { "end", TokenKind::EndWord },
    { "if", TokenKind::If },
    { "nil", TokenKind::Nil },
    { "range", TokenKind::Range },
    { "template", TokenKind::Template },
    { "with", TokenKind::With },
} };

bool isSpace(char c)
{
    return kSpaces.find(c) != std::string_view::npos;
}

bool isWordByte(char c)
{
    // Letters beyond ASCII count as letters; their punctuation has no place in an action anyway.
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
        || static_cast<unsigned char>(c) >= 0x80;
}

// Go's %#U: U+0040 '@'.
std::string unicodeName(std::string_view rest)
{
    if (rest.empty())
        return "U+FFFFFFFFFFFFFFFF";
    const auto rune = takeCodePoint(rest).value_or(0xFFFD);
    std::array<char, 16> buffer {};
    std::snprintf(buffer.data(), buffer.size(), "U+%04X", static_cast<unsigned>(rune));
    std::string name = buffer.data();
    if (rune < 0x20 || rune == 0x7F)
        return name;
    name += " '";
    appendUtf8(name, rune);
    return name + '\'';
}

} // namespace

std::string describe(const Token& token)
{
    if (token.kind == TokenKind::End)
        return "EOF";
    if (token.kind == TokenKind::Error)
        return token.value;
    if (token.kind >= TokenKind::Block)
        return '<' + token.value + '>';
    if (token.value.size() > 10)
        return labels::quote(token.value.substr(0, 10)) + "...";
    return labels::quote(token.value);
}

Token Lexer::next()
{
    while (!m_done) {
        Token token = m_inAction ? insideAction() : text();
        if (std::exchange(m_afterComment, false))
            continue;
        return token;
    }
    return { TokenKind::End, m_pos, m_line, {} };
}

Token Lexer::text()
{
    if (m_pos == m_start && startsWith(kLeft))
        return leftDelim();
    const size_t found = m_text.find(kLeft, m_pos);
    size_t end = std::min(found, m_text.size());
    m_pos = end;
    if (found != std::string_view::npos) {
        m_pos += kLeft.size();
        if (atLeftTrim()) {
            while (end > m_start && isSpace(m_text[end - 1]))
                --end;
        }
        m_pos = found;
    }
    Token token { TokenKind::Text, m_start, m_line,
        std::string(m_text.substr(m_start, end - m_start)) };
    countLines(m_start, m_pos);
    m_start = m_pos;
    if (!token.value.empty())
        return token;
    if (found != std::string_view::npos)
        return leftDelim();
    m_done = true;
    return { TokenKind::End, m_pos, m_line, {} };
}

Token Lexer::leftDelim()
{
    m_pos += kLeft.size();
    const size_t trim = atLeftTrim() ? kTrimSize : 0;
    if (startsWith("/*", trim)) {
        m_pos += trim;
        return comment();
    }
    Token token = emit(TokenKind::LeftDelim);
    m_pos += trim;
    countLines(m_start, m_pos);
    m_start = m_pos;
    m_inAction = true;
    m_parens = 0;
    return token;
}

Token Lexer::comment()
{
    const size_t close = m_text.find("*/", m_pos + 2);
    if (close == std::string_view::npos)
        return fail("unclosed comment");
    m_pos = close + 2;
    const bool trims = atRightTrim();
    if (!trims && !startsWith(kRight))
        return fail("comment ends before closing delimiter");
    m_pos += kRight.size() + (trims ? kTrimSize : 0);
    while (trims && m_pos < m_text.size() && isSpace(m_text[m_pos]))
        ++m_pos;
    countLines(m_start, m_pos);
    m_start = m_pos;
    m_afterComment = true;
    return {};
}

Token Lexer::rightDelim()
{
    const bool trims = atRightTrim();
    if (trims) {
        m_pos += kTrimSize;
        countLines(m_start, m_pos);
        m_start = m_pos;
    }
    m_pos += kRight.size();
    Token token = emit(TokenKind::RightDelim);
    while (trims && m_pos < m_text.size() && isSpace(m_text[m_pos]))
        ++m_pos;
    countLines(m_start, m_pos);
    m_start = m_pos;
    m_inAction = false;
    return token;
}

Token Lexer::insideAction()
{
    if (atRightTrim() || startsWith(kRight))
        return m_parens == 0 ? rightDelim() : fail("unclosed left paren");
    if (m_pos == m_text.size())
        return fail("unclosed action");
    const char c = m_text[m_pos];
    if (isSpace(c))
        return space();
    const char ahead = m_pos + 1 < m_text.size() ? m_text[m_pos + 1] : '\0';
    const bool digitAhead = ahead >= '0' && ahead <= '9';
    if ((c == '.' && digitAhead) || c == '+' || c == '-' || (c >= '0' && c <= '9'))
        return number();
    if (isWordByte(c))
        return word();
    ++m_pos;
    switch (c) {
    case '=':
        return emit(TokenKind::Assign);
    case ':':
        ++m_pos;
        return ahead == '=' ? emit(TokenKind::Declare) : fail("expected :=");
    case '|':
        return emit(TokenKind::Pipe);
    case '"':
        return quoted('"', TokenKind::String, "quoted string");
    case '\'':
        return quoted('\'', TokenKind::CharConstant, "character constant");
    case '`':
        return rawString();
    case '$':
        return fieldOrVariable(TokenKind::Variable);
    case '.':
        return fieldOrVariable(TokenKind::Field);
    case '(':
        ++m_parens;
        return emit(TokenKind::LeftParen);
    case ')':
        return --m_parens < 0 ? fail("unexpected right paren") : emit(TokenKind::RightParen);
    default:
        break;
    }
    if (c > ' ' && c < 0x7F)
        return emit(TokenKind::Char);
    return fail("unrecognized character in action: " + unicodeName(m_text.substr(m_pos - 1)));
}

Token Lexer::space()
{
    while (m_pos < m_text.size() && isSpace(m_text[m_pos]))
        ++m_pos;
    --m_pos; // The last space may belong to a trim marker.
    if (!atRightTrim())
        ++m_pos;
    else if (m_pos == m_start)
        return rightDelim();
    return emit(TokenKind::Space);
}

Token Lexer::word()
{
    while (atWordRune())
        skipRune();
    if (!atTerminator())
        return badCharacter();
    const auto text = m_text.substr(m_start, m_pos - m_start);
    for (const auto& [keyword, kind] : kKeywords) {
        if (text == keyword)
            return emit(kind);
    }
    return emit(text == "true" || text == "false" ? TokenKind::Bool : TokenKind::Identifier);
}

// After the '.' or '$'.
Token Lexer::fieldOrVariable(TokenKind kind)
{
    if (atTerminator())
        return emit(kind == TokenKind::Variable ? kind : TokenKind::Dot);
    while (atWordRune())
        skipRune();
    return atTerminator() ? emit(kind) : badCharacter();
}

Token Lexer::number()
{
    if (scanNumber())
        return emit(TokenKind::Number);
    return fail("bad number syntax: " + labels::quote(m_text.substr(m_start, m_pos - m_start)));
}

bool Lexer::scanNumber()
{
    accept("+-");
    bool hex = false;
    std::string_view digits = kDigits;
    if (accept("0")) {
        if (accept("xX")) {
            hex = true;
            digits = kHexDigits;
        } else if (accept("oO")) {
            digits = "01234567_";
        } else if (accept("bB")) {
            digits = "01_";
        }
    }
    acceptRun(digits);
    if (accept("."))
        acceptRun(digits);
    if (accept(hex ? "pP" : digits == kDigits ? "eE" : "")) {
        accept("+-");
        acceptRun(kDigits);
    }
    accept("i");
    if (!atWordRune())
        return true;
    skipRune();
    return false;
}

Token Lexer::quoted(char quote, TokenKind kind, std::string_view what)
{
    while (m_pos < m_text.size() && m_text[m_pos] != '\n') {
        const char c = m_text[m_pos++];
        if (c == quote)
            return emit(kind);
        if (c == '\\') {
            if (m_pos >= m_text.size() || m_text[m_pos] == '\n')
                break;
            ++m_pos;
        }
    }
    return fail("unterminated " + std::string(what));
}

Token Lexer::rawString()
{
    const size_t close = m_text.find('`', m_pos);
    if (close == std::string_view::npos)
        return fail("unterminated raw quoted string");
    m_pos = close + 1;
    return emit(TokenKind::RawString);
}

Token Lexer::emit(TokenKind kind)
{
    Token token { kind, m_start, m_line, std::string(m_text.substr(m_start, m_pos - m_start)) };
    countLines(m_start, m_pos);
    m_start = m_pos;
    return token;
}

Token Lexer::fail(std::string message)
{
    m_done = true;
    return { TokenKind::Error, m_start, m_line, std::move(message) };
}

Token Lexer::badCharacter()
{
    return fail("bad character " + unicodeName(m_text.substr(m_pos)));
}

bool Lexer::startsWith(std::string_view prefix, size_t ahead) const
{
    return m_pos + ahead <= m_text.size() && m_text.substr(m_pos + ahead, prefix.size()) == prefix;
}

bool Lexer::atLeftTrim() const
{
    return m_pos + 1 < m_text.size() && m_text[m_pos] == '-' && isSpace(m_text[m_pos + 1]);
}

bool Lexer::atRightTrim() const
{
    return m_pos + 1 < m_text.size() && isSpace(m_text[m_pos]) && m_text[m_pos + 1] == '-'
        && startsWith(kRight, kTrimSize);
}

bool Lexer::atTerminator() const
{
    if (m_pos == m_text.size() || isSpace(m_text[m_pos]))
        return true;
    return std::string_view(".,|:)(").find(m_text[m_pos]) != std::string_view::npos
        || startsWith(kRight);
}

bool Lexer::atWordRune() const
{
    return m_pos < m_text.size() && isWordByte(m_text[m_pos]);
}

void Lexer::skipRune()
{
    ++m_pos; // Every byte of a rune beyond ASCII counts as part of a word.
}

bool Lexer::accept(std::string_view set)
{
    if (m_pos == m_text.size() || set.find(m_text[m_pos]) == std::string_view::npos)
        return false;
    ++m_pos;
    return true;
}

void Lexer::acceptRun(std::string_view set)
{
    while (accept(set)) { }
}

void Lexer::countLines(size_t from, size_t to)
{
    m_line += static_cast<int>(std::count(m_text.begin() + static_cast<std::ptrdiff_t>(from),
        m_text.begin() + static_cast<std::ptrdiff_t>(to), '\n'));
}

} // namespace fleetglass::rules::tmpl
