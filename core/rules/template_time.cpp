#include "core/rules/template_time.h"

#include <array>
#include <cstdio>
#include <limits>

namespace fleetglass::rules::tmpl {

namespace {

constexpr int64_t kNanos = 1'000'000'000;
constexpr int64_t kSecondsPerDay = 86'400;

constexpr std::array<std::string_view, 12> kMonths { "January", "February", "March", "April", "May",
    "June", "July", "August", "September", "October", "November", "December" };
constexpr std::array<std::string_view, 7> kWeekdays { "Sunday", "Monday", "Tuesday", "Wednesday",
    "Thursday", "Friday", "Saturday" };

int64_t floorDivided(int64_t value, int64_t by)
{
    return value / by - (value % by < 0 ? 1 : 0);
}

// Days since 1970 of a date, and back, in the proleptic Gregorian calendar: eras of 400 years that
// begin in March (Howard Hinnant, "chrono-compatible low-level date algorithms").
int64_t daysOf(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2 ? 1 : 0;
    const int64_t era = floorDivided(year, 400);
    const int64_t yearOfEra = year - era * 400;
    const int64_t dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const int64_t dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146'097 + dayOfEra - 719'468;
}

std::string padded(int64_t value, int width, char fill)
{
    std::string text = std::to_string(value < 0 ? -value : value);
    const auto size = static_cast<size_t>(width);
    if (text.size() < size)
        text.insert(0, size - text.size(), fill);
    return value < 0 ? '-' + text : text;
}

// A fraction of `digits` digits; trailing zeros dropped on demand.
std::string fraction(int64_t nanos, size_t digits, char point, bool trimmed)
{
    std::string text = padded(nanos, 9, '0').substr(0, digits);
    if (text.size() < digits)
        text.append(digits - text.size(), '0');
    while (trimmed && !text.empty() && text.back() == '0')
        text.pop_back();
    return text.empty() ? text : point + text;
}

// One layout word: what stands for it in the text. The longest of those that begin alike first.
struct LayoutWord
{
    std::string_view word;
    std::string (*text)(const Civil& civil);
};

const std::array<LayoutWord, 34> kLayoutWords { {
    { "January", [](const Civil& c) { return std::string(kMonths[size_t(c.month - 1)]); } },
    { "Jan",
        [](const Civil& c) { return std::string(kMonths[size_t(c.month - 1)].substr(0, 3)); } },
    { "Monday", [](const Civil& c) { return std::string(kWeekdays[size_t(c.weekday)]); } },
    { "Mon",
        [](const Civil& c) { return std::string(kWeekdays[size_t(c.weekday)].substr(0, 3)); } },
    { "MST", [](const Civil&) { return std::string("UTC"); } },
    { "01", [](const Civil& c) { return padded(c.month, 2, '0'); } },
    { "002", [](const Civil& c) { return padded(c.yearDay, 3, '0'); } },
    { "02", [](const Civil& c) { return padded(c.day, 2, '0'); } },
    { "03", [](const Civil& c) { return padded((c.hour + 11) % 12 + 1, 2, '0'); } },
    { "04", [](const Civil& c) { return padded(c.minute, 2, '0'); } },
    { "05", [](const Civil& c) { return padded(c.second, 2, '0'); } },
    { "06", [](const Civil& c) { return padded((c.year % 100 + 100) % 100, 2, '0'); } },
    { "15", [](const Civil& c) { return padded(c.hour, 2, '0'); } },
    { "1", [](const Civil& c) { return std::to_string(c.month); } },
    { "2006", [](const Civil& c) { return padded(c.year, 4, '0'); } },
    { "2", [](const Civil& c) { return std::to_string(c.day); } },
    { "_2006", [](const Civil& c) { return '_' + padded(c.year, 4, '0'); } },
    { "__2", [](const Civil& c) { return padded(c.yearDay, 3, ' '); } },
    { "_2", [](const Civil& c) { return padded(c.day, 2, ' '); } },
    { "3", [](const Civil& c) { return std::to_string((c.hour + 11) % 12 + 1); } },
    { "4", [](const Civil& c) { return std::to_string(c.minute); } },
    { "5", [](const Civil& c) { return std::to_string(c.second); } },
    { "PM", [](const Civil& c) { return std::string(c.hour >= 12 ? "PM" : "AM"); } },
    { "pm", [](const Civil& c) { return std::string(c.hour >= 12 ? "pm" : "am"); } },
    { "-07:00:00", [](const Civil&) { return std::string("+00:00:00"); } },
    { "-070000", [](const Civil&) { return std::string("+000000"); } },
    { "-07:00", [](const Civil&) { return std::string("+00:00"); } },
    { "-0700", [](const Civil&) { return std::string("+0000"); } },
    { "-07", [](const Civil&) { return std::string("+00"); } },
    { "Z07:00:00", [](const Civil&) { return std::string("Z"); } },
    { "Z070000", [](const Civil&) { return std::string("Z"); } },
    { "Z07:00", [](const Civil&) { return std::string("Z"); } },
    { "Z0700", [](const Civil&) { return std::string("Z"); } },
    { "Z07", [](const Civil&) { return std::string("Z"); } },
} };

// "Jan" and "Mon" are no layout where the word goes on ("Month").
bool standsAlone(std::string_view word, std::string_view after)
{
    const bool isShort = word == "Jan" || word == "Mon";
    return !isShort || after.empty() || after[0] < 'a' || after[0] > 'z';
}

// ".000" or ",999": the size of the run, 0 where it is none.
size_t fractionSize(std::string_view layout)
{
    if (layout.size() < 2 || (layout[0] != '.' && layout[0] != ',')
        || (layout[1] != '0' && layout[1] != '9'))
        return 0;
    size_t end = layout.find_first_not_of(layout[1], 1);
    if (end == std::string_view::npos)
        end = layout.size();
    const bool digitAfter = end < layout.size() && layout[end] >= '0' && layout[end] <= '9';
    return digitAfter ? 0 : end;
}

} // namespace

Civil civilOf(TimePoint time)
{
    const int64_t days = floorDivided(time.seconds, kSecondsPerDay);
    const int64_t second = time.seconds - days * kSecondsPerDay;
    const int64_t shifted = days + 719'468;
    const int64_t era = floorDivided(shifted, 146'097);
    const int64_t dayOfEra = shifted - era * 146'097;
    const int64_t yearOfEra
        = (dayOfEra - dayOfEra / 1'460 + dayOfEra / 36'524 - dayOfEra / 146'096) / 365;
    const int64_t dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const int64_t shiftedMonth = (5 * dayOfYear + 2) / 153;
    Civil civil;
    civil.month = static_cast<int>(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9);
    civil.year = yearOfEra + era * 400 + (civil.month <= 2 ? 1 : 0);
    civil.day = static_cast<int>(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1);
    civil.hour = static_cast<int>(second / 3600);
    civil.minute = static_cast<int>(second / 60 % 60);
    civil.second = static_cast<int>(second % 60);
    civil.weekday = static_cast<int>(((days + 4) % 7 + 7) % 7);
    civil.yearDay = static_cast<int>(days - daysOf(civil.year, 1, 1) + 1);
    return civil;
}

TimePoint timeOf(int64_t year, int64_t month, int64_t day)
{
    const int64_t months = month - 1;
    const int64_t years = floorDivided(months, 12);
    const int64_t days = daysOf(year + years, months - years * 12 + 1, 1) + day - 1;
    return { days * kSecondsPerDay, 0 };
}

TimePoint plus(TimePoint time, int64_t nanos)
{
    const int64_t seconds = floorDivided(nanos, kNanos);
    const int64_t rest = time.nanos + (nanos - seconds * kNanos);
    return { time.seconds + seconds + rest / kNanos, static_cast<int32_t>(rest % kNanos) };
}

std::string formatTime(TimePoint time, std::string_view layout)
{
    const Civil civil = civilOf(time);
    std::string text;
    while (!layout.empty()) {
        if (const size_t size = fractionSize(layout)) {
            text += fraction(time.nanos, size - 1, layout[0], layout[1] == '9');
            layout.remove_prefix(size);
            continue;
        }
        const LayoutWord* match = nullptr;
        for (const auto& word : kLayoutWords) {
            if (!match && word.text && layout.starts_with(word.word)
                && standsAlone(word.word, layout.substr(word.word.size())))
                match = &word;
        }
        text += match ? match->text(civil) : std::string(1, layout[0]);
        layout.remove_prefix(match ? match->word.size() : 1);
    }
    return text;
}

std::string timeText(TimePoint time)
{
    return formatTime(time, "2006-01-02 15:04:05.999999999 -0700 MST");
}

std::string durationText(int64_t nanos)
{
    if (nanos == 0)
        return "0s";
    const std::string sign = nanos < 0 ? "-" : "";
    const uint64_t size
        = nanos < 0 ? 0 - static_cast<uint64_t>(nanos) : static_cast<uint64_t>(nanos);
    const auto scaled = [&](uint64_t unit, size_t digits, const char* name) {
        std::string rest = padded(static_cast<int64_t>(size % unit), static_cast<int>(digits), '0');
        while (!rest.empty() && rest.back() == '0')
            rest.pop_back();
        return std::to_string(size / unit) + (rest.empty() ? "" : '.' + rest) + name;
    };
    if (size < 1'000)
        return sign + std::to_string(size) + "ns";
    if (size < 1'000'000)
        return sign + scaled(1'000, 3, "µs");
    if (size < static_cast<uint64_t>(kNanos))
        return sign + scaled(1'000'000, 6, "ms");
    const uint64_t seconds = size / static_cast<uint64_t>(kNanos);
    std::string text = sign;
    if (seconds >= 3600)
        text += std::to_string(seconds / 3600) + 'h';
    if (seconds >= 60)
        text += std::to_string(seconds / 60 % 60) + 'm';
    const auto nanosPart = static_cast<int64_t>(size % static_cast<uint64_t>(kNanos));
    return text + std::to_string(seconds % 60) + fraction(nanosPart, 9, '.', true) + 's';
}

std::string nameOf(const Value& value)
{
    switch (value.kind()) {
    case Kind::Time:
        return timeText(value.asTime());
    case Kind::Duration:
        return durationText(value.asInt());
    case Kind::Month:
        if (value.asInt() >= 1 && value.asInt() <= 12)
            return std::string(kMonths[static_cast<size_t>(value.asInt() - 1)]);
        return "%!Month(" + std::to_string(value.asInt()) + ')';
    case Kind::Weekday:
        if (value.asInt() >= 0 && value.asInt() <= 6)
            return std::string(kWeekdays[static_cast<size_t>(value.asInt())]);
        return "%!Weekday(" + std::to_string(value.asInt()) + ')';
    default:
        return {};
    }
}

} // namespace fleetglass::rules::tmpl
