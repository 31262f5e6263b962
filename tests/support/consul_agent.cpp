#include "tests/support/consul_agent.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>

namespace fleetglass::test {

namespace {

using Json = nlohmann::json;

std::string decoded(std::string_view text)
{
    std::string result;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            result += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
            i += 2;
        } else {
            result += text[i] == '+' ? ' ' : text[i];
        }
    }
    return result;
}

struct Question
{
    std::string path;
    std::multimap<std::string, std::string> query;

    explicit Question(const std::string& target)
    {
        const size_t mark = std::min(target.find('?'), target.size());
        path = decoded(target.substr(0, mark));
        std::string_view rest = std::string_view(target).substr(std::min(mark + 1, target.size()));
        while (!rest.empty()) {
            const size_t end = std::min(rest.find('&'), rest.size());
            const std::string_view pair = rest.substr(0, end);
            const size_t equals = std::min(pair.find('='), pair.size());
            query.emplace(decoded(pair.substr(0, equals)),
                decoded(pair.substr(std::min(equals + 1, pair.size()))));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }

    std::string value(const std::string& name) const
    {
        const auto found = query.find(name);
        return found == query.end() ? std::string() : found->second;
    }
};

bool matches(const ConsulInstance& instance, const Question& question)
{
    const auto [first, last] = question.query.equal_range("tag");
    const bool tagged = std::all_of(first, last, [&](const auto& tag) {
        return std::find(instance.tags.begin(), instance.tags.end(), tag.second)
            != instance.tags.end();
    });
    const Json meta = Json::parse(instance.nodeMeta);
    const auto [from, to] = question.query.equal_range("node-meta");
    return tagged && std::all_of(from, to, [&](const auto& pair) {
        const size_t colon = pair.second.find(':');
        return meta.value(pair.second.substr(0, colon), "") == pair.second.substr(colon + 1);
    });
}

Json healthOf(const ConsulInstance& instance)
{
    const std::string id
        = instance.id.empty() ? instance.service + '-' + instance.node : instance.id;
    Json service { { "ID", id }, { "Service", instance.service }, { "Tags", instance.tags },
        { "Address", instance.address }, { "Port", instance.port },
        { "Meta", Json::parse(instance.serviceMeta) } };
    if (!instance.nameSpace.empty())
        service["Namespace"] = instance.nameSpace;
    if (!instance.partition.empty())
        service["Partition"] = instance.partition;
    return { { "Node",
                 { { "Node", instance.node }, { "Address", instance.nodeAddress },
                     { "Meta", Json::parse(instance.nodeMeta) },
                     { "TaggedAddresses", Json::parse(instance.taggedAddresses) } } },
        { "Service", service }, { "Checks", Json::parse(instance.checks) } };
}

} // namespace

struct ConsulAgent::State
{
    const ConsulAgentOptions options;
    mutable std::mutex mutex;
    std::condition_variable changed;
    std::vector<ConsulInstance> instances;
    uint64_t index = 10;
    int blocked = 0;
    bool closing = false;
    std::string failStatus;
    std::string failReason;

    explicit State(ConsulAgentOptions wanted)
        : options(std::move(wanted))
    {
    }

    std::string answerTo(const ReceivedRequest& request)
    {
        const Question question(request.path);
        std::unique_lock lock(mutex);
        if (!failStatus.empty())
            return httpAnswer(failReason, "text/plain; charset=utf-8", failStatus);
        if (!options.token.empty() && request.header("X-Consul-Token") != options.token)
            return httpAnswer("Permission denied", "text/plain; charset=utf-8", "403 Forbidden");
        if (!question.path.starts_with(options.pathPrefix))
            return httpAnswer("", "text/plain", "404 Not Found");
        const std::string path = question.path.substr(options.pathPrefix.size());
        if (path == "/v1/agent/self")
            return httpAnswer(
                Json { { "Config", { { "Datacenter", options.datacenter } } } }.dump(),
                "application/json");
        block(question, lock);
        const std::string moreHeaders = "X-Consul-Index: " + std::to_string(index) + "\r\n";
        return httpAnswer(bodyOf(path, question).dump(), "application/json", "200 OK", moreHeaders);
    }

    // Until there is something newer than the caller knows, or its wait is over.
    void block(const Question& question, std::unique_lock<std::mutex>& lock)
    {
        if (question.value("index").empty() || question.value("index") != std::to_string(index))
            return;
        const uint64_t known = index;
        ++blocked;
        changed.wait_for(lock, std::chrono::milliseconds(std::stoi(question.value("wait"))),
            [&] { return closing || index != known || !failStatus.empty(); });
        --blocked;
    }

    Json bodyOf(const std::string& path, const Question& question) const
    {
        const std::string healthPath = "/v1/health/service/";
        if (path.starts_with(healthPath)) {
            Json list = Json::array();
            for (const ConsulInstance& instance : instances) {
                if (instance.service == path.substr(healthPath.size())
                    && matches(instance, question))
                    list.push_back(healthOf(instance));
            }
            return list;
        }
        Json services = Json::object();
        for (const ConsulInstance& instance : instances) {
            Json& tags = services[instance.service];
            if (tags.is_null())
                tags = Json::array();
            for (const std::string& tag : instance.tags)
                tags.push_back(tag);
        }
        return services;
    }
};

ConsulAgent::ConsulAgent(const ConsulAgentOptions& options)
    : m_state(std::make_shared<State>(options))
    , m_server(std::make_unique<FaultServer>(
          [state = m_state](FaultConnection& connection, const ReceivedRequest& request) {
              connection.send(state->answerTo(request));
              connection.keepAlive();
          },
          options.server))
{
}

ConsulAgent::~ConsulAgent()
{
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->closing = true;
    }
    m_state->changed.notify_all();
}

void ConsulAgent::set(std::vector<ConsulInstance> instances)
{
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->instances = std::move(instances);
        m_state->index += 10;
    }
    m_state->changed.notify_all();
}

void ConsulAgent::rewind()
{
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->index = 3;
    }
    m_state->changed.notify_all();
}

void ConsulAgent::fail(const std::string& status, const std::string& reason)
{
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->failStatus = status;
        m_state->failReason = reason;
    }
    m_state->changed.notify_all();
}

const FaultServer& ConsulAgent::server() const
{
    return *m_server;
}

int ConsulAgent::blocked() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->blocked;
}

} // namespace fleetglass::test
