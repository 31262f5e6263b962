#include "core/monitor/self_metrics.h"

#include <vector>

namespace fleetglass::monitor {

SelfMetrics::SelfMetrics(storage::Appender& appender)
    : m_appender(appender)
{
}

void SelfMetrics::write(std::span<const scrape::StatusPtr> targets, int64_t nowMs)
{
    std::vector<storage::RowValue> values;
    std::set<storage::SeriesRef> live;
    for (const auto& status : targets) {
        if (status->certificateNotAfterMs == 0)
            continue;
        labels::Builder builder(status->target->labels);
        builder.set(labels::kMetricName, kCertificateExpiryMetric);
        const auto series = m_appender.seriesFor(builder.labels());
        if (!series || !live.insert(*series).second)
            continue; // The store is full, which is told elsewhere.
        values.push_back({ *series, static_cast<double>(status->certificateNotAfterMs) / 1000.0 });
    }
    for (const auto series : m_live) {
        if (!live.contains(series))
            values.push_back({ series, storage::kStaleMarker });
    }
    m_live = std::move(live);
    if (values.empty())
        return;
    // A row that the store cannot take is told of by the scrapes, which meet the same fault.
    static_cast<void>(m_appender.append({ nowMs, values, {}, {} }));
}

} // namespace fleetglass::monitor
