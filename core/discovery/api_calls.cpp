#include "core/discovery/api_calls.h"

#include <utility>

namespace fleetglass::discovery {

ApiCalls::ApiCalls(http::Transport& transport, std::function<void()> answered)
    : m_transport(transport)
    , m_answered(std::make_shared<Guarded<std::function<void()>>>(std::move(answered)))
{
}

ApiCalls::~ApiCalls()
{
    m_answered->with([](auto& answered) { answered = nullptr; });
    const auto running
        = m_shared->with([](Shared& shared) { return std::exchange(shared.running, {}); });
    for (const auto& [key, call] : running)
        m_transport.cancel(call.request);
}

void ApiCalls::start(const std::string& key, http::Request request)
{
    cancel(key);
    const uint64_t serial = m_shared->with([&](Shared& shared) {
        shared.running[key] = { ++shared.lastSerial, 0 };
        return shared.lastSerial;
    });
    const auto done
        = [key, serial, shared = m_shared, answered = m_answered](http::Exchange exchange) {
              const bool isWanted = shared->with([&](Shared& state) {
                  const auto call = state.running.find(key);
                  if (call == state.running.end() || call->second.serial != serial)
                      return false;
                  state.running.erase(call);
                  state.answers.push_back({ key, std::move(exchange) });
                  return true;
              });
              if (!isWanted)
                  return;
              answered->with([](auto& wake) {
                  if (wake)
                      wake();
              });
          };
    const http::RequestId id = m_transport.start(std::move(request), done);
    m_shared->with([&](Shared& shared) {
        const auto call = shared.running.find(key);
        if (call != shared.running.end() && call->second.serial == serial)
            call->second.request = id;
    });
}

void ApiCalls::cancel(const std::string& key)
{
    const http::RequestId id = m_shared->with([&](Shared& shared) {
        std::erase_if(shared.answers, [&](const Answer& answer) { return answer.key == key; });
        const auto call = shared.running.find(key);
        if (call == shared.running.end())
            return http::RequestId { 0 };
        const http::RequestId request = call->second.request;
        shared.running.erase(call);
        return request;
    });
    if (id != 0)
        m_transport.cancel(id);
}

bool ApiCalls::isRunning(const std::string& key) const
{
    return m_shared->with([&](const Shared& shared) { return shared.running.contains(key); });
}

bool ApiCalls::hasAnswers() const
{
    return m_shared->with([](const Shared& shared) { return !shared.answers.empty(); });
}

std::vector<ApiCalls::Answer> ApiCalls::take()
{
    return m_shared->with([](Shared& shared) { return std::exchange(shared.answers, {}); });
}

} // namespace fleetglass::discovery
