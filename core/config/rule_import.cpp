#include "core/config/rule_import.h"

#include "core/config/address_import.h"

#include <cctype>
#include <set>

namespace fleetglass::config {

namespace {

std::string withoutTemplates(std::string_view text)
{
    std::string result;
    while (!text.empty()) {
        const size_t start = text.find("{{");
        result += text.substr(0, start);
        if (start == std::string_view::npos)
            break;
        const size_t end = text.find("}}", start);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
    }
    return result;
}

bool isWordByte(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

std::string camelCase(std::string_view text, size_t wordsMax, size_t& words)
{
    std::string result;
    bool inWord = false;
    words = 0;
    for (const char c : text) {
        const bool startsWord = isWordByte(c) && !inWord;
        if (startsWord && ++words > wordsMax)
            break;
        if (isWordByte(c))
            result
                += startsWord ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
        inWord = isWordByte(c);
    }
    return result;
}

std::string summaryOf(const rules::RuleOptions& rule)
{
    for (const std::string_view key : { "summary", "title", "message", "description" }) {
        for (const auto& [name, value] : rule.annotations) {
            if (name == key)
                return value;
        }
    }
    return {};
}

} // namespace

std::string ruleName(const rules::RuleOptions& rule)
{
    size_t words = 0;
    const std::string fromSummary = camelCase(withoutTemplates(summaryOf(rule)), 8, words);
    if (words >= 2)
        return fromSummary;
    const std::string fromExpression = camelCase(rule.expression, 8, words);
    return fromExpression.empty() ? "ImportedRule" : fromExpression;
}

void importRuleFragments(Reader& reader, const std::vector<const YamlNode*>& nodes,
    const ImportOptions& options, std::vector<rules::GroupOptions>& groups)
{
    RuleLoadOptions load;
    load.fileName = options.name;
    load.checkTemplate = options.checkTemplate;
    load.promql = options.promql;
    rules::GroupOptions& group = groups.emplace_back();
    group.name = nameFromFile(options.name, "imported");
    group.file = options.name;
    std::set<std::string> names;
    for (const YamlNode* node : nodes) {
        rules::RuleOptions rule
            = readRule(reader, *node, load, { group.name, group.rules.size() + 1, true });
        rule.wrapped = true;
        if (rule.name.empty())
            rule.name = ruleName(rule);
        const std::string base = rule.name;
        const bool isAlert = rule.kind == rules::RuleKind::Alerting;
        for (int i = 2; isAlert && !names.insert(rule.name).second; ++i)
            rule.name = base + std::to_string(i);
        group.rules.push_back(std::move(rule));
    }
}

} // namespace fleetglass::config
