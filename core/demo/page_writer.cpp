#include "core/demo/page_writer.h"

#include "core/base/number.h"
#include "core/demo/noise.h"

#include <algorithm>
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

Buckets::Buckets(std::vector<double> bounds, uint64_t channel)
    : m_bounds(std::move(bounds))
    , m_counts(m_bounds.size() + 1)
    , m_channel(channel)
{
}

double Buckets::draw(double value)
{
    // Twelve even draws add up to nearly a normal one.
    constexpr int kDraws = 12;
    constexpr double kSpread = 0.55;
    double normal = -6;
    for (int i = 0; i < kDraws; ++i)
        normal += grain(m_channel, m_drawn++);
    return value * std::exp(kSpread * normal);
}

void Buckets::observe(double value, double times)
{
    m_pending += times;
    for (; m_pending >= 1; m_pending -= 1) {
        const double observed = draw(value);
        const auto place = std::lower_bound(m_bounds.begin(), m_bounds.end(), observed);
        ++m_counts[static_cast<size_t>(place - m_bounds.begin())];
        m_sum += observed;
    }
}

void Buckets::write(PageWriter& page, std::string_view family, const PageLabels& labels) const
{
    const std::string name(family);
    PageLabels withBound = labels;
    withBound.emplace_back("le", "");
    uint64_t cumulative = 0;
    for (size_t i = 0; i < m_counts.size(); ++i) {
        std::string bound = i < m_bounds.size() ? formatFloat(m_bounds[i]) : "+Inf";
        if (bound.find_first_of(".I") == std::string::npos)
            bound += ".0";
        withBound.back().second = bound;
        cumulative += m_counts[i];
        page.sample(name + "_bucket", withBound, static_cast<double>(cumulative));
    }
    page.sample(name + "_count", labels, static_cast<double>(cumulative));
    page.sample(name + "_sum", labels, m_sum);
}

} // namespace fleetglass::demo
