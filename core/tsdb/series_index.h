// SeriesIndex: labels to series and back: interned label pairs, each with the ascending slots of
// the series that have it. Thread-safe; long scans let go of the lock between slices.
#pragma once

#include "core/base/result.h"
#include "core/labels/matcher.h"
#include "core/tsdb/target_group.h"

#include <functional>
#include <map>
#include <shared_mutex>
#include <string>
#include <unordered_map>

namespace fleetglass::tsdb {

// One name with one value. The views show the index' own text.
struct LabelPair
{
    std::string_view name;
    std::string_view value;
    std::vector<uint32_t> postings;
};

class SeriesIndex
{
public:
    SeriesIndex(SeriesTable& table, Ledger& ledger, size_t seriesMax);

    // The message of a refusal names the limit.
    Result<storage::SeriesRef> seriesFor(const labels::Labels& labels, int64_t bootMs);
    // Forgets series that are dead already and gives their slots back.
    void forget(std::span<Series* const> dead);
    // Those made before `bootMs` that no sample has come for.
    std::vector<Match> homelessBefore(int64_t bootMs);

    // What matches all, by slot. `isStopped` is asked between slices.
    std::vector<Match> resolve(
        std::span<const labels::Matcher> matchers, const std::function<bool()>& isStopped) const;
    // One label set for each match; the empty set for what died meanwhile.
    std::vector<labels::Labels> labelsOf(std::span<const Match> matches) const;

    // The pairs of those that live, under one lock for each call.
    void visitLabels(std::span<const Match> matches,
        const std::function<void(Series&, std::span<LabelPair* const>)>& visit) const;

    // Names, and values of a name, of series that may have a sample in the range. Sorted.
    std::vector<std::string> names(storage::TimeRange range) const;
    std::vector<std::string> values(std::string_view name, storage::TimeRange range) const;
    // Series for each value of a name.
    std::map<std::string, size_t> counts(std::string_view name) const;

    size_t size() const;
    // Forgets the label sets kept for readers when they take more than this.
    void dropLabelCacheAbove(size_t bytesMax);
    size_t recountBytes() const;

private:
    using Values = std::map<std::string, LabelPair, std::less<>>;
    using Names = std::map<std::string, Values, std::less<>>;

    // A matcher as a set of values to keep or to leave out.
    struct Condition
    {
        std::string name;
        std::vector<std::string> values;
        bool everyValue = false;
        bool keeps = true;
    };

    static std::optional<Condition> cheapCondition(const labels::Matcher& matcher);
    std::vector<std::string> scanValues(
        const labels::Matcher& matcher, bool wanted, const std::function<bool()>& isStopped) const;
    std::vector<Match> applyCheap(std::span<const Condition> conditions) const;
    void filterByScan(std::vector<Match>& matches, const labels::Matcher& matcher,
        const std::function<bool()>& isStopped) const;
    void filterOneByOne(std::vector<Match>& matches, const labels::Matcher& matcher,
        const std::function<bool()>& isStopped) const;

    size_t valueCount(std::string_view name) const;

    // The rest is called under the mutex.
    Series* findLocked(const labels::Labels& labels) const;
    Result<storage::SeriesRef> createLocked(const labels::Labels& labels, int64_t bootMs);
    LabelPair& internLocked(const labels::Label& label);
    void forgetLocked(Series& series);
    void unlinkLocked(LabelPair& pair, const std::function<bool(uint32_t)>& isDead);
    // The slots of a condition: the index' own list where one value says it all, else gathered in
    // `room`.
    std::span<const uint32_t> slotsOfLocked(
        const Condition& condition, std::vector<uint32_t>& room) const;
    size_t bytesLocked() const;
    void settleLocked();

    SeriesTable& m_table;
    Ledger& m_ledger;
    const size_t m_seriesMax;
    mutable std::shared_mutex m_mutex;
    std::unordered_multimap<uint64_t, Series*> m_byHash;
    Names m_names;
    std::vector<uint32_t> m_all; // Ascending.
    std::vector<Match> m_newborn;
    size_t m_textBytes = 0; // Pairs, their text, postings; the series' own lists.
    size_t m_charged = 0;

    mutable std::mutex m_cacheMutex; // After m_mutex where both are held.
    mutable size_t m_cachedBytes = 0;
};

} // namespace fleetglass::tsdb
