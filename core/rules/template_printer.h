// Printer: values put into text by one verb of fmt at a time. Used from one thread at a time.
#pragma once

#include "core/base/utf8.h"
#include "core/rules/template_value.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace fleetglass::rules::tmpl {

struct Spec
{
    bool minus = false;
    bool plus = false;
    bool sharp = false;
    bool space = false;
    bool zero = false;
    int width = -1;
    int precision = -1;
    uint32_t verb = 'v';
};

inline std::string utf8(uint32_t rune)
{
    std::string text;
    appendUtf8(text, rune);
    return text;
}

// One call of Sprintf or Sprint: the output and how it is padded.
class Printer
{
public:
    explicit Printer(size_t bytesMax)
        : m_bytesMax(bytesMax)
    {
    }
    void put(std::string_view text)
    {
        m_out += text.substr(0, m_bytesMax - std::min(m_bytesMax, m_out.size()));
    }
    // An operand: as Go has it, %+v and %#v mean other than signs, and a pointer to a struct shows.
    void operand(const Value& value, Spec spec);
    void value(const Value& value, const Spec& spec);
    std::string take() { return std::move(m_out); }

private:
    bool full() const { return m_out.size() >= m_bytesMax; }
    void pad(std::string_view text, const Spec& spec);
    void padNumber(std::string_view sign, std::string digits, const Spec& spec);
    void bad(const Value& value, const Spec& spec);
    void integer(bool negative, uint64_t magnitude, const Value& value, const Spec& spec);
    void real(double number, const Value& value, Spec spec);
    void text(const std::string& text, const Value& value, const Spec& spec);
    void hexText(std::string_view text, const Spec& spec);
    void list(const Value& value, const Spec& spec);
    void map(const Value& value, const Spec& spec);
    void sample(const Value& value, const Spec& spec);

    std::string m_out;
    size_t m_bytesMax;
};

} // namespace fleetglass::rules::tmpl
