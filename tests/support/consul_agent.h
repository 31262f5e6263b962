// ConsulAgent: a server that speaks the parts of Consul's HTTP API that discovery needs (its
// published documents): the agent's own datacenter, the catalog and the health of services with
// their index, blocking queries, tags, node metadata, tokens and TLS. Thread-safe.
#pragma once

#include "tests/support/fault_server.h"

#include <memory>
#include <string>
#include <vector>

namespace fleetglass::test {

struct ConsulInstance
{
    std::string service = "web";
    std::string id; // Empty: the service and the node.
    std::string node = "node1";
    std::string nodeAddress = "10.0.0.1";
    std::string address; // Of the service.
    int port = 8080;
    std::vector<std::string> tags;
    std::string checks = "[]"; // JSON
    std::string nodeMeta = "{}"; // JSON
    std::string serviceMeta = "{}"; // JSON
    std::string taggedAddresses = "{}"; // JSON
    std::string nameSpace;
    std::string partition;
};

struct ConsulAgentOptions
{
    std::string datacenter = "dc1"; // "": the agent does not tell.
    std::string token; // That every request has to carry; "" for none.
    std::string pathPrefix;
    FaultServerOptions server;
};

class ConsulAgent
{
public:
    explicit ConsulAgent(const ConsulAgentOptions& options = {});
    ~ConsulAgent();
    ConsulAgent(const ConsulAgent&) = delete;
    ConsulAgent& operator=(const ConsulAgent&) = delete;

    // The whole catalog; the index moves on and who waits is answered.
    void set(std::vector<ConsulInstance> instances);
    // As a server that was restored from an old snapshot.
    void rewind();
    // Every answer from now on is this one; "" for good answers again.
    void fail(const std::string& status, const std::string& reason);
    const FaultServer& server() const;
    // How many requests wait for a newer index.
    int blocked() const;

private:
    struct State;
    std::shared_ptr<State> m_state;
    std::unique_ptr<FaultServer> m_server;
};

} // namespace fleetglass::test
