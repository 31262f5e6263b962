// A prometheus.yml as the modules' own option structs, with every default filled in (Prometheus
// 3.14). What is recognised but not acted on is listed, never lost. Values.
// loadConfig and loadConfigFile are thread-safe.
#pragma once

#include "core/base/duration.h"
#include "core/base/result.h"
#include "core/config/problem.h"
#include "core/discovery/options.h"
#include "core/http/client_options.h"
#include "core/relabel/rule.h"
#include "core/scrape/job_options.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fleetglass::config {

struct YamlNode;

using TextPairs = std::vector<std::pair<std::string, std::string>>;

struct GlobalOptions
{
    Millis scrapeInterval { 60'000 };
    Millis scrapeTimeout { 10'000 };
    Millis evaluationInterval { 60'000 };
    Millis ruleQueryOffset { 0 };
    std::vector<std::string> protocols; // Empty: each job chooses by its histograms.
    TextPairs externalLabels; // $VAR and ${VAR} replaced.
    std::string queryLogFile;
    std::string scrapeFailureLogFile;
    scrape::LimitOptions limits;
    scrape::NameValidation nameValidation = scrape::NameValidation::Utf8;
    std::optional<scrape::NameEscaping> nameEscaping;
    bool scrapeNativeHistograms = false;
    bool convertClassicHistogramsToNhcb = false;
    bool alwaysScrapeClassicHistograms = false;
    bool extraScrapeMetrics = false;
};

struct QueueOptions
{
    int capacity = 10'000;
    int shardsMin = 1;
    int shardsMax = 50;
    int samplesPerSendMax = 2'000;
    Millis batchSendDeadline { 5'000 };
    Millis backoffMin { 30 };
    Millis backoffMax { 5'000 };
    bool retryOnRateLimit = false;
    Millis sampleAgeLimit { 0 };
};

struct RemoteWriteOptions
{
    Secret url; // May hold a password.
    std::string name;
    Millis timeout { 30'000 };
    TextPairs headers;
    std::vector<relabel::Rule> relabelRules;
    bool sendExemplars = false;
    bool sendNativeHistograms = false;
    bool roundRobinDns = false;
    std::string protobufMessage = "prometheus.WriteRequest";
    http::ClientOptions client;
    QueueOptions queue;
    bool sendMetadata = true;
    Millis metadataInterval { 60'000 };
    int metadataSamplesPerSendMax = 2'000;
    bool runnable = true; // False: it needs a way of signing that is not built in.
    int line = 0;
};

struct AlertmanagerOptions
{
    std::string scheme = "http";
    std::string pathPrefix;
    Millis timeout { 10'000 };
    std::string apiVersion = "v2";
    http::ClientOptions client;
    discovery::DiscoveryOptions discovery;
    std::vector<relabel::Rule> relabelRules;
    std::vector<relabel::Rule> alertRelabelRules;
    int line = 0;
};

struct AlertingOptions
{
    std::vector<relabel::Rule> relabelRules;
    std::vector<AlertmanagerOptions> alertmanagers;
};

// Recognised, checked, and not acted on.
struct SkippedSection
{
    std::string name; // "tracing", "scrape_configs[2].ec2_sd_configs"
    std::string file;
    int line = 0;
    std::string why;
};

struct Config
{
    GlobalOptions global;
    std::vector<scrape::JobOptions> jobs; // Those of scrape_config_files come last.
    std::vector<std::string> ruleFiles; // Globs, absolute where the file's folder is known.
    std::vector<std::string> scrapeConfigFiles;
    std::vector<RemoteWriteOptions> remoteWrites;
    AlertingOptions alerting;
    std::vector<SkippedSection> skipped;
    std::vector<Problem> warnings;
};

// A file read on behalf of a config: its text, or why not.
using FileReader = std::function<Result<std::string>(const std::string& path)>;
// The paths a pattern of ours stands for, sorted.
using Glob = std::function<std::vector<std::string>(const std::string& pattern)>;

struct LoadOptions
{
    std::string fileName; // For messages.
    std::string baseDirectory; // Relative paths start here.
    // A variable of the environment; nothing set: all are empty.
    std::function<std::optional<std::string>(const std::string& name)> environment;
    bool agentMode = false;
    // Whether scrape_config_files are read; without it they are only listed.
    bool readIncludes = true;
    FileReader readFile; // Empty: the disk.
    Glob glob; // Empty: the disk.
};

inline constexpr size_t kJobsMax = 10'000;
inline constexpr size_t kStaticTargetsMax = 20'000;
inline constexpr size_t kIncludedFilesMax = 1'000;

// Errors read "file:line:column: message" and carry the position as well; the file is the included
// one where the fault lies there.
Result<Config> loadConfig(std::string_view text, const LoadOptions& options);
Result<Config> loadConfigFile(const std::string& path, LoadOptions options = {});

// All that is wrong, not only the first; the Config counts only where `errors` is empty.
struct LoadReport
{
    Config config;
    std::vector<Problem> errors;
};
LoadReport loadConfigReport(std::string_view text, const LoadOptions& options);
// The same for a document that was read already.
LoadReport loadConfigDocument(const YamlNode& root, const LoadOptions& options);

// An http_config or tls_config document by itself, as promtool takes them for --http.config.file.
Result<http::ClientOptions> loadHttpConfig(std::string_view text, const LoadOptions& options);
Result<http::TlsOptions> loadTlsConfig(std::string_view text, const LoadOptions& options);

// The disk's own.
std::vector<std::string> globFiles(const std::string& pattern);
std::optional<std::string> environmentVariable(const std::string& name);

} // namespace fleetglass::config
