#include "core/rules/template_executor.h"

#include "core/labels/labels.h"

#include <algorithm>

namespace fleetglass::rules::tmpl {

namespace {

// What a step on text of this size costs more.
constexpr size_t kBytesPerStep = 256;

} // namespace

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

} // namespace fleetglass::rules::tmpl
