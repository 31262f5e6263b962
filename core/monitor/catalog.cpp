#include "core/monitor/catalog.h"

#include <array>
#include <unordered_map>

namespace fleetglass::monitor {

namespace {

// By family; of targets that disagree the first counts. The texts live in the maps.
using Declared = std::unordered_map<std::string_view, const labels::Metadata*>;

Declared declaredIn(const MetadataMaps& maps)
{
    Declared declared;
    for (const auto& map : maps) {
        if (!map)
            continue;
        for (const auto& [family, metadata] : *map)
            declared.try_emplace(family, &metadata);
    }
    return declared;
}

const labels::Metadata* find(const Declared& declared, std::string_view family)
{
    const auto found = declared.find(family);
    return found == declared.end() ? nullptr : found->second;
}

bool isFamilyOfParts(labels::MetricType type)
{
    return type == labels::MetricType::Histogram || type == labels::MetricType::GaugeHistogram
        || type == labels::MetricType::Summary;
}

// The declared family of a series name: itself, or for x_bucket, x_sum, x_count that of x.
std::string_view familyOf(const Declared& metadata, std::string_view name)
{
    constexpr std::array<std::string_view, 6> kParts { "_bucket", "_sum", "_count", "_total",
        "_created", "_info" };
    if (find(metadata, name))
        return name;
    for (const auto part : kParts) {
        if (name.size() <= part.size() || !name.ends_with(part))
            continue;
        const auto base = name.substr(0, name.size() - part.size());
        const auto* declared = find(metadata, base);
        if (!declared)
            continue;
        // A counter of OpenMetrics is declared without _total, but asked for with it.
        return isFamilyOfParts(declared->type) ? base : name;
    }
    return name;
}

const labels::Metadata* declaredFor(const Declared& metadata, std::string_view family)
{
    if (const auto* declared = find(metadata, family))
        return declared;
    return family.ends_with("_total") ? find(metadata, family.substr(0, family.size() - 6))
                                      : nullptr;
}

} // namespace

view::MetricCatalog buildCatalog(
    const std::map<std::string, size_t>& counts, const MetadataMaps& maps)
{
    const Declared metadata = declaredIn(maps);
    std::map<std::string, view::MetricView, std::less<>> families;
    for (const auto& [name, count] : counts) {
        const auto family = familyOf(metadata, name);
        auto& metric = families[std::string(family)];
        metric.series += static_cast<int64_t>(count);
    }
    view::MetricCatalog catalog;
    catalog.metrics.reserve(families.size());
    for (auto& [name, metric] : families) {
        metric.name = name;
        if (const auto* declared = declaredFor(metadata, name)) {
            metric.type = declared->type;
            metric.help = declared->help;
            metric.unit = declared->unit;
        } else if (name == "up" || name.starts_with("scrape_") || name == "ALERTS"
            || name == "ALERTS_FOR_STATE") {
            metric.type = labels::MetricType::Gauge;
        }
        catalog.metrics.push_back(std::move(metric));
    }
    return catalog;
}

} // namespace fleetglass::monitor
