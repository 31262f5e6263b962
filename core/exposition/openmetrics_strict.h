// OpenMetricsStrict: what the OpenMetrics 1.0 specification forbids beyond its grammar: clashing
// and interleaved families, values a type cannot have, incomplete histograms, misplaced exemplars.
// Used from one thread at a time.
#pragma once

#include "core/exposition/openmetrics_sample.h"
#include "core/exposition/strict_histogram.h"
#include "core/exposition/text_token.h"

#include <optional>
#include <string>
#include <unordered_set>

namespace fleetglass::exposition {

class OpenMetricsStrict
{
public:
    // A HELP, TYPE or UNIT line with its text.
    Result<void> metadata(Token keyword, std::string_view name, std::string_view text);
    Result<void> sample(const OpenMetricsSampleReader& sample);
    // At # EOF.
    Result<void> finish();

private:
    Result<void> beginFamily(std::string_view name);
    Result<void> finishFamily();
    Result<void> claimNames();
    bool isOwnName(std::string_view sampleName) const;
    Result<void> checkLabels(const OpenMetricsSampleReader& sample) const;
    Result<void> checkValue(std::string_view suffix, double value) const;
    Result<void> checkExemplar(
        std::string_view suffix, const OpenMetricsSampleReader& sample) const;
    Result<void> checkGroup(const OpenMetricsSampleReader& sample);
    std::string groupOf(const OpenMetricsSampleReader& sample) const;

    bool m_inFamily = false;
    std::string m_name;
    labels::MetricType m_type = labels::MetricType::Unknown;
    bool m_hasHelp = false;
    bool m_hasType = false;
    bool m_hasUnit = false;
    std::string m_unit;
    bool m_hasSamples = false;
    std::unordered_set<std::string> m_takenNames; // Of all families so far.
    std::unordered_set<std::string> m_groups; // Of this family.
    std::string m_group;
    std::optional<double> m_groupSeconds;
    StrictHistogram m_histogram;
};

} // namespace fleetglass::exposition
