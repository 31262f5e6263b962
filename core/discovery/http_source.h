// HttpSource: target groups that a server answers (http_sd). Used from one thread at a time; the
// answer comes in from the transport's thread.
#pragma once

#include "core/base/guarded.h"
#include "core/discovery/source.h"
#include "core/http/transport.h"

#include <memory>

namespace fleetglass::discovery {

class HttpSource : public Source
{
public:
    // `answered` is called from any thread when there is something new to see.
    HttpSource(HttpOptions options, http::Transport& transport, std::function<void()> answered);
    ~HttpSource() override;
    HttpSource(const HttpSource&) = delete;
    HttpSource& operator=(const HttpSource&) = delete;

    std::chrono::nanoseconds untilDue(std::chrono::nanoseconds bootTime) const override;
    void poll(std::chrono::nanoseconds bootTime) override;
    Snapshot snapshot() const override;

private:
    struct Shared
    {
        Snapshot snapshot;
        bool asking = false;
    };

    const HttpOptions m_options;
    http::Transport& m_transport;
    std::shared_ptr<Guarded<Shared>> m_shared = std::make_shared<Guarded<Shared>>();
    // Empty once this object is gone: a late answer then wakes nobody.
    std::shared_ptr<Guarded<std::function<void()>>> m_answered;
    http::RequestId m_request = 0;
    std::chrono::nanoseconds m_nextPoll {};
};

} // namespace fleetglass::discovery
