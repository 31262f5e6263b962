#include "tests/support/promqltest_script.h"

#include "core/base/duration.h"
#include "core/base/number.h"
#include "core/promql/literals.h"
#include "core/promql/parser.h"
#include "core/regex/regex.h"
#include "tests/support/promqltest.h"

#include <algorithm>

namespace fleetglass::test {

namespace {

constexpr std::string_view kBlanks = " \t\r";

std::string_view trim(std::string_view text)
{
    const size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::string_view takeWord(std::string_view& text)
{
    text = trim(text);
    const std::string_view word = text.substr(0, text.find_first_of(kBlanks));
    text.remove_prefix(word.size());
    text = trim(text);
    return word;
}

// Milliseconds of a time since 0; a negative one has its sign before it.
Result<int64_t> parseTime(std::string_view text)
{
    const bool negative = text.starts_with('-');
    if (negative)
        text.remove_prefix(1);
    const auto duration = parseDuration(text);
    if (!duration)
        return failure(duration.error());
    return negative ? -duration->count() : duration->count();
}

struct Lines
{
    std::vector<std::string_view> all; // Trimmed; a comment is an empty line.
    size_t next = 0;

    explicit Lines(std::string_view script)
    {
        while (!script.empty()) {
            const size_t end = std::min(script.find('\n'), script.size());
            const std::string_view line = trim(script.substr(0, end));
            all.push_back(line.starts_with('#') ? std::string_view() : line);
            script.remove_prefix(std::min(end + 1, script.size()));
        }
    }
    // The next line of a statement; nothing at its end.
    std::optional<std::string_view> take()
    {
        if (next >= all.size() || all[next].empty())
            return std::nullopt;
        return all[next++];
    }
    int number() const { return static_cast<int>(next); } // Of the line taken last, from 1.
};

tl::unexpected<Error> failureIn(int line, const std::string& what)
{
    return failure("error in line " + std::to_string(line) + ": " + what);
}

// metric{...}@st -1m ...: start offsets for the next line's series.
std::optional<size_t> startMarker(std::string_view line)
{
    bool quoted = false;
    for (size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '"' && (i == 0 || line[i - 1] != '\\'))
            quoted = !quoted;
        const bool ends = i + 3 == line.size()
            || (i + 3 < line.size() && kBlanks.find(line[i + 3]) != std::string_view::npos);
        if (!quoted && ends && line.substr(i, 3) == "@st")
            return i;
    }
    return std::nullopt;
}

struct PendingStarts
{
    labels::Labels labels;
    std::vector<std::optional<int64_t>> offsetsMs;
};

Result<LoadedSeries> parseSeriesLine(
    std::string_view line, int number, std::optional<PendingStarts>& pending)
{
    auto parsed = promql::parseSeriesDescription(line);
    if (!parsed.ok())
        return failureIn(number, promql::describe(parsed.errors.front(), line));
    LoadedSeries series { std::move(parsed.value), {} };
    if (!pending)
        return series;
    if (pending->labels != series.description.labels)
        return failureIn(number,
            "@st line is for " + pending->labels.toString() + ", but the series line for "
                + series.description.labels.toString());
    if (pending->offsetsMs.size() != series.description.values.size())
        return failureIn(number,
            "@st line has " + std::to_string(pending->offsetsMs.size())
                + " offsets, but the series line "
                + std::to_string(series.description.values.size()) + " samples");
    series.startOffsetsMs = std::move(pending->offsetsMs);
    pending.reset();
    return series;
}

Result<PendingStarts> parseStartLine(std::string_view line, size_t marker, int number)
{
    const auto metric = promql::parseSeriesDescription(line.substr(0, marker));
    if (!metric.ok())
        return failureIn(number, promql::describe(metric.errors.front(), line));
    auto offsets = parseStartOffsets(line.substr(marker + 3));
    if (!offsets)
        return failureIn(number, offsets.error().message);
    return PendingStarts { metric.value.labels, std::move(*offsets) };
}

Result<LoadStatement> parseLoad(std::string_view line, Lines& lines)
{
    LoadStatement load;
    std::string_view rest = line;
    load.withNhcb = takeWord(rest) == "load_with_nhcb";
    const auto step = parseDuration(rest);
    if (!step)
        return failureIn(lines.number(), "invalid step definition \"" + std::string(rest) + "\"");
    load.stepMs = step->count();
    std::optional<PendingStarts> pending;
    while (const auto series = lines.take()) {
        const auto marker = startMarker(*series);
        if (marker && pending)
            return failureIn(lines.number(), "two @st lines in a row");
        if (marker) {
            auto starts = parseStartLine(*series, *marker, lines.number());
            if (!starts)
                return failure(starts.error());
            pending = std::move(*starts);
            continue;
        }
        auto parsed = parseSeriesLine(*series, lines.number(), pending);
        if (!parsed)
            return failure(parsed.error());
        load.series.push_back(std::move(*parsed));
    }
    if (pending)
        return failureIn(lines.number(), "@st line without a series line");
    return load;
}

// Reads an eval statement line by line.
class EvalParser
{
public:
    EvalParser(Lines& lines, std::string_view first)
        : m_lines(lines)
        , m_rest(first)
    {
        m_eval.line = lines.number();
    }

    Result<EvalStatement> parse()
    {
        if (auto head = parseHead(); !head)
            return failure(head.error());
        if (const auto expr = promql::parseExpr(m_eval.query, promql::ParseOptions::everything());
            !expr.ok())
            return failureIn(m_eval.line, promql::describe(expr.errors.front(), m_eval.query));
        while (const auto line = m_lines.take()) {
            if (auto read = parseLine(*line); !read)
                return failure(read.error());
        }
        return std::move(m_eval);
    }

private:
    tl::unexpected<Error> failureHere(const std::string& what) const
    {
        return failure("error in eval " + m_eval.query + " (line "
            + std::to_string(m_lines.number()) + "): " + what);
    }

    Result<void> parseHead()
    {
        m_eval.command = takeWord(m_rest);
        const std::string_view kind = takeWord(m_rest);
        Result<void> head;
        if (kind == "instant")
            head = parseInstant();
        else if (kind == "range")
            head = parseRange();
        else
            head = failureIn(m_eval.line, "invalid evaluation command");
        if (!head)
            return head;
        const auto also = [&](std::string_view command, ExpectKind kind_) {
            if (m_eval.command == command)
                m_eval.expectations.push_back({ kind_, std::nullopt, std::nullopt, true });
        };
        also("eval_fail", ExpectKind::Fail);
        also("eval_warn", ExpectKind::Warn);
        also("eval_info", ExpectKind::Info);
        also("eval_ordered", ExpectKind::Ordered);
        return {};
    }

    Result<void> readTime(int64_t& target)
    {
        const std::string word(takeWord(m_rest));
        const auto time = parseTime(word);
        if (!time)
            return failureIn(m_eval.line, "invalid timestamp definition \"" + word + "\"");
        target = *time;
        return {};
    }

    Result<void> parseInstant()
    {
        if (m_rest.starts_with("at ") || m_rest.starts_with("at\t")) {
            takeWord(m_rest);
            if (auto time = readTime(m_eval.startMs); !time)
                return time;
        }
        m_eval.endMs = m_eval.startMs;
        m_eval.query = m_rest;
        return {};
    }

    Result<void> parseRange()
    {
        for (auto [word, target] : { std::pair("from", &m_eval.startMs),
                 std::pair("to", &m_eval.endMs), std::pair("step", &m_eval.stepMs) }) {
            if (takeWord(m_rest) != word)
                return failureIn(m_eval.line, "invalid evaluation command");
            if (auto time = readTime(*target); !time)
                return time;
        }
        m_eval.instant = false;
        m_eval.query = m_rest;
        if (m_eval.endMs < m_eval.startMs)
            return failureHere("invalid test definition, end timestamp ("
                + formatDuration(Millis(m_eval.endMs)) + ") is before start timestamp ("
                + formatDuration(Millis(m_eval.startMs)) + ")");
        return {};
    }

    Result<void> parseLine(std::string_view line)
    {
        if (line.starts_with("expected_fail_message") || line.starts_with("expected_fail_regexp"))
            return parseOldFailure(line);
        if (line.starts_with("expect ") || line.starts_with("expect\t"))
            return parseExpect(line);
        return parseResult(line);
    }

    Result<void> parseOldFailure(std::string_view line)
    {
        const bool isMessage = takeWord(line) == "expected_fail_message";
        for (Expectation& expectation : m_eval.expectations) {
            if (expectation.kind != ExpectKind::Fail)
                continue;
            (isMessage ? expectation.message : expectation.pattern) = std::string(line);
        }
        if (!isMessage && !regex::Regex::compile(line))
            return failureHere("invalid regexp '" + std::string(line)
                + "' for expected_fail_regexp: error parsing regexp: missing closing ]: `"
                + std::string(line) + "`");
        return {};
    }

    Result<void> parseExpect(std::string_view line)
    {
        takeWord(line);
        const std::string_view kind = takeWord(line);
        if (kind == "string")
            return parseExpectedText(line);
        if (kind == "range")
            return parseGrid(line);
        static const std::map<std::string_view, ExpectKind> kKinds { { "fail", ExpectKind::Fail },
            { "warn", ExpectKind::Warn }, { "no_warn", ExpectKind::NoWarn },
            { "info", ExpectKind::Info }, { "no_info", ExpectKind::NoInfo },
            { "ordered", ExpectKind::Ordered } };
        const auto found = kKinds.find(kind);
        Expectation expectation;
        const size_t colon = line.find(':');
        const std::string_view match = line.substr(0, colon);
        const bool plain = line.empty();
        if (found == kKinds.end() || (!plain && match != "msg" && match != "regex"))
            return failureHere("invalid expect statement, must match `expect <type> <match_type>: "
                               "<string>` format");
        expectation.kind = found->second;
        const std::string text(plain ? std::string_view() : trim(line.substr(colon + 1)));
        if (match == "msg")
            expectation.message = text;
        if (match == "regex")
            expectation.pattern = text;
        if (expectation.kind == ExpectKind::Fail) {
            if (m_newFailure)
                return failureHere(
                    "invalid expect lines, multiple expect fail lines are not allowed");
            m_newFailure = true;
            std::erase_if(m_eval.expectations,
                [](const Expectation& e) { return e.kind == ExpectKind::Fail; });
        }
        m_eval.expectations.push_back(std::move(expectation));
        return checkExpectations();
    }

    Result<void> parseExpectedText(std::string_view line)
    {
        const auto text = promql::unquote(line);
        if (!text)
            return failureHere(
                "expected string literal not valid - check that the string is quoted");
        m_eval.text = *text;
        return {};
    }

    Result<void> parseGrid(std::string_view line)
    {
        if (takeWord(line) != "vector")
            return failureHere("invalid expect statement, must match `expect <type> <match_type>: "
                               "<string>` format");
        for (auto [word, target] : { std::pair("from", &m_eval.gridStartMs),
                 std::pair("to", &m_eval.gridEndMs), std::pair("step", &m_eval.gridStepMs) }) {
            if (takeWord(line) != word)
                return failureHere("invalid range vector definition");
            const auto time = parseTime(takeWord(line));
            if (!time)
                return failureHere("invalid range vector definition");
            *target = *time;
        }
        m_eval.rangeVector = true;
        return {};
    }

    Result<void> parseResult(std::string_view line)
    {
        const bool negative = line.starts_with('-');
        const size_t signs = negative || line.starts_with('+') ? 1 : 0;
        if (const auto number = promql::parseNumber(line.substr(signs))) {
            m_eval.scalar
                = promql::SequenceValue { negative ? -*number : *number, false, nullptr, false };
            return {};
        }
        auto parsed = promql::parseSeriesDescription(line);
        if (!parsed.ok())
            return failureHere(promql::describe(parsed.errors.front(), line));
        if (m_eval.instant && !m_eval.rangeVector && parsed.value.values.size() > 1)
            return failureHere("expecting multiple values in instant evaluation not allowed");
        m_eval.series.push_back({ std::move(parsed.value.labels), std::move(parsed.value.values) });
        return {};
    }

    bool hasLine(ExpectKind kind) const
    {
        return std::any_of(m_eval.expectations.begin(), m_eval.expectations.end(),
            [&](const Expectation& e) { return e.kind == kind && !e.oldForm; });
    }

    Result<void> checkExpectations() const
    {
        if (hasLine(ExpectKind::Warn) && hasLine(ExpectKind::NoWarn))
            return failureHere("invalid expect lines, warn and no_warn cannot be used together");
        if (hasLine(ExpectKind::Info) && hasLine(ExpectKind::NoInfo))
            return failureHere("invalid expect lines, info and no_info cannot be used together");
        if (!m_eval.instant && hasLine(ExpectKind::Ordered))
            return failureHere("expect ordered is only for instant queries");
        return {};
    }

    Lines& m_lines;
    std::string_view m_rest;
    EvalStatement m_eval;
    bool m_newFailure = false;
};

} // namespace

bool EvalStatement::expects(ExpectKind kind) const
{
    return std::any_of(expectations.begin(), expectations.end(),
        [&](const Expectation& expectation) { return expectation.kind == kind; });
}

Result<std::vector<Statement>> parseScript(std::string_view script)
{
    std::vector<Statement> statements;
    Lines lines(script);
    while (lines.next < lines.all.size()) {
        const auto line = lines.take();
        if (!line) {
            ++lines.next;
            continue;
        }
        std::string_view rest = *line;
        const std::string_view command = takeWord(rest);
        if (command == "clear" && rest.empty()) {
            statements.emplace_back(ClearStatement());
        } else if (command == "load" || command == "load_with_nhcb") {
            auto load = parseLoad(*line, lines);
            if (!load)
                return failure(load.error());
            statements.emplace_back(std::move(*load));
        } else if (command == "eval" || command.starts_with("eval_")) {
            auto eval = EvalParser(lines, *line).parse();
            if (!eval)
                return failure(eval.error());
            statements.emplace_back(std::move(*eval));
        } else {
            return failureIn(lines.number(), "invalid command \"" + std::string(*line) + "\"");
        }
    }
    return statements;
}

Result<std::vector<std::optional<int64_t>>> parseStartOffsets(std::string_view text)
{
    std::vector<std::optional<int64_t>> offsets;
    while (!(text = trim(text)).empty()) {
        std::string_view item = takeWord(text);
        size_t repeats = 0;
        bool hasRepeats = false;
        if (const size_t times = item.find('x'); times != std::string_view::npos) {
            const auto count = parseInt(item.substr(times + 1));
            if (!count || *count < 0 || *count > 1'000'000)
                return failure("invalid repetition in \"" + std::string(item) + "\"");
            repeats = static_cast<size_t>(*count);
            hasRepeats = true;
            item = item.substr(0, times);
        }
        if (item == "_") {
            offsets.insert(offsets.end(), hasRepeats ? repeats : 1, std::nullopt);
            continue;
        }
        const size_t second = item.find_first_of("+-", 1);
        const auto first = parseTime(item.substr(0, second));
        int64_t step = 0;
        if (second != std::string_view::npos) {
            const auto parsed = parseTime(item.substr(second + (item[second] == '+' ? 1 : 0)));
            if (!parsed || !hasRepeats)
                return failure("invalid start timestamp offset \"" + std::string(item) + "\"");
            step = *parsed;
        }
        if (!first)
            return failure("invalid start timestamp offset \"" + std::string(item) + "\"");
        for (size_t i = 0; i <= repeats; ++i)
            offsets.emplace_back(*first + static_cast<int64_t>(i) * step);
    }
    return offsets;
}

} // namespace fleetglass::test
