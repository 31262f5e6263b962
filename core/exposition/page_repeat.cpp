#include "core/exposition/page_repeat.h"

#include "core/exposition/first_difference.h"
#include "core/exposition/text_number.h"
#include "core/exposition/text_token.h"

#include <algorithm>
#include <limits>

namespace fleetglass::exposition {

namespace {

// A changed value is never longer, so a line far from its limit cannot reach it.
constexpr size_t kValueBytesMax = 64;
constexpr size_t kLineBytesMax = 64 * 1024;

// The value that stands alone between `start` and a line break; where the line breaks is in `end`.
bool readLoneValue(std::string_view page, size_t start, size_t& end, double& value)
{
    const std::string_view text = page.substr(std::min(start, page.size()), kValueBytesMax);
    const size_t size = takeShortDecimal(text, value);
    if (size > 0 && size < text.size() && text[size] == '\n') {
        end = start + size;
        return true;
    }
    const size_t length = std::min(text.find('\n'), text.size());
    const bool isWord = std::all_of(text.begin(),
        text.begin() + static_cast<std::ptrdiff_t>(length),
        [](char c) { return isOf(c, kNameStart | kDigit) || c == '+' || c == '-' || c == '.'; });
    if (length == text.size() || !isWord)
        return false;
    const auto parsed = parseSampleValue(text.substr(0, length));
    if (!parsed)
        return false;
    value = *parsed;
    end = start + length;
    return true;
}

} // namespace

void PageRepeat::begin(std::string_view body)
{
    m_body = body;
    m_spots.clear();
    m_usable = false;
}

void PageRepeat::note(const ParsedSample& sample)
{
    const auto start = static_cast<size_t>(sample.seriesText.data() - m_body.data())
        + sample.seriesText.size() + 1;
    const size_t end = std::min(m_body.find('\n', start), m_body.size());
    const size_t before = m_spots.empty() ? 0 : m_spots.back().end;
    const bool isAlone = start < end && m_body[start - 1] == ' ' && m_body[start] != ' '
        && m_body[start] != '\t' && m_body[end - 1] != ' ' && m_body[end - 1] != '\t';
    const bool isPlain = isAlone && !sample.timestampMs && sample.startTimestampMs == 0
        && !sample.histogram && sample.exemplars.empty() && end - before < kLineBytesMax;
    m_spots.push_back(
        { static_cast<uint32_t>(isPlain ? start : end + 1), static_cast<uint32_t>(end) });
}

void PageRepeat::finish()
{
    m_usable = m_body.size() < std::numeric_limits<uint32_t>::max();
    m_body = {};
}

bool PageRepeat::changesIn(
    std::string_view last, std::string_view next, std::vector<Change>& changes)
{
    changes.clear();
    const bool fits = next.size() < std::numeric_limits<uint32_t>::max();
    if (m_usable && fits && compare(last, next, changes))
        return true;
    forget();
    changes.clear();
    return false;
}

bool PageRepeat::compare(std::string_view last, std::string_view next, std::vector<Change>& changes)
{
    size_t at = 0; // In the last page.
    size_t nextAt = 0;
    size_t sample = 0;
    uint32_t shift = 0; // How much further back the next page's bytes stand; wraps around.
    const auto moveOn = [&](Spot& spot) {
        spot.start += shift;
        spot.end += shift;
    };
    while (true) {
        const size_t same = firstDifference(last.data() + at, next.data() + nextAt,
            std::min(last.size() - at, next.size() - nextAt));
        at += same;
        nextAt += same;
        if (at == last.size() && nextAt == next.size())
            break;
        for (; sample < m_spots.size() && m_spots[sample].end < at; ++sample)
            moveOn(m_spots[sample]);
        if (sample == m_spots.size() || at < m_spots[sample].start)
            return false;
        Spot& spot = m_spots[sample];
        at = spot.end;
        Change change { static_cast<uint32_t>(sample), 0 };
        if (!readLoneValue(next, spot.start + shift, nextAt, change.value))
            return false;
        changes.push_back(change);
        spot = { spot.start + shift, static_cast<uint32_t>(nextAt) };
        shift = static_cast<uint32_t>(nextAt - at);
        ++sample;
    }
    if (shift != 0)
        std::for_each(m_spots.begin() + static_cast<std::ptrdiff_t>(sample), m_spots.end(), moveOn);
    return true;
}

} // namespace fleetglass::exposition
