#include "core/tsdb/loose_column.h"

#include "core/base/ensure.h"

#include <algorithm>

namespace fleetglass::tsdb {

using storage::HistogramSample;

namespace {

bool isInside(storage::TimeRange range, int64_t timeMs)
{
    return timeMs >= range.startMs && timeMs <= range.endMs;
}

size_t bytesOf(const std::vector<HistogramSample>& histograms)
{
    size_t bytes = histograms.capacity() * sizeof(HistogramSample);
    for (const HistogramSample& sample : histograms)
        bytes += tsdb::bytesOf(*sample.histogram);
    return bytes;
}

bool sameBits(std::span<const double> a, std::span<const double> b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
        [](double x, double y) { return bitsOf(x) == bitsOf(y); });
}

void addFloat(LooseSamples& to, int64_t timeMs, double value, int64_t startMs)
{
    if (startMs != 0 && to.startsMs.empty())
        to.startsMs.resize(to.timesMs.size());
    to.timesMs.push_back(timeMs);
    to.values.push_back(value);
    if (startMs != 0 || !to.startsMs.empty())
        to.startsMs.push_back(startMs);
}

} // namespace

size_t bytesOf(const histogram::Histogram& histogram)
{
    return sizeof(histogram::Histogram)
        + (histogram.positiveSpans.capacity() + histogram.negativeSpans.capacity())
        * sizeof(histogram::Span)
        + (histogram.positiveBuckets.capacity() + histogram.negativeBuckets.capacity()
              + histogram.customValues.capacity())
        * sizeof(double);
}

bool isSame(const histogram::Histogram& a, const histogram::Histogram& b)
{
    return a.resetHint == b.resetHint && a.schema == b.schema
        && bitsOf(a.zeroThreshold) == bitsOf(b.zeroThreshold)
        && bitsOf(a.zeroCount) == bitsOf(b.zeroCount) && bitsOf(a.count) == bitsOf(b.count)
        && bitsOf(a.sum) == bitsOf(b.sum) && a.positiveSpans == b.positiveSpans
        && a.negativeSpans == b.negativeSpans && sameBits(a.positiveBuckets, b.positiveBuckets)
        && sameBits(a.negativeBuckets, b.negativeBuckets)
        && sameBits(a.customValues, b.customValues);
}

size_t LooseBlock::bytes() const
{
    return sizeof(LooseBlock) + packed.capacity() + bytesOf(histograms)
        + commits.capacity() * sizeof(uint64_t);
}

namespace {

bool decodeInto(LooseSamples& samples, const LooseBlock& block)
{
    samples.timesMs.resize(block.floats);
    samples.values.resize(block.floats);
    ByteView in = block.packed;
    if (!decodeTimes(in, samples.timesMs) || !decodeValues(in, samples.values))
        return false;
    if (block.hasStarts) {
        samples.startsMs.resize(block.floats);
        if (!decodeTimes(in, samples.startsMs))
            return false;
    }
    return in.empty();
}

} // namespace

LooseSamples LooseBlock::decode() const
{
    LooseSamples samples;
    FLEETGLASS_ENSURE(decodeInto(samples, *this));
    samples.histograms = histograms;
    return samples;
}

bool LooseBlock::isSound() const
{
    LooseSamples samples;
    return decodeInto(samples, *this)
        && std::is_sorted(samples.timesMs.begin(), samples.timesMs.end());
}

void LooseColumn::restore(HeldLoose held)
{
    m_lastHistogram = nullptr;
    const auto& histograms = held.block->histograms;
    if (!histograms.empty() && histograms.back().timestampMs == held.block->maxMs)
        m_lastHistogram = histograms.back().histogram;
    m_blocks.push_back(std::move(held));
}

void LooseColumn::add(
    const storage::LooseSample& sample, int64_t timeMs, uint64_t commit, uint32_t journal)
{
    if (isHeadEmpty())
        m_headJournal = journal;
    m_lastHistogram = sample.histogram;
    if (sample.histogram) {
        m_head.histograms.push_back({ timeMs, sample.histogram, sample.startTimestampMs });
        m_histogramCommits.push_back(commit);
        return;
    }
    addFloat(m_head, timeMs, sample.value, sample.startTimestampMs);
    m_floatCommits.push_back(commit);
}

std::shared_ptr<const LooseBlock> LooseColumn::pack(uint64_t horizon)
{
    auto block = std::make_shared<LooseBlock>();
    block->minMs = headMinMs();
    block->maxMs = headMaxMs();
    block->floats = static_cast<uint32_t>(m_head.timesMs.size());
    block->hasStarts = !m_head.startsMs.empty();
    encodeTimes(block->packed, m_head.timesMs);
    encodeValues(block->packed, m_head.values);
    encodeTimes(block->packed, m_head.startsMs);
    block->packed.shrink_to_fit();
    block->histograms = m_head.histograms;
    std::vector<uint64_t> commits = m_floatCommits;
    commits.insert(commits.end(), m_histogramCommits.begin(), m_histogramCommits.end());
    if (*std::max_element(commits.begin(), commits.end()) >= horizon)
        block->commits = std::move(commits);
    m_head = {};
    m_floatCommits = {};
    m_histogramCommits = {};
    m_blocks.push_back({ block, m_headJournal, 0 });
    return block;
}

int64_t LooseColumn::minMs() const
{
    return m_blocks.empty() ? headMinMs() : m_blocks.front().block->minMs;
}

int64_t LooseColumn::headMinMs() const
{
    const int64_t floats = m_head.timesMs.empty() ? INT64_MAX : m_head.timesMs.front();
    return m_head.histograms.empty() ? floats
                                     : std::min(floats, m_head.histograms.front().timestampMs);
}

int64_t LooseColumn::headMaxMs() const
{
    const int64_t floats = m_head.timesMs.empty() ? INT64_MIN : m_head.timesMs.back();
    return m_head.histograms.empty() ? floats
                                     : std::max(floats, m_head.histograms.back().timestampMs);
}

size_t LooseColumn::headBytes() const
{
    return sizeof(LooseColumn)
        + (m_head.timesMs.capacity() + m_head.values.capacity() + m_head.startsMs.capacity()
              + m_floatCommits.capacity() + m_histogramCommits.capacity())
        * sizeof(uint64_t)
        + bytesOf(m_head.histograms);
}

LooseSamples LooseColumn::headCopy(
    const Commits::Snapshot& snapshot, storage::TimeRange range) const
{
    std::vector<uint64_t> commits = m_floatCommits;
    commits.insert(commits.end(), m_histogramCommits.begin(), m_histogramCommits.end());
    return visiblePart(m_head, commits, snapshot, range);
}

LooseSamples visiblePart(const LooseSamples& samples, std::span<const uint64_t> commits,
    const Commits::Snapshot& snapshot, storage::TimeRange range)
{
    const auto isSeen
        = [&](size_t index) { return commits.empty() || snapshot.sees(commits[index]); };
    LooseSamples part;
    for (size_t i = 0; i < samples.timesMs.size(); ++i) {
        const int64_t time = samples.timesMs[i];
        if (isInside(range, time) && isSeen(i))
            addFloat(
                part, time, samples.values[i], samples.startsMs.empty() ? 0 : samples.startsMs[i]);
    }
    for (size_t i = 0; i < samples.histograms.size(); ++i) {
        if (isInside(range, samples.histograms[i].timestampMs)
            && isSeen(samples.timesMs.size() + i))
            part.histograms.push_back(samples.histograms[i]);
    }
    return part;
}

void appendSamples(LooseSamples& into, const LooseSamples& later)
{
    for (size_t i = 0; i < later.timesMs.size(); ++i)
        addFloat(into, later.timesMs[i], later.values[i],
            later.startsMs.empty() ? 0 : later.startsMs[i]);
    into.histograms.insert(into.histograms.end(), later.histograms.begin(), later.histograms.end());
}

} // namespace fleetglass::tsdb
