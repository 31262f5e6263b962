// fleetglass check metrics: a page from standard input or files, parsed and linted.
#include "app/arguments.h"
#include "app/verbs.h"
#include "core/exposition/lint.h"
#include "core/exposition/parser.h"

#include <algorithm>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <map>
#include <sstream>

namespace fleetglass::app {

namespace {

// Counts the series of each metric name.
class CountingSink final : public exposition::Sink
{
public:
    bool sample(const exposition::ParsedSample&, const exposition::SeriesSource& source) override
    {
        ++m_counts[std::string(source.labels().metricName())];
        return true;
    }
    const std::map<std::string, size_t>& counts() const { return m_counts; }

private:
    std::map<std::string, size_t> m_counts;
};

void printExtended(const std::map<std::string, size_t>& counts)
{
    std::vector<std::pair<std::string, size_t>> sorted(counts.begin(), counts.end());
    std::stable_sort(sorted.begin(), sorted.end(),
        [](const auto& a, const auto& b) { return a.second > b.second; });
    size_t total = 0;
    for (const auto& [name, count] : sorted)
        total += count;
    std::cout << "Metric\tSeries\tShare\n" << std::fixed << std::setprecision(2);
    for (const auto& [name, count] : sorted)
        std::cout << name << '\t' << count << '\t'
                  << 100.0 * static_cast<double>(count) / static_cast<double>(total) << " %\n";
    std::cout << "All\t" << total << "\t100 %\n";
}

bool isOpenMetrics(const std::string& body)
{
    const size_t last = body.find_last_not_of('\n');
    return last != std::string::npos && last >= 4 && body.compare(last - 4, 5, "# EOF") == 0;
}

int checkPage(const std::string& name, const std::string& body, bool extended, bool withoutLint)
{
    const bool openMetrics = isOpenMetrics(body);
    exposition::ParseOptions options;
    options.strictOpenMetrics = true;
    CountingSink sink;
    const auto parsed = exposition::parse(
        openMetrics ? exposition::Format::OpenMetrics100 : exposition::Format::PrometheusText004,
        body, options, sink);
    if (!parsed) {
        std::cerr << "error while linting: " << parsed.error().at(name) << '\n';
        return kExitBad;
    }
    if (extended)
        printExtended(sink.counts());
    if (openMetrics || withoutLint)
        return kExitGood; // The specification's own rules were checked in parsing.
    const auto problems = exposition::lint(body);
    if (!problems) {
        std::cerr << "error while linting: " << problems.error().at(name) << '\n';
        return kExitBad;
    }
    for (const auto& problem : *problems)
        std::cerr << name << ':' << problem.line << ": " << problem.metric << ' ' << problem.text
                  << '\n';
    return problems->empty() ? kExitGood : kExitLint;
}

} // namespace

int checkMetrics(const Words& files, bool extended, bool withoutLint)
{
    if (files.empty())
        return checkPage("standard input", { std::istreambuf_iterator<char>(std::cin), {} },
            extended, withoutLint);
    int exitCode = kExitGood;
    for (const auto& file : files) {
        std::ifstream stream(file, std::ios::binary);
        if (!stream)
            return badInput(file + ": cannot be read");
        const std::string body { std::istreambuf_iterator<char>(stream), {} };
        const int code = checkPage(file, body, extended, withoutLint);
        exitCode
            = code == kExitBad || exitCode == kExitBad ? int(kExitBad) : std::max(code, exitCode);
    }
    return exitCode;
}

} // namespace fleetglass::app
