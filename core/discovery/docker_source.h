// DockerSource: the containers of one Docker daemon (docker_sd). Used from one thread at a time.
#pragma once

#include "core/discovery/docker_api.h"
#include "core/discovery/source.h"

#include <utility>

namespace fleetglass::discovery {

class DockerSource : public Source
{
public:
    // `answered` is called from any thread when there is something new to see.
    DockerSource(DockerOptions options, http::Transport& transport, std::function<void()> answered);

    std::chrono::nanoseconds untilDue(std::chrono::nanoseconds bootTime) const override;
    void poll(std::chrono::nanoseconds bootTime) override;
    Snapshot snapshot() const override { return m_snapshot; }
    bool hasAnswered() const override { return m_answered; }
    bool takeChange() override { return std::exchange(m_changed, false); }

private:
    void takeRound();

    const DockerOptions m_options;
    DockerApi m_api;
    Snapshot m_snapshot;
    bool m_answered = false;
    bool m_changed = false;
    std::chrono::nanoseconds m_nextPoll {};
};

} // namespace fleetglass::discovery
