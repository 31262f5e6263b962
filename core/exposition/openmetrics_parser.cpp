// The OpenMetrics text format 0.0.1 and 1.0.0, as lax as Prometheus' own parser
// (model/textparse/openmetricsparse.go); the words of errors are its words. What the specification
// forbids beyond that is openmetrics_strict's.
#include "core/exposition/created_times.h"
#include "core/exposition/limits.h"
#include "core/exposition/openmetrics_sample.h"
#include "core/exposition/openmetrics_strict.h"
#include "core/exposition/parsers.h"
#include "core/exposition/plain_lines.h"

#include "core/base/utf8.h"

#include <algorithm>

namespace fleetglass::exposition {

namespace {

using labels::MetricType;

tl::unexpected<Error> stopped()
{
    return failure("stopped by the reader of the page", ErrorCode::Cancelled);
}

class OpenMetricsParser
{
public:
    OpenMetricsParser(std::string_view body, const ParseOptions& options, Sink& sink)
        : m_lexer(body)
        , m_body(body)
        , m_options(options)
        , m_sink(sink)
        , m_reader(m_lexer, m_family, options)
        , m_plain(body, options)
        , m_series(m_family, options)
        // These look at every line.
        , m_readsPlain(!options.strictOpenMetrics && !options.createdAsStartTimestamp)
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
    Result<void> emitMetadata(Token keyword, std::string_view text);
    Result<void> emitHelp(std::string_view text);
    Result<void> parseSample(Token first);
    Result<void> checkEnd();
    tl::unexpected<Error> unexpected(std::string_view wanted, Token got) const;

    OpenMetricsLexer m_lexer;
    std::string_view m_body;
    const ParseOptions& m_options;
    Sink& m_sink;
    FamilyState m_family;
    OpenMetricsSampleReader m_reader;
    PlainLines m_plain;
    TextSeries m_series; // Of a plain line.
    bool m_readsPlain;
    CreatedTimes m_created;
    bool m_createdKnown = false; // m_created is of the lines at hand.
    OpenMetricsStrict m_strict;
    ParseStats m_stats;
    size_t m_entryStart = 0;
    int m_line = 1;
};

tl::unexpected<Error> OpenMetricsParser::unexpected(std::string_view wanted, Token got) const
{
    return failure(std::string(wanted) + ", got " + m_lexer.tokenExcerpt() + " (\""
        + std::string(nameOf(got)) + "\") while parsing: " + m_lexer.excerpt(m_entryStart));
}

Result<ParseStats> OpenMetricsParser::run()
{
    while (true) {
        Plain plain = Plain::Read;
        for (; plain == Plain::Read; ++m_line) {
            m_entryStart = m_lexer.pos();
            plain = readPlainLine();
        }
        --m_line;
        Result<void> parsed = stopped();
        Token token = Token::Invalid;
        if (plain == Plain::No) {
            token = m_lexer.next();
            parsed = token == Token::EofWord ? checkEnd() : parseEntry(token);
            if (parsed)
                parsed = checkLineBytes(m_lexer.pos() - m_entryStart, m_options.limits);
        }
        if (!parsed) {
            Error error = std::move(parsed.error());
            error.position = placeIn(m_body, std::max(m_lexer.tokenStart(), m_entryStart));
            return failure(std::move(error));
        }
        if (token == Token::EofWord)
            return m_stats;
        ++m_line;
    }
}

OpenMetricsParser::Plain OpenMetricsParser::readPlainLine()
{
    if (!m_readsPlain)
        return Plain::No;
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

OpenMetricsParser::Plain OpenMetricsParser::readPlainMetadata()
{
    PlainLines::Metadata line;
    if (!m_plain.readMetadata(m_entryStart, line))
        return Plain::No;
    if (line.name != m_family.name)
        m_family = { line.name, MetricType::Unknown, {} };
    if (line.isHelp && line.isVerbatim && line.text.size() <= m_options.limits.helpBytesMax)
        m_sink.metadata({ MetadataKind::Help, line.name, line.text, {}, m_line });
    else if (!emitMetadata(line.isHelp ? Token::Help : Token::Type, line.text))
        return Plain::No;
    m_lexer.skipLine(line.lineEnd);
    ++m_stats.metadata;
    return Plain::Read;
}

Result<void> OpenMetricsParser::checkEnd()
{
    if (m_lexer.next() != Token::Eof)
        return failure("unexpected data after # EOF");
    return m_options.strictOpenMetrics ? m_strict.finish() : Result<void>();
}

Result<void> OpenMetricsParser::parseEntry(Token first)
{
    switch (first) {
    case Token::Eof:
        return failure("data does not end with # EOF");
    case Token::Help:
    case Token::Type:
    case Token::Unit:
        return parseMetadata(first);
    case Token::BraceOpen:
    case Token::MetricName:
        return parseSample(first);
    default:
        return unexpected("expected a valid start token", first);
    }
}

Result<void> OpenMetricsParser::parseMetadata(Token keyword)
{
    if (const Token token = m_lexer.next(); token != Token::MetricName)
        return unexpected("expected metric name after " + std::string(nameOf(keyword)), token);
    auto name = m_lexer.token();
    if (name.starts_with('"'))
        name = name.substr(1, name.size() - 2);
    if (name != m_family.name)
        m_family = { name, MetricType::Unknown, {} };
    m_createdKnown = false;
    if (m_lexer.next() != Token::Text)
        return failure("expected text in " + std::string(nameOf(keyword)));
    auto text = m_lexer.token();
    text = text.substr(1, text.size() - 2); // The space before it and the line break.
    if (m_options.strictOpenMetrics) {
        if (auto good = m_strict.metadata(keyword, name, text); !good)
            return good;
    }
    ++m_stats.metadata;
    return emitMetadata(keyword, text);
}

Result<void> OpenMetricsParser::emitMetadata(Token keyword, std::string_view text)
{
    if (keyword == Token::Help)
        return emitHelp(text);
    if (keyword == Token::Type) {
        const auto type = labels::metricTypeFromWord(text);
        if (type == MetricType::Unknown && text != "unknown")
            return failure("invalid metric type " + quoteExcerpt(text));
        m_family.type = type;
        m_sink.metadata({ MetadataKind::Type, m_family.name, text, type, m_line });
        return {};
    }
    const auto name = m_family.name;
    const bool isSuffix = name.size() > text.size() && name.ends_with(text)
        && name[name.size() - text.size() - 1] == '_';
    if (!text.empty() && !isSuffix)
        return failure(
            "unit " + quoteExcerpt(text) + " not a suffix of metric " + quoteExcerpt(name));
    m_family.unit = text;
    m_sink.metadata({ MetadataKind::Unit, name, text, {}, m_line });
    return {};
}

Result<void> OpenMetricsParser::emitHelp(std::string_view text)
{
    if (!isValidUtf8(text))
        return failure("help text " + quoteExcerpt(text) + " is not a valid utf8 string");
    std::string plain;
    if (text.find('\\') != std::string_view::npos) {
        plain = unescapeHelp(text, true);
        text = plain;
    }
    std::string clipped;
    if (text.size() > m_options.limits.helpBytesMax) {
        clipped = clipUtf8(text, m_options.limits.helpBytesMax);
        text = clipped;
        ++m_stats.helpClipped;
    }
    m_sink.metadata({ MetadataKind::Help, m_family.name, text, {}, m_line });
    return {};
}

Result<void> OpenMetricsParser::parseSample(Token first)
{
    const bool wantsCreated = m_options.createdAsStartTimestamp && hasCreatedLines(m_family.type);
    if (wantsCreated && !m_createdKnown) {
        m_created.scan(OpenMetricsLexer::at(m_body, m_entryStart), m_family, m_options);
        m_createdKnown = true;
    }
    if (auto read = m_reader.read(first, m_entryStart); !read)
        return read;
    if (m_options.strictOpenMetrics) {
        if (auto good = m_strict.sample(m_reader); !good)
            return good;
    }
    const TextSeries& series = m_reader.series();
    if (wantsCreated && isCreatedName(series.name()))
        return {};
    if (auto good = checkSampleCount(++m_stats.samples, m_options.limits); !good)
        return good;
    m_stats.exemplars += m_reader.exemplars().size();
    const ParsedSample sample {
        .seriesText = m_reader.seriesText(),
        .value = m_reader.value(),
        .timestampMs = m_reader.timestampMs(),
        .startTimestampMs = wantsCreated ? m_created.startOf(series, m_family) : 0,
        .exemplars = m_reader.exemplars(),
        .line = m_line,
    };
    if (!m_sink.sample(sample, series))
        return stopped();
    return {};
}

} // namespace

Result<ParseStats> parseOpenMetrics(std::string_view body, const ParseOptions& options, Sink& sink)
{
    return OpenMetricsParser(body, options, sink).run();
}

} // namespace fleetglass::exposition
