// The service discovery mechanisms that are recognised but not run: their keys and the checks
// Prometheus makes on them when it loads a file. Immutable tables; share freely.
#pragma once

#include "core/config/section.h"
#include "core/http/client_options.h"

#include <span>
#include <string_view>

namespace fleetglass::config {

enum class SdType
{
    Text,
    Path,
    Secret,
    Integer,
    Number,
    Boolean,
    Duration,
    Texts,
    Filters, // List of {name, values}.
    Tls,
};

struct SdKey
{
    std::string_view name;
    SdType type = SdType::Text;
};

struct SdMechanism
{
    std::string_view key; // "ec2_sd_configs"
    std::string_view type; // "aws.plain", for messages.
    bool http = false; // Takes the HTTP client keys as well.
    std::span<const SdKey> keys;
    void (*check)(Section& section, const http::ClientOptions& client) = nullptr;
};

// All that are not run here.
std::span<const SdMechanism> sdMechanisms();

// Reports unknown keys, wrong types, and what the mechanism itself forbids.
void checkMechanism(Reader& reader, const YamlNode& node, const SdMechanism& mechanism);

} // namespace fleetglass::config
