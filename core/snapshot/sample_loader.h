// SampleLoader: the samples of an open capsule to a ring. Series that share their times go in as
// rows. Used from one thread at a time.
#pragma once

#include "core/snapshot/capsule.h"
#include "core/snapshot/sqlite.h"
#include "core/tsdb/column_codec.h"

#include <map>
#include <stop_token>

namespace fleetglass::snapshot {

class SampleLoader
{
public:
    SampleLoader(Database& database, tsdb::RingStore& store, const CapsuleLimits& limits,
        std::stop_token stop);

    Result<void> load();

private:
    struct Member
    {
        int64_t id = 0;
        storage::SeriesRef ref = 0;
        tsdb::Bytes packed;
        tsdb::ByteView rest;
        std::vector<int64_t> starts;
    };

    Result<void> checkCounts();
    Result<std::vector<int64_t>> timesOf(int64_t id);
    Result<tsdb::Bytes> blob(Statement& statement, int64_t series, bool& isThere);
    Result<void> addMember(int64_t id, std::string_view labelsText);
    Result<void> flush(int64_t timesId);
    Result<void> appendRows(std::span<const int64_t> timesMs);
    Result<void> appendWithStarts(Member& member, std::span<const int64_t> timesMs);
    Result<void> loadHistograms();
    Result<void> loadExemplars();

    Database& m_database;
    tsdb::RingStore& m_store;
    const CapsuleLimits m_limits;
    const std::stop_token m_stop;
    std::vector<Member> m_members; // Series of the times at hand.
    std::map<int64_t, storage::SeriesRef> m_refs;
    size_t m_histogramBytes = 0;
};

} // namespace fleetglass::snapshot
