// The rules and their words are those of client_golang's promlint, which promtool check metrics
// runs.
#include "core/exposition/lint.h"

#include "core/exposition/families.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

namespace fleetglass::exposition {

namespace {

using labels::MetricType;

struct Unit
{
    std::string_view name;
    std::string_view base;
};

constexpr std::array<Unit, 24> kUnits { {
    { "amperes", "amperes" },
    { "bytes", "bytes" },
    { "celsius", "celsius" },
    { "grams", "grams" },
    { "joules", "joules" },
    { "kelvin", "kelvin" },
    { "meters", "meters" },
    { "metres", "metres" },
    { "seconds", "seconds" },
    { "volts", "volts" },
    { "minutes", "seconds" },
    { "hours", "seconds" },
    { "days", "seconds" },
    { "weeks", "seconds" },
    { "kelvins", "kelvin" },
    { "fahrenheit", "celsius" },
    { "rankine", "celsius" },
    { "inches", "meters" },
    { "yards", "meters" },
    { "miles", "meters" },
    { "bits", "bytes" },
    { "calories", "joules" },
    { "pounds", "grams" },
    { "ounces", "grams" },
} };

constexpr std::string_view kUnitPrefixes[]
    = { "pico", "nano", "micro", "milli", "centi", "deci", "deca", "hecto", "kilo", "kibi", "mega",
          "mibi", "giga", "gibi", "tera", "tebi", "peta", "pebi" };

constexpr std::string_view kUnitAbbreviations[]
    = { "s", "ms", "us", "ns", "sec", "b", "kb", "mb", "gb", "tb", "pb", "m", "h", "d" };

constexpr std::string_view kTypesInNames[]
    = { "counter", "gauge", "summary", "histogram", "gauge_histogram" };

class FamilyLint
{
public:
    FamilyLint(const MetricFamily& family, std::vector<LintProblem>& problems)
        : m_family(family)
        , m_type(family.type.value_or(MetricType::Unknown))
        , m_problems(problems)
    {
        for (char c : family.name)
            m_lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }

    void run();

private:
    void add(std::string text)
    {
        m_problems.push_back({ m_family.name, std::move(text), m_family.line });
    }
    bool endsWith(std::string_view suffix) const { return m_family.name.ends_with(suffix); }
    // "_word_" inside the name, or "_word" at its end.
    bool hasWord(std::string_view word) const;
    void checkUnits();
    void checkSuffixes();
    void checkReserved();
    void checkNames();
    void checkDuplicates();

    const MetricFamily& m_family;
    MetricType m_type;
    std::string m_lower;
    std::vector<LintProblem>& m_problems;
};

const Unit* findUnit(std::string_view word)
{
    const auto found = std::find_if(
        kUnits.begin(), kUnits.end(), [&](const Unit& unit) { return unit.name == word; });
    return found == kUnits.end() || word.empty() ? nullptr : &*found;
}

const Unit* findPrefixedUnit(std::string_view word)
{
    if (const Unit* unit = findUnit(word))
        return unit;
    for (const auto prefix : kUnitPrefixes) {
        const Unit* unit
            = word.starts_with(prefix) ? findUnit(word.substr(prefix.size())) : nullptr;
        if (unit)
            return unit;
    }
    return nullptr;
}

bool isCamelCase(std::string_view name)
{
    for (size_t i = 1; i < name.size(); ++i) {
        if (name[i - 1] >= 'a' && name[i - 1] <= 'z' && name[i] >= 'A' && name[i] <= 'Z')
            return true;
    }
    return false;
}

bool FamilyLint::hasWord(std::string_view word) const
{
    const std::string ending = '_' + std::string(word);
    return m_lower.ends_with(ending) || m_lower.find(ending + '_') != std::string::npos;
}

void FamilyLint::run()
{
    if (!m_family.help)
        add("no help text");
    checkUnits();
    checkSuffixes();
    checkReserved();
    checkNames();
    checkDuplicates();
}

// The first unit in the name counts.
void FamilyLint::checkUnits()
{
    std::string_view rest = m_family.name;
    while (true) {
        const auto word = rest.substr(0, rest.find('_'));
        if (const Unit* unit = findPrefixedUnit(word)) {
            if (unit->base != word)
                add("use base unit \"" + std::string(unit->base) + "\" instead of \""
                    + std::string(word) + '"');
            return;
        }
        if (word.size() == rest.size())
            return;
        rest.remove_prefix(word.size() + 1);
    }
}

void FamilyLint::checkSuffixes()
{
    const bool isCounter = m_type == MetricType::Counter;
    if (isCounter && !endsWith("_total"))
        add("counter metrics should have \"_total\" suffix");
    if (m_type == MetricType::Unknown)
        return;
    if (!isCounter && endsWith("_total"))
        add("non-counter metrics should not have \"_total\" suffix");
    const bool isHistogram = m_type == MetricType::Histogram;
    const bool isSummary = m_type == MetricType::Summary;
    if (!isHistogram && endsWith("_bucket"))
        add("non-histogram metrics should not have \"_bucket\" suffix");
    for (const std::string suffix : { "_count", "_sum" }) {
        if (!isHistogram && !isSummary && endsWith(suffix))
            add("non-histogram and non-summary metrics should not have \"" + suffix + "\" suffix");
    }
}

// Labels that belong to histograms and summaries.
void FamilyLint::checkReserved()
{
    if (m_type == MetricType::Unknown)
        return;
    for (const FamilyMetric& metric : m_family.metrics) {
        for (const auto& [name, value] : metric.labels) {
            if (name == "le" && m_type != MetricType::Histogram)
                add("non-histogram metrics should not have \"le\" label");
            if (name == "quantile" && m_type != MetricType::Summary)
                add("non-summary metrics should not have \"quantile\" label");
        }
    }
}

void FamilyLint::checkNames()
{
    for (const auto type : kTypesInNames) {
        if (hasWord(type))
            add("metric name should not include type '" + std::string(type) + "'");
    }
    if (m_family.name.find(':') != std::string::npos)
        add("metric names should not contain ':'");
    if (isCamelCase(m_family.name))
        add("metric names should be written in 'snake_case' not 'camelCase'");
    for (const FamilyMetric& metric : m_family.metrics) {
        for (const auto& [name, value] : metric.labels) {
            if (isCamelCase(name))
                add("label names should be written in 'snake_case' not 'camelCase'");
        }
    }
    for (const auto abbreviation : kUnitAbbreviations) {
        if (hasWord(abbreviation))
            add("metric names should not contain abbreviated units");
    }
}

void FamilyLint::checkDuplicates()
{
    std::set<std::pair<std::vector<FamilyMetric::Label>, std::optional<int64_t>>> seen;
    for (const FamilyMetric& metric : m_family.metrics) {
        auto labels = metric.labels;
        std::sort(labels.begin(), labels.end());
        if (!seen.emplace(std::move(labels), metric.timestampMs).second)
            add("metric not unique");
    }
}

} // namespace

Result<std::vector<LintProblem>> lint(std::string_view body)
{
    const auto families = readFamilies(body);
    if (!families)
        return failure(families.error());
    std::vector<LintProblem> problems;
    for (const MetricFamily& family : *families)
        FamilyLint(family, problems).run();
    std::stable_sort(
        problems.begin(), problems.end(), [](const LintProblem& a, const LintProblem& b) {
            return std::tie(a.metric, a.text) < std::tie(b.metric, b.text);
        });
    return problems;
}

} // namespace fleetglass::exposition
