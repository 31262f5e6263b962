#include "core/monitor/watch_files.h"

#include "core/monitor/secret_lines.h"
#include "core/rules/template.h"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace fleetglass::monitor {

namespace {

config::Problem problemOf(const std::string& file, const Error& error)
{
    return { config::Severity::Error, file, {}, error.message, error.code };
}

config::ImportOptions importOptions(const std::string& name, const std::string& directory)
{
    config::ImportOptions options;
    options.name = name;
    options.baseDirectory = directory;
    options.environment = config::environmentVariable;
    options.checkTemplate = rules::checkTemplate;
    options.promql = promql::ParseOptions::everything();
    return options;
}

// The rule files a configuration names; one that is broken is an error of the import.
void readRuleFiles(config::ImportResult& result)
{
    for (const auto& pattern : result.config.ruleFiles) {
        for (const auto& path : config::globFiles(pattern)) {
            config::RuleLoadOptions options;
            options.fileName = path;
            options.promql = promql::ParseOptions::everything();
            options.checkTemplate = rules::checkTemplate;
            const auto text = readWatchedText(path);
            if (!text) {
                result.errors.push_back(problemOf(path, text.error()));
                continue;
            }
            auto report = config::loadRulesReport(*text, options);
            std::move(
                report.errors.begin(), report.errors.end(), std::back_inserter(result.errors));
            if (report.errors.empty())
                std::move(report.groups.begin(), report.groups.end(),
                    std::back_inserter(result.ruleGroups));
        }
    }
}

} // namespace

// A pipe or a device may never end; a large file is none that anybody wrote.
Result<std::string> readWatchedText(const std::filesystem::path& path)
{
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (!std::filesystem::exists(status))
        return failure("no such file", ErrorCode::NotFound);
    if (!std::filesystem::is_regular_file(status))
        return failure("is not a regular file");
    constexpr std::uintmax_t kBytesMax = 16 << 20;
    if (std::filesystem::file_size(path, error) > kBytesMax)
        return failure(
            "is larger than the limit of 16 MiB for configuration files", ErrorCode::Limit);
    std::ifstream stream(path, std::ios::binary);
    if (!stream)
        return failure("cannot be read: permission denied", ErrorCode::Io);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

config::ImportResult readWatchText(
    std::string_view text, const std::string& name, const std::string& directory)
{
    auto result = config::importText(text, importOptions(name, directory));
    if (result.errors.empty())
        readRuleFiles(result);
    return result;
}

std::string referencesIn(const std::string& path)
{
    return referencesOf(readWatchedText(path).value_or(std::string()));
}

config::ImportResult readWatchFile(const std::string& path, const std::string& secrets)
{
    std::error_code error;
    const auto absolute = std::filesystem::absolute(path, error);
    const auto text = readWatchedText(absolute);
    if (text)
        return readWatchText(withSecrets(*text, secrets), path, absolute.parent_path().string());
    config::ImportResult result;
    result.errors.push_back(problemOf(path, text.error()));
    return result;
}

std::vector<std::string> includedFiles(const config::Config& config)
{
    std::vector<std::string> files;
    for (const auto* patterns : { &config.ruleFiles, &config.scrapeConfigFiles }) {
        for (const auto& pattern : *patterns) {
            auto found = config::globFiles(pattern);
            std::move(found.begin(), found.end(), std::back_inserter(files));
        }
    }
    return files;
}

WatchSet watchSetOf(const config::ImportResult& result)
{
    WatchSet set;
    set.jobs = result.config.jobs;
    set.groups = result.ruleGroups;
    set.ruleSettings.intervalDefault = result.config.global.evaluationInterval;
    set.ruleSettings.queryOffset = result.config.global.ruleQueryOffset;
    set.ruleSettings.externalLabels
        = labels::Labels::fromPairs(result.config.global.externalLabels);
    return set;
}

} // namespace fleetglass::monitor
