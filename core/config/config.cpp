#include "core/config/config.h"

#include "core/config/document_hints.h"
#include "core/config/http_section.h"
#include "core/config/job_section.h"
#include "core/config/remote_section.h"
#include "core/config/server_sections.h"
#include "core/config/yaml_reader.h"
#include "core/labels/labels.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <glob.h>
#include <map>

namespace fleetglass::config {

namespace {

struct JobPlace
{
    std::string file;
    int line = 0;
};

// A pasted configuration must not reach for other people's files unseen.
bool leavesFolder(const std::string& pattern, const std::string& folder)
{
    if (folder.empty())
        return false;
    const std::string path = std::filesystem::path(pattern).lexically_normal().string();
    std::string root = std::filesystem::path(folder).lexically_normal().string();
    if (!root.ends_with('/'))
        root += '/';
    return !path.starts_with(root);
}

// One load: the main document and what it includes.
class Loader
{
public:
    explicit Loader(const LoadOptions& options)
        : m_options(options)
    {
    }

    LoadReport run(std::string_view text)
    {
        const Result<YamlDocument> document = readYaml(text);
        if (document)
            return run(*document->root);
        addError(withHint(document.error(), text), m_options.fileName);
        return std::move(m_report);
    }

    LoadReport run(const YamlNode& root)
    {
        Reader reader(m_options.fileName, m_options.baseDirectory);
        readTop(reader, root);
        take(reader);
        if (m_report.errors.empty() && m_options.readIncludes)
            readIncludes();
        checkTargetCount();
        return std::move(m_report);
    }

private:
    void addError(const Error& error, const std::string& file)
    {
        m_report.errors.push_back({ Severity::Error, file, error.position.value_or(Position {}),
            error.message, error.code });
    }

    void take(const Reader& reader)
    {
        for (const Problem& problem : reader.problems())
            (problem.severity == Severity::Error ? m_report.errors : m_report.config.warnings)
                .push_back(problem);
    }

    void readTop(Reader& reader, const YamlNode& root)
    {
        Config& config = m_report.config;
        Section section(reader, root, "config.plain");
        if (const YamlNode* global = section.takeValue("global"))
            readGlobal(reader, *global, m_options.environment, config.global);
        const relabel::NameScheme names = nameScheme(config.global.nameValidation);
        readPatterns(section, "rule_files", "rule file", config.ruleFiles);
        readPatterns(
            section, "scrape_config_files", "scrape config file", config.scrapeConfigFiles);
        readJobs(section);
        if (const YamlNode* alerting = section.takeValue("alerting"))
            readAlerting(reader, *alerting, names, config.alerting);
        readRemoteWrites(section, names, config.remoteWrites);
        readRemoteReads(section, config.skipped);
        readServerSections(section, config.global.nameValidation, config.skipped);
        section.finish();
        listSkipped();
        if (m_options.agentMode)
            checkAgentMode(section);
    }

    // A glob only in the last part: ^[^*]*(\*[^/]*)?$ of config.patRulePath.
    void readPatterns(Section& section, std::string_view key, const std::string& what,
        std::vector<std::string>& patterns)
    {
        section.texts(key, patterns);
        for (std::string& pattern : patterns) {
            const size_t star = pattern.find('*');
            if (star != std::string::npos
                && pattern.find_first_of("/*", star + 1) != std::string::npos)
                section.failAt(key, "invalid " + what + " path " + labels::quote(pattern));
            pattern = section.reader().resolve(pattern);
            if (leavesFolder(pattern, section.reader().baseDirectory()))
                section.reader().warn(section.positionOf(key),
                    labels::quote(pattern) + " lies outside of the configuration's folder");
        }
    }

    void readJobs(Section& section)
    {
        const YamlNode* list = section.takeValue("scrape_configs");
        if (list == nullptr)
            return;
        Reader& reader = section.reader();
        for (const YamlNode* item : listOf(reader, *list, "[]*config.ScrapeConfig")) {
            if (m_report.config.jobs.size() >= kJobsMax) {
                reader.fail(item->position, "more than 10,000 jobs");
                return;
            }
            readJob(reader, *item, m_report.config.global, m_report.config.jobs.emplace_back());
            checkName(reader, *item, m_report.config.jobs.back().name);
        }
    }

    void checkName(Reader& reader, const YamlNode& node, const std::string& name)
    {
        if (name.empty())
            return;
        const auto [found, isNew]
            = m_names.emplace(name, JobPlace { reader.file(), node.position.line });
        if (!isNew)
            reader.fail(node.position,
                "found multiple scrape configs with job name " + labels::quote(name) + " (first at "
                    + found->second.file + ":" + std::to_string(found->second.line) + ")");
    }

    void listSkipped()
    {
        Config& config = m_report.config;
        for (const scrape::JobOptions& job : config.jobs) {
            for (const discovery::SkippedMechanism& mechanism : job.discovery.skipped)
                config.skipped.push_back({ "job " + labels::quote(job.name) + ": " + mechanism.name,
                    job.file, mechanism.line, "this way of discovery is not run here" });
        }
        for (const RemoteWriteOptions& write : config.remoteWrites) {
            if (!write.runnable)
                config.skipped.push_back({ "remote_write", m_options.fileName, write.line,
                    "sigv4, azuread and google_iam signing are not built in" });
        }
    }

    void checkAgentMode(Section& section)
    {
        const Config& config = m_report.config;
        const auto refuse = [&](std::string_view key) {
            section.failAt(key, "field " + std::string(key) + " is not allowed in agent mode");
        };
        if (!config.alerting.alertmanagers.empty() || !config.alerting.relabelRules.empty())
            refuse("alerting");
        if (!config.ruleFiles.empty())
            refuse("rule_files");
        const YamlEntry* reads = section.node().find("remote_read");
        if (reads != nullptr && !reads->value->items.empty())
            refuse("remote_read");
        if (config.remoteWrites.empty())
            section.fail("at least one remote_write target must be specified in agent mode");
    }

    void readIncludes()
    {
        const Glob glob = m_options.glob ? m_options.glob : Glob(globFiles);
        size_t count = 0;
        // By value: reading an include must not see the list change.
        const std::vector<std::string> patterns = m_report.config.scrapeConfigFiles;
        for (const std::string& pattern : patterns) {
            for (const std::string& path : glob(pattern)) {
                if (++count > kIncludedFilesMax) {
                    addError({ ErrorCode::Limit,
                                 "scrape_config_files: more than 1,000 files; narrow the pattern "
                                     + labels::quote(pattern),
                                 {} },
                        m_options.fileName);
                    return;
                }
                readInclude(path);
            }
        }
    }

    void readInclude(const std::string& path)
    {
        const FileReader readFile = m_options.readFile
            ? m_options.readFile
            : FileReader([](const std::string& file) { return readTextFile(file); });
        const Result<std::string> text = readFile(path);
        if (!text)
            return addError(text.error(), {});
        const Result<YamlDocument> document = readYaml(*text);
        if (!document)
            return addError(withHint(document.error(), *text), path);
        Reader reader(path, std::filesystem::path(path).parent_path().string());
        Section section(reader, *document->root, "config.ScrapeConfigs");
        readJobs(section);
        section.finish();
        take(reader);
    }

    void checkTargetCount()
    {
        size_t count = 0;
        for (const scrape::JobOptions& job : m_report.config.jobs) {
            for (const discovery::TargetGroup& group : job.discovery.statics)
                count += group.targets.size();
        }
        if (count > kStaticTargetsMax)
            addError(
                { ErrorCode::Limit,
                    std::to_string(count) + " static targets are more than the limit of 20,000",
                    {} },
                m_options.fileName);
    }

    const LoadOptions& m_options;
    LoadReport m_report;
    std::map<std::string, JobPlace> m_names;
};

// A document that is one section by itself.
template<class T, class Read>
Result<T> loadSection(std::string_view text, const LoadOptions& options, Read&& read)
{
    const Result<YamlDocument> document = readYaml(text);
    if (!document)
        return failure(document.error().at(options.fileName), document.error().code,
            document.error().position);
    Reader reader(options.fileName, options.baseDirectory);
    T value;
    read(reader, *document->root, value);
    for (const Problem& problem : reader.problems()) {
        if (problem.severity == Severity::Error)
            return failure(problem.toError());
    }
    return value;
}

} // namespace

LoadReport loadConfigReport(std::string_view text, const LoadOptions& options)
{
    return Loader(options).run(text);
}

LoadReport loadConfigDocument(const YamlNode& root, const LoadOptions& options)
{
    return Loader(options).run(root);
}

Result<Config> loadConfig(std::string_view text, const LoadOptions& options)
{
    LoadReport report = loadConfigReport(text, options);
    if (!report.errors.empty())
        return failure(report.errors.front().toError());
    return std::move(report.config);
}

Result<Config> loadConfigFile(const std::string& path, LoadOptions options)
{
    const Result<std::string> text = options.readFile ? options.readFile(path) : readTextFile(path);
    if (!text)
        return failure(text.error());
    if (options.fileName.empty())
        options.fileName = path;
    if (options.baseDirectory.empty())
        options.baseDirectory = std::filesystem::absolute(path).parent_path().string();
    return loadConfig(*text, options);
}

Result<http::ClientOptions> loadHttpConfig(std::string_view text, const LoadOptions& options)
{
    return loadSection<http::ClientOptions>(
        text, options, [](Reader& reader, const YamlNode& node, http::ClientOptions& value) {
            Section section(reader, node, "config.plain");
            readHttpKeys(section, value);
            section.finish();
        });
}

Result<http::TlsOptions> loadTlsConfig(std::string_view text, const LoadOptions& options)
{
    return loadSection<http::TlsOptions>(text, options, readTls);
}

std::vector<std::string> globFiles(const std::string& pattern)
{
    glob_t found {};
    std::vector<std::string> paths;
    if (::glob(pattern.c_str(), GLOB_NOSORT | GLOB_PERIOD, nullptr, &found) == 0)
        paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    ::globfree(&found);
    std::sort(paths.begin(), paths.end());
    return paths;
}

std::optional<std::string> environmentVariable(const std::string& name)
{
    const char* value = std::getenv(name.c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
}

} // namespace fleetglass::config
