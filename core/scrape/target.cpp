#include "core/scrape/target.h"

#include "core/base/secret.h"
#include "core/base/utf8.h"
#include "core/http/url.h"

#include <algorithm>
#include <map>
#include <set>

namespace fleetglass::scrape {

namespace {

constexpr std::string_view kAddress = "__address__";
constexpr std::string_view kScheme = "__scheme__";
constexpr std::string_view kPath = "__metrics_path__";
constexpr std::string_view kInterval = "__scrape_interval__";
constexpr std::string_view kTimeout = "__scrape_timeout__";
constexpr std::string_view kParamPrefix = "__param_";
constexpr size_t kDroppedKeptMax = 1'000;

// FNV-1a: the same in every run, so that a target keeps its place in the schedule.
uint64_t mix(uint64_t hash, std::string_view text)
{
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211ULL;
    return (hash ^ 0xff) * 1'099'511'628'211ULL;
}

uint64_t idOf(const Target& target)
{
    uint64_t hash = mix(14'695'981'039'346'656'037ULL, target.job);
    for (const labels::Label& label : target.labels)
        hash = mix(mix(hash, label.name), label.value);
    hash = mix(hash, target.url);
    return hash == 0 ? 1 : hash;
}

void setIfUnset(labels::Builder& builder, std::string_view name, std::string_view value)
{
    if (builder.get(name).empty())
        builder.set(name, value);
}

struct Timing
{
    Millis interval;
    Millis timeout;
};

Result<Timing> readTiming(const labels::Builder& builder)
{
    const auto interval = parseDuration(builder.get(kInterval));
    if (!interval)
        return failure("error parsing scrape interval: " + interval.error().message);
    if (interval->count() == 0)
        return failure("scrape interval cannot be 0");
    const auto timeout = parseDuration(builder.get(kTimeout));
    if (!timeout)
        return failure("error parsing scrape timeout: " + timeout.error().message);
    if (timeout->count() == 0)
        return failure("scrape timeout cannot be 0");
    if (*timeout > *interval)
        return failure("scrape timeout cannot be greater than scrape interval ("
            + labels::quote(builder.get(kTimeout)) + " > " + labels::quote(builder.get(kInterval))
            + ")");
    return Timing { *interval, *timeout };
}

// What a path may not hold as it is.
std::string escapedPath(std::string_view path)
{
    std::string result = path.starts_with('/') ? "" : "/";
    for (const char c : path) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte > 0x20 && byte < 0x7f && c != '?' && c != '#') {
            result += c;
        } else {
            result += '%';
            result += "0123456789ABCDEF"[byte >> 4];
            result += "0123456789ABCDEF"[byte & 15];
        }
    }
    return result;
}

using Params = std::map<std::string, std::vector<std::string>>;

Params paramsOf(const JobOptions& job, const labels::Builder& builder)
{
    Params params;
    for (const auto& [name, values] : job.params)
        params[name] = values;
    for (const auto& [name, value] : builder.pairs()) {
        if (!name.starts_with(kParamPrefix))
            continue;
        auto& values = params[name.substr(kParamPrefix.size())];
        if (values.empty())
            values.push_back(value);
        else
            values.front() = value;
    }
    return params;
}

void fillUrl(Target& target, const JobOptions& job, const labels::Builder& builder)
{
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const auto& [name, values] : paramsOf(job, builder)) {
        for (const std::string& value : values)
            pairs.emplace_back(name, value);
    }
    const std::string query = http::makeQuery(pairs);
    target.url = std::string(builder.get(kScheme)) + "://" + std::string(builder.get(kAddress))
        + escapedPath(builder.get(kPath)) + (query.empty() ? "" : '?' + query);
    for (const auto& [name, values] : job.params)
        target.maskedParams.push_back(name);
    target.shownUrl = http::maskUrl(target.url, target.maskedParams);
}

// The relay is asked in place of the target; who it is stays as it was.
void goThrough(const std::shared_ptr<const discovery::Relay>& relay, Target& target)
{
    const auto url = http::parseUrl(target.url);
    if (!url)
        return;
    const size_t path = target.url.find('/', target.url.find("//") + 2);
    target.relay = relay;
    target.url = relay->url({ url->scheme, url->authority(), target.url.substr(path) });
    target.shownUrl = http::maskUrl(target.url, target.maskedParams);
}

Result<void> checkLabels(const labels::Labels& set)
{
    for (const labels::Label& label : set) {
        if (!isValidUtf8(label.value))
            return failure("invalid label value for " + labels::quote(label.name) + ": "
                + labels::quote(label.value));
    }
    return {};
}

labels::Labels publicLabels(const labels::Builder& builder)
{
    labels::Builder result;
    for (const auto& [name, value] : builder.pairs()) {
        if (!name.starts_with("__"))
            result.set(name, value);
    }
    return result.labels();
}

void noteDropped(BuiltTargets& built, const JobOptions& job, const labels::Labels& discovered)
{
    ++built.droppedCount;
    const size_t kept = job.limits.keepDroppedTargets == 0
        ? kDroppedKeptMax
        : std::min<size_t>(job.limits.keepDroppedTargets, kDroppedKeptMax);
    if (built.dropped.size() < kept)
        built.dropped.push_back({ job.name, maskParams(job, discovered) });
}

} // namespace

labels::Labels discoveredLabels(
    const JobOptions& job, std::string_view address, const discovery::LabelPairs& groupLabels)
{
    labels::Builder builder;
    for (const auto& [name, value] : groupLabels)
        builder.set(name, value);
    builder.set(kAddress, address);
    setIfUnset(builder, "job", job.name);
    setIfUnset(builder, kInterval, formatDuration(job.interval));
    setIfUnset(builder, kTimeout, formatDuration(job.timeout));
    setIfUnset(builder, kPath, job.metricsPath);
    setIfUnset(builder, kScheme, job.scheme);
    for (const auto& [name, values] : job.params) {
        if (!values.empty())
            builder.set(std::string(kParamPrefix) + name, values.front());
    }
    return builder.labels();
}

Result<std::optional<Target>> buildTarget(const JobOptions& job, const labels::Labels& discovered)
{
    labels::Builder builder(discovered);
    if (!relabel::apply(job.relabelRules, builder))
        return std::optional<Target>();
    const std::string address(builder.get(kAddress));
    if (address.empty())
        return failure("no address");
    if (address.find('/') != std::string::npos)
        return failure(labels::quote(address)
            + " is not a valid hostname: only host:port belongs here; the path goes into "
              "metrics_path");
    const auto timing = readTiming(builder);
    if (!timing)
        return failure(timing.error());
    setIfUnset(builder, "instance", address);
    Target target;
    target.job = job.name;
    target.instance = std::string(builder.get("instance"));
    target.labels = publicLabels(builder);
    target.discovered = discovered;
    target.interval = timing->interval;
    target.timeout = timing->timeout;
    if (auto ok = checkLabels(target.labels); !ok)
        return failure(ok.error());
    fillUrl(target, job, builder);
    if (const auto url = http::parseUrl(target.url); !url)
        return failure(url.error());
    target.id = idOf(target);
    return std::optional<Target>(std::move(target));
}

BuiltTargets buildTargets(const JobOptions& job, const std::vector<discovery::TargetGroup>& groups)
{
    BuiltTargets built;
    std::set<uint64_t> seen;
    for (const discovery::TargetGroup& group : groups) {
        for (const std::string& address : group.targets) {
            const labels::Labels discovered = discoveredLabels(job, address, group.labels);
            auto target = buildTarget(job, discovered);
            if (!target) {
                built.problems.push_back(
                    { job.name, address, target.error().message, maskParams(job, discovered) });
            } else if (!*target) {
                noteDropped(built, job, discovered);
            } else if (seen.insert((*target)->id).second) {
                (*target)->source = group.source;
                if (group.relay)
                    goThrough(group.relay, **target);
                built.targets.push_back(std::move(**target));
            }
        }
    }
    const uint64_t limit = job.limits.targetsMax;
    if (limit > 0 && built.targets.size() > limit) {
        built.limitError = "job " + labels::quote(job.name)
            + ": target_limit exceeded (number of targets: " + std::to_string(built.targets.size())
            + ", limit: " + std::to_string(limit) + ")";
        built.targets.clear();
    }
    return built;
}

labels::Labels maskParams(const JobOptions& job, const labels::Labels& set)
{
    labels::Builder builder(set);
    for (const auto& [name, values] : job.params) {
        const std::string label = std::string(kParamPrefix) + name;
        if (!values.empty() && set.get(label) == values.front())
            builder.set(label, Secret::kMask);
    }
    return builder.labels();
}

std::vector<relabel::TraceStep> traceTarget(const JobOptions& job, const Target& target)
{
    auto steps = relabel::trace(job.relabelRules, target.discovered);
    for (relabel::TraceStep& step : steps) {
        step.before = maskParams(job, step.before);
        step.after = maskParams(job, step.after);
    }
    return steps;
}

} // namespace fleetglass::scrape
