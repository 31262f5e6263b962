#include "tests/support/memory_appender.h"

namespace fleetglass::test {

Result<storage::SeriesRef> MemoryAppender::seriesFor(const labels::Labels& labels)
{
    const std::lock_guard lock(m_mutex);
    const std::string selector = labels.toSelector();
    if (const auto found = m_refs.find(selector); found != m_refs.end())
        return found->second;
    if (m_refs.size() >= m_seriesMax)
        return failure("series limit reached", ErrorCode::Limit);
    m_refs[selector] = ++m_lastRef;
    m_samples[m_lastRef] = {};
    return m_lastRef;
}

bool MemoryAppender::isAlive(storage::SeriesRef series) const
{
    const std::lock_guard lock(m_mutex);
    return m_samples.find(series) != m_samples.end();
}

void MemoryAppender::add(storage::SeriesRef series, Sample sample, storage::AppendCounts& counts)
{
    const auto found = m_samples.find(series);
    if (found == m_samples.end()) {
        ++counts.unknownSeries;
        return;
    }
    auto& samples = found->second;
    if (!samples.empty() && sample.timestampMs <= samples.back().timestampMs) {
        ++(sample.timestampMs == samples.back().timestampMs ? counts.duplicate : counts.outOfOrder);
        return;
    }
    samples.push_back(std::move(sample));
    ++counts.appended;
}

Result<storage::AppendCounts> MemoryAppender::append(const storage::Row& row)
{
    const std::lock_guard lock(m_mutex);
    if (m_fail)
        return failure("disk full", ErrorCode::Io);
    ++m_rows;
    storage::AppendCounts counts;
    for (const storage::RowValue& value : row.values)
        add(value.series, { row.timestampMs, value.value, nullptr }, counts);
    for (const storage::LooseSample& loose : row.loose)
        add(loose.series, { loose.timestampMs, loose.value, loose.histogram }, counts);
    m_exemplars += row.exemplars.size();
    return counts;
}

std::vector<MemoryAppender::Sample> MemoryAppender::samples(const std::string& selector) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_refs.find(selector);
    return found == m_refs.end() ? std::vector<Sample>() : m_samples.at(found->second);
}

std::optional<double> MemoryAppender::last(const std::string& selector) const
{
    const auto all = samples(selector);
    return all.empty() ? std::nullopt : std::optional(all.back().value);
}

bool MemoryAppender::isStale(const std::string& selector) const
{
    const auto value = last(selector);
    return value && storage::isStaleMarker(*value);
}

std::vector<std::string> MemoryAppender::selectors() const
{
    const std::lock_guard lock(m_mutex);
    std::vector<std::string> result;
    for (const auto& [selector, ref] : m_refs)
        result.push_back(selector);
    return result;
}

size_t MemoryAppender::rows() const
{
    const std::lock_guard lock(m_mutex);
    return m_rows;
}

size_t MemoryAppender::exemplars() const
{
    const std::lock_guard lock(m_mutex);
    return m_exemplars;
}

void MemoryAppender::limitSeries(size_t max)
{
    const std::lock_guard lock(m_mutex);
    m_seriesMax = max;
}

void MemoryAppender::failAppends(bool fail)
{
    const std::lock_guard lock(m_mutex);
    m_fail = fail;
}

void MemoryAppender::drop(const std::string& selector)
{
    const std::lock_guard lock(m_mutex);
    if (const auto found = m_refs.find(selector); found != m_refs.end()) {
        m_samples.erase(found->second);
        m_refs.erase(found);
    }
}

} // namespace fleetglass::test
