#include "core/config/check_config.h"

#include "core/config/operator_import.h"
#include "core/config/target_groups.h"
#include "core/config/yaml_reader.h"
#include "core/labels/labels.h"

#include <algorithm>
#include <filesystem>
#include <sys/stat.h>

namespace fleetglass::config {

namespace {

bool fileExists(const std::string& path)
{
    struct stat status
    {
    };
    return ::stat(path.c_str(), &status) == 0;
}

bool isPattern(std::string_view path)
{
    return path.find_first_of("*?[") != std::string_view::npos;
}

// One configuration with everything it names.
class ConfigCheck
{
public:
    ConfigCheck(std::string path, const CheckOptions& options)
        : m_path(std::move(path))
        , m_options(options)
    {
    }

    CheckReport run()
    {
        const Result<std::string> text = readTextFile(m_path);
        if (!text) {
            fail({}, 0, text.error().message);
            return std::move(m_report);
        }
        LoadOptions load;
        load.fileName = m_path;
        // As it was given: messages then name files the way the user does.
        load.baseDirectory = std::filesystem::path(m_path).parent_path().string();
        load.environment = environmentVariable;
        load.agentMode = m_options.agentMode;
        if (looksLikeOperator(*text) && checkOperator(*text, load))
            return std::move(m_report);
        LoadReport loaded = loadConfigReport(*text, load);
        append(loaded.errors);
        append(loaded.config.warnings);
        m_report.jobs = loaded.config.jobs.size();
        if (loaded.errors.empty())
            checkContents(loaded.config);
        return std::move(m_report);
    }

private:
    void append(const std::vector<Problem>& problems)
    {
        m_report.findings.insert(m_report.findings.end(), problems.begin(), problems.end());
    }
    void add(Severity severity, const std::string& file, int line, std::string message)
    {
        m_report.findings.push_back(
            { severity, file, { line, 0 }, std::move(message), ErrorCode::Invalid });
    }
    void fail(const std::string& file, int line, std::string message)
    {
        add(Severity::Error, file, line, std::move(message));
    }

    // Files that it names are those of a pod, so they are not looked for here. False: it holds no
    // resource of the operator.
    bool checkOperator(std::string_view text, const LoadOptions& load)
    {
        OperatorDocuments documents = readOperator(text, m_path);
        if (documents.resources == 0)
            return false;
        LoadReport loaded = loadConfigDocument(*documents.made.root, load);
        append(documents.errors);
        append(loaded.errors);
        append(loaded.config.warnings);
        m_report.jobs = loaded.config.jobs.size();
        for (const SkippedSection& section : documents.skipped)
            add(Severity::Warning, section.file, section.line, section.name + ' ' + section.why);
        RuleLoadOptions ruleLoad;
        ruleLoad.fileName = m_path;
        ruleLoad.promql = m_options.promql;
        ruleLoad.checkTemplate = m_options.checkTemplate;
        ruleLoad.ignoreUnknownFields = true;
        for (const YamlNode* spec : documents.rules) {
            const RuleReport report = loadRulesDocument(*spec, ruleLoad);
            append(report.errors);
            append(report.warnings);
            for (const rules::GroupOptions& group : report.groups)
                m_report.rules += group.rules.size();
        }
        return true;
    }

    void checkContents(const Config& config)
    {
        for (const scrape::JobOptions& job : config.jobs)
            checkJob(job);
        for (const AlertmanagerOptions& manager : config.alerting.alertmanagers)
            checkAlertmanager(manager);
        if (!m_options.syntaxOnly) {
            for (const RemoteWriteOptions& write : config.remoteWrites)
                checkClientFiles(write.client, m_path, write.line);
            checkRuleFiles(config);
        }
    }

    void checkJob(const scrape::JobOptions& job)
    {
        if (m_options.lintLongIntervals && job.interval >= m_options.lookbackDelta)
            add(Severity::Lint, job.file, job.line,
                "too long scrape interval found, data point will be marked as stale - job: "
                    + job.name + ", interval: " + formatDuration(job.interval));
        if (!m_options.syntaxOnly) {
            checkClientFiles(job.client, job.file, job.line);
            checkFileSd(job.discovery, "scrape job " + labels::quote(job.name), job.file, job.line);
        }
        for (const discovery::TargetGroup& group : job.discovery.statics)
            checkTargets(group, job);
    }

    void checkTargets(const discovery::TargetGroup& group, const scrape::JobOptions& job)
    {
        for (const std::string& target : group.targets) {
            labels::Builder builder;
            for (const auto& [name, value] : group.labels)
                builder.set(name, value);
            builder.set("__address__", target);
            builder.set("job", job.name);
            builder.set("__metrics_path__", job.metricsPath);
            builder.set("__scheme__", job.scheme);
            builder.set("__scrape_interval__", formatDuration(job.interval));
            builder.set("__scrape_timeout__", formatDuration(job.timeout));
            for (const auto& [name, values] : job.params) {
                if (!values.empty())
                    builder.set("__param_" + name, values.front());
            }
            checkAddress(builder, job.relabelRules, job.file, job.line);
        }
    }

    // What relabelling makes of an address must be one.
    void checkAddress(labels::Builder& builder, const std::vector<relabel::Rule>& rules,
        const std::string& file, int line)
    {
        if (!relabel::apply(rules, builder))
            return;
        const std::string address(builder.get("__address__"));
        if (address.empty())
            fail(file, line, "instance 0 in group 0: no address");
        else if (address.find('/') != std::string::npos)
            fail(file, line, labels::quote(address) + " is not a valid hostname");
    }

    void checkAlertmanager(const AlertmanagerOptions& manager)
    {
        for (const discovery::TargetGroup& group : manager.discovery.statics) {
            for (const std::string& target : group.targets) {
                labels::Builder builder;
                for (const auto& [name, value] : group.labels)
                    builder.set(name, value);
                builder.set("__address__", target);
                builder.set("__scheme__", manager.scheme);
                builder.set("__alerts_path__", manager.pathPrefix + "/api/v2/alerts");
                checkAddress(builder, manager.relabelRules, m_path, manager.line);
            }
        }
        if (m_options.syntaxOnly)
            return;
        checkClientFiles(manager.client, m_path, manager.line);
        checkFileSd(manager.discovery, "alertmanagers", m_path, manager.line);
    }

    void checkFile(
        const std::string& path, const std::string& what, const std::string& file, int line)
    {
        if (!path.empty() && !fileExists(path))
            fail(file, line,
                "error checking " + what + " " + labels::quote(path)
                    + ": no such file or directory");
    }

    void checkClientFiles(const http::ClientOptions& client, const std::string& file, int line)
    {
        if (client.authorization)
            checkFile(client.authorization->credentials.file,
                "authorization credentials or bearer token file", file, line);
        if (client.basicAuth) {
            checkFile(client.basicAuth->usernameFile, "basic_auth username file", file, line);
            checkFile(client.basicAuth->password.file, "basic_auth password file", file, line);
        }
        checkFile(client.tls.caFile, "CA file", file, line);
        checkFile(client.tls.certFile, "client cert file", file, line);
        checkFile(client.tls.key.file, "client key file", file, line);
    }

    void checkFileSd(const discovery::DiscoveryOptions& options, const std::string& where,
        const std::string& file, int line)
    {
        for (const discovery::FileOptions& entry : options.files) {
            for (const std::string& pattern : entry.files) {
                const std::vector<std::string> paths = globFiles(pattern);
                if (paths.empty())
                    add(Severity::Warning, file, line,
                        "file " + labels::quote(pattern) + " for file_sd in " + where
                            + " does not exist");
                for (const std::string& path : paths)
                    append(checkSdFile(path).findings);
            }
        }
        for (const discovery::HttpOptions& entry : options.http)
            checkClientFiles(entry.client, file, line);
    }

    void checkRuleFiles(const Config& config)
    {
        CheckOptions options = m_options;
        options.nameValidation = config.global.nameValidation;
        for (const std::string& pattern : config.ruleFiles) {
            const std::vector<std::string> paths = globFiles(pattern);
            if (paths.empty() && !isPattern(pattern))
                fail(m_path, 0, labels::quote(pattern) + " does not point to an existing file");
            for (const std::string& path : paths) {
                if (m_report.ruleFiles >= kIncludedFilesMax)
                    return fail(m_path, 0, "rule_files: more than 1,000 files");
                CheckReport report = checkRulesFile(path, options);
                append(report.findings);
                m_report.ruleFiles += report.ruleFiles;
                m_report.rules += report.rules;
            }
        }
    }

    std::string m_path;
    const CheckOptions& m_options;
    CheckReport m_report;
};

} // namespace

bool CheckReport::has(Severity severity) const
{
    return std::any_of(findings.begin(), findings.end(),
        [severity](const Problem& problem) { return problem.severity == severity; });
}

CheckReport checkConfigFile(const std::string& path, const CheckOptions& options)
{
    return ConfigCheck(path, options).run();
}

CheckReport checkRulesText(
    std::string_view text, const std::string& name, const CheckOptions& options)
{
    RuleLoadOptions load;
    load.fileName = name;
    load.nameValidation = options.nameValidation;
    load.ignoreUnknownFields = options.ignoreUnknownFields;
    load.promql = options.promql;
    load.checkTemplate = options.checkTemplate;
    RuleReport loaded = loadRulesReport(text, load);
    CheckReport report;
    report.ruleFiles = 1;
    for (const rules::GroupOptions& group : loaded.groups)
        report.rules += group.rules.size();
    report.findings = std::move(loaded.errors);
    report.findings.insert(report.findings.end(), loaded.warnings.begin(), loaded.warnings.end());
    if (report.ok() && options.lintDuplicateRules) {
        const std::vector<Problem> duplicates = findDuplicateRules(loaded.groups);
        report.findings.insert(report.findings.end(), duplicates.begin(), duplicates.end());
    }
    return report;
}

CheckReport checkRulesFile(const std::string& path, const CheckOptions& options)
{
    const Result<std::string> text = readTextFile(path);
    if (text)
        return checkRulesText(*text, path, options);
    CheckReport report;
    report.findings.push_back({ Severity::Error, {}, {}, text.error().message, text.error().code });
    return report;
}

CheckReport checkSdFile(const std::string& path)
{
    CheckReport report;
    const auto fail = [&report](const Error& error) {
        report.findings.push_back({ Severity::Error, {}, {}, error.message, error.code });
    };
    const Result<TargetFormat> format = targetFormat(path);
    const Result<std::string> text = readTextFile(path);
    if (!text)
        fail(text.error());
    else if (!format)
        fail(format.error());
    else if (const auto groups = readTargetGroups(*text, *format, path); !groups)
        fail(groups.error());
    return report;
}

} // namespace fleetglass::config
