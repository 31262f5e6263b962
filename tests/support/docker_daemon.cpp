#include "tests/support/docker_daemon.h"

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

// {"label": {"env=prod": true}}: every label has to be there.
bool passes(const Json& item, const Json& filters)
{
    const Json labels = item.value("Labels", Json::object());
    const Json wantedLabels = filters.value("label", Json::object());
    for (const auto& [wanted, on] : wantedLabels.items()) {
        const size_t equals = wanted.find('=');
        const std::string name = wanted.substr(0, equals);
        if (!on.get<bool>() || !labels.contains(name))
            return false;
        if (equals != std::string::npos && labels[name] != wanted.substr(equals + 1))
            return false;
    }
    return true;
}

std::string filtered(const std::string& body, std::string_view query)
{
    constexpr std::string_view kFilters = "filters=";
    const size_t start = query.find(kFilters);
    if (start == std::string_view::npos)
        return body;
    const Json list = Json::parse(body);
    const std::string_view value = query.substr(start + kFilters.size());
    const Json filters = Json::parse(decoded(value.substr(0, value.find('&'))));
    Json kept = Json::array();
    for (const Json& item : list) {
        if (passes(item, filters))
            kept.push_back(item);
    }
    return kept.dump();
}

std::string errorAnswer(const std::string& status, const std::string& message)
{
    return httpAnswer(Json { { "message", message } }.dump(), "application/json", status);
}

} // namespace

struct DockerDaemon::State
{
    struct Answer
    {
        std::string status;
        std::string text;
    };

    const DockerDaemonOptions options;
    std::mutex mutex;
    std::map<std::string, Answer> answers;

    explicit State(DockerDaemonOptions wanted)
        : options(std::move(wanted))
    {
    }

    std::string answerTo(const ReceivedRequest& request)
    {
        const size_t mark = std::min(request.path.find('?'), request.path.size());
        std::string path = request.path.substr(0, mark);
        if (!options.authorization.empty()
            && request.header("Authorization") != options.authorization)
            return errorAnswer("401 Unauthorized", "authorization denied by plugin");
        if (path == "/_ping")
            return httpAnswer("OK", "text/plain; charset=utf-8", "200 OK",
                options.version.empty() ? "" : "Api-Version: " + options.version + "\r\n");
        const std::string prefix = "/v" + options.version;
        if (!options.version.empty() && path.starts_with(prefix + '/'))
            path.erase(0, prefix.size());
        const std::lock_guard lock(mutex);
        const auto answer = answers.find(path);
        if (answer == answers.end())
            return errorAnswer("404 Not Found", "page not found");
        if (answer->second.status != "200 OK")
            return errorAnswer(answer->second.status, answer->second.text);
        return httpAnswer(
            filtered(answer->second.text, request.path.substr(mark)), "application/json");
    }
};

DockerDaemon::DockerDaemon(const DockerDaemonOptions& options)
    : m_state(std::make_shared<State>(options))
    , m_server(std::make_unique<FaultServer>(
          [state = m_state](FaultConnection& connection, const ReceivedRequest& request) {
              connection.send(state->answerTo(request));
              connection.keepAlive();
          },
          options.server))
{
}

DockerDaemon::~DockerDaemon() = default;

void DockerDaemon::set(const std::string& path, const std::string& json)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->answers[path] = { "200 OK", json };
}

void DockerDaemon::fail(
    const std::string& path, const std::string& status, const std::string& message)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->answers[path] = { status, message };
}

const FaultServer& DockerDaemon::server() const
{
    return *m_server;
}

} // namespace fleetglass::test
