// What the window knows of a scrape target. Immutable once published; share freely.
#pragma once

#include "core/labels/labels.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace fleetglass::view {

enum class Health
{
    Unknown, // No scrape has ended yet.
    Up,
    Down,
};

// Where a scrape can fail, in the order it passes through.
enum class Phase
{
    None, // It did not fail.
    Dns,
    Tcp,
    Tls,
    Http, // Connected, but no good answer: timeout, status, redirect, protocol.
    Body, // Size, encoding, truncated.
    Parse,
    Limits,
};

enum class PhaseState
{
    NotReached,
    Passed,
    Failed
};

struct PhaseView
{
    Phase phase = Phase::None;
    PhaseState state = PhaseState::NotReached;
    double durationMs = 0;
    std::string detail; // "10.0.3.14:4000", "certificate expired"
};

struct AttemptView
{
    int64_t timeMs = 0;
    bool ok = false;
    Phase phase = Phase::None;
    double durationMs = 0;
    int64_t samples = 0;
    std::string message;
};

// A certificate that ends sooner is warned of.
inline constexpr int64_t kCertificateWarningMs = 14LL * 86'400'000;

struct TargetView
{
    uint64_t id = 0; // Stable for job + labels + URL while the program runs.
    std::string job;
    std::string instance;
    std::string url; // Secrets masked.
    labels::Labels labels; // After relabelling, without __ labels.
    Health health = Health::Unknown;
    Phase phase = Phase::None; // Where the last scrape failed.
    std::string error; // Short reason: "certificate expired 14:28:00".
    std::string hint; // What to do about it; may be empty.
    int64_t lastScrapeMs = 0; // 0: never.
    int64_t nextScrapeMs = 0;
    int64_t healthSinceMs = 0; // When the present health began.
    int64_t intervalMs = 0;
    int64_t timeoutMs = 0;
    double durationMs = 0;
    int64_t samplesScraped = -1; // -1: none yet.
    int64_t seriesAdded = -1;
    int64_t bodyBytes = -1;
    int64_t failuresInARow = 0;
    int64_t failures = 0; // Since watching began.
    int64_t attempts = 0;
    bool insecureSkipVerify = false;
    bool honorLabels = false;
    bool wantsHonorLabels = false; // It is a Pushgateway, and its job does not honour its labels.
    bool wantsHttps = false; // It was asked in plain HTTP and expects TLS.
    bool paused = false;
    int64_t certificateNotAfterMs = 0; // 0: no TLS or unknown.
    // Newest last; at most 120, for the success ribbon of the table.
    std::shared_ptr<const std::vector<AttemptView>> attemptsRecent;
    // The last hour in half minutes, as the store remembers it; null: no history.
    std::shared_ptr<const std::vector<AttemptView>> attemptsHour;
    // What the Overview cell plots: values over the last hour, newest last, NaN for gaps.
    std::shared_ptr<const std::vector<double>> spark;
    std::string sparkTitle; // "commands in 1 h", "CPU"
    std::string sparkText; // The last value with its unit.
};

struct CertificateView
{
    std::string subject;
    std::string issuer;
    std::vector<std::string> altNames;
    int64_t notBeforeMs = 0;
    int64_t notAfterMs = 0;
    std::string serial;
    std::string sha256; // Colon-separated upper-case hex.
    std::string key; // "ECDSA P-256", "RSA 2048"
    std::string pem;
};

struct RelabelStepView
{
    int index = 0;
    std::string rule; // "action=replace source_labels=[a] ..."
    std::string value; // Of the source labels, joined: what the pattern was held against.
    labels::Labels before;
    labels::Labels after;
    bool dropped = false;
};

struct BodyView
{
    std::string text; // Secrets masked; clipped to 256 KiB.
    int64_t bytes = 0; // Of the whole body.
    int errorLine = 0; // 0: none.
    int errorColumn = 0;
    int64_t timeMs = 0;
};

// A page of an earlier scrape, as far as it was kept.
struct KeptBodyView
{
    int64_t timeMs = 0;
    bool ok = false;
    int64_t bytes = 0; // Of the whole body.
    std::shared_ptr<const std::string> text; // Secrets masked; never null.
};

struct RedirectView
{
    int status = 0;
    std::string url; // Where it led, masked.
    bool bare = false; // To another origin: without credentials.
};

// Everything about one target, asked for when it is selected.
struct TargetDetailView
{
    uint64_t id = 0;
    std::vector<PhaseView> phases; // DNS, TCP, TLS, HTTP, PARSE, LIMITS
    double totalMs = 0;
    std::vector<CertificateView> chain; // As presented, leaf first.
    bool hostMatches = true;
    std::string trust; // "trusted by /etc/etcha/ca.pem", "unknown issuer"
    std::string protocol; // "TLS 1.3, TLS_AES_128_GCM_SHA256"
    std::vector<std::string> transcript; // What happened, line by line.
    int transcriptErrorLine = 0;
    std::vector<std::pair<std::string, std::string>> requestHeaders; // Masked.
    int status = 0;
    std::vector<RedirectView> redirects;
    std::vector<std::string> authSchemes; // What the server offers: "Basic", "Bearer".
    std::vector<std::pair<std::string, std::string>> responseHeaders;
    BodyView body; // Of the last attempt.
    BodyView lastGoodBody;
    BodyView previousGoodBody;
    std::vector<KeptBodyView> bodies; // All that are kept, newest last.
    labels::Labels discovered; // Before relabelling.
    std::vector<RelabelStepView> relabelSteps;
    std::string curl; // "copy as curl", secrets as placeholders.
    std::string configFile;
    int configLine = 0;
    std::string configText; // The job's YAML, masked.
};

// What a rule of metric_relabel_configs did to a whole page.
struct RuleEffectView
{
    std::string rule;
    int64_t dropped = 0;
    int64_t changed = 0;
};

struct SeriesTraceView
{
    int line = 0; // On the page; 0: the format has none.
    labels::Labels scraped;
    labels::Labels settled; // With those of the target, before the rules.
    labels::Labels stored;
    bool dropped = false;
    int droppedBy = -1; // The rule, from 0; -1: none.
    std::vector<RelabelStepView> steps;
};

// Which rule dropped which series, on the page that was really scraped.
struct SampleTraceView
{
    int64_t timeMs = 0; // Of the page; 0: there is none.
    bool clipped = false; // Only the beginning of the page was kept.
    std::string problem; // Why the page could not be read to its end.
    int64_t series = 0;
    int64_t dropped = 0;
    std::vector<RuleEffectView> rules;
    int64_t matching = 0; // Series the filter lets through.
    std::vector<SeriesTraceView> shown; // The first of them.
};

// A target that relabelling dropped, with the steps up to the rule that did.
struct DroppedTargetView
{
    std::string job;
    std::string address;
    labels::Labels discovered; // Masked.
    std::vector<RelabelStepView> steps;
};

} // namespace fleetglass::view
