// fleetglass-conformance CORPUS PATH [--wording]: runs a folder of conformance cases, prints each
// failing id with what was expected and what came, and ends with the count.
#include "tests/conformance/corpus.h"

#include <cstring>
#include <iostream>

int main(int argc, char** argv)
{
    using namespace fleetglass::conformance;
    if (argc < 3) {
        std::cerr << "usage: fleetglass-conformance CORPUS PATH [--wording]\ncorpora:";
        for (const auto& [name, runner] : corpora())
            std::cerr << ' ' << name;
        std::cerr << '\n';
        return 2;
    }
    const auto found = corpora().find(argv[1]);
    if (found == corpora().end() || !std::filesystem::exists(argv[2])) {
        std::cerr << "fleetglass-conformance: no corpus \"" << argv[1] << "\" or no folder \""
                  << argv[2] << "\"\n";
        return 2;
    }
    Report report;
    report.showWording(argc > 3 && std::strcmp(argv[3], "--wording") == 0);
    found->second(argv[2], report);
    report.printSummary();
    return report.failed() > 0 ? 1 : 0;
}
