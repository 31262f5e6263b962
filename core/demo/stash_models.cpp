// Stash: the Pushgateway its backup sessions report to (with their own job and instance labels,
// hence honor_labels), and the operator's own page.
#include "core/demo/host_model.h"
#include "core/demo/noise.h"
#include "core/demo/scenario.h"

#include <cmath>

namespace fleetglass::demo {

namespace {

struct Workload
{
    const char* app;
    const char* kind;
    const char* nameSpace;
    const char* config;
    double everyS;
    double takesS;
};

constexpr Workload kWorkloads[] = {
    { "postgres", "StatefulSet", "prod", "pg-restic", 900, 61 },
    { "redis", "StatefulSet", "prod", "redis-restic", 600, 41.2 },
    { "stash-demo", "Deployment", "demo", "file-restic", 300, 3.14 },
    { "etcd", "DaemonSet", "kube-system", "etcd-restic", 450, 9.25 },
};

PageLabels labelsOf(const Workload& workload)
{
    const std::string job = std::string(workload.nameSpace) + '-' + workload.config;
    return { { "app", workload.app }, { "instance", "" }, { "job", job }, { "kind", workload.kind },
        { "namespace", workload.nameSpace }, { "stash_config", workload.config } };
}

class Pushgateway final : public HostModel
{
public:
    explicit Pushgateway(uint64_t seed)
        : m_channel(channelOf(seed, "pushgateway"))
    {
        m_go.channel = m_channel;
    }

    void step(const ModelTime& now) override { m_go.step(now, 0, 2e4); }

    void write(PageWriter& page, const ModelTime& now) const override
    {
        page.family("push_time_seconds", "gauge",
            "Last Unix time when this group was changed in the Pushgateway.");
        for (const Workload& workload : kWorkloads)
            page.sample("push_time_seconds", labelsOf(workload), now.wallS - age(workload, now));
        page.family("restic_session_duration_seconds_total", "gauge",
            "Total seconds taken to complete restic session");
        for (const Workload& workload : kWorkloads)
            page.sample(
                "restic_session_duration_seconds_total", labelsOf(workload), took(workload, now));
        page.family("restic_session_fail", "gauge", "Indicates if session failed");
        for (const Workload& workload : kWorkloads)
            page.sample("restic_session_fail", labelsOf(workload), failed(workload, now) ? 1 : 0);
        page.family(
            "restic_session_success", "gauge", "Indicates if session was successfully completed");
        for (const Workload& workload : kWorkloads)
            page.sample(
                "restic_session_success", labelsOf(workload), failed(workload, now) ? 0 : 1);
        m_go.write(page, now);
    }

private:
    static double age(const Workload& workload, const ModelTime& now)
    {
        return std::fmod(now.wallS, workload.everyS);
    }

    static bool failed(const Workload& workload, const ModelTime& now)
    {
        return std::string_view(workload.app) == "postgres" && isBackupFailedAt(now.sinceLiveS);
    }

    double took(const Workload& workload, const ModelTime& now) const
    {
        const auto session = static_cast<int64_t>(now.wallS / workload.everyS);
        return workload.takesS * (0.9 + 0.3 * grain(m_channel + 4, session));
    }

    uint64_t m_channel;
    GoProcess m_go;
};

class StashOperator final : public HostModel
{
public:
    explicit StashOperator(uint64_t seed)
        : m_channel(channelOf(seed, "operator"))
    {
        m_go.channel = m_channel;
    }

    void step(const ModelTime& now) override
    {
        const double requests = 14 + 8 * weather(m_channel, now.sinceLiveS);
        m_requests += requests;
        m_latencies.observe(4700, requests);
        m_go.step(now, 0.05, 6e4);
    }

    void write(PageWriter& page, const ModelTime& now) const override
    {
        page.single("apiserver_audit_event_total", "counter",
            "Counter of audit events generated and sent to the audit backend.", 0);
        page.family("apiserver_current_inflight_requests", "gauge",
            "Maximal mumber of currently used inflight request limit of this apiserver per request "
            "kind.");
        page.sample("apiserver_current_inflight_requests", { { "requestKind", "mutating" } }, 0);
        page.sample("apiserver_current_inflight_requests", { { "requestKind", "readOnly" } }, 1);
        page.family("apiserver_request_count", "counter",
            "Counter of apiserver requests broken out for each verb, API resource and HTTP "
            "response code.");
        page.sample("apiserver_request_count",
            { { "code", "200" }, { "resource", "restics" }, { "scope", "cluster" },
                { "verb", "LIST" } },
            std::floor(m_requests * 0.4));
        page.sample("apiserver_request_count",
            { { "code", "200" }, { "resource", "recoveries" }, { "scope", "cluster" },
                { "verb", "WATCH" } },
            std::floor(m_requests * 0.6));
        page.family("apiserver_request_latencies", "histogram",
            "Response latency distribution in microseconds for each verb, resource and "
            "subresource.");
        m_latencies.write(
            page, "apiserver_request_latencies", { { "resource", "restics" }, { "verb", "LIST" } });
        m_go.write(page, now);
    }

private:
    uint64_t m_channel;
    double m_requests = 278;
    Buckets m_latencies { { 125000, 250000, 500000, 1e6, 2e6, 4e6, 8e6 } };
    GoProcess m_go;
};

} // namespace

std::unique_ptr<HostModel> makePushgateway(uint64_t seed)
{
    return std::make_unique<Pushgateway>(seed);
}

std::unique_ptr<HostModel> makeStashOperator(uint64_t seed)
{
    return std::make_unique<StashOperator>(seed);
}

} // namespace fleetglass::demo
