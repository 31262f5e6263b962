#include "core/config/rules.h"

#include "core/base/utf8.h"
#include "core/config/document_hints.h"
#include "core/config/section.h"
#include "core/config/yaml_reader.h"
#include "core/labels/labels.h"

#include <algorithm>
#include <map>
#include <set>

namespace fleetglass::config {

namespace {

bool isLabelName(std::string_view name, scrape::NameValidation validation)
{
    if (validation == scrape::NameValidation::Legacy)
        return labels::isLegacyLabelName(name);
    return !name.empty() && isValidUtf8(name);
}

bool isMetricName(std::string_view name, scrape::NameValidation validation)
{
    if (validation == scrape::NameValidation::Legacy)
        return labels::isLegacyMetricName(name);
    return !name.empty() && isValidUtf8(name);
}

Position positionIn(const Section& section, std::string_view key)
{
    const YamlEntry* entry = section.node().find(key);
    return entry ? entry->value->position : section.position();
}

Position positionInMap(const Section& section, std::string_view key, std::string_view name)
{
    const YamlEntry* map = section.node().find(key);
    const YamlEntry* entry = map ? map->value->find(name) : nullptr;
    return entry ? entry->keyPosition : section.positionOf(key);
}

// Checks one rule and words its complaints as upstream does.
class RuleCheck
{
public:
    RuleCheck(Section& section, const RuleLoadOptions& options, const RulePlace& place,
        const rules::RuleOptions& rule)
        : m_section(section)
        , m_options(options)
        , m_rule(rule)
        , m_prefix("group " + labels::quote(place.group) + ", rule " + std::to_string(place.number)
              + ", " + labels::quote(rule.name) + ": ")
    {
    }

    void checkKind(bool hasRecord, bool hasAlert, bool nameMayBeMissing)
    {
        if (hasRecord && hasAlert)
            complain("record", "only one of 'record' and 'alert' must be set");
        if (!hasRecord && !hasAlert && !nameMayBeMissing)
            fail(m_section.position(), "one of 'record' or 'alert' must be set");
    }

    void checkExpression()
    {
        if (m_rule.expression.empty()) {
            complain("expr", "field 'expr' must be set in rule");
            return;
        }
        const auto parsed = promql::parseExpr(m_rule.expression, m_options.promql);
        if (!parsed.ok())
            complain("expr",
                "could not parse expression: "
                    + promql::describe(parsed.errors.front(), m_rule.expression));
    }

    void checkRecording()
    {
        if (!m_rule.annotations.empty())
            complain("record", "invalid field 'annotations' in recording rule");
        if (m_rule.holdFor.count() != 0)
            complain("record", "invalid field 'for' in recording rule");
        if (m_rule.keepFiringFor.count() != 0)
            complain("record", "invalid field 'keep_firing_for' in recording rule");
        if (!isMetricName(m_rule.name, m_options.nameValidation))
            complain("record", "invalid recording rule name: " + m_rule.name);
        // Valid in UTF-8 mode, and yet nearly always an expression in the wrong place.
        if (m_rule.name.find_first_of("{}") != std::string::npos)
            complain("record",
                "braces present in the recording rule name; should it be in expr?: " + m_rule.name);
    }

    void checkNames()
    {
        for (const auto& [name, value] : m_rule.labels) {
            if (!isLabelName(name, m_options.nameValidation) || name == labels::kMetricName)
                fail(positionInMap(m_section, "labels", name), "invalid label name: " + name);
            if (!isValidUtf8(value))
                fail(positionInMap(m_section, "labels", name),
                    "invalid label value: " + labels::quote(value));
        }
        for (const auto& [name, value] : m_rule.annotations) {
            if (!isLabelName(name, m_options.nameValidation))
                fail(positionInMap(m_section, "annotations", name),
                    "invalid annotation name: " + name);
        }
    }

    void checkTemplates()
    {
        if (m_rule.kind != rules::RuleKind::Alerting || !m_options.checkTemplate)
            return;
        checkTemplatesIn("labels", "label", m_rule.labels);
        checkTemplatesIn("annotations", "annotation", m_rule.annotations);
    }

private:
    void fail(Position position, const std::string& message)
    {
        m_section.reader().fail(position, m_prefix + message);
    }
    void complain(std::string_view key, const std::string& message)
    {
        fail(positionIn(m_section, key), message);
    }

    void checkTemplatesIn(
        std::string_view key, const std::string& kind, const rules::TextPairs& texts)
    {
        for (const auto& [name, value] : texts) {
            if (const std::optional<std::string> why = m_options.checkTemplate(value))
                fail(positionInMap(m_section, key, name),
                    kind + " " + labels::quote(name) + ": " + *why);
        }
    }

    Section& m_section;
    const RuleLoadOptions& m_options;
    const rules::RuleOptions& m_rule;
    std::string m_prefix;
};

void readGroupLabels(Section& section, const RuleLoadOptions& options, rules::GroupOptions& group)
{
    section.textMap("labels", group.labels);
    for (const auto& [name, value] : group.labels) {
        if (!isLabelName(name, options.nameValidation) || name == labels::kMetricName)
            section.reader().fail(
                positionInMap(section, "labels", name), "invalid label name: " + name);
    }
}

rules::GroupOptions readGroup(Reader& reader, const YamlNode& node, const RuleLoadOptions& options)
{
    rules::GroupOptions group;
    Section section(reader, node, "rulefmt.RuleGroup");
    group.file = options.fileName;
    group.line = node.position.line;
    section.text("name", group.name);
    section.duration("interval", group.interval);
    if (group.interval && group.interval->count() == 0)
        group.interval.reset();
    section.duration("query_offset", group.queryOffset);
    section.integer("limit", group.limit);
    readGroupLabels(section, options, group);
    if (const YamlNode* list = section.takeValue("rules")) {
        for (const YamlNode* item : listOf(reader, *list, "[]rulefmt.Rule"))
            group.rules.push_back(
                readRule(reader, *item, options, { group.name, group.rules.size() + 1 }));
    }
    section.finish();
    if (group.name.empty())
        section.fail("Groupname must not be empty");
    return group;
}

void readGroups(Reader& reader, const YamlNode& root, const RuleLoadOptions& options,
    std::vector<rules::GroupOptions>& groups)
{
    Section section(reader, root, "rulefmt.RuleGroups");
    std::set<std::string> names;
    if (const YamlNode* list = section.takeValue("groups")) {
        for (const YamlNode* item : listOf(reader, *list, "[]rulefmt.RuleGroup")) {
            groups.push_back(readGroup(reader, *item, options));
            const std::string& name = groups.back().name;
            if (!names.insert(name).second)
                reader.fail(
                    item->position, "groupname: \"" + name + "\" is repeated in the same file");
        }
    }
    section.finish();
}

} // namespace

rules::RuleOptions readRule(
    Reader& reader, const YamlNode& node, const RuleLoadOptions& options, const RulePlace& place)
{
    rules::RuleOptions rule;
    Section section(reader, node, "rulefmt.Rule");
    std::string record;
    std::string alert;
    section.text("record", record);
    section.text("alert", alert);
    section.text("expr", rule.expression);
    section.duration("for", rule.holdFor);
    section.duration("keep_firing_for", rule.keepFiringFor);
    section.textMap("labels", rule.labels);
    section.textMap("annotations", rule.annotations);
    section.finish();
    rule.kind = record.empty() ? rules::RuleKind::Alerting : rules::RuleKind::Recording;
    rule.name = alert.empty() ? record : alert;
    rule.line = node.position.line;
    rule.expressionLine = positionIn(section, "expr").line;

    RuleCheck check(section, options, place, rule);
    check.checkKind(!record.empty(), !alert.empty(), place.nameMayBeMissing);
    check.checkExpression();
    if (!record.empty())
        check.checkRecording();
    check.checkNames();
    check.checkTemplates();
    return rule;
}

RuleReport loadRulesReport(std::string_view text, const RuleLoadOptions& options)
{
    RuleReport report;
    const Result<YamlDocument> document = readYaml(text, LaterDocuments::Ignore);
    if (!document) {
        const Error error = withHint(document.error(), text);
        report.errors.push_back({ Severity::Error, options.fileName,
            error.position.value_or(Position {}), error.message, error.code });
        return report;
    }
    report = loadRulesDocument(*document->root, options);
    if (document->ignoredFrom.line > 0)
        report.warnings.push_back({ Severity::Warning, options.fileName, document->ignoredFrom,
            "only the first document of a rule file counts", ErrorCode::Invalid });
    return report;
}

RuleReport loadRulesDocument(const YamlNode& root, const RuleLoadOptions& options)
{
    RuleReport report;
    Reader reader(options.fileName, {}, options.ignoreUnknownFields);
    readGroups(reader, root, options, report.groups);
    for (const Problem& problem : reader.problems())
        (problem.severity == Severity::Error ? report.errors : report.warnings).push_back(problem);
    return report;
}

Result<std::vector<rules::GroupOptions>> loadRules(
    std::string_view text, const RuleLoadOptions& options)
{
    RuleReport report = loadRulesReport(text, options);
    if (!report.errors.empty())
        return failure(report.errors.front().toError());
    return std::move(report.groups);
}

std::vector<Problem> findDuplicateRules(const std::vector<rules::GroupOptions>& groups)
{
    struct Place
    {
        std::string file;
        int line = 0;
    };
    std::map<std::pair<std::string, std::map<std::string, std::string>>, Place> seen;
    std::vector<Problem> found;
    for (const rules::GroupOptions& group : groups) {
        for (const rules::RuleOptions& rule : group.rules) {
            const std::map<std::string, std::string> labels(rule.labels.begin(), rule.labels.end());
            const auto [first, isNew]
                = seen.emplace(std::pair(rule.name, labels), Place { group.file, rule.line });
            if (isNew)
                continue;
            std::string text = "duplicate rule: " + rule.name + " {";
            for (const auto& [name, value] : labels)
                text += (text.ends_with('{') ? "" : ", ") + name + "=" + labels::quote(value);
            found.push_back({ Severity::Lint, group.file, { rule.line, 0 },
                text + "} stands on line " + std::to_string(first->second.line) + " already",
                ErrorCode::Invalid });
        }
    }
    return found;
}

} // namespace fleetglass::config
