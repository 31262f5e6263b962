// What "fleetglass check config|rules|sd-file" finds, as promtool's checks do: the files a
// configuration names are looked at as well. Thread-safe; reads files.
#pragma once

#include "core/config/config.h"
#include "core/config/rules.h"

#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::config {

struct CheckOptions
{
    bool syntaxOnly = false; // Look at the file alone.
    bool agentMode = false;
    bool lintDuplicateRules = true;
    bool lintLongIntervals = false; // Of config files only.
    Millis lookbackDelta { 300'000 };
    bool ignoreUnknownFields = false; // Of rule files.
    scrape::NameValidation nameValidation = scrape::NameValidation::Utf8;
    promql::ParseOptions promql;
    TemplateCheck checkTemplate;
};

struct CheckReport
{
    std::vector<Problem> findings;
    size_t ruleFiles = 0;
    size_t rules = 0;
    size_t jobs = 0;

    bool has(Severity severity) const;
    bool ok() const { return !has(Severity::Error); }
};

CheckReport checkConfigFile(const std::string& path, const CheckOptions& options);
// `name` is for messages: a rule text may come from standard input.
CheckReport checkRulesText(
    std::string_view text, const std::string& name, const CheckOptions& options);
CheckReport checkRulesFile(const std::string& path, const CheckOptions& options);
CheckReport checkSdFile(const std::string& path);

} // namespace fleetglass::config
