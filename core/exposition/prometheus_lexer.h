// PrometheusLexer: tokens of the Prometheus text format 0.0.4 and 1.0.0, as Prometheus' promlex
// cuts them: blanks between tokens do not count, and the page ends with a line break even where it
// does not. Used from one thread at a time.
#pragma once

#include "core/exposition/text_lexer.h"

namespace fleetglass::exposition {

class PrometheusLexer : public TextLexer
{
public:
    explicit PrometheusLexer(std::string_view body)
        : TextLexer(body)
    {
    }

    // The next token; blanks before it are skipped.
    Token next();
    // From `from` to the byte after the place of an error, the line break at the end included.
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
        Timestamp
    };

    Token nextInit();
    Token nextComment();
    Token nextMetadataName();
    Token nextMetadataText();
    Token nextLabel();
    Token nextValue();
    Token nextTimestamp();
    Token lineBreak();
    Token restOfComment();
    Token takeByte(Token token, State state);
    bool isLineEnd() const { return m_pos >= m_body.size() || m_body[m_pos] == '\n'; }
    void skipBlanks();

    State m_state = State::Init;
};

} // namespace fleetglass::exposition
