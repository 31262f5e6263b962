// The secrets of jobs: all of them, and those that "<secret>" stands for. Pure functions;
// thread-safe.
#pragma once

#include "core/base/result.h"
#include "core/base/secret.h"
#include "core/scrape/job_options.h"

#include <string>
#include <vector>

namespace fleetglass::monitor {

// Every secret text in the jobs, to be searched for in what leaves the machine. A parameter counts
// where its name or its length says so: "format=prometheus" is no secret.
std::vector<Secret> secretsOf(const std::vector<scrape::JobOptions>& jobs);

// What Prometheus and Fleetglass write where a secret was.
inline constexpr const char* kShownSecret = "<secret>";

// Whether "<secret>" stands in the job where a secret belongs.
bool hasShownSecret(const scrape::JobOptions& job);
// The job with the secrets that `known`, the same job as it was, has in those places. Fails with
// the first place that it has none for; null: it has none.
Result<scrape::JobOptions> withKnownSecrets(
    const scrape::JobOptions& job, const scrape::JobOptions* known);

} // namespace fleetglass::monitor
