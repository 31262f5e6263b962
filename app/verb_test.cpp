// fleetglass test rules FILE ...: runs unit tests of rules, as promtool does.
#include "app/arguments.h"
#include "app/features.h"
#include "app/verbs.h"
#include "core/rule_test/rule_test.h"

#include <iostream>

namespace fleetglass::app {

namespace {

void print(const rule_test::FileReport& report)
{
    std::cout << "Unit Testing:  " << report.file << std::endl;
    if (!report.error.empty()) {
        std::cerr << "  FAILED:\n" << report.error << '\n';
        return;
    }
    for (const auto& test : report.tests) {
        if (test.failures.empty())
            continue;
        std::cerr << "  FAILED:" << (test.name.empty() ? "" : " " + test.name) << '\n';
        for (const auto& failure : test.failures)
            std::cerr << "  " << failure << '\n';
    }
    if (report.passed())
        std::cout << "  SUCCESS\n";
}

} // namespace

int testVerb(const Words& words)
{
    const auto arguments = Arguments::parse(
        words, { { "run" }, { "ignore-unknown-fields", false }, { "enable-feature" } });
    if (!arguments)
        return usageError(arguments.error().message);
    const Words& given = arguments->words();
    if (given.empty() || given.front() != "rules")
        return usageError("test what? rules");
    if (given.size() < 2)
        return usageError("test rules needs a file of unit tests");
    rule_test::RunOptions options;
    options.run = arguments->values("run");
    options.ignoreUnknownFields = arguments->has("ignore-unknown-fields");
    options.promql = languageOf(*arguments);
    int exitCode = kExitGood;
    for (auto file = given.begin() + 1; file != given.end(); ++file) {
        const auto report = rule_test::runFile(*file, options);
        print(report);
        if (!report.passed())
            exitCode = kExitBad;
    }
    return exitCode;
}

} // namespace fleetglass::app
