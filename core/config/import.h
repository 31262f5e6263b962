// Import: finds out what a text is (a configuration, jobs, rules, addresses, URLs, a Kubernetes
// ConfigMap) and takes it in. Pure functions; thread-safe.
#pragma once

#include "core/config/config.h"
#include "core/config/rules.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::config {

enum class ImportKind
{
    Nothing, // See errors.
    Config, // A full prometheus.yml.
    ConfigMap, // One inside a Kubernetes ConfigMap.
    Operator, // ServiceMonitor and its kind.
    Jobs, // A bare list of jobs, or one job.
    TargetGroups, // What file_sd reads.
    Addresses, // "host:port" lines.
    Urls,
    RuleFile,
    RuleFragments, // Rules without group or name: both were made up.
};

// What a kind is called in a sentence: "a list of scrape jobs".
std::string_view describe(ImportKind kind);

// A value that the documentation left to the reader: "<token_value>".
struct Placeholder
{
    std::string path; // "scrape_configs[0].tls_config.ca"
    std::string text;
    Position position;
    bool isSecret = false;
    std::string scalar {}; // The whole value that the placeholder is part of.
};

// The text as it was probably meant.
struct Suggestion
{
    std::string why;
    std::string text;
};

struct ImportOptions
{
    std::string name; // Of the file; "" for a pasted text.
    std::string baseDirectory;
    std::function<std::optional<std::string>(const std::string& name)> environment;
    TemplateCheck checkTemplate;
    promql::ParseOptions promql;
};

struct ImportResult
{
    ImportKind kind = ImportKind::Nothing;
    Config config; // Jobs, and what a full file holds besides.
    std::vector<rules::GroupOptions> ruleGroups;
    std::vector<Placeholder> placeholders;
    std::vector<Problem> errors; // Empty where the import worked.
    std::optional<Suggestion> suggestion;
};

ImportResult importText(std::string_view text, const ImportOptions& options);

// Whether a parameter of that name holds a secret ("key", "access_token"): ask once, mask always.
bool isSecretName(std::string_view name);

// One job for a URL: path and query are kept, user and password become basic_auth.
Result<scrape::JobOptions> jobFromUrl(std::string_view url);

} // namespace fleetglass::config
