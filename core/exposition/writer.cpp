#include "core/exposition/writer.h"

#include "core/base/number.h"

#include <cstdio>
#include <utility>

namespace fleetglass::exposition {

namespace {

using labels::MetricType;

void appendEscaped(std::string& text, std::string_view plain, bool quotes)
{
    for (const char c : plain) {
        if (c == '\\')
            text += "\\\\";
        else if (c == '\n')
            text += "\\n";
        else if (c == '"' && quotes)
            text += "\\\"";
        else
            text += c;
    }
}

void appendQuoted(std::string& text, std::string_view plain)
{
    text += '"';
    appendEscaped(text, plain, true);
    text += '"';
}

void appendMetadataName(std::string& text, std::string_view name)
{
    if (labels::isLegacyMetricName(name))
        text += name;
    else
        appendQuoted(text, name);
}

void appendPair(std::string& text, const labels::Label& label)
{
    if (labels::isLegacyLabelName(label.name))
        text += label.name;
    else
        appendQuoted(text, label.name);
    text += '=';
    appendQuoted(text, label.value);
}

void appendSeries(std::string& text, const labels::Labels& labels)
{
    const auto name = labels.metricName();
    const bool plainName = labels::isLegacyMetricName(name);
    bool open = !plainName;
    text += plainName ? name : std::string_view("{");
    if (!plainName)
        appendQuoted(text, name);
    bool first = plainName;
    for (const labels::Label& label : labels) {
        if (label.name == labels::kMetricName)
            continue;
        text += open ? (first ? "" : ",") : "{";
        open = true;
        first = false;
        appendPair(text, label);
    }
    text += open ? "}" : "";
}

// 1520879607789 -> "1520879607.789".
void appendSeconds(std::string& text, int64_t ms)
{
    const uint64_t size = ms < 0 ? 0 - static_cast<uint64_t>(ms) : static_cast<uint64_t>(ms);
    text += ms < 0 ? "-" : "";
    text += std::to_string(size / 1000);
    if (size % 1000 != 0) {
        char digits[8];
        std::snprintf(digits, sizeof digits, ".%03u", static_cast<unsigned>(size % 1000));
        text += digits;
    }
}

std::string_view typeWord(MetricType type, TextStyle style)
{
    if (style == TextStyle::OpenMetrics)
        return toWord(type);
    switch (type) {
    case MetricType::Counter:
    case MetricType::Gauge:
    case MetricType::Histogram:
    case MetricType::Summary:
        return toWord(type);
    case MetricType::Info:
    case MetricType::StateSet:
        return "gauge";
    default:
        return "untyped";
    }
}

void appendExemplar(std::string& text, const Exemplar& exemplar)
{
    text += " # {";
    bool first = true;
    for (const labels::Label& label : exemplar.labels) {
        text += std::exchange(first, false) ? "" : ",";
        appendPair(text, label);
    }
    text += "} " + formatFloatShort(exemplar.value);
    if (exemplar.timestampMs) {
        text += ' ';
        appendSeconds(text, *exemplar.timestampMs);
    }
}

} // namespace

Writer::Writer(TextStyle style)
    : m_style(style)
{
}

void Writer::family(std::string_view name, const labels::Metadata& metadata)
{
    const bool openMetrics = m_style == TextStyle::OpenMetrics;
    if (openMetrics && metadata.type == MetricType::Counter && name.ends_with("_total"))
        name.remove_suffix(6);
    if (openMetrics && metadata.type == MetricType::Info && name.ends_with("_info"))
        name.remove_suffix(5);
    const auto line = [&](std::string_view keyword) {
        m_text += keyword;
        appendMetadataName(m_text, name);
        m_text += ' ';
    };
    if (!metadata.help.empty()) {
        line("# HELP ");
        appendEscaped(m_text, metadata.help, openMetrics);
        m_text += '\n';
    }
    line("# TYPE ");
    m_text += typeWord(metadata.type, m_style);
    m_text += '\n';
    // A unit that is no suffix of the name makes the page invalid.
    const bool hasUnit = !metadata.unit.empty() && name.ends_with('_' + metadata.unit);
    if (openMetrics && hasUnit) {
        line("# UNIT ");
        m_text += metadata.unit;
        m_text += '\n';
    }
}

void Writer::sample(const WrittenSample& sample)
{
    appendSeries(m_text, sample.labels);
    m_text += ' ';
    m_text += formatFloatShort(sample.value);
    if (sample.timestampMs) {
        m_text += ' ';
        if (m_style == TextStyle::OpenMetrics)
            appendSeconds(m_text, *sample.timestampMs);
        else
            m_text += std::to_string(*sample.timestampMs);
    }
    if (sample.exemplar && m_style == TextStyle::OpenMetrics)
        appendExemplar(m_text, *sample.exemplar);
    m_text += '\n';
}

std::string Writer::take()
{
    return std::exchange(m_text, {});
}

std::string Writer::finish()
{
    if (m_style == TextStyle::OpenMetrics)
        m_text += "# EOF\n";
    return take();
}

} // namespace fleetglass::exposition
