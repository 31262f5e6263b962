#include "core/rules/template_parser.h"

namespace fleetglass::rules::tmpl {

namespace {

std::string joined(const NodeList& nodes, std::string_view separator)
{
    std::string text;
    for (const auto& node : nodes) {
        if (!text.empty())
            text += separator;
        const bool isPipe = node->kind == NodeKind::Pipe;
        text += isPipe ? '(' + toText(*node) + ')' : toText(*node);
    }
    return text;
}

std::string dotted(const std::vector<std::string>& names, bool dotFirst)
{
    std::string text;
    for (const auto& name : names)
        text += (dotFirst || !text.empty() ? "." : "") + name;
    return text;
}

std::string pipeText(const Node& pipe)
{
    std::string text;
    if (!pipe.declarations.empty())
        text = joined(pipe.declarations, ", ") + (pipe.isAssignment ? " = " : " := ");
    return text + joined(pipe.nodes, " | ");
}

std::string listText(const NodeList& list)
{
    std::string text;
    for (const auto& node : list)
        text += toText(*node);
    return text;
}

std::string controlText(std::string_view word, const Node& node)
{
    std::string text = "{{" + std::string(word) + ' ' + toText(*node.pipe) + "}}";
    text += listText(node.list);
    if (!node.elseList.empty())
        text += "{{else}}" + listText(node.elseList);
    return text + "{{end}}";
}

} // namespace

std::string toText(const Node& node)
{
    switch (node.kind) {
    case NodeKind::Action:
        return "{{" + toText(*node.pipe) + "}}";
    case NodeKind::Break:
        return "{{break}}";
    case NodeKind::Continue:
        return "{{continue}}";
    case NodeKind::Else:
        return "{{else}}";
    case NodeKind::End:
        return "{{end}}";
    case NodeKind::Chain:
        return joined(node.nodes, "") + dotted(node.names, true);
    case NodeKind::Command:
        return joined(node.nodes, " ");
    case NodeKind::Field:
        return dotted(node.names, true);
    case NodeKind::Variable:
        return dotted(node.names, false);
    case NodeKind::Pipe:
        return pipeText(node);
    case NodeKind::If:
        return controlText("if", node);
    case NodeKind::Range:
        return controlText("range", node);
    case NodeKind::With:
        return controlText("with", node);
    case NodeKind::TemplateCall:
        return "{{template " + node.source + (node.pipe ? ' ' + toText(*node.pipe) : "") + "}}";
    case NodeKind::String:
        return node.source;
    case NodeKind::Dot:
        return ".";
    case NodeKind::Nil:
        return "nil";
    case NodeKind::Text:
    case NodeKind::Bool:
    case NodeKind::Identifier:
    case NodeKind::Number:
        return node.text;
    }
    return {};
}

} // namespace fleetglass::rules::tmpl
