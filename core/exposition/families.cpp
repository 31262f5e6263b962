#include "core/exposition/families.h"

#include "core/exposition/family_cursor.h"
#include "core/exposition/text_lexer.h"
#include "core/exposition/text_number.h"

#include "core/base/number.h"
#include "core/base/utf8.h"
#include "core/labels/labels.h"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace fleetglass::exposition {

namespace {

using labels::MetricType;

// What a sample's name says beyond its family's.
enum class Part
{
    Plain,
    Count,
    Sum
};

bool isHistogram(std::optional<MetricType> type)
{
    return type == MetricType::Histogram || type == MetricType::GaugeHistogram;
}

bool hasParts(std::optional<MetricType> type)
{
    return type == MetricType::Summary || isHistogram(type);
}

std::optional<MetricType> typeFromWord(std::string word)
{
    for (char& c : word)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    if (word == "untyped")
        return MetricType::Unknown;
    if (word == "gauge_histogram" || word == "gaugehistogram")
        return MetricType::GaugeHistogram;
    const auto type = labels::metricTypeFromWord(word);
    const bool known = type == MetricType::Counter || type == MetricType::Gauge
        || type == MetricType::Histogram || type == MetricType::Summary;
    return known ? std::optional(type) : std::nullopt;
}

std::string quoteByte(char c)
{
    return std::string("'") + (c == '\n' ? std::string("\\n") : std::string(1, c)) + "'";
}

class FamilyReader
{
public:
    FamilyReader(std::string_view body, const FamilyRules& rules)
        : m_cursor(body)
        , m_rules(rules)
    {
    }

    Result<std::vector<MetricFamily>> run();

private:
    struct Sample
    {
        std::vector<FamilyMetric::Label> labels;
        std::optional<double> part; // The quantile or the upper bound.
    };

    Result<void> readLine();
    Result<void> readComment();
    Result<void> readHelp();
    Result<void> readType();
    Result<void> readSample();
    Result<void> readLabels(Sample& sample, bool nameInside);
    Result<void> readLabel(Sample& sample, bool nameInside);
    Result<void> readNameInside();
    Result<void> readLabelValue(Sample& sample, const std::string& name);
    Result<void> addLabel(Sample& sample, const std::string& name, const std::string& value);
    Result<void> readValue(Sample& sample);
    Result<void> readTimestamp(FamilyMetric& metric);
    Result<void> store(FamilyMetric& metric, const Sample& sample, double value);
    FamilyMetric& metricFor(Sample& sample);
    Result<void> chooseFamily();
    bool chooseByParts(const std::string& name);
    MetricFamily* find(const std::string& name);

    FamilyCursor m_cursor;
    const FamilyRules& m_rules;
    std::vector<MetricFamily> m_families;
    std::unordered_map<std::string, size_t> m_byName;
    std::map<std::string, size_t> m_metricByLabels; // Summaries and histograms, all families.
    size_t m_family = 0;
    bool m_hasFamily = false;
    Part m_part = Part::Plain;
    int m_line = 0;
};

Result<std::vector<MetricFamily>> FamilyReader::run()
{
    while (!m_cursor.atEnd()) {
        ++m_line;
        if (auto read = readLine(); !read) {
            Error error = std::move(read.error());
            error.message = "text format parsing error in line " + std::to_string(m_line) + ": "
                + error.message;
            error.position = Position { m_line, 0 };
            return failure(std::move(error));
        }
    }
    std::erase_if(m_families, [](const MetricFamily& family) { return family.metrics.empty(); });
    return std::move(m_families);
}

Result<void> FamilyReader::readLine()
{
    m_cursor.skipBlanks();
    m_hasFamily = false;
    if (m_cursor.atEnd())
        return {};
    if (m_cursor.isAt('#')) {
        if (auto read = readComment(); !read)
            return read;
    } else if (!m_cursor.isAt('\n')) {
        if (auto read = readSample(); !read)
            return read;
    }
    if (m_cursor.atEnd())
        return failure(unexpectedEnd()); // Every line that says something ends with a line break.
    m_cursor.advance();
    return {};
}

Result<void> FamilyReader::readComment()
{
    m_cursor.advance();
    m_cursor.skipBlanks();
    m_cursor.takeUntilBlank();
    const std::string keyword = m_cursor.token();
    if (keyword != "HELP" && keyword != "TYPE") {
        m_cursor.skipLine();
        return {};
    }
    m_cursor.skipBlanks();
    if (m_cursor.isAt('\n') || m_cursor.atEnd())
        return {}; // Nothing after the word: a comment like any other.
    if (auto taken = m_cursor.takeName("metric", true); !taken)
        return taken;
    if (m_cursor.isAt('\n') || m_cursor.atEnd())
        return {};
    if (m_cursor.byte() != ' ' && m_cursor.byte() != '\t')
        return failure("invalid metric name in comment");
    if (auto chosen = chooseFamily(); !chosen)
        return chosen;
    m_cursor.skipBlanks();
    if (m_cursor.isAt('\n') || m_cursor.atEnd())
        return {};
    return keyword == "HELP" ? readHelp() : readType();
}

Result<void> FamilyReader::readHelp()
{
    auto& family = m_families[m_family];
    if (family.help)
        return failure("second HELP line for metric name " + quoteExcerpt(family.name));
    if (auto taken = m_cursor.takeHelp(); !taken)
        return taken;
    family.help = m_cursor.token();
    return {};
}

Result<void> FamilyReader::readType()
{
    auto& family = m_families[m_family];
    if (family.type)
        return failure("second TYPE line for metric name " + quoteExcerpt(family.name)
            + ", or TYPE reported after samples");
    m_cursor.takeUntilNewline();
    family.type = typeFromWord(m_cursor.token());
    if (!family.type)
        return failure("unknown metric type " + quoteExcerpt(m_cursor.token()));
    return {};
}

MetricFamily* FamilyReader::find(const std::string& name)
{
    const auto found = m_byName.find(name);
    if (found == m_byName.end())
        return nullptr;
    m_family = found->second;
    return &m_families[m_family];
}

// Whether the name is the _count, _sum or _bucket of a family seen before.
bool FamilyReader::chooseByParts(const std::string& name)
{
    constexpr std::pair<std::string_view, Part> kSuffixes[] {
        { "_count", Part::Count },
        { "_sum", Part::Sum },
        { "_bucket", Part::Plain },
    };
    for (const auto& [suffix, part] : kSuffixes) {
        if (name.size() <= suffix.size() || !name.ends_with(suffix))
            continue;
        const MetricFamily* family = find(name.substr(0, name.size() - suffix.size()));
        const bool bucket = suffix == "_bucket";
        if (!family || !(bucket ? isHistogram(family->type) : hasParts(family->type)))
            return false;
        m_part = part;
        return true;
    }
    return false;
}

// The family of the name in the cursor's token, made where there is none.
Result<void> FamilyReader::chooseFamily()
{
    const std::string name = m_cursor.token();
    m_part = Part::Plain;
    const bool valid = m_rules.legacyNames ? labels::isLegacyMetricName(name)
                                           : !name.empty() && isValidUtf8(name);
    if (!valid)
        return failure("invalid metric name " + quoteExcerpt(name));
    m_hasFamily = true;
    if (find(name) || chooseByParts(name))
        return {};
    m_family = m_families.size();
    m_byName[name] = m_family;
    m_families.push_back({ name, std::nullopt, std::nullopt, {}, m_line });
    return {};
}

Result<void> FamilyReader::readSample()
{
    Sample sample;
    const bool nameInside = m_cursor.isAt('{');
    if (!nameInside) {
        if (auto taken = m_cursor.takeName("metric", true); !taken)
            return taken;
        if (m_cursor.token().empty())
            return failure("invalid metric name");
        if (auto chosen = chooseFamily(); !chosen)
            return chosen;
        m_cursor.skipBlanks();
    }
    if (m_cursor.isAt('{')) {
        m_cursor.advance();
        if (auto read = readLabels(sample, nameInside); !read)
            return read;
        m_cursor.skipBlanks();
    }
    if (!m_hasFamily)
        return failure("invalid metric name");
    if (!m_families[m_family].type)
        m_families[m_family].type = MetricType::Unknown;
    return readValue(sample);
}

Result<void> FamilyReader::readLabels(Sample& sample, bool nameInside)
{
    while (true) {
        m_cursor.skipBlanks();
        if (m_cursor.atEnd())
            return failure(unexpectedEnd());
        if (m_cursor.isAt('}'))
            break;
        if (auto read = readLabel(sample, nameInside); !read)
            return read;
        if (!m_cursor.isAt(','))
            break; // readLabel has seen the brace.
        m_cursor.advance();
    }
    m_cursor.advance();
    return {};
}

Result<void> FamilyReader::readLabel(Sample& sample, bool nameInside)
{
    const std::string family = m_hasFamily ? m_families[m_family].name : std::string();
    if (auto taken = m_cursor.takeName("label", false); !taken)
        return taken;
    if (m_cursor.token().empty())
        return failure("invalid label name for metric " + quoteExcerpt(family));
    m_cursor.skipBlanks();
    if (m_cursor.atEnd())
        return failure(unexpectedEnd());
    if (!m_cursor.isAt('=')) {
        if (nameInside)
            return readNameInside();
        return failure("expected '=' after label name, found " + quoteByte(m_cursor.byte()));
    }
    const std::string name = m_cursor.token();
    if (name == labels::kMetricName)
        return failure("label name \"__name__\" is reserved");
    const bool valid = m_rules.legacyNames ? labels::isLegacyLabelName(name) : isValidUtf8(name);
    if (!valid)
        return failure("invalid label name " + quoteExcerpt(name));
    m_cursor.advance();
    return readLabelValue(sample, name);
}

// {"my.metric", ...}: the quoted name of the metric among the labels.
Result<void> FamilyReader::readNameInside()
{
    if (m_hasFamily)
        return failure(
            "multiple metric names for metric " + quoteExcerpt(m_families[m_family].name));
    if (!m_cursor.isAt(',') && !m_cursor.isAt('}'))
        return failure("unexpected end of metric name " + quoteByte(m_cursor.byte()));
    return chooseFamily();
}

Result<void> FamilyReader::readLabelValue(Sample& sample, const std::string& name)
{
    m_cursor.skipBlanks();
    if (m_cursor.atEnd())
        return failure(unexpectedEnd());
    if (!m_cursor.isAt('"'))
        return failure(
            "expected '\"' at start of label value, found " + quoteByte(m_cursor.byte()));
    m_cursor.advance();
    if (auto taken = m_cursor.takeLabelValue(); !taken)
        return taken;
    const std::string value = m_cursor.token();
    if (!isValidUtf8(value))
        return failure("invalid label value " + quoteExcerpt(value));
    if (auto added = addLabel(sample, name, value); !added)
        return added;
    m_cursor.skipBlanks();
    if (m_cursor.atEnd())
        return failure(unexpectedEnd());
    if (!m_cursor.isAt(',') && !m_cursor.isAt('}'))
        return failure("unexpected end of label value " + quoteExcerpt(value));
    return {};
}

Result<void> FamilyReader::addLabel(
    Sample& sample, const std::string& name, const std::string& value)
{
    const auto type = m_hasFamily ? m_families[m_family].type : std::nullopt;
    const bool isPart = (type == MetricType::Summary && name == "quantile")
        || (isHistogram(type) && name == "le");
    if (isPart) {
        const auto number = parseSampleValue(value);
        if (!number)
            return failure(
                "expected float as value for '" + name + "' label, got " + quoteExcerpt(value));
        sample.part = *number;
        return {};
    }
    for (const auto& label : sample.labels) {
        if (label.first == name)
            return failure("duplicate label names for metric "
                + quoteExcerpt(m_hasFamily ? m_families[m_family].name : std::string()));
    }
    sample.labels.emplace_back(name, value);
    return {};
}

Result<void> FamilyReader::readValue(Sample& sample)
{
    m_cursor.takeUntilBlank();
    if (m_cursor.atEnd())
        return failure(unexpectedEnd());
    const auto value = parseSampleValue(m_cursor.token());
    if (!value)
        return failure("expected float as value, got " + quoteExcerpt(m_cursor.token()));
    FamilyMetric& metric = metricFor(sample);
    if (auto stored = store(metric, sample, *value); !stored)
        return stored;
    return m_cursor.isAt('\n') ? Result<void>() : readTimestamp(metric);
}

// The lines of one summary or histogram make one metric, wherever they stand.
FamilyMetric& FamilyReader::metricFor(Sample& sample)
{
    auto& metrics = m_families[m_family].metrics;
    if (hasParts(m_families[m_family].type)) {
        auto sorted = sample.labels;
        std::sort(sorted.begin(), sorted.end());
        std::string key = m_families[m_family].name;
        for (const auto& [name, value] : sorted)
            key += '\xff' + name + '\xff' + value;
        const auto [place, added] = m_metricByLabels.try_emplace(key, metrics.size());
        if (!added)
            return metrics[place->second];
    }
    metrics.emplace_back();
    metrics.back().labels = std::move(sample.labels);
    return metrics.back();
}

Result<void> FamilyReader::store(FamilyMetric& metric, const Sample& sample, double value)
{
    const MetricFamily& family = m_families[m_family];
    if (!hasParts(family.type)) {
        metric.value = value;
        return {};
    }
    const bool histogram = isHistogram(family.type);
    if (m_part == Part::Sum) {
        metric.sum = value;
        return {};
    }
    const bool negative = histogram && value < 0;
    if (m_part == Part::Count) {
        if (negative)
            return failure("negative count for histogram " + quoteExcerpt(family.name));
        metric.count = value;
        return {};
    }
    if (!sample.part)
        return {};
    if (negative)
        return failure("negative bucket population for histogram " + quoteExcerpt(family.name));
    metric.parts.emplace_back(*sample.part, value);
    return {};
}

Result<void> FamilyReader::readTimestamp(FamilyMetric& metric)
{
    m_cursor.skipBlanks();
    m_cursor.takeUntilBlank();
    if (m_cursor.atEnd())
        return failure(unexpectedEnd());
    const auto timestamp = parseInt(m_cursor.token());
    if (!timestamp)
        return failure("expected integer as timestamp, got " + quoteExcerpt(m_cursor.token()));
    metric.timestampMs = *timestamp;
    m_cursor.takeUntilNewline();
    if (!m_cursor.token().empty())
        return failure("spurious string after timestamp: " + quoteExcerpt(m_cursor.token()));
    return {};
}

} // namespace

Result<std::vector<MetricFamily>> readFamilies(std::string_view body, const FamilyRules& rules)
{
    return FamilyReader(body, rules).run();
}

} // namespace fleetglass::exposition
