// The parts the operator's resources are turned with: YAML trees are read field by field, what is
// left over is noted, and new trees are made that keep the places of the old ones. Used from one
// thread at a time.
#pragma once

#include "core/config/config.h"
#include "core/config/yaml_document.h"

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fleetglass::config::monitoring {

// Makes nodes in a document; references stay good as long as it lives.
class NodeMaker
{
public:
    explicit NodeMaker(YamlDocument& document)
        : m_document(document)
    {
    }

    YamlNode& scalar(std::string text, Position position, bool plain = false);
    YamlNode& map(Position position);
    YamlNode& list(Position position);
    YamlNode& texts(const std::vector<std::string>& values, Position position);

    // Does nothing for a null value.
    static void set(YamlNode& map, std::string_view key, const YamlNode* value);
    void setText(YamlNode& map, std::string_view key, std::string text);

private:
    YamlDocument& m_document;
};

// What is common to all that is made of one resource.
struct Resource
{
    NodeMaker& maker;
    std::vector<SkippedSection>& skipped;
    std::string file;
    std::string kind; // "ServiceMonitor"
    std::string nameSpace;
    std::string name;
    std::string title() const { return kind + ' ' + nameSpace + '/' + name; }
    void skip(const YamlNode& node, const std::string& path, const std::string& why) const;
};

// A map that is read field by field; finish() notes the fields nobody asked for.
class Fields
{
public:
    // `node` may be null: then it has no fields.
    Fields(const Resource& resource, const YamlNode* node, std::string path);

    const YamlNode* take(std::string_view key); // Null where absent or null.
    std::string text(std::string_view key);
    // Copies a value as it is under its new name.
    void copy(std::string_view key, YamlNode& into, std::string_view newKey);
    // A word that the resource writes with capitals ("HTTPS", "EndpointSlice").
    void copyLower(std::string_view key, YamlNode& into, std::string_view newKey);
    void skip(std::string_view key, const std::string& why);
    void finish();

    bool exists() const { return m_node != nullptr; }
    Position position() const { return m_node ? m_node->position : Position {}; }
    const std::string& path() const { return m_path; }
    const Resource& resource() const { return m_resource; }
    std::string pathOf(std::string_view key) const;
    const YamlNode* node() const { return m_node; }

private:
    const Resource& m_resource;
    const YamlNode* m_node;
    const std::string m_path;
    std::set<std::string, std::less<>> m_known;
};

std::string lowerCase(std::string_view text);

// A rule of relabel_configs, with what it was made for.
struct RuleParts
{
    std::string action;
    std::vector<std::string> sources;
    std::string regex;
    std::string target;
    std::string replacement;
};
void addRule(const Resource& resource, YamlNode& rules, Position position, const RuleParts& parts);

// `relabelings` of the resource, after those already in `rules`.
void addRelabelings(Fields& fields, std::string_view key, YamlNode& rules);

// A `metav1.LabelSelector` as rules that keep what it selects; `role` is "service", "pod" ...
void addSelectorRules(Fields selector, std::string_view role, YamlNode& rules);
// The same as the API takes it: "app=web,tier in (a,b),!old".
std::string selectorText(Fields selector);

// basicAuth, authorization, oauth2, tlsConfig, bearerToken*, proxies, redirects.
void addClient(Fields& fields, YamlNode& job);
// Sample, label and target limits, protocols, histograms.
void addLimits(Fields& fields, YamlNode& job);

// {role: ROLE, namespaces: ...} as kubernetes_sd_configs.
YamlNode& addKubernetesSd(const Resource& resource, YamlNode& job, const std::string& role,
    const YamlNode* namespaceSelector, Position position);

// "<secret NS/NAME: KEY>" for a SecretKeySelector; null where it names none.
const YamlNode* secretText(const Resource& resource, const YamlNode* selector, const char* what);

// Each adds the jobs of its kind to the list.
void addServiceMonitor(const Resource& resource, const YamlNode& spec, YamlNode& jobs);
void addPodMonitor(const Resource& resource, const YamlNode& spec, YamlNode& jobs);
void addProbe(const Resource& resource, const YamlNode& spec, YamlNode& jobs);
void addScrapeConfig(const Resource& resource, const YamlNode& spec, YamlNode& jobs);

} // namespace fleetglass::config::monitoring
