#include "core/monitor/presets.h"

#include "core/monitor/definition.h"

#include <algorithm>

namespace fleetglass::monitor {

namespace {

using view::PresetFieldView;
using view::PresetView;
using view::TargetDefinition;
using Kind = PresetFieldView::Kind;

constexpr const char* kController = "/api/controller/v2/metrics/";
constexpr const char* kAwx = "/api/v2/metrics/";
constexpr const char* kEtcha = "/etcha/v1/system/metrics";

class Answers
{
public:
    explicit Answers(const view::PresetChoice& choice)
        : m_choice(choice)
    {
    }
    std::string of(std::string_view key) const
    {
        for (const auto& [name, value] : m_choice.values) {
            if (name == key)
                return value;
        }
        return {};
    }

private:
    const view::PresetChoice& m_choice;
};

struct Made
{
    std::vector<TargetDefinition> jobs;
    std::vector<std::string> notes;
};

struct Preset
{
    PresetView view;
    Made (*make)(const Answers& answers, const TargetDefinition& base);
};

PresetFieldView hostField(const char* hint)
{
    return { "host", "Host", hint, Kind::Text, true, {}, {} };
}

PresetFieldView secretField(const char* label, const char* hint, bool required)
{
    return { "secret", label, hint, Kind::Secret, required, {}, {} };
}

PresetFieldView caField(const char* hint)
{
    return { "ca", "CA file", hint, Kind::File, false, {}, {} };
}

PresetFieldView skipField()
{
    return { "insecure", "", "do not check the certificate (it is shown red as long as it is so)",
        Kind::Flag, false, {}, {} };
}

// "https://web-07:4000/x" -> "web-07:4000".
std::string hostOf(std::string text)
{
    if (const size_t scheme = text.find("://"); scheme != std::string::npos)
        text.erase(0, scheme + 3);
    return text.substr(0, text.find('/'));
}

bool hasPort(const std::string& host)
{
    const size_t bracket = host.rfind(']');
    const size_t colon = host.rfind(':');
    if (bracket != std::string::npos)
        return colon != std::string::npos && colon > bracket;
    return colon != std::string::npos && host.find(':') == colon;
}

std::vector<std::string> wordsOf(const std::string& text)
{
    std::vector<std::string> words;
    for (size_t at = 0; at < text.size();) {
        const size_t start = text.find_first_not_of(" ,;\t\r\n", at);
        if (start == std::string::npos)
            break;
        at = std::min(text.find_first_of(" ,;\t\r\n", start), text.size());
        words.push_back(text.substr(start, at - start));
    }
    return words;
}

// Without a port of their own the hosts get `port`; 0: they stay as they are.
std::vector<std::string> addressesOf(const std::string& text, int port, bool ownPort = true)
{
    std::vector<std::string> addresses;
    for (std::string host : wordsOf(text)) {
        host = hostOf(std::move(host));
        if (!ownPort && hasPort(host))
            host.erase(host.rfind(':'));
        if (std::count(host.begin(), host.end(), ':') > 1 && host.front() != '[')
            host = '[' + host + ']';
        if (port > 0 && !hasPort(host))
            host += ':' + std::to_string(port);
        addresses.push_back(std::move(host));
    }
    return addresses;
}

TargetDefinition plainJob(
    const TargetDefinition& base, const Answers& answers, const char* name, int port)
{
    TargetDefinition job = base;
    job.job = name;
    job.addresses = addressesOf(answers.of("host"), port);
    return job;
}

void setTimes(TargetDefinition& job, int64_t intervalMs, int64_t timeoutMs)
{
    job.intervalMs = intervalMs;
    job.timeoutMs = std::min(timeoutMs, intervalMs);
}

void setTls(TargetDefinition& job, const Answers& answers)
{
    job.scheme = "https";
    job.caFile = answers.of("ca");
    job.insecureSkipVerify = answers.of("insecure") == "true";
}

Preset etcha()
{
    return { { "etcha", "Etcha",
                 "Sources, commands and live shells of a host that Etcha configures",
                 { hostField("web-07 (port 4000)"),
                     secretField("Metrics secret", "the key of the metrics page", false),
                     caField("the certificate of Etcha, or of who signed it"), skipField() } },
        [](const Answers& answers, const TargetDefinition& base) {
            auto job = plainJob(base, answers, "etcha", 4000);
            job.metricsPath = kEtcha;
            if (!answers.of("secret").empty())
                job.params = { { "key", answers.of("secret") } };
            setTls(job, answers);
            return Made { { job }, {} };
        } };
}

Preset stash()
{
    return { { "stash", "Stash",
                 "Backups of a Kubernetes cluster (Pushgateway) and the requests of the operator",
                 { hostField("the stash-operator service or a node (ports 56789, 8443)"),
                     secretField("Service account token", "for the operator's own metrics", false),
                     caField("tls.crt of the secret stash-apiserver-cert"),
                     { "server_name", "Server name", "", Kind::Text, false,
                         "stash-operator.kube-system.svc", {} } } },
        [](const Answers& answers, const TargetDefinition& base) {
            Made made;
            auto backups = base;
            backups.job = "stash-pushgateway";
            backups.addresses = addressesOf(answers.of("host"), 56789, false);
            backups.honorLabels = true;
            setTimes(backups, 30'000, 10'000);
            made.jobs.push_back(backups);
            if (answers.of("secret").empty()) {
                made.notes.emplace_back(
                    "without a token only the backups are watched, not the operator itself");
                return made;
            }
            auto operated = base;
            operated.job = "stash-operator";
            operated.addresses = addressesOf(answers.of("host"), 8443, false);
            operated.authKind = "bearer";
            operated.secret = answers.of("secret");
            operated.serverName = answers.of("server_name");
            setTls(operated, answers);
            setTimes(operated, 30'000, 10'000);
            made.jobs.push_back(operated);
            return made;
        } };
}

Preset synse()
{
    return { { "synse", "Synse Server",
                 "Requests to the sensors of a data centre, their times and errors",
                 { hostField("synse-server (port 5000)") } },
        [](const Answers& answers, const TargetDefinition& base) {
            auto job = plainJob(base, answers, "synse-server", 5000);
            setTimes(job, 3'000, 10'000);
            return Made { { job }, {} };
        } };
}

Preset awx()
{
    PresetFieldView path { "path", "Version", {}, Kind::Choice, false, kAwx,
        { { kAwx, "AWX, controller up to 2.4" }, { kController, "controller from 2.5 on" } } };
    PresetFieldView format { "format", "Page", {}, Kind::Choice, false, "text",
        { { "text", "text" }, { "json", "JSON" } } };
    PresetFieldView user { "user", "User", "only with a password instead of a token", Kind::Text,
        false, {}, {} };
    return { { "awx", "AWX, automation controller",
                 "Jobs, hosts, capacity and licence; the user must be a superuser or auditor",
                 { hostField("controller.example.com"),
                     secretField("Token or password", "of a superuser or system auditor", true),
                     user, path, format, caField("the system's"), skipField() } },
        [](const Answers& answers, const TargetDefinition& base) {
            const bool isController = answers.of("path") == kController;
            auto job = plainJob(base, answers, isController ? "controller" : "awx", 0);
            job.metricsPath = isController ? kController : kAwx;
            job.username = answers.of("user");
            job.authKind = job.username.empty() ? "bearer" : "basic";
            job.secret = answers.of("secret");
            if (answers.of("format") == "json")
                job.params = { { "format", "json" } };
            setTls(job, answers);
            setTimes(job, 5'000, 10'000);
            return Made { { job }, {} };
        } };
}

Preset node()
{
    return { { "node", "node_exporter", "CPU, memory, disks and network of a machine",
                 { hostField("db-01 (port 9100)") } },
        [](const Answers& answers, const TargetDefinition& base) {
            return Made { { plainJob(base, answers, "node", 9100) }, {} };
        } };
}

Preset pushgateway()
{
    return { { "pushgateway", "Pushgateway",
                 "What short-lived jobs left behind; their own job and instance labels are kept",
                 { hostField("push-01 (port 9091)") } },
        [](const Answers& answers, const TargetDefinition& base) {
            auto job = plainJob(base, answers, "pushgateway", 9091);
            job.honorLabels = true;
            return Made { { job }, {} };
        } };
}

Preset prometheus()
{
    return { { "prometheus", "Prometheus itself",
                 "Scrapes, rules, store and queries of a Prometheus server",
                 { hostField("prometheus-01 (port 9090)") } },
        [](const Answers& answers, const TargetDefinition& base) {
            return Made { { plainJob(base, answers, "prometheus", 9090) }, {} };
        } };
}

Preset blackbox()
{
    return {
        { "blackbox", "blackbox_exporter",
            "Whether pages, ports and names answer, asked from where the exporter runs",
            { { "host", "What to probe", "https://example.com, one or several", Kind::Text, true,
                  {}, {} },
                { "prober", "Exporter", "localhost:9115", Kind::Text, true, "localhost:9115", {} },
                { "module", "Module", "http_2xx", Kind::Text, false, "http_2xx", {} } } },
        [](const Answers& answers, const TargetDefinition& base) {
            auto job = base;
            job.job = "blackbox";
            job.addresses = wordsOf(answers.of("host"));
            job.metricsPath = "/probe";
            const auto prober = addressesOf(answers.of("prober"), 9115);
            job.prober = prober.empty() ? "localhost:9115" : prober.front();
            const std::string module = answers.of("module");
            job.params = { { "module", module.empty() ? "http_2xx" : module } };
            return Made { { job }, {} };
        }
    };
}

const std::vector<Preset>& presets()
{
    static const std::vector<Preset> kPresets { etcha(), stash(), synse(), awx(), node(),
        pushgateway(), prometheus(), blackbox() };
    return kPresets;
}

} // namespace

std::vector<PresetView> presetViews()
{
    std::vector<PresetView> views;
    for (const auto& preset : presets())
        views.push_back(preset.view);
    return views;
}

namespace {

// All but the hosts and secrets; what is the same may share a job.
bool isSameSystem(TargetDefinition a, TargetDefinition b)
{
    for (auto* one : { &a, &b }) {
        one->addresses.clear();
        one->secret.clear();
        one->job.clear();
        for (auto& [name, value] : one->params)
            value.clear();
    }
    return a.scheme == b.scheme && a.metricsPath == b.metricsPath && a.params == b.params
        && a.honorLabels == b.honorLabels && a.authKind == b.authKind && a.username == b.username
        && a.caFile == b.caFile && a.serverName == b.serverName
        && a.insecureSkipVerify == b.insecureSkipVerify && a.prober == b.prober;
}

bool hasSameSecrets(const TargetDefinition& definition, const scrape::JobOptions& known)
{
    const auto fresh = jobOf(definition, nullptr);
    if (!fresh)
        return false;
    const auto& a = fresh->client;
    const auto& b = known.client;
    return fresh->params == known.params && a.basicAuth == b.basicAuth
        && a.authorization == b.authorization;
}

const scrape::JobOptions* find(std::span<const scrape::JobOptions> jobs, const std::string& name)
{
    const auto found
        = std::find_if(jobs.begin(), jobs.end(), [&](const auto& job) { return job.name == name; });
    return found == jobs.end() ? nullptr : &*found;
}

// Joins the job of that name, or takes the next name that is free: "etcha", "etcha-2" ...
void settleName(TargetDefinition& definition, std::span<const scrape::JobOptions> known)
{
    const std::string name = definition.job;
    for (int number = 2;; ++number) {
        const auto* job = find(known, definition.job);
        if (!job)
            return;
        if (isSameSystem(definition, definitionOf(*job)) && hasSameSecrets(definition, *job)) {
            auto joined = definitionOf(*job);
            for (const auto& address : definition.addresses) {
                if (std::find(joined.addresses.begin(), joined.addresses.end(), address)
                    == joined.addresses.end())
                    joined.addresses.push_back(address);
            }
            definition = std::move(joined);
            return;
        }
        definition.job = name + '-' + std::to_string(number);
    }
}

} // namespace

view::PresetJobs presetJobs(const view::PresetChoice& choice,
    std::span<const scrape::JobOptions> known, const PresetDefaults& defaults)
{
    view::PresetJobs result;
    const auto preset = std::find_if(presets().begin(), presets().end(),
        [&](const auto& one) { return one.view.id == choice.id; });
    if (preset == presets().end()) {
        result.error = "there is no preset \"" + choice.id + "\"";
        return result;
    }
    const Answers answers(choice);
    for (const auto& field : preset->view.fields) {
        if (field.required && wordsOf(answers.of(field.key)).empty()) {
            result.error
                = "give " + (field.key == "host" ? "at least one host" : "the " + field.label);
            result.field = field.key;
            return result;
        }
    }
    TargetDefinition base;
    base.intervalMs = defaults.interval.count();
    base.timeoutMs = defaults.timeout.count();
    auto made = preset->make(answers, base);
    for (auto& definition : made.jobs) {
        settleName(definition, known);
        if (const auto job = jobOf(definition, find(known, definition.job)); !job) {
            result.error = job.error().message;
            return result;
        }
        if (definition.insecureSkipVerify)
            made.notes.push_back("the certificate of job \"" + definition.job
                + "\" will not be checked: whoever stands in between can read its secret");
    }
    result.ok = true;
    result.definitions = std::move(made.jobs);
    result.notes = std::move(made.notes);
    return result;
}

std::string presetAdvice(const scrape::JobOptions& job)
{
    const auto& client = job.client;
    const bool signsIn = client.basicAuth || client.authorization || client.oauth2;
    const std::string name = "job \"" + job.name + "\" ";
    if (job.metricsPath.find("/v2/metrics") != std::string::npos && !signsIn)
        return name + "asks an AWX or controller, which wants a token of a superuser or auditor";
    if (job.metricsPath == kEtcha && job.scheme != "https")
        return name + "asks Etcha, which answers over https only";
    if (job.name.find("pushgateway") != std::string::npos && !job.honorLabels)
        return name
            + "asks a Pushgateway without honor_labels: its job and instance labels become "
              "exported_job and exported_instance";
    return {};
}

} // namespace fleetglass::monitor
