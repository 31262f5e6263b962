// What the API server's refusals mean and what to do about them.
#include "core/base/utf8.h"
#include "core/discovery/kubernetes_watch.h"

namespace fleetglass::discovery::kubernetes {

namespace {

// "the service account monitoring/prometheus", "the user ada"; from the words of RBAC:
// `User "system:serviceaccount:monitoring:prometheus" cannot list ...`.
std::string whoIn(const std::string& message)
{
    const size_t start = message.find("User \"");
    const size_t end = start == std::string::npos ? start : message.find('"', start + 6);
    if (end == std::string::npos)
        return "this identity";
    const std::string user = message.substr(start + 6, end - start - 6);
    constexpr std::string_view kAccount = "system:serviceaccount:";
    if (user == "system:anonymous")
        return "nobody (no credentials were sent, or none were accepted)";
    if (!user.starts_with(kAccount))
        return "the user " + clipUtf8(user, 120);
    std::string account = user.substr(kAccount.size());
    if (const size_t colon = account.find(':'); colon != std::string::npos)
        account[colon] = '/';
    return "the service account " + clipUtf8(account, 120);
}

std::string whatIn(const WatchOptions& options)
{
    return std::string(namesOf(options.kind).plural);
}

std::string forbidden(const std::string& message, const WatchOptions& options)
{
    const std::string verb = message.find("cannot watch") != std::string::npos ? "watch" : "list";
    const std::string what = whatIn(options);
    std::string text = whoIn(message) + " may not " + verb + ' ' + what;
    if (!namesOf(options.kind).namespaced)
        return text + ": it needs a ClusterRole with get, list and watch on " + what;
    if (options.nameSpace.empty())
        return text + " in all namespaces: give it a ClusterRole with get, list and watch on "
            + what + ", or name the namespaces it may read under namespaces.names";
    return text + " in namespace " + options.nameSpace
        + ": give it a Role there with get, list and watch on " + what;
}

} // namespace

std::string explainFailure(
    const http::Exchange& exchange, const WatchOptions& options, const std::string& server)
{
    if (exchange.failure)
        return server + ": " + exchange.failure->message;
    const auto status = readStatus(exchange.body);
    const std::string message = status ? status->message : std::string();
    if (exchange.status == 403)
        return server + ": " + forbidden(message, options);
    if (exchange.status == 401)
        return server
            + ": the API server does not accept our credentials (401): the token or the "
              "client certificate is missing, has expired, or is of another cluster";
    if (exchange.status == 404)
        return server + ": the API server has no " + whatIn(options) + " under "
            + std::string(namesOf(options.kind).group)
            + " (404): an old cluster, or another server";
    const std::string told = message.empty() ? http::failureUnlessOk(exchange)->message
                                             : std::to_string(exchange.status) + ": " + message;
    return server + ": " + whatIn(options) + ": " + clipUtf8(told, 300);
}

} // namespace fleetglass::discovery::kubernetes
