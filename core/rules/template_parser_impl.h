// Parser: the recursive descent behind parseTemplate, in two files: structure and expressions. Used
// from one thread at a time.
#pragma once

#include "core/rules/template_lexer.h"
#include "core/rules/template_parser.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::rules::tmpl {

// Nesting of controls, parentheses and else-if arms; walks and destructors recurse as deep.
inline constexpr int kDepthMax = 100;

// Go's recursive descent with its three tokens of look-ahead. After the first error every call
// returns at once with an empty node: look at m_error.
class Parser
{
public:
    explicit Parser(Program& program)
        : m_program(program)
        , m_lexer(program.text)
    {
    }
    std::optional<std::string> run();

private:
    struct Body
    {
        NodeList list;
        NodePtr end; // The else or end that closed it.
    };

    // Tokens.
    Token next();
    Token peek();
    Token nextNonSpace();
    Token peekNonSpace();
    void backup() { ++m_peekCount; }
    void backup2(Token first);
    void backup3(Token second, Token first);
    Token expect(TokenKind kind, std::string_view context);

    // Errors.
    bool failed() const { return m_error.has_value(); }
    NodePtr fail(const std::string& message);
    NodePtr unexpected(const Token& token, std::string_view context);

    // Structure.
    void parseRoot();
    void parseDefinition();
    Body itemList();
    NodePtr textOrAction();
    NodePtr action();
    NodePtr control(NodeKind kind, std::string_view context);
    void elseOf(Node& node, NodeKind kind, std::string_view context, NodePtr clause);
    NodePtr elseControl();
    NodePtr loopJump(NodeKind kind, const Token& token);
    NodePtr block();
    NodePtr templateCall();
    bool templateName(const Token& token, std::string_view context, std::string& name);
    void define(const std::string& name, NodeList list);

    // Expressions.
    NodePtr pipeline(std::string_view context, TokenKind end);
    void declarations(Node& pipe, std::string_view context);
    void checkPipeline(const Node& pipe, std::string_view context);
    NodePtr command();
    NodePtr operand();
    NodePtr term();
    NodePtr variable(const Token& token);
    NodePtr numberOf(const Token& token);
    NodePtr stringOf(const Token& token);

    Program& m_program;
    Lexer m_lexer;
    std::array<Token, 3> m_tokens;
    int m_peekCount = 0;
    int m_actionLine = 0;
    int m_rangeDepth = 0;
    int m_depth = 0;
    std::vector<std::string> m_variables { "$" };
    std::optional<std::string> m_error;
};

NodePtr make(NodeKind kind, size_t pos, std::string text = {});

// Counts a level for as long as it lives.
class Deeper
{
public:
    explicit Deeper(int& depth)
        : m_depth(depth)
    {
        ++m_depth;
    }
    ~Deeper() { --m_depth; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

private:
    int& m_depth;
};

} // namespace fleetglass::rules::tmpl
