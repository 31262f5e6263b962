#include "core/rules/template_value.h"

#include <algorithm>

namespace fleetglass::rules::tmpl {

Value Value::string(std::string text)
{
    return Value(Kind::String, std::make_shared<const std::string>(std::move(text)));
}

Value Value::html(std::string text)
{
    return Value(Kind::Html, std::make_shared<const std::string>(std::move(text)));
}

Value Value::map(MapValue map)
{
    return Value(Kind::Map, std::make_shared<const MapValue>(std::move(map)));
}

Value Value::list(ListValue list)
{
    return Value(Kind::List, std::make_shared<const ListValue>(std::move(list)));
}

Value Value::sample(std::shared_ptr<const TemplateSample> sample)
{
    return Value(Kind::Sample, std::move(sample), true);
}

Value Value::time(TimePoint time, bool isPointer)
{
    return Value(Kind::Time, time, isPointer);
}

Value Value::duration(int64_t nanos, bool isPointer)
{
    return Value(Kind::Duration, nanos, isPointer);
}

Value Value::histogram(histogram::HistogramPtr histogram)
{
    return Value(Kind::Histogram, std::move(histogram), true);
}

Value Value::labels(const labels::Labels& labels)
{
    MapValue map;
    map.typeName = kStringMap;
    for (const auto& label : labels)
        map.entries.emplace_back(label.name, Value::string(std::string(label.value)));
    return Value::map(std::move(map));
}

uint64_t Value::asUint() const
{
    const auto* value = std::get_if<uint64_t>(&m_data);
    return value ? *value : static_cast<uint64_t>(std::get<int64_t>(m_data));
}

const std::string& Value::text() const
{
    return *std::get<std::shared_ptr<const std::string>>(m_data);
}

const MapValue& Value::asMap() const
{
    return *std::get<std::shared_ptr<const MapValue>>(m_data);
}

const ListValue& Value::asList() const
{
    return *std::get<std::shared_ptr<const ListValue>>(m_data);
}

const TemplateSample& Value::asSample() const
{
    return *std::get<std::shared_ptr<const TemplateSample>>(m_data);
}

const histogram::Histogram& Value::asHistogram() const
{
    return *std::get<histogram::HistogramPtr>(m_data);
}

std::string Value::typeName() const
{
    const std::string star = m_isPointer ? "*" : "";
    switch (m_kind) {
    case Kind::Invalid:
        return "<nil>";
    case Kind::Bool:
        return "bool";
    case Kind::Int:
        return "int";
    case Kind::Uint:
        return "uint64";
    case Kind::Byte:
        return "uint8";
    case Kind::Month:
        return "time.Month";
    case Kind::Weekday:
        return "time.Weekday";
    case Kind::Float:
        return "float64";
    case Kind::String:
        return "string";
    case Kind::Html:
        return "template.HTML";
    case Kind::Map:
        return asMap().typeName;
    case Kind::List:
        return asList().typeName;
    case Kind::Sample:
        return star + "template.sample";
    case Kind::Time:
        return star + "time.Time";
    case Kind::Duration:
        return star + "time.Duration";
    case Kind::Histogram:
        return star + "histogram.FloatHistogram";
    }
    return {};
}

bool Value::isTrue() const
{
    if (m_isPointer)
        return true;
    switch (m_kind) {
    case Kind::Invalid:
        return false;
    case Kind::Bool:
    case Kind::Int:
    case Kind::Byte:
    case Kind::Month:
    case Kind::Weekday:
    case Kind::Duration:
        return asInt() != 0;
    case Kind::Uint:
        return asUint() != 0;
    case Kind::Float:
        return asReal() != 0;
    case Kind::String:
    case Kind::Html:
        return !text().empty();
    case Kind::Map:
        return asMap().isStruct || !asMap().entries.empty();
    case Kind::List:
        return !asList().items.empty();
    case Kind::Sample:
    case Kind::Time:
    case Kind::Histogram:
        return true;
    }
    return true;
}

Value Value::dereferenced() const
{
    Value copy = *this;
    copy.m_isPointer = false;
    return copy;
}

Value valueOf(const TemplateSample& sample)
{
    return sample.histogram ? Value::histogram(sample.histogram) : Value::real(sample.value);
}

const Value* find(const MapValue& map, std::string_view key)
{
    const auto found = std::find_if(map.entries.begin(), map.entries.end(),
        [&](const auto& entry) { return entry.first == key; });
    return found == map.entries.end() ? nullptr : &found->second;
}

} // namespace fleetglass::rules::tmpl
