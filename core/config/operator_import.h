// Resources of the Prometheus Operator (ServiceMonitor, PodMonitor, Probe, ScrapeConfig,
// PrometheusRule; single, several documents, or a List) as jobs and rules. Pure functions;
// thread-safe.
#pragma once

#include "core/config/config.h"
#include "core/config/rules.h"
#include "core/config/yaml_document.h"

#include <deque>
#include <string_view>
#include <vector>

namespace fleetglass::config {

// What the text is made of. The trees live as long as it does.
struct OperatorDocuments
{
    std::deque<YamlDocument> sources;
    YamlDocument made; // Its root is a map with scrape_configs.
    std::vector<const YamlNode*> rules; // The `spec` of each PrometheusRule.
    size_t resources = 0; // Of the kinds above.
    std::vector<SkippedSection> skipped; // Fields and kinds that mean nothing here.
    std::vector<Problem> errors; // Of the YAML itself.
};

// Whether the text may hold such resources at all; cheap.
bool looksLikeOperator(std::string_view text);

// `resources` is 0 where the text has none of them.
OperatorDocuments readOperator(std::string_view text, const std::string& fileName);

} // namespace fleetglass::config
