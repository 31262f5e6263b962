#include "app/watch_source.h"

#include "app/demo_rehearsal.h"
#include "core/config/target_groups.h"

#include <iterator>

namespace fleetglass::app {

namespace {

void merge(config::ImportResult& into, config::ImportResult from)
{
    if (into.config.jobs.empty() && into.ruleGroups.empty()) {
        into = std::move(from);
        return;
    }
    std::move(
        from.config.jobs.begin(), from.config.jobs.end(), std::back_inserter(into.config.jobs));
    std::move(from.ruleGroups.begin(), from.ruleGroups.end(), std::back_inserter(into.ruleGroups));
}

bool isUrl(const std::string& word)
{
    return word.rfind("http://", 0) == 0 || word.rfind("https://", 0) == 0;
}

Result<bool> readInto(config::ImportResult& into, const std::string& word)
{
    auto result = isUrl(word) ? monitor::readWatchText(word, {}, {}) : monitor::readWatchFile(word);
    if (!result.errors.empty())
        return failure(result.errors.front().toError());
    merge(into, std::move(result));
    return true;
}

} // namespace

Result<WatchSource> openWatchSource(const std::vector<std::string>& words,
    const std::vector<std::string>& ruleFiles, bool demo, const Clock& clock)
{
    WatchSource source;
    if (demo) {
        auto fleet = demo::DemoFleet::start({}, clock);
        if (!fleet)
            return failure(fleet.error());
        source.demo = std::move(*fleet);
        merge(source.imported, monitor::readWatchText(source.demo->config(), "demo.yml", {}));
        merge(source.imported,
            monitor::readWatchText(demo::DemoFleet::rules(), "demo-rules.yml", {}));
        if (!source.imported.errors.empty())
            return failure(source.imported.errors.front().toError());
    }
    for (const auto& word : words) {
        if (const auto read = readInto(source.imported, word); !read)
            return failure(read.error());
    }
    for (const auto& file : ruleFiles) {
        if (const auto read = readInto(source.imported, file); !read)
            return failure(read.error());
    }
    source.words = words;
    source.words.insert(source.words.end(), ruleFiles.begin(), ruleFiles.end());
    return source;
}

monitor::WatchSet watchSetOf(const WatchSource& source)
{
    auto set = monitor::watchSetOf(source.imported);
    if (source.demo)
        set.addressBook = demo::DemoFleet::addressBook();
    return set;
}

// They were read once to find what is wrong with them; what has changed since is told in the log.
void takeWords(const WatchSource& source, monitor::Monitor& monitor, monitor::Workspace& workspace)
{
    for (const auto& word : source.words) {
        const auto summary
            = isUrl(word) ? workspace.importText(word, {}, true) : workspace.importFile(word, true);
        if (!summary.ok)
            monitor.log()({ 0, LogLevel::Error, "config", summary.error });
    }
}

void rehearseDemo(const WatchSource& source, monitor::Monitor& monitor)
{
    if (!source.demo)
        return;
    const auto& simulation = source.demo->simulation();
    HeldClock clock(simulation.startMs());
    RehearsalTransport transport(*source.demo, clock);
    constexpr int64_t kStepMs = 10'000;
    monitor.rehearse(watchSetOf(source), transport, clock, simulation.liveMs(), kStepMs);
}

discovery::GroupReader yamlGroupReader()
{
    return [](std::string_view text) {
        return config::readTargetGroups(text, config::TargetFormat::Yaml, "file_sd");
    };
}

} // namespace fleetglass::app
