#include "core/relabel/rule.h"

#include "core/base/utf8.h"

#include <algorithm>
#include <array>

namespace fleetglass::relabel {

namespace {

constexpr std::array<std::string_view, 11> kWords { "replace", "keep", "drop", "keepequal",
    "dropequal", "hashmod", "labelmap", "labeldrop", "labelkeep", "lowercase", "uppercase" };

bool isWordByte(char c)
{
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

size_t wordLength(std::string_view text)
{
    return static_cast<size_t>(
        std::find_if_not(text.begin(), text.end(), isWordByte) - text.begin());
}

// The length of "$name" or "${name}" at the front; 0 where there is none.
size_t variableLength(std::string_view text)
{
    if (text.size() < 2 || text[0] != '$')
        return 0;
    const bool braced = text[1] == '{';
    const size_t word = wordLength(text.substr(braced ? 2 : 1));
    if (word == 0)
        return 0;
    if (!braced)
        return word + 1;
    return word + 2 < text.size() && text[word + 2] == '}' ? word + 3 : 0;
}

// A legacy label name in which $variables may stand.
bool isLegacyTemplate(std::string_view text)
{
    if (text.empty() || (text[0] >= '0' && text[0] <= '9'))
        return false;
    while (!text.empty()) {
        const size_t length = isWordByte(text[0]) ? 1 : variableLength(text);
        if (length == 0)
            return false;
        text.remove_prefix(length);
    }
    return true;
}

bool isName(std::string_view name, NameScheme names)
{
    return names == NameScheme::Legacy ? labels::isLegacyLabelName(name)
                                       : !name.empty() && isValidUtf8(name);
}

bool isTemplate(std::string_view text, NameScheme names)
{
    return names == NameScheme::Legacy ? isLegacyTemplate(text) : isName(text, names);
}

bool isEqualAction(Action action)
{
    return action == Action::KeepEqual || action == Action::DropEqual;
}

bool isCaseAction(Action action)
{
    return action == Action::Lowercase || action == Action::Uppercase;
}

tl::unexpected<Error> invalidField(std::string_view value, std::string_view field, Action action)
{
    return failure(labels::quote(value) + " is invalid '" + std::string(field) + "' for "
        + std::string(toWord(action)) + " action");
}

// The checks on target_label and replacement, in Prometheus' order (relabel.Config.Validate).
Result<void> checkTarget(const RuleText& text, Action action, NameScheme names)
{
    const std::string word(toWord(action));
    const bool writesTarget = action == Action::Replace || action == Action::HashMod
        || isCaseAction(action) || isEqualAction(action);
    if (action == Action::HashMod && text.modulus == 0)
        return failure("relabel configuration for hashmod requires non-zero modulus");
    if (writesTarget && text.targetLabel.empty())
        return failure(
            "relabel configuration for " + word + " action requires 'target_label' value");
    const bool isVariable = text.targetLabel.find('$') != std::string::npos;
    if (action == Action::Replace) {
        if (!(isVariable ? isTemplate(text.targetLabel, names) : isName(text.targetLabel, names)))
            return invalidField(text.targetLabel, "target_label", action);
    } else if (writesTarget && !isName(text.targetLabel, names)) {
        return invalidField(text.targetLabel, "target_label", action);
    }
    if ((isCaseAction(action) || isEqualAction(action)) && text.replacement != kDefaultReplacement)
        return failure("'replacement' can not be set for " + word + " action");
    if (action == Action::LabelMap && !isTemplate(text.replacement, names))
        return invalidField(text.replacement, "replacement", action);
    return {};
}

// Some actions take only a few of the fields.
Result<void> checkUnusedFields(const RuleText& text, Action action)
{
    const std::string word(toWord(action));
    const bool plain = text.modulus == 0 && text.separator == kDefaultSeparator
        && text.replacement == kDefaultReplacement;
    if (isEqualAction(action) && (!plain || text.regex != kDefaultRegex))
        return failure(
            word + " action requires only 'source_labels' and `target_label`, and no other fields");
    const bool onNames = action == Action::LabelDrop || action == Action::LabelKeep;
    if (onNames && (!plain || !text.sourceLabels.empty() || !text.targetLabel.empty()))
        return failure(word + " action requires only 'regex', and no other fields");
    return {};
}

} // namespace

std::string_view toWord(Action action)
{
    return kWords[static_cast<size_t>(action)];
}

std::optional<Action> actionFromWord(std::string_view word)
{
    std::string lower(word);
    for (char& c : lower)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    const auto found = std::find(kWords.begin(), kWords.end(), lower);
    if (found == kWords.end())
        return std::nullopt;
    return static_cast<Action>(found - kWords.begin());
}

Result<Rule> makeRule(const RuleText& text, NameScheme names)
{
    if (text.action.empty())
        return failure("relabel action cannot be empty");
    const auto action = actionFromWord(text.action);
    if (!action)
        return failure("unknown relabel action " + labels::quote(text.action));
    if (auto checked = checkTarget(text, *action, names); !checked)
        return failure(std::move(checked.error()));
    if (auto checked = checkUnusedFields(text, *action); !checked)
        return failure(std::move(checked.error()));
    auto compiled = regex::Regex::compileAnchored(text.regex);
    if (!compiled)
        return failure(std::move(compiled.error()));
    return Rule { text.sourceLabels, text.separator, text.regex, std::move(*compiled), text.modulus,
        text.targetLabel, text.replacement, *action, names };
}

} // namespace fleetglass::relabel
