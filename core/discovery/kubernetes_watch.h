// Watch: the objects of one kind in one namespace (or all), kept as the API server has them: a list
// in pages first, then what changes, from the resource version the list ended with
// (kubernetes.io/docs/reference/using-api/api-concepts). Used from one thread at a time; answers
// come in from the transport's thread.
#pragma once

#include "core/base/guarded.h"
#include "core/discovery/kubernetes_credentials.h"
#include "core/discovery/kubernetes_objects.h"
#include "core/http/transport.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace fleetglass::discovery::kubernetes {

struct WatchOptions
{
    Kind kind = Kind::Pod;
    std::string nameSpace; // Empty: all, or a kind that is in none.
    std::string labelSelector;
    std::string fieldSelector;
};

class Watch
{
public:
    using BootTime = std::chrono::nanoseconds;
    // Wakes whoever polls; from any thread, also after the Watch is gone.
    using Wake = std::shared_ptr<Guarded<std::function<void()>>>;

    Watch(WatchOptions options, http::Transport& transport, Credentials& credentials, Wake wake);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    void poll(BootTime now);
    BootTime untilDue(BootTime now) const;

    bool isComplete() const { return m_isComplete; } // A whole list was seen.
    const std::map<std::string, ObjectPtr>& objects() const { return m_objects; }
    Kind kind() const { return m_options.kind; }
    const std::string& nameSpace() const { return m_options.nameSpace; }
    // True once after each change.
    bool takeChanged() { return std::exchange(m_changed, false); }
    const std::string& error() const { return m_error; }

    static constexpr int kPageObjects = 500;
    static constexpr size_t kObjectsMax = 200'000;

private:
    enum class Phase
    {
        List,
        Follow
    };
    // What the transport's thread leaves for us.
    struct Inbox
    {
        std::string bytes;
        std::optional<http::Exchange> end;
        bool overflowed = false;
    };
    using InboxPtr = std::shared_ptr<Guarded<Inbox>>;

    void send(BootTime now);
    http::Request request() const;
    std::string path() const;
    void readLines(BootTime now, bool atEnd);
    void takeEvent(const WatchEvent& event, BootTime now);
    void takeList(const http::Exchange& exchange, BootTime now);
    void endFollowing(const http::Exchange& exchange, BootTime now);
    void startOver();
    void drop();
    void fail(const std::string& message, BootTime now);
    void failWith(const http::Exchange& exchange, BootTime now);

    const WatchOptions m_options;
    http::Transport& m_transport;
    Credentials& m_credentials;
    const Wake m_wake;

    Phase m_phase = Phase::List;
    InboxPtr m_inbox; // Null: nothing is asked now.
    http::RequestId m_request = 0;
    std::string m_partialLine;
    BootTime m_notBefore {};
    BootTime m_lastPoll {};
    BootTime m_asked {};
    std::chrono::milliseconds m_backoff { 0 };
    bool m_sawEvent = false;

    std::map<std::string, ObjectPtr> m_listing; // Pages so far.
    std::string m_continue;
    bool m_pagesExpired = false;
    std::map<std::string, ObjectPtr> m_objects;
    std::string m_resourceVersion;
    bool m_isComplete = false;
    bool m_changed = false;
    std::string m_error;
};

// Why a call failed, in words that say what to do: "the service account monitoring/prometheus may
// not list pods in namespace web: ...".
std::string explainFailure(
    const http::Exchange& exchange, const WatchOptions& options, const std::string& server);

} // namespace fleetglass::discovery::kubernetes
