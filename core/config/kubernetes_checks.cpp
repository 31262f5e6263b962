// Kubernetes SD: which settings exclude each other, and the two selector languages
// (k8s.io/apimachinery fields.ParseSelector and labels.Parse), as far as loading a file checks
// them.
#include "core/config/discovery_checks.h"
#include "core/config/http_section.h"
#include "core/labels/labels.h"

#include <algorithm>
#include <array>
#include <set>

namespace fleetglass::config::checks {

namespace {

struct RoleSelectors
{
    std::string_view role;
    std::vector<std::string_view> allowed;
};

const std::array<RoleSelectors, 6>& roleSelectors()
{
    static const std::array<RoleSelectors, 6> table { {
        { "pod", { "pod", "node" } }, // Nodes for attach_metadata.
        { "service", { "service" } },
        { "endpointslice", { "pod", "service", "endpointslice" } },
        { "endpoints", { "pod", "service", "endpoints" } },
        { "node", { "node" } },
        { "ingress", { "ingress" } },
    } };
    return table;
}

const RoleSelectors* findRole(std::string_view role)
{
    for (const RoleSelectors& entry : roleSelectors()) {
        if (entry.role == role)
            return &entry;
    }
    return nullptr;
}

std::string textOf(const YamlNode& map, std::string_view key)
{
    const YamlEntry* entry = map.find(key);
    return entry ? entry->value->text : std::string();
}

std::string_view trimmed(std::string_view text)
{
    const size_t start = text.find_first_not_of(" \t");
    if (start == std::string_view::npos)
        return {};
    return text.substr(start, text.find_last_not_of(" \t") - start + 1);
}

// Pieces between commas that are outside of parentheses and not escaped.
std::vector<std::string_view> splitTerms(std::string_view text)
{
    std::vector<std::string_view> terms;
    size_t start = 0;
    int depth = 0;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\')
            ++i;
        else if (text[i] == '(')
            ++depth;
        else if (text[i] == ')')
            --depth;
        else if (text[i] == ',' && depth == 0) {
            terms.push_back(text.substr(start, i - start));
            start = i + 1;
        }
    }
    terms.push_back(text.substr(std::min(start, text.size())));
    return terms;
}

std::string fieldSelectorProblem(const std::string& selector)
{
    for (const std::string_view term : splitTerms(selector)) {
        if (!term.empty() && term.find('=') == std::string_view::npos)
            return "invalid selector: '" + selector + "'; can't understand '" + std::string(term)
                + "'";
    }
    return {};
}

bool isLabelText(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.'
            || c == '/';
    });
}

// "in (a, b)", "notin (a)": the part behind the key.
bool isSetRequirement(std::string_view rest)
{
    const std::string_view word = rest.substr(0, rest.find_first_of(" ("));
    if (word != "in" && word != "notin")
        return false;
    rest = trimmed(rest.substr(word.size()));
    return rest.starts_with('(') && rest.ends_with(')');
}

bool isLabelRequirement(std::string_view term)
{
    term = trimmed(term);
    if (term.starts_with('!'))
        return !trimmed(term.substr(1)).empty() && isLabelText(trimmed(term.substr(1)));
    const size_t keyEnd = std::min(term.find_first_of(" =!<>"), term.size());
    const std::string_view key = term.substr(0, keyEnd);
    std::string_view rest = trimmed(term.substr(keyEnd));
    if (key.empty() || !isLabelText(key))
        return false;
    if (rest.empty() || isSetRequirement(rest))
        return true;
    for (const std::string_view op : { "==", "!=", "=", "<", ">" }) {
        if (rest.starts_with(op))
            return isLabelText(trimmed(rest.substr(op.size())));
    }
    return false;
}

std::string labelSelectorProblem(const std::string& selector)
{
    if (trimmed(selector).empty())
        return {};
    for (const std::string_view term : splitTerms(selector)) {
        if (!isLabelRequirement(term))
            return "unable to parse requirement: found '" + std::string(trimmed(term)) + "'";
    }
    return {};
}

std::string joined(const std::vector<std::string_view>& words)
{
    std::string text;
    for (const std::string_view word : words)
        text += (text.empty() ? "" : ", ") + std::string(word);
    return text;
}

void checkSelector(Section& section, const YamlNode& selector, const RoleSelectors& role)
{
    Reader& reader = section.reader();
    const std::string wanted = textOf(selector, "role");
    if (!wanted.empty() && findRole(wanted) == nullptr)
        reader.fail(selector.position, "unknown Kubernetes SD role " + labels::quote(wanted));
    else if (std::find(role.allowed.begin(), role.allowed.end(), wanted) == role.allowed.end())
        reader.fail(selector.position,
            std::string(role.role) + " role supports only " + joined(role.allowed) + " selectors");
    if (const std::string problem = fieldSelectorProblem(textOf(selector, "field"));
        !problem.empty())
        reader.fail(selector.position, problem);
    if (const std::string problem = labelSelectorProblem(textOf(selector, "label"));
        !problem.empty())
        reader.fail(selector.position, problem);
}

void checkSelectors(Section& section, const RoleSelectors& role)
{
    const YamlEntry* list = section.node().find("selectors");
    if (list == nullptr)
        return;
    std::set<std::string> seen;
    for (const YamlNode* selector : list->value->items) {
        const std::string wanted = textOf(*selector, "role");
        if (!seen.insert(wanted).second)
            section.reader().fail(selector->position, "duplicated selector role: " + wanted);
        checkSelector(section, *selector, role);
    }
}

void checkAccess(Section& section)
{
    const YamlNode& map = section.node();
    const bool server = !textOf(map, "api_server").empty();
    const bool kubeconfig = !textOf(map, "kubeconfig_file").empty();
    const bool http = hasHttpKeys(section);
    const YamlEntry* namespaces = map.find("namespaces");
    const bool own
        = namespaces && yamlBoolean(textOf(*namespaces->value, "own_namespace")).value_or(false);
    if (server && kubeconfig)
        section.fail("cannot use 'kubeconfig_file' and 'api_server' simultaneously");
    if (kubeconfig && http)
        section.fail(
            "cannot use a custom HTTP client configuration together with 'kubeconfig_file'");
    if (!server && !kubeconfig && http)
        section.fail("to use custom HTTP client configuration please provide the 'api_server' URL "
                     "explicitly");
    if (server && own)
        section.fail("cannot use 'api_server' and 'namespaces.own_namespace' simultaneously");
    if (kubeconfig && own)
        section.fail("cannot use 'kubeconfig_file' and 'namespaces.own_namespace' simultaneously");
}

} // namespace

void kubernetes(Section& section, const Client&)
{
    const std::string role = textOf(section.node(), "role");
    const RoleSelectors* known = findRole(role);
    if (role.empty())
        section.fail(
            "role missing (one of: pod, service, endpoints, endpointslice, node, ingress)");
    else if (known == nullptr)
        section.failAt("role", "unknown Kubernetes SD role " + labels::quote(role));
    if (const std::string problem = urlProblem(textOf(section.node(), "api_server"));
        !problem.empty())
        section.failAt("api_server", problem);
    checkAccess(section);
    if (known != nullptr)
        checkSelectors(section, *known);
}

} // namespace fleetglass::config::checks
