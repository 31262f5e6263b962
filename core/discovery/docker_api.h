// DockerApi: rounds of requests to a Docker daemon, over TCP, TLS or its socket file. Each round
// begins with asking for the version of the API where it is not known. Used from one thread at a
// time.
#pragma once

#include "core/discovery/api_calls.h"
#include "core/discovery/json_reading.h"

#include <deque>
#include <map>

namespace fleetglass::discovery {

// Where a daemon is reached.
struct DockerEndpoint
{
    std::string url; // "http://localhost", without a final slash.
    std::shared_ptr<const http::ClientOptions> client;
};

// Only http and https hosts take the client's options, as upstream: unix:// and tcp:// are spoken
// without.
Result<DockerEndpoint> dockerEndpoint(const std::string& host, const http::ClientOptions& client);

class DockerApi
{
public:
    struct Call
    {
        std::string path; // "/containers/json"; also the key of its answer.
        std::string query;
        std::string what; // For messages: "listing containers".
        bool optional = false; // A failure is no failure of the round.
    };
    struct Options
    {
        std::string host;
        http::ClientOptions client;
        std::chrono::milliseconds timeout { 30'000 };
    };

    // `answered` is called from any thread when poll() has something to do.
    DockerApi(const Options& options, http::Transport& transport, std::function<void()> answered);

    // Begins a round; the answers of the one before are forgotten.
    void begin(std::vector<Call> calls);
    // More calls for the round.
    void add(std::vector<Call> calls);
    // Takes in what was answered; true where that completed the round.
    bool poll();
    bool isBusy() const { return !m_running.empty() || !m_waiting.empty(); }

    // Of the round: the first failure, or "".
    const std::string& error() const { return m_error; }
    // Null where the call was not made or failed.
    const Json& answerTo(const std::string& path) const;

    // "filters=..." for a query, "" without filters.
    static std::string filterQuery(const std::vector<DockerFilter>& filters);

private:
    void startWaiting();
    void startCall(const Call& call);
    void take(const std::string& key, const http::Exchange& exchange);
    void takeVersion(const http::Exchange& exchange);
    void failRound(const std::string& what, const std::string& message);

    const Options m_options;
    Result<DockerEndpoint> m_endpoint;
    ApiCalls m_calls;
    bool m_versionKnown = false;
    std::string m_version; // "/v1.47", or "" where the daemon did not tell.
    std::deque<Call> m_waiting;
    std::map<std::string, Call> m_running;
    std::map<std::string, Json> m_answers;
    std::string m_error;
    bool m_inRound = false;
};

} // namespace fleetglass::discovery
