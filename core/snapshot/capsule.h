// What a capsule (.fgsnap) holds beside the samples: the fleet as it was seen, rules as text, the
// window's state and pictures. Values.
#pragma once

#include "core/tsdb/ring_store.h"
#include "core/view/fleet_view.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace fleetglass::snapshot {

struct RuleFile
{
    std::string path;
    std::string text;
};

struct Thumbnail
{
    std::string name; // "overview-dark"
    std::string png;
};

struct CapsuleContent
{
    std::string title;
    std::string program; // "Fleetglass 0.1.0"
    int64_t createdMs = 0;
    storage::TimeRange range;
    view::FleetView fleet; // Targets, alerts and their spans, sessions, rule groups, metrics, log.
    std::vector<RuleFile> ruleFiles;
    std::string viewState; // JSON of the window.
    std::vector<Thumbnail> thumbnails;
};

struct CapsuleSummary
{
    int64_t bytes = 0;
    size_t series = 0;
    size_t samples = 0;
    size_t masked = 0; // Places where a secret was taken out.
};

// Samples ready to be asked, and the rest. The fleet's status says that it is an archive.
struct Capsule
{
    CapsuleContent content;
    std::unique_ptr<tsdb::RingStore> store;
};

// What a file may hold; sizes are checked before anything is allocated for them.
struct CapsuleLimits
{
    int64_t bytesMax = int64_t { 2 } << 30U; // Of the file, and of what it unfolds to.
    int64_t samplesMax = 100'000'000;
    int64_t seriesMax = tsdb::kSeriesMaxCeiling;
};

} // namespace fleetglass::snapshot
