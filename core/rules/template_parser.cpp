#include "core/rules/template_parser.h"

#include "core/labels/labels.h"
#include "core/promql/literals.h"
#include "core/rules/template_lexer.h"
#include "core/rules/template_number.h"

#include <algorithm>
#include <array>

namespace fleetglass::rules::tmpl {

namespace {

// Nesting of controls, parentheses and else-if arms; walks and destructors recurse as deep.
constexpr int kDepthMax = 100;

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

NodePtr make(NodeKind kind, size_t pos, std::string text = {})
{
    auto node = std::make_unique<Node>();
    node->kind = kind;
    node->pos = pos;
    node->text = std::move(text);
    return node;
}

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

std::vector<std::string> namesIn(std::string_view dotted)
{
    std::vector<std::string> names;
    while (!dotted.empty()) {
        const size_t dot = dotted.find('.');
        if (dot != 0)
            names.emplace_back(dotted.substr(0, dot));
        dotted.remove_prefix(dot == std::string_view::npos ? dotted.size() : dot + 1);
    }
    return names;
}

// Nothing but blank text and definitions.
bool isEmpty(const NodeList& list)
{
    return std::all_of(list.begin(), list.end(), [](const NodePtr& node) {
        return node->kind == NodeKind::Text
            && node->text.find_first_not_of(" \t\r\n") == std::string::npos;
    });
}

std::optional<std::string> Parser::run()
{
    parseRoot();
    return m_error;
}

Token Parser::next()
{
    if (m_peekCount > 0)
        --m_peekCount;
    else
        m_tokens[0] = m_lexer.next();
    return m_tokens[static_cast<size_t>(m_peekCount)];
}

Token Parser::peek()
{
    if (m_peekCount > 0)
        return m_tokens[static_cast<size_t>(m_peekCount - 1)];
    m_peekCount = 1;
    m_tokens[0] = m_lexer.next();
    return m_tokens[0];
}

Token Parser::nextNonSpace()
{
    Token token = next();
    while (token.kind == TokenKind::Space)
        token = next();
    return token;
}

Token Parser::peekNonSpace()
{
    Token token = nextNonSpace();
    backup();
    return token;
}

void Parser::backup2(Token first)
{
    m_tokens[1] = std::move(first);
    m_peekCount = 2;
}

void Parser::backup3(Token second, Token first)
{
    m_tokens[1] = std::move(first);
    m_tokens[2] = std::move(second);
    m_peekCount = 3;
}

Token Parser::expect(TokenKind kind, std::string_view context)
{
    Token token = nextNonSpace();
    if (token.kind != kind)
        unexpected(token, context);
    return token;
}

NodePtr Parser::fail(const std::string& message)
{
    if (!m_error)
        m_error = "template: " + m_program.name + ':' + std::to_string(m_tokens[0].line) + ": "
            + message;
    return nullptr;
}

NodePtr Parser::unexpected(const Token& token, std::string_view context)
{
    if (token.kind != TokenKind::Error)
        return fail("unexpected " + describe(token) + " in " + std::string(context));
    std::string extra;
    if (m_actionLine != 0 && m_actionLine != token.line) {
        const bool saysAction = token.value.ends_with(" action");
        extra = std::string(saysAction ? "" : " in action") + " started at " + m_program.name + ':'
            + std::to_string(m_actionLine);
    }
    return fail(token.value + extra);
}

void Parser::parseRoot()
{
    NodeList root;
    while (!failed() && peek().kind != TokenKind::End) {
        if (peek().kind == TokenKind::LeftDelim) {
            const Token delim = next();
            if (nextNonSpace().kind == TokenKind::Define) {
                parseDefinition();
                continue;
            }
            backup2(delim);
        }
        auto node = textOrAction();
        if (!node)
            return;
        if (node->kind == NodeKind::End || node->kind == NodeKind::Else) {
            fail("unexpected " + toText(*node));
            return;
        }
        root.push_back(std::move(node));
    }
    if (!failed())
        define(m_program.name, std::move(root));
}

void Parser::parseDefinition()
{
    constexpr std::string_view kContext = "define clause";
    std::string name;
    const Token token = nextNonSpace();
    if (!templateName(token, kContext, name))
        return;
    expect(TokenKind::RightDelim, kContext);
    auto outer = std::exchange(m_variables, { "$" });
    Body body = itemList();
    m_variables = std::move(outer);
    if (failed())
        return;
    if (body.end->kind != NodeKind::End)
        fail("unexpected " + toText(*body.end) + " in " + std::string(kContext));
    define(name, std::move(body.list));
}

void Parser::define(const std::string& name, NodeList list)
{
    const auto known = m_program.templates.find(name);
    if (known == m_program.templates.end() || isEmpty(known->second)) {
        m_program.templates[name] = std::move(list);
        return;
    }
    if (!isEmpty(list))
        fail("template: multiple definition of template " + labels::quote(name));
}

Parser::Body Parser::itemList()
{
    Body body;
    const Deeper deeper(m_depth);
    if (m_depth > kDepthMax) {
        fail("nested deeper than " + std::to_string(kDepthMax) + " levels; split the template");
        return body;
    }
    while (!failed() && peekNonSpace().kind != TokenKind::End) {
        auto node = textOrAction();
        if (!node)
            return body;
        if (node->kind == NodeKind::End || node->kind == NodeKind::Else) {
            body.end = std::move(node);
            return body;
        }
        body.list.push_back(std::move(node));
    }
    fail("unexpected EOF");
    return body;
}

NodePtr Parser::textOrAction()
{
    const Token token = nextNonSpace();
    if (token.kind == TokenKind::Text)
        return make(NodeKind::Text, token.pos, token.value);
    if (token.kind != TokenKind::LeftDelim)
        return unexpected(token, "input");
    m_actionLine = token.line;
    auto node = action();
    m_actionLine = 0;
    return node;
}

NodePtr Parser::action()
{
    const Token token = nextNonSpace();
    switch (token.kind) {
    case TokenKind::Block:
        return block();
    case TokenKind::Break:
        return loopJump(NodeKind::Break, token);
    case TokenKind::Continue:
        return loopJump(NodeKind::Continue, token);
    case TokenKind::Else:
        return elseControl();
    case TokenKind::EndWord: {
        const Token end = expect(TokenKind::RightDelim, "end");
        return make(NodeKind::End, end.pos);
    }
    case TokenKind::If:
        return control(NodeKind::If, "if");
    case TokenKind::Range:
        return control(NodeKind::Range, "range");
    case TokenKind::Template:
        return templateCall();
    case TokenKind::With:
        return control(NodeKind::With, "with");
    default:
        break;
    }
    backup();
    auto node = make(NodeKind::Action, peek().pos);
    node->pipe = pipeline("command", TokenKind::RightDelim);
    return failed() ? nullptr : std::move(node);
}

NodePtr Parser::loopJump(NodeKind kind, const Token& token)
{
    const std::string word = kind == NodeKind::Break ? "{{break}}" : "{{continue}}";
    const Token after = nextNonSpace();
    if (after.kind != TokenKind::RightDelim)
        return unexpected(after, word);
    if (m_rangeDepth == 0)
        return fail(word + " outside {{range}}");
    return make(kind, token.pos);
}

NodePtr Parser::control(NodeKind kind, std::string_view context)
{
    const size_t variables = m_variables.size();
    auto pipe = pipeline(context, TokenKind::RightDelim);
    if (failed())
        return nullptr;
    auto node = make(kind, pipe->pos);
    node->pipe = std::move(pipe);
    m_rangeDepth += kind == NodeKind::Range ? 1 : 0;
    Body body = itemList();
    m_rangeDepth -= kind == NodeKind::Range ? 1 : 0;
    if (failed())
        return nullptr;
    node->list = std::move(body.list);
    if (body.end->kind == NodeKind::Else)
        elseOf(*node, kind, context, std::move(body.end));
    m_variables.resize(variables);
    return failed() ? nullptr : std::move(node);
}

// "{{else if x}}" is "{{else}}{{if x}}" with one end for both.
void Parser::elseOf(Node& node, NodeKind kind, std::string_view context, NodePtr clause)
{
    (void)clause;
    const TokenKind word = kind == NodeKind::If ? TokenKind::If : TokenKind::With;
    if (kind != NodeKind::Range && peek().kind == word) {
        next();
        const Deeper deeper(m_depth);
        if (m_depth > kDepthMax) {
            fail("more than " + std::to_string(kDepthMax) + " arms of one " + std::string(context));
            return;
        }
        node.elseList.push_back(control(kind, context));
        return;
    }
    Body body = itemList();
    if (failed())
        return;
    if (body.end->kind != NodeKind::End)
        fail("expected end; found " + toText(*body.end));
    node.elseList = std::move(body.list);
}

NodePtr Parser::elseControl()
{
    const Token ahead = peekNonSpace();
    if (ahead.kind == TokenKind::If || ahead.kind == TokenKind::With)
        return make(NodeKind::Else, ahead.pos);
    const Token token = expect(TokenKind::RightDelim, "else");
    return failed() ? nullptr : make(NodeKind::Else, token.pos);
}

NodePtr Parser::block()
{
    constexpr std::string_view kContext = "block clause";
    const Token token = nextNonSpace();
    auto node = make(NodeKind::TemplateCall, token.pos);
    if (!templateName(token, kContext, node->text))
        return nullptr;
    node->source = labels::quote(node->text);
    node->pipe = pipeline(kContext, TokenKind::RightDelim);
    if (failed())
        return nullptr;
    auto outer = std::exchange(m_variables, { "$" });
    Body body = itemList();
    m_variables = std::move(outer);
    if (failed())
        return nullptr;
    if (body.end->kind != NodeKind::End)
        return fail("unexpected " + toText(*body.end) + " in " + std::string(kContext));
    define(node->text, std::move(body.list));
    return node;
}

NodePtr Parser::templateCall()
{
    constexpr std::string_view kContext = "template clause";
    const Token token = nextNonSpace();
    auto node = make(NodeKind::TemplateCall, token.pos);
    if (!templateName(token, kContext, node->text))
        return nullptr;
    node->source = labels::quote(node->text);
    if (nextNonSpace().kind != TokenKind::RightDelim) {
        backup();
        node->pipe = pipeline(kContext, TokenKind::RightDelim);
    }
    return failed() ? nullptr : std::move(node);
}

bool Parser::templateName(const Token& token, std::string_view context, std::string& name)
{
    if (token.kind != TokenKind::String && token.kind != TokenKind::RawString) {
        unexpected(token, context);
        return false;
    }
    auto unquoted = promql::unquote(token.value);
    if (!unquoted) {
        fail("invalid syntax");
        return false;
    }
    name = std::move(*unquoted);
    return true;
}

void Parser::declarations(Node& pipe, std::string_view context)
{
    while (!failed()) {
        const Token name = peekNonSpace();
        if (name.kind != TokenKind::Variable)
            return;
        next();
        // Spaces are tokens, so in the worst case it takes three to know what "$x" is.
        const Token after = peek();
        const Token ahead = peekNonSpace();
        const bool declares = ahead.kind == TokenKind::Assign || ahead.kind == TokenKind::Declare;
        const bool isComma = ahead.kind == TokenKind::Char && ahead.value == ",";
        if (!declares && !isComma) {
            after.kind == TokenKind::Space ? backup3(name, after) : backup2(name);
            return;
        }
        nextNonSpace();
        auto declared = make(NodeKind::Variable, name.pos, name.value);
        declared->names = { name.value };
        pipe.declarations.push_back(std::move(declared));
        m_variables.push_back(name.value);
        if (declares) {
            pipe.isAssignment = ahead.kind == TokenKind::Assign;
            return;
        }
        if (context != "range" || pipe.declarations.size() >= 2) {
            fail("too many declarations in " + std::string(context));
            return;
        }
        const TokenKind second = peekNonSpace().kind;
        if (second != TokenKind::Variable && second != TokenKind::RightDelim
            && second != TokenKind::RightParen)
            fail("range can only initialize variables");
    }
}

NodePtr Parser::pipeline(std::string_view context, TokenKind end)
{
    const Deeper deeper(m_depth);
    if (m_depth > kDepthMax)
        return fail("nested deeper than " + std::to_string(kDepthMax) + " levels");
    auto pipe = make(NodeKind::Pipe, peekNonSpace().pos);
    declarations(*pipe, context);
    while (!failed()) {
        const Token token = nextNonSpace();
        if (token.kind == end) {
            checkPipeline(*pipe, context);
            return failed() ? nullptr : std::move(pipe);
        }
        switch (token.kind) {
        case TokenKind::Bool:
        case TokenKind::CharConstant:
        case TokenKind::Dot:
        case TokenKind::Field:
        case TokenKind::Identifier:
        case TokenKind::Number:
        case TokenKind::Nil:
        case TokenKind::RawString:
        case TokenKind::String:
        case TokenKind::Variable:
        case TokenKind::LeftParen:
            backup();
            pipe->nodes.push_back(command());
            break;
        default:
            return unexpected(token, context);
        }
    }
    return nullptr;
}

void Parser::checkPipeline(const Node& pipe, std::string_view context)
{
    if (pipe.nodes.empty())
        fail("missing value for " + std::string(context));
    for (size_t i = 1; i < pipe.nodes.size(); ++i) {
        switch (pipe.nodes[i]->nodes.front()->kind) {
        case NodeKind::Bool:
        case NodeKind::Dot:
        case NodeKind::Nil:
        case NodeKind::Number:
        case NodeKind::String:
            fail("non executable command in pipeline stage " + std::to_string(i + 1));
            return;
        default:
            break;
        }
    }
}

NodePtr Parser::command()
{
    auto node = make(NodeKind::Command, peekNonSpace().pos);
    while (true) {
        peekNonSpace();
        auto word = operand();
        if (failed())
            return nullptr;
        if (word)
            node->nodes.push_back(std::move(word));
        const Token token = next();
        if (token.kind == TokenKind::Space)
            continue;
        if (token.kind == TokenKind::RightDelim || token.kind == TokenKind::RightParen)
            backup();
        else if (token.kind != TokenKind::Pipe)
            return unexpected(token, "operand");
        break;
    }
    if (node->nodes.empty())
        return fail("empty command");
    return node;
}

NodePtr Parser::operand()
{
    auto node = term();
    if (!node || peek().kind != TokenKind::Field)
        return node;
    const size_t pos = peek().pos;
    std::vector<std::string> names;
    while (peek().kind == TokenKind::Field)
        names.push_back(next().value.substr(1));
    switch (node->kind) {
    case NodeKind::Field:
    case NodeKind::Variable:
        node->pos = pos;
        node->names.insert(node->names.end(), names.begin(), names.end());
        return node;
    case NodeKind::Bool:
    case NodeKind::String:
    case NodeKind::Number:
    case NodeKind::Nil:
    case NodeKind::Dot:
        return fail("unexpected . after term " + labels::quote(toText(*node)));
    default:
        break;
    }
    auto chain = make(NodeKind::Chain, pos);
    chain->names = std::move(names);
    chain->nodes.push_back(std::move(node));
    return chain;
}

NodePtr Parser::term()
{
    const Token token = nextNonSpace();
    switch (token.kind) {
    case TokenKind::Identifier:
        if (!isFunction(token.value, m_program.html))
            return fail("function " + labels::quote(token.value) + " not defined");
        return make(NodeKind::Identifier, token.pos, token.value);
    case TokenKind::Dot:
        return make(NodeKind::Dot, token.pos);
    case TokenKind::Nil:
        return make(NodeKind::Nil, token.pos);
    case TokenKind::Variable:
        return variable(token);
    case TokenKind::Field: {
        auto node = make(NodeKind::Field, token.pos);
        node->names = namesIn(token.value);
        return node;
    }
    case TokenKind::Bool:
        return make(NodeKind::Bool, token.pos, token.value);
    case TokenKind::CharConstant:
    case TokenKind::Number:
        return numberOf(token);
    case TokenKind::LeftParen:
        return pipeline("parenthesized pipeline", TokenKind::RightParen);
    case TokenKind::String:
    case TokenKind::RawString:
        return stringOf(token);
    default:
        backup();
        return nullptr;
    }
}

NodePtr Parser::variable(const Token& token)
{
    if (std::find(m_variables.begin(), m_variables.end(), token.value) == m_variables.end())
        return fail("undefined variable " + labels::quote(token.value));
    auto node = make(NodeKind::Variable, token.pos, token.value);
    node->names = { token.value };
    return node;
}

NodePtr Parser::numberOf(const Token& token)
{
    auto number = token.kind == TokenKind::CharConstant ? parseCharacter(token.value)
                                                        : parseNumber(token.value);
    if (!number)
        return fail(number.error().message);
    auto node = make(NodeKind::Number, token.pos, token.value);
    node->number = *number;
    return node;
}

NodePtr Parser::stringOf(const Token& token)
{
    auto text = promql::unquote(token.value);
    if (!text)
        return fail("invalid syntax");
    auto node = make(NodeKind::String, token.pos, std::move(*text));
    node->source = token.value;
    return node;
}

} // namespace

Result<std::shared_ptr<const Program>> parseTemplate(std::string text, std::string name, bool html)
{
    auto program = std::make_shared<Program>();
    program->text = std::move(text);
    program->name = std::move(name);
    program->html = html;
    if (auto error = Parser(*program).run())
        return failure(std::move(*error));
    return std::shared_ptr<const Program>(std::move(program));
}

} // namespace fleetglass::rules::tmpl
