// What a file of rule unit tests says (promtool test rules), checked and with defaults filled in.
// Values.
#pragma once

#include "core/base/duration.h"
#include "core/rules/rule_file.h"

#include <cstdint>
#include <string>
#include <vector>

namespace fleetglass::rules {

struct TestSeries
{
    std::string series; // up{job="a"}
    std::string values; // "0 1+1x10 _ stale", one every RuleTest::interval.
};

struct ExpectedAlert
{
    TextPairs labels; // Without alertname.
    TextPairs annotations;
};

// Exactly these instances of one alert are firing at that time.
struct AlertCase
{
    Millis evalTime { 0 }; // After the start of the test.
    std::string alertName;
    std::vector<ExpectedAlert> alerts;
    int line = 0;
};

struct ExpectedSample
{
    std::string labels; // up{job="a"}; empty: none.
    double value = 0;
    std::string histogram; // {{schema:0 count:1 ...}}; empty: the value counts.
};

struct ExpressionCase
{
    std::string expression;
    Millis evalTime { 0 };
    std::vector<ExpectedSample> samples;
    int line = 0;
};

struct RuleTest
{
    std::string name;
    Millis interval { 60'000 };
    int64_t startMs = 0; // Unix time of the first sample.
    std::vector<TestSeries> series;
    std::vector<AlertCase> alerts;
    std::vector<ExpressionCase> expressions;
    TextPairs externalLabels;
    std::string externalUrl;
    int line = 0;
};

struct RuleTestFile
{
    std::string file;
    std::vector<std::string> ruleFiles; // As seen from the file's folder; may be globs.
    Millis evaluationInterval { 60'000 };
    std::vector<std::string> groupOrder; // Groups in it are evaluated in this order.
    bool fuzzyCompare = false; // Values may differ by one unit in the last place.
    std::vector<RuleTest> tests;
};

} // namespace fleetglass::rules
