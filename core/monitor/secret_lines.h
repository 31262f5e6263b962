// The secrets of jobs with their place in the file, and a file's text without them. Pure functions;
// thread-safe.
#pragma once

#include "core/base/result.h"
#include "core/base/secret.h"
#include "core/scrape/job_options.h"

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::monitor {

struct PlacedSecret
{
    std::string path; // "job/NAME/basic_auth.password"
    Secret secret;
};

// Those that stand in the jobs' own text; what is read from files is not among them.
std::vector<PlacedSecret> placedSecretsOf(const scrape::JobOptions& job);

// What stands in a file where a secret was: "<keyring:PATH>".
std::string keyringReference(const std::string& path);

// The references of a text in their order, one a line.
std::string referencesOf(std::string_view text);
// The text with each reference replaced by the line of `secrets` that stands in its place.
std::string withSecrets(std::string text, const std::string& secrets);

// Every line "key: SECRET" (or "- SECRET") with the reference in the secret's place; comments and
// everything else stay as they are. Secrets written in another way are left: look for them.
std::string withReferences(std::string text, std::span<const PlacedSecret> secrets);

// The jobs of a configuration in which one of their secrets still stands, however it is written:
// folded, escaped, as a block or behind an alias. Fails where the text is no YAML.
Result<std::set<std::string>> jobsWithSecrets(
    std::string_view text, std::span<const scrape::JobOptions> jobs);

} // namespace fleetglass::monitor
