// Jobs as standard YAML that Prometheus takes as well. Only what differs from the defaults is
// written. Pure functions; thread-safe.
#pragma once

#include "core/base/secret.h"
#include "core/scrape/job_options.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace fleetglass::config {

// What to write where a secret stands; `path` names it: "job/NAME/basic_auth.password".
using SecretText = std::function<std::string(const Secret& secret, const std::string& path)>;

// "<secret>", as Prometheus shows them: for what leaves the machine.
std::string maskedSecret(const Secret& secret, const std::string& path);
// As it is: only for a file the user asked to hold it.
std::string clearSecret(const Secret& secret, const std::string& path);

struct WriteOptions
{
    SecretText secretText = maskedSecret;
    // Intervals that need not be written because the file's global section says them.
    Millis globalInterval { 60'000 };
    Millis globalTimeout { 10'000 };
    // Prometheus refuses a file with our x-fleetglass key; without it, it is read, but such jobs
    // lack their way to the target.
    bool forPrometheus = false;
};

// One item of scrape_configs, "- job_name: ..." with its lines, ending in a line break.
std::string writeJob(const scrape::JobOptions& job, const WriteOptions& options);

// A whole file: "scrape_configs:" and the jobs.
std::string writeJobs(std::span<const scrape::JobOptions> jobs, const WriteOptions& options);

// A text as a YAML scalar on one line, quoted where it must be.
std::string yamlScalar(std::string_view text);

} // namespace fleetglass::config
