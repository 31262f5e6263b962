// The 45 targets of the sample fleet.
#include "tests/support/sample_view.h"

#include <algorithm>
#include <cmath>

namespace fleetglass::support {

namespace {

using view::Health;
using view::Phase;
using view::TargetView;

struct HostSeed
{
    const char* host;
    const char* text; // Last value of the cell.
    double level;
    double stepAt = 2;
    double stepTo = 0;
};

struct JobSeed
{
    const char* job;
    const char* scheme;
    int port;
    const char* path;
    const char* sparkTitle;
    int64_t samples;
    int64_t bytes;
    std::vector<HostSeed> hosts;
};

const std::vector<JobSeed>& jobs()
{
    static const std::vector<JobSeed> kJobs {
        { "awx", "https", 443, "/api/v2/metrics/", "pending jobs", 246, 31'950,
            { { "awx-01", "37", 4, 0.84, 37 }, { "awx-02", "", 0 }, { "awx-03", "4", 4 } } },
        { "etcha", "https", 4000, "/etcha/v1/system/metrics?key=******", "commands in 1 h", 252,
            39'520,
            { { "build-01", "12", 12 }, { "build-02", "96", 9, 0.68, 96 }, { "build-03", "", 11 },
                { "build-04", "14", 14 }, { "db-01", "9", 9 }, { "db-02", "31", 1, 0.92, 31 },
                { "db-03", "8", 8 }, { "db-04", "", 9 }, { "edge-01", "6", 6 },
                { "edge-02", "6", 6 }, { "web-01", "11", 11 }, { "web-02", "10", 10 },
                { "web-03", "12", 12 }, { "web-04", "9", 9 }, { "web-05", "13", 13 },
                { "web-06", "8", 8 }, { "web-07", "204", 3, 0.84, 204 }, { "web-08", "10", 10 } } },
        { "node", "http", 9100, "/metrics", "CPU", 914, 73'520,
            { { "build-01", "34 %", 34 }, { "build-02", "91 %", 34, 0.7, 91 },
                { "build-03", "22 %", 22 }, { "build-04", "29 %", 29 }, { "db-01", "18 %", 18 },
                { "db-02", "41 %", 22, 0.92, 41 }, { "db-03", "16 %", 16 }, { "db-04", "12 %", 12 },
                { "edge-01", "7 %", 7 }, { "edge-02", "8 %", 8 }, { "web-01", "26 %", 26 },
                { "web-02", "31 %", 31 }, { "web-03", "24 %", 24 }, { "web-04", "24 %", 24 },
                { "web-05", "22 %", 22 }, { "web-06", "28 %", 28 },
                { "web-07", "38 %", 24, 0.84, 38 }, { "web-08", "25 %", 25 } } },
        { "stash", "http", 56789, "/metrics", "requests", 1204, 167'936,
            { { "operator", "18 req/s", 18 }, { "pushgw", "1 failed", 0, 0.05, 1 } } },
        { "synse", "http", 5000, "/metrics", "HTTP p95", 1310, 151'552,
            { { "synse-01", "0.18 s", 0.18 }, { "synse-02", "0.21 s", 0.21 },
                { "synse-03", "0.72 s", 0.21, 0.72, 0.72 }, { "synse-04", "", 0 } } },
    };
    return kJobs;
}

std::string roleOf(const std::string& host)
{
    const std::string role = host.substr(0, host.find('-'));
    return role == "awx" ? "ctl" : role;
}

// A day's attempts are too many; the ribbon takes the last 120.
void addAttempts(TargetView& target, int64_t nowMs, int64_t failedFor)
{
    std::vector<view::AttemptView> attempts;
    const bool never = target.health == Health::Unknown;
    for (int64_t i = never ? 0 : 119; i > 0 || (i == 0 && !never); --i) {
        view::AttemptView attempt;
        attempt.timeMs = nowMs - i * target.intervalMs - 5'000;
        attempt.ok = i >= failedFor;
        attempt.durationMs = target.durationMs + static_cast<double>((i * 7) % 5);
        attempt.samples = attempt.ok ? std::max<int64_t>(target.samplesScraped, 0) : 0;
        attempt.phase = attempt.ok ? Phase::None : target.phase;
        attempt.message = attempt.ok ? std::string() : target.error;
        attempts.push_back(std::move(attempt));
        if (i == 0)
            break;
    }
    target.attemptsRecent
        = std::make_shared<const std::vector<view::AttemptView>>(std::move(attempts));
}

struct FailureSeed
{
    const char* instance;
    Phase phase;
    const char* error;
    const char* hint;
    double durationMs;
    int64_t failures;
    int64_t sinceMs;
    int64_t lastAgoMs;
};

void breakTarget(TargetView& target, int64_t nowMs, const FailureSeed& seed)
{
    target.health = Health::Down;
    target.phase = seed.phase;
    target.error = seed.error;
    target.hint = seed.hint;
    target.durationMs = seed.durationMs;
    target.failuresInARow = target.failures = seed.failures;
    target.healthSinceMs = nowMs - seed.sinceMs;
    target.lastScrapeMs = nowMs - seed.lastAgoMs;
    target.nextScrapeMs = target.lastScrapeMs + target.intervalMs;
    target.samplesScraped = target.seriesAdded = target.bodyBytes = -1;
}

void applyTrouble(TargetView& target, int64_t nowMs)
{
    static const FailureSeed kFailures[] = {
        { "db-04:4000", Phase::Tls, "certificate expired 14:28:00",
            "renew it on db-04, or accept it here for now", 11, 55, 820'000, 8'000 },
        { "build-03:4000", Phase::Http, "connected, then no answer within 10 s",
            "the process may hang; its port is open", 10'000, 47, 640'000, 2'000 },
        { "awx-02:443", Phase::Http, "401 Unauthorized: token rejected",
            "set a new token for job awx", 64, 429, 12'840'000, 21'000 },
    };
    for (const FailureSeed& seed : kFailures) {
        if (target.instance == seed.instance)
            breakTarget(target, nowMs, seed);
    }
    if (target.instance != "synse-04:5000")
        return;
    target.health = Health::Unknown;
    target.lastScrapeMs = 0;
    target.samplesScraped = target.seriesAdded = target.bodyBytes = -1;
    target.attempts = 0;
    target.spark = nullptr;
    target.healthSinceMs = nowMs - 7'000;
}

TargetView makeTarget(const JobSeed& job, const HostSeed& host, uint64_t id, int64_t nowMs)
{
    TargetView target;
    target.id = id;
    target.job = job.job;
    const bool pushGateway = std::string(host.host) == "pushgw";
    target.instance = std::string(pushGateway ? "stash-pushgateway" : host.host) + ':'
        + std::to_string(job.port);
    target.url = std::string(job.scheme) + "://" + target.instance + job.path;
    target.labels = { { "instance", target.instance }, { "job", target.job },
        { "role", roleOf(host.host) }, { "site", id % 3 == 0 ? "ham1" : "fra1" } };
    target.health = Health::Up;
    target.intervalMs = target.job == "awx" ? 30'000 : 15'000;
    target.timeoutMs = 10'000;
    target.lastScrapeMs = nowMs - static_cast<int64_t>(1 + id * 7 % 14) * 1000;
    target.nextScrapeMs = target.lastScrapeMs + target.intervalMs;
    target.healthSinceMs = nowMs - 26 * 3'600'000;
    target.durationMs = 22 + static_cast<double>(id * 13 % 40);
    target.samplesScraped = job.samples + static_cast<int64_t>(id % 7);
    target.seriesAdded = 0;
    target.bodyBytes = job.bytes + static_cast<int64_t>(id * 211 % 1900);
    target.attempts = 240;
    target.honorLabels = pushGateway;
    if (std::string(job.scheme) == "https")
        target.certificateNotAfterMs = nowMs + static_cast<int64_t>(19 + id * 11) * 86'400'000;
    target.sparkTitle = job.sparkTitle;
    target.sparkText = host.text;
    target.spark = std::make_shared<const std::vector<double>>(sampleCurve({ .points = 120,
        .level = host.level,
        .noise = std::max(host.level, host.stepTo) * 0.25,
        .seed = static_cast<unsigned>(id),
        .stepUpAt = host.stepAt,
        .stepTo = host.stepTo }));
    applyTrouble(target, nowMs);
    addAttempts(target, nowMs, target.failuresInARow);
    return target;
}

} // namespace

std::vector<std::shared_ptr<const TargetView>> sampleTargets(int64_t nowMs)
{
    std::vector<std::shared_ptr<const TargetView>> targets;
    uint64_t id = 0;
    for (const JobSeed& job : jobs()) {
        for (const HostSeed& host : job.hosts)
            targets.push_back(
                std::make_shared<const TargetView>(makeTarget(job, host, ++id, nowMs)));
    }
    return targets;
}

} // namespace fleetglass::support
