#include "app/arguments.h"
#include "app/verbs.h"
#include "core/http/curl_transport.h"

#include <csignal>
#include <iostream>

namespace {

constexpr const char* kHelp
    = R"(Fleetglass watches a fleet from a workstation: it scrapes, stores, answers PromQL, evaluates rules
and shows it all live.

usage:
  fleetglass [FILE|URL ...] [--demo] [--page NAME] [--data DIR | --fresh]
                                                          the window
  fleetglass check config|rules|metrics|sd-file ...       checks files, with line numbers
  fleetglass check healthy|ready [--url URL]              whether a server is
  fleetglass test rules FILE ... [--run REGEX]            runs unit tests of rules
  fleetglass scrape FILE --once [--json]                  scrapes every target once
  fleetglass record FILE --for 60s [--data DIR] [--rules FILE ...] [--stats]
                                                          watches without a window
  fleetglass query instant|range|series|labels SOURCE EXPR ...
                                                          asks a capsule, a text or OpenMetrics file,
                                                          a data directory or a server's URL
  fleetglass snapshot FILE --for 20s --output X.{fgsnap,png,svg,pdf,html,csv,json,om}
             [--page NAME] [--theme light|dark] [--size WxH] [--expr QUERY]
                                                          watches, then writes what the window shows
  fleetglass demo-fleet [--listen 127.0.0.1:PORT] [--seed N] [--print-config]
                                                          serves a simulated fleet on loopback
  fleetglass --version

exit codes: 0 good, 1 the thing checked is bad, 2 usage, 3 lint with --lint-fatal
)";

int dispatch(const fleetglass::app::Words& words, int& argc, char** argv)
{
    using namespace fleetglass::app;
    const std::string verb = words.empty() ? std::string() : words.front();
    const Words rest(words.begin() + (words.empty() ? 0 : 1), words.end());
    if (verb == "--help" || verb == "-h" || verb == "help") {
        std::cout << kHelp;
        return kExitGood;
    }
    if (verb == "--version") {
        std::cout << "fleetglass " << FLEETGLASS_VERSION << '\n';
        return kExitGood;
    }
    if (verb == "check")
        return checkVerb(rest);
    if (verb == "test")
        return testVerb(rest);
    if (verb == "scrape")
        return scrapeVerb(rest);
    if (verb == "record")
        return recordVerb(rest);
    if (verb == "query")
        return queryVerb(rest);
    if (verb == "demo-fleet")
        return demoFleetVerb(rest);
    if (verb == "snapshot")
        return snapshotVerb(rest, argc, argv);
    return windowVerb(words, argc, argv);
}

} // namespace

int main(int argc, char** argv)
{
    // A peer that goes away while we write to it is an error of that connection, not of the
    // program.
    std::signal(SIGPIPE, SIG_IGN);
    fleetglass::http::forgetNetworkEnvironment();
    fleetglass::app::Words words(argv + 1, argv + argc);
    // promtool takes this one before the verb.
    fleetglass::app::Words features;
    while (!words.empty() && words.front().rfind("--enable-feature", 0) == 0) {
        features.push_back(words.front());
        words.erase(words.begin());
    }
    if (!features.empty() && !words.empty()
        && (words.front() == "check" || words.front() == "test"))
        words.insert(words.end(), features.begin(), features.end());
    return dispatch(words, argc, argv);
}
