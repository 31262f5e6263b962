// Tokens of the template language (Go's text/template/parse/lex.go): text, actions, trim markers,
// comments. Used from one thread at a time; tokens view the text, which outlives them.
#pragma once

#include <string>
#include <string_view>

namespace fleetglass::rules::tmpl {

enum class TokenKind
{
    Error, // value: the message.
    Bool,
    Char, // A lone printable character, such as ','.
    CharConstant,
    Assign, // =
    Declare, // :=
    End, // Of the text.
    Field, // .Name
    Identifier,
    LeftDelim,
    LeftParen,
    Number,
    Pipe,
    RawString,
    RightDelim,
    RightParen,
    Space,
    String,
    Text,
    Variable, // $name
    Dot,
    // Keywords from here on.
    Block,
    Break,
    Continue,
    Define,
    Else,
    EndWord,
    If,
    Nil,
    Range,
    Template,
    With,
};

struct Token
{
    TokenKind kind = TokenKind::End;
    size_t pos = 0; // Byte offset.
    int line = 1;
    std::string value;
};

// How a message shows a token: `"}}"`, `<end>`, `EOF`.
std::string describe(const Token& token);

class Lexer
{
public:
    explicit Lexer(std::string_view text)
        : m_text(text)
    {
    }
    Token next(); // After the end or an error: again the end.

private:
    Token text();
    Token leftDelim();
    Token comment();
    Token rightDelim();
    Token insideAction();
    Token space();
    Token word();
    Token fieldOrVariable(TokenKind kind);
    Token number();
    Token quoted(char quote, TokenKind kind, std::string_view what);
    Token rawString();

    Token emit(TokenKind kind);
    Token fail(std::string message);
    Token badCharacter();
    bool startsWith(std::string_view prefix, size_t ahead = 0) const;
    bool atLeftTrim() const; // "- " or the like.
    bool atRightTrim() const; // " -}}"
    bool atTerminator() const;
    bool atWordRune() const;
    void skipRune();
    bool accept(std::string_view set);
    void acceptRun(std::string_view set);
    bool scanNumber();
    void countLines(size_t from, size_t to);

    std::string_view m_text;
    size_t m_pos = 0;
    size_t m_start = 0;
    int m_line = 1; // At m_start.
    int m_parens = 0;
    bool m_inAction = false;
    bool m_done = false;
    bool m_afterComment = false;
};

} // namespace fleetglass::rules::tmpl
