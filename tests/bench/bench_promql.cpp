// PromQL: the median time of a query's instant form at the newest sample, and of its range form
// over some hours in about a thousand points, from text to a result in memory. The data's text and
// the queries (NAME <TAB> EXPRESSION, one a line) come from files; without files both are made up.
#include "core/promql/engine.h"
#include "tests/bench/bench.h"
#include "tests/bench/dataset.h"
#include "tests/support/query_helpers.h"

#include <cmath>
#include <fstream>
#include <iostream>

namespace fleetglass::bench {

namespace {

using nlohmann::json;

struct Query
{
    std::string name;
    std::string text;
};

struct Plan
{
    double hours = 6;
    double points = 1000;
    size_t repeats = 9;
    size_t threads = 1;
    int64_t endMs = 0;
};

Result<Plan> planOf(Arguments arguments)
{
    Plan plan;
    const auto hours = numberOption(arguments, "hours", plan.hours, 0.01);
    const auto points = numberOption(arguments, "points", plan.points, 1);
    const auto repeats = numberOption(arguments, "repeats", 9, 1);
    const auto threads = numberOption(arguments, "threads", 1, 1);
    for (const auto* option : { &hours, &points, &repeats, &threads }) {
        if (!*option)
            return failure(option->error());
    }
    plan.hours = *hours;
    plan.points = *points;
    plan.repeats = static_cast<size_t>(*repeats);
    plan.threads = static_cast<size_t>(*threads);
    return plan;
}

Result<std::vector<Query>> queriesFrom(const std::string& path)
{
    std::ifstream file(path);
    if (!file)
        return failure("cannot read \"" + path + "\"", ErrorCode::Io);
    std::vector<Query> queries;
    for (std::string line; std::getline(file, line);) {
        const size_t tab = line.find('\t');
        if (line.empty() || line.front() == '#' || tab == std::string::npos)
            continue;
        queries.push_back({ line.substr(0, tab), line.substr(tab + 1) });
    }
    return queries;
}

class Runner
{
public:
    Runner(const Dataset& dataset, const Plan& plan)
        : m_dataset(dataset)
        , m_plan(plan)
        , m_helpers(plan.threads - 1)
    {
        m_options.parallel = &m_helpers;
    }

    json row(const Query& query, bool isRange) const
    {
        json row { { "name", query.name }, { "kind", isRange ? "range" : "instant" } };
        const auto first = ask(query, isRange);
        if (!first) {
            row["error"] = first.error().message;
            return row;
        }
        const Timing timing
            = measure(m_plan.repeats, [&] { static_cast<void>(ask(query, isRange)); });
        row["ms"] = timing.wallMs;
        row["cpu_ms"] = timing.cpuMs;
        row["series"] = isRange ? first->matrix.size() : first->vector.size();
        return row;
    }

private:
    Result<promql::QueryResult> ask(const Query& query, bool isRange) const
    {
        const int64_t end = m_dataset.endMs;
        if (!isRange)
            return m_engine.instant(*m_dataset.store, query.text, end, m_options);
        constexpr int64_t kScrapeMs = 15'000; // The range begins a scrape before the first sample.
        const auto seconds = static_cast<int64_t>(m_plan.hours * 3600);
        const int64_t start = end + kScrapeMs - seconds * 1000;
        const auto step
            = static_cast<int64_t>(std::ceil(static_cast<double>(seconds) / m_plan.points));
        return m_engine.range(*m_dataset.store, query.text, start, end, step * 1000, m_options);
    }

    const Dataset& m_dataset;
    const Plan& m_plan;
    test::QueryHelpers m_helpers;
    promql::Engine m_engine;
    promql::QueryOptions m_options;
};

void print(const json& row)
{
    const auto number = [&](const char* key) { return row.value(key, -1.0); };
    char line[160];
    std::snprintf(line, sizeof line, "%-22s %-7s %9.3f ms (cpu %9.3f, %5d series) ",
        row["name"].get<std::string>().c_str(), row["kind"].get<std::string>().c_str(),
        number("ms"), number("cpu_ms"), row.value("series", -1));
    std::cerr << line << row.value("error", "") << '\n';
}

json report(const Dataset& dataset, const std::vector<Query>& queries, const Plan& plan)
{
    const Runner runner(dataset, plan);
    json result { { "samples", dataset.samples }, { "threads", plan.threads } };
    for (const bool isRange : { false, true }) {
        std::vector<double> times;
        double cpuMs = 0;
        for (const Query& query : queries) {
            json row = runner.row(query, isRange);
            print(row);
            if (row.contains("ms"))
                times.push_back(row["ms"]);
            cpuMs += row.value("cpu_ms", 0.0);
            result["queries"].push_back(std::move(row));
        }
        const std::string kind = isRange ? "range" : "instant";
        result["geomean_" + kind] = { { "ms", geometricMean(times) }, { "sum_cpu_ms", cpuMs } };
        std::cerr << kind << " geomean " << geometricMean(times) << " ms, sum of cpu " << cpuMs
                  << " ms, queries " << times.size() << '\n';
    }
    return result;
}

Result<json> runOnFiles(Arguments arguments)
{
    if (arguments.size() < 2)
        return failure("wants DATA.prom and QUERIES.tsv");
    const auto plan = planOf(arguments);
    const auto queries = queriesFrom(arguments[1]);
    if (!plan || !queries)
        return failure(plan ? queries.error() : plan.error());
    const auto dataset = loadDataset(arguments[0]);
    if (!dataset)
        return failure(dataset.error());
    return report(*dataset, *queries, *plan);
}

Result<json> runMadeUp(Arguments)
{
    const auto dataset = makeDataset(10);
    if (!dataset)
        return failure(dataset.error());
    const std::vector<Query> queries {
        { "rate", "rate(cpu_seconds_total[5m])" },
        { "sum_by_rate", "sum by (mode) (rate(cpu_seconds_total[5m]))" },
        { "share",
            "sum by (instance) (rate(cpu_seconds_total{mode!=\"idle\"}[5m]))"
            " / sum by (instance) (rate(cpu_seconds_total[5m]))" },
        { "gauge", "memory_free_bytes" },
        { "quantile_over_time", "quantile_over_time(0.95, load1[1h])" },
        { "deriv", "deriv(memory_free_bytes[30m])" },
        { "subquery", "max_over_time(sum by (instance) (rate(cpu_seconds_total[5m]))[30m:1m])" },
        { "topk", "topk(5, rate(cpu_seconds_total[5m]))" },
    };
    return report(*dataset, queries, Plan());
}

const BenchEntry kPromql { "promql",
    { "DATA.prom QUERIES.tsv [--threads N] [--hours 6] [--points 1000] [--repeats 9]",
        runOnFiles } };
const BenchEntry kRangeQuery { "promql_6h_300_series", { "", runMadeUp } };

} // namespace

} // namespace fleetglass::bench
