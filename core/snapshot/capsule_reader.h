// Reads capsules that anybody may have written: checked from the outside in before anything is
// believed. Starts nothing: no network, no rules. Pure functions; thread-safe.
#pragma once

#include "core/snapshot/capsule.h"

#include <stop_token>
#include <string>

namespace fleetglass::snapshot {

// By its first bytes; false also where there is no such file.
bool isCapsule(const std::string& path);

// Messages begin with the path and tell apart: no capsule, newer format, cut off, damaged, too
// large.
Result<Capsule> readCapsule(
    const std::string& path, const CapsuleLimits& limits = {}, const std::stop_token& stop = {});

} // namespace fleetglass::snapshot
