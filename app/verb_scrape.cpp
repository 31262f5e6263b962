// fleetglass scrape FILE --once [--json]: every target of a configuration, scraped once.
#include "app/arguments.h"
#include "app/interrupt.h"
#include "app/verbs.h"
#include "app/watch_source.h"
#include "core/base/number.h"
#include "core/http/curl_transport.h"
#include "core/scrape/discarding_appender.h"
#include "core/scrape/scrape_once.h"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

namespace fleetglass::app {

namespace {

// For name servers and APIs that do not answer; their jobs have no targets then.
constexpr std::chrono::seconds kDiscoveryWait { 15 };

std::vector<scrape::JobWithTargets> discover(
    const config::Config& config, http::Transport& transport, const Clock& clock)
{
    discovery::Discoverer discoverer(transport, clock, yamlGroupReader(), {});
    std::vector<discovery::JobDiscovery> discoveries;
    for (const auto& job : config.jobs)
        discoveries.push_back({ job.name, job.discovery });
    discoverer.apply(discoveries);
    discoverer.settle(kDiscoveryWait);
    const auto groups = discoverer.groups();
    std::vector<scrape::JobWithTargets> jobs;
    for (const auto& job : config.jobs) {
        const auto found = std::find_if(
            groups.begin(), groups.end(), [&](const auto& group) { return group.job == job.name; });
        jobs.push_back({ std::make_shared<const scrape::JobOptions>(job),
            found == groups.end() ? std::vector<discovery::TargetGroup>() : found->groups });
        if (found != groups.end()) {
            for (const auto& error : found->errors)
                std::cerr << job.name << ": " << error << '\n';
        }
    }
    return jobs;
}

nlohmann::ordered_json jsonOf(const labels::Labels& labels)
{
    auto object = nlohmann::ordered_json::object();
    for (const auto& label : labels)
        object[std::string(label.name)] = label.value;
    return object;
}

nlohmann::ordered_json jsonOf(const scrape::TargetStatus& status)
{
    const bool up = status.health == scrape::Health::Up;
    nlohmann::ordered_json object;
    object["job"] = status.target->job;
    object["instance"] = status.target->instance;
    object["url"] = status.target->shownUrl;
    object["labels"] = jsonOf(status.target->labels);
    object["health"] = up ? "up" : "down";
    object["phase"] = status.failure ? std::string(scrape::toWord(status.failure->phase)) : "";
    object["error"] = status.failure ? status.failure->message : "";
    object["duration_ms"] = status.durationMs;
    object["samples_scraped"] = status.counts.scraped;
    object["series_added"] = status.counts.seriesAdded;
    return object;
}

void printLine(const scrape::TargetStatus& status)
{
    const bool up = status.health == scrape::Health::Up;
    std::cout << (up ? "up    " : "DOWN  ") << status.target->job << "  " << status.target->instance
              << "  " << status.target->shownUrl << '\n';
    if (up)
        std::cout << "      " << status.counts.scraped << " samples in "
                  << static_cast<int64_t>(status.durationMs) << " ms\n";
    if (status.failure)
        std::cout << "      " << scrape::toWord(status.failure->phase) << ": "
                  << status.failure->message << '\n';
    if (status.failure && !status.failure->hint.empty())
        std::cout << "      " << status.failure->hint << '\n';
    if (!status.warning.empty())
        std::cout << "      note: " << status.warning << '\n';
}

} // namespace

int scrapeVerb(const Words& words)
{
    const auto arguments
        = Arguments::parse(words, { { "once", false }, { "json", false }, { "demo", false } });
    if (!arguments)
        return usageError(arguments.error().message);
    if (!arguments->has("once"))
        return usageError("scrape needs --once; 'fleetglass record' goes on scraping");
    if (arguments->words().empty() && !arguments->has("demo"))
        return usageError("scrape needs a configuration file");
    const Interrupt interrupt;
    const SystemClock clock;
    const auto source = openWatchSource(arguments->words(), {}, arguments->has("demo"), clock);
    if (!source)
        return badInput(source.error().message);

    http::SystemResolver resolver(clock);
    http::CurlTransport transport(resolver, clock);
    std::jthread network([&](std::stop_token stop) { transport.run(stop); });
    scrape::DiscardingAppender nowhere;
    const auto result = scrape::scrapeOnce(
        transport, nowhere, clock, discover(source->imported.config, transport, clock), {}, {});
    for (const auto& problem : result.report.problems)
        std::cerr << problem.job << ", " << problem.address << ": " << problem.message << '\n';
    if (arguments->has("json")) {
        auto all = nlohmann::ordered_json::array();
        for (const auto& status : result.targets)
            all.push_back(jsonOf(*status));
        std::cout << all.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    } else {
        for (const auto& status : result.targets)
            printLine(*status);
    }
    const bool good = result.report.problems.empty()
        && std::all_of(result.targets.begin(), result.targets.end(),
            [](const auto& status) { return status->health == scrape::Health::Up; });
    return good ? kExitGood : kExitBad;
}

} // namespace fleetglass::app
