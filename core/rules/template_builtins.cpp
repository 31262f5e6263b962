#include "core/rules/template_compare.h"
#include "core/rules/template_functions.h"
#include "core/rules/template_printf.h"

#include <algorithm>
#include <span>

namespace fleetglass::rules::tmpl {

namespace {

using Answer = Result<Value>;

Answer notCalled(Machine&, const Arguments& a)
{
    return a.empty() ? Value() : a.front(); // `and` and `or` are the executor's own.
}

Answer length(Machine&, const Arguments& a)
{
    const Value& item = a[0];
    switch (item.kind()) {
    case Kind::Invalid:
        return failure("len of nil pointer");
    case Kind::String:
    case Kind::Html:
        return Value::integer(static_cast<int64_t>(item.text().size()));
    case Kind::List:
        return Value::integer(static_cast<int64_t>(item.asList().items.size()));
    case Kind::Map:
        if (!item.asMap().isStruct)
            return Value::integer(static_cast<int64_t>(item.asMap().entries.size()));
        [[fallthrough]];
    default:
        return failure("len of type " + item.typeName());
    }
}

// An index into something of `size` items; the size itself is an index too, as Go's check has it.
Result<size_t> position(const Value& index, size_t size)
{
    if (!index.isValid())
        return failure("cannot index slice/array with nil");
    if (!index.isSigned() && !index.isUnsigned())
        return failure("cannot index slice/array with type " + index.typeName());
    const bool negative = index.isSigned() && index.asInt() < 0;
    if (negative || index.asUint() > size)
        return failure("index out of range: " + printed(index));
    return static_cast<size_t>(index.asUint());
}

Answer entryAt(const MapValue& map, const Value& key)
{
    if (!key.isValid())
        return failure("value is nil; should be of type string");
    if (key.kind() != Kind::String)
        return failure("value has type " + key.typeName() + "; should be string");
    if (const Value* entry = find(map, key.text()))
        return *entry;
    return map.typeName == kStringMap ? Value::string({}) : Value();
}

Answer itemAt(const Value& item, const Value& index)
{
    if (item.kind() == Kind::Map && !item.asMap().isStruct)
        return entryAt(item.asMap(), index);
    if (item.kind() != Kind::List && !item.isText())
        return failure("can't index item of type " + item.typeName());
    const bool isText = item.isText();
    const size_t size = isText ? item.text().size() : item.asList().items.size();
    const auto at = position(index, size);
    if (!at)
        return failure(at.error());
    if (*at == size)
        return failure(
            std::string("reflect: ") + (isText ? "string" : "slice") + " index out of range");
    if (isText)
        return Value::integerOf(Kind::Byte, static_cast<unsigned char>(item.text()[*at]));
    return item.asList().items[*at];
}

Answer index(Machine&, const Arguments& a)
{
    Value item = a[0];
    if (!item.isValid())
        return failure("index of untyped nil");
    for (size_t i = 1; i < a.size(); ++i) {
        if (!item.isValid())
            return failure("index of nil pointer");
        auto next = itemAt(item, a[i]);
        if (!next)
            return next;
        item = std::move(*next);
    }
    return item;
}

Answer sliced(const Value& item, size_t from, size_t to)
{
    if (item.isText())
        return Value::string(item.text().substr(from, to - from));
    ListValue list;
    list.typeName = item.asList().typeName;
    const auto items = std::span(item.asList().items).subspan(from, to - from);
    list.items.assign(items.begin(), items.end());
    return Value::list(std::move(list));
}

Answer slice(Machine& machine, const Arguments& a)
{
    const Value& item = a[0];
    if (!item.isValid())
        return failure("slice of untyped nil");
    if (a.size() > 4)
        return failure("too many slice indexes: " + std::to_string(a.size() - 1));
    if (item.isText() && a.size() == 4)
        return failure("cannot 3-index slice a string");
    if (item.kind() != Kind::List && !item.isText())
        return failure("can't slice item of type " + item.typeName());
    const size_t size = item.isText() ? item.text().size() : item.asList().items.size();
    size_t bounds[3] = { 0, size, size };
    for (size_t i = 1; i < a.size(); ++i) {
        const auto at = position(a[i], size);
        if (!at)
            return failure(at.error());
        bounds[i - 1] = *at;
    }
    for (size_t i = 1; i < std::max<size_t>(2, a.size() - 1); ++i) {
        if (bounds[i - 1] > bounds[i])
            return failure("invalid slice index: " + std::to_string(bounds[i - 1]) + " > "
                + std::to_string(bounds[i]));
    }
    if (auto charged = machine.charge(bounds[1] - bounds[0]); !charged)
        return failure(charged.error());
    return sliced(item, bounds[0], bounds[1]);
}

Answer formatted(Machine& machine, const Arguments& a)
{
    return Value::string(
        sprintf(a[0].text(), std::span(a).subspan(1), machine.context.limits.outputBytesMax + 1));
}

// What html, js and urlquery escape: a text as it is, else the operands as print puts them.
std::string joined(const Arguments& a)
{
    return a.size() == 1 ? (a[0].isValid() ? printed(a[0]) : "<no value>") : sprint(a);
}

Answer call(Machine&, const Arguments& a)
{
    if (!a[0].isValid())
        return failure("call of nil");
    return failure("non-function of type " + a[0].typeName());
}

template<Order order>
Answer ordered(Machine&, const Arguments& a)
{
    auto result = compare(order, a[0], a[1]);
    if (!result)
        return failure(result.error());
    return Value::boolean(*result);
}

} // namespace

const std::vector<Function>& builtinFunctions()
{
    using A = const Arguments&;
    static const std::vector<Function> kFunctions {
        { "and", { Param::Any, Param::Any }, true, notCalled },
        { "or", { Param::Any, Param::Any }, true, notCalled },
        { "not", { Param::Any }, false,
            [](Machine&, A a) -> Answer { return Value::boolean(!a[0].isTrue()); } },
        { "eq", { Param::Any, Param::Any }, true,
            [](Machine&, A a) -> Answer {
                auto result = equalsAny(a[0], std::span(a).subspan(1));
                if (!result)
                    return failure(result.error());
                return Value::boolean(*result);
            } },
        { "ne", { Param::Any, Param::Any }, false,
            [](Machine&, A a) -> Answer {
                auto result = equalsAny(a[0], std::span(a).subspan(1));
                if (!result)
                    return failure(result.error());
                return Value::boolean(!*result);
            } },
        { "lt", { Param::Any, Param::Any }, false, ordered<Order::Less> },
        { "le", { Param::Any, Param::Any }, false, ordered<Order::LessOrEqual> },
        { "gt", { Param::Any, Param::Any }, false, ordered<Order::Greater> },
        { "ge", { Param::Any, Param::Any }, false, ordered<Order::GreaterOrEqual> },
        { "len", { Param::Any }, false, length },
        { "index", { Param::Any, Param::Any }, true, index },
        { "slice", { Param::Any, Param::Any }, true, slice },
        { "print", { Param::Any }, true,
            [](Machine&, A a) -> Answer { return Value::string(sprint(a)); } },
        { "printf", { Param::String, Param::Any }, true, formatted },
        { "println", { Param::Any }, true,
            [](Machine&, A a) -> Answer { return Value::string(sprintln(a)); } },
        { "html", { Param::Any }, true,
            [](Machine&, A a) -> Answer { return Value::string(escapedAsHtml(joined(a))); } },
        { "js", { Param::Any }, true,
            [](Machine&, A a) -> Answer { return Value::string(escapedAsJs(joined(a))); } },
        { "urlquery", { Param::Any }, true,
            [](Machine&, A a) -> Answer { return Value::string(escapedForQuery(joined(a))); } },
        { "call", { Param::Any, Param::Any }, true, call },
    };
    return kFunctions;
}

} // namespace fleetglass::rules::tmpl
