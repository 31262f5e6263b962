// Rule files (groups of alerting and recording rules) as plain values, with every error of the
// file, as promtool check rules finds them (prometheus model/rulefmt). Pure functions; thread-safe.
#pragma once

#include "core/config/problem.h"
#include "core/promql/parser.h"
#include "core/rules/rule_file.h"
#include "core/scrape/job_options.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::config {

struct YamlNode;
class Reader;

// Why a template does not parse; nothing where it does.
using TemplateCheck = std::function<std::optional<std::string>(std::string_view text)>;

struct RuleLoadOptions
{
    std::string fileName; // For messages and GroupOptions::file.
    scrape::NameValidation nameValidation = scrape::NameValidation::Utf8;
    bool ignoreUnknownFields = false;
    promql::ParseOptions promql;
    TemplateCheck checkTemplate; // Empty: templates are taken as they stand.
};

struct RuleReport
{
    std::vector<rules::GroupOptions> groups; // Counts only where `errors` is empty.
    std::vector<Problem> errors;
    std::vector<Problem> warnings;
};

RuleReport loadRulesReport(std::string_view text, const RuleLoadOptions& options);
// The same for a document that was read already.
RuleReport loadRulesDocument(const YamlNode& root, const RuleLoadOptions& options);

// The first error only, as "file:line:column: message".
Result<std::vector<rules::GroupOptions>> loadRules(
    std::string_view text, const RuleLoadOptions& options);

// One rule map with the place it belongs to, for messages; problems go to the reader.
struct RulePlace
{
    std::string group;
    size_t number = 1;
    bool nameMayBeMissing = false; // A fragment, which an import will name.
};
rules::RuleOptions readRule(
    Reader& reader, const YamlNode& node, const RuleLoadOptions& options, const RulePlace& place);

// Rules with the same name and labels: the later ones, as lint.
std::vector<Problem> findDuplicateRules(const std::vector<rules::GroupOptions>& groups);

} // namespace fleetglass::config
