#include "core/monitor/workspace.h"

#include "core/config/splice.h"
#include "core/config/writer.h"
#include "core/monitor/definition.h"
#include "core/monitor/probe.h"
#include "core/rules/template.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace fleetglass::monitor {

namespace {

constexpr const char* kNothingYet = "nothing is watched yet";

std::string counted(int count, const char* one, const char* many)
{
    return std::to_string(count) + ' ' + (count == 1 ? one : many);
}

std::string readAll(const std::string& path)
{
    std::ifstream stream(path, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
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
            auto report = config::loadRulesReport(readAll(path), options);
            std::move(
                report.errors.begin(), report.errors.end(), std::back_inserter(result.errors));
            if (report.errors.empty())
                std::move(report.groups.begin(), report.groups.end(),
                    std::back_inserter(result.ruleGroups));
        }
    }
}

void addSecret(std::vector<Secret>& secrets, const std::string& text)
{
    // Shorter ones would be found in any page; they are masked where they are shown.
    constexpr size_t kBytesMin = 4;
    if (text.size() >= kBytesMin)
        secrets.emplace_back(text);
}

template<class T>
void replaceNamed(std::vector<T>& all, T item, bool (*same)(const T&, const T&))
{
    const auto found
        = std::find_if(all.begin(), all.end(), [&](const T& other) { return same(other, item); });
    if (found == all.end())
        all.push_back(std::move(item));
    else
        *found = std::move(item);
}

bool sameJob(const scrape::JobOptions& a, const scrape::JobOptions& b)
{
    return a.name == b.name;
}

bool sameGroup(const rules::GroupOptions& a, const rules::GroupOptions& b)
{
    return a.file == b.file && a.name == b.name;
}

} // namespace

view::ImportSummary summarize(const config::ImportResult& result)
{
    view::ImportSummary summary;
    summary.ok = result.errors.empty();
    if (!summary.ok)
        summary.error = result.errors.front().toString();
    if (result.errors.size() > 1)
        summary.notes.push_back(
            counted(static_cast<int>(result.errors.size()) - 1, "further error", "further errors"));
    if (result.suggestion) {
        summary.suggestion = result.suggestion->text;
        summary.notes.push_back(result.suggestion->why);
    }
    summary.jobs = static_cast<int>(result.config.jobs.size());
    for (const auto& job : result.config.jobs) {
        for (const auto& group : job.discovery.statics)
            summary.targets += static_cast<int>(group.targets.size());
    }
    for (const auto& group : result.ruleGroups)
        summary.rules += static_cast<int>(group.rules.size());
    for (const auto& section : result.config.skipped)
        summary.skipped.push_back(
            section.name + " (line " + std::to_string(section.line) + "): " + section.why);
    for (const auto& placeholder : result.placeholders)
        summary.placeholders.push_back(placeholder.text + " in " + placeholder.path);
    for (const auto& warning : result.config.warnings)
        summary.notes.push_back(warning.toString());
    return summary;
}

config::ImportResult readWatchText(
    std::string_view text, const std::string& name, const std::string& directory)
{
    auto result = config::importText(text, importOptions(name, directory));
    if (result.errors.empty())
        readRuleFiles(result);
    return result;
}

config::ImportResult readWatchFile(const std::string& path)
{
    std::error_code error;
    const auto absolute = std::filesystem::absolute(path, error);
    config::ImportResult result;
    const auto problem = [&](const std::string& message, ErrorCode code) {
        result.errors.push_back({ config::Severity::Error, path, {}, message, code });
        return result;
    };
    const auto status = std::filesystem::status(absolute, error);
    if (!std::filesystem::exists(status))
        return problem("no such file", ErrorCode::NotFound);
    // A pipe or a device may never end.
    if (!std::filesystem::is_regular_file(status))
        return problem("is not a regular file", ErrorCode::Invalid);
    constexpr std::uintmax_t kBytesMax = 16 << 20;
    if (std::filesystem::file_size(absolute, error) > kBytesMax)
        return problem(
            "is larger than the limit of 16 MiB for configuration files", ErrorCode::Limit);
    std::ifstream stream(absolute, std::ios::binary);
    if (!stream)
        return problem("cannot be read: permission denied", ErrorCode::Io);
    std::ostringstream text;
    text << stream.rdbuf();
    return readWatchText(text.str(), path, absolute.parent_path().string());
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

std::vector<Secret> secretsOf(const std::vector<scrape::JobOptions>& jobs)
{
    std::vector<Secret> secrets;
    for (const auto& job : jobs) {
        for (const auto& [name, values] : job.params) {
            for (const auto& value : values)
                addSecret(secrets, value);
        }
        if (job.client.basicAuth)
            addSecret(secrets, job.client.basicAuth->password.text.reveal());
        if (job.client.authorization)
            addSecret(secrets, job.client.authorization->credentials.text.reveal());
        if (job.client.oauth2)
            addSecret(secrets, job.client.oauth2->clientSecret.text.reveal());
        addSecret(secrets, job.client.tls.key.text.reveal());
        addSecret(secrets, job.client.proxy.url.reveal());
        for (const auto& header : job.client.headers) {
            for (const auto& secret : header.secrets)
                addSecret(secrets, secret.text.reveal());
        }
    }
    return secrets;
}

Workspace::Workspace(Monitor& monitor)
    : m_monitor(monitor)
{
}

view::ImportSummary Workspace::importText(
    const std::string& text, const std::string& name, bool takeIt)
{
    const auto result = readWatchText(text, name, {});
    return takeIt && result.errors.empty() ? take(result, text) : summarize(result);
}

view::ImportSummary Workspace::importFile(const std::string& path, bool takeIt)
{
    const auto result = readWatchFile(path);
    return takeIt && result.errors.empty() ? take(result, readAll(path)) : summarize(result);
}

view::ImportSummary Workspace::take(const config::ImportResult& result, const std::string& text)
{
    auto summary = summarize(result);
    const std::lock_guard lock(m_mutex);
    auto taken = watchSetOf(result);
    if (result.kind == config::ImportKind::Config && m_set.jobs.empty()) {
        m_document = text;
        m_set.ruleSettings = taken.ruleSettings;
    }
    for (auto& job : taken.jobs) {
        if (m_document != text)
            m_edited.push_back(job.name);
        replaceNamed(m_set.jobs, std::move(job), sameJob);
    }
    for (auto& group : taken.groups)
        replaceNamed(m_set.groups, std::move(group), sameGroup);
    if (m_set.jobs.empty())
        summary.notes.emplace_back(kNothingYet);
    apply();
    return summary;
}

void Workspace::apply()
{
    m_monitor.watch(m_set);
}

scrape::JobOptions* Workspace::find(const std::string& job)
{
    const auto found = std::find_if(
        m_set.jobs.begin(), m_set.jobs.end(), [&](const auto& other) { return other.name == job; });
    return found == m_set.jobs.end() ? nullptr : &*found;
}

std::vector<view::TargetDefinition> Workspace::definitions() const
{
    const std::lock_guard lock(m_mutex);
    std::vector<view::TargetDefinition> result;
    for (const auto& job : m_set.jobs)
        result.push_back(definitionOf(job));
    return result;
}

view::ImportSummary Workspace::saveDefinition(const view::TargetDefinition& definition)
{
    view::ImportSummary summary;
    const std::lock_guard lock(m_mutex);
    const auto* known = find(definition.job);
    auto job = jobOf(definition, known);
    if (!job) {
        summary.error = job.error().message;
        return summary;
    }
    summary.ok = true;
    summary.jobs = 1;
    summary.targets = static_cast<int>(definition.addresses.size());
    m_edited.push_back(job->name);
    replaceNamed(m_set.jobs, std::move(*job), sameJob);
    apply();
    return summary;
}

view::ImportSummary Workspace::applyFix(const view::JobFix& fix)
{
    view::ImportSummary summary;
    std::vector<uint64_t> targets;
    {
        const std::lock_guard lock(m_mutex);
        auto* job = find(fix.job);
        if (!job) {
            summary.error = "there is no job \"" + fix.job + "\"";
            return summary;
        }
        auto& tls = job->client.tls;
        switch (fix.kind) {
        case view::JobFix::Kind::SetCaFile:
            tls.ca.clear();
            tls.caFile = fix.argument;
            break;
        case view::JobFix::Kind::TrustCertificate:
            tls.trustedSha256 = plainFingerprint(fix.argument);
            break;
        case view::JobFix::Kind::SkipVerification:
            tls.insecureSkipVerify = true;
            break;
        case view::JobFix::Kind::VerifyAgain:
            tls.insecureSkipVerify = false;
            tls.trustedSha256.clear();
            break;
        }
        m_edited.push_back(job->name);
        apply();
    }
    for (const auto& status : m_monitor.pool().statuses()) {
        if (status->target->job == fix.job)
            targets.push_back(status->id);
    }
    m_monitor.pool().scrapeNow(targets);
    summary.ok = true;
    summary.jobs = 1;
    summary.targets = static_cast<int>(targets.size());
    return summary;
}

std::shared_ptr<const view::TargetDetailView> Workspace::test(
    const view::TargetDefinition& definition) const
{
    scrape::JobOptions known;
    bool isKnown = false;
    {
        const std::lock_guard lock(m_mutex);
        for (const auto& job : m_set.jobs) {
            if (job.name == definition.job) {
                known = job;
                isKnown = true;
            }
        }
    }
    const auto job = jobOf(definition, isKnown ? &known : nullptr);
    if (!job) {
        auto detail = std::make_shared<view::TargetDetailView>();
        detail->transcript = { job.error().message };
        detail->transcriptErrorLine = 1;
        return detail;
    }
    return probe(m_monitor.transport(), *job);
}

std::string Workspace::text() const
{
    const std::lock_guard lock(m_mutex);
    config::WriteOptions options;
    options.secretText
        = [](const Secret&, const std::string& path) { return "<keyring:" + path + '>'; };
    if (m_document.empty())
        return config::writeJobs(m_set.jobs, options);
    std::string document = m_document;
    for (const auto& job : m_set.jobs) {
        if (std::find(m_edited.begin(), m_edited.end(), job.name) == m_edited.end())
            continue;
        const std::string jobText = config::writeJob(job, options);
        auto changed = config::replaceJob(document, job.name, jobText);
        if (!changed)
            changed = config::addJob(document, jobText);
        if (changed)
            document = std::move(*changed);
    }
    return document;
}

view::ImportSummary Workspace::save(const std::string& path) const
{
    view::ImportSummary summary;
    const std::string content = text();
    const std::string staged = path + ".part";
    {
        std::ofstream stream(staged, std::ios::binary | std::ios::trunc);
        stream << content;
        stream.flush();
        summary.ok = stream.good();
    }
    std::error_code error;
    if (summary.ok)
        std::filesystem::rename(staged, path, error);
    if (!summary.ok || error) {
        std::error_code ignored;
        std::filesystem::remove(staged, ignored);
        summary.ok = false;
        summary.error
            = path + ": cannot be written" + (error ? ": " + error.message() : std::string());
    }
    return summary;
}

std::vector<Secret> Workspace::secrets() const
{
    const std::lock_guard lock(m_mutex);
    return secretsOf(m_set.jobs);
}

std::vector<rules::GroupOptions> Workspace::ruleGroups() const
{
    const std::lock_guard lock(m_mutex);
    return m_set.groups;
}

} // namespace fleetglass::monitor
