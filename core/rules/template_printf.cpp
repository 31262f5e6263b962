#include "core/rules/template_printf.h"

#include "core/base/number.h"
#include "core/histogram/format.h"
#include "core/labels/labels.h"
#include "core/rules/template_printer.h"
#include "core/rules/template_time.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace fleetglass::rules::tmpl {

namespace {

constexpr size_t kPrintedBytesMax = 1 << 20; // Maps within maps can share their parts.
constexpr int kPrecisionMax = 1100; // Digits of the longest double, all exact.

size_t runeCount(std::string_view text)
{
    return static_cast<size_t>(std::count_if(text.begin(), text.end(),
        [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// Go's exponents have at least two digits, as C's do.
std::string fixedDigits(double number, char form, int precision)
{
    std::array<char, 2048> buffer {};
    const auto format = form == 'f' ? std::chars_format::fixed
        : form == 'e'               ? std::chars_format::scientific
                                    : std::chars_format::general;
    const auto result = precision < 0
        ? std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, format)
        : std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, format,
            std::min(precision, kPrecisionMax));
    return { buffer.data(), result.ptr };
}

std::string realDigits(double magnitude, const Spec& spec)
{
    const char verb = static_cast<char>(spec.verb | 0x20);
    if (verb == 'g' || verb == 'v')
        return spec.precision < 0 ? formatFloatShort(magnitude)
                                  : formatGeneral(magnitude, spec.precision);
    return fixedDigits(magnitude, verb, spec.precision < 0 ? 6 : spec.precision);
}

} // namespace

void Printer::pad(std::string_view text, const Spec& spec)
{
    const size_t size = runeCount(text);
    const size_t width = spec.width < 0 ? 0 : static_cast<size_t>(spec.width);
    const std::string fill(std::min(width > size ? width - size : 0, m_bytesMax),
        spec.zero && !spec.minus ? '0' : ' ');
    if (!spec.minus)
        put(fill);
    put(text);
    if (spec.minus)
        put(fill);
}

// Zeros stand between the sign and the digits.
void Printer::padNumber(std::string_view sign, std::string digits, const Spec& spec)
{
    const int size = static_cast<int>(sign.size() + digits.size());
    if (spec.zero && !spec.minus && spec.width > size)
        digits.insert(0, static_cast<size_t>(spec.width - size), '0');
    Spec plain = spec;
    plain.zero = false;
    pad(std::string(sign) + digits, plain);
}

// %!verb(type=value)
void Printer::bad(const Value& value, const Spec& spec)
{
    put("%!" + utf8(spec.verb) + '(');
    if (!value.isValid()) {
        put("<nil>)");
        return;
    }
    put(value.typeName() + '=');
    this->value(value, {});
    put(")");
}

void Printer::integer(bool negative, uint64_t magnitude, const Value& value, const Spec& spec)
{
    int base = 10;
    std::string prefix;
    switch (spec.verb) {
    case 'v':
    case 'd':
        break;
    case 'b':
        base = 2;
        prefix = spec.sharp ? "0b" : "";
        break;
    case 'o':
    case 'O':
        base = 8;
        prefix = spec.verb == 'O' ? "0o" : spec.sharp ? "0" : "";
        break;
    case 'x':
    case 'X':
        base = 16;
        prefix = spec.sharp ? (spec.verb == 'x' ? "0x" : "0X") : "";
        break;
    case 'c':
        return pad(
            utf8(magnitude > 0x10FFFF || negative ? 0xFFFD : static_cast<uint32_t>(magnitude)),
            spec);
    case 'q':
        return pad('\''
                + utf8(magnitude > 0x10FFFF || negative ? 0xFFFD : static_cast<uint32_t>(magnitude))
                + '\'',
            spec);
    case 'U': {
        std::array<char, 24> buffer {};
        std::snprintf(
            buffer.data(), buffer.size(), "U+%04llX", static_cast<unsigned long long>(magnitude));
        return pad(buffer.data(), spec);
    }
    default:
        return bad(value, spec);
    }
    std::array<char, 72> buffer {};
    const auto end
        = std::to_chars(buffer.data(), buffer.data() + buffer.size(), magnitude, base).ptr;
    std::string digits(buffer.data(), end);
    if (spec.verb == 'X')
        std::transform(digits.begin(), digits.end(), digits.begin(),
            [](char c) { return c >= 'a' ? static_cast<char>(c - 32) : c; });
    const std::string sign = negative ? "-" : spec.plus ? "+" : spec.space ? " " : "";
    Spec padding = spec;
    if (spec.precision >= 0) {
        padding.zero = false; // A precision switches the zeros off.
        if (spec.precision == 0 && magnitude == 0)
            digits.clear();
        else if (static_cast<size_t>(spec.precision) > digits.size())
            digits.insert(
                0, std::min(static_cast<size_t>(spec.precision) - digits.size(), m_bytesMax), '0');
    }
    padNumber(sign + prefix, digits, padding);
}

void Printer::real(double number, const Value& value, Spec spec)
{
    if (std::string_view("veEfFgG").find(static_cast<char>(spec.verb)) == std::string_view::npos
        || spec.verb > 0x7F)
        return bad(value, spec);
    const bool negative = std::signbit(number) && !std::isnan(number);
    std::string sign = negative ? "-" : spec.plus ? "+" : spec.space ? " " : "";
    if (std::isinf(number) || std::isnan(number)) {
        spec.zero = false;
        if (std::isinf(number) && sign.empty())
            sign = "+"; // %v and %g say +Inf, as strconv does.
        return pad(sign + (std::isnan(number) ? "NaN" : "Inf"), spec);
    }
    std::string digits = realDigits(std::abs(number), spec);
    if (spec.verb == 'E' || spec.verb == 'G')
        std::replace(digits.begin(), digits.end(), 'e', 'E');
    padNumber(sign, digits, spec);
}

void Printer::hexText(std::string_view text, const Spec& spec)
{
    const char* digits = spec.verb == 'x' ? "0123456789abcdef" : "0123456789ABCDEF";
    std::string hex;
    const auto count = spec.precision < 0 ? text.size() : static_cast<size_t>(spec.precision);
    for (const char c : text.substr(0, count)) {
        if (spec.space && !hex.empty())
            hex += ' ';
        if (spec.sharp && (spec.space || hex.empty()))
            hex += spec.verb == 'x' ? "0x" : "0X";
        hex += digits[static_cast<unsigned char>(c) >> 4];
        hex += digits[static_cast<unsigned char>(c) & 15];
    }
    pad(hex, spec);
}

void Printer::text(const std::string& text, const Value& value, const Spec& spec)
{
    if (spec.verb == 'x' || spec.verb == 'X')
        return hexText(text, spec);
    std::string_view shown = text;
    if (spec.precision >= 0) {
        size_t end = 0;
        for (int i = 0; i < spec.precision && end < shown.size(); ++i) {
            auto rest = shown.substr(end);
            const size_t before = rest.size();
            end += takeCodePoint(rest) ? before - rest.size() : 1;
        }
        shown = shown.substr(0, end);
    }
    switch (spec.verb) {
    case 'v':
    case 's':
        return pad(shown, spec);
    case 'q':
        if (spec.sharp && shown.find('`') == std::string_view::npos)
            return pad('`' + std::string(shown) + '`', spec);
        return pad(labels::quote(shown), spec);
    default:
        return bad(value, spec);
    }
}

void Printer::list(const Value& value, const Spec& spec)
{
    put("[");
    bool first = true;
    for (const auto& item : value.asList().items) {
        if (full())
            return;
        if (!std::exchange(first, false))
            put(" ");
        this->value(item, spec);
    }
    put("]");
}

void Printer::map(const Value& value, const Spec& spec)
{
    const MapValue& entries = value.asMap();
    put(entries.isStruct ? "{" : "map[");
    bool first = true;
    for (const auto& [key, item] : entries.entries) {
        if (full())
            return;
        if (!std::exchange(first, false))
            put(" ");
        if (!entries.isStruct) {
            this->value(Value::string(key), spec);
            put(":");
        }
        this->value(item, spec);
    }
    put(entries.isStruct ? "}" : "]");
}

void Printer::sample(const Value& value, const Spec& spec)
{
    const TemplateSample& sample = value.asSample();
    put("{");
    map(Value::labels(sample.labels), spec);
    put(" ");
    this->value(valueOf(sample), spec);
    put("}");
}

void Printer::operand(const Value& value, Spec spec)
{
    if (spec.verb == 'v') {
        const bool quotes = spec.sharp && value.kind() == Kind::String;
        spec.plus = false;
        spec.sharp = false;
        if (quotes)
            spec.verb = 'q';
    }
    if (spec.verb == 'v' && value.kind() == Kind::Sample)
        put("&");
    this->value(value, spec);
}

void Printer::value(const Value& value, const Spec& spec)
{
    if (full())
        return;
    if (spec.verb == 'T')
        return pad(value.typeName(), spec);
    const bool wantsText
        = std::string_view("vsq").find(static_cast<char>(spec.verb)) != std::string_view::npos
        && spec.verb <= 0x7F;
    switch (value.kind()) {
    case Kind::Invalid:
        return spec.verb == 'v' ? pad("<nil>", spec) : bad(value, spec);
    case Kind::Bool:
        return spec.verb == 'v' || spec.verb == 't' ? pad(value.asBool() ? "true" : "false", spec)
                                                    : bad(value, spec);
    case Kind::Month:
    case Kind::Weekday:
    case Kind::Duration:
        if (wantsText)
            return text(nameOf(value), value, spec);
        [[fallthrough]];
    case Kind::Int:
        return integer(value.asInt() < 0,
            value.asInt() < 0 ? 0 - static_cast<uint64_t>(value.asInt()) : value.asUint(), value,
            spec);
    case Kind::Uint:
    case Kind::Byte:
        return integer(false, value.asUint(), value, spec);
    case Kind::Float:
        return real(value.asReal(), value, spec);
    case Kind::String:
    case Kind::Html:
        return text(value.text(), value, spec);
    case Kind::Map:
        return map(value, spec);
    case Kind::List:
        return list(value, spec);
    case Kind::Sample:
        return sample(value, spec);
    case Kind::Time:
        return wantsText ? text(nameOf(value), value, spec) : bad(value, spec);
    case Kind::Histogram:
        return wantsText ? text(histogram::toText(value.asHistogram()), value, spec)
                         : bad(value, spec);
    }
}

std::string printed(const Value& value)
{
    Printer printer(kPrintedBytesMax);
    printer.value(value, {});
    return printer.take();
}

std::string sprint(std::span<const Value> values)
{
    Printer printer(kPrintedBytesMax);
    for (size_t i = 0; i < values.size(); ++i) {
        if (i > 0 && values[i].kind() != Kind::String && values[i - 1].kind() != Kind::String)
            printer.put(" ");
        printer.operand(values[i], {});
    }
    return printer.take();
}

std::string sprintln(std::span<const Value> values)
{
    Printer printer(kPrintedBytesMax);
    for (size_t i = 0; i < values.size(); ++i) {
        if (i > 0)
            printer.put(" ");
        printer.operand(values[i], {});
    }
    printer.put("\n");
    return printer.take();
}

std::string formatGeneral(double value, int precision)
{
    if (std::isnan(value) || std::isinf(value))
        return formatFloatShort(value);
    return fixedDigits(value, 'g', precision);
}

} // namespace fleetglass::rules::tmpl
