// Value: what a template's expression gives, with the Go type it stands for, which messages and
// %T name. Immutable; share freely. A copy is cheap: texts, maps and lists are shared.
#pragma once

#include "core/histogram/histogram.h"
#include "core/labels/labels.h"
#include "core/rules/template.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace fleetglass::rules::tmpl {

class Value;

enum class Kind
{
    Invalid, // Go's nil or no value at all.
    Bool,
    Int,
    Uint,
    Byte, // What `index` takes out of a string.
    Month,
    Weekday,
    Float,
    String,
    Html, // Text that HTML mode does not escape.
    Map,
    List,
    Sample, // *template.sample
    Time,
    Duration,
    Histogram,
};

struct TimePoint
{
    int64_t seconds = 0; // Since the Unix epoch; always UTC.
    int32_t nanos = 0; // 0 to 999999999.
    friend bool operator==(const TimePoint&, const TimePoint&) = default;
    friend auto operator<=>(const TimePoint&, const TimePoint&) = default;
};

// A Go map with text keys, or a struct, whose fields keep their order.
struct MapValue
{
    std::vector<std::pair<std::string, Value>> entries; // A map's are sorted by key.
    std::string typeName;
    bool isStruct = false;
    int depth = 1; // Of the maps within; bounded, for destructors recurse.
};

struct ListValue
{
    std::vector<Value> items;
    std::string typeName;
};

class Value
{
public:
    Value() = default;
    static Value boolean(bool value) { return Value(Kind::Bool, int64_t { value }); }
    static Value integer(int64_t value) { return Value(Kind::Int, value); }
    static Value integerOf(Kind kind, int64_t value) { return Value(kind, value); }
    static Value uinteger(uint64_t value) { return Value(Kind::Uint, value); }
    static Value real(double value) { return Value(Kind::Float, value); }
    static Value string(std::string text);
    static Value html(std::string text);
    static Value map(MapValue map);
    static Value list(ListValue list);
    static Value sample(std::shared_ptr<const TemplateSample> sample);
    static Value time(TimePoint time, bool isPointer);
    static Value duration(int64_t nanos, bool isPointer);
    static Value histogram(histogram::HistogramPtr histogram);
    static Value labels(const labels::Labels& labels); // map[string]string

    Kind kind() const { return m_kind; }
    bool isValid() const { return m_kind != Kind::Invalid; }
    bool isText() const { return m_kind == Kind::String || m_kind == Kind::Html; }
    bool isSigned() const { return m_kind == Kind::Int || isNamedInt() || isDuration(); }
    bool isNamedInt() const { return m_kind == Kind::Month || m_kind == Kind::Weekday; }
    bool isUnsigned() const { return m_kind == Kind::Uint || m_kind == Kind::Byte; }
    bool isDuration() const { return m_kind == Kind::Duration; }
    bool isPointer() const { return m_isPointer; }

    bool asBool() const { return std::get<int64_t>(m_data) != 0; }
    int64_t asInt() const { return std::get<int64_t>(m_data); } // Also nanoseconds, bytes.
    uint64_t asUint() const;
    double asReal() const { return std::get<double>(m_data); }
    const std::string& text() const;
    const MapValue& asMap() const;
    const ListValue& asList() const;
    const TemplateSample& asSample() const;
    TimePoint asTime() const { return std::get<TimePoint>(m_data); }
    const histogram::Histogram& asHistogram() const;

    // "float64", "*template.sample", "map[string]string".
    std::string typeName() const;
    // Go's truth: not zero, not empty.
    bool isTrue() const;
    // The value where a pointer points to.
    Value dereferenced() const;

private:
    using Data = std::variant<std::monostate, int64_t, uint64_t, double,
        std::shared_ptr<const std::string>, std::shared_ptr<const MapValue>,
        std::shared_ptr<const ListValue>, std::shared_ptr<const TemplateSample>, TimePoint,
        histogram::HistogramPtr>;
    Value(Kind kind, Data data, bool isPointer = false)
        : m_kind(kind)
        , m_isPointer(isPointer)
        , m_data(std::move(data))
    {
    }

    Kind m_kind = Kind::Invalid;
    bool m_isPointer = false;
    Data m_data;
};

// A sample's Value field: a number or a histogram.
Value valueOf(const TemplateSample& sample);
// The entry of a map or struct; null where there is none.
const Value* find(const MapValue& map, std::string_view key);

inline constexpr std::string_view kStringMap = "map[string]string";
inline constexpr std::string_view kAnyMap = "map[string]interface {}";
inline constexpr std::string_view kQueryResult = "template.queryResult";

} // namespace fleetglass::rules::tmpl
