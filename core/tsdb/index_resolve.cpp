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

std::vector<uint32_t> SeriesIndex::slotsOfLocked(const Condition& condition) const
{
    std::vector<uint32_t> slots;
    const auto name = m_names.find(condition.name);
    if (name == m_names.end())
        return slots;
    const auto add = [&](const LabelPair& pair) {
        slots.insert(slots.end(), pair.postings.begin(), pair.postings.end());
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
    sortUnique(slots);
    return slots;
}

std::vector<Match> SeriesIndex::applyCheap(std::span<const Condition> conditions) const
{
    const std::shared_lock lock(m_mutex);
    std::vector<std::pair<const Condition*, std::vector<uint32_t>>> sets;
    for (const Condition& condition : conditions)
        sets.emplace_back(&condition, slotsOfLocked(condition));
    // The shortest of the lists to keep begins.
    const auto first = std::min_element(sets.begin(), sets.end(), [](const auto& a, const auto& b) {
        return std::pair(!a.first->keeps, a.second.size())
            < std::pair(!b.first->keeps, b.second.size());
    });
    const bool hasFirst = first != sets.end() && first->first->keeps;
    std::vector<Match> matches;
    for (const uint32_t slot : hasFirst ? first->second : m_all) {
        Series& series = m_table.at(slot);
        const uint32_t generation = series.generation.load();
        if (series.isAlive(generation))
            matches.push_back({ &series, generation });
    }
    for (const auto& [condition, slots] : sets)
        retain(matches, slots, condition->keeps);
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
    retain(matches, slotsOfLocked(condition), keeps);
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
