// Queries and messages read best as plain literals here.
#undef QT_NO_CAST_FROM_ASCII

#include "core/promql/lexer.h"

#include <QtTest>

using namespace fleetglass::promql;

namespace {

// "IDENTIFIER@0:foo ADD@4:+ ..."
QString list(std::string_view text, Lexer::Language language = Lexer::Language::Expression)
{
    Lexer lexer(text, language);
    std::string out;
    for (Token token = lexer.next(); token.type != TokenType::Eof; token = lexer.next()) {
        out += (out.empty() ? "" : " ") + std::string(grammarName(token.type)) + '@'
            + std::to_string(token.offset) + ':' + std::string(token.text);
        if (token.type == TokenType::Error)
            break;
    }
    return QString::fromStdString(out);
}

} // namespace

class LexerTest : public QObject
{
    Q_OBJECT

private slots:
    void tokensCarryTheirPlace_data();
    void tokensCarryTheirPlace();
    void errorsNameTheOffendingCharacter_data();
    void errorsNameTheOffendingCharacter();
    void seriesNotationHasItsOwnTokens();
    void keywordsAreNamesInsideBraces();
    void anEditorGoesOnAfterAnError();
    void aSavedStateScansOnFromThere();
    void endOfInputComesAgainAndAgain();
};

void LexerTest::tokensCarryTheirPlace_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("tokens");
    QTest::newRow("sum") << QByteArray("rate(x[5m]) + 1")
                         << "IDENTIFIER@0:rate LEFT_PAREN@4:( IDENTIFIER@5:x LEFT_BRACKET@6:[ "
                            "DURATION@7:5m RIGHT_BRACKET@9:] RIGHT_PAREN@10:) ADD@12:+ NUMBER@14:1";
    QTest::newRow("trim")
        << QByteArray("a </ 1 >/ 2 <= 3")
        << "IDENTIFIER@0:a TRIM_UPPER@2:</ NUMBER@5:1 TRIM_LOWER@7:>/ NUMBER@10:2 "
           "LTE@12:<= NUMBER@15:3";
    QTest::newRow("comment") << QByteArray("1 # one\n2") << "NUMBER@0:1 COMMENT@2:# one NUMBER@8:2";
    QTest::newRow("keyword in any case") << QByteArray("SUM By") << "SUM@0:SUM BY@4:By";
    QTest::newRow("fill before a parenthesis")
        << QByteArray("fill(0)") << "FILL@0:fill LEFT_PAREN@4:( NUMBER@5:0 RIGHT_PAREN@6:)";
    QTest::newRow("fill as a metric")
        << QByteArray("fill + fill") << "IDENTIFIER@0:fill ADD@5:+ IDENTIFIER@7:fill";
    QTest::newRow("recorded name") << QByteArray("job:up:sum") << "METRIC_IDENTIFIER@0:job:up:sum";
    QTest::newRow("duration words")
        << QByteArray("x[2*step()]")
        << "IDENTIFIER@0:x LEFT_BRACKET@1:[ NUMBER@2:2 MUL@3:* STEP@4:step "
           "LEFT_PAREN@8:( RIGHT_PAREN@9:) RIGHT_BRACKET@10:]";
    QTest::newRow("raw string over lines") << QByteArray("`a\nb`") << "STRING@0:`a\nb`";
}

void LexerTest::tokensCarryTheirPlace()
{
    QFETCH(QByteArray, text);
    QTEST(list(text.toStdString()), "tokens");
}

void LexerTest::errorsNameTheOffendingCharacter_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("message");
    QTest::newRow("unclosed parenthesis") << QByteArray("(1") << "unclosed left parenthesis";
    QTest::newRow("stray parenthesis") << QByteArray("1)") << "unexpected right parenthesis ')'";
    QTest::newRow("stray bracket") << QByteArray("]") << "unexpected right bracket ']'";
    QTest::newRow("open brace") << QByteArray("a{b") << "unexpected end of input inside braces";
    QTest::newRow("second brace") << QByteArray("a{{") << "unexpected left brace '{'";
    QTest::newRow("not UTF-8") << QByteArray("\"\xff\"") << "invalid UTF-8 rune";
    QTest::newRow("newline in string") << QByteArray("\"a\nb\"") << "unterminated quoted string";
    QTest::newRow("open raw string") << QByteArray("`a") << "unterminated raw string";
    QTest::newRow("escape") << QByteArray("\"\\q\"") << "unknown escape sequence U+0071 'q'";
    QTest::newRow("cut escape") << QByteArray("\"\\x1") << "escape sequence not terminated";
    QTest::newRow("surrogate") << QByteArray("\"\\ud800\"")
                               << "escape sequence is an invalid Unicode code point";
    QTest::newRow("number") << QByteArray("1..2") << "bad number or duration syntax: \"1..\"";
    QTest::newRow("lonely bang") << QByteArray("a ! b") << "unexpected character after '!': ' '";
    QTest::newRow("not a letter of ours") << QByteArray("ü") << "unexpected character: 'ü'";
    QTest::newRow("colon first") << QByteArray("a[:1m]")
                                 << "unexpected colon before duration in duration expression";
    QTest::newRow("open range") << QByteArray("a[")
                                << "unexpected end of input in duration expression";
    QTest::newRow("NUL") << QByteArray("\0", 1) << "unexpected character: '\\x00'";
}

void LexerTest::errorsNameTheOffendingCharacter()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, message);
    const std::string input = text.toStdString();
    QVERIFY2(list(input).endsWith(":" + message), qPrintable(list(input)));
}

void LexerTest::seriesNotationHasItsOwnTokens()
{
    QCOMPARE(list("m 1+2x3 _x2", Lexer::Language::SeriesDescription),
        QString("IDENTIFIER@0:m SPACE@1:  NUMBER@2:1 ADD@3:+ NUMBER@4:2 TIMES@5:x NUMBER@6:3 "
                "SPACE@7:  BLANK@8:_ TIMES@9:x NUMBER@10:2"));
    QCOMPARE(list("{} {{buckets:[1 -2]}}x2", Lexer::Language::SeriesDescription),
        QString("LEFT_BRACE@0:{ RIGHT_BRACE@1:} SPACE@2:  OPEN_HIST@3:{{ BUCKETS_DESC@5:buckets "
                "COLON@12:: LEFT_BRACKET@13:[ NUMBER@14:1 SPACE@15:  SUB@16:- NUMBER@17:2 "
                "RIGHT_BRACKET@18:] CLOSE_HIST@19:}} TIMES@21:x NUMBER@22:2"));
}

void LexerTest::keywordsAreNamesInsideBraces()
{
    QVERIFY(list("{sum=\"a\"}").contains("IDENTIFIER@1:sum"));
    QVERIFY(list("sum by (sum)").contains("SUM@8:sum"));
}

void LexerTest::anEditorGoesOnAfterAnError()
{
    const std::string text = "foo ? bar";
    const auto tokens = tokenize(text);
    QCOMPARE(tokens.size(), size_t(3));
    QCOMPARE(tokens[1].type, TokenType::Error);
    QCOMPARE(tokens[1].offset, 4U);
    QCOMPARE(tokens[2].text, std::string_view("bar"));
    // Whatever the bytes, it ends.
    for (const std::string broken : { "`", "\"\\", "a{!", "((((", "[[[[", "\xff\xfe", "1)))2" })
        QVERIFY(tokenize(broken).size() <= 2 * broken.size());
}

void LexerTest::aSavedStateScansOnFromThere()
{
    const std::string text = "sum(rate(foo{a=\"b\"}[5m]))";
    Lexer whole(text);
    while (true) {
        const Lexer::State state = whole.state();
        const Token expected = whole.next();
        Lexer again(text);
        again.restore(state);
        const Token got = again.next();
        QCOMPARE(got.offset, expected.offset);
        QCOMPARE(got.type, expected.type);
        if (expected.type == TokenType::Eof)
            break;
    }
}

void LexerTest::endOfInputComesAgainAndAgain()
{
    Lexer lexer("1");
    QCOMPARE(lexer.next().type, TokenType::Number);
    QCOMPARE(lexer.next().type, TokenType::Eof);
    QCOMPARE(lexer.next().type, TokenType::Eof);
}

QTEST_GUILESS_MAIN(LexerTest)
#include "tst_lexer.moc"
