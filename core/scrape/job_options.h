// A scrape job as plain values: one entry of scrape_configs with every default already filled in
// (Prometheus 3.14's scrape_config). Values.
#pragma once

#include "core/base/duration.h"
#include "core/discovery/options.h"
#include "core/http/client_options.h"
#include "core/relabel/rule.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace fleetglass::scrape {

enum class NameValidation
{
    Utf8,
    Legacy
};
enum class NameEscaping
{
    AllowUtf8,
    Underscores,
    Dots,
    Values
};

// Limits of one scrape; 0 in a file means "our ceiling", never "unlimited".
struct LimitOptions
{
    uint64_t bodyBytesMax = 0;
    uint64_t samplesMax = 0;
    uint64_t labelsMax = 0;
    uint64_t labelNameBytesMax = 0;
    uint64_t labelValueBytesMax = 0;
    uint64_t targetsMax = 0;
    uint64_t keepDroppedTargets = 0;
    friend bool operator==(const LimitOptions&, const LimitOptions&) = default;
};

struct JobOptions
{
    std::string name;
    Millis interval { 60'000 };
    Millis timeout { 10'000 };
    std::string metricsPath = "/metrics";
    std::string scheme = "http";
    // Query parameters; a value may be a secret (?key=) and is masked wherever a URL is shown.
    std::vector<std::pair<std::string, std::vector<std::string>>> params;
    bool honorLabels = false;
    bool honorTimestamps = true;
    bool trackTimestampsStaleness = false;
    bool enableCompression = true;
    // Names as in the config: "OpenMetricsText1.0.0", "PrometheusText0.0.4", "PrometheusProto" ...
    std::vector<std::string> protocols;
    std::string fallbackProtocol;
    bool scrapeNativeHistograms = false;
    bool alwaysScrapeClassicHistograms = false;
    bool convertClassicHistogramsToNhcb = false;
    bool extraScrapeMetrics = false;
    uint64_t nativeHistogramBucketLimit = 0;
    double nativeHistogramMinBucketFactor = 0;
    NameValidation nameValidation = NameValidation::Utf8;
    NameEscaping nameEscaping = NameEscaping::AllowUtf8;
    LimitOptions limits;
    http::ClientOptions client;
    discovery::DiscoveryOptions discovery;
    std::vector<relabel::Rule> relabelRules;
    std::vector<relabel::Rule> metricRelabelRules;
    std::string file; // Where it was defined, for "go to config line".
    int line = 0;
};

} // namespace fleetglass::scrape
