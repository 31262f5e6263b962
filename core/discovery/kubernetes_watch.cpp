#include "core/discovery/kubernetes_watch.h"

#include "core/http/url.h"

#include <algorithm>
#include <utility>

namespace fleetglass::discovery::kubernetes {

namespace {

using namespace std::chrono_literals;

constexpr auto kListTimeout = 60s;
constexpr auto kWatchTime = 300s; // The server ends a watch after that.
constexpr auto kBackoffMin = 800ms;
constexpr auto kBackoffMax = 30'000ms;
constexpr auto kSleptAfter = 150s; // Nobody polls for that long but a computer that slept.
constexpr auto kWatchMin
    = 1s; // One that ends sooner, with nothing to tell, is not repeated at once.
constexpr size_t kListBytesMax = 256u << 20;
constexpr size_t kInboxBytesMax = 64u << 20;
constexpr size_t kLineBytesMax = 8u << 20;
constexpr const char* kTooMany = ": more than 200,000 objects: use namespaces or selectors";

void call(const Watch::Wake& wake)
{
    wake->with([](const std::function<void()>& answered) {
        if (answered)
            answered();
    });
}

} // namespace

Watch::Watch(WatchOptions options, http::Transport& transport, Credentials& credentials, Wake wake)
    : m_options(std::move(options))
    , m_transport(transport)
    , m_credentials(credentials)
    , m_wake(std::move(wake))
{
}

Watch::~Watch()
{
    drop();
}

// Whatever still comes for the request goes to an inbox that nobody reads.
void Watch::drop()
{
    if (m_inbox)
        m_transport.cancel(m_request);
    m_inbox.reset();
    m_partialLine.clear();
}

std::string Watch::path() const
{
    const KindNames& names = namesOf(m_options.kind);
    std::string path(names.group);
    if (names.namespaced && !m_options.nameSpace.empty())
        path += "/namespaces/" + m_options.nameSpace;
    return path + '/' + std::string(names.plural);
}

http::Request Watch::request() const
{
    std::vector<std::pair<std::string, std::string>> query;
    if (!m_options.labelSelector.empty())
        query.emplace_back("labelSelector", m_options.labelSelector);
    if (!m_options.fieldSelector.empty())
        query.emplace_back("fieldSelector", m_options.fieldSelector);
    http::Request request;
    if (m_phase == Phase::List) {
        // Pages that expired while they were read are not tried again: then all at once.
        if (!m_pagesExpired)
            query.emplace_back("limit", std::to_string(kPageObjects));
        if (!m_continue.empty())
            query.emplace_back("continue", m_continue);
        request.timeout = kListTimeout;
    } else {
        query.emplace_back("watch", "true");
        query.emplace_back("resourceVersion", m_resourceVersion);
        query.emplace_back("allowWatchBookmarks", "true");
        query.emplace_back("timeoutSeconds", std::to_string(kWatchTime.count()));
        request.timeout = kWatchTime + 30s;
        request.compression = false; // Each event must come through at once.
    }
    request.url = m_credentials.access().server + path() + '?' + http::makeQuery(query);
    request.client = m_credentials.client();
    request.headers = { { "Accept", "application/json" } };
    request.limits.bodyBytesMax = kListBytesMax;
    request.limits.wireBytesMax = kListBytesMax;
    request.limits.bodyLimitName = "a limit of Fleetglass: use namespaces or selectors";
    return request;
}

void Watch::send(BootTime now)
{
    m_asked = now;
    m_sawEvent = false;
    m_partialLine.clear();
    m_inbox = std::make_shared<Guarded<Inbox>>();
    http::Request asked = request();
    if (m_phase == Phase::Follow) {
        asked.onBody = [inbox = m_inbox, wake = m_wake](std::string_view bytes) {
            const bool fits = inbox->with([&](Inbox& box) {
                box.overflowed = box.bytes.size() + bytes.size() > kInboxBytesMax;
                if (!box.overflowed)
                    box.bytes += bytes;
                return !box.overflowed;
            });
            call(wake);
            return fits;
        };
    }
    m_request = m_transport.start(
        std::move(asked), [inbox = m_inbox, wake = m_wake](http::Exchange exchange) {
            inbox->with([&](Inbox& box) { box.end = std::move(exchange); });
            call(wake);
        });
}

void Watch::poll(BootTime now)
{
    // What a sleeping computer missed comes sooner by asking than by waiting for the dead line.
    if (m_lastPoll != BootTime {} && now - m_lastPoll > kSleptAfter && m_inbox) {
        drop();
        m_notBefore = now;
    }
    m_lastPoll = now;
    if (m_inbox) {
        Inbox box = m_inbox->with([](Inbox& inbox) {
            return Inbox { std::exchange(inbox.bytes, {}), std::exchange(inbox.end, {}),
                inbox.overflowed };
        });
        const InboxPtr asked = m_inbox;
        if (m_phase == Phase::Follow) {
            m_partialLine += box.bytes;
            // A transport without streams gives it all at the end.
            if (box.end && !box.end->failure && box.end->status == 200)
                m_partialLine += box.end->body;
            readLines(now, box.end.has_value());
        }
        // An event may have ended the watch already.
        if (box.end && m_inbox == asked) {
            m_inbox.reset();
            if (m_phase == Phase::List)
                takeList(*box.end, now);
            else
                endFollowing(*box.end, now);
        }
    }
    if (!m_inbox && now >= m_notBefore && m_credentials.client() != nullptr)
        send(now);
}

Watch::BootTime Watch::untilDue(BootTime now) const
{
    if (m_inbox)
        return 60s;
    return m_credentials.client() == nullptr ? BootTime(60s)
                                             : std::max(m_notBefore - now, BootTime(0));
}

void Watch::readLines(BootTime now, bool atEnd)
{
    const InboxPtr asked = m_inbox;
    size_t start = 0;
    while (m_inbox == asked) {
        size_t end = m_partialLine.find('\n', start);
        if (end == std::string::npos && !(atEnd && start < m_partialLine.size()))
            break;
        end = std::min(end, m_partialLine.size());
        const std::string_view line(m_partialLine.data() + start, end - start);
        start = std::min(end + 1, m_partialLine.size());
        if (line.find_first_not_of(" \r\t") == std::string_view::npos)
            continue;
        const auto event = readEvent(m_options.kind, line);
        if (!event && atEnd && start >= m_partialLine.size())
            break; // The connection ended within a line.
        if (!event) {
            drop();
            startOver();
            return fail(path() + ": " + event.error().message, now);
        }
        takeEvent(*event, now);
    }
    if (m_inbox != asked)
        return;
    m_partialLine.erase(0, start);
    if (m_partialLine.size() > kLineBytesMax) {
        drop();
        startOver();
        fail(path() + ": an event is larger than 8 MiB", now);
    }
}

void Watch::takeEvent(const WatchEvent& event, BootTime now)
{
    m_sawEvent = true;
    if (event.type == WatchEvent::Type::Error) {
        drop();
        startOver();
        // 410 Gone: our version is too old to go on from; everything is asked for anew.
        if (event.statusCode == 410)
            m_notBefore = now;
        else
            fail(path() + ": " + event.message, now);
        return;
    }
    if (!event.resourceVersion.empty())
        m_resourceVersion = event.resourceVersion;
    if (event.object == nullptr)
        return;
    const std::string key = metaOf(*event.object).key();
    ObjectPtr& known = m_objects[key];
    if (event.type == WatchEvent::Type::Deleted) {
        m_objects.erase(key);
        m_changed = true;
    } else if (known == nullptr || *known != *event.object) {
        known = event.object;
        m_changed = true;
    }
    m_backoff = 0ms;
    m_error.clear();
    if (m_objects.size() > kObjectsMax) {
        m_objects.erase(key);
        m_error = path() + kTooMany;
    }
}

void Watch::startOver()
{
    m_phase = Phase::List;
    m_listing.clear();
    m_continue.clear();
    m_pagesExpired = false;
}

void Watch::takeList(const http::Exchange& exchange, BootTime now)
{
    if (exchange.status == 410 && !m_continue.empty()) {
        startOver();
        m_pagesExpired = true;
        m_notBefore = now;
        return;
    }
    if (exchange.failure || exchange.status != 200) {
        startOver();
        return failWith(exchange, now);
    }
    auto page = readList(m_options.kind, exchange.body);
    if (!page) {
        startOver();
        return fail(m_credentials.access().server + path() + ": " + page.error().message, now);
    }
    for (ObjectPtr& object : page->objects) {
        std::string key = metaOf(*object).key();
        if (!key.empty())
            m_listing[std::move(key)] = std::move(object);
    }
    if (m_listing.size() > kObjectsMax) {
        startOver();
        return fail(path() + kTooMany, now);
    }
    m_continue = page->continueToken;
    m_notBefore = now;
    if (!m_continue.empty())
        return;
    m_resourceVersion = page->resourceVersion;
    m_objects = std::exchange(m_listing, {});
    m_phase = Phase::Follow;
    m_isComplete = true;
    m_changed = true;
    m_error.clear();
}

void Watch::endFollowing(const http::Exchange& exchange, BootTime now)
{
    if (exchange.status == 410) {
        startOver();
        m_notBefore = now;
        return;
    }
    const bool isCut = exchange.failure && exchange.status == 200;
    if ((exchange.failure && !isCut) || (exchange.status != 200 && exchange.status != 0))
        return failWith(exchange, now);
    // Its time is over, or the connection broke: on from the last version that was told.
    const bool wasShort = now - m_asked < kWatchMin && !m_sawEvent;
    if (!wasShort)
        m_backoff = 0ms;
    else
        m_backoff = std::clamp<std::chrono::milliseconds>(m_backoff * 2, kBackoffMin, kBackoffMax);
    m_notBefore = now + m_backoff;
}

void Watch::fail(const std::string& message, BootTime now)
{
    m_error = message;
    m_backoff = std::clamp<std::chrono::milliseconds>(m_backoff * 2, kBackoffMin, kBackoffMax);
    m_notBefore = now + m_backoff;
}

void Watch::failWith(const http::Exchange& exchange, BootTime now)
{
    if (exchange.status == 401)
        m_credentials.refused(now);
    fail(explainFailure(exchange, m_options, m_credentials.access().server), now);
    if (exchange.retryAfter)
        m_notBefore = std::max(
            m_notBefore, now + std::min<std::chrono::seconds>(*exchange.retryAfter, 120s));
}

} // namespace fleetglass::discovery::kubernetes
