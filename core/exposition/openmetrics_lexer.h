// OpenMetricsLexer: tokens of the OpenMetrics text format, as Prometheus' openmetricslex cuts them:
// one space where a space may be, nothing between lines. Used from one thread at a time.
#pragma once

#include "core/exposition/text_lexer.h"

namespace fleetglass::exposition {

class OpenMetricsLexer : public TextLexer
{
public:
    explicit OpenMetricsLexer(std::string_view body)
        : TextLexer(body)
    {
    }

    // A lexer that starts with the line at `pos`.
    static OpenMetricsLexer at(std::string_view body, size_t pos)
    {
        OpenMetricsLexer lexer(body);
        lexer.m_pos = pos;
        return lexer;
    }

    Token next();
    // From `from` to the byte after the place of an error.
    std::string excerpt(size_t from) const;
    std::string tokenExcerpt() const { return excerpt(m_start); }

private:
    enum class State
    {
        Init,
        MetadataName,
        MetadataText,
        Labels,
        LabelValue,
        Value,
        Timestamp,
        Exemplar,
        ExemplarValue,
        ExemplarTimestamp,
    };

    Token nextInit();
    Token nextMetadata();
    Token nextMetadataName();
    Token nextMetadataText();
    Token nextLabel();
    Token nextExemplar();
    Token nextTimestamp();
    Token takeByte(Token token, State state);
    // " text" up to the next space or line end.
    Token takeWord(Token token, State state);
    bool takeKeyword(std::string_view keyword);

    State m_state = State::Init;
};

} // namespace fleetglass::exposition
