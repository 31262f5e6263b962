// What the sample fleet tells of one target.
#include "tests/support/sample_view.h"

namespace fleetglass::support {

namespace {

using view::Phase;
using view::PhaseState;
using view::TargetDetailView;
using view::TargetView;

constexpr int64_t kDayMs = 86'400'000;

std::string hostOf(const TargetView& target)
{
    return target.instance.substr(0, target.instance.rfind(':'));
}

view::CertificateView leaf(const TargetView& target, int64_t nowMs)
{
    view::CertificateView certificate;
    certificate.subject = "CN=" + hostOf(target);
    certificate.issuer = "CN=etcha-ca, O=Fleet";
    certificate.altNames = { hostOf(target), "10.0.3.14" };
    certificate.notBeforeMs = nowMs - 366 * kDayMs;
    certificate.notAfterMs = target.phase == Phase::Tls ? nowMs - 820'000 : nowMs + 133 * kDayMs;
    certificate.serial = "41:0e:9b:72:c3:5d";
    certificate.sha256 = "9F:4A:31:B8:C0:77:1E:52:D6:0A:88:3F:12:EE:94:6B:A7:05:CD:E1:39:F4:20:7C:"
                         "5D:11:8E:43:60:B9:FA:02";
    certificate.key = "ECDSA P-256";
    certificate.pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
    return certificate;
}

// Phases up to `failed` passed, those after it were not reached.
std::vector<view::PhaseView> phases(Phase failed, const std::string& reason)
{
    const std::pair<Phase, std::string> kAll[]
        = { { Phase::Dns, "10.0.3.14" }, { Phase::Tcp, "10.0.3.14:4000" },
              { Phase::Tls, "TLS 1.3" }, { Phase::Http, "200, text/plain" },
              { Phase::Parse, "231 lines" }, { Phase::Limits, "under all limits" } };
    std::vector<view::PhaseView> result;
    bool reached = true;
    double ms = 1;
    for (const auto& [phase, detail] : kAll) {
        view::PhaseView view { phase, PhaseState::NotReached, 0, "not reached" };
        if (reached) {
            const bool fails = phase == failed;
            view.state = fails ? PhaseState::Failed : PhaseState::Passed;
            view.detail = fails ? reason : detail;
            view.durationMs = ms;
            ms = ms * 2 + 1;
            reached = !fails;
        }
        result.push_back(std::move(view));
    }
    return result;
}

std::string metricsPage(const std::string& host)
{
    return "# HELP etcha_sources_shells Live shells of a source\n"
           "# TYPE etcha_sources_shells gauge\n"
           "etcha_sources_shells{name=\"base\",public_key=\"ops-anna\",remote_addr=\"10.0.4.7:"
           "40022\"} 0\n"
           "# HELP etcha_sources_total Sources that have run\n"
           "# TYPE etcha_sources_total counter\n"
           "etcha_sources_total{error=\"0\",name=\"base\",trigger=\"pull\"} 2016\n"
           "etcha_sources_total{error=\"0\",name=\"core\",trigger=\"push\"} 5\n"
           "# TYPE build_info gauge\n"
           "build_info{host=\""
        + host + "\"} 1\n";
}

} // namespace

TargetDetailView sampleDetail(const TargetView& target, int64_t nowMs)
{
    TargetDetailView detail;
    detail.id = target.id;
    detail.phases = phases(target.phase, target.error);
    for (const view::PhaseView& phase : detail.phases)
        detail.totalMs += phase.durationMs;
    if (target.url.rfind("https", 0) == 0)
        detail.chain = { leaf(target, nowMs) };
    detail.trust = "trusted by /etc/etcha/ca.pem";
    detail.protocol = "TLS 1.3, TLS_AES_128_GCM_SHA256";
    detail.transcript = { "resolve " + hostOf(target) + " -> 10.0.3.14", "connect 10.0.3.14:4000",
        "-> ClientHello  TLS 1.3, ALPN h2, http/1.1", "<- ServerHello  TLS_AES_128_GCM_SHA256",
        "<- Certificate  2 in chain, 1,742 bytes" };
    if (target.phase == Phase::Tls) {
        detail.transcript.push_back("verify depth 0: certificate has expired (X509 error 10)");
        detail.transcript.push_back("-> Alert  fatal, certificate_expired (45), closed");
        detail.transcriptErrorLine = 6;
    }
    detail.requestHeaders = { { "Accept", "application/openmetrics-text;version=1.0.0" },
        { "Authorization", "******" } };
    if (target.phase == Phase::None) {
        detail.status = 200;
        detail.responseHeaders = { { "Content-Type", "text/plain; version=0.0.4" } };
        detail.body = { metricsPage(hostOf(target)), target.bodyBytes, 0, 0, target.lastScrapeMs };
    }
    detail.lastGoodBody = { metricsPage(hostOf(target)), 39'321, 0, 0, nowMs - 833'000 };
    detail.previousGoodBody = { metricsPage(hostOf(target)), 39'321, 0, 0, nowMs - 848'000 };
    detail.discovered = { { "__address__", target.instance }, { "__scheme__", "https" } };
    const auto text = std::make_shared<const std::string>(metricsPage(hostOf(target)));
    const auto older = std::make_shared<const std::string>(metricsPage("before"));
    detail.bodies = { { nowMs - 863'000, true, 39'321, older },
        { nowMs - 848'000, true, 39'321, text }, { nowMs - 833'000, true, 39'321, text } };
    detail.relabelSteps = { { 0, "action=replace target_label=site replacement=fra1", "",
        detail.discovered, target.labels, false } };
    detail.curl = "curl -sS '" + target.url + "'";
    detail.configFile = "fleet.yml";
    detail.configLine = 14;
    detail.configText = "- job_name: " + target.job + "\n  static_configs:\n    - targets: ["
        + target.instance + "]\n";
    return detail;
}

view::SampleTraceView sampleTrace(int64_t nowMs)
{
    const labels::Labels kept { { "__name__", "etcha_sources_total" }, { "error", "0" } };
    const labels::Labels stored { { "__name__", "etcha_sources_total" } };
    const labels::Labels gone { { "__name__", "go_goroutines" } };
    view::SampleTraceView trace;
    trace.timeMs = nowMs - 8'000;
    trace.series = 4;
    trace.dropped = 1;
    trace.matching = 4;
    trace.rules = { { "action: drop, source_labels: [__name__], regex: go_.*", 1, 0 },
        { "action: "
          "labeldrop, "
          "regex: error",
            0, 1 } };
    trace.shown = { { 9, gone, gone, {}, true, 0,
                        { { 0, trace.rules[0].rule, "go_goroutines", gone, gone, true } } },
        { 7, kept, kept, stored, false, -1,
            { { 0, trace.rules[0].rule, "etcha_sources_total", kept, kept, false },
                { 1, trace.rules[1].rule, "", kept, stored, false } } } };
    return trace;
}

std::vector<view::PresetView> samplePresets()
{
    using Kind = view::PresetFieldView::Kind;
    const view::PresetFieldView host { "host", "Host", "web-07 (port 4000)", Kind::Text, true, {},
        {} };
    const view::PresetFieldView secret { "secret", "Token", "of an auditor", Kind::Secret, true, {},
        {} };
    const view::PresetFieldView path { "path", "Version", "", Kind::Choice, false, "/a",
        { { "/a", "AWX" }, { "/b", "controller from 2.5 on" } } };
    const view::PresetFieldView skip { "insecure", "", "do not check the certificate", Kind::Flag,
        false, {}, {} };
    return { { "awx", "AWX", "Jobs, hosts and capacity", { host, secret, path, skip } },
        { "node", "node_exporter", "CPU, memory, disks of a machine", { host } } };
}

TargetDetailView sampleParseErrorDetail(const TargetView& target, int64_t nowMs)
{
    TargetView broken = target;
    broken.phase = Phase::Parse;
    broken.error = "line 6, column 38: unescaped quote in label name";
    TargetDetailView detail = sampleDetail(broken, nowMs);
    std::string text = metricsPage(hostOf(target));
    const size_t at = text.find("name=\"base\",trigger");
    text.replace(at, 11, "name=\"\"base\"");
    detail.status = 200;
    detail.body = { text, static_cast<int64_t>(text.size()), 6, 38, nowMs - 6'000 };
    return detail;
}

} // namespace fleetglass::support
