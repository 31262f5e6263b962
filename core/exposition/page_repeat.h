// PageRepeat: where the values of a target's last page stand, and which of them are others on its
// next page. A page repeats itself: most of its bytes are those of the page before, so comparing
// finds what changed many times faster than parsing. Used from one thread at a time.
#pragma once

#include "core/exposition/sink.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace fleetglass::exposition {

class PageRepeat
{
public:
    struct Change
    {
        uint32_t sample = 0; // Which one of the page, from 0.
        double value = 0;
        friend bool operator==(const Change&, const Change&) = default;
    };

    // A text page is about to be parsed as a whole; note() then gets each of its samples.
    void begin(std::string_view body);
    void note(const ParsedSample& sample);
    // The parse went well: changesIn() may be asked.
    void finish();
    void forget() { *this = {}; }
    bool isUsable() const { return m_usable; }
    size_t samples() const { return m_spots.size(); }

    // What changed from `last`, the page of the last finish() or of the last call that was true.
    // Parsing `next` would give the same entries but for these values. False where it might give
    // anything else: another line, another series, a time, an exemplar, an error. Then only parse()
    // can tell, and everything is forgotten.
    bool changesIn(std::string_view last, std::string_view next, std::vector<Change>& changes);

private:
    // From the value's first byte to its line's end. Where the value is not alone behind the series
    // the start lies behind the end, so that no change is ever within.
    struct Spot
    {
        uint32_t start = 0;
        uint32_t end = 0;
    };

    bool compare(std::string_view last, std::string_view next, std::vector<Change>& changes);

    std::string_view m_body; // Only from begin() to finish().
    std::vector<Spot> m_spots;
    bool m_usable = false;
};

} // namespace fleetglass::exposition
