// Probe: one job that asks a prober (blackbox exporter) about static targets or ingresses.
#include "core/config/operator_nodes.h"

namespace fleetglass::config::monitoring {

namespace {

class Probe
{
public:
    Probe(const Resource& resource, const YamlNode& spec)
        : m_resource(resource)
        , m_fields(resource, &spec, {})
        , m_position(spec.position)
        , m_job(resource.maker.map(spec.position))
        , m_rules(resource.maker.list(spec.position))
    {
        resource.maker.setText(
            m_job, "job_name", "probe/" + resource.nameSpace + '/' + resource.name);
    }

    const YamlNode* make()
    {
        m_fields.copy("interval", m_job, "scrape_interval");
        m_fields.copy("scrapeTimeout", m_job, "scrape_timeout");
        rule({ {}, { "job" }, {}, "__tmp_prometheus_job_name", {} });
        if (const std::string name = m_fields.text("jobName"); !name.empty())
            rule({ {}, {}, {}, "job", name });
        readProber();
        addParams();
        if (!addTargets())
            return nullptr;
        NodeMaker::set(m_job, "relabel_configs", &m_rules);
        addClient(m_fields, m_job);
        addLimits(m_fields, m_job);
        YamlNode& sampleRules = m_resource.maker.list(m_position);
        addRelabelings(m_fields, "metricRelabelings", sampleRules);
        if (!sampleRules.items.empty())
            NodeMaker::set(m_job, "metric_relabel_configs", &sampleRules);
        m_fields.finish();
        return &m_job;
    }

private:
    void rule(const RuleParts& parts) { addRule(m_resource, m_rules, m_position, parts); }

    void readProber()
    {
        Fields prober(m_resource, m_fields.take("prober"), "prober");
        m_prober = prober.text("url");
        prober.copyLower("scheme", m_job, "scheme");
        const std::string path = prober.text("path");
        m_resource.maker.setText(m_job, "metrics_path", path.empty() ? "/probe" : path);
        prober.copy("proxyUrl", m_job, "proxy_url");
        prober.copy("noProxy", m_job, "no_proxy");
        prober.copy("proxyFromEnvironment", m_job, "proxy_from_environment");
        prober.finish();
    }

    // {module: [MODULE], NAME: values}; the module of the field wins.
    void addParams()
    {
        NodeMaker& maker = m_resource.maker;
        YamlNode& params = maker.map(m_position);
        const std::string module = m_fields.text("module");
        if (!module.empty())
            NodeMaker::set(params, "module", &maker.texts({ module }, m_position));
        const YamlNode* list = m_fields.take("params");
        for (const YamlNode* item : list ? list->items : std::vector<const YamlNode*> {}) {
            Fields param(m_resource, item, "params");
            const std::string name = param.text("name");
            const YamlNode* values = param.take("values");
            param.finish();
            if (name != "module" || module.empty())
                NodeMaker::set(params, name, values ? values : &maker.list(item->position));
        }
        if (!params.entries.empty())
            NodeMaker::set(m_job, "params", &params);
    }

    // Static targets come before ingresses where both are given.
    bool addTargets()
    {
        Fields targets(m_resource, m_fields.take("targets"), "targets");
        const YamlNode* fixed = targets.take("staticConfig");
        const YamlNode* ingress = targets.take("ingress");
        targets.finish();
        if (fixed != nullptr) {
            addStatic({ m_resource, fixed, "targets.staticConfig" });
            if (ingress != nullptr)
                m_resource.skip(*ingress, "targets.ingress", "staticConfig comes first");
        } else if (ingress != nullptr) {
            addIngress({ m_resource, ingress, "targets.ingress" });
        } else {
            m_resource.skip(*m_fields.node(), "targets", "names neither staticConfig nor ingress");
            return false;
        }
        return true;
    }

    void askProber()
    {
        rule({ {}, { "__param_target" }, {}, "instance", {} });
        rule({ {}, {}, {}, "__address__", m_prober });
    }

    void addStatic(Fields fields)
    {
        NodeMaker& maker = m_resource.maker;
        YamlNode& group = maker.map(fields.position());
        fields.copy("static", group, "targets");
        YamlNode& labels = maker.map(fields.position());
        if (const YamlNode* given = fields.take("labels"))
            labels.entries = given->entries;
        if (labels.find("namespace") == nullptr)
            maker.setText(labels, "namespace", m_resource.nameSpace);
        NodeMaker::set(group, "labels", &labels);
        YamlNode& list = maker.list(fields.position());
        list.items.push_back(&group);
        NodeMaker::set(m_job, "static_configs", &list);
        rule({ {}, { "__address__" }, {}, "__param_target", {} });
        askProber();
        addRelabelings(fields, "relabelingConfigs", m_rules);
        fields.finish();
    }

    void addIngress(Fields fields)
    {
        const std::string meta = "__meta_kubernetes_";
        const YamlNode* selector = fields.take("selector");
        addSelectorRules({ m_resource, selector, "targets.ingress.selector" }, "ingress", m_rules);
        addKubernetesSd(
            m_resource, m_job, "ingress", fields.take("namespaceSelector"), fields.position());
        rule({ {}, { meta + "ingress_scheme", "__address__", meta + "ingress_path" },
            "(.+);(.+);(.+)", "__param_target", "${1}://${2}${3}" });
        rule({ {}, { meta + "namespace" }, {}, "namespace", {} });
        rule({ {}, { meta + "ingress_name" }, {}, "ingress", {} });
        rule({ {}, { "__address__" }, {}, "__tmp_ingress_address", {} });
        askProber();
        addRelabelings(fields, "relabelingConfigs", m_rules);
        fields.finish();
    }

    const Resource& m_resource;
    Fields m_fields;
    const Position m_position;
    YamlNode& m_job;
    YamlNode& m_rules;
    std::string m_prober;
};

} // namespace

void addProbe(const Resource& resource, const YamlNode& spec, YamlNode& jobs)
{
    if (const YamlNode* job = Probe(resource, spec).make())
        jobs.items.push_back(job);
}

} // namespace fleetglass::config::monitoring
