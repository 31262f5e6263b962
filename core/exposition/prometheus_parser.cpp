// The Prometheus text format 0.0.4 and 1.0.0, as lax as Prometheus' own parser
// (model/textparse/promparse.go); the words of errors are its words.
#include "core/exposition/limits.h"
#include "core/exposition/parsers.h"
#include "core/exposition/plain_lines.h"
#include "core/exposition/prometheus_lexer.h"
#include "core/exposition/text_number.h"
#include "core/exposition/text_series.h"

#include "core/base/utf8.h"

#include <algorithm>

namespace fleetglass::exposition {

namespace {

tl::unexpected<Error> stopped()
{
    return failure("stopped by the reader of the page", ErrorCode::Cancelled);
}

class PrometheusParser
{
public:
    PrometheusParser(std::string_view body, const ParseOptions& options, Sink& sink)
        : m_lexer(body)
        , m_body(body)
        , m_options(options)
        , m_sink(sink)
        , m_series(m_family, options)
        , m_plain(body, options)
    {
    }

    Result<ParseStats> run();

private:
    enum class Plain
    {
        No,
        Read,
        Stopped
    };
    Plain readPlainLine();
    Plain readPlainMetadata();
    Result<void> parseEntry(Token first);
    Result<void> parseMetadata(Token keyword);
    Result<void> emitHelp(std::string_view name, std::string_view text);
    Result<void> emitType(std::string_view name, std::string_view text);
    Result<void> parseSample(Token first);
    Result<void> parseLabels();
    Result<void> parseOneLabel(Token first, Token& next);
    Result<void> parseValue(Token first, std::string_view seriesText);
    tl::unexpected<Error> unexpected(std::string_view wanted, Token got) const;
    tl::unexpected<Error> whileParsing(std::string message) const;

    PrometheusLexer m_lexer;
    std::string_view m_body;
    const ParseOptions& m_options;
    Sink& m_sink;
    FamilyState m_family;
    TextSeries m_series;
    PlainLines m_plain;
    ParseStats m_stats;
    size_t m_entryStart = 0;
    int m_line = 1;
};

tl::unexpected<Error> PrometheusParser::unexpected(std::string_view wanted, Token got) const
{
    return failure(std::string(wanted) + ", got " + m_lexer.tokenExcerpt() + " (\""
        + std::string(nameOf(got)) + "\") while parsing: " + m_lexer.excerpt(m_entryStart));
}

tl::unexpected<Error> PrometheusParser::whileParsing(std::string message) const
{
    return failure(std::move(message) + " while parsing: "
        + quoteExcerpt(m_lexer.slice(m_entryStart, std::min(m_lexer.pos(), m_body.size()))));
}

Result<ParseStats> PrometheusParser::run()
{
    while (true) {
        Plain plain = Plain::Read;
        for (; plain == Plain::Read; ++m_line) {
            m_entryStart = m_lexer.pos();
            plain = readPlainLine();
        }
        Result<void> parsed = stopped();
        if (plain == Plain::No) {
            --m_line;
            const Token token = m_lexer.next();
            if (token == Token::Eof)
                return m_stats;
            parsed = parseEntry(token);
            if (parsed)
                parsed = checkLineBytes(m_lexer.pos() - m_entryStart, m_options.limits);
        }
        if (!parsed) {
            Error error = std::move(parsed.error());
            error.position = placeIn(m_body, std::max(m_lexer.tokenStart(), m_entryStart));
            return failure(std::move(error));
        }
        ++m_line;
    }
}

PrometheusParser::Plain PrometheusParser::readPlainLine()
{
    if (m_entryStart < m_body.size() && m_body[m_entryStart] == '#')
        return readPlainMetadata();
    PlainLines::Sample line;
    if (m_stats.samples >= m_options.limits.samplesMax
        || !m_plain.readSample(m_entryStart, m_series, line))
        return Plain::No;
    m_lexer.skipLine(line.lineEnd);
    ++m_stats.samples;
    const ParsedSample sample {
        .seriesText = line.seriesText, .value = line.value, .line = m_line
    };
    return m_sink.sample(sample, m_series) ? Plain::Read : Plain::Stopped;
}

PrometheusParser::Plain PrometheusParser::readPlainMetadata()
{
    PlainLines::Metadata line;
    if (!m_plain.readMetadata(m_entryStart, line))
        return Plain::No;
    if (line.isHelp && line.isVerbatim && line.text.size() <= m_options.limits.helpBytesMax)
        m_sink.metadata({ MetadataKind::Help, line.name, line.text, {}, m_line });
    else if (!(line.isHelp ? emitHelp(line.name, line.text) : emitType(line.name, line.text)))
        return Plain::No;
    m_lexer.skipLine(line.lineEnd);
    ++m_stats.metadata;
    return Plain::Read;
}

Result<void> PrometheusParser::parseEntry(Token first)
{
    switch (first) {
    case Token::Linebreak:
        return {};
    case Token::Help:
    case Token::Type:
        return parseMetadata(first);
    case Token::Comment:
        m_sink.comment(m_lexer.slice(m_entryStart, m_lexer.pos()));
        m_lexer.next(); // A comment reaches up to its line break.
        return {};
    case Token::BraceOpen:
    case Token::MetricName:
        return parseSample(first);
    default:
        return unexpected("expected a valid start token", first);
    }
}

Result<void> PrometheusParser::parseMetadata(Token keyword)
{
    if (const Token token = m_lexer.next(); token != Token::MetricName)
        return unexpected("expected metric name after " + std::string(nameOf(keyword)), token);
    auto name = m_lexer.token();
    if (name.starts_with('"'))
        name = name.substr(1, name.size() - 2);
    m_lexer.next();
    auto text = m_lexer.token();
    text.remove_prefix(text.empty() ? 0 : 1);
    const auto emitted = keyword == Token::Help ? emitHelp(name, text) : emitType(name, text);
    if (!emitted)
        return emitted;
    m_lexer.next(); // The text reaches up to its line break.
    ++m_stats.metadata;
    return {};
}

Result<void> PrometheusParser::emitHelp(std::string_view name, std::string_view text)
{
    if (!isValidUtf8(text))
        return failure("help text " + quoteExcerpt(text) + " is not a valid utf8 string");
    std::string plain;
    if (text.find('\\') != std::string_view::npos) {
        plain = unescapeHelp(text, false);
        text = plain;
    }
    std::string clipped;
    if (text.size() > m_options.limits.helpBytesMax) {
        clipped = clipUtf8(text, m_options.limits.helpBytesMax);
        text = clipped;
        ++m_stats.helpClipped;
    }
    m_sink.metadata({ MetadataKind::Help, name, text, {}, m_line });
    return {};
}

Result<void> PrometheusParser::emitType(std::string_view name, std::string_view text)
{
    using labels::MetricType;
    const auto type = text == "untyped" ? MetricType::Unknown : labels::metricTypeFromWord(text);
    const bool known = text == "untyped" || type == MetricType::Counter || type == MetricType::Gauge
        || type == MetricType::Histogram || type == MetricType::Summary;
    if (!known)
        return failure("invalid metric type " + quoteExcerpt(text));
    m_family = { name, type, {} };
    m_sink.metadata({ MetadataKind::Type, name, text, type, m_line });
    return {};
}

Result<void> PrometheusParser::parseSample(Token first)
{
    m_series.clear();
    const size_t start = m_lexer.tokenStart();
    size_t end = m_lexer.pos();
    Token token = first;
    if (first == Token::MetricName) {
        m_series.setName(m_lexer.token());
        token = m_lexer.next();
    }
    if (token == Token::BraceOpen) {
        if (auto parsed = parseLabels(); !parsed)
            return parsed;
        end = m_lexer.pos();
        token = m_lexer.next();
    }
    if (!m_series.hasName())
        return whileParsing("metric name not set");
    if (auto good = m_series.checkName(); !good)
        return good;
    return parseValue(token, m_lexer.slice(start, end));
}

Result<void> PrometheusParser::parseLabels()
{
    Token token = m_lexer.next();
    while (token != Token::BraceClose) {
        if (auto parsed = parseOneLabel(token, token); !parsed)
            return parsed;
    }
    return {};
}

// One label, or the quoted name of the metric; `next` is the token after it and its comma.
Result<void> PrometheusParser::parseOneLabel(Token first, Token& next)
{
    if (first != Token::LabelName && first != Token::QuotedString)
        return unexpected("expected label name", first);
    auto name = m_lexer.token();
    if (first == Token::QuotedString)
        name = name.substr(1, name.size() - 2);
    Token token = m_lexer.next();
    if (first == Token::QuotedString && (token == Token::Comma || token == Token::BraceClose)) {
        if (m_series.hasName())
            return whileParsing("metric name already set");
        m_series.setName(name);
        next = token == Token::BraceClose ? token : m_lexer.next();
        return {};
    }
    if (token != Token::Equal)
        return unexpected("expected equal", token);
    if (token = m_lexer.next(); token != Token::LabelValue)
        return unexpected("expected label value", token);
    const auto quoted = m_lexer.token();
    if (!isValidUtf8(quoted))
        return failure("invalid UTF-8 label value: " + quoteExcerpt(quoted));
    if (auto added = m_series.add({ name, quoted.substr(1, quoted.size() - 2) }); !added)
        return added;
    if (quoted.find('\n') != std::string_view::npos)
        m_line += static_cast<int>(std::count(quoted.begin(), quoted.end(), '\n'));
    // Commas between labels may be missing, and one may trail.
    next = m_lexer.next();
    if (next == Token::Comma)
        next = m_lexer.next();
    return {};
}

Result<void> PrometheusParser::parseValue(Token first, std::string_view seriesText)
{
    if (first != Token::Value)
        return unexpected("expected value after metric", first);
    const auto value = parseSampleValue(m_lexer.token());
    if (!value)
        return whileParsing(value.error().message);
    ParsedSample sample { .seriesText = seriesText, .value = *value, .line = m_line };
    Token token = m_lexer.next();
    if (token == Token::Timestamp) {
        const auto timestampMs = parseTimestampMs(m_lexer.token());
        if (!timestampMs)
            return whileParsing(timestampMs.error().message);
        sample.timestampMs = *timestampMs;
        if (token = m_lexer.next(); token != Token::Linebreak)
            return unexpected("expected next entry after timestamp", token);
    } else if (token != Token::Linebreak) {
        return unexpected("expected timestamp or new record", token);
    }
    if (auto good = checkSampleCount(++m_stats.samples, m_options.limits); !good)
        return good;
    if (!m_sink.sample(sample, m_series))
        return stopped();
    return {};
}

} // namespace

Result<ParseStats> parsePrometheusText(
    std::string_view body, const ParseOptions& options, Sink& sink)
{
    return PrometheusParser(body, options, sink).run();
}

} // namespace fleetglass::exposition
