// The scanner follows Prometheus' promql/parser/lex.go state by state, because the places and words
// of its messages are part of the language users know.
#include "core/promql/lexer.h"

#include "core/base/utf8.h"
#include "core/labels/labels.h"
#include "core/promql/lexer_runes.h"

#include <utility>

namespace fleetglass::promql {

Lexer::Lexer(std::string_view text, Language language)
    : m_text(text)
    , m_language(language)
{
}

Token Lexer::next()
{
    m_hasToken = false;
    while (!m_hasToken) {
        if (m_state.mode == Mode::Done)
            emit(TokenType::Eof);
        else
            m_state.mode = scan();
    }
    return m_token;
}

void Lexer::skipError()
{
    if (m_state.offset == m_state.start)
        read();
    m_state = State { .offset = m_state.offset, .start = m_state.offset };
}

Rune Lexer::read()
{
    if (m_state.offset >= m_text.size()) {
        m_width = 0;
        return kEnd;
    }
    const auto first = static_cast<unsigned char>(m_text[m_state.offset]);
    if (first < 0x80) {
        m_width = 1;
        ++m_state.offset;
        return first;
    }
    std::string_view rest = m_text.substr(m_state.offset);
    const auto codePoint = takeCodePoint(rest);
    m_width = codePoint ? static_cast<uint32_t>(m_text.size() - m_state.offset - rest.size()) : 1;
    m_state.offset += m_width;
    return codePoint ? static_cast<Rune>(*codePoint) : kBadRune;
}

Rune Lexer::peek()
{
    const Rune rune = read();
    unread();
    return rune;
}

// `set` is ASCII; no set holds the end.
bool Lexer::accept(std::string_view set)
{
    if (!sees(set))
        return false;
    m_width = 1;
    ++m_state.offset;
    return true;
}

bool Lexer::sees(std::string_view set)
{
    return m_state.offset < m_text.size()
        && set.find(m_text[m_state.offset]) != std::string_view::npos;
}

void Lexer::acceptRun(std::string_view set)
{
    while (accept(set)) { }
}

std::string_view Lexer::pending() const
{
    return m_text.substr(m_state.start, m_state.offset - m_state.start);
}

void Lexer::emit(TokenType type)
{
    m_token = Token { type, m_state.start, pending() };
    m_state.start = m_state.offset;
    m_hasToken = true;
}

// May follow an emit(), whose token it then takes the place of.
void Lexer::fail(std::string message)
{
    m_message = std::move(message);
    m_token = Token { TokenType::Error, m_state.start, m_message };
    m_hasToken = true;
}

Lexer::Mode Lexer::scan()
{
    switch (m_state.mode) {
    case Mode::Statements:
        return scanStatements();
    case Mode::Braces:
        return scanBraces();
    case Mode::DurationExpression:
        return scanDurationExpression();
    case Mode::ValueSequence:
        return scanValueSequence();
    case Mode::Histogram:
        return scanHistogram();
    case Mode::Buckets:
        return scanBuckets();
    case Mode::Number:
        return scanNumber();
    case Mode::QuotedString:
        return scanQuotedString();
    case Mode::RawString:
        return scanRawString();
    case Mode::Done:
        break;
    }
    return Mode::Done;
}

Lexer::Mode Lexer::scanStatements()
{
    if (m_state.histogram != State::HistogramPart::None)
        return Mode::Histogram;
    if (m_state.braceOpen)
        return Mode::Braces;
    const Rune rune = read();
    if (rune == '#')
        return scanComment();
    if (rune == kEnd) {
        if (m_state.parenDepth != 0)
            fail("unclosed left parenthesis");
        else if (m_state.bracketOpen)
            fail("unclosed left bracket");
        else
            emit(TokenType::Eof);
        return Mode::Done;
    }
    if (isSpace(rune))
        return scanSpace();
    if (isDigit(rune) || (rune == '.' && isDigit(peek()))) {
        m_state.offset = m_state.start;
        return scanNumberOrDuration();
    }
    if (rune == '"' || rune == '\'' || rune == '`') {
        m_state.quote = static_cast<char32_t>(rune);
        return rune == '`' ? Mode::RawString : Mode::QuotedString;
    }
    if (isAlpha(rune) || rune == ':') {
        if (m_state.bracketOpen)
            return scanWordInBracket(rune);
        unread();
        return scanWord();
    }
    return scanSign(rune);
}

Lexer::Mode Lexer::scanSign(Rune first)
{
    switch (first) {
    case ',':
        emit(TokenType::Comma);
        return Mode::Statements;
    case '*':
        emit(TokenType::Mul);
        return Mode::Statements;
    case '/':
        emit(TokenType::Div);
        return Mode::Statements;
    case '%':
        emit(TokenType::Mod);
        return Mode::Statements;
    case '+':
        emit(TokenType::Add);
        return Mode::Statements;
    case '-':
        emit(TokenType::Sub);
        return Mode::Statements;
    case '^':
        emit(TokenType::Pow);
        return Mode::Statements;
    case '@':
        emit(TokenType::At);
        return Mode::Statements;
    case '=':
    case '!':
    case '<':
    case '>':
        return scanComparison(first);
    default:
        return scanBracket(first);
    }
}

Lexer::Mode Lexer::scanComparison(Rune first)
{
    if (first == '!') {
        if (const Rune second = read(); second != '=') {
            fail("unexpected character after '!': " + quoteRune(second));
            return Mode::Done;
        }
        emit(TokenType::Neq);
        return Mode::Statements;
    }
    const bool withEqual = accept("=");
    if (first == '=') {
        if (!withEqual && sees("~")) {
            fail("unexpected character after '=': '~'");
            return Mode::Done;
        }
        emit(withEqual ? TokenType::Eqlc : TokenType::Eql);
    } else if (first == '<') {
        const bool trims = !withEqual && accept("/");
        emit(withEqual ? TokenType::Lte : trims ? TokenType::TrimUpper : TokenType::Lss);
    } else {
        const bool trims = !withEqual && accept("/");
        emit(withEqual ? TokenType::Gte : trims ? TokenType::TrimLower : TokenType::Gtr);
    }
    return Mode::Statements;
}

// Behind the first number of [...]: the colon, or one of the words of duration expressions.
Lexer::Mode Lexer::scanWordInBracket(Rune first)
{
    if (first == ':') {
        if (m_state.gotColon) {
            fail("unexpected colon " + quoteRune(first));
            return Mode::Done;
        }
        emit(TokenType::Colon);
        m_state.gotColon = true;
        return Mode::Statements;
    }
    const bool mayBeWord
        = std::string_view("sSmMrR").find(static_cast<char>(first)) != std::string_view::npos;
    if (mayBeWord && takeDurationKeyword())
        return Mode::Statements;
    fail("unexpected character: " + quoteRune(first) + ", expected ':'");
    return Mode::Done;
}

Lexer::Mode Lexer::scanBracket(Rune first)
{
    switch (first) {
    case '(':
        emit(TokenType::LeftParen);
        ++m_state.parenDepth;
        return Mode::Statements;
    case ')':
        emit(TokenType::RightParen);
        if (--m_state.parenDepth >= 0)
            return Mode::Statements;
        fail("unexpected right parenthesis ')'");
        return Mode::Done;
    case '{':
        emit(TokenType::LeftBrace);
        m_state.braceOpen = true;
        return Mode::Braces;
    case '[':
        if (m_state.bracketOpen) {
            fail("unexpected left bracket '['");
            return Mode::Done;
        }
        m_state.gotColon = false;
        emit(TokenType::LeftBracket);
        while (isSpace(peek()))
            read();
        ignore();
        m_state.bracketOpen = true;
        return Mode::DurationExpression;
    case ']':
        if (!m_state.bracketOpen) {
            fail("unexpected right bracket ']'");
            return Mode::Done;
        }
        emit(TokenType::RightBracket);
        m_state.bracketOpen = false;
        return Mode::Statements;
    default:
        fail("unexpected character: " + quoteRune(first));
        return Mode::Done;
    }
}

Lexer::Mode Lexer::scanBraces()
{
    const Rune rune = read();
    if (rune == '#')
        return scanComment();
    if (isSpace(rune))
        return scanSpace();
    if (isAlpha(rune)) {
        while (isAlphaNumeric(read())) { }
        unread();
        emit(TokenType::Identifier);
        return Mode::Statements;
    }
    switch (rune) {
    case kEnd:
        fail("unexpected end of input inside braces");
        return Mode::Done;
    case ',':
        emit(TokenType::Comma);
        return Mode::Braces;
    case '"':
    case '\'':
    case '`':
        m_state.quote = static_cast<char32_t>(rune);
        return rune == '`' ? Mode::RawString : Mode::QuotedString;
    case '=':
        emit(accept("~") ? TokenType::EqlRegex : TokenType::Eql);
        return Mode::Braces;
    case '!':
        return scanNegationInBraces();
    case '{':
        fail("unexpected left brace '{'");
        return Mode::Done;
    case '}':
        emit(TokenType::RightBrace);
        m_state.braceOpen = false;
        return isSeries() ? Mode::ValueSequence : Mode::Statements;
    default:
        fail("unexpected character inside braces: " + quoteRune(rune));
        return Mode::Done;
    }
}

Lexer::Mode Lexer::scanNegationInBraces()
{
    const Rune second = read();
    if (second != '~' && second != '=') {
        fail("unexpected character after '!' inside braces: " + quoteRune(second));
        return Mode::Done;
    }
    emit(second == '~' ? TokenType::NeqRegex : TokenType::Neq);
    return Mode::Braces;
}

Lexer::Mode Lexer::scanDurationExpression()
{
    const Rune rune = read();
    if (isSpace(rune)) {
        while (isSpace(peek()))
            read();
        ignore();
        return Mode::DurationExpression;
    }
    if (isDigit(rune) || (rune == '.' && isDigit(peek()))) {
        m_state.offset = m_state.start;
        m_state.gotDuration = true;
        return scanNumberOrDuration();
    }
    switch (rune) {
    case kEnd:
        fail("unexpected end of input in duration expression");
        return Mode::Done;
    case ']':
        emit(TokenType::RightBracket);
        m_state.bracketOpen = false;
        m_state.gotColon = false;
        return Mode::Statements;
    case ':':
        emit(TokenType::Colon);
        if (!m_state.gotDuration || m_state.gotColon) {
            fail(m_state.gotDuration ? "unexpected repeated colon in duration expression"
                                     : "unexpected colon before duration in duration expression");
            return Mode::Done;
        }
        m_state.gotColon = true;
        return Mode::DurationExpression;
    case 's':
    case 'S':
    case 'm':
    case 'M':
    case 'r':
    case 'R':
        if (takeDurationKeyword())
            return Mode::DurationExpression;
        fail("unexpected character in duration expression: " + quoteRune(rune));
        return Mode::Done;
    default:
        return scanDurationSign(rune);
    }
}

Lexer::Mode Lexer::scanDurationSign(Rune first)
{
    switch (first) {
    case '(':
        emit(TokenType::LeftParen);
        ++m_state.parenDepth;
        return Mode::DurationExpression;
    case ')':
        emit(TokenType::RightParen);
        if (--m_state.parenDepth >= 0)
            return Mode::DurationExpression;
        fail("unexpected right parenthesis ')'");
        return Mode::Done;
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '^':
    case ',':
        scanSign(first);
        return Mode::DurationExpression;
    default:
        fail("unexpected character in duration expression: " + quoteRune(first));
        return Mode::Done;
    }
}

Lexer::Mode Lexer::scanComment()
{
    for (Rune rune = read(); rune != '\r' && rune != '\n' && rune != kEnd;)
        rune = read();
    unread();
    emit(TokenType::Comment);
    return Mode::Statements;
}

Lexer::Mode Lexer::scanSpace()
{
    while (isSpace(peek()))
        read();
    ignore();
    return Mode::Statements;
}

bool Lexer::parenFollows() const
{
    const size_t next = m_text.find_first_not_of(" \t\n\r", m_state.offset);
    return next != std::string_view::npos && m_text[next] == '(';
}

Lexer::Mode Lexer::scanWord()
{
    bool hasColon = false;
    for (Rune rune = read(); isAlphaNumeric(rune) || rune == ':'; rune = read())
        hasColon = hasColon || rune == ':';
    unread();
    const auto keyword = keywordFor(pending());
    // fill and its kin are words only before a parenthesis, so that metrics may bear their names.
    const bool isFill = keyword == TokenType::Fill || keyword == TokenType::FillLeft
        || keyword == TokenType::FillRight;
    if (keyword && (!isFill || parenFollows()))
        emit(*keyword);
    else
        emit(hasColon ? TokenType::MetricIdentifier : TokenType::Identifier);
    return isSeries() && peek() != '{' ? Mode::ValueSequence : Mode::Statements;
}

std::vector<Token> tokenize(std::string_view text)
{
    std::vector<Token> tokens;
    Lexer lexer(text);
    for (Token token = lexer.next(); token.type != TokenType::Eof; token = lexer.next()) {
        if (token.type == TokenType::Error) {
            lexer.skipError();
            // The message dies with the next token; what was skipped is what an editor marks.
            token.text = text.substr(token.offset, lexer.start() - token.offset);
        }
        tokens.push_back(token);
    }
    return tokens;
}

} // namespace fleetglass::promql
