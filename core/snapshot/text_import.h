// Reads samples with timestamps (OpenMetrics or the text format) into a ring, so that an exported
// file can be asked like a live store. Pure functions; thread-safe.
#pragma once

#include "core/labels/metadata.h"
#include "core/tsdb/ring_store.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace fleetglass::snapshot {

struct ImportOptions
{
    // What a sample without a timestamp gets; nothing: such a file is refused.
    std::optional<int64_t> timestampMsDefault {};
    size_t samplesMax = 100'000'000;
};

struct ImportedText
{
    std::unique_ptr<tsdb::RingStore> store;
    std::map<std::string, labels::Metadata, std::less<>> metadata; // By family.
    size_t samples = 0;
    size_t repeated = 0; // Second value of a series for one time: the first is kept.
};

// A page that ends with "# EOF" is OpenMetrics. Samples of a series may stand in any order. Errors
// carry line and column.
Result<ImportedText> importText(std::string_view text, const ImportOptions& options = {});
// Of at most 2 GiB. Messages begin with the path.
Result<ImportedText> importTextFile(const std::string& path, const ImportOptions& options = {});

} // namespace fleetglass::snapshot
