// PreparedRequest: a request whose files are read and whose options are checked, so that the
// network thread has nothing left to wait for. Values.
#pragma once

#include "core/http/proxy.h"
#include "core/http/tls_material.h"
#include "core/http/transport.h"
#include "core/http/url.h"

#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace fleetglass::http {

struct PreparedRequest
{
    Request request;
    Url url;
    std::vector<HeaderLine> ownHeaders; // Authorization and http_headers: for our origin only.
    Secret challengePassword; // Of challengeAuth.
    TlsMaterialPtr tls;
    TlsMaterialPtr bareTls; // Without the client certificate, for another origin.
    std::shared_ptr<const Masker> masker;
    ProxyEnvironment proxyEnvironment;

    const ClientOptions& client() const;
};

struct PrepareContext
{
    TlsMaterials& materials;
    const ProxyEnvironment& proxyEnvironment;
    std::string bearerToken; // Of OAuth 2; empty: none.
};

std::variant<PreparedRequest, Failure> prepare(Request request, const PrepareContext& context);

std::string encodeBase64(std::string_view bytes);

} // namespace fleetglass::http
