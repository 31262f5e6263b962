#include "core/exposition/plain_lines.h"

#include "core/exposition/text_number.h"
#include "core/exposition/text_token.h"

#include "core/base/utf8.h"

#include <algorithm>

namespace fleetglass::exposition {

namespace {

constexpr size_t kKeywordBytes = 7; // "# HELP "

bool isNameStart(char c)
{
    return isOf(c, kNameStart | kColon);
}

// A line may have two names of one bit: then they are compared.
uint64_t bitOf(std::string_view name)
{
    const auto byte = [&](size_t i) { return unsigned { static_cast<unsigned char>(name[i]) }; };
    return uint64_t { 1 } << ((byte(0) * 5 + byte(name.size() - 1) * 11 + name.size()) % 64);
}

bool hasName(const TextSeries& series, std::string_view name)
{
    const auto& labels = series.rawLabels();
    return std::any_of(
        labels.begin(), labels.end(), [&](const auto& label) { return label.name == name; });
}

} // namespace

// Makes the window hold the whole line at that place of the body.
bool PlainLines::enter(size_t at)
{
    if (at < m_windowStart || at >= m_windowEnd) {
        if (at >= m_body.size())
            return false;
        if (!m_structure)
            m_structure = std::unique_ptr<PageWindow>(new PageWindow);
        m_structure->scan(m_body.substr(at));
        m_window = m_body.data() + at;
        m_windowStart = at;
        m_windowEnd = at + std::min(m_body.size() - at, PageWindow::kBytes);
        m_mark = 0;
    }
    const size_t place = at - m_windowStart;
    while (m_mark < m_structure->markCount() && m_structure->mark(m_mark) < place)
        ++m_mark;
    return true;
}

bool PlainLines::readSample(size_t at, TextSeries& series, Sample& sample)
{
    if (!enter(at))
        return false;
    const size_t start = at - m_windowStart;
    size_t mark = m_mark;
    const bool isWhole = mark < m_structure->markCount();
    if (!isWhole || !isNameStart(byte(start))) {
        // The line goes on behind the window: look again from its start.
        if (!isWhole && m_windowStart != at) {
            m_windowEnd = m_windowStart;
            return readSample(at, series, sample);
        }
        return false;
    }
    size_t end = m_structure->nameEnd(start);
    while (byte(end) == ':')
        end = m_structure->nameEnd(end + 1);
    if (end - start > m_limits.nameBytesMax)
        return false;
    series.clear();
    series.setName(slice(start, end));
    if (byte(end) == '{' && !readLabels(++end, mark, series)) {
        if (mark < m_structure->markCount() || m_windowStart == at)
            return false;
        m_windowEnd = m_windowStart;
        return readSample(at, series, sample);
    }
    const size_t lineEnd = m_structure->mark(mark);
    if (byte(end) != ' ' || byte(lineEnd) != '\n' || lineEnd - start >= m_limits.lineBytesMax)
        return false;
    if (!readValue(end + 1, lineEnd, sample.value))
        return false;
    sample.seriesText = slice(start, end);
    sample.lineEnd = m_windowStart + lineEnd;
    m_mark = mark + 1;
    return true;
}

// From behind the '{' to behind the '}'. Where the marks end, `mark` says so.
bool PlainLines::readLabels(size_t& at, size_t& mark, TextSeries& series) const
{
    m_names = 0;
    while (byte(at) != '}') {
        if (!readLabel(at, mark, series))
            return false;
        if (mark >= m_structure->markCount())
            return false;
        if (byte(at) == ',')
            ++at;
        else if (byte(at) != '}')
            return false;
    }
    ++at;
    return true;
}

bool PlainLines::readLabel(size_t& at, size_t& mark, TextSeries& series) const
{
    if (mark + 1 >= m_structure->markCount()) {
        mark = m_structure->markCount();
        return false;
    }
    const size_t open = m_structure->mark(mark);
    const size_t close = m_structure->mark(mark + 1);
    if (byte(open) != '"' || byte(close) != '"') // A break or a backslash stands between.
        return false;
    const size_t end = m_structure->nameEnd(at);
    if (end + 1 != open || byte(end) != '=' || !isOf(byte(at), kNameStart))
        return false;
    const TextSeries::RawLabel label { slice(at, end), slice(open + 1, close) };
    if (label.name.size() > m_limits.nameBytesMax || label.value.size() > m_limits.valueBytesMax
        || series.rawLabels().size() + 2 > m_limits.labelsMax)
        return false;
    if (!m_structure->isAscii() && !isValidUtf8(label.value))
        return false;
    const uint64_t bit = bitOf(label.name);
    if ((m_names & bit) != 0 && hasName(series, label.name))
        return false;
    if (label.name == labels::kMetricName)
        return false;
    m_names |= bit;
    series.addChecked(label);
    at = close + 1;
    mark += 2;
    return true;
}

bool PlainLines::readValue(size_t at, size_t end, double& value) const
{
    const std::string_view text = slice(at, end);
    if (takeShortDecimal(text, value) == text.size() && !text.empty())
        return true;
    const bool isWord = std::all_of(text.begin(), text.end(),
        [](char c) { return isOf(c, kNameStart | kDigit) || c == '+' || c == '-' || c == '.'; });
    if (!isWord || text.empty())
        return false;
    const auto parsed = parseSampleValue(text);
    if (parsed)
        value = *parsed;
    return parsed.has_value();
}

bool PlainLines::readMetadata(size_t at, Metadata& metadata)
{
    const std::string_view line = m_body.substr(std::min(at, m_body.size()), kKeywordBytes);
    metadata.isHelp = line == "# HELP ";
    if ((!metadata.isHelp && line != "# TYPE ") || !enter(at))
        return false;
    const size_t start = at - m_windowStart;
    size_t mark = m_mark;
    while (mark < m_structure->markCount() && byte(m_structure->mark(mark)) != '\n')
        ++mark;
    if (mark == m_structure->markCount()) {
        if (m_windowStart == at)
            return false;
        m_windowEnd = m_windowStart; // Look again from the line's start.
        return readMetadata(at, metadata);
    }
    const size_t end = m_structure->mark(mark);
    const size_t name = start + kKeywordBytes;
    size_t nameEnd = m_structure->nameEnd(name);
    while (byte(nameEnd) == ':')
        nameEnd = m_structure->nameEnd(nameEnd + 1);
    const bool isNamed = nameEnd > name && isNameStart(byte(name));
    const bool hasText = nameEnd + 1 < end && byte(nameEnd) == ' ' && byte(nameEnd + 1) != ' '
        && byte(nameEnd + 1) != '\t';
    if (!isNamed || !hasText || end - start >= m_limits.lineBytesMax)
        return false;
    metadata.name = slice(name, nameEnd);
    metadata.text = slice(nameEnd + 1, end);
    metadata.isVerbatim = mark == m_mark; // Neither quotes nor backslashes.
    metadata.lineEnd = m_windowStart + end;
    if (!m_structure->isAscii() && !isValidUtf8(metadata.text))
        return false;
    m_mark = mark + 1;
    return true;
}

} // namespace fleetglass::exposition
