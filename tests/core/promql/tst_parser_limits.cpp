// Goal: no text, however deep or long, makes the parser recurse or grow without bound; what is too
// much is refused with the limit in the message.
// Queries and messages read best as plain literals here.
#undef QT_NO_CAST_FROM_ASCII

#include "core/promql/parser.h"
#include "core/promql/printer.h"
#include "core/promql/series_description.h"

#include <QtTest>
#include <random>

using namespace fleetglass;
using namespace fleetglass::promql;

namespace {

std::string repeat(const std::string& text, int count)
{
    std::string out;
    for (int i = 0; i < count; ++i)
        out += text;
    return out;
}

} // namespace

class ParserLimitsTest : public QObject
{
    Q_OBJECT

private slots:
    void tooDeepIsRefused_data();
    void tooDeepIsRefused();
    void deepEnoughIsAccepted();
    void tooManyPartsAreRefused();
    void tooMuchTextIsRefused();
    void tooLongPatternsAreRefused();
    void tooManySeriesValuesAreRefused();
    void anyBytesEnd();
};

void ParserLimitsTest::tooDeepIsRefused_data()
{
    QTest::addColumn<QByteArray>("query");
    const auto row = [](const char* name, const std::string& query) {
        QTest::newRow(name) << QByteArray::fromStdString(query);
    };
    row("parentheses", repeat("(", 30'000) + "1" + repeat(")", 30'000));
    row("open parentheses", repeat("(", 60'000));
    row("signs", repeat("-", 60'000) + "x");
    row("chain of sums", "1" + repeat("+1", 5'000));
    row("chain of powers", "a" + repeat("^a", 5'000));
    row("calls", repeat("abs(", 5'000) + "x" + repeat(")", 5'000));
    row("aggregations", repeat("sum(", 5'000) + "x" + repeat(")", 5'000));
    row("subqueries", "x" + repeat("[5m:]", 5'000));
    row("durations", "x[" + repeat("(", 5'000) + "1" + repeat(")", 5'000) + "]");
    row("signs of durations", "x[" + repeat("-", 5'000) + "1]");
    row("chain of durations", "x[1" + repeat("+step()", 5'000) + "]");
    row("offsets", "x offset " + repeat("-", 5'000) + "1");
}

void ParserLimitsTest::tooDeepIsRefused()
{
    QFETCH(QByteArray, query);
    const auto parsed = parseExpr(query.toStdString(), ParseOptions::everything());
    QVERIFY(!parsed.ok());
    QCOMPARE(parsed.errors.back().code, ErrorCode::Limit);
    QCOMPARE(parsed.errors.back().message,
        std::string(
            "query is nested deeper than the limit of 128 levels; split it with recording rules"));
}

void ParserLimitsTest::deepEnoughIsAccepted()
{
    QVERIFY(parseExpr(repeat("(", 127) + "1" + repeat(")", 127)).ok());
    QVERIFY(!parseExpr(repeat("(", 128) + "1" + repeat(")", 128)).ok());
    const auto chain = parseExpr("a" + repeat(" or a", 127));
    QVERIFY(chain.ok());
    QCOMPARE(int(chain.value->depth), 128);
    QCOMPARE(print(*clone(*chain.value)), "a" + repeat(" or a", 127));
}

void ParserLimitsTest::tooManyPartsAreRefused()
{
    const auto parsed = parseExpr("label_join(a, \"b\", \"c\"" + repeat(",\"\"", 12'000) + ")");
    QVERIFY(!parsed.ok());
    QCOMPARE(parsed.errors.back().code, ErrorCode::Limit);
    QCOMPARE(parsed.errors.back().message,
        std::string("query has more parts than the limit of 10000; split it with recording rules"));
}

void ParserLimitsTest::tooMuchTextIsRefused()
{
    QVERIFY(parseExpr(std::string(65'535, ' ') + "1").ok());
    const auto parsed = parseExpr(std::string(65'536, ' ') + "1");
    QCOMPARE(parsed.errors.at(0).message,
        std::string("query of 65537 bytes is longer than the limit of 65536 bytes"));
    QCOMPARE(parsed.errors.at(0).code, ErrorCode::Limit);
}

void ParserLimitsTest::tooLongPatternsAreRefused()
{
    const auto parsed = parseExpr("a{b=~\"" + repeat("x.*", 2'000) + "\"}");
    QVERIFY(!parsed.ok());
    QCOMPARE(parsed.errors.at(0).code, ErrorCode::Limit);
    QVERIFY(QString::fromStdString(parsed.errors.at(0).message).contains("4096"));
}

void ParserLimitsTest::tooManySeriesValuesAreRefused()
{
    for (const std::string item : { "1x2000000", "_x2000000", "1+1x18446744073709551615",
             "1x900000 1x900000", "{{sum:1}}x2000000", "{{sum:1}}+{{sum:1}}x0 _x1000000" }) {
        const auto parsed = parseSeriesDescription("m " + item);
        QVERIFY2(!parsed.ok(), item.c_str());
        QCOMPARE(parsed.errors.back().code, ErrorCode::Limit);
    }
}

void ParserLimitsTest::anyBytesEnd()
{
    constexpr uint32_t kSeed = 7;
    qInfo("seed %u", kSeed);
    std::mt19937 random(kSeed);
    const std::vector<std::string> pieces = { "a", "(", ")", "{", "}", "[", "]", "5m", ":", ",",
        "sum", "by", "on", "group_left", "offset", "@", "start", "step()", "\"s\"", "'", "=", "=~",
        "!", "+", "-", "^", "1", "bool", "fill(", "fill", "#", "\n", " ", "\xff", "{{", "}}", "x2",
        "_", "schema:1", "buckets:[", "anchored", "max_of(", "or", "</", "0x", "stale" };
    for (int i = 0; i < 20'000; ++i) {
        std::string text;
        for (auto k = random() % 12; k > 0; --k)
            text += pieces[random() % pieces.size()] + (random() % 2 == 0 ? " " : "");
        const auto parsed = parseExpr(text, ParseOptions::everything());
        for (const ParseError& error : parsed.errors)
            QVERIFY(error.range.start <= text.size() && !error.message.empty());
        if (parsed.ok())
            QVERIFY(parseExpr(print(*parsed.value), ParseOptions::everything()).ok());
        (void)parseSeriesDescription(text);
        (void)parseMetric(text);
        (void)parseMetricSelector(text);
    }
}

QTEST_GUILESS_MAIN(ParserLimitsTest)
#include "tst_parser_limits.moc"
