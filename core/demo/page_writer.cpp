#include "core/demo/page_writer.h"

#include "core/base/number.h"

#include <cmath>

namespace fleetglass::demo {

namespace {

// Both the text format and JSON escape these three alike.
std::string quoted(std::string_view value)
{
    std::string text = "\"";
    for (const char c : value) {
        if (c == '\\' || c == '"')
            text += '\\';
        if (c == '\n')
            text += "\\n";
        else
            text += c;
    }
    return text += '"';
}

void appendPairs(
    std::string& text, const PageLabels& labels, std::string_view equals, bool quoteNames)
{
    bool first = true;
    for (const auto& [name, value] : labels) {
        text += first ? "" : ",";
        text += quoteNames ? quoted(name) : name;
        text.append(equals).append(quoted(value));
        first = false;
    }
}

// The share of a log-normal population with median `value` that lies at or below `bound`.
double shareBelow(double bound, double value)
{
    constexpr double kSpread = 0.55;
    return 0.5 * std::erfc(-std::log(bound / value) / (kSpread * std::sqrt(2.0)));
}

} // namespace

void PageWriter::family(std::string_view name, std::string_view type, std::string_view help)
{
    m_families.push_back({ std::string(name), std::string(type), std::string(help), {} });
}

void PageWriter::sample(std::string_view name, const PageLabels& labels, double value)
{
    m_families.back().samples.push_back({ std::string(name), labels, value });
}

std::string PageWriter::text() const
{
    std::string text;
    for (const Family& family : m_families) {
        text.append("# HELP ").append(family.name).append(" ").append(family.help);
        text.append("\n# TYPE ").append(family.name).append(" ").append(family.type).append("\n");
        for (const Sample& sample : family.samples) {
            text += sample.name;
            if (!sample.labels.empty()) {
                text += '{';
                appendPairs(text, sample.labels, "=", false);
                text += '}';
            }
            text.append(" ").append(formatFloatShort(sample.value)).append("\n");
        }
    }
    return text;
}

std::string PageWriter::awxJson() const
{
    std::string text = "{";
    for (const Family& family : m_families) {
        text.append(text.size() > 1 ? "," : "")
            .append(quoted(family.name))
            .append(":{\"help_text\":");
        text.append(quoted(family.help)).append(",\"type\":").append(quoted(family.type));
        text += ",\"samples\":[";
        for (const Sample& sample : family.samples) {
            text.append(text.back() == '[' ? "" : ",").append("{\"labels\":{");
            appendPairs(text, sample.labels, ":", true);
            text.append("},\"value\":").append(formatFloatShort(sample.value)).append("}");
        }
        text += "]}";
    }
    return text += '}';
}

void PageWriter::single(
    std::string_view name, std::string_view type, std::string_view help, double value)
{
    family(name, type, help);
    sample(name, {}, value);
}

Buckets::Buckets(std::vector<double> bounds)
    : m_bounds(std::move(bounds))
    , m_counts(m_bounds.size() + 1)
{
}

void Buckets::observe(double value, double times)
{
    for (size_t i = 0; i < m_bounds.size(); ++i)
        m_counts[i] += times * shareBelow(m_bounds[i], value);
    m_counts.back() += times;
    m_sum += value * times * 1.16; // The mean of that log-normal over its median.
}

void Buckets::write(PageWriter& page, std::string_view family, const PageLabels& labels) const
{
    const std::string name(family);
    PageLabels withBound = labels;
    withBound.emplace_back("le", "");
    for (size_t i = 0; i < m_counts.size(); ++i) {
        std::string bound = i < m_bounds.size() ? formatFloat(m_bounds[i]) : "+Inf";
        if (bound.find_first_of(".I") == std::string::npos)
            bound += ".0";
        withBound.back().second = bound;
        page.sample(name + "_bucket", withBound, std::floor(m_counts[i]));
    }
    page.sample(name + "_count", labels, std::floor(m_counts.back()));
    page.sample(name + "_sum", labels, m_sum);
}

} // namespace fleetglass::demo
