// DockerDaemon: a server that speaks the parts of the Docker Engine API that discovery needs (its
// published reference, version 1.47): the ping with its version, lists, one container, filters by
// label, errors as {"message": ...}. Over TCP, TLS or a socket file. Thread-safe.
#pragma once

#include "tests/support/fault_server.h"

#include <map>
#include <memory>
#include <string>

namespace fleetglass::test {

struct DockerDaemonOptions
{
    std::string version = "1.47"; // Of the ping; "" is none.
    std::string authorization; // What the header of that name has to be; "" is anything.
    FaultServerOptions server;
};

class DockerDaemon
{
public:
    explicit DockerDaemon(const DockerDaemonOptions& options = {});
    ~DockerDaemon();
    DockerDaemon(const DockerDaemon&) = delete;
    DockerDaemon& operator=(const DockerDaemon&) = delete;

    // "/containers/json" and its JSON; lists are filtered by label before they are sent.
    void set(const std::string& path, const std::string& json);
    // The answer's status and the message of its error.
    void fail(const std::string& path, const std::string& status, const std::string& message);
    const FaultServer& server() const;

private:
    struct State;
    std::shared_ptr<State> m_state;
    std::unique_ptr<FaultServer> m_server;
};

} // namespace fleetglass::test
