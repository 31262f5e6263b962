#include "core/rules/template_executor.h"

#include "core/labels/labels.h"
#include "core/rules/template_printf.h"

#include <algorithm>
#include <utility>

namespace fleetglass::rules::tmpl {

Value Executor::fail(const std::string& message, ErrorCode code)
{
    if (m_error)
        return {};
    std::string text = "template: ";
    if (!m_node) {
        m_error = Error { code, text + m_program.name + ": " + message, std::nullopt };
        return {};
    }
    const std::string_view before = std::string_view(m_program.text).substr(0, m_node->pos);
    const size_t newline = before.rfind('\n');
    const int line = 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
    const size_t column
        = newline == std::string_view::npos ? before.size() : before.size() - newline - 1;
    text += m_program.name + ':' + std::to_string(line) + ':' + std::to_string(column)
        + ": executing " + labels::quote(m_templateName) + " at <" + toText(*m_node)
        + ">: " + message;
    m_error = Error { code, std::move(text), Position { line, static_cast<int>(column) + 1 } };
    return {};
}

// A limit or a stop: no fault of the place where it was noticed.
Value Executor::failPlain(const Error& error)
{
    if (!m_error)
        m_error = Error { error.code, "template: " + m_program.name + ": " + error.message,
            std::nullopt };
    return {};
}

bool Executor::step(size_t count)
{
    if (failed())
        return false;
    if (auto charged = m_machine.charge(count); !charged) {
        failPlain(charged.error());
        return false;
    }
    return true;
}

Result<std::string> Executor::run(const Value& dot)
{
    const auto& list = m_program.templates.at(m_program.name);
    m_variables.push_back({ "$", dot });
    walkList(dot, list);
    if (m_error)
        return failure(*m_error);
    return std::move(m_out);
}

Flow Executor::walkList(const Value& dot, const NodeList& list)
{
    const int nestingMax = kNestingPerTemplate * m_context.limits.depthMax;
    if (++m_nesting > nestingMax)
        failPlain({ ErrorCode::Limit,
            "nested deeper than " + std::to_string(nestingMax) + " levels", std::nullopt });
    Flow flow = failed() ? Flow::Failed : Flow::Next;
    for (const auto& node : list) {
        if (flow != Flow::Next)
            break;
        flow = walk(dot, *node);
    }
    --m_nesting;
    return flow;
}

Flow Executor::walk(const Value& dot, const Node& node)
{
    at(node);
    if (!step())
        return Flow::Failed;
    switch (node.kind) {
    case NodeKind::Text:
        write(node.text);
        break;
    case NodeKind::Action: {
        const Value value = evalPipeline(dot, *node.pipe);
        if (!failed() && node.pipe->declarations.empty()) {
            at(node);
            print(value);
        }
        break;
    }
    case NodeKind::Break:
        return Flow::Break;
    case NodeKind::Continue:
        return Flow::Continue;
    case NodeKind::If:
    case NodeKind::With:
        return walkIfOrWith(dot, node);
    case NodeKind::Range:
        return walkRange(dot, node);
    case NodeKind::TemplateCall:
        return walkCall(dot, node);
    default:
        fail("unknown node: " + toText(node));
        break;
    }
    return failed() ? Flow::Failed : Flow::Next;
}

Flow Executor::walkIfOrWith(const Value& dot, const Node& node)
{
    const size_t mark = m_variables.size();
    const Value value = evalPipeline(dot, *node.pipe);
    Flow flow = Flow::Failed;
    if (!failed()) {
        const bool isWith = node.kind == NodeKind::With;
        flow = value.isTrue() ? walkList(isWith ? value : dot, node.list)
                              : walkList(dot, node.elseList);
    }
    m_variables.resize(mark);
    return flow;
}

// One round; false ends the loop.
bool Executor::iterate(const Node& node, const Value& index, const Value& item, Flow& flow)
{
    const auto& names = node.pipe->declarations;
    if (!step()) {
        flow = Flow::Failed;
        return false;
    }
    if (node.pipe->isAssignment && !names.empty()) {
        assign(*names[0], names.size() > 1 ? index : item, true);
        if (names.size() > 1)
            assign(*names[1], item, true);
    } else if (!names.empty()) {
        // With two variables the index comes first; the pipeline has pushed them in that order.
        m_variables[m_variables.size() - 1].value = item;
        if (names.size() > 1)
            m_variables[m_variables.size() - 2].value = index;
    }
    const size_t mark = m_variables.size();
    flow = failed() ? Flow::Failed : walkList(item, node.list);
    m_variables.resize(mark);
    return flow == Flow::Next || flow == Flow::Continue;
}

Flow Executor::walkRange(const Value& dot, const Node& node)
{
    const size_t mark = m_variables.size();
    const Value value = evalPipeline(dot, *node.pipe);
    Flow flow = failed() ? Flow::Failed : Flow::Next;
    bool ran = false;
    const auto round = [&](const Value& index, const Value& item) {
        ran = true;
        return iterate(node, index, item, flow);
    };
    at(node);
    if (flow == Flow::Failed || !value.isValid()) {
        // A missing list is an empty one.
    } else if (value.kind() == Kind::List) {
        int64_t index = 0;
        for (const auto& item : value.asList().items) {
            if (!round(Value::integer(index++), item))
                break;
        }
    } else if (value.kind() == Kind::Map && !value.asMap().isStruct) {
        for (const auto& [key, item] : value.asMap().entries) {
            if (!round(Value::string(key), item))
                break;
        }
    } else if (value.isSigned() || value.isUnsigned()) {
        const uint64_t count = value.isSigned() && value.asInt() < 0 ? 0 : value.asUint();
        if (node.pipe->declarations.size() > 1)
            fail("can't use " + printed(value) + " to iterate over more than one variable");
        for (uint64_t i = 0; !failed() && i < count; ++i) {
            if (!round({}, Value::integer(static_cast<int64_t>(i))))
                break;
        }
    } else {
        fail("range can't iterate over " + printed(value));
    }
    if (!failed() && !ran)
        flow = walkList(dot, node.elseList);
    else if (!failed())
        flow = Flow::Next;
    m_variables.resize(mark);
    return failed() ? Flow::Failed : flow;
}

Flow Executor::walkCall(const Value& dot, const Node& node)
{
    const auto found = m_program.templates.find(node.text);
    if (found == m_program.templates.end()) {
        fail("template " + labels::quote(node.text) + " not defined");
        return Flow::Failed;
    }
    const size_t mark = m_variables.size();
    const Value data = node.pipe ? evalPipeline(dot, *node.pipe) : Value();
    at(node);
    const Flow flow = failed() ? Flow::Failed : runTemplate(node.text, found->second, data);
    m_variables.resize(std::min(m_variables.size(), mark));
    return flow;
}

Flow Executor::runTemplate(const std::string& name, const NodeList& list, const Value& dot)
{
    if (m_depth >= m_context.limits.depthMax) {
        fail("exceeded maximum template depth (" + std::to_string(m_context.limits.depthMax) + ")",
            ErrorCode::Limit);
        return Flow::Failed;
    }
    const std::string outerName = std::exchange(m_templateName, name);
    const size_t outerBase = std::exchange(m_base, m_variables.size());
    m_variables.push_back({ "$", dot }); // A template sees no variables of its caller.
    ++m_depth;
    const Flow flow = walkList(dot, list);
    --m_depth;
    m_variables.resize(m_base);
    m_base = outerBase;
    m_templateName = outerName;
    return flow;
}

Result<std::string> Executor::runNamed(const std::string& name, const Value& data)
{
    const auto found = m_program.templates.find(name);
    if (found == m_program.templates.end())
        return failure("html/template: " + labels::quote(name) + " is undefined");
    const Node* place = m_node;
    std::string outer = std::exchange(m_out, std::string());
    runTemplate(name, found->second, data);
    std::string text = std::exchange(m_out, std::move(outer));
    m_node = place;
    if (m_error)
        return failure(*m_error);
    return text;
}

void Executor::print(const Value& value)
{
    const std::string text = value.isValid() ? printed(value) : "<no value>";
    if (!m_context.html || value.kind() == Kind::Html)
        write(text);
    else if (value.isValid())
        write(escapedForHtml(text));
}

void Executor::write(std::string_view text)
{
    const size_t bytesMax = m_context.limits.outputBytesMax;
    if (m_out.size() + text.size() > bytesMax) {
        failPlain({ ErrorCode::Limit,
            "output is longer than " + std::to_string(bytesMax) + " bytes", std::nullopt });
        return;
    }
    m_out += text;
}

Value* Executor::variable(const std::string& name)
{
    for (size_t i = m_variables.size(); i > m_base; --i) {
        if (m_variables[i - 1].name == name)
            return &m_variables[i - 1].value;
    }
    return nullptr;
}

void Executor::assign(const Node& declaration, const Value& value, bool isAssignment)
{
    if (!isAssignment) {
        m_variables.push_back({ declaration.names.front(), value });
        return;
    }
    if (Value* known = variable(declaration.names.front()))
        *known = value;
    else
        fail("undefined variable: " + declaration.names.front());
}

Result<std::string> execute(const Program& program, const Value& dot, const ExecOptions& options,
    const TemplateContext& context)
{
    return Executor(program, options, context).run(dot);
}

Result<std::string> expandWith(std::string_view text, const Value& dot, const ExecOptions& options,
    const TemplateContext& context)
{
    const auto program = parseTemplate(std::string(text), context.name, context.html);
    if (!program)
        return failure("error parsing template " + context.name + ": " + program.error().message);
    auto output = execute(**program, dot, options, context);
    if (!output)
        return failure("error executing template " + context.name + ": " + output.error().message,
            output.error().code);
    return output;
}

} // namespace fleetglass::rules::tmpl
