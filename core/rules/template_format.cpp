#include "core/rules/template_printer.h"
#include "core/rules/template_printf.h"

#include "core/base/number.h"

#include <algorithm>
#include <cstdlib>

namespace fleetglass::rules::tmpl {

namespace {

constexpr int kWidthMax = 1'000'000;

// Reads one directive after another; keeps Go's notes on what does not fit.
class Formatter
{
public:
    Formatter(std::string_view format, std::span<const Value> values, size_t bytesMax)
        : m_rest(format)
        , m_values(values)
        , m_printer(bytesMax)
    {
    }
    std::string run();

private:
    void directive();
    void flags(Spec& spec);
    int number(std::string_view tooBig);
    void index();
    void extra();

    std::string_view m_rest;
    std::span<const Value> m_values;
    Printer m_printer;
    size_t m_next = 0;
    bool m_reordered = false;
    bool m_goodIndex = true;
};

std::string Formatter::run()
{
    while (!m_rest.empty()) {
        const size_t percent = m_rest.find('%');
        m_printer.put(m_rest.substr(0, percent));
        if (percent == std::string_view::npos)
            break;
        m_rest.remove_prefix(percent + 1);
        directive();
    }
    if (!m_reordered && m_next < m_values.size())
        extra();
    return m_printer.take();
}

void Formatter::flags(Spec& spec)
{
    for (; !m_rest.empty(); m_rest.remove_prefix(1)) {
        switch (m_rest[0]) {
        case '-':
            spec.minus = true;
            break;
        case '+':
            spec.plus = true;
            break;
        case '#':
            spec.sharp = true;
            break;
        case ' ':
            spec.space = true;
            break;
        case '0':
            spec.zero = true;
            break;
        default:
            return;
        }
    }
}

// Digits, or '*' for the next value; -1 where there is neither.
int Formatter::number(std::string_view tooBig)
{
    if (!m_rest.empty() && m_rest[0] == '*') {
        m_rest.remove_prefix(1);
        const Value* value = m_next < m_values.size() ? &m_values[m_next] : nullptr;
        if (value)
            ++m_next;
        if (value && value->kind() == Kind::Int && std::abs(value->asInt()) <= kWidthMax)
            return static_cast<int>(value->asInt());
        m_printer.put(tooBig);
        return -1;
    }
    int result = -1;
    while (!m_rest.empty() && m_rest[0] >= '0' && m_rest[0] <= '9') {
        result = std::min(std::max(result, 0) * 10 + (m_rest[0] - '0'), kWidthMax + 1);
        m_rest.remove_prefix(1);
    }
    return result > kWidthMax ? -1 : result;
}

// [3] picks the value that follows.
void Formatter::index()
{
    if (m_rest.empty() || m_rest[0] != '[')
        return;
    m_reordered = true;
    const size_t close = m_rest.find(']');
    if (close == std::string_view::npos) {
        m_goodIndex = false;
        m_rest.remove_prefix(1);
        return;
    }
    const auto picked = parseInt(m_rest.substr(1, close - 1));
    m_rest.remove_prefix(close + 1);
    m_goodIndex = picked && *picked >= 1 && static_cast<size_t>(*picked) <= m_values.size();
    if (m_goodIndex)
        m_next = static_cast<size_t>(*picked - 1);
}

void Formatter::directive()
{
    Spec spec;
    m_goodIndex = true;
    flags(spec);
    index();
    spec.width = number("%!(BADWIDTH)");
    if (spec.width < -1) {
        spec.width = -spec.width;
        spec.minus = true;
    }
    if (!m_rest.empty() && m_rest[0] == '.') {
        m_rest.remove_prefix(1);
        index();
        spec.precision = std::max(0, number("%!(BADPREC)"));
    }
    index();
    if (m_rest.empty())
        return m_printer.put("%!(NOVERB)");
    auto after = m_rest;
    const auto verb = takeCodePoint(after);
    spec.verb = verb.value_or(0xFFFD);
    m_rest.remove_prefix(verb ? m_rest.size() - after.size() : 1);
    if (spec.verb == '%')
        return m_printer.put("%");
    if (!m_goodIndex)
        return m_printer.put("%!" + utf8(spec.verb) + "(BADINDEX)");
    if (m_next >= m_values.size())
        return m_printer.put("%!" + utf8(spec.verb) + "(MISSING)");
    m_printer.operand(m_values[m_next++], spec);
}

void Formatter::extra()
{
    m_printer.put("%!(EXTRA ");
    for (size_t i = m_next; i < m_values.size(); ++i) {
        if (i > m_next)
            m_printer.put(", ");
        if (m_values[i].isValid())
            m_printer.put(m_values[i].typeName() + '=');
        m_printer.operand(m_values[i], {});
    }
    m_printer.put(")");
}

} // namespace

std::string sprintf(std::string_view format, std::span<const Value> values, size_t bytesMax)
{
    return Formatter(format, values, bytesMax).run();
}

} // namespace fleetglass::rules::tmpl
