// PageRow: the row that a target's last page came to, and which of its values each sample of the
// page is. A next page that differs in values alone needs no more than these. Used from one thread
// at a time.
#pragma once

#include "core/exposition/page_repeat.h"
#include "core/scrape/target_status.h"
#include "core/storage/sample.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fleetglass::scrape {

struct PageRow
{
    static constexpr uint32_t kNoValue = UINT32_MAX; // Dropped by a rule, or twice on the page.

    std::vector<storage::RowValue> values;
    size_t pageValues = 0; // Those of the page stand first; reports and stale markers follow.
    std::vector<uint32_t> valueOf; // Of each sample of the page.
    ScrapeCounts counts;
    bool isPlain = false; // It is no more than `values`, and would be the same again.
    exposition::PageRepeat repeat;

    void forget()
    {
        values.clear();
        pageValues = 0;
        valueOf.clear();
        isPlain = false;
        repeat.forget();
    }
};

} // namespace fleetglass::scrape
