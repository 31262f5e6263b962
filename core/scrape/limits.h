// The limits of one scrape: those of the job, our defaults where it names none, our ceilings where
// it asks for more. Values and pure functions; thread-safe.
#pragma once

#include "core/http/transport.h"
#include "core/scrape/job_options.h"

#include <cstddef>
#include <cstdint>

namespace fleetglass::scrape {

struct EffectiveLimits
{
    http::SizeLimits sizes;
    size_t samplesMax = 200'000;
    size_t labelsMax = 64;
    size_t labelNameBytesMax = 512;
    size_t labelValueBytesMax = 8 * 1024;
};

EffectiveLimits effectiveLimits(const LimitOptions& options);

// Explicit timestamps further ahead than this are dropped.
inline constexpr int64_t kAheadMaxMs = 10 * 60 * 1000;

} // namespace fleetglass::scrape
