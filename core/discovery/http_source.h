// HttpSource: target groups that a server answers (http_sd). Used from one thread at a time.
#pragma once

#include "core/discovery/api_calls.h"
#include "core/discovery/source.h"

#include <utility>

namespace fleetglass::discovery {

class HttpSource : public Source
{
public:
    // `answered` is called from any thread when there is something new to see.
    HttpSource(HttpOptions options, http::Transport& transport, std::function<void()> answered);

    std::chrono::nanoseconds untilDue(std::chrono::nanoseconds bootTime) const override;
    void poll(std::chrono::nanoseconds bootTime) override;
    Snapshot snapshot() const override { return m_snapshot; }
    bool hasAnswered() const override { return m_answered; }
    bool takeChange() override { return std::exchange(m_changed, false); }

private:
    void ask();
    void take(const http::Exchange& exchange);

    const HttpOptions m_options;
    const std::string m_shownUrl;
    ApiCalls m_calls;
    Snapshot m_snapshot;
    bool m_answered = false;
    bool m_changed = false;
    std::chrono::nanoseconds m_nextPoll {};
};

} // namespace fleetglass::discovery
