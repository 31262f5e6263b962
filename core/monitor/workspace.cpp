#include "core/monitor/workspace.h"

#include "core/config/splice.h"
#include "core/monitor/definition.h"
#include "core/monitor/probe.h"
#include "core/rules/template.h"
#include "core/snapshot/staged_file.h"

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

// A pipe or a device may never end; a large file is none that anybody wrote.
Result<std::string> readText(const std::filesystem::path& path)
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
            const auto text = readText(path);
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

void addSecret(std::vector<Secret>& secrets, const std::string& text)
{
    // Shorter ones would be found in any page; they are masked where they are shown.
    constexpr size_t kBytesMin = 4;
    if (text.size() >= kBytesMin)
        secrets.emplace_back(text);
}

// A parameter's value of this length is no word of every page.
constexpr size_t kLongValueBytes = 16;

void addHeaderSecrets(std::vector<Secret>& secrets, const std::vector<http::Header>& headers)
{
    for (const auto& header : headers) {
        for (const auto& secret : header.secrets)
            addSecret(secrets, secret.text.reveal());
    }
}

void addClientSecrets(std::vector<Secret>& secrets, const http::ClientOptions& client)
{
    if (client.basicAuth)
        addSecret(secrets, client.basicAuth->password.text.reveal());
    if (client.authorization)
        addSecret(secrets, client.authorization->credentials.text.reveal());
    if (client.oauth2) {
        addSecret(secrets, client.oauth2->clientSecret.text.reveal());
        addSecret(secrets, client.oauth2->clientCertificateKey.text.reveal());
        addSecret(secrets, client.oauth2->tls.key.text.reveal());
    }
    addSecret(secrets, client.tls.key.text.reveal());
    addSecret(secrets, client.proxy.url.reveal());
    addHeaderSecrets(secrets, client.headers);
    addHeaderSecrets(secrets, client.proxy.connectHeaders);
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

// What is wrong with the fix; empty where it was made.
std::string fixTls(http::TlsOptions& tls, const view::JobFix& fix)
{
    switch (fix.kind) {
    case view::JobFix::Kind::SetCaFile:
        if (fix.argument.empty())
            return "choose the file of the authority's certificate";
        tls.ca.clear();
        tls.caFile = fix.argument;
        return {};
    case view::JobFix::Kind::TrustCertificate: {
        const std::string plain = plainFingerprint(fix.argument);
        if (plain.size() != 64 || plain.find_first_not_of("0123456789abcdef") != std::string::npos)
            return "\"" + fix.argument + "\" is not the SHA-256 of a certificate";
        tls.trustedSha256 = plain;
        return {};
    }
    case view::JobFix::Kind::SkipVerification:
        tls.insecureSkipVerify = true;
        return {};
    case view::JobFix::Kind::VerifyAgain:
        tls.insecureSkipVerify = false;
        tls.trustedSha256.clear();
        return {};
    }
    return {};
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

std::string referencesIn(const std::string& path)
{
    return referencesOf(readText(path).value_or(std::string()));
}

config::ImportResult readWatchFile(const std::string& path, const std::string& secrets)
{
    std::error_code error;
    const auto absolute = std::filesystem::absolute(path, error);
    const auto text = readText(absolute);
    if (text)
        return readWatchText(withSecrets(*text, secrets), path, absolute.parent_path().string());
    config::ImportResult result;
    result.errors.push_back(problemOf(path, text.error()));
    return result;
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
            for (const auto& value : values) {
                if (config::isSecretName(name) || value.size() >= kLongValueBytes)
                    addSecret(secrets, value);
            }
        }
        addClientSecrets(secrets, job.client);
        for (const auto& source : job.discovery.http)
            addClientSecrets(secrets, source.client);
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

view::ImportSummary Workspace::importFile(
    const std::string& path, bool takeIt, const std::string& secrets)
{
    const auto result = readWatchFile(path, secrets);
    return takeIt && result.errors.empty() ? take(result, readText(path).value_or(std::string()))
                                           : summarize(result);
}

view::ImportSummary Workspace::take(const config::ImportResult& result, const std::string& text)
{
    auto summary = summarize(result);
    const std::lock_guard lock(m_mutex);
    auto taken = watchSetOf(result);
    const bool isConfig = result.kind == config::ImportKind::Config;
    if (isConfig && m_document.empty())
        takeDocument(result, text);
    else if (isConfig && m_document != text)
        summary.notes.emplace_back(
            "its jobs and rules join what is watched; its other sections stay in their own file");
    for (auto& job : taken.jobs) {
        // Of the document itself only what was written in it is not edited.
        if (m_document == text && isConfig)
            m_edited.erase(job.name);
        else
            m_edited.insert(job.name);
        replaceNamed(m_set.jobs, std::move(job), sameJob);
    }
    for (auto& group : taken.groups)
        replaceNamed(m_set.groups, std::move(group), sameGroup);
    if (m_set.jobs.empty())
        summary.notes.emplace_back(kNothingYet);
    apply();
    return summary;
}

// What was watched before has to be written into it.
void Workspace::takeDocument(const config::ImportResult& result, const std::string& text)
{
    m_document = text;
    m_globalInterval = result.config.global.scrapeInterval;
    m_globalTimeout = result.config.global.scrapeTimeout;
    m_set.ruleSettings = watchSetOf(result).ruleSettings;
    for (const auto& job : m_set.jobs)
        m_edited.insert(job.name);
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
    const auto built = scrape::buildTargets(*job, job->discovery.statics);
    if (!built.problems.empty()) {
        summary.error = built.problems.front().address + ": " + built.problems.front().message;
        return summary;
    }
    summary.ok = true;
    summary.jobs = 1;
    summary.targets = static_cast<int>(definition.addresses.size());
    m_edited.insert(job->name);
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
        if (auto problem = fixTls(job->client.tls, fix); !problem.empty()) {
            summary.error = std::move(problem);
            return summary;
        }
        m_edited.insert(job->name);
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

Result<std::string> Workspace::text() const
{
    const std::lock_guard lock(m_mutex);
    config::WriteOptions options;
    options.secretText
        = [](const Secret&, const std::string& path) { return keyringReference(path); };
    if (m_document.empty())
        return config::writeJobs(m_set.jobs, options);
    options.globalInterval = m_globalInterval;
    options.globalTimeout = m_globalTimeout;
    return editedDocument(options);
}

Result<std::string> Workspace::editedDocument(const config::WriteOptions& options) const
{
    std::string document = m_document;
    for (const auto& job : m_set.jobs) {
        if (!m_edited.contains(job.name))
            document = withReferences(std::move(document), placedSecretsOf(job));
    }
    // One that is written in a way of its own goes with the job's lines.
    const auto unusual = jobsWithSecrets(document, m_set.jobs);
    if (!unusual)
        return failure(unusual.error());
    for (const auto& job : m_set.jobs) {
        if (!m_edited.contains(job.name) && !unusual->contains(job.name))
            continue;
        const std::string jobText = config::writeJob(job, options);
        auto changed = config::replaceJob(document, job.name, jobText);
        if (!changed && changed.error().code == ErrorCode::NotFound)
            changed = config::addJob(document, jobText);
        if (!changed)
            return failure("job \"" + job.name + "\": " + changed.error().message);
        document = std::move(*changed);
    }
    return document;
}

view::ImportSummary Workspace::save(const std::string& path) const
{
    view::ImportSummary summary;
    const auto write = [&]() -> Result<int64_t> {
        const auto content = text();
        if (!content)
            return failure(path + ": " + content.error().message);
        auto file = snapshot::StagedFile::create(path);
        if (!file)
            return failure(file.error());
        if (const auto written = file->write(*content); !written)
            return failure(written.error());
        return file->commit();
    };
    const auto written = write();
    summary.ok = written.has_value();
    if (!written)
        summary.error = written.error().message;
    return summary;
}

std::vector<Secret> Workspace::secrets() const
{
    const std::lock_guard lock(m_mutex);
    return secretsOf(m_set.jobs);
}

std::vector<PlacedSecret> Workspace::placedSecrets() const
{
    const std::lock_guard lock(m_mutex);
    std::vector<PlacedSecret> result;
    for (const auto& job : m_set.jobs) {
        auto secrets = placedSecretsOf(job);
        std::move(secrets.begin(), secrets.end(), std::back_inserter(result));
    }
    return result;
}

std::vector<rules::GroupOptions> Workspace::ruleGroups() const
{
    const std::lock_guard lock(m_mutex);
    return m_set.groups;
}

} // namespace fleetglass::monitor
