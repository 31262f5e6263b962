// The HTTP client keys that scrape jobs, service discovery and remote endpoints share
// (prometheus/common config.HTTPClientConfig). Used from one thread at a time.
#pragma once

#include "core/config/section.h"
#include "core/http/client_options.h"

#include <string>
#include <string_view>

namespace fleetglass::config {

// Takes the keys out of `section` and checks what excludes what; the section goes on to its own.
void readHttpKeys(Section& section, http::ClientOptions& options);

// A tls_config map.
void readTls(Reader& reader, const YamlNode& node, http::TlsOptions& options);

// Whether any client key was given (Kubernetes SD forbids them in places).
bool hasHttpKeys(const Section& section);

// net/url.Parse, as far as configs can tell: empty where the text is a URL, else why not. The
// message never holds the user part.
std::string urlProblem(std::string_view url);
std::string_view urlScheme(std::string_view url);
std::string_view urlHost(std::string_view url);
// The URL with what stands between "//" and "@" masked.
std::string withoutUserinfo(std::string_view url);

// Headers a config may not set for remote_write, remote_read and tracing.
void checkHeaders(Section& section, std::string_view key, const TextPairs& headers, bool tracing);

} // namespace fleetglass::config
