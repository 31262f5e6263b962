// The scanner's part for series descriptions: values, repetitions and {{...}} histograms.
#include "core/labels/labels.h"
#include "core/promql/lexer.h"
#include "core/promql/lexer_runes.h"

#include <utility>

namespace fleetglass::promql {

using HistogramPart = Lexer::State::HistogramPart;

Lexer::Mode Lexer::scanValueSequence()
{
    if (m_state.histogram != HistogramPart::None)
        return Mode::Histogram;
    const Rune rune = read();
    if (isSpace(rune)) {
        emit(TokenType::Space);
        scanSpace();
        return Mode::ValueSequence;
    }
    if (isDigit(rune) || (rune == '.' && isDigit(peek()))) {
        m_state.offset = m_state.start;
        scanNumber();
        return Mode::ValueSequence;
    }
    switch (rune) {
    case kEnd:
        return Mode::Statements;
    case '{':
        if (!accept("{"))
            break;
        m_state.histogram = HistogramPart::Inside;
        emit(TokenType::OpenHist);
        return Mode::Histogram;
    case '+':
        emit(TokenType::Add);
        return Mode::ValueSequence;
    case '-':
        emit(TokenType::Sub);
        return Mode::ValueSequence;
    case 'x':
        emit(TokenType::Times);
        return Mode::ValueSequence;
    case '_':
        emit(TokenType::Blank);
        return Mode::ValueSequence;
    default:
        break;
    }
    if (isAlpha(rune)) {
        unread();
        return scanWord();
    }
    fail("unexpected character in series sequence: " + quoteRune(rune));
    return Mode::Done;
}

Lexer::Mode Lexer::scanHistogram()
{
    if (m_state.histogram != HistogramPart::Inside) {
        const auto part = std::exchange(m_state.histogram, HistogramPart::None);
        read();
        emit(part == HistogramPart::Times     ? TokenType::Times
                : part == HistogramPart::Plus ? TokenType::Add
                                              : TokenType::Sub);
        return Mode::ValueSequence;
    }
    if (m_state.bracketOpen)
        return Mode::Buckets;
    const Rune rune = read();
    if (isSpace(rune)) {
        emit(TokenType::Space);
        return scanSpace();
    }
    if (isAlpha(rune)) {
        unread();
        return scanHistogramWord();
    }
    if (isDigit(rune)) {
        unread();
        return scanNumber();
    }
    switch (rune) {
    case ':':
        emit(TokenType::Colon);
        return Mode::Histogram;
    case '-':
        emit(TokenType::Sub);
        return Mode::Histogram;
    case '[':
        m_state.bracketOpen = true;
        m_state.gotColon = false;
        m_state.gotDuration = false;
        emit(TokenType::LeftBracket);
        return Mode::Buckets;
    case '}':
        if (accept("}"))
            return scanHistogramEnd();
        break;
    default:
        break;
    }
    fail("histogram description incomplete unexpected: " + quoteRune(rune));
    return Mode::Done;
}

Lexer::Mode Lexer::scanHistogramEnd()
{
    emit(TokenType::CloseHist);
    if (sees("x"))
        m_state.histogram = HistogramPart::Times;
    else if (sees("+"))
        m_state.histogram = HistogramPart::Plus;
    else if (sees("-"))
        m_state.histogram = HistogramPart::Minus;
    else
        m_state.histogram = HistogramPart::None;
    return Mode::ValueSequence;
}

Lexer::Mode Lexer::scanHistogramWord()
{
    while (isAlpha(read())) { }
    unread();
    const auto word = pending();
    if (const auto key = histogramKeyFor(word)) {
        if (sees(":")) {
            emit(*key);
            return Mode::Histogram;
        }
        fail("missing `:` for histogram descriptor");
        return Mode::Statements;
    }
    if (keywordFor(word) == TokenType::Number) {
        emit(TokenType::Number);
        return Mode::Histogram;
    }
    if (const auto hint = resetHintFor(word)) {
        emit(*hint);
        return Mode::Histogram;
    }
    fail("bad histogram descriptor found: " + labels::quote(word));
    return Mode::Statements;
}

Lexer::Mode Lexer::scanBuckets()
{
    const Rune rune = read();
    if (isSpace(rune)) {
        emit(TokenType::Space);
        return scanSpace();
    }
    if (rune == '-') {
        emit(TokenType::Sub);
        return Mode::Number;
    }
    if (isDigit(rune)) {
        unread();
        return scanNumber();
    }
    if (rune == ']') {
        m_state.bracketOpen = false;
        emit(TokenType::RightBracket);
        return Mode::Histogram;
    }
    if (isAlpha(rune)) {
        // Letters are gathered until they are a number's name.
        if (keywordFor(pending()) == TokenType::Number)
            emit(TokenType::Number);
        return Mode::Buckets;
    }
    fail("invalid character in buckets description: " + quoteRune(rune));
    return Mode::Done;
}

} // namespace fleetglass::promql
