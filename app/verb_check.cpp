// fleetglass check config|rules|metrics|sd-file: what is wrong with files, as promtool says it.
#include "app/arguments.h"
#include "app/features.h"
#include "app/verbs.h"
#include "core/config/check_config.h"
#include "core/exposition/lint.h"
#include "core/rules/template.h"

#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <sstream>

namespace fleetglass::app {

namespace {

const std::vector<FlagSpec> kFlags { { "syntax-only", false }, { "agent", false }, { "lint" },
    { "lint-fatal", false }, { "ignore-unknown-fields", false }, { "query.lookback-delta" },
    { "enable-feature" }, { "extended", false }, { "url" } };

std::string readStandardInput()
{
    return { std::istreambuf_iterator<char>(std::cin), {} };
}

// "a,b" of every --lint given; nothing given: the default set.
bool lints(const Arguments& arguments, const std::string& kind, bool otherwise)
{
    const auto given = arguments.values("lint");
    if (given.empty())
        return otherwise;
    for (const auto& list : given) {
        std::istringstream words(list);
        for (std::string word; std::getline(words, word, ',');) {
            if (word == kind || word == "all")
                return true;
        }
    }
    return false;
}

Result<config::CheckOptions> checkOptions(const Arguments& arguments)
{
    config::CheckOptions options;
    options.syntaxOnly = arguments.has("syntax-only");
    options.agentMode = arguments.has("agent");
    options.lintDuplicateRules = lints(arguments, "duplicate-rules", true);
    options.lintLongIntervals = lints(arguments, "too-long-scrape-interval", false);
    options.ignoreUnknownFields = arguments.has("ignore-unknown-fields");
    options.promql = languageOf(arguments);
    options.checkTemplate = rules::checkTemplate;
    const auto lookback = arguments.durationOr("query.lookback-delta", Millis(300'000));
    if (!lookback)
        return failure(lookback.error());
    options.lookbackDelta = *lookback;
    return options;
}

const char* wordFor(config::Severity severity)
{
    switch (severity) {
    case config::Severity::Error:
        return "error: ";
    case config::Severity::Warning:
        return "warning: ";
    case config::Severity::Lint:
        return "lint: ";
    }
    return "";
}

int printReport(const std::string& file, const config::CheckReport& report, bool lintFatal)
{
    for (const auto& finding : report.findings)
        std::cerr << wordFor(finding.severity) << finding.toString() << '\n';
    if (!report.ok())
        return kExitBad;
    std::cout << file << ": good";
    if (report.jobs > 0)
        std::cout << ", " << report.jobs << (report.jobs == 1 ? " job" : " jobs");
    if (report.rules > 0)
        std::cout << ", " << report.rules << (report.rules == 1 ? " rule" : " rules");
    std::cout << '\n';
    return lintFatal && report.has(config::Severity::Lint) ? kExitLint : kExitGood;
}

// The worst of several files; a bad one outweighs lint.
int worse(int a, int b)
{
    return a == kExitBad || b == kExitBad ? int(kExitBad) : std::max(a, b);
}

int checkFiles(const std::string& kind, const Arguments& arguments, const Words& files)
{
    const auto options = checkOptions(arguments);
    if (!options)
        return usageError(options.error().message);
    const bool lintFatal = arguments.has("lint-fatal");
    int exitCode = kExitGood;
    for (const auto& file : files) {
        const auto report = kind == "config" ? config::checkConfigFile(file, *options)
            : kind == "rules"                ? config::checkRulesFile(file, *options)
                                             : config::checkSdFile(file);
        exitCode = worse(exitCode, printReport(file, report, lintFatal));
    }
    if (kind == "rules" && files.empty())
        exitCode = printReport("standard input",
            config::checkRulesText(readStandardInput(), "standard input", *options), lintFatal);
    return exitCode;
}

} // namespace

int checkVerb(const Words& words)
{
    const auto arguments = Arguments::parse(words, kFlags);
    if (!arguments)
        return usageError(arguments.error().message);
    if (arguments->words().empty())
        return usageError("check what? config, rules, metrics, sd-file, healthy or ready");
    const std::string kind = arguments->words().front();
    const Words files(arguments->words().begin() + 1, arguments->words().end());
    if (kind == "metrics")
        return checkMetrics(
            files, arguments->has("extended"), arguments->valueOr("lint", "all") == "none");
    if (kind == "healthy" || kind == "ready")
        return checkServer(kind, arguments->valueOr("url", "http://localhost:9090"));
    if (kind != "config" && kind != "rules" && kind != "sd-file")
        return usageError(
            "cannot check \"" + kind + "\"; config, rules, metrics, sd-file, healthy or ready");
    if (files.empty() && kind != "rules")
        return usageError("check " + kind + " needs a file");
    return checkFiles(kind, *arguments, files);
}

} // namespace fleetglass::app
