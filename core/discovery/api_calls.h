// ApiCalls: the requests that one source has under way, and the answers it has not looked at yet.
// Used from one thread at a time; answers come in from the transport's thread and only wake the
// owner, so that a big page is never parsed on the network's thread.
#pragma once

#include "core/base/guarded.h"
#include "core/http/transport.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace fleetglass::discovery {

class ApiCalls
{
public:
    struct Answer
    {
        std::string key;
        http::Exchange exchange;
    };

    // `answered` is called from any thread when there is something to take.
    ApiCalls(http::Transport& transport, std::function<void()> answered);
    ~ApiCalls();
    ApiCalls(const ApiCalls&) = delete;
    ApiCalls& operator=(const ApiCalls&) = delete;

    // An older request of the same key is cancelled and its answer dropped.
    void start(const std::string& key, http::Request request);
    void cancel(const std::string& key);
    bool isRunning(const std::string& key) const;
    bool hasAnswers() const;
    std::vector<Answer> take();

private:
    struct Running
    {
        uint64_t serial = 0;
        http::RequestId request = 0;
    };
    struct Shared
    {
        std::map<std::string, Running> running;
        std::vector<Answer> answers;
        uint64_t lastSerial = 0;
    };

    http::Transport& m_transport;
    std::shared_ptr<Guarded<Shared>> m_shared = std::make_shared<Guarded<Shared>>();
    // Empty once this object is gone: a late answer then wakes nobody.
    std::shared_ptr<Guarded<std::function<void()>>> m_answered;
};

} // namespace fleetglass::discovery
