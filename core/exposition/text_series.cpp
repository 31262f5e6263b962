#include "core/exposition/text_series.h"

#include "core/base/number.h"
#include "core/base/utf8.h"
#include "core/exposition/limits.h"
#include "core/exposition/text_lexer.h"

namespace fleetglass::exposition {

namespace {

using labels::MetricType;

constexpr std::string_view kTypeLabel = "__type__";
constexpr std::string_view kUnitLabel = "__unit__";

bool cutSuffix(std::string_view& text, std::string_view suffix)
{
    if (!text.ends_with(suffix))
        return false;
    text.remove_suffix(suffix.size());
    return true;
}

bool cutAny(std::string_view& text, std::initializer_list<std::string_view> suffixes)
{
    for (const auto suffix : suffixes) {
        if (cutSuffix(text, suffix))
            return true;
    }
    return false;
}

bool isSameName(const TextSeries::RawLabel& a, const TextSeries::RawLabel& b)
{
    if (a.name == b.name)
        return true;
    const bool escaped = a.name.find('\\') != std::string_view::npos
        || b.name.find('\\') != std::string_view::npos;
    return escaped && unescapeLabelValue(a.name) == unescapeLabelValue(b.name);
}

} // namespace

bool isPartOfFamily(std::string_view sampleName, const FamilyState& family)
{
    std::string_view familyName = family.name;
    if (!sampleName.starts_with(familyName))
        return false;
    switch (family.type) {
    case MetricType::Counter:
        cutSuffix(familyName, "_total"); // The old format names the family with its suffix.
        cutSuffix(sampleName, "_total");
        break;
    case MetricType::Histogram:
        cutAny(sampleName, { "_bucket", "_sum", "_count" });
        break;
    case MetricType::GaugeHistogram:
        cutAny(sampleName, { "_bucket", "_gsum", "_gcount" });
        break;
    case MetricType::Summary:
        cutAny(sampleName, { "_sum", "_count" });
        break;
    case MetricType::Info:
        cutSuffix(sampleName, "_info");
        break;
    default:
        break;
    }
    return sampleName == familyName;
}

std::string unescapeHelp(std::string_view text, bool quotes)
{
    std::string plain;
    plain.reserve(text.size());
    for (size_t i = 0; i < text.size(); ++i) {
        const char next = i + 1 < text.size() ? text[i + 1] : '\0';
        if (text[i] == '\\' && (next == '\\' || next == 'n' || (quotes && next == '"'))) {
            plain += next == 'n' ? '\n' : next;
            ++i;
        } else {
            plain += text[i];
        }
    }
    return plain;
}

std::string unescapeLabelValue(std::string_view text)
{
    return unescapeHelp(text, true);
}

std::string formatBound(double bound)
{
    std::string text = formatFloatShort(bound);
    const bool whole = text.find_first_not_of("-0123456789") == std::string::npos;
    return whole ? text + ".0" : text;
}

Result<void> TextSeries::checkName() const
{
    if (m_name.empty())
        return failure("metric name is empty");
    if (!isValidUtf8(m_name))
        return failure("invalid UTF-8 metric name: " + quoteExcerpt(m_name));
    return checkNameBytes("metric", m_name, m_options.limits);
}

Result<void> TextSeries::add(RawLabel label)
{
    if (label.name.empty())
        return failure("label name is empty");
    if (auto good = checkLabelCount(m_labels.size() + 2, m_options.limits); !good)
        return good;
    if (auto good = checkNameBytes("label", label.name, m_options.limits); !good)
        return good;
    if (auto good = checkLabelValue(label.name, label.value, m_options.limits); !good)
        return good;
    if (!isValidUtf8(label.name))
        return failure("invalid UTF-8 label name: " + quoteExcerpt(label.name));
    bool repeated = label.name == labels::kMetricName;
    for (const RawLabel& other : m_labels)
        repeated = repeated || isSameName(other, label);
    if (repeated)
        return failure("label name " + quoteExcerpt(label.name) + " is not unique");
    m_labels.push_back(label);
    return {};
}

std::string TextSeries::valueOf(const RawLabel& label) const
{
    std::string value = unescapeLabelValue(label.value);
    const bool isBound = (m_family.type == MetricType::Summary && label.name == "quantile")
        || (m_family.type == MetricType::Histogram && label.name == "le");
    if (!isBound)
        return value;
    const auto bound = parseFloat(value);
    return bound ? formatBound(*bound) : value;
}

labels::Labels TextSeries::labels() const
{
    std::vector<std::pair<std::string, std::string>> pairs;
    pairs.reserve(m_labels.size() + 3);
    std::string name = unescapeLabelValue(m_name);
    std::string_view type;
    std::string_view unit;
    if (m_options.typeAndUnitLabels && !m_family.name.empty() && isPartOfFamily(name, m_family)) {
        if (m_family.type != MetricType::Unknown)
            type = toWord(m_family.type);
        unit = m_family.unit;
    }
    for (const RawLabel& label : m_labels) {
        std::string labelName = unescapeLabelValue(label.name);
        // What the page declares wins over what a label claims.
        if ((!type.empty() && labelName == kTypeLabel)
            || (!unit.empty() && labelName == kUnitLabel))
            continue;
        pairs.emplace_back(std::move(labelName), valueOf(label));
    }
    pairs.emplace_back(std::string(labels::kMetricName), std::move(name));
    if (!type.empty())
        pairs.emplace_back(std::string(kTypeLabel), std::string(type));
    if (!unit.empty())
        pairs.emplace_back(std::string(kUnitLabel), std::string(unit));
    return labels::Labels::fromPairs(pairs);
}

labels::Labels TextSeries::plainLabels() const
{
    std::vector<std::pair<std::string, std::string>> pairs;
    pairs.reserve(m_labels.size());
    for (const RawLabel& label : m_labels)
        pairs.emplace_back(unescapeLabelValue(label.name), unescapeLabelValue(label.value));
    return labels::Labels::fromPairs(pairs);
}

} // namespace fleetglass::exposition
