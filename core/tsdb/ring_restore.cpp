// From what recovery read to groups, blocks and heads.
#include "core/tsdb/packed_column.h"
#include "core/tsdb/ring_state.h"

#include <algorithm>

namespace fleetglass::tsdb {

namespace {

using Restored = std::pair<storage::LooseSample, uint32_t>;

double valueAt(const RecoveredChain::Column& column, size_t row)
{
    const uint64_t upToRow = (uint64_t { 2 } << row) - 1;
    const auto count = static_cast<size_t>(std::popcount(column.marks & upToRow));
    return count == 0 ? kAbsent : column.values[count - 1];
}

} // namespace

class Restorer
{
public:
    Restorer(RingStore::State& state, Recovered& recovered, std::vector<std::string>& notes)
        : m_state(state)
        , m_recovered(recovered)
        , m_notes(notes)
        , m_series(recovered.series.size(), nullptr)
        , m_homes(recovered.series.size())
    {
    }

    void run()
    {
        for (const auto& [number, group] : m_recovered.groups)
            m_state.lastGroup = std::max(m_state.lastGroup, number);
        for (const auto& [series, loose] : m_recovered.loose)
            m_state.lastGroup = std::max(m_state.lastGroup, loose.group);
        chooseHomes();
        for (auto& [number, group] : m_recovered.groups)
            restoreGroup(number, group);
        restoreLoose();
        restoreExemplars();
        if (m_refused > 0)
            m_notes.push_back(std::to_string(m_refused)
                + " series of the directory are above the series limit and were left out");
    }

private:
    struct Home
    {
        uint64_t group = 0;
        int64_t newestMs = INT64_MIN;
    };

    void claim(uint32_t series, uint64_t group, int64_t newestMs)
    {
        if (series < m_homes.size() && newestMs >= m_homes[series].newestMs)
            m_homes[series] = { group, newestMs };
    }

    // A series that moved has its home where its newest sample is.
    void chooseHomes()
    {
        for (const auto& [series, loose] : m_recovered.loose)
            claim(series, loose.group, INT64_MIN);
        for (const auto& [number, group] : m_recovered.groups) {
            for (const auto& [minMs, rows] : group.rows) {
                for (const RecoveredRows::Column& column : rows.columns)
                    claim(column.series, number, column.lastMs);
            }
            for (const RecoveredChain& chain : group.chains.chains()) {
                for (const RecoveredChain::Column& column : chain.columns)
                    claim(column.series, number, chain.timesMs.back());
            }
        }
        for (uint32_t i = 0; i < m_homes.size(); ++i) {
            if (m_homes[i].group != 0)
                settleAt(i);
        }
    }

    void settleAt(uint32_t i)
    {
        const auto ref = m_state.index.seriesFor(m_recovered.series[i], m_state.bootMs());
        if (!ref) {
            ++m_refused;
            return;
        }
        m_series[i] = m_state.table.find(*ref);
        groupOf(m_homes[i].group).adopt(*m_series[i]);
    }

    TargetGroup& groupOf(uint64_t number)
    {
        TargetGroup*& group = m_groups[number];
        if (group == nullptr) {
            group = &m_state.takeGroup();
            group->takeNumber(number);
        }
        return *group;
    }

    Series* homed(uint32_t series, uint64_t group) const
    {
        const bool isHere = series < m_homes.size() && m_homes[series].group == group;
        return isHere ? m_series[series] : nullptr;
    }

    void restoreGroup(uint64_t number, RecoveredGroup& group)
    {
        TargetGroup& target = groupOf(number);
        for (const auto& [minMs, rows] : group.rows)
            restoreRows(number, target, rows);
        Outcome outcome;
        bool isWhole = true;
        for (RecoveredChain& chain : group.chains.chains()) {
            isWhole = chain.isWhole;
            restoreChain(number, target, chain, outcome);
        }
        // After a full head, or one whose end was lost, the next begins.
        const bool goesOn = isWhole && !group.chains.chains().empty()
            && group.chains.chains().back().chain == group.chains.lastChain();
        if (!goesOn)
            target.continueAfter(group.chains.lastChain(), outcome);
        m_state.settle(outcome);
    }

    void restoreRows(uint64_t number, TargetGroup& target, const RecoveredRows& rows)
    {
        RowBlock block;
        block.minMs = rows.minMs;
        block.maxMs = rows.maxMs;
        block.rows = rows.rows;
        block.times = rows.times;
        std::vector<RestoredColumn> columns;
        ByteView bytes = rows.values;
        for (const RecoveredRows::Column& column : rows.columns) {
            const ByteView part = bytes.first(column.size);
            bytes = bytes.subspan(column.size);
            Series* const series = homed(column.series, number);
            if (series == nullptr) {
                spill(column.series, rows, part);
                continue;
            }
            columns.push_back({ series, part, column.firstMs, column.lastMs, column.lastValue });
            block.samples += column.samples;
        }
        if (columns.empty())
            return;
        target.restoreRows(std::move(block), columns, m_state.disk ? rows.file : 0);
        if (m_state.disk)
            m_state.disk->held(rows.file);
    }

    // Samples of a series that lives elsewhere by now stand there as loose ones.
    void spill(uint32_t series, const RecoveredRows& rows, ByteView bytes)
    {
        std::vector<int64_t> times(rows.rows);
        std::vector<double> values(rows.rows);
        ByteView timesView = rows.times;
        if (!unpackTimes(timesView, times) || !unpackColumn(bytes, values))
            return;
        for (size_t row = 0; row < times.size(); ++row)
            addSingle(series, times[row], values[row]);
    }

    void addSingle(uint32_t series, int64_t timeMs, double value)
    {
        if (!isAbsent(value) && series < m_series.size() && m_series[series] != nullptr)
            m_spilled[series].push_back({ { 0, timeMs, value, nullptr, 0 }, 0 });
    }

    void restoreChain(uint64_t number, TargetGroup& target, RecoveredChain& chain, Outcome& outcome)
    {
        RestoredHead head { chain.chain, m_state.disk ? chain.file : 0, chain.timesMs, {} };
        head.columns.reserve(chain.columns.size());
        for (RecoveredChain::Column& column : chain.columns) {
            Series* const series = homed(column.series, number);
            for (size_t row = 0; series == nullptr && row < chain.timesMs.size(); ++row)
                addSingle(column.series, chain.timesMs[row], valueAt(column, row));
            head.columns.push_back({ series, column.marks, std::move(column.values) });
        }
        const bool hasSeries = std::any_of(head.columns.begin(), head.columns.end(),
            [](const auto& column) { return column.series != nullptr; });
        if (hasSeries)
            target.restoreHead(std::move(head), m_state.disk ? m_state.disk->era() : 0, outcome);
    }

    void restoreLoose()
    {
        std::map<uint32_t, RecoveredLoose>& all = m_recovered.loose;
        for (auto& [series, samples] : m_spilled) {
            for (auto& [sample, journal] : samples)
                all[series].samples.push_back({ sample, journal });
        }
        for (auto& [series, loose] : all) {
            if (m_series[series] != nullptr)
                restoreLooseOf(series, loose);
        }
    }

    void restoreLooseOf(uint32_t series, RecoveredLoose& loose)
    {
        std::vector<HeldLoose> blocks;
        int64_t newestMs = INT64_MIN;
        for (const auto& [minMs, packed] : loose.blocks) {
            if (packed.block->minMs <= newestMs)
                continue; // The same samples, written twice.
            newestMs = packed.block->maxMs;
            blocks.push_back({ packed.block, 0, m_state.disk ? packed.file : 0 });
            if (m_state.disk)
                m_state.disk->held(packed.file);
        }
        auto& singles = loose.samples;
        std::stable_sort(singles.begin(), singles.end(), [](const auto& a, const auto& b) {
            return a.sample.timestampMs < b.sample.timestampMs;
        });
        std::vector<Restored> samples;
        for (const auto& single : singles) {
            const int64_t timeMs = single.sample.timestampMs;
            if (timeMs > newestMs)
                samples.emplace_back(single.sample, m_state.disk ? single.file : 0);
            newestMs = std::max(newestMs, timeMs);
        }
        groupOf(m_homes[series].group).restoreLoose(*m_series[series], std::move(blocks), samples);
    }

    void restoreExemplars()
    {
        std::vector<std::pair<uint32_t, storage::Exemplar>> all = m_recovered.exemplars;
        std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
            return a.second.timestampMs < b.second.timestampMs;
        });
        for (const auto& [index, exemplar] : all) {
            Series* const series = m_series[index];
            if (series != nullptr)
                groupOf(m_homes[index].group)
                    .addExemplar({ series, series->generation.load() }, exemplar, 0,
                        m_state.options.exemplarsPerSeriesMax);
        }
    }

    RingStore::State& m_state;
    Recovered& m_recovered;
    std::vector<std::string>& m_notes;
    std::vector<Series*> m_series;
    std::vector<Home> m_homes;
    std::map<uint64_t, TargetGroup*> m_groups;
    std::map<uint32_t, std::vector<Restored>> m_spilled;
    size_t m_refused = 0;
};

void RingStore::State::restore(Recovered& recovered, std::vector<std::string>& notes)
{
    Restorer(*this, recovered, notes).run();
}

} // namespace fleetglass::tsdb
