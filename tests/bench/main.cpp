// fleetglass-bench all | NAME ARGUMENTS: measures one workload (`all`: each that needs no input)
// and prints the medians as JSON.
#include "tests/bench/bench.h"

#include <iostream>

namespace {

using namespace fleetglass;

int usage()
{
    std::cerr << "usage: fleetglass-bench all | NAME [ARGUMENTS]\n";
    for (const auto& [name, bench] : bench::benches())
        std::cerr << "  " << name << ' ' << bench.usage << '\n';
    return 2;
}

bool runOne(const std::string& name, bench::Arguments arguments, nlohmann::json& report)
{
    auto result = bench::benches().at(name).run(arguments);
    if (!result) {
        std::cerr << "fleetglass-bench: " << name << ": " << result.error().at("") << '\n';
        return false;
    }
    report[name] = std::move(*result);
    return true;
}

} // namespace

int main(int argc, char** argv)
{
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.empty())
        return usage();
    nlohmann::json report = nlohmann::json::object();
    bool done = true;
    if (words.front() == "all") {
        for (const auto& [name, bench] : bench::benches())
            done = (!bench.usage.empty() || runOne(name, {}, report)) && done;
    } else if (bench::benches().contains(words.front())) {
        done = runOne(words.front(), bench::Arguments(words).subspan(1), report);
    } else {
        return usage();
    }
    std::cout << report.dump(1) << '\n';
    return done ? 0 : 1;
}
