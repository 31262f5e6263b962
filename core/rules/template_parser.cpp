#include "core/rules/template_parser_impl.h"

#include "core/labels/labels.h"
#include "core/promql/literals.h"

#include <algorithm>
#include <utility>

namespace fleetglass::rules::tmpl {

namespace {

// Nothing but blank text and definitions.
bool isEmpty(const NodeList& list)
{
    return std::all_of(list.begin(), list.end(), [](const NodePtr& node) {
        return node->kind == NodeKind::Text
            && node->text.find_first_not_of(" \t\r\n") == std::string::npos;
    });
}

} // namespace

NodePtr make(NodeKind kind, size_t pos, std::string text)
{
    auto node = std::make_unique<Node>();
    node->kind = kind;
    node->pos = pos;
    node->text = std::move(text);
    return node;
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
        const Deeper deeper(m_depth); // Its pipeline looks at the bound.
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
