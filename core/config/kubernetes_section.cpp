#include "core/config/kubernetes_section.h"

#include "core/config/discovery_checks.h"
#include "core/config/http_section.h"
#include "core/config/kubernetes_kubeconfig.h"

#include <algorithm>

namespace fleetglass::config {

namespace {

using discovery::KubernetesAttach;
using discovery::KubernetesOptions;
using discovery::KubernetesSelector;

void readNamespaces(Section& section, KubernetesOptions& options)
{
    const YamlNode* node = section.takeValue("namespaces");
    if (node == nullptr)
        return;
    Section namespaces(section.reader(), *node, "kubernetes.plain");
    namespaces.boolean("own_namespace", options.ownNamespace);
    namespaces.texts("names", options.namespaces);
    namespaces.finish();
}

// A role that does not exist is told by the checks of the whole.
void readSelectors(Section& section, std::vector<KubernetesSelector>& selectors)
{
    const YamlNode* list = section.takeValue("selectors");
    if (list == nullptr)
        return;
    for (const YamlNode* item : listOf(section.reader(), *list, "[]kubernetes.SelectorConfig")) {
        Section entry(section.reader(), *item, "kubernetes.SelectorConfig");
        KubernetesSelector selector;
        std::string role;
        entry.text("role", role);
        entry.text("label", selector.label);
        entry.text("field", selector.field);
        entry.finish();
        if (const auto known = discovery::kubernetesRoleOf(role)) {
            selector.role = *known;
            selectors.push_back(std::move(selector));
        }
    }
}

void readAttach(Section& section, KubernetesAttach& attach)
{
    const YamlNode* node = section.takeValue("attach_metadata");
    if (node == nullptr)
        return;
    Section entry(section.reader(), *node, "kubernetes.plain");
    entry.boolean("node", attach.node);
    entry.boolean("namespace", attach.nameSpace);
    entry.boolean("deployment", attach.deployment);
    entry.boolean("job", attach.job);
    entry.boolean("cronjob", attach.cronJob);
    entry.finish();
}

void writeAttach(YamlEmitter& out, const KubernetesAttach& attach)
{
    if (attach == KubernetesAttach())
        return;
    const auto flag = [&](std::string_view name, bool value) {
        if (value)
            out.raw(name, "true");
    };
    out.key("attach_metadata");
    flag("node", attach.node);
    flag("namespace", attach.nameSpace);
    flag("deployment", attach.deployment);
    flag("job", attach.job);
    flag("cronjob", attach.cronJob);
    out.end();
}

void writeSelectors(YamlEmitter& out, const std::vector<KubernetesSelector>& selectors)
{
    if (selectors.empty())
        return;
    out.key("selectors");
    for (const KubernetesSelector& selector : selectors) {
        out.item();
        out.text("role", discovery::toWord(selector.role));
        if (!selector.label.empty())
            out.text("label", selector.label);
        if (!selector.field.empty())
            out.text("field", selector.field);
        out.end();
    }
    out.end();
}

} // namespace

void readKubernetesSd(Reader& reader, const YamlNode& node, KubernetesOptions& options)
{
    Section section(reader, node, "kubernetes.plain");
    std::string role;
    section.text("role", role);
    section.text("api_server", options.apiServer);
    section.path("kubeconfig_file", options.kubeconfigFile);
    readNamespaces(section, options);
    readSelectors(section, options.selectors);
    readAttach(section, options.attach);
    readHttpKeys(section, options.client);
    section.finish();
    if (node.isMap())
        checks::kubernetes(section, options.client);
    options.role = discovery::kubernetesRoleOf(role).value_or(options.role);
    options.readKubeconfig = readKubeconfig;
}

void writeKubernetesSd(YamlEmitter& out, const KubernetesOptions& options)
{
    out.text("role", discovery::toWord(options.role));
    if (!options.apiServer.empty())
        out.text("api_server", options.apiServer);
    if (!options.kubeconfigFile.empty())
        out.text("kubeconfig_file", options.kubeconfigFile);
    if (options.ownNamespace || !options.namespaces.empty()) {
        out.key("namespaces");
        if (options.ownNamespace)
            out.raw("own_namespace", "true");
        if (!options.namespaces.empty())
            out.texts("names", options.namespaces);
        out.end();
    }
    writeSelectors(out, options.selectors);
    writeAttach(out, options.attach);
}

} // namespace fleetglass::config
