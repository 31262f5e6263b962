#include "core/exposition/created_times.h"

#include "core/exposition/text_number.h"

#include <functional>
#include <unordered_set>

namespace fleetglass::exposition {

namespace {

using labels::MetricType;

constexpr std::string_view kCreated = "_created";

uint64_t hashOf(std::string_view text)
{
    return std::hash<std::string_view>()(text) * 0x9E3779B97F4A7C15ULL;
}

// Equal for all lines of one metric: its family's name and its labels in any order, but for the one
// that tells buckets (or quantiles) apart.
uint64_t identityOf(const TextSeries& series, std::string_view baseName, MetricType type)
{
    uint64_t identity = hashOf(baseName);
    for (const auto& [name, value] : series.rawLabels()) {
        const bool isPart = (type == MetricType::Histogram && name == "le")
            || (type == MetricType::Summary && name == "quantile");
        if (!isPart)
            identity += hashOf(name) * 31 ^ hashOf(value);
    }
    return identity;
}

std::string_view baseNameOf(std::string_view name, const FamilyState& family)
{
    if (isCreatedName(name))
        return name.substr(0, name.size() - kCreated.size());
    return name.starts_with(family.name) ? family.name : name;
}

} // namespace

bool hasCreatedLines(MetricType type)
{
    return type == MetricType::Counter || type == MetricType::Histogram
        || type == MetricType::Summary;
}

bool isCreatedName(std::string_view name)
{
    return name.ends_with(kCreated);
}

void CreatedTimes::scan(
    OpenMetricsLexer lexer, const FamilyState& family, const ParseOptions& options)
{
    m_startMs.clear();
    std::unordered_set<uint64_t> seen;
    OpenMetricsSampleReader reader(lexer, family, options);
    while (true) {
        const size_t start = lexer.pos();
        const Token token = lexer.next();
        const bool isSample = token == Token::MetricName || token == Token::BraceOpen;
        if (!isSample || !reader.read(token, start))
            return;
        const auto name = reader.series().name();
        const uint64_t identity
            = identityOf(reader.series(), baseNameOf(name, family), family.type);
        // A line that comes before all it could speak of speaks of none (as in Prometheus).
        if (!isCreatedName(name))
            seen.insert(identity);
        else if (seen.contains(identity))
            m_startMs.emplace(identity, secondsToMs(reader.value()));
    }
}

int64_t CreatedTimes::startOf(const TextSeries& series, const FamilyState& family) const
{
    if (m_startMs.empty())
        return 0;
    const auto found
        = m_startMs.find(identityOf(series, baseNameOf(series.name(), family), family.type));
    return found == m_startMs.end() ? 0 : found->second;
}

} // namespace fleetglass::exposition
