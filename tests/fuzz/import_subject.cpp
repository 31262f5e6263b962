#include "core/config/import.h"
#include "core/rules/template.h"
#include "tests/fuzz/subject.h"

namespace fleetglass::fuzz {

namespace {

const std::string kConfig = R"(global:
  scrape_interval: 15s
  external_labels: {region: eu}
rule_files: ["rules/*.yml"]
scrape_configs:
  - job_name: node
    scrape_timeout: 5s
    params: {key: ["s3cret"], "match[]": ['{job="a"}']}
    basic_auth: &auth {username: u, password: p}
    static_configs:
      - targets: ['web-01:9100', "[::1]:9100"]
        labels: {env: "${ENVIRONMENT}"}
    relabel_configs:
      - source_labels: [__address__]
        regex: '(.*):\d+'
        target_label: host
        replacement: $1
      - {action: keep, source_labels: [a, b], regex: x|y}
  - job_name: other
    basic_auth: *auth
    file_sd_configs: [{files: [a.json], refresh_interval: 1m}]
    http_sd_configs: [{url: "https://sd.example/targets"}]
)";

const std::string kRules = R"(groups:
- name: hosts
  interval: 30s
  rules:
  - alert: HostDown
    expr: up == 0
    for: 5m
    labels: {severity: critical}
    annotations:
      summary: >-
        {{ $labels.instance }} is down for {{ $value | humanizeDuration }}
  - record: job:up:sum
    expr: |
      sum by (job) (up)
)";

const std::string kConfigMap = R"(apiVersion: v1
kind: ConfigMap
data:
  prometheus.yml: |
    scrape_configs:
    - job_name: a
      static_configs: [{targets: [a:1]}]
)";

const std::string kOperator = R"(apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: m, namespace: n}
spec:
  selector:
    matchLabels: {app: web}
    matchExpressions: [{key: a, operator: In, values: [b, c]}, {key: d, operator: Exists}]
  namespaceSelector: {matchNames: [n]}
  endpoints:
  - port: web
    interval: 15s
    tlsConfig: {ca: {secret: {name: s, key: k}}, insecureSkipVerify: true}
    basicAuth: {username: {name: s, key: u}, password: {name: s, key: p}}
    relabelings: [{sourceLabels: [a], targetLabel: b, action: Replace}]
---
apiVersion: v1
kind: List
items:
- apiVersion: monitoring.coreos.com/v1
  kind: Probe
  metadata: {name: p}
  spec: {prober: {url: "b:9115"}, targets: {staticConfig: {static: [a]}}}
- apiVersion: monitoring.coreos.com/v1alpha1
  kind: ScrapeConfig
  metadata: {name: c}
  spec: {httpSDConfigs: [{url: "http://a", refreshInterval: 1m}], params: {a: [b]}}
)";

Complaint check(const std::string& input, Mutator&)
{
    config::ImportOptions options;
    options.name = "fuzz.yml";
    options.checkTemplate = rules::checkTemplate;
    options.environment = [](const std::string& name) -> std::optional<std::string> {
        return name == "ENVIRONMENT" ? std::optional<std::string>("test") : std::nullopt;
    };
    const auto result = config::importText(input, options);
    if (result.kind == config::ImportKind::Nothing && result.errors.empty())
        return "nothing was found, and nothing said about it";
    for (const auto& problem : result.errors) {
        if (problem.message.empty())
            return "a problem without a message";
    }
    for (const auto& job : result.config.jobs) {
        if (result.errors.empty() && job.name.empty())
            return "a job without a name was taken";
    }
    return std::nullopt;
}

} // namespace

Subject importSubject()
{
    return { "import",
        { kConfig, kRules, kConfigMap, kOperator,
            "web-01:9100\nweb-02:9100 # the second\n[::1]:80\n",
            "https://u:p@web-07:4000/etcha/v1/metrics?key=x&a=b\nhttp://localhost:1\n",
            "- job_name: a\n  static_configs:\n  - targets: [b:1]\n",
            "[{\"targets\":[\"a:1\"],\"labels\":{\"x\":\"y\"}}]" },
        { "- ", "  ", ": ", "&a ", "*a ", "<<: *a\n", "|\n", ">-\n", "[", "{", "{a: ", "!!binary ",
            "---\n", "...\n", "\t", "${X}", "$1", "<secret>", "5m", "0s", "-1", "null", "~", "'",
            "\"", "\\", "%41", "://", "@", "?key=", "scrape_configs:\n", "groups:\n",
            "  - job_name: b\n", "kind: List\nitems:\n", "\xef\xbb\xbf" },
        check };
}

} // namespace fleetglass::fuzz
