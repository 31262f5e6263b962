// What is asked of a Consul agent: its address, and the path and query of each question. Values.
#pragma once

#include "core/base/result.h"
#include "core/discovery/options.h"
#include "core/http/transport.h"

#include <memory>

namespace fleetglass::discovery {

class ConsulRequests
{
public:
    explicit ConsulRequests(const ConsulOptions& options);

    // Why the agent cannot be asked at all; "" where it can.
    const std::string& problem() const { return m_problem; }
    // "http://localhost:8500", without secrets.
    const std::string& shownServer() const { return m_base; }

    http::Request self() const;
    // `index` is that of the last answer: the agent answers when it has moved on, or after two
    // minutes. 0 answers at once.
    http::Request catalog(uint64_t index) const;
    http::Request service(const std::string& name, uint64_t index) const;

private:
    using Query = std::vector<std::pair<std::string, std::string>>;
    Query commonQuery(uint64_t index) const;
    http::Request request(const std::string& path, const Query& query) const;

    const ConsulOptions m_options;
    std::string m_base;
    std::string m_problem;
    std::shared_ptr<const http::ClientOptions> m_client;
};

} // namespace fleetglass::discovery
