#include "core/rules/template_parser_impl.h"

#include "core/labels/labels.h"
#include "core/promql/literals.h"
#include "core/rules/template_number.h"

#include <algorithm>

namespace fleetglass::rules::tmpl {

namespace {

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

} // namespace

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

} // namespace fleetglass::rules::tmpl
