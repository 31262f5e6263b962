// JournalEntry: what one append did to the store, as it is written down and read back: the changes
// of a row against the row before it in its head, and samples and exemplars that stand alone.
// Values; reading is pure.
#pragma once

#include "core/tsdb/record.h"
#include "core/tsdb/series.h"

#include <functional>
#include <optional>

namespace fleetglass::tsdb {

// A row of a group's head. A head is a chain: its first row tells all values, the others what
// changed. Places count the chain's columns in the order of their first sample.
struct RowChanges
{
    struct Cut
    {
        size_t bytes = 0; // Where a record may end,
        size_t changes = 0; // and how many changes stand before that.
    };

    uint64_t group = 0;
    uint64_t chain = 0;
    uint32_t row = 0;
    int64_t timeMs = 0;
    std::vector<Match> newColumns; // They take the next places.
    Bytes changes; // By the change codec, each gap against the place after the one before.
    size_t count = 0;
    std::vector<Cut> cuts;
};

struct LooseSampleEntry
{
    uint64_t group = 0; // The series' home.
    Match match;
    storage::LooseSample sample;
};

struct ExemplarEntry
{
    uint64_t group = 0;
    Match match;
    storage::Exemplar exemplar;
};

struct JournalEntry
{
    uint64_t era = 0; // Of the journal that the chain of the row stands in.
    std::optional<RowChanges> row;
    std::vector<LooseSampleEntry> loose;
    std::vector<ExemplarEntry> exemplars;

    bool empty() const { return !row && loose.empty() && exemplars.empty(); }
};

// The number of a series in the file at hand.
using NumberOf = std::function<uint32_t(const Match&)>;

// Appends the entry's records; all but the last are marked to be followed. Numbers are asked for
// series that were told before.
void appendEntry(Bytes& out, uint32_t salt, const JournalEntry& entry, const NumberOf& numberOf);

// A part of a row; a long row has several.
struct RowPart
{
    uint64_t group = 0;
    uint64_t chain = 0;
    uint32_t row = 0;
    int64_t timeMs = 0;
    bool isFirst = false;
    bool isLast = false;
    std::vector<uint32_t> newColumns; // Numbers of the file.
    size_t count = 0;
    ByteView changes;
};
bool readRowPart(ByteView payload, RowPart& part);

struct LooseRead
{
    uint64_t group = 0;
    uint32_t number = 0;
    storage::LooseSample sample;
};
bool readLooseRecord(ByteView payload, std::vector<LooseRead>& samples);
// One sample alone, as in a Loose record after its group and number.
void appendLooseSample(Bytes& out, const storage::LooseSample& sample);

struct ExemplarRead
{
    uint64_t group = 0;
    uint32_t number = 0;
    storage::Exemplar exemplar;
};
void appendExemplarRecords(Bytes& out, uint32_t salt, std::span<const ExemplarEntry> exemplars,
    const NumberOf& numberOf, bool isFollowed);
bool readExemplarRecord(ByteView payload, std::vector<ExemplarRead>& exemplars);

} // namespace fleetglass::tsdb
