// The demo fleet's prometheus.yml, rules and address book.
#include "core/demo/demo_fleet.h"
#include "core/demo/scenario.h"

#include <string_view>

namespace fleetglass::demo {

namespace {

std::string indented(const std::string& text, const std::string& by)
{
    std::string result;
    size_t start = 0;
    while (start < text.size()) {
        const size_t end = text.find('\n', start);
        result += by + text.substr(start, end - start) + '\n';
        start = end == std::string::npos ? text.size() : end + 1;
    }
    return result;
}

std::string roleOf(const std::string& host)
{
    return host.substr(0, host.find('-'));
}

// What each job has beside its targets, as the systems' documentation gives it.
std::string jobHead(const std::string& job, const std::string& caPem)
{
    const std::string head = "- job_name: " + job + '\n';
    if (job == "etcha")
        return head
            + "  metrics_path: /etcha/v1/system/metrics\n"
              "  params:\n    key:\n    - "
            + std::string(kEtchaKey)
            + "\n  relabel_configs:\n  scheme: https\n  scrape_timeout: 1s\n"
              "  tls_config:\n    ca: |\n"
            + indented(caPem, "      ");
    if (job == "stash-pushgateway")
        return head + "  honor_labels: true\n";
    if (job == "stash-operator")
        return head + "  scheme: https\n  basic_auth:\n    username: prometheus\n    password: "
            + std::string(kOperatorPassword) + "\n  tls_config:\n    ca: |\n"
            + indented(caPem, "      ");
    if (job == "controller")
        return head
            + "  tls_config:\n    insecure_skip_verify: True\n"
              "  metrics_path: /api/v2/metrics/\n  scheme: https\n  bearer_token: "
            + std::string(kAwxToken) + '\n';
    return head;
}

} // namespace

std::string DemoFleet::config() const
{
    std::string text
        = "global:\n  scrape_interval: 1s\n  scrape_timeout: 1s\n  evaluation_interval: 1s\n"
          "scrape_configs:\n";
    std::string job;
    for (const Host& host : Simulation::hosts()) {
        if (host.job != job) {
            job = host.job;
            text += jobHead(job, m_authority.certificatePem) + "  static_configs:\n";
        }
        text += "  - targets: [\"" + addressOf(host.name, host.job)
            + "\"]\n    labels:\n      instance: " + host.name + ':' + std::to_string(host.port)
            + "\n      role: " + roleOf(host.name) + "\n      site: fra1\n";
    }
    return text;
}

std::string DemoFleet::rules()
{
    return R"(groups:
- name: fleet
  interval: 1s
  rules:
  - alert: TargetDown
    expr: up == 0
    for: 5s
    labels:
      severity: critical
    annotations:
      summary: '{{ $labels.instance }} of {{ $labels.job }} does not answer'
- name: etcha
  interval: 1s
  rules:
  - alert: EtchaShellActive
    annotations:
      instance: '{{ $labels.instance }}'
      public_key: '{{ $labels.public_key }}'
      remote_addr: '{{ $labels.remote_addr }}'
      source: '{{ $labels.name }}'
      summary: '{{ $labels.instance }} has an active Etcha shell session'
    expr: 'etcha_sources_shells == 1'
  - alert: EtchaSourcePushed
    annotations:
      instance: '{{ $labels.node }}'
      public_key: '{{ $labels.public_key }}'
      remote_addr: '{{ $labels.remote_addr }}'
      source: '{{ $labels.name }}'
      summary: '{{ $labels.node }} ran a Pattern'
      trigger: '{{ $labels.trigger }}'
    expr: 'changes(etcha_sources_total{trigger="push"}[2m]) != 0'
    labels:
      severity: info
  - alert: EtchaCommandErrors
    expr: sum by (instance, source) (rate(etcha_commands_total{error="1"}[2m])) > 0.01
    for: 10s
    labels:
      severity: warning
    annotations:
      summary: 'commands of {{ $labels.source }} fail on {{ $labels.instance }}: {{ $value | humanize }}/s'
- name: stash
  interval: 5s
  rules:
  - alert: StashBackupFailed
    expr: restic_session_fail > 0
    labels:
      severity: critical
    annotations:
      summary: 'the last backup of {{ $labels.namespace }}/{{ $labels.app }} failed'
- name: synse
  interval: 5s
  rules:
  - record: instance_template:synse_http_request_latency_sec:p95
    expr: histogram_quantile(0.95, sum by (instance, template, le) (rate(synse_http_request_latency_sec_bucket[1m])))
  - alert: SynseLatencyP95
    expr: histogram_quantile(0.95, sum by (instance, template, le) (rate(synse_http_request_latency_sec_bucket[1m]))) > 0.5
    for: 2m
    labels:
      severity: warning
    annotations:
      summary: 'p95 of {{ $labels.template }} on {{ $labels.instance }} is {{ $value | humanizeDuration }}, limit 500 ms'
- name: controller
  interval: 5s
  rules:
  - alert: AwxPendingJobs
    expr: awx_pending_jobs_total > 30
    for: 10m
    labels:
      severity: warning
    annotations:
      summary: '{{ $value }} jobs wait on {{ $labels.instance }}'
)";
}

std::vector<std::string> DemoFleet::queries()
{
    return { "histogram_quantile(0.95, sum by (instance, le) "
             "(rate(synse_http_request_latency_sec_bucket[1m])))",
        "sum by (instance) (rate(etcha_commands_total[2m]))", "awx_pending_jobs_total",
        "sum by (instance) (etcha_sources_shells)" };
}

std::string DemoFleet::addressBook()
{
    return "ops-anna-2025\tAnna Berg\nops-lena-2024\tLena Vogt\nops-jon-2025\tJon Reyes\n"
           "jenkins-prod\tJenkins\nbuild-2024\tbuild pipeline\n";
}

} // namespace fleetglass::demo
