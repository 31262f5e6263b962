// fleetglass record FILE --for 60s [--data DIR] [--rules FILE ...] [--stats]: the monitor without a
// window.
#include "app/arguments.h"
#include "app/interrupt.h"
#include "app/query_source.h"
#include "app/verbs.h"
#include "app/watch_source.h"
#include "core/monitor/export.h"

#include <iostream>
#include <nlohmann/json.hpp>
#include <sys/resource.h>

namespace fleetglass::app {

namespace {

double cpuSeconds(const rusage& usage)
{
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void printStats(monitor::Monitor& monitor, double seconds)
{
    rusage usage {};
    getrusage(RUSAGE_SELF, &usage);
    int64_t scrapes = 0;
    int64_t failures = 0;
    int64_t missed = 0;
    for (const auto& status : monitor.pool().statuses()) {
        scrapes += status->attempts;
        failures += status->failures;
        missed += status->missedSlots;
    }
    const auto stats = monitor.store().stats();
    nlohmann::ordered_json json;
    json["seconds"] = seconds;
    json["scrapes"] = scrapes;
    json["scrapes_failed"] = failures;
    json["scrapes_missed"] = missed;
    json["samples"] = stats.appendedTotal;
    json["series"] = stats.series;
    json["cpu_seconds"] = cpuSeconds(usage);
    json["peak_rss_bytes"] = usage.ru_maxrss * 1024;
    json["store_bytes"] = stats.bytes;
    json["bytes_per_sample"] = stats.samples > 0
        ? static_cast<double>(stats.bytes) / static_cast<double>(stats.samples)
        : 0.0;
    if (const auto disk = monitor.store().diskStats(); !disk.directory.empty()) {
        json["disk_bytes"] = disk.bytes;
        json["journal_bytes_written"] = disk.journalBytesWritten;
        json["block_bytes_written"] = disk.blockBytesWritten;
    }
    std::cout << json.dump(2) << '\n';
}

// The recording by itself, as one file to hand on; the directory's own files have it as well.
Result<bool> keepCapsule(monitor::Monitor& monitor, const WatchSource& source,
    const std::string& directory, int64_t startMs)
{
    view::ExportRequest request;
    request.file = recordingIn(directory);
    request.startMs = startMs;
    request.endMs = monitor.clock().wallMs();
    const auto summary = monitor::exportTo(request,
        { monitor.store(), monitor.engine(), monitor.views().build(monitor.pool()),
            monitor::secretsOf(source.imported.config.jobs), source.imported.ruleGroups,
            "Fleetglass " FLEETGLASS_VERSION });
    if (!summary.ok)
        return failure(summary.error, ErrorCode::Io);
    return true;
}

} // namespace

int recordVerb(const Words& words)
{
    const auto arguments = Arguments::parse(
        words, { { "for" }, { "data" }, { "rules" }, { "stats", false }, { "demo", false } });
    if (!arguments)
        return usageError(arguments.error().message);
    const auto time = arguments->durationOr("for", Millis(0));
    if (!time)
        return usageError(time.error().message);
    if (arguments->words().empty() && !arguments->has("demo"))
        return usageError("record needs a configuration file");
    const Interrupt interrupt;
    const SystemClock clock;
    const auto source = openWatchSource(
        arguments->words(), arguments->values("rules"), arguments->has("demo"), clock);
    if (!source)
        return badInput(source.error().message);
    monitor::MonitorOptions options;
    options.scrape.quickStart
        = !arguments->has("stats"); // Figures want an even pace from the start.
    monitor::Monitor monitor(options, clock, {}, yamlGroupReader());
    if (const auto directory = arguments->value("data")) {
        const auto opened = monitor.openData(*directory);
        if (!opened)
            return badInput(opened.error().message);
        for (const auto& note : opened->notes)
            std::cerr << "warning: " << note << '\n';
        if (opened->isReadOnly)
            return badInput(*directory + ": cannot be written by this version");
    }
    monitor.watch(watchSetOf(*source));
    const auto startMs = clock.wallMs();
    monitor.start();
    if (time->count() == 0)
        interrupt.wait();
    else
        interrupt.waitFor(*time);
    monitor.stop();
    if (const auto directory = arguments->value("data")) {
        if (const auto kept = keepCapsule(monitor, *source, *directory, startMs); !kept)
            return badInput(kept.error().message);
    }
    if (arguments->has("stats"))
        printStats(monitor, static_cast<double>(clock.wallMs() - startMs) / 1000);
    return kExitGood;
}

} // namespace fleetglass::app
