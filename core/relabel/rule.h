// Relabelling: rules that rewrite or drop a label set, one after another, as relabel_configs and
// metric_relabel_configs of Prometheus do (model/relabel). A Rule is immutable; share freely.
#pragma once

#include "core/base/result.h"
#include "core/labels/labels.h"
#include "core/regex/regex.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::relabel {

enum class Action
{
    Replace,
    Keep,
    Drop,
    KeepEqual,
    DropEqual,
    HashMod,
    LabelMap,
    LabelDrop,
    LabelKeep,
    Lowercase,
    Uppercase,
};

// The words of the config file: "replace", "labelmap" ... Words are taken in any case.
std::string_view toWord(Action action);
std::optional<Action> actionFromWord(std::string_view word);

// Which names a rule may write: the old ASCII names alone, or any UTF-8 text.
enum class NameScheme
{
    Utf8,
    Legacy
};

inline constexpr std::string_view kDefaultSeparator = ";";
inline constexpr std::string_view kDefaultRegex = "(.*)";
inline constexpr std::string_view kDefaultReplacement = "$1";

// A rule as it is written down, before it is checked. Fields left out keep their defaults.
struct RuleText
{
    std::vector<std::string> sourceLabels;
    std::string separator { kDefaultSeparator };
    std::string regex { kDefaultRegex };
    uint64_t modulus = 0;
    std::string targetLabel;
    std::string replacement { kDefaultReplacement };
    std::string action = "replace";
};

// A checked rule. Only makeRule makes one that may be applied.
struct Rule
{
    std::vector<std::string> sourceLabels;
    std::string separator;
    std::string regexText;
    regex::Regex compiled;
    uint64_t modulus = 0;
    std::string targetLabel;
    std::string replacement;
    Action action = Action::Replace;
    NameScheme names = NameScheme::Utf8;
};

// Fails with Prometheus' own words: unknown action, missing target_label, fields that the action
// does not take, names that the scheme forbids, a pattern that does not compile.
Result<Rule> makeRule(const RuleText& text, NameScheme names = NameScheme::Utf8);

// The set after all rules; nothing where a rule dropped it.
std::optional<labels::Labels> apply(std::span<const Rule> rules, const labels::Labels& labels);
// The same in place; false where a rule dropped the set (the builder then holds the state so far).
bool apply(std::span<const Rule> rules, labels::Builder& builder);

// What one rule did, for the step-by-step view. `rule` lives as long as the rules given to trace.
struct TraceStep
{
    size_t index = 0;
    const Rule* rule = nullptr;
    labels::Labels before;
    labels::Labels after; // As before where the rule dropped the set.
    bool dropped = false;
};

// One step per rule, up to and with the one that drops.
std::vector<TraceStep> trace(std::span<const Rule> rules, const labels::Labels& labels);

} // namespace fleetglass::relabel
