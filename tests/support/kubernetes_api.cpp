#include "tests/support/kubernetes_api.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>

namespace fleetglass::test {

namespace {

using Json = nlohmann::json;

std::string keyOf(const Json& object)
{
    const Json& meta = object.at("metadata");
    const std::string nameSpace = meta.value("namespace", "");
    return (nameSpace.empty() ? "" : nameSpace + '/') + meta.at("name").get<std::string>();
}

std::string decoded(const std::string& text)
{
    std::string result;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            result += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
            i += 2;
        } else {
            result += text[i] == '+' ? ' ' : text[i];
        }
    }
    return result;
}

struct Call
{
    std::string nameSpace;
    std::string plural;
    std::map<std::string, std::string> query;
};

// "/apis/GROUP/VERSION[/namespaces/NS]/PLURAL?..." and "/api/v1/..."
Call callOf(const std::string& target)
{
    Call call;
    const size_t mark = target.find('?');
    std::string path = target.substr(0, mark);
    const size_t place = path.find("/namespaces/");
    if (place != std::string::npos) {
        const size_t start = place + 12;
        const size_t end = path.find('/', start);
        call.nameSpace = path.substr(start, end == std::string::npos ? end : end - start);
    }
    call.plural = path.substr(path.rfind('/') + 1);
    std::string query = mark == std::string::npos ? "" : target.substr(mark + 1);
    while (!query.empty()) {
        const size_t end = std::min(query.find('&'), query.size());
        const std::string pair = query.substr(0, end);
        const size_t equals = std::min(pair.find('='), pair.size());
        call.query[decoded(pair.substr(0, equals))]
            = decoded(pair.substr(std::min(equals + 1, pair.size())));
        query.erase(0, end + 1);
    }
    return call;
}

// "a=b,c=d" against labels; "metadata.name=x" and "spec.nodeName=y" against fields.
bool matches(const Json& object, const Call& call)
{
    const auto each = [](const std::string& selector, const auto& check) {
        size_t start = 0;
        while (start < selector.size()) {
            const size_t end = std::min(selector.find(',', start), selector.size());
            const std::string term = selector.substr(start, end - start);
            const size_t equals = term.find('=');
            if (!check(term.substr(0, equals), term.substr(equals + 1)))
                return false;
            start = end + 1;
        }
        return true;
    };
    const auto label = call.query.find("labelSelector");
    const auto field = call.query.find("fieldSelector");
    const Json& meta = object.at("metadata");
    const bool hasLabels = label == call.query.end()
        || each(label->second, [&](const std::string& name, const std::string& value) {
               return meta.contains("labels") && meta["labels"].value(name, "") == value;
           });
    return hasLabels
        && (field == call.query.end()
            || each(field->second, [&](std::string name, const std::string& value) {
                   std::replace(name.begin(), name.end(), '.', '/');
                   const Json::json_pointer pointer('/' + name);
                   return object.contains(pointer) && object.at(pointer) == value;
               }));
}

std::string chunk(const std::string& bytes)
{
    char size[20];
    std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
    return size + bytes + "\r\n";
}

std::string statusBody(int code, const std::string& reason, const std::string& message)
{
    return Json {
        { "kind", "Status" }, { "apiVersion", "v1" }, { "metadata", Json::object() },
        { "status", "Failure" }, { "message", message }, { "reason", reason }, { "code", code }
    }.dump();
}

std::string refusal(int code, const std::string& reason, const std::string& message)
{
    return httpAnswer(
        statusBody(code, reason, message), "application/json", std::to_string(code) + ' ' + reason);
}

} // namespace

class KubernetesApi::State
{
public:
    struct Event
    {
        uint64_t version = 0;
        std::string plural;
        std::string type;
        Json object;
    };

    explicit State(KubernetesApiOptions options)
        : m_options(std::move(options))
    {
    }

    void serve(FaultConnection& connection, const ReceivedRequest& request)
    {
        std::unique_lock lock(m_mutex);
        if (const std::string refused = refusalOf(request); !refused.empty()) {
            connection.send(refused);
            return connection.keepAlive();
        }
        if (request.path.find("/proxy/") != std::string::npos)
            return sendPage(connection, request.path);
        const Call call = callOf(request.path);
        if (call.query.contains("watch"))
            return watch(connection, call, lock);
        connection.send(list(call));
        connection.keepAlive();
    }

    void put(const std::string& plural, Json object)
    {
        const std::lock_guard lock(m_mutex);
        object["metadata"]["resourceVersion"] = std::to_string(++m_version);
        auto& known = m_objects[plural][keyOf(object)];
        m_events.push_back({ m_version, plural, known.is_null() ? "ADDED" : "MODIFIED", object });
        known = std::move(object);
        m_changed.notify_all();
    }

    void remove(const std::string& plural, const std::string& key)
    {
        const std::lock_guard lock(m_mutex);
        Json object = m_objects[plural][key];
        m_objects[plural].erase(key);
        object["metadata"]["resourceVersion"] = std::to_string(++m_version);
        m_events.push_back({ m_version, plural, "DELETED", std::move(object) });
        m_changed.notify_all();
    }

    template<class F>
    void change(F&& f)
    {
        const std::lock_guard lock(m_mutex);
        f(*this);
        m_changed.notify_all();
    }

    size_t openWatches() const
    {
        const std::lock_guard lock(m_mutex);
        return m_open;
    }

    KubernetesApiOptions m_options;
    std::set<std::string> m_forbidden;
    std::set<std::string> m_missing;
    std::map<std::string, std::string> m_pages;
    int m_failing = 0;
    uint64_t m_version = 100;
    uint64_t m_oldest = 0; // Versions below are forgotten.
    uint64_t m_bookmarks = 0; // Raised to tell one.
    uint64_t m_ends = 0;
    bool m_cut = false;
    std::vector<std::string> m_raw;
    bool m_stopping = false;
    bool m_pagesExpire = false;
    size_t m_pageMax = SIZE_MAX;

private:
    std::string refusalOf(const ReceivedRequest& request)
    {
        if (m_failing != 0)
            return refusal(m_failing, "InternalError", "etcd is on fire");
        const std::string wanted = "Bearer " + m_options.token;
        if (!m_options.token.empty() && request.header("Authorization") != wanted)
            return refusal(401, "Unauthorized", "Unauthorized");
        const Call call = callOf(request.path);
        if (m_missing.contains(call.plural))
            return httpAnswer("404 page not found\n", "text/plain", "404 Not Found");
        if (!m_forbidden.contains(call.plural))
            return {};
        const std::string scope = call.nameSpace.empty()
            ? "at the cluster scope"
            : "in the namespace \"" + call.nameSpace + '"';
        return refusal(403, "Forbidden",
            call.plural + " is forbidden: User \"" + m_options.user + "\" cannot list resource \""
                + call.plural + "\" in API group \"\" " + scope);
    }

    void sendPage(FaultConnection& connection, const std::string& path)
    {
        const auto page = m_pages.find(path.substr(0, path.find('?')));
        connection.send(page == m_pages.end()
                ? refusal(503, "ServiceUnavailable", "no endpoints available")
                : httpAnswer(page->second));
        connection.keepAlive();
    }

    // The token of a page is the version the list began with and the last key of it.
    std::string list(const Call& call)
    {
        uint64_t version = m_version;
        std::string after;
        if (const auto token = call.query.find("continue"); token != call.query.end()) {
            version = std::stoull(token->second);
            after = token->second.substr(token->second.find(' ') + 1);
            if (version < m_oldest || m_pagesExpire)
                return refusal(410, "Expired", "The provided continue parameter is too old");
        }
        const auto limit = call.query.find("limit");
        const size_t most = limit == call.query.end() ? SIZE_MAX : std::stoull(limit->second);
        Json items = Json::array();
        std::string last;
        bool more = false;
        for (const auto& [key, object] : m_objects[call.plural]) {
            const bool isHere = call.nameSpace.empty() || key.starts_with(call.nameSpace + '/');
            if (key <= after || !isHere || !matches(object, call))
                continue;
            more = items.size() >= (most == SIZE_MAX ? most : std::min(most, m_pageMax));
            if (more)
                break;
            items.push_back(object);
            last = key;
        }
        Json meta { { "resourceVersion", std::to_string(version) } };
        if (more && limit != call.query.end())
            meta["continue"] = std::to_string(version) + ' ' + last;
        return httpAnswer(Json { { "kind", "List" }, { "apiVersion", "v1" }, { "metadata", meta },
                              { "items", std::move(items) } }
                              .dump(),
            "application/json");
    }

    void watch(FaultConnection& connection, const Call& call, std::unique_lock<std::mutex>& lock)
    {
        uint64_t seen = std::stoull(call.query.at("resourceVersion"));
        std::string out = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                          "Transfer-Encoding: chunked\r\n\r\n";
        uint64_t bookmarks = m_bookmarks;
        const uint64_t ends = m_ends;
        size_t raw = m_raw.size();
        size_t told = 0;
        ++m_open;
        bool alive = true;
        while (alive && !m_stopping) {
            // What happened before its end is told first.
            const bool gone = seen < m_oldest;
            const bool ending = gone || m_ends != ends;
            if (gone)
                out += chunk(
                    Json { { "type", "ERROR" },
                        { "object",
                            Json::parse(statusBody(410, "Expired", "too old resource version")) } }
                        .dump()
                    + '\n');
            for (; told < m_events.size(); ++told) {
                const Event& event = m_events[told];
                if (event.version <= seen)
                    continue;
                seen = event.version;
                const bool isHere = call.nameSpace.empty()
                    || keyOf(event.object).starts_with(call.nameSpace + '/');
                if (event.plural == call.plural && isHere && matches(event.object, call))
                    out += chunk(
                        Json { { "type", event.type }, { "object", event.object } }.dump() + '\n');
            }
            for (; raw < m_raw.size(); ++raw)
                out += chunk(m_raw[raw] + '\n');
            if (std::exchange(bookmarks, m_bookmarks) != m_bookmarks) {
                seen = std::max(seen, m_version);
                out += chunk(
                    Json { { "type", "BOOKMARK" },
                        { "object",
                            { { "metadata",
                                { { "resourceVersion", std::to_string(m_version) } } } } } }
                        .dump()
                    + '\n');
            }
            const std::string bytes = std::exchange(out, {});
            lock.unlock();
            alive = bytes.empty() || connection.send(bytes);
            lock.lock();
            if (ending)
                break;
            m_changed.wait_for(lock, std::chrono::milliseconds(20));
        }
        --m_open;
        const bool isCut = m_cut;
        lock.unlock();
        if (isCut)
            connection.send("40\r\n{\"type\":\"MODIF");
        else if (alive)
            connection.send("0\r\n\r\n");
    }

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::map<std::string, std::map<std::string, Json>> m_objects;
    std::vector<Event> m_events;
    size_t m_open = 0;
};

KubernetesApi::KubernetesApi(KubernetesApiOptions options)
{
    FaultServerOptions serverOptions;
    m_scheme = options.certificate ? "https" : "http";
    serverOptions.certificate = options.certificate;
    serverOptions.clientAuthorityPem = options.clientAuthorityPem;
    m_state = std::make_unique<State>(std::move(options));
    m_server = std::make_unique<FaultServer>(
        [state = m_state.get()](FaultConnection& connection, const ReceivedRequest& request) {
            state->serve(connection, request);
        },
        serverOptions);
}

KubernetesApi::~KubernetesApi()
{
    m_state->change([](State& state) { state.m_stopping = true; });
    m_server.reset();
}

std::string KubernetesApi::url() const
{
    return m_scheme + "://" + m_server->address();
}

std::vector<ReceivedRequest> KubernetesApi::requests() const
{
    return m_server->requests();
}

size_t KubernetesApi::countOf(const std::string& part) const
{
    const auto all = requests();
    return static_cast<size_t>(
        std::count_if(all.begin(), all.end(), [&](const ReceivedRequest& request) {
            return request.path.find(part) != std::string::npos;
        }));
}

void KubernetesApi::put(const std::string& plural, const std::string& json)
{
    m_state->put(plural, Json::parse(json));
}

void KubernetesApi::remove(const std::string& plural, const std::string& key)
{
    m_state->remove(plural, key);
}

void KubernetesApi::compact()
{
    m_state->change([](State& state) { state.m_oldest = ++state.m_version; });
}

void KubernetesApi::bookmark()
{
    m_state->change([](State& state) { ++state.m_bookmarks; });
}

void KubernetesApi::endWatches()
{
    m_state->change([](State& state) { ++state.m_ends; });
}

void KubernetesApi::cutWatches()
{
    m_state->change([](State& state) {
        state.m_cut = true;
        ++state.m_ends;
    });
}

void KubernetesApi::sendToWatches(const std::string& line)
{
    m_state->change([&](State& state) { state.m_raw.push_back(line); });
}

size_t KubernetesApi::watches() const
{
    return m_state->openWatches();
}

void KubernetesApi::forbid(const std::string& plural)
{
    m_state->change([&](State& state) { state.m_forbidden.insert(plural); });
}

void KubernetesApi::allow(const std::string& plural)
{
    m_state->change([&](State& state) { state.m_forbidden.erase(plural); });
}

void KubernetesApi::setToken(const std::string& token)
{
    m_state->change([&](State& state) { state.m_options.token = token; });
}

void KubernetesApi::setMissing(const std::string& plural)
{
    m_state->change([&](State& state) { state.m_missing.insert(plural); });
}

void KubernetesApi::setFailing(int status)
{
    m_state->change([&](State& state) { state.m_failing = status; });
}

void KubernetesApi::setExpiringPages()
{
    m_state->change([](State& state) { state.m_pagesExpire = true; });
}

void KubernetesApi::setPageMax(size_t objects)
{
    m_state->change([&](State& state) { state.m_pageMax = objects; });
}

void KubernetesApi::setPage(const std::string& path, const std::string& body)
{
    m_state->change([&](State& state) { state.m_pages[path] = body; });
}

} // namespace fleetglass::test
