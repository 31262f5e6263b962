// A certificate authority for the demo fleet and for tests, made in memory. Pure functions;
// thread-safe.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>

namespace fleetglass::demo {

struct KeyPair
{
    std::string certificatePem;
    std::string keyPem;
};

struct LeafRequest
{
    std::string commonName;
    std::string altNames; // OpenSSL's form: "DNS:web-07,IP:127.0.0.1"
    int64_t notBeforeS = 0; // Unix time.
    int64_t notAfterS = 0;
};

Result<KeyPair> makeAuthority(const std::string& commonName, int64_t notBeforeS, int64_t notAfterS);
Result<KeyPair> makeLeaf(const KeyPair& authority, const LeafRequest& request);

} // namespace fleetglass::demo
