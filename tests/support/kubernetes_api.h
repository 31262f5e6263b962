// KubernetesApi: an API server for tests that follows the published API: lists in pages, watches
// with bookmarks and 410 Gone, selectors, Status objects for refusals, TLS with client certificates
// and bearer tokens, and the proxy to pods. Thread-safe.
#pragma once

#include "tests/support/fault_server.h"

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace fleetglass::test {

struct KubernetesApiOptions
{
    std::optional<KeyAndCertificate> certificate; // Speak TLS.
    std::string clientAuthorityPem; // Demand a client certificate.
    std::string token; // Demand "Bearer TOKEN"; may be changed later.
    std::string user = "system:serviceaccount:monitoring:fleetglass"; // In refusals.
};

class KubernetesApi
{
public:
    explicit KubernetesApi(KubernetesApiOptions options = {});
    ~KubernetesApi();
    KubernetesApi(const KubernetesApi&) = delete;
    KubernetesApi& operator=(const KubernetesApi&) = delete;

    std::string url() const; // "https://127.0.0.1:PORT"
    std::vector<ReceivedRequest> requests() const;
    size_t countOf(const std::string& part) const; // Of requests with that in their path.

    // `plural` is "pods"; the JSON needs metadata.name and, but for nodes and namespaces,
    // metadata.namespace. Watches are told.
    void put(const std::string& plural, const std::string& json);
    void remove(const std::string& plural, const std::string& key); // "namespace/name"

    // Older versions are forgotten: watches from them, and pages begun before, are 410 Gone.
    void compact();
    void bookmark(); // Tells all watches the newest version.
    void endWatches(); // As if their time were over.
    void cutWatches(); // In the middle of a line.
    void sendToWatches(const std::string& line);
    size_t watches() const; // That are open.

    void forbid(const std::string& plural); // 403 with RBAC's words.
    void allow(const std::string& plural);
    void setToken(const std::string& token);
    void setMissing(const std::string& plural); // 404, as an old server says it.
    void setFailing(int status); // All calls; 0: none.
    void setExpiringPages(); // Each page after the first is 410 Gone.
    void setPageMax(size_t objects); // Of one list answer that has a limit.
    // What the pods' pages hold behind the proxy.
    void setPage(const std::string& path, const std::string& body);

private:
    class State;
    std::string m_scheme;
    std::unique_ptr<State> m_state;
    std::unique_ptr<FaultServer> m_server;
};

} // namespace fleetglass::test
