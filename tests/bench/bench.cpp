#include "tests/bench/bench.h"

#include "core/base/number.h"

#include <algorithm>
#include <cmath>
#include <sys/resource.h>

namespace fleetglass::bench {

namespace {

double cpuMsNow()
{
    rusage usage {};
    getrusage(RUSAGE_SELF, &usage);
    const auto ms = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
    };
    return ms(usage.ru_utime) + ms(usage.ru_stime);
}

} // namespace

std::map<std::string, Bench>& benches()
{
    static std::map<std::string, Bench> all;
    return all;
}

Timing measure(size_t repeats, const std::function<void()>& work)
{
    using Clock = std::chrono::steady_clock;
    work();
    std::vector<double> walls;
    const double cpuBefore = cpuMsNow();
    for (size_t i = 0; i < repeats; ++i) {
        const auto start = Clock::now();
        work();
        walls.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    }
    const double cpu = cpuMsNow() - cpuBefore;
    return { medianOf(std::move(walls)), cpu / static_cast<double>(std::max<size_t>(repeats, 1)) };
}

double medianOf(std::vector<double> values)
{
    if (values.empty())
        return 0;
    std::sort(values.begin(), values.end());
    const size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double geometricMean(std::span<const double> values)
{
    constexpr double kLeast = 1e-3; // A time that rounds to nothing must not make the mean nothing.
    double logs = 0;
    for (const double value : values)
        logs += std::log(std::max(value, kLeast));
    return values.empty() ? 0 : std::exp(logs / static_cast<double>(values.size()));
}

Result<double> numberOption(
    Arguments arguments, const std::string& name, double fallback, double min)
{
    const auto at = std::find(arguments.begin(), arguments.end(), "--" + name);
    if (at == arguments.end())
        return fallback;
    const std::string text = at + 1 == arguments.end() ? "" : *(at + 1);
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (text.empty() || *end != '\0' || !(value >= min))
        return failure("--" + name + " wants a number of at least " + formatFloatShort(min)
            + ", not \"" + text + "\"");
    return value;
}

} // namespace fleetglass::bench
