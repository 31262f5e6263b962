// Certificates as OpenSSL holds them, into the values that are shown. Pure functions; thread-safe.
#pragma once

#include "core/http/exchange.h"

#include <cstdint>
#include <openssl/x509.h>
#include <string>
#include <string_view>

namespace fleetglass::http {

Certificate describeCertificate(X509* certificate);

// "CN=etcha,O=Example": RFC 2253 order as OpenSSL writes it, controls escaped.
std::string describeName(const X509_NAME* name);

// "2026-11-20 14:28:00 UTC"
std::string describeTime(int64_t ms);

// Lower-case hex without colons, as TlsOptions::trustedSha256 has it.
std::string fingerprintHex(X509* certificate);

// Whether a name or an address of the certificate is that of the host. As in Go, the common name
// does not count.
bool matchesHost(X509* certificate, const std::string& host);

} // namespace fleetglass::http
