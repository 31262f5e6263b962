// OpenMetricsSampleReader: reads one sample line of an OpenMetrics page: series, value, timestamp,
// exemplar. Used from one thread at a time; what it holds is valid until the next read.
#pragma once

#include "core/exposition/openmetrics_lexer.h"
#include "core/exposition/text_series.h"

#include <optional>
#include <vector>

namespace fleetglass::exposition {

class OpenMetricsSampleReader
{
public:
    OpenMetricsSampleReader(
        OpenMetricsLexer& lexer, const FamilyState& family, const ParseOptions& options)
        : m_lexer(lexer)
        , m_options(options)
        , m_series(family, options)
        , m_exemplarLabels(family, options)
    {
    }

    // `first` is the token that began the line, at `entryStart`.
    Result<void> read(Token first, size_t entryStart);

    const TextSeries& series() const { return m_series; }
    std::string_view seriesText() const { return m_seriesText; }
    double value() const { return m_value; }
    std::optional<int64_t> timestampMs() const { return m_timestampMs; }
    // As it is written; empty where there is none. For the checks of the specification.
    std::string_view timestampText() const { return m_timestampText; }
    std::string_view valueText() const { return m_valueText; }
    std::span<const Exemplar> exemplars() const { return m_exemplars; }
    std::string_view exemplarTimestampText() const { return m_exemplarTimestampText; }
    std::string_view exemplarValueText() const { return m_exemplarValueText; }

private:
    Result<void> readLabels(TextSeries& into, bool exemplar);
    Result<void> readOneLabel(TextSeries& into, bool exemplar, Token first, Token& next);
    Result<void> readValue(Token first);
    Result<void> readAfterTimestamp();
    Result<void> readExemplar();
    Result<double> takeFloat(Token token, std::string_view after, std::string_view& text);
    tl::unexpected<Error> unexpected(std::string_view wanted, Token got) const;
    tl::unexpected<Error> whileParsing(std::string message) const;

    OpenMetricsLexer& m_lexer;
    const ParseOptions& m_options;
    TextSeries m_series;
    TextSeries m_exemplarLabels;
    size_t m_entryStart = 0;
    std::string_view m_seriesText;
    double m_value = 0;
    std::optional<int64_t> m_timestampMs;
    std::string_view m_valueText;
    std::string_view m_timestampText;
    std::string_view m_exemplarValueText;
    std::string_view m_exemplarTimestampText;
    std::vector<Exemplar> m_exemplars;
};

} // namespace fleetglass::exposition
