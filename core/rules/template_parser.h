// The tree of a template (Go's text/template/parse), and the parser that makes it. Trees are
// immutable after parsing; share freely. Depth is bounded, so walks and destructors may recurse.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::rules::tmpl {

enum class NodeKind
{
    Text,
    Action,
    Bool,
    Break,
    Chain, // (pipeline).Field
    Command,
    Continue,
    Dot,
    Else, // Ends a list; only while parsing.
    End, // The same.
    Field, // .A.B
    Identifier, // A function's name.
    If,
    Nil,
    Number,
    Pipe,
    Range,
    String,
    TemplateCall,
    Variable, // $x.A
    With,
};

// A constant, in every type that holds it exactly.
struct Number
{
    std::optional<int64_t> integer;
    std::optional<uint64_t> uinteger;
    std::optional<double> real;
    bool isFloat = false; // Written with a point or an exponent: float64 where any type does.
};

struct Node;
using NodePtr = std::unique_ptr<Node>;
using NodeList = std::vector<NodePtr>;

// One node of any kind; the members its kind does not need stay empty.
struct Node
{
    NodeKind kind = NodeKind::Text;
    size_t pos = 0; // Byte offset in the text.
    std::string text; // Text, a string's value, a name, a literal as written.
    std::string source; // A string with its quotes.
    std::vector<std::string> names; // Field, Variable, Chain: the names between the dots.
    Number number;
    NodeList nodes; // A pipe's commands, a command's words, a chain's head.
    NodeList declarations; // Of a pipe; variables.
    bool isAssignment = false; // "=" rather than ":=".
    NodePtr pipe; // Of an action or a control.
    NodeList list; // The body.
    NodeList elseList;
};

// The node as source text, the way messages show it.
std::string toText(const Node& node);

struct Program
{
    std::string text;
    std::string name;
    bool html = false; // HTML mode, where `tmpl` exists.
    std::map<std::string, NodeList> templates; // Under `name` the text itself.
};

// Fails with Go's message: "template: NAME:LINE: unexpected EOF".
Result<std::shared_ptr<const Program>> parseTemplate(
    std::string text, std::string name, bool html = false);

// What the parser asks: whether a function of that name exists.
bool isFunction(std::string_view name, bool html);

} // namespace fleetglass::rules::tmpl
