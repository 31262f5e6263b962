// Matchers to series: plain values and alternations first, patterns last and on what is left.
#include "core/tsdb/series_index.h"
#include "core/tsdb/slot_sets.h"

#include <algorithm>

namespace fleetglass::tsdb {

using labels::Matcher;
using labels::MatchType;

namespace {

constexpr size_t kScanSlice = 512; // Values or series looked at under one lock.

bool isRegex(const Matcher& matcher)
{
    return matcher.type() == MatchType::Regex || matcher.type() == MatchType::NotRegex;
}

// Matches whatever there is, also nothing.
bool isAlwaysTrue(const Matcher& matcher)
{
    return matcher.type() == MatchType::Regex && matcher.value() == ".*";
}

std::vector<std::string> nonEmpty(std::span<const std::string> texts)
{
    std::vector<std::string> kept;
    std::copy_if(texts.begin(), texts.end(), std::back_inserter(kept),
        [](const std::string& text) { return !text.empty(); });
    return kept;
}

} // namespace

// What a matcher says without asking its pattern for each value; nothing where it must be asked.
std::optional<SeriesIndex::Condition> SeriesIndex::cheapCondition(const Matcher& matcher)
{
    Condition condition { matcher.name(), {}, false, !matcher.matchesEmpty() };
    if (!isRegex(matcher)) {
        // ="" wants no such label, !="" any.
        condition.everyValue = matcher.value().empty();
        condition.values = { matcher.value() };
        return condition;
    }
    if (matcher.value() == ".+") {
        condition.everyValue = true;
        return condition;
    }
    const bool isPositive = matcher.type() == MatchType::Regex;
    // "a|b" keeps both, !~"a|b" leaves both out; with "" among them the sense turns round.
    if (!matcher.literals().empty() && condition.keeps == isPositive) {
        condition.values = nonEmpty(matcher.literals());
        return condition;
    }
    return std::nullopt;
}

std::span<const uint32_t> SeriesIndex::slotsOfLocked(
    const Condition& condition, std::vector<uint32_t>& room) const
{
    const auto name = m_names.find(condition.name);
    if (name == m_names.end())
        return {};
    // A million series have this job: their list is walked where it stands.
    if (!condition.everyValue && condition.values.size() == 1) {
        const auto value = name->second.find(condition.values.front());
        return value == name->second.end() ? std::span<const uint32_t>() : value->second.postings;
    }
    const auto add = [&](const LabelPair& pair) {
        room.insert(room.end(), pair.postings.begin(), pair.postings.end());
    };
    if (condition.everyValue) {
        for (const auto& [value, pair] : name->second)
            add(pair);
    } else {
        for (const std::string& wanted : condition.values) {
            if (const auto value = name->second.find(wanted); value != name->second.end())
                add(value->second);
        }
    }
    sortUnique(room);
    return room;
}

std::vector<Match> SeriesIndex::applyCheap(std::span<const Condition> conditions) const
{
    struct Set
    {
        const Condition* condition = nullptr;
        std::vector<uint32_t> room;
        std::span<const uint32_t> slots;
    };
    const std::shared_lock lock(m_mutex);
    std::vector<Set> sets(conditions.size());
    for (size_t i = 0; i < sets.size(); ++i) {
        sets[i].condition = &conditions[i];
        sets[i].slots = slotsOfLocked(conditions[i], sets[i].room);
    }
    // The shortest of the lists to keep begins.
    const auto first = std::min_element(sets.begin(), sets.end(), [](const Set& a, const Set& b) {
        return std::pair(!a.condition->keeps, a.slots.size())
            < std::pair(!b.condition->keeps, b.slots.size());
    });
    const bool hasFirst = first != sets.end() && first->condition->keeps;
    std::vector<Match> matches;
    for (const uint32_t slot : hasFirst ? first->slots : std::span<const uint32_t>(m_all)) {
        Series& series = m_table.at(slot);
        const uint32_t generation = series.generation.load();
        if (series.isAlive(generation))
            matches.push_back({ &series, generation });
    }
    for (const Set& set : sets) {
        if (!hasFirst || &set != &*first)
            retain(matches, set.slots, set.condition->keeps);
    }
    return matches;
}

std::vector<std::string> SeriesIndex::scanValues(
    const Matcher& matcher, bool wanted, const std::function<bool()>& isStopped) const
{
    std::vector<std::string> found;
    std::string last;
    for (bool isFirst = true; !isStopped(); isFirst = false) {
        const std::shared_lock lock(m_mutex);
        const auto name = m_names.find(matcher.name());
        if (name == m_names.end())
            return found;
        auto value = isFirst ? name->second.begin() : name->second.upper_bound(last);
        for (size_t i = 0; i < kScanSlice && value != name->second.end(); ++i, ++value) {
            last = value->first;
            if (matcher.matches(value->first) == wanted)
                found.push_back(value->first);
        }
        if (value == name->second.end())
            return found;
    }
    return found;
}

void SeriesIndex::filterByScan(std::vector<Match>& matches, const Matcher& matcher,
    const std::function<bool()>& isStopped) const
{
    const bool keeps = !matcher.matchesEmpty();
    const Condition condition { matcher.name(), scanValues(matcher, keeps, isStopped), false,
        keeps };
    const std::shared_lock lock(m_mutex);
    std::vector<uint32_t> room;
    retain(matches, slotsOfLocked(condition, room), keeps);
}

void SeriesIndex::filterOneByOne(std::vector<Match>& matches, const Matcher& matcher,
    const std::function<bool()>& isStopped) const
{
    std::unordered_map<std::string_view, bool> known; // Valid under one lock only.
    size_t kept = 0;
    for (size_t next = 0; next < matches.size() && !isStopped();) {
        known.clear();
        const std::shared_lock lock(m_mutex);
        for (const size_t end = std::min(matches.size(), next + kScanSlice); next < end; ++next) {
            const Match match = matches[next];
            if (!match.series->isAlive(match.generation))
                continue;
            std::string_view value;
            for (const LabelPair* pair : match.series->labels) {
                if (pair->name == matcher.name())
                    value = pair->value;
            }
            const auto [place, isNew] = known.try_emplace(value, false);
            if (isNew)
                place->second = matcher.matches(value);
            if (place->second)
                matches[kept++] = match;
        }
    }
    matches.resize(kept);
}

size_t SeriesIndex::valueCount(std::string_view name) const
{
    const std::shared_lock lock(m_mutex);
    const auto place = m_names.find(name);
    return place == m_names.end() ? 0 : place->second.size();
}

std::vector<Match> SeriesIndex::resolve(
    std::span<const Matcher> matchers, const std::function<bool()>& isStopped) const
{
    std::vector<Condition> conditions;
    std::vector<const Matcher*> patterns;
    for (const Matcher& matcher : matchers) {
        if (isAlwaysTrue(matcher))
            continue;
        if (auto condition = cheapCondition(matcher))
            conditions.push_back(std::move(*condition));
        else
            patterns.push_back(&matcher);
    }
    std::vector<Match> matches = applyCheap(conditions);
    for (const Matcher* matcher : patterns) {
        if (matches.size() < valueCount(matcher->name()))
            filterOneByOne(matches, *matcher, isStopped);
        else
            filterByScan(matches, *matcher, isStopped);
    }
    return matches;
}

} // namespace fleetglass::tsdb
