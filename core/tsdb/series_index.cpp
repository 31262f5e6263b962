#include "core/tsdb/series_index.h"

#include "core/base/number.h"
#include "core/tsdb/slot_sets.h"

#include <algorithm>
#include <set>

namespace fleetglass::tsdb {

namespace {

constexpr size_t kForgetSlice = 256; // Series forgotten under one lock.
constexpr size_t kPairBytes = 160; // A map node with its pair, without text and postings.
constexpr size_t kHashNodeBytes = 32;

bool mayHaveSamples(const Series& series, storage::TimeRange range)
{
    return series.firstMs.load(std::memory_order_relaxed) <= range.endMs
        && series.lastMs.load(std::memory_order_relaxed) >= range.startMs;
}

} // namespace

SeriesIndex::SeriesIndex(SeriesTable& table, Ledger& ledger, size_t seriesMax)
    : m_table(table)
    , m_ledger(ledger)
    , m_seriesMax(seriesMax)
{
    settleLocked();
}

Result<storage::SeriesRef> SeriesIndex::seriesFor(const labels::Labels& labels, int64_t bootMs)
{
    if (labels.empty())
        return failure("a series needs at least one label");
    {
        const std::shared_lock lock(m_mutex);
        if (const Series* series = findLocked(labels))
            return refOf(*series);
    }
    const std::unique_lock lock(m_mutex);
    if (const Series* series = findLocked(labels))
        return refOf(*series);
    auto ref = createLocked(labels, bootMs);
    settleLocked();
    return ref;
}

Series* SeriesIndex::findLocked(const labels::Labels& labels) const
{
    const auto [begin, end] = m_byHash.equal_range(labels.hash());
    for (auto place = begin; place != end; ++place) {
        Series& series = *place->second;
        const auto same = [](const labels::Label& label, const LabelPair* pair) {
            return label.name == pair->name && label.value == pair->value;
        };
        if (series.isAlive(series.generation.load())
            && std::equal(
                labels.begin(), labels.end(), series.labels.begin(), series.labels.end(), same))
            return &series;
    }
    return nullptr;
}

Result<storage::SeriesRef> SeriesIndex::createLocked(const labels::Labels& labels, int64_t bootMs)
{
    Series* const series = m_all.size() < m_seriesMax ? m_table.take() : nullptr;
    if (series == nullptr)
        return failure("the store holds " + groupDigits(static_cast<int64_t>(m_all.size()))
                + " series, its limit; series refused: " + labels.toSelector()
                + " (raise the series limit, or drop labels by relabelling)",
            ErrorCode::Limit);
    series->hash = labels.hash();
    series->createdMs = bootMs;
    series->journalMark = {};
    series->blocksMark = {};
    series->labels.reserve(labels.size());
    for (const labels::Label& label : labels) {
        LabelPair& pair = internLocked(label);
        m_textBytes -= pair.postings.capacity() * sizeof(uint32_t);
        insertSlot(pair.postings, series->slot);
        m_textBytes += pair.postings.capacity() * sizeof(uint32_t);
        series->labels.push_back(&pair);
    }
    m_textBytes += series->labels.capacity() * sizeof(LabelPair*);
    m_byHash.emplace(series->hash, series);
    insertSlot(m_all, series->slot);
    ++series->generation;
    m_newborn.push_back({ series, series->generation.load() });
    return refOf(*series);
}

LabelPair& SeriesIndex::internLocked(const labels::Label& label)
{
    auto name = m_names.find(label.name);
    if (name == m_names.end()) {
        name = m_names.emplace(std::string(label.name), Values()).first;
        m_textBytes += kPairBytes + name->first.capacity();
    }
    auto value = name->second.find(label.value);
    if (value == name->second.end()) {
        value = name->second.emplace(std::string(label.value), LabelPair()).first;
        value->second.name = name->first;
        value->second.value = value->first;
        m_textBytes += kPairBytes + value->first.capacity();
    }
    return value->second;
}

void SeriesIndex::forget(std::span<Series* const> dead)
{
    while (!dead.empty()) {
        const auto slice = dead.first(std::min(dead.size(), kForgetSlice));
        dead = dead.subspan(slice.size());
        const std::unique_lock lock(m_mutex);
        // Each list is gone through once a slice, however many of its series died.
        std::vector<uint32_t> slots;
        std::set<LabelPair*> pairs;
        for (Series* series : slice) {
            slots.push_back(series->slot);
            pairs.insert(series->labels.begin(), series->labels.end());
        }
        sortUnique(slots);
        const auto isDead
            = [&](uint32_t slot) { return std::binary_search(slots.begin(), slots.end(), slot); };
        for (LabelPair* pair : pairs)
            unlinkLocked(*pair, isDead);
        std::erase_if(m_all, isDead);
        for (Series* series : slice)
            forgetLocked(*series);
        settleLocked();
    }
}

void SeriesIndex::unlinkLocked(LabelPair& pair, const std::function<bool(uint32_t)>& isDead)
{
    std::erase_if(pair.postings, isDead);
    if (!pair.postings.empty())
        return;
    const auto name = m_names.find(pair.name);
    const auto value = name->second.find(pair.value);
    m_textBytes
        -= kPairBytes + value->first.capacity() + pair.postings.capacity() * sizeof(uint32_t);
    name->second.erase(value);
    if (!name->second.empty())
        return;
    m_textBytes -= kPairBytes + name->first.capacity();
    m_names.erase(name);
}

void SeriesIndex::forgetLocked(Series& series)
{
    const auto [begin, end] = m_byHash.equal_range(series.hash);
    m_byHash.erase(
        std::find_if(begin, end, [&](const auto& node) { return node.second == &series; }));
    m_textBytes -= series.labels.capacity() * sizeof(LabelPair*);
    series.labels = {};
    {
        const std::lock_guard cacheLock(m_cacheMutex);
        if (!series.cachedLabels.empty()) {
            m_cachedBytes -= bytesOf(series.cachedLabels);
            m_ledger.subtract(bytesOf(series.cachedLabels));
        }
        series.cachedLabels = {};
    }
    series.home.store(nullptr);
    m_table.giveBack(series);
}

std::vector<Match> SeriesIndex::homelessBefore(int64_t bootMs)
{
    const std::unique_lock lock(m_mutex);
    std::vector<Match> old;
    std::erase_if(m_newborn, [&](const Match& match) {
        if (!match.series->isAlive(match.generation) || match.series->home.load() != nullptr)
            return true;
        if (match.series->createdMs >= bootMs)
            return false;
        old.push_back(match);
        return true;
    });
    settleLocked();
    return old;
}

std::vector<labels::Labels> SeriesIndex::labelsOf(std::span<const Match> matches) const
{
    const std::shared_lock lock(m_mutex);
    const std::lock_guard cacheLock(m_cacheMutex);
    std::vector<labels::Labels> all;
    all.reserve(matches.size());
    std::vector<labels::Label> views;
    const size_t cachedBefore = m_cachedBytes;
    for (const Match& match : matches) {
        Series& series = *match.series;
        if (series.isAlive(match.generation) && series.cachedLabels.empty()) {
            views.clear();
            for (const LabelPair* pair : series.labels)
                views.push_back({ pair->name, pair->value });
            series.cachedLabels = labels::Labels::fromViews(views);
            m_cachedBytes += bytesOf(series.cachedLabels);
        }
        all.push_back(series.isAlive(match.generation) ? series.cachedLabels : labels::Labels());
    }
    m_ledger.replace(cachedBefore, m_cachedBytes);
    return all;
}

void SeriesIndex::visitLabels(std::span<const Match> matches,
    const std::function<void(Series&, std::span<LabelPair* const>)>& visit) const
{
    const std::shared_lock lock(m_mutex);
    for (const Match& match : matches) {
        if (match.series->isAlive(match.generation))
            visit(*match.series, match.series->labels);
    }
}

void SeriesIndex::dropLabelCacheAbove(size_t bytesMax)
{
    const std::shared_lock lock(m_mutex);
    const std::lock_guard cacheLock(m_cacheMutex);
    if (m_cachedBytes <= bytesMax)
        return;
    for (const uint32_t slot : m_all)
        m_table.at(slot).cachedLabels = {};
    m_ledger.subtract(std::exchange(m_cachedBytes, 0));
}

std::vector<std::string> SeriesIndex::names(storage::TimeRange range) const
{
    const std::shared_lock lock(m_mutex);
    const auto isUsed = [&](uint32_t slot) { return mayHaveSamples(m_table.at(slot), range); };
    std::vector<std::string> found;
    for (const auto& [name, values] : m_names) {
        if (std::any_of(values.begin(), values.end(), [&](const auto& entry) {
                return std::any_of(
                    entry.second.postings.begin(), entry.second.postings.end(), isUsed);
            }))
            found.push_back(name);
    }
    return found;
}

std::vector<std::string> SeriesIndex::values(std::string_view name, storage::TimeRange range) const
{
    const std::shared_lock lock(m_mutex);
    std::vector<std::string> found;
    const auto place = m_names.find(name);
    if (place == m_names.end())
        return found;
    for (const auto& [value, pair] : place->second) {
        if (std::any_of(pair.postings.begin(), pair.postings.end(),
                [&](uint32_t slot) { return mayHaveSamples(m_table.at(slot), range); }))
            found.push_back(value);
    }
    return found;
}

std::map<std::string, size_t> SeriesIndex::counts(std::string_view name) const
{
    const std::shared_lock lock(m_mutex);
    std::map<std::string, size_t> counts;
    if (const auto place = m_names.find(name); place != m_names.end()) {
        for (const auto& [value, pair] : place->second)
            counts.emplace_hint(counts.end(), value, pair.postings.size());
    }
    return counts;
}

size_t SeriesIndex::size() const
{
    const std::shared_lock lock(m_mutex);
    return m_all.size();
}

size_t SeriesIndex::bytesLocked() const
{
    return m_textBytes + m_byHash.size() * kHashNodeBytes + m_byHash.bucket_count() * sizeof(void*)
        + m_all.capacity() * sizeof(uint32_t) + m_newborn.capacity() * sizeof(Match);
}

void SeriesIndex::settleLocked()
{
    // The table's slots are charged here: it grows with the index and nowhere else.
    const size_t bytes = bytesLocked() + m_table.bytes();
    m_ledger.replace(m_charged, bytes);
    m_charged = bytes;
}

size_t SeriesIndex::recountBytes() const
{
    const std::shared_lock lock(m_mutex);
    const std::lock_guard cacheLock(m_cacheMutex);
    size_t bytes = bytesLocked() - m_textBytes + m_table.bytes();
    for (const auto& [name, values] : m_names) {
        bytes += kPairBytes + name.capacity();
        for (const auto& [value, pair] : values)
            bytes += kPairBytes + value.capacity() + pair.postings.capacity() * sizeof(uint32_t);
    }
    for (const uint32_t slot : m_all) {
        const Series& series = m_table.at(slot);
        bytes += series.labels.capacity() * sizeof(LabelPair*);
        if (!series.cachedLabels.empty())
            bytes += bytesOf(series.cachedLabels);
    }
    return bytes;
}

} // namespace fleetglass::tsdb
