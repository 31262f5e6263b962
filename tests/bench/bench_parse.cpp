// parse PAGE [NEXT_PAGE]: how fast a page is read when it is seen first, when it comes again, and
// when it comes again with other values (those of NEXT_PAGE; without one, of every fifth line).
#include "core/exposition/page_repeat.h"
#include "core/exposition/parser.h"
#include "tests/bench/bench.h"

#include <algorithm>
#include <ctime>
#include <fstream>
#include <iterator>

namespace fleetglass::bench {

namespace {

using exposition::Format;
using exposition::PageRepeat;

// A small page is read so often that a clock can tell.
constexpr size_t kBytesAtOnce = 1u << 20;
constexpr size_t kBytesInAll = 300u << 20;

class SummingSink : public exposition::Sink
{
public:
    explicit SummingSink(PageRepeat* repeat = nullptr)
        : m_repeat(repeat)
    {
    }

    bool sample(const exposition::ParsedSample& sample, const exposition::SeriesSource&) override
    {
        sum += sample.value;
        seriesBytes += sample.seriesText.size();
        if (m_repeat != nullptr)
            m_repeat->note(sample);
        return true;
    }

    double sum = 0;
    size_t seriesBytes = 0;

private:
    PageRepeat* m_repeat;
};

Result<std::string> readFile(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return failure(path + ": cannot be read", ErrorCode::Io);
    return std::string(std::istreambuf_iterator<char>(file), {});
}

Format formatOf(const std::string& page)
{
    return page.ends_with("# EOF\n") ? Format::OpenMetrics100 : Format::PrometheusText004;
}

exposition::ParseOptions options()
{
    exposition::ParseOptions options;
    options.limits.samplesMax = SIZE_MAX;
    return options;
}

// The last digit of every fifth sample is another one.
std::string withChanges(std::string page)
{
    size_t samples = 0;
    for (size_t start = 0; start < page.size();) {
        const size_t end = std::min(page.find('\n', start), page.size());
        const bool isSample = end > start && page[start] != '#';
        if (isSample && ++samples % 5 == 0 && page[end - 1] >= '0' && page[end - 1] <= '9')
            page[end - 1] = page[end - 1] == '9' ? '0' : static_cast<char>(page[end - 1] + 1);
        start = end + 1;
    }
    return page;
}

nlohmann::json rate(double seconds, size_t bytes, size_t samples)
{
    return { { "gb_per_second", static_cast<double>(bytes) / seconds / 1e9 },
        { "samples_per_second", static_cast<double>(samples) / seconds } };
}

double threadSeconds()
{
    timespec time {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// The thread's own time: others may use the machine meanwhile.
template<class F>
double secondsOf(size_t bytes, const F& work)
{
    const size_t times = std::max<size_t>(kBytesAtOnce / std::max<size_t>(bytes, 1), 1);
    const size_t rounds = std::clamp<size_t>(kBytesInAll / (times * bytes + 1), 5, 301);
    std::vector<double> seconds;
    for (size_t round = 0; round <= rounds; ++round) {
        const double start = threadSeconds();
        for (size_t i = 0; i < times; ++i)
            work();
        if (round > 0)
            seconds.push_back((threadSeconds() - start) / static_cast<double>(times));
    }
    return medianOf(std::move(seconds));
}

Result<PageRepeat> remember(const std::string& page)
{
    PageRepeat repeat;
    SummingSink sink(&repeat);
    repeat.begin(page);
    const auto parsed = exposition::parse(formatOf(page), page, options(), sink);
    if (!parsed)
        return failure(parsed.error());
    repeat.finish();
    return repeat;
}

Result<nlohmann::json> run(Arguments arguments)
{
    if (arguments.empty() || arguments.size() > 2)
        return failure("wants PAGE [NEXT_PAGE]");
    auto page = readFile(arguments[0]);
    if (!page)
        return failure(page.error());
    auto next = arguments.size() == 2 ? readFile(arguments[1]) : withChanges(*page);
    if (!next)
        return failure(next.error());
    auto repeat = remember(*page);
    if (!repeat)
        return failure(repeat.error().at(arguments[0]), repeat.error().code);
    const size_t samples = repeat->samples();
    const std::string copy = *page;
    std::vector<PageRepeat::Change> changes;
    size_t changed = 0;
    bool followed = true;
    const double first = secondsOf(page->size(), [&] {
        SummingSink sink;
        followed = exposition::parse(formatOf(*page), *page, options(), sink) && followed;
    });
    const double again = secondsOf(
        page->size(), [&] { followed = repeat->changesIn(*page, copy, changes) && followed; });
    const double both = secondsOf(page->size() + next->size(), [&] {
        followed = repeat->changesIn(*page, *next, changes) && followed;
        changed = changes.size();
        followed = repeat->changesIn(*next, *page, changes) && followed;
    });
    if (!followed)
        return failure("the next page differs in more than values: it is not the same target's");
    nlohmann::json result { { "bytes", page->size() }, { "samples", samples },
        { "samples_changed", changed } };
    result["first_sight"] = rate(first, page->size(), samples);
    result["full_repeat"] = rate(again, page->size(), samples);
    result["repeat_with_changes"] = rate(both, page->size() + next->size(), 2 * samples);
    return result;
}

const BenchEntry kEntry("parse", { "PAGE [NEXT_PAGE]", run });

} // namespace

} // namespace fleetglass::bench
