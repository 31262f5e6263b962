#include "core/monitor/definition.h"

#include "core/base/ensure.h"

#include <algorithm>

namespace fleetglass::monitor {

namespace {

// A new secret takes the place of the old one, and of the file it was read from.
void takeSecret(const std::string& text, http::SecretSource& source)
{
    if (!text.empty())
        source = { Secret(text), {} };
}

void takeAuth(const view::TargetDefinition& definition, http::ClientOptions& client)
{
    const auto basic = client.basicAuth.value_or(http::BasicAuth());
    const auto authorization = client.authorization.value_or(http::Authorization());
    client.basicAuth.reset();
    client.authorization.reset();
    if (definition.authKind == "basic") {
        client.basicAuth = basic;
        client.basicAuth->username = definition.username;
        if (!definition.username.empty())
            client.basicAuth->usernameFile.clear();
        takeSecret(definition.secret, client.basicAuth->password);
    } else if (definition.authKind == "bearer") {
        client.authorization = authorization; // Another type than Bearer stays.
        takeSecret(definition.secret, client.authorization->credentials);
    }
    if (!definition.authKind.empty()) {
        client.oauth2.reset();
        client.challengeAuth.reset();
    }
}

void takeTls(const view::TargetDefinition& definition, http::TlsOptions& tls)
{
    tls.ca = definition.caPem;
    tls.caFile = definition.caFile;
    if (!definition.certFile.empty())
        tls.cert.clear();
    tls.certFile = definition.certFile;
    // A key in place is not shown; an emptied file name means no key any more.
    if (definition.keyFile != tls.key.file)
        tls.key = { {}, definition.keyFile };
    tls.serverName = definition.serverName;
    tls.insecureSkipVerify = definition.insecureSkipVerify;
}

// Other than by addresses in the file.
bool findsTargets(const discovery::DiscoveryOptions& options)
{
    return !options.files.empty() || !options.http.empty() || !options.dns.empty()
        || !options.docker.empty() || !options.swarm.empty() || !options.consul.empty()
        || !options.kubernetes.empty() || !options.skipped.empty();
}

using Params = std::vector<std::pair<std::string, std::vector<std::string>>>;

// The mask, or nothing, stands for the value the parameter had in that place.
Result<Params> paramsOf(const view::TargetDefinition& definition, const Params& old)
{
    const auto find = [](auto& params, const std::string& name) {
        return std::find_if(
            params.begin(), params.end(), [&](const auto& param) { return param.first == name; });
    };
    Params params;
    for (const auto& [name, value] : definition.params) {
        auto param = find(params, name);
        if (param == params.end())
            param = params.insert(param, { name, {} });
        const auto known = find(old, name);
        const size_t place = param->second.size();
        const bool isKnown = known != old.end() && place < known->second.size();
        if (value != Secret::kMask && !(value.empty() && isKnown)) {
            param->second.push_back(value);
            continue;
        }
        if (!isKnown)
            return failure("the value of parameter \"" + name + "\" is not known; write it again");
        param->second.push_back(known->second[place]);
    }
    return params;
}

// Addresses stay in the groups they were in, and so keep their labels. New ones join the only group
// there is, else they form one of their own.
std::vector<discovery::TargetGroup> groupsOf(
    std::vector<std::string> addresses, std::vector<discovery::TargetGroup> groups)
{
    for (auto& group : groups) {
        std::erase_if(group.targets, [&](const std::string& target) {
            const auto found = std::find(addresses.begin(), addresses.end(), target);
            if (found == addresses.end())
                return true;
            addresses.erase(found);
            return false;
        });
    }
    if (groups.size() > 1)
        std::erase_if(groups, [](const auto& group) { return group.targets.empty(); });
    if (addresses.empty())
        return groups;
    if (groups.size() != 1)
        groups.push_back({ {}, {}, "static/" + std::to_string(groups.size()) });
    groups.back().targets.insert(groups.back().targets.end(), addresses.begin(), addresses.end());
    return groups;
}

relabel::Rule ruleOf(
    std::vector<std::string> sources, const char* target, const std::string& replacement)
{
    relabel::RuleText text;
    text.sourceLabels = std::move(sources);
    text.targetLabel = target;
    text.replacement = replacement;
    auto rule = relabel::makeRule(text);
    FLEETGLASS_ENSURE(rule.has_value());
    return std::move(*rule);
}

// As the README of blackbox_exporter has it: the address becomes a parameter and the instance, and
// the exporter is asked in its place.
std::vector<relabel::Rule> probeRules(const std::string& prober)
{
    std::string literal;
    for (const char c : prober)
        literal += c == '$' ? std::string("$$") : std::string(1, c);
    return { ruleOf({ "__address__" }, "__param_target", "$1"),
        ruleOf({ "__param_target" }, "instance", "$1"), ruleOf({}, "__address__", literal) };
}

bool isSameRule(const relabel::Rule& a, const relabel::Rule& b)
{
    return a.sourceLabels == b.sourceLabels && a.separator == b.separator
        && a.regexText == b.regexText && a.targetLabel == b.targetLabel
        && a.replacement == b.replacement && a.action == b.action;
}

// Of the last three rules, where they are those of a probe.
std::string proberOf(const std::vector<relabel::Rule>& rules)
{
    if (rules.size() < 3)
        return {};
    const std::string& prober = rules.back().replacement;
    const bool isProbe = std::equal(rules.end() - 3, rules.end(), probeRules(prober).begin(),
        [](const auto& a, const auto& b) { return isSameRule(a, b); });
    return isProbe ? prober : std::string();
}

void takeProber(const std::string& prober, std::vector<relabel::Rule>& rules)
{
    const std::string before = proberOf(rules);
    if (before == prober)
        return;
    if (!before.empty())
        rules.erase(rules.end() - 3, rules.end());
    if (!prober.empty()) {
        auto added = probeRules(prober);
        std::move(added.begin(), added.end(), std::back_inserter(rules));
    }
}

} // namespace

view::TargetDefinition definitionOf(const scrape::JobOptions& job)
{
    view::TargetDefinition definition;
    definition.job = job.name;
    for (const auto& group : job.discovery.statics)
        definition.addresses.insert(
            definition.addresses.end(), group.targets.begin(), group.targets.end());
    definition.scheme = job.scheme;
    definition.metricsPath = job.metricsPath;
    for (const auto& [name, values] : job.params) {
        for (size_t i = 0; i < values.size(); ++i)
            definition.params.emplace_back(name, Secret::kMask);
    }
    definition.intervalMs = job.interval.count();
    definition.timeoutMs = job.timeout.count();
    definition.honorLabels = job.honorLabels;
    if (job.client.basicAuth) {
        definition.authKind = "basic";
        definition.username = job.client.basicAuth->username;
    } else if (job.client.authorization) {
        definition.authKind = "bearer";
    }
    definition.caPem = job.client.tls.ca;
    definition.caFile = job.client.tls.caFile;
    definition.certFile = job.client.tls.certFile;
    definition.keyFile = job.client.tls.key.file;
    definition.serverName = job.client.tls.serverName;
    definition.insecureSkipVerify = job.client.tls.insecureSkipVerify;
    definition.followRedirects = job.client.followRedirects;
    definition.prober = proberOf(job.relabelRules);
    return definition;
}

Result<scrape::JobOptions> jobOf(
    const view::TargetDefinition& definition, const scrape::JobOptions* known)
{
    if (definition.job.empty())
        return failure("the job needs a name");
    if (definition.addresses.empty() && !(known && findsTargets(known->discovery)))
        return failure(
            "job \"" + definition.job + "\" needs at least one address, as in host:port");
    if (definition.scheme != "http" && definition.scheme != "https")
        return failure("unknown scheme \"" + definition.scheme + "\"; write http or https");
    if (definition.intervalMs < 100 || definition.timeoutMs < 10)
        return failure("the interval must be at least 100 ms and the timeout at least 10 ms");
    if (definition.timeoutMs > definition.intervalMs)
        return failure("scrape timeout of " + std::to_string(definition.timeoutMs)
            + " ms is longer than the interval of " + std::to_string(definition.intervalMs)
            + " ms");
    scrape::JobOptions job = known ? *known : scrape::JobOptions();
    job.name = definition.job;
    job.scheme = definition.scheme;
    job.metricsPath = definition.metricsPath.empty() ? "/metrics" : definition.metricsPath;
    job.interval = Millis(definition.intervalMs);
    job.timeout = Millis(definition.timeoutMs);
    job.honorLabels = definition.honorLabels;
    auto params = paramsOf(definition, job.params);
    if (!params)
        return failure(params.error());
    job.params = std::move(*params);
    job.discovery.statics = groupsOf(definition.addresses, std::move(job.discovery.statics));
    takeAuth(definition, job.client);
    takeTls(definition, job.client.tls);
    job.client.followRedirects = definition.followRedirects;
    takeProber(definition.prober, job.relabelRules);
    return job;
}

std::string fixJob(scrape::JobOptions& job, const view::JobFix& fix)
{
    auto& tls = job.client.tls;
    switch (fix.kind) {
    case view::JobFix::Kind::SetCaFile:
        if (fix.argument.empty())
            return "choose the file of the authority's certificate";
        tls.ca.clear();
        tls.caFile = fix.argument;
        break;
    case view::JobFix::Kind::TrustCertificate: {
        const std::string plain = plainFingerprint(fix.argument);
        if (plain.size() != 64 || plain.find_first_not_of("0123456789abcdef") != std::string::npos)
            return "\"" + fix.argument + "\" is not the SHA-256 of a certificate";
        tls.trustedSha256 = plain;
        break;
    }
    case view::JobFix::Kind::SkipVerification:
        tls.insecureSkipVerify = true;
        break;
    case view::JobFix::Kind::VerifyAgain:
        tls.insecureSkipVerify = false;
        tls.trustedSha256.clear();
        break;
    case view::JobFix::Kind::HonorLabels:
        job.honorLabels = true;
        break;
    case view::JobFix::Kind::UseHttps:
        job.scheme = "https";
        break;
    }
    return {};
}

std::string plainFingerprint(std::string_view fingerprint)
{
    std::string plain;
    for (const char c : fingerprint) {
        if (c != ':')
            plain += c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c;
    }
    return plain;
}

} // namespace fleetglass::monitor
