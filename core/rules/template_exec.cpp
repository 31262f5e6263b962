#include "core/rules/template_exec.h"

#include "core/labels/labels.h"
#include "core/rules/template_functions.h"
#include "core/rules/template_printf.h"

#include <algorithm>

namespace fleetglass::rules::tmpl {

namespace {

// Walks and evaluations in one another, whatever the mix: each level costs stack.
constexpr int kNestingPerTemplate = 4;
// What a step on text of this size costs more.
constexpr size_t kBytesPerStep = 256;

enum class Flow
{
    Next,
    Break,
    Continue,
    Failed,
};

struct Variable
{
    std::string name;
    Value value;
};

// After the first failure every evaluation returns at once: look at m_error.
class Executor
{
public:
    Executor(const Program& program, const ExecOptions& options, const TemplateContext& context)
        : m_program(program)
        , m_options(options)
        , m_context(context)
        , m_machine { context, options.externalUrl, 0, 0, {} }
        , m_templateName(program.name)
    {
        m_machine.runTemplate
            = [this](const std::string& name, const Value& data) { return runNamed(name, data); };
    }
    Result<std::string> run(const Value& dot);

private:
    // Failures.
    bool failed() const { return m_error.has_value(); }
    Value fail(const std::string& message, ErrorCode code = ErrorCode::Invalid);
    Value failPlain(const Error& error);
    bool step(size_t count = 1);
    void at(const Node& node) { m_node = &node; }

    // Statements.
    Flow walkList(const Value& dot, const NodeList& list);
    Flow walk(const Value& dot, const Node& node);
    Flow walkIfOrWith(const Value& dot, const Node& node);
    Flow walkRange(const Value& dot, const Node& node);
    Flow walkCall(const Value& dot, const Node& node);
    Flow runTemplate(const std::string& name, const NodeList& list, const Value& dot);
    Result<std::string> runNamed(const std::string& name, const Value& data);
    bool iterate(const Node& node, const Value& index, const Value& item, Flow& flow);
    void print(const Value& value);
    void write(std::string_view text);

    // Expressions; `final` is the value that a pipeline hands on, null where there is none.
    Value evalPipeline(const Value& dot, const Node& pipe);
    Value evalCommand(const Value& dot, const Node& command, const Value* final);
    Value evalFunction(const Value& dot, const Node& name, const Node& command,
        const NodeList* words, const Value* final);
    Value evalField(const Value& dot, const Node& node, const NodeList* words, const Value* final);
    Value evalVariable(
        const Value& dot, const Node& node, const NodeList* words, const Value* final);
    Value evalChain(const Value& dot, const Node& node, const NodeList* words, const Value* final);
    Value fieldChain(const Value& dot, Value receiver, const Node& node, size_t first,
        const NodeList* words, const Value* final);
    Value fieldOf(const Value& dot, const Value& receiver, const std::string& name,
        const Node& node, const NodeList* words, const Value* final);
    Value entryOf(const Value& receiver, const std::string& name, bool hasArguments);
    Value call(const Value& dot, const Function& function, const Node& node, const NodeList* words,
        const Value* final, const Value* receiver);
    Value callLogic(const Value& dot, bool isOr, const NodeList* words, const Value* final);
    bool checkCount(const Function& function, size_t words, bool hasFinal);
    Value evalArgument(const Value& dot, Param param, const Node& node);
    Value evalConstant(Param param, const Node& node);
    Value validated(const Value& value, Param param);
    bool notAFunction(const NodeList* words, const Value* final);
    Value constantOf(const Node& number);

    // Variables.
    Value* variable(const std::string& name);
    void assign(const Node& declaration, const Value& value, bool isAssignment);

    const Program& m_program;
    const ExecOptions& m_options;
    const TemplateContext& m_context;
    Machine m_machine;
    std::string m_out;
    std::string m_templateName;
    std::vector<Variable> m_variables;
    size_t m_base = 0; // First variable of the running template.
    const Node* m_node = nullptr;
    std::optional<Error> m_error;
    int m_depth = 0; // Of template calls.
    int m_nesting = 0;
};

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

Value Executor::evalPipeline(const Value& dot, const Node& pipe)
{
    const int nestingMax = kNestingPerTemplate * m_context.limits.depthMax;
    at(pipe);
    if (m_nesting >= nestingMax)
        return failPlain({ ErrorCode::Limit,
            "nested deeper than " + std::to_string(nestingMax) + " levels", std::nullopt });
    ++m_nesting;
    Value value;
    bool isFirst = true;
    for (const auto& command : pipe.nodes) {
        if (!step())
            break;
        value = evalCommand(dot, *command, isFirst ? nullptr : &value);
        isFirst = false;
    }
    --m_nesting;
    if (failed())
        return {};
    for (const auto& declaration : pipe.declarations)
        assign(*declaration, value, pipe.isAssignment);
    return value;
}

Value Executor::evalCommand(const Value& dot, const Node& command, const Value* final)
{
    const Node& first = *command.nodes.front();
    switch (first.kind) {
    case NodeKind::Field:
        return evalField(dot, first, &command.nodes, final);
    case NodeKind::Chain:
        return evalChain(dot, first, &command.nodes, final);
    case NodeKind::Identifier:
        return evalFunction(dot, first, command, &command.nodes, final);
    case NodeKind::Pipe:
        return notAFunction(&command.nodes, final) ? evalPipeline(dot, first) : Value();
    case NodeKind::Variable:
        return evalVariable(dot, first, &command.nodes, final);
    default:
        break;
    }
    at(first);
    if (!notAFunction(&command.nodes, final))
        return {};
    switch (first.kind) {
    case NodeKind::Bool:
        return Value::boolean(first.text == "true");
    case NodeKind::Dot:
        return dot;
    case NodeKind::Nil:
        return fail("nil is not a command");
    case NodeKind::Number:
        return constantOf(first);
    case NodeKind::String:
        return Value::string(first.text);
    default:
        return fail("can't evaluate command " + labels::quote(toText(first)));
    }
}

bool Executor::notAFunction(const NodeList* words, const Value* final)
{
    if (!words || (words->size() <= 1 && !final))
        return true;
    fail("can't give argument to non-function " + toText(*words->front()));
    return false;
}

Value Executor::constantOf(const Node& node)
{
    at(node);
    const Number& number = node.number;
    if (number.isFloat)
        return Value::real(*number.real);
    if (number.integer)
        return Value::integer(*number.integer);
    return fail(node.text + " overflows int");
}

Value Executor::evalFunction(const Value& dot, const Node& name, const Node& command,
    const NodeList* words, const Value* final)
{
    at(name);
    const Function* function = findFunction(name.text, m_context.html);
    if (!function)
        return fail(labels::quote(name.text) + " is not a defined function");
    return call(dot, *function, command, words, final, nullptr);
}

Value Executor::evalField(
    const Value& dot, const Node& node, const NodeList* words, const Value* final)
{
    at(node);
    return fieldChain(dot, dot, node, 0, words, final);
}

Value Executor::evalVariable(
    const Value& dot, const Node& node, const NodeList* words, const Value* final)
{
    at(node);
    const Value* value = variable(node.names.front());
    if (!value)
        return fail("undefined variable: " + node.names.front());
    if (node.names.size() == 1)
        return notAFunction(words, final) ? *value : Value();
    return fieldChain(dot, *value, node, 1, words, final);
}

Value Executor::evalChain(
    const Value& dot, const Node& node, const NodeList* words, const Value* final)
{
    at(node);
    const Node& head = *node.nodes.front();
    if (head.kind == NodeKind::Nil)
        return fail("indirection through explicit nil in " + toText(node));
    Value receiver = evalArgument(dot, Param::Any, head);
    return failed() ? Value() : fieldChain(dot, std::move(receiver), node, 0, words, final);
}

Value Executor::fieldChain(const Value& dot, Value receiver, const Node& node, size_t first,
    const NodeList* words, const Value* final)
{
    for (size_t i = first; i < node.names.size() && !failed(); ++i) {
        const bool isLast = i + 1 == node.names.size();
        receiver = fieldOf(
            dot, receiver, node.names[i], node, isLast ? words : nullptr, isLast ? final : nullptr);
    }
    return failed() ? Value() : receiver;
}

Value Executor::fieldOf(const Value& dot, const Value& receiver, const std::string& name,
    const Node& node, const NodeList* words, const Value* final)
{
    if (!receiver.isValid()) {
        if (m_options.missingKey == MissingKey::Error)
            return fail("nil data; no entry for key " + labels::quote(name));
        return {};
    }
    if (const Function* method = findMethod(receiver, name))
        return call(dot, *method, node, words, final, &receiver);
    return entryOf(receiver, name, (words && words->size() > 1) || final);
}

Value Executor::entryOf(const Value& receiver, const std::string& name, bool hasArguments)
{
    const bool isMap = receiver.kind() == Kind::Map && !receiver.asMap().isStruct;
    Value field;
    bool found = false;
    if (receiver.kind() == Kind::Map) {
        if (const Value* entry = find(receiver.asMap(), name)) {
            field = *entry;
            found = true;
        }
    } else if (receiver.kind() == Kind::Sample && (name == "Labels" || name == "Value")) {
        const auto& sample = receiver.asSample();
        field = name == "Labels" ? Value::labels(sample.labels) : valueOf(sample);
        found = true;
    }
    if (hasArguments && isMap)
        return fail(name + " is not a method but has arguments");
    if (hasArguments && found)
        return fail(name + " has arguments but cannot be invoked as function");
    if (found)
        return field;
    if (!isMap)
        return fail("can't evaluate field " + name + " in type " + receiver.typeName());
    if (m_options.missingKey == MissingKey::Error)
        return fail("map has no entry for key " + labels::quote(name));
    const bool isText = receiver.asMap().typeName == kStringMap;
    return isText && m_options.missingKey == MissingKey::Zero ? Value::string({}) : Value();
}

bool Executor::checkCount(const Function& function, size_t words, bool hasFinal)
{
    const size_t given = words + (hasFinal ? 1 : 0);
    const size_t fixed = function.params.size() - (function.isVariadic ? 1 : 0);
    const std::string head = "wrong number of args for " + std::string(function.name) + ": want ";
    if (function.isVariadic && given < fixed)
        fail(head + "at least " + std::to_string(fixed) + " got " + std::to_string(words));
    else if (!function.isVariadic && given != fixed)
        fail(head + std::to_string(fixed) + " got " + std::to_string(given));
    return !failed();
}

Value Executor::call(const Value& dot, const Function& function, const Node& node,
    const NodeList* words, const Value* final, const Value* receiver)
{
    const size_t count = words ? words->size() - 1 : 0;
    if (!checkCount(function, count, final != nullptr))
        return {};
    if (!receiver && (function.name == "and" || function.name == "or"))
        return callLogic(dot, function.name == "or", words, final);
    Arguments arguments;
    if (receiver)
        arguments.push_back(*receiver);
    const auto paramOf
        = [&](size_t i) { return function.params[std::min(i, function.params.size() - 1)]; };
    size_t cost = 0;
    for (size_t i = 0; i < count + (final ? 1 : 0) && !failed(); ++i) {
        arguments.push_back(i < count ? evalArgument(dot, paramOf(i), *(*words)[i + 1])
                                      : validated(*final, paramOf(i)));
        if (arguments.back().isText())
            cost += arguments.back().text().size() / kBytesPerStep;
    }
    if (!step(1 + cost))
        return {};
    auto result = function.run(m_machine, arguments);
    if (failed())
        return {};
    if (!result) {
        at(node);
        return fail("error calling " + std::string(function.name) + ": " + result.error().message,
            result.error().code);
    }
    if (result->isText() && result->text().size() > m_context.limits.outputBytesMax)
        return fail(
            "a text of more than " + std::to_string(m_context.limits.outputBytesMax) + " bytes",
            ErrorCode::Limit);
    return std::move(*result);
}

// `and` and `or` look no further than they must.
Value Executor::callLogic(const Value& dot, bool isOr, const NodeList* words, const Value* final)
{
    Value value;
    for (size_t i = 1; words && i < words->size(); ++i) {
        value = evalArgument(dot, Param::Any, *(*words)[i]);
        if (failed() || value.isTrue() == isOr)
            return value;
    }
    return final ? *final : value;
}

Value Executor::evalArgument(const Value& dot, Param param, const Node& node)
{
    at(node);
    switch (node.kind) {
    case NodeKind::Dot:
        return validated(dot, param);
    case NodeKind::Nil:
        if (param == Param::Any || param == Param::Sample || param == Param::QueryResult)
            return {};
        return fail("cannot assign nil to " + std::string(typeName(param)));
    case NodeKind::Field:
        return validated(evalField(dot, node, nullptr, nullptr), param);
    case NodeKind::Variable:
        return validated(evalVariable(dot, node, nullptr, nullptr), param);
    case NodeKind::Pipe:
        return validated(evalPipeline(dot, node), param);
    case NodeKind::Identifier:
        return validated(evalFunction(dot, node, node, nullptr, nullptr), param);
    case NodeKind::Chain:
        return validated(evalChain(dot, node, nullptr, nullptr), param);
    default:
        return evalConstant(param, node);
    }
}

Value Executor::evalConstant(Param param, const Node& node)
{
    const bool isNumber = node.kind == NodeKind::Number;
    const auto expected = [&](const char* what) {
        return fail("expected " + std::string(what) + "; found " + toText(node));
    };
    switch (param) {
    case Param::Any:
        return isNumber                   ? constantOf(node)
            : node.kind == NodeKind::Bool ? Value::boolean(node.text == "true")
                                          : Value::string(node.text);
    case Param::String:
        return node.kind == NodeKind::String ? Value::string(node.text) : expected("string");
    case Param::Float:
        return isNumber && node.number.real ? Value::real(*node.number.real) : expected("float");
    case Param::Int:
        return isNumber && node.number.integer ? Value::integer(*node.number.integer)
                                               : expected("integer");
    case Param::Duration:
        return isNumber && node.number.integer ? Value::duration(*node.number.integer, false)
                                               : expected("integer");
    default:
        break;
    }
    return fail(
        "can't handle " + toText(node) + " for arg of type " + std::string(typeName(param)));
}

Value Executor::validated(const Value& value, Param param)
{
    if (failed())
        return {};
    auto result = converted(value, param);
    return result ? std::move(*result) : fail(result.error().message);
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

} // namespace

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
