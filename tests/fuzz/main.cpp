// fleetglass-fuzz [--runs N] [--seed N] [--from RUN] [SUBJECT ...]: gives mutated inputs to every
// reader of outside bytes. A failing run is had again with the seed and the run that are printed.
#include "tests/fuzz/subject.h"

#include "core/base/number.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace {

using namespace fleetglass;
using namespace fleetglass::fuzz;

struct Order
{
    uint64_t runs = 1000; // Of each subject.
    uint64_t seed = 1; // The same each time, so that a test is; another one looks elsewhere.
    uint64_t from = 0;
    std::vector<std::string> subjects; // None: all.
};

std::optional<Order> readOrder(std::span<char*> words)
{
    Order order;
    for (size_t i = 0; i < words.size(); ++i) {
        const std::string word = words[i];
        uint64_t* const number = word == "--runs" ? &order.runs
            : word == "--seed"                    ? &order.seed
            : word == "--from"                    ? &order.from
                                                  : nullptr;
        if (!number) {
            if (word.rfind("--", 0) == 0)
                return std::nullopt;
            order.subjects.push_back(word);
            continue;
        }
        const auto value = i + 1 < words.size() ? parseInt(words[++i]) : std::nullopt;
        if (!value || *value < 0)
            return std::nullopt;
        *number = static_cast<uint64_t>(*value);
    }
    return order;
}

// What lies on the disk while a run goes on tells, after a crash, which input it was.
void keepInput(const std::string& path, const std::string& input)
{
    std::ofstream(path, std::ios::binary | std::ios::trunc) << input;
}

bool runSubject(const Subject& subject, const Order& order, const std::string& folder)
{
    const std::string path = folder + '/' + subject.name + ".input";
    for (uint64_t run = order.from; run < order.from + order.runs; ++run) {
        Mutator random(seedOfRun(order.seed, subject.name, run));
        // The good inputs themselves come first.
        const std::string input = run < subject.seeds.size()
            ? subject.seeds[run]
            : random.mutate(subject.seeds, subject.words);
        keepInput(path, input);
        if (const auto complaint = subject.check(input, random)) {
            std::cout << subject.name << ": " << *complaint << "\n  again: fleetglass-fuzz --seed "
                      << order.seed << " --from " << run << " --runs 1 " << subject.name
                      << "\n  input: " << path << std::endl;
            return false;
        }
    }
    std::cout << subject.name << ": " << order.runs << " runs" << std::endl;
    return true;
}

} // namespace

int main(int argc, char** argv)
{
    const auto order = readOrder({ argv + 1, static_cast<size_t>(argc - 1) });
    if (!order) {
        std::cerr << "usage: fleetglass-fuzz [--runs N] [--seed N] [--from RUN] [SUBJECT ...]\n";
        return 2;
    }
    std::string folder
        = (std::filesystem::temp_directory_path() / "fleetglass-fuzz.XXXXXX").string();
    if (!mkdtemp(folder.data())) {
        std::cerr << "fleetglass-fuzz: no folder can be made at " << folder << '\n';
        return 2;
    }
    // Flushed, so that it is there after a crash.
    std::cout << "seed " << order->seed << ", the input at hand is below " << folder << std::endl;
    const std::vector<Subject> all { expositionSubject(), promqlSubject(), importSubject(),
        capsuleSubject(folder), templateSubject(), discoverySubject(), kubernetesSubject() };
    bool good = true;
    for (const auto& subject : all) {
        const auto& wanted = order->subjects;
        if (wanted.empty() || std::find(wanted.begin(), wanted.end(), subject.name) != wanted.end())
            good = runSubject(subject, *order, folder) && good;
    }
    if (good)
        std::filesystem::remove_all(folder);
    return good ? 0 : 1;
}
