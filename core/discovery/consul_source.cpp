#include "core/discovery/consul_source.h"

#include "core/base/utf8.h"
#include "core/discovery/consul_targets.h"

#include <algorithm>
#include <charconv>

namespace fleetglass::discovery {

namespace {

constexpr std::chrono::nanoseconds kRetry = std::chrono::seconds(15);
constexpr std::chrono::nanoseconds kNever = std::chrono::hours(24);
constexpr size_t kErrorsMax = 5;

// Keys of the questions; services have their name behind a slash, which these have not.
const std::string kSelf = "self";
const std::string kCatalog = "catalog";
constexpr char kServiceMark = '/';

uint64_t indexOf(const http::Exchange& exchange)
{
    const std::string_view text = exchange.header("X-Consul-Index");
    uint64_t index = 0;
    std::from_chars(text.data(), text.data() + text.size(), index);
    return index;
}

// Consul says why in plain text: "Permission denied: token with AccessorID ...".
std::string problemOf(const http::Exchange& exchange)
{
    const auto failed = http::failureUnlessOk(exchange);
    if (!failed)
        return {};
    const bool hasReason = !exchange.failure && !exchange.body.empty();
    return failed->message + (hasReason ? ": " + clipUtf8(exchange.body, 200) : std::string());
}

} // namespace

ConsulSource::ConsulSource(
    ConsulOptions options, http::Transport& transport, std::function<void()> answered)
    : m_options(std::move(options))
    , m_requests(m_options)
    , m_calls(transport, std::move(answered))
    , m_datacenter(m_options.datacenter)
{
    m_self.answered = !m_requests.problem().empty();
    m_self.error = m_requests.problem();
    if (!m_datacenter.empty())
        beginServices();
}

// Named services are watched without it, but only the catalog knows their tags.
bool ConsulSource::watchesCatalog() const
{
    return m_options.services.empty() || !m_options.tags.empty() || !m_options.filter.empty();
}

void ConsulSource::beginServices()
{
    if (watchesCatalog())
        return;
    for (const std::string& name : m_options.services)
        m_services.try_emplace(name);
}

template<class F>
void ConsulSource::forEachWatch(F&& f) const
{
    if (m_datacenter.empty() || !m_requests.problem().empty()) {
        f(m_self, kSelf);
        return;
    }
    if (watchesCatalog())
        f(m_catalog, kCatalog);
    for (const auto& [name, watch] : m_services)
        f(watch, kServiceMark + name);
}

std::chrono::nanoseconds ConsulSource::untilDue(std::chrono::nanoseconds bootTime) const
{
    if (!m_requests.problem().empty())
        return kNever;
    std::chrono::nanoseconds wait = kNever;
    forEachWatch([&](const Watch& watch, const std::string&) {
        if (!watch.asking)
            wait = std::min(wait, std::max(watch.next - bootTime, std::chrono::nanoseconds(0)));
    });
    return wait;
}

void ConsulSource::poll(std::chrono::nanoseconds bootTime)
{
    for (const ApiCalls::Answer& answer : m_calls.take())
        take(answer, bootTime);
    if (m_requests.problem().empty())
        askWhatIsDue(bootTime);
}

void ConsulSource::askWhatIsDue(std::chrono::nanoseconds now)
{
    if (m_datacenter.empty()) {
        askIfDue(m_self, kSelf, now);
        return;
    }
    if (watchesCatalog())
        askIfDue(m_catalog, kCatalog, now);
    for (auto& [name, watch] : m_services)
        askIfDue(watch, kServiceMark + name, now);
}

void ConsulSource::askIfDue(Watch& watch, const std::string& key, std::chrono::nanoseconds now)
{
    if (watch.asking || now < watch.next)
        return;
    watch.asking = true;
    watch.asked = now;
    const bool watched = key == kCatalog || m_services.size() <= kWatchedMax;
    m_calls.start(key, requestFor(key, watched ? watch.index : 0));
}

http::Request ConsulSource::requestFor(const std::string& key, uint64_t index) const
{
    if (key == kSelf)
        return m_requests.self();
    return key == kCatalog ? m_requests.catalog(index) : m_requests.service(key.substr(1), index);
}

void ConsulSource::take(const ApiCalls::Answer& answer, std::chrono::nanoseconds now)
{
    m_changed = true;
    if (answer.key == kSelf) {
        if (const Json self = takeWatch(m_self, answer, now); !self.is_null())
            takeSelf(self);
        return;
    }
    if (answer.key == kCatalog) {
        if (const Json services = takeWatch(m_catalog, answer, now); !services.is_null())
            takeCatalog(services);
        return;
    }
    const std::string name = answer.key.substr(1);
    const auto service = m_services.find(name);
    if (service == m_services.end())
        return; // It has left the catalog meanwhile.
    const Json instances = takeWatch(service->second, answer, now);
    if (!instances.is_null())
        service->second.groups
            = consulTargets(instances, name, m_datacenter, m_options.tagSeparator);
}

Json ConsulSource::takeWatch(
    Watch& watch, const ApiCalls::Answer& answer, std::chrono::nanoseconds now)
{
    watch.asking = false;
    watch.answered = true;
    watch.error = problemOf(answer.exchange);
    watch.next = std::max(now, watch.asked + pauseOf(m_options.refreshInterval));
    auto json = parseJson(answer.exchange.body);
    if (watch.error.empty() && !json)
        watch.error = json.error().message;
    if (!watch.error.empty()) {
        watch.next = std::max(watch.next, now + kRetry);
        return {};
    }
    const uint64_t index = indexOf(answer.exchange);
    const bool same = index != 0 && index == watch.index; // The wait is over without news.
    // An index that goes back is that of a restored server: it counts from the start again.
    watch.index = index < watch.index ? 0 : index;
    return same ? Json() : std::move(*json);
}

void ConsulSource::takeSelf(const Json& self)
{
    m_datacenter = textOf(memberAt(self, { "Config", "Datacenter" }));
    if (m_datacenter.empty()) {
        m_self.error = "the agent does not tell its datacenter (Config.Datacenter)";
        m_self.next += kRetry;
        return;
    }
    beginServices();
}

bool ConsulSource::wantsService(const std::string& name, const Json& tags) const
{
    const auto& names = m_options.services;
    if (!names.empty() && std::find(names.begin(), names.end(), name) == names.end())
        return false;
    return std::all_of(m_options.tags.begin(), m_options.tags.end(), [&](const std::string& tag) {
        const Json& list = listFrom(tags);
        return std::find(list.begin(), list.end(), tag) != list.end();
    });
}

void ConsulSource::takeCatalog(const Json& services)
{
    if (!services.is_object()) {
        m_catalog.error = "the list of services is no object";
        return;
    }
    for (const auto& [name, tags] : services.items()) {
        if (wantsService(name, tags))
            m_services.try_emplace(name);
    }
    std::erase_if(m_services, [&](const auto& service) {
        if (services.contains(service.first))
            return false;
        m_calls.cancel(kServiceMark + service.first);
        return true;
    });
}

Snapshot ConsulSource::snapshot() const
{
    Snapshot snapshot;
    size_t failed = 0;
    const auto addError = [&](const Watch& watch, const std::string& what) {
        if (!watch.error.empty() && ++failed <= kErrorsMax)
            snapshot.errors.push_back(
                m_requests.shownServer() + ": error " + what + ": " + watch.error);
    };
    if (!m_requests.problem().empty())
        return { {}, { m_options.server + ": " + m_requests.problem() } };
    if (m_datacenter.empty())
        addError(m_self, "retrieving datacenter name");
    addError(m_catalog, "refreshing service list");
    for (const auto& [name, watch] : m_services) {
        snapshot.groups.insert(snapshot.groups.end(), watch.groups.begin(), watch.groups.end());
        addError(watch, "refreshing service \"" + name + '"');
    }
    if (failed > kErrorsMax)
        snapshot.errors.push_back(m_requests.shownServer() + ": "
            + std::to_string(failed - kErrorsMax) + " more services could not be refreshed");
    return snapshot;
}

bool ConsulSource::hasAnswered() const
{
    if (m_datacenter.empty() || !m_requests.problem().empty())
        return !m_self.error.empty();
    bool all = true;
    forEachWatch([&](const Watch& watch, const std::string&) { all = all && watch.answered; });
    return all;
}

} // namespace fleetglass::discovery
