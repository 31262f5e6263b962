// The parts of the machine that reaching a cluster depends on, given by the constructor so that a
// test can play them. Values.
#pragma once

#include "core/base/result.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::discovery::kubernetes {

struct World
{
    std::vector<std::string> environment; // "NAME=value"
    std::string serviceAccountDirectory = "/var/run/secrets/kubernetes.io/serviceaccount";

    // Empty where there is no such variable.
    std::string variable(std::string_view name) const;
    static World ofProcess();
};

// A small text file; never waits on a pipe or a device.
Result<std::string> readSmallFile(const std::string& path);

} // namespace fleetglass::discovery::kubernetes
