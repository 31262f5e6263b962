// The reading half of RingStore: resolve, capture group by group, decode without a lock.
#include "core/tsdb/ring_state.h"
#include "core/tsdb/slice_builder.h"

#include <algorithm>
#include <set>

namespace fleetglass::tsdb {

using labels::Labels;
using labels::Matcher;
using storage::SelectLimits;
using storage::SeriesSlice;
using storage::TimeRange;

namespace {

tl::unexpected<Error> cancelled()
{
    return failure("query cancelled", ErrorCode::Cancelled);
}

bool mayHaveSamples(const Match& match, TimeRange range)
{
    return match.series->firstMs.load(std::memory_order_relaxed) <= range.endMs
        && match.series->lastMs.load(std::memory_order_relaxed) >= range.startMs;
}

// Where the run of matches with the same home as the first of `from` ends.
size_t endOfHome(std::span<const Match> matches, size_t from)
{
    TargetGroup* const home = matches[from].series->home.load();
    size_t end = from + 1;
    while (end < matches.size() && matches[end].series->home.load() == home)
        ++end;
    return end;
}

} // namespace

Result<std::vector<SeriesSlice>> RingStore::select(
    std::span<const Matcher> matchers, TimeRange range, const SelectLimits& limits) const
{
    const State& state = *m_state;
    // The snapshot first: what is made while the index is searched holds nothing it would see.
    const Commits::Reading reading(m_state->commits);
    auto matches = state.resolveByHome(matchers, limits.stop);
    std::erase_if(matches, [&](const Match& match) { return !mayHaveSamples(match, range); });
    const std::vector<Labels> labels = state.index.labelsOf(matches);

    SliceBuilder builder(reading.snapshot(), range, limits);
    for (size_t from = 0; from < matches.size();) {
        if (limits.stop.stop_requested())
            return cancelled();
        TargetGroup* const home = matches[from].series->home.load();
        const size_t end = endOfHome(matches, from);
        if (home != nullptr) {
            const auto part = std::span(matches).subspan(from, end - from);
            const GroupCapture capture = home->capture(part, from, reading.snapshot(), range);
            if (auto added = builder.add(capture, matches, labels); !added)
                return failure(added.error());
        }
        from = end;
    }
    if (limits.stop.stop_requested())
        return cancelled();
    return builder.finish();
}

Result<std::vector<Labels>> RingStore::series(
    std::span<const Matcher> matchers, TimeRange range, const SelectLimits& limits) const
{
    auto matches = m_state->index.resolve(matchers, [&] { return limits.stop.stop_requested(); });
    std::erase_if(matches, [&](const Match& match) { return !mayHaveSamples(match, range); });
    if (matches.size() > limits.seriesMax)
        return failure("the matchers find " + std::to_string(matches.size())
                + " series, more than the limit of " + std::to_string(limits.seriesMax)
                + "; narrow them",
            ErrorCode::Limit);
    std::vector<Labels> found = m_state->index.labelsOf(matches);
    std::erase_if(found, [](const Labels& labels) { return labels.empty(); });
    std::sort(found.begin(), found.end());
    if (limits.stop.stop_requested())
        return cancelled();
    return found;
}

std::vector<std::string> RingStore::labelNames(
    std::span<const Matcher> matchers, TimeRange range) const
{
    if (matchers.empty())
        return m_state->index.names(range);
    std::set<std::string, std::less<>> names;
    if (const auto found = series(matchers, range, {})) {
        for (const Labels& labels : *found) {
            for (const labels::Label& label : labels)
                names.emplace(label.name);
        }
    }
    return { names.begin(), names.end() };
}

std::vector<std::string> RingStore::labelValues(
    const std::string& name, std::span<const Matcher> matchers, TimeRange range) const
{
    if (matchers.empty())
        return m_state->index.values(name, range);
    std::set<std::string, std::less<>> values;
    if (const auto found = series(matchers, range, {})) {
        for (const Labels& labels : *found) {
            if (labels.has(name))
                values.emplace(labels.get(name));
        }
    }
    return { values.begin(), values.end() };
}

Result<std::vector<SeriesExemplars>> RingStore::exemplars(
    std::span<const Matcher> matchers, TimeRange range) const
{
    const Commits::Reading reading(m_state->commits);
    const auto matches = m_state->resolveByHome(matchers, {});
    const std::vector<Labels> labels = m_state->index.labelsOf(matches);
    std::vector<SeriesExemplars> found;
    for (size_t i = 0; i < matches.size(); ++i) {
        TargetGroup* const home = matches[i].series->home.load();
        if (home == nullptr)
            continue;
        auto exemplars = home->exemplarsOf(matches[i], reading.snapshot(), range);
        if (!exemplars.empty())
            found.push_back({ labels[i], std::move(exemplars) });
    }
    std::sort(found.begin(), found.end(),
        [](const auto& a, const auto& b) { return a.labels < b.labels; });
    return found;
}

} // namespace fleetglass::tsdb
