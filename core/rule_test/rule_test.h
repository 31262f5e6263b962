// Unit tests of rules, as promtool test rules runs them: made-up series go through the rule groups
// at every evaluation interval, then alerts and expressions are compared with what the test
// expects. Thread-safe; reads files.
#pragma once

#include "core/base/result.h"
#include "core/promql/parser.h"
#include "core/rules/rule_test_file.h"

#include <string>
#include <vector>

namespace fleetglass::rule_test {

struct RunOptions
{
    std::vector<std::string> run; // Only tests whose name one of these matches; none: every test.
    bool ignoreUnknownFields = false;
    promql::ParseOptions promql = promql::ParseOptions::everything();
};

struct TestReport
{
    std::string name; // Of the test; empty: it has none.
    std::vector<std::string> failures; // What was expected and what came, or what went wrong.
};

struct FileReport
{
    std::string file;
    std::string error; // The file or its rules cannot be read; no test ran.
    std::vector<TestReport> tests;

    bool passed() const;
};

// More evaluations than a single test may ask for: a year of minutes.
inline constexpr int64_t kEvaluationsMax = 600'000;

FileReport runFile(const std::string& path, const RunOptions& options);

} // namespace fleetglass::rule_test
