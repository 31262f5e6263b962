// TargetStatus: what is known of a target after each scrape. Immutable once published; share
// freely.
#pragma once

#include "core/http/exchange.h"
#include "core/labels/metadata.h"
#include "core/scrape/failure.h"
#include "core/scrape/job_options.h"
#include "core/scrape/target.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fleetglass::scrape {

enum class Health
{
    Unknown,
    Up,
    Down
};

// One attempt, for the success ribbon.
struct Attempt
{
    int64_t timeMs = 0; // Its timestamp in the store.
    bool ok = false;
    Phase phase = Phase::None;
    double durationMs = 0;
    int64_t samples = 0;
    std::string message;
    bool observerAway = false; // Not the target's fault: this computer had no network.
};

// What became of the samples of a scrape.
struct ScrapeCounts
{
    int64_t scraped = 0;
    int64_t afterRelabel = 0;
    int64_t seriesAdded = 0;
    int64_t outOfOrder = 0;
    int64_t duplicate = 0;
    int64_t outOfBounds = 0; // Own timestamps before the store's range or too far ahead.
    int64_t seriesRefused = 0; // New series past a budget.
    int64_t exemplars = 0;
};

using AttemptsRecent = std::shared_ptr<const std::vector<Attempt>>;

struct TargetStatus
{
    uint64_t id = 0;
    std::shared_ptr<const Target> target;
    std::shared_ptr<const JobOptions> job;
    Health health = Health::Unknown;
    std::optional<ScrapeFailure> failure; // Of the last scrape.
    std::string
        warning; // Scraped, but: duplicates, out of order, refused series, a fallback format.
    int64_t lastScrapeMs = 0; // 0: never.
    int64_t nextScrapeMs = 0; // 0: paused, or now.
    int64_t healthSinceMs = 0;
    double durationMs = 0;
    ScrapeCounts counts; // Of the last scrape.
    ScrapeCounts totals; // Since watching began.
    int64_t bodyBytes = -1; // Decoded; -1: none yet.
    int64_t failuresInARow = 0;
    int64_t failures = 0;
    int64_t attempts = 0;
    int64_t missedSlots = 0; // Scrapes that could not begin in time.
    bool paused = false;
    bool observerAway = false; // The last scrape failed for want of a network here.
    int64_t certificateNotAfterMs = 0;
    AttemptsRecent attemptsRecent; // Newest last, at most 120.
};

using StatusPtr = std::shared_ptr<const TargetStatus>;

// A page as it came, kept for the window. Secrets are masked in it.
struct KeptBody
{
    int64_t timeMs = 0;
    bool ok = false;
    std::shared_ptr<const std::string> text; // Clipped at 1 MiB.
    size_t bytes = 0; // Of the whole page.
    std::string contentType;
};

using MetadataMap = std::map<std::string, labels::Metadata, std::less<>>;

// Everything about one target, asked for when it is looked at.
struct TargetDetail
{
    StatusPtr status;
    http::Exchange exchange; // The last one, without its body.
    double parseMs = 0;
    double storeMs = 0;
    std::optional<KeptBody> lastBody; // Good or bad.
    std::optional<KeptBody> lastGoodBody;
    std::optional<KeptBody> previousGoodBody;
    std::vector<KeptBody> bodies; // All that are kept, newest last.
    labels::Labels discovered; // Masked.
    std::shared_ptr<const MetadataMap> metadata; // By family.
    std::string curl; // The request as a command line, secrets as placeholders.
};

} // namespace fleetglass::scrape
