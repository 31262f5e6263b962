// The x-fleetglass map of a scrape job: what we can do and Prometheus cannot. Prometheus refuses
// a file with any key it does not know, so all of it stands under this one, and WriteOptions can
// leave it out. Used from one thread at a time.
#pragma once

#include "core/config/section.h"
#include "core/http/client_options.h"

#include <string_view>

namespace fleetglass::config {

constexpr std::string_view kExtensionKey = "x-fleetglass";
// Pods, services and nodes of the job are asked through the API server.
constexpr std::string_view kKubernetesProxyKey = "kubernetes_proxy";

// "digest", "ntlm", "negotiate".
std::string_view toWord(http::ChallengeScheme scheme);

// Takes the key out of `section`. Call it before readHttpKeys, which then knows of the proxy.
void readJobExtension(Section& section, http::ClientOptions& options);
// What excludes what between the map and the other client keys; call it after readHttpKeys.
void checkJobExtension(Section& section, const http::ClientOptions& options);

} // namespace fleetglass::config
