// ServiceMonitor and PodMonitor: one job for each endpoint, with the rules that the operator writes
// (prometheus-operator, pkg/prometheus/promcfg.go).
#include "core/config/operator_nodes.h"
#include "core/discovery/meta_labels.h"

#include <algorithm>
#include <cctype>

namespace fleetglass::config::monitoring {

namespace {

using discovery::sanitizeLabelName;

constexpr std::string_view kMeta = "__meta_kubernetes_";

std::string meta(std::string_view suffix)
{
    return std::string(kMeta) + std::string(suffix);
}

std::vector<std::string> textsOf(const YamlNode* list)
{
    std::vector<std::string> values;
    for (const YamlNode* item : list ? list->items : std::vector<const YamlNode*> {})
        values.push_back(item->text);
    return values;
}

bool isNumber(const std::string& text)
{
    return !text.empty()
        && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c); });
}

// What all endpoints of one monitor share.
struct MonitorParts
{
    bool isPod = false;
    std::string role; // Of discovery.
    std::string jobLabel;
    std::vector<std::string> targetLabels;
    std::vector<std::string> podTargetLabels;
    const YamlNode* selector = nullptr;
    const YamlNode* namespaceSelector = nullptr;
    const YamlNode* attachMetadata = nullptr;
    bool selectsByRole = false; // The API selects, not the rules.
    const YamlNode* limits = nullptr; // The spec itself.
};

class Endpoint
{
public:
    Endpoint(
        const Resource& resource, const MonitorParts& parts, const YamlNode& node, size_t index)
        : m_resource(resource)
        , m_quiet { resource.maker, m_unheard, resource.file, resource.kind, resource.nameSpace,
            resource.name }
        , m_shared(index == 0 ? m_resource : m_quiet)
        , m_parts(parts)
        , m_fields(resource, &node,
              (parts.isPod ? "podMetricsEndpoints[" : "endpoints[") + std::to_string(index) + ']')
        , m_position(node.position)
        , m_job(resource.maker.map(node.position))
        , m_rules(resource.maker.list(node.position))
    {
        resource.maker.setText(m_job, "job_name",
            (parts.isPod ? "podMonitor/" : "serviceMonitor/") + resource.nameSpace + '/'
                + resource.name + '/' + std::to_string(index));
    }

    const YamlNode* make()
    {
        m_port = m_fields.text("port");
        m_portNumber = m_parts.isPod ? m_fields.text("portNumber") : std::string();
        m_targetPort = m_fields.text("targetPort");
        m_filterRunning = lowerCase(m_fields.text("filterRunning")) != "false";
        addDiscovery();
        m_fields.copy("interval", m_job, "scrape_interval");
        m_fields.copy("scrapeTimeout", m_job, "scrape_timeout");
        m_fields.copy("path", m_job, "metrics_path");
        m_fields.copy("params", m_job, "params");
        m_fields.copyLower("scheme", m_job, "scheme");
        m_fields.copy("honorLabels", m_job, "honor_labels");
        m_fields.copy("honorTimestamps", m_job, "honor_timestamps");
        m_fields.copy("trackTimestampsStaleness", m_job, "track_timestamps_staleness");
        addClient(m_fields, m_job);
        addRules();
        NodeMaker::set(m_job, "relabel_configs", &m_rules);
        Fields limits(m_quiet, m_parts.limits, {});
        addLimits(limits, m_job);
        YamlNode& sampleRules = m_resource.maker.list(m_position);
        addRelabelings(m_fields, "metricRelabelings", sampleRules);
        if (!sampleRules.items.empty())
            NodeMaker::set(m_job, "metric_relabel_configs", &sampleRules);
        m_fields.finish();
        return &m_job;
    }

private:
    void rule(const RuleParts& parts) { addRule(m_resource, m_rules, m_position, parts); }

    void addDiscovery()
    {
        NodeMaker& maker = m_resource.maker;
        YamlNode& sd
            = addKubernetesSd(m_shared, m_job, m_parts.role, m_parts.namespaceSelector, m_position);
        if (m_parts.attachMetadata != nullptr)
            NodeMaker::set(sd, "attach_metadata", m_parts.attachMetadata);
        if (!m_parts.selectsByRole)
            return;
        const std::string text = selectorText({ m_shared, m_parts.selector, "selector" });
        YamlNode& selectors = maker.list(m_position);
        std::vector<std::string> roles { m_parts.role };
        if (!m_parts.isPod)
            roles.emplace_back("service");
        for (const std::string& role : roles) {
            YamlNode& selector = maker.map(m_position);
            maker.setText(selector, "role", role);
            maker.setText(selector, "label", text);
            selectors.items.push_back(&selector);
        }
        NodeMaker::set(sd, "selectors", &selectors);
    }

    void addRules()
    {
        rule({ {}, { "job" }, {}, "__tmp_prometheus_job_name", {} });
        if (m_parts.isPod)
            dropEnded();
        if (!m_parts.selectsByRole)
            addSelectorRules({ m_shared, m_parts.selector, "selector" },
                m_parts.isPod ? "pod" : "service", m_rules);
        keepPort();
        if (m_parts.isPod)
            addPodLabels();
        else
            addServiceLabels();
        for (const std::string& label : m_parts.targetLabels)
            takeLabel("service_label_", label, sanitizeLabelName(label));
        for (const std::string& label : m_parts.podTargetLabels)
            takeLabel("pod_label_", label, sanitizeLabelName(label));
        addJobLabel();
        addEndpointLabel();
        addRelabelings(m_fields, "relabelings", m_rules);
    }

    void dropEnded()
    {
        if (m_filterRunning)
            rule({ "drop", { meta("pod_phase") }, "(Failed|Succeeded)", {}, {} });
    }

    void keepPort()
    {
        const std::string name = m_parts.isPod ? "pod_container_port_name"
            : m_parts.role == "endpointslice"  ? "endpointslice_port_name"
                                               : "endpoint_port_name";
        if (!m_port.empty())
            return rule({ "keep", { meta(name) }, m_port, {}, {} });
        if (!m_portNumber.empty() && m_portNumber != "0")
            return rule({ "keep", { meta("pod_container_port_number") }, m_portNumber, {}, {} });
        if (m_targetPort.empty() || m_targetPort == "0")
            return;
        rule({ "keep",
            { meta(
                isNumber(m_targetPort) ? "pod_container_port_number" : "pod_container_port_name") },
            m_targetPort, {}, {} });
    }

    void addServiceLabels()
    {
        const std::string prefix
            = m_parts.role == "endpointslice" ? "endpointslice_address_" : "endpoint_address_";
        const std::vector<std::string> target { meta(prefix + "target_kind"),
            meta(prefix + "target_name") };
        rule({ {}, target, "Node;(.*)", "node", "${1}" });
        rule({ {}, target, "Pod;(.*)", "pod", "${1}" });
        rule({ {}, { meta("namespace") }, {}, "namespace", {} });
        rule({ {}, { meta("service_name") }, {}, "service", {} });
        rule({ {}, { meta("pod_name") }, {}, "pod", {} });
        rule({ {}, { meta("pod_container_name") }, {}, "container", {} });
        dropEnded();
    }

    void addPodLabels()
    {
        rule({ {}, { meta("namespace") }, {}, "namespace", {} });
        rule({ {}, { meta("pod_container_name") }, {}, "container", {} });
        rule({ {}, { meta("pod_name") }, {}, "pod", {} });
    }

    void takeLabel(const std::string& prefix, const std::string& label, const std::string& target)
    {
        rule({ {}, { meta(prefix + sanitizeLabelName(label)) }, "(.+)", target, "${1}" });
    }

    void addJobLabel()
    {
        if (m_parts.isPod)
            rule({ {}, {}, {}, "job", m_resource.nameSpace + '/' + m_resource.name });
        else
            rule({ {}, { meta("service_name") }, {}, "job", "${1}" });
        if (!m_parts.jobLabel.empty())
            takeLabel(m_parts.isPod ? "pod_label_" : "service_label_", m_parts.jobLabel, "job");
    }

    void addEndpointLabel()
    {
        const std::string name = m_port.empty() ? m_targetPort : m_port;
        if (!name.empty())
            rule({ {}, {}, {}, "endpoint", name });
    }

    const Resource& m_resource;
    // What all endpoints share is told of once.
    std::vector<SkippedSection> m_unheard;
    const Resource m_quiet;
    const Resource& m_shared;
    const MonitorParts& m_parts;
    Fields m_fields;
    const Position m_position;
    YamlNode& m_job;
    YamlNode& m_rules;
    std::string m_port;
    std::string m_portNumber;
    std::string m_targetPort;
    bool m_filterRunning = true;
};

void addMonitor(const Resource& resource, const YamlNode& spec, bool isPod, YamlNode& jobs)
{
    Fields fields(resource, &spec, {});
    MonitorParts parts;
    parts.isPod = isPod;
    const std::string wanted = isPod ? "pod" : lowerCase(fields.text("serviceDiscoveryRole"));
    parts.role = wanted.empty() ? "endpoints" : wanted;
    parts.jobLabel = fields.text("jobLabel");
    if (!isPod)
        parts.targetLabels = textsOf(fields.take("targetLabels"));
    parts.podTargetLabels = textsOf(fields.take("podTargetLabels"));
    parts.selector = fields.take("selector");
    parts.namespaceSelector = fields.take("namespaceSelector");
    parts.attachMetadata = fields.take("attachMetadata");
    parts.selectsByRole = fields.text("selectorMechanism") == "RoleSelector";
    parts.limits = &spec;
    YamlNode unused;
    addLimits(fields, unused);
    const YamlNode* endpoints = fields.take(isPod ? "podMetricsEndpoints" : "endpoints");
    size_t index = 0;
    for (const YamlNode* item : endpoints ? endpoints->items : std::vector<const YamlNode*> {})
        jobs.items.push_back(Endpoint(resource, parts, *item, index++).make());
    if (index == 0)
        resource.skip(spec, isPod ? "podMetricsEndpoints" : "endpoints",
            "names no endpoint, so there is nothing to scrape");
    fields.finish();
}

} // namespace

void addServiceMonitor(const Resource& resource, const YamlNode& spec, YamlNode& jobs)
{
    addMonitor(resource, spec, false, jobs);
}

void addPodMonitor(const Resource& resource, const YamlNode& spec, YamlNode& jobs)
{
    addMonitor(resource, spec, true, jobs);
}

} // namespace fleetglass::config::monitoring
