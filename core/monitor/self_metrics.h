// SelfMetrics: what the program knows of its targets besides what they say themselves, as series of
// its own, so that rules can warn of it. Used from one thread at a time.
//
//   fleetglass_target_certificate_expiry_timestamp_seconds{job, instance, ...}   of the certificate
//   that the target presented at its last scrape over TLS
#pragma once

#include "core/scrape/target_status.h"
#include "core/storage/appender.h"

#include <cstdint>
#include <set>
#include <span>

namespace fleetglass::monitor {

inline constexpr const char* kCertificateExpiryMetric
    = "fleetglass_target_certificate_expiry_timestamp_seconds";

class SelfMetrics
{
public:
    // Must outlive it.
    explicit SelfMetrics(storage::Appender& appender);

    // A sample for each target; the series of those that are gone end.
    void write(std::span<const scrape::StatusPtr> targets, int64_t nowMs);

private:
    storage::Appender& m_appender;
    std::set<storage::SeriesRef> m_live;
};

} // namespace fleetglass::monitor
