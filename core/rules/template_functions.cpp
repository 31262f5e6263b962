#include "core/rules/template_functions.h"

#include "core/base/duration.h"
#include "core/regex/regex.h"
#include "core/rules/template_humanize.h"
#include "core/rules/template_parser.h"
#include "core/rules/template_printf.h"
#include "core/rules/template_text.h"

#include <algorithm>
#include <cmath>

namespace fleetglass::rules::tmpl {

namespace {

using Answer = Result<Value>;
using A = const Arguments&;

constexpr int kMapDepthMax = 100; // Of args within args.

Answer query(Machine& machine, A a)
{
    const int queriesMax = machine.context.limits.queriesMax;
    if (++machine.queries > queriesMax)
        return failure("more than " + std::to_string(queriesMax) + " queries in one template",
            ErrorCode::Limit);
    if (!machine.context.query)
        return failure("queries are not available here", ErrorCode::Unavailable);
    auto samples = machine.context.query(a[0].text());
    if (!samples)
        return failure(samples.error());
    ListValue list;
    list.typeName = kQueryResult;
    for (auto& sample : *samples)
        list.items.push_back(
            Value::sample(std::make_shared<const TemplateSample>(std::move(sample))));
    if (auto charged = machine.charge(list.items.size()); !charged)
        return failure(charged.error());
    return Value::list(std::move(list));
}

const std::vector<Value>& itemsOf(const Value& value)
{
    static const std::vector<Value> kNone;
    return value.isValid() ? value.asList().items : kNone;
}

Answer first(Machine&, A a)
{
    if (itemsOf(a[0]).empty())
        return failure("first() called on vector with no elements");
    return itemsOf(a[0]).front();
}

Answer ofSample(const Value& value, std::string_view label)
{
    if (!value.isValid())
        return failure("runtime error: invalid memory address or nil pointer dereference");
    return Value::string(std::string(value.asSample().labels.get(label)));
}

Answer sampleValue(Machine&, A a)
{
    if (!a[0].isValid())
        return failure("runtime error: invalid memory address or nil pointer dereference");
    return valueOf(a[0].asSample());
}

Answer sortByLabel(Machine& machine, A a)
{
    ListValue list;
    list.typeName = kQueryResult;
    list.items = itemsOf(a[1]);
    const std::string& label = a[0].text();
    if (auto charged = machine.charge(list.items.size()); !charged)
        return failure(charged.error());
    std::stable_sort(list.items.begin(), list.items.end(), [&](const Value& x, const Value& y) {
        return x.asSample().labels.get(label) < y.asSample().labels.get(label);
    });
    return Value::list(std::move(list));
}

Answer args(Machine&, A a)
{
    MapValue map;
    map.typeName = kAnyMap;
    for (size_t i = 0; i < a.size(); ++i) {
        map.entries.emplace_back("arg" + std::to_string(i), a[i]);
        if (a[i].kind() == Kind::Map)
            map.depth = std::max(map.depth, a[i].asMap().depth + 1);
    }
    if (map.depth > kMapDepthMax)
        return failure("args within args deeper than " + std::to_string(kMapDepthMax) + " levels",
            ErrorCode::Limit);
    std::sort(map.entries.begin(), map.entries.end(),
        [](const auto& x, const auto& y) { return x.first < y.first; });
    return Value::map(std::move(map));
}

Answer replaceAll(Machine&, A a)
{
    const auto regex = regex::Regex::compile(a[0].text());
    if (!regex)
        return failure("regexp: Compile(`" + a[0].text() + "`): " + regex.error().message);
    return Value::string(regex->replaceAll(a[2].text(), a[1].text()));
}

Answer match(Machine&, A a)
{
    const auto regex = regex::Regex::compile(a[0].text());
    if (!regex)
        return failure(regex.error().message);
    return Value::boolean(regex->matches(a[1].text()));
}

template<std::string (*humanized)(double)>
Answer humanizedBy(Machine&, A a)
{
    const auto value = toFloat(a[0]);
    if (!value)
        return failure(value.error());
    return Value::string(humanized(*value));
}

Answer timestamp(Machine&, A a)
{
    const auto value = toFloat(a[0]);
    if (!value)
        return failure(value.error());
    auto text = humanizeTimestamp(*value);
    if (!text)
        return failure(text.error());
    return Value::string(std::move(*text));
}

Answer toTime(Machine&, A a)
{
    const auto value = toFloat(a[0]);
    if (!value)
        return failure(value.error());
    const auto time = toTimePoint(*value);
    if (!time)
        return failure(time.error());
    return Value::time(*time, true);
}

Answer toDuration(Machine&, A a)
{
    const auto value = toFloat(a[0]);
    if (!value)
        return failure(value.error());
    return Value::duration(truncatedToInt(*value * 1e9), true);
}

Answer seconds(Machine&, A a)
{
    const auto duration = parseSignedDuration(a[0].text());
    if (!duration)
        return failure(duration.error());
    return Value::real(static_cast<double>(duration->count()) / 1000);
}

Answer runTemplate(Machine& machine, A a)
{
    auto text = machine.runTemplate(a[0].text(), a[1]);
    if (!text)
        return failure(text.error());
    return Value::html(std::move(*text));
}

template<std::string (*changed)(std::string_view)>
Answer textBy(Machine&, A a)
{
    return Value::string(changed(a[0].text()));
}

const Function kTmpl { "tmpl", { Param::String, Param::Any }, false, runTemplate };

const Function* findIn(const std::vector<Function>& functions, std::string_view name)
{
    const auto found = std::find_if(functions.begin(), functions.end(),
        [&](const Function& function) { return function.name == name; });
    return found == functions.end() ? nullptr : &*found;
}

bool fits(const Value& value, Param param)
{
    switch (param) {
    case Param::Any:
        return true;
    case Param::String:
        return value.kind() == Kind::String;
    case Param::Float:
        return value.kind() == Kind::Float;
    case Param::Int:
        return value.kind() == Kind::Int;
    case Param::Sample:
        return value.kind() == Kind::Sample;
    case Param::QueryResult:
        return value.kind() == Kind::List && value.asList().typeName == kQueryResult;
    case Param::Time:
        return value.kind() == Kind::Time;
    case Param::Duration:
        return value.kind() == Kind::Duration;
    }
    return false;
}

} // namespace

Result<bool> Machine::charge(size_t count)
{
    steps += count;
    if (steps > context.limits.stepsMax)
        return failure(
            "more than " + std::to_string(context.limits.stepsMax) + " steps", ErrorCode::Limit);
    if (context.stop.stop_requested())
        return failure("stopped before it was done", ErrorCode::Cancelled);
    return true;
}

std::string_view typeName(Param param)
{
    switch (param) {
    case Param::Any:
        return "interface {}";
    case Param::String:
        return "string";
    case Param::Float:
        return "float64";
    case Param::Int:
        return "int";
    case Param::Sample:
        return "*template.sample";
    case Param::QueryResult:
        return kQueryResult;
    case Param::Time:
        return "time.Time";
    case Param::Duration:
        return "time.Duration";
    }
    return {};
}

Result<Value> converted(const Value& value, Param param)
{
    if (!value.isValid()) {
        if (param == Param::Any || param == Param::Sample || param == Param::QueryResult)
            return value;
        return failure("invalid value; expected " + std::string(typeName(param)));
    }
    if (!fits(value, param))
        return failure("wrong type for value; expected " + std::string(typeName(param)) + "; got "
            + value.typeName());
    const bool takesTarget = param == Param::Time || param == Param::Duration;
    return takesTarget ? value.dereferenced() : value;
}

const std::vector<Function>& prometheusFunctions()
{
    static const std::vector<Function> kFunctions {
        { "query", { Param::String }, false, query },
        { "first", { Param::QueryResult }, false, first },
        { "label", { Param::String, Param::Sample }, false,
            [](Machine&, A a) { return ofSample(a[1], a[0].text()); } },
        { "value", { Param::Sample }, false, sampleValue },
        { "strvalue", { Param::Sample }, false,
            [](Machine&, A a) { return ofSample(a[0], "__value__"); } },
        { "sortByLabel", { Param::String, Param::QueryResult }, false, sortByLabel },
        { "args", { Param::Any }, true, args },
        { "reReplaceAll", { Param::String, Param::String, Param::String }, false, replaceAll },
        { "match", { Param::String, Param::String }, false, match },
        { "safeHtml", { Param::String }, false,
            [](Machine&, A a) -> Answer { return Value::html(a[0].text()); } },
        { "title", { Param::String }, false, textBy<titleCase> },
        { "toUpper", { Param::String }, false, textBy<upperCase> },
        { "toLower", { Param::String }, false, textBy<lowerCase> },
        { "stripPort", { Param::String }, false, textBy<withoutPort> },
        { "stripDomain", { Param::String }, false, textBy<withoutDomain> },
        { "graphLink", { Param::String }, false, textBy<graphLink> },
        { "tableLink", { Param::String }, false, textBy<tableLink> },
        { "urlQueryEscape", { Param::String }, false, textBy<escapedForQuery> },
        { "humanize", { Param::Any }, false, humanizedBy<humanize> },
        { "humanize1024", { Param::Any }, false, humanizedBy<humanize1024> },
        { "humanizeDuration", { Param::Any }, false, humanizedBy<humanizeDuration> },
        { "humanizePercentage", { Param::Any }, false, humanizedBy<humanizePercentage> },
        { "humanizeTimestamp", { Param::Any }, false, timestamp },
        { "toTime", { Param::Any }, false, toTime },
        { "toDuration", { Param::Any }, false, toDuration },
        { "now", {}, false,
            [](Machine& m, A) -> Answer {
                return Value::real(static_cast<double>(m.context.timeMs) / 1000);
            } },
        { "parseDuration", { Param::String }, false, seconds },
        { "pathPrefix", {}, false,
            [](Machine& m, A) -> Answer { return Value::string(pathOf(m.externalUrl)); } },
        { "externalURL", {}, false,
            [](Machine& m, A) -> Answer { return Value::string(m.externalUrl); } },
    };
    return kFunctions;
}

const Function* findFunction(std::string_view name, bool html)
{
    if (html && name == kTmpl.name)
        return &kTmpl;
    const Function* function = findIn(prometheusFunctions(), name);
    return function ? function : findIn(builtinFunctions(), name);
}

bool isFunction(std::string_view name, bool html)
{
    return findFunction(name, html) != nullptr;
}

} // namespace fleetglass::rules::tmpl
