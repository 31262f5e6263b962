// The functions of the template language: Go's own and Prometheus' (template/template.go), with
// the types of their parameters. Tables are immutable; share freely.
#pragma once

#include "core/base/result.h"
#include "core/rules/template_value.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::rules::tmpl {

// The Go type of a parameter; what is given is checked against it.
enum class Param
{
    Any,
    String,
    Float,
    Int,
    Sample,
    QueryResult,
    Time,
    Duration,
};

std::string_view typeName(Param param);
// Takes a value to a parameter's type; fails as "wrong type for value; expected string; got int".
Result<Value> converted(const Value& value, Param param);

// What functions may use of one expansion. Used from one thread at a time.
struct Machine
{
    const TemplateContext& context;
    std::string externalUrl;
    int queries = 0;
    size_t steps = 0;
    // Runs a template by name, for `tmpl`.
    std::function<Result<std::string>(const std::string& name, const Value& data)> runTemplate;

    // Counts work; fails past the limit and where a stop was requested.
    Result<bool> charge(size_t count);
};

using Arguments = std::vector<Value>;

struct Function
{
    std::string_view name;
    std::vector<Param> params; // Of a method without its receiver, which is the first argument.
    bool isVariadic = false; // The last parameter may come any number of times, also none.
    Result<Value> (*run)(Machine& machine, const Arguments& arguments) = nullptr;
};

// Null where there is none; `tmpl` exists in HTML mode only.
const Function* findFunction(std::string_view name, bool html);
// A method of a time, a duration, a month, a weekday or a histogram; null where there is none.
const Function* findMethod(const Value& receiver, std::string_view name);

// The parts of the table.
const std::vector<Function>& builtinFunctions();
const std::vector<Function>& prometheusFunctions();

} // namespace fleetglass::rules::tmpl
