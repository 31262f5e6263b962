#include "core/config/import.h"

#include "core/config/address_import.h"
#include "core/config/discovery_section.h"
#include "core/config/document_hints.h"
#include "core/config/operator_import.h"
#include "core/config/placeholders.h"
#include "core/config/protocols.h"
#include "core/config/rule_import.h"
#include "core/config/text_lines.h"
#include "core/config/yaml_reader.h"

#include <algorithm>
#include <array>

namespace fleetglass::config {

namespace {

constexpr std::array<std::string_view, 11> kConfigKeys { "global", "scrape_configs", "rule_files",
    "scrape_config_files", "alerting", "remote_write", "remote_read", "storage", "tracing", "otlp",
    "runtime" };

bool hasAnyOf(const YamlNode& map, std::span<const std::string_view> keys)
{
    return std::any_of(keys.begin(), keys.end(),
        [&map](std::string_view key) { return map.find(key) != nullptr; });
}

bool allHave(const YamlNode& list, std::string_view key)
{
    return !list.items.empty()
        && std::all_of(list.items.begin(), list.items.end(),
            [key](const YamlNode* item) { return item->isMap() && item->find(key) != nullptr; });
}

std::string textAt(const YamlNode& map, std::string_view key)
{
    const YamlEntry* entry = map.find(key);
    return entry ? entry->value->text : std::string();
}

// Documents that are met beside configurations and are none.
std::string foreignKind(const YamlNode& root)
{
    if (root.find("kind") != nullptr && root.find("apiVersion") != nullptr)
        return "a Kubernetes " + textAt(root, "kind");
    if (root.find("datasources") != nullptr)
        return "a Grafana data source";
    if (root.find("providers") != nullptr)
        return "a Grafana dashboard provider";
    if (root.find("apiVersion") != nullptr && root.find("groups") != nullptr)
        return "a Grafana alerting file";
    return root.find("services") != nullptr ? "a Docker Compose file" : std::string();
}

class Importer
{
public:
    explicit Importer(const ImportOptions& options)
        : m_options(options)
    {
    }

    ImportResult run(std::string_view text)
    {
        if (const Result<bool> checked = checkText(text); !checked)
            addError(checked.error());
        else if (std::vector<AddressWord> words = findAddresses(text); !words.empty())
            importAddresses(words, m_options, m_result);
        else if (findMissingColon(text))
            addError(withHint({ ErrorCode::Invalid, {}, {} }, text));
        else
            importYaml(text);
        if (!m_result.errors.empty()) {
            m_result.kind = ImportKind::Nothing;
            suggest(text);
        }
        return std::move(m_result);
    }

private:
    void addError(const Error& error)
    {
        m_result.errors.push_back({ Severity::Error, m_options.name,
            error.position.value_or(Position {}), error.message, error.code });
    }

    void fail(Position position, std::string message)
    {
        addError({ ErrorCode::Invalid, std::move(message), position });
    }

    void importYaml(std::string_view text)
    {
        if (looksLikeOperator(text) && importOperator(text))
            return;
        Result<YamlDocument> document = readYaml(text, LaterDocuments::Ignore);
        if (!document)
            return addError(withHint(document.error(), text));
        if (document->ignoredFrom.line > 0 && document->root->find("groups") == nullptr)
            return fail(
                document->ignoredFrom, "a second document starts here; import them one by one");
        const YamlNode& root = *document->root;
        if (root.isMap())
            importMap(*document, root, text);
        else if (root.isSequence())
            importList(*document, root);
        else
            importScalar(root, text);
        if (m_result.kind != ImportKind::ConfigMap)
            m_result.placeholders = findPlaceholders(*document->root);
    }

    // False: there is no such resource in it after all.
    bool importOperator(std::string_view text)
    {
        OperatorDocuments documents = readOperator(text, m_options.name);
        if (documents.resources == 0)
            return false;
        takeConfig(*documents.made.root, ImportKind::Operator);
        m_result.placeholders = findPlaceholders(*documents.made.root);
        const auto append = [](auto& list, auto& more) {
            std::move(more.begin(), more.end(), std::back_inserter(list));
        };
        append(m_result.errors, documents.errors);
        append(m_result.config.skipped, documents.skipped);
        for (const YamlNode* spec : documents.rules) {
            RuleReport report = loadRulesDocument(*spec, ruleOptions(true));
            append(m_result.ruleGroups, report.groups);
            append(m_result.errors, report.errors);
            append(m_result.config.warnings, report.warnings);
        }
        return true;
    }

    RuleLoadOptions ruleOptions(bool ignoreUnknownFields) const
    {
        RuleLoadOptions load;
        load.fileName = m_options.name;
        load.checkTemplate = m_options.checkTemplate;
        load.promql = m_options.promql;
        load.ignoreUnknownFields = ignoreUnknownFields;
        return load;
    }

    void importScalar(const YamlNode& root, std::string_view text)
    {
        if (root.isNull())
            return fail({ 1, 1 }, "there is nothing to import");
        addError(withHint(
            { ErrorCode::Invalid, "neither a configuration, nor jobs, rules, addresses or URLs",
                root.position },
            text));
    }

    void importMap(YamlDocument& document, const YamlNode& root, std::string_view text)
    {
        if (textAt(root, "kind") == "ConfigMap" && m_level < kLevelMax)
            return importConfigMap(root, text);
        if (const std::string kind = foreignKind(root); !kind.empty())
            return fail(root.position, "this is " + kind + ", which is not imported yet");
        if (hasAnyOf(root, kConfigKeys))
            return takeConfig(root, ImportKind::Config);
        if (root.find("groups") != nullptr)
            return importRuleFile(root);
        if (root.find("job_name") != nullptr)
            return importJobs(document, { &root });
        if (root.find("expr") != nullptr)
            return importFragments({ &root });
        if (root.find("rules") != nullptr)
            return importGroups(document, { &root });
        if (root.find("targets") != nullptr)
            return importTargetGroups({ &root });
        // The strict reader names the unknown key and the nearest one.
        takeConfig(root, ImportKind::Config);
    }

    void importList(YamlDocument& document, const YamlNode& root)
    {
        if (allHave(root, "job_name"))
            return importJobs(document, root.items);
        if (allHave(root, "expr"))
            return importFragments(root.items);
        if (allHave(root, "rules"))
            return importGroups(document, root.items);
        if (allHave(root, "targets"))
            return importTargetGroups(root.items);
        fail(root.position,
            "a list of neither jobs (job_name), rules (expr), groups (rules) nor targets "
            "(targets)");
    }

    LoadOptions loadOptions() const
    {
        LoadOptions load;
        load.fileName = m_options.name;
        load.baseDirectory = m_options.baseDirectory;
        load.environment = m_options.environment;
        return load;
    }

    void takeConfig(const YamlNode& root, ImportKind kind)
    {
        LoadReport report = loadConfigDocument(root, loadOptions());
        m_result.config = std::move(report.config);
        m_result.errors = std::move(report.errors);
        m_result.kind = kind;
    }

    // The document with a heading above: all checks and messages stay those of a full file.
    static const YamlNode& wrap(YamlDocument& document, std::string_view key,
        const std::vector<const YamlNode*>& items, Position position)
    {
        YamlNode& list = document.nodes.emplace_back();
        list.kind = YamlKind::Sequence;
        list.items = items;
        list.position = position;
        YamlNode& map = document.nodes.emplace_back();
        map.kind = YamlKind::Map;
        map.position = position;
        map.entries.push_back({ std::string(key), position, &list });
        return map;
    }

    void importJobs(YamlDocument& document, const std::vector<const YamlNode*>& items)
    {
        const YamlNode& root = wrap(document, "scrape_configs", items, items.front()->position);
        document.root = &root;
        takeConfig(root, ImportKind::Jobs);
    }

    void importTargetGroups(const std::vector<const YamlNode*>& items)
    {
        Reader reader(m_options.name, {});
        scrape::JobOptions job;
        job.name = nameFromFile(m_options.name, "imported");
        job.protocols = defaultProtocols(false);
        for (const YamlNode* item : items) {
            discovery::TargetGroup& group = job.discovery.statics.emplace_back();
            readTargetGroup(reader, *item, group);
            group.source = "static/" + std::to_string(job.discovery.statics.size() - 1);
        }
        m_result.config.jobs.push_back(std::move(job));
        m_result.kind = ImportKind::TargetGroups;
        take(reader);
    }

    void importFragments(const std::vector<const YamlNode*>& items)
    {
        Reader reader(m_options.name, {});
        importRuleFragments(reader, items, m_options, m_result.ruleGroups);
        m_result.kind = ImportKind::RuleFragments;
        take(reader);
    }

    void importGroups(YamlDocument& document, const std::vector<const YamlNode*>& items)
    {
        importRuleFile(wrap(document, "groups", items, items.front()->position));
    }

    void importRuleFile(const YamlNode& root)
    {
        RuleReport report = loadRulesDocument(root, ruleOptions(false));
        m_result.ruleGroups = std::move(report.groups);
        m_result.errors = std::move(report.errors);
        m_result.config.warnings = std::move(report.warnings);
        m_result.kind = ImportKind::RuleFile;
    }

    // data: prometheus.yml: | ... Lines of the text inside are told as lines of the whole.
    void importConfigMap(const YamlNode& root, std::string_view text)
    {
        const YamlEntry* data = root.find("data");
        const YamlEntry* found = nullptr;
        for (const YamlEntry& entry : data ? data->value->entries : std::vector<YamlEntry> {}) {
            const bool isYaml = entry.key.ends_with(".yml") || entry.key.ends_with(".yaml");
            const bool isBetter
                = found == nullptr || entry.key.find("prometheus") != std::string::npos;
            if (isYaml && isBetter && entry.value->text.find("scrape_configs") != std::string::npos)
                found = data->value->find(entry.key);
        }
        if (found == nullptr)
            return fail(root.position, "this ConfigMap holds no prometheus.yml");
        ImportResult inner = Importer(m_options, kLevelMax).run(found->value->text);
        shift(inner, found->value->position, text);
        m_result = std::move(inner);
        m_result.suggestion.reset();
        m_result.kind = ImportKind::ConfigMap;
    }

    static void shift(ImportResult& inner, Position block, std::string_view text)
    {
        const std::vector<std::string_view> lines = splitLines(text);
        const auto first = static_cast<size_t>(block.line); // The line below the block's "|".
        const size_t indent = first < lines.size() ? lines[first].find_first_not_of(' ') : 0;
        const auto move = [&](Position& position) {
            position.line += block.line;
            position.column += static_cast<int>(indent);
        };
        for (Problem& problem : inner.errors)
            move(problem.position);
        for (Problem& problem : inner.config.warnings)
            move(problem.position);
        for (Placeholder& placeholder : inner.placeholders)
            move(placeholder.position);
        for (scrape::JobOptions& job : inner.config.jobs)
            job.line += block.line;
        for (SkippedSection& section : inner.config.skipped)
            section.line += block.line;
    }

    void take(const Reader& reader)
    {
        for (const Problem& problem : reader.problems())
            (problem.severity == Severity::Error ? m_result.errors : m_result.config.warnings)
                .push_back(problem);
    }

    bool imports(const std::string& text) const
    {
        return Importer(m_options, m_level + 1).run(text).errors.empty();
    }

    void offer(std::string why, std::string text)
    {
        if (!m_result.suggestion && imports(text))
            m_result.suggestion = Suggestion { std::move(why), std::move(text) };
    }

    void suggest(std::string_view text)
    {
        if (m_level > 0)
            return;
        if (std::optional<MissingColon> missing = findMissingColon(text)) {
            const std::string why = "with the colon after \"" + missing->key + "\"";
            offer(why, missing->correctedText);
            // A page around it: from the heading to its end.
            offer(why + ", without the text before it",
                fromLine(missing->correctedText, missing->position.line));
        }
        for (std::string& block : fencedBlocks(text))
            offer("the first block of the page that can be imported", std::move(block));
        if (std::optional<std::string> restored = restoreIndentation(text))
            offer("with its indentation restored", std::move(*restored));
        if (std::optional<std::string> job = jobLines(text)) {
            if (std::optional<std::string> restored = restoreIndentation(*job))
                offer("the job on the page, with its indentation restored", std::move(*restored));
        }
    }

    static std::string fromLine(const std::string& text, int line)
    {
        std::string result;
        int number = 0;
        for (const std::string_view content : splitLines(text)) {
            if (++number >= line)
                result += std::string(content) + '\n';
        }
        return result;
    }

    // The lines from "- job_name" to the last that may belong to a job.
    static std::optional<std::string> jobLines(std::string_view text)
    {
        std::string result;
        for (const std::string_view line : splitLines(text)) {
            const std::string_view content = trimmedLine(line);
            const bool starts = content.starts_with("- job_name:");
            const bool belongs = content.find(": ") != std::string_view::npos
                || content.ends_with(':') || content.starts_with("- ");
            if (result.empty() && !starts)
                continue;
            if (!belongs)
                break;
            result += std::string(line) + '\n';
        }
        return result.empty() ? std::nullopt : std::optional(result);
    }

    // A suggestion is tried one level down, a ConfigMap's text at the last: no text can nest
    // deeper.
    static constexpr int kLevelMax = 2;

    Importer(const ImportOptions& options, int level)
        : m_options(options)
        , m_level(level)
    {
    }

    const ImportOptions& m_options;
    int m_level = 0;
    ImportResult m_result;
};

} // namespace

std::string_view describe(ImportKind kind)
{
    switch (kind) {
    case ImportKind::Nothing:
        return "nothing that can be imported";
    case ImportKind::Config:
        return "a Prometheus configuration";
    case ImportKind::ConfigMap:
        return "a Prometheus configuration in a Kubernetes ConfigMap";
    case ImportKind::Operator:
        return "resources of the Prometheus Operator";
    case ImportKind::Jobs:
        return "scrape jobs";
    case ImportKind::TargetGroups:
        return "target groups";
    case ImportKind::Addresses:
        return "addresses";
    case ImportKind::Urls:
        return "URLs";
    case ImportKind::RuleFile:
        return "a rule file";
    case ImportKind::RuleFragments:
        return "rules without a group";
    }
    return {};
}

ImportResult importText(std::string_view text, const ImportOptions& options)
{
    return Importer(options).run(text);
}

} // namespace fleetglass::config
