// Writes capsules: samples of a querier and what else was seen, redacted, staged, put in place
// whole. Pure functions; thread-safe.
#pragma once

#include "core/snapshot/capsule.h"
#include "core/snapshot/redactor.h"

#include <span>
#include <stop_token>
#include <string>

namespace fleetglass::snapshot {

// What the samples come from; exemplars too where it is a ring.
struct CapsuleSource
{
    const storage::Querier& querier;
    std::span<const labels::Matcher> matchers {}; // None: everything in the content's range.
    const tsdb::RingStore* exemplars = nullptr;
    std::stop_token stop {};
};

// A file at `path` is replaced only by a whole one. Fails, and leaves nothing, where a secret would
// still be in the bytes.
Result<CapsuleSummary> writeCapsule(const std::string& path, const CapsuleContent& content,
    const CapsuleSource& source, const Redactor& redactor);

} // namespace fleetglass::snapshot
