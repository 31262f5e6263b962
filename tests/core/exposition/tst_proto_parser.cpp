#include "core/exposition/parser.h"
#include "tests/core/exposition/collecting_sink.h"

#include <QRandomGenerator>
#include <QTest>
#include <bit>

using namespace fleetglass;
using namespace fleetglass::exposition;

namespace {

std::string varint(uint64_t value)
{
    std::string bytes;
    for (; value > 0x7F; value >>= 7U)
        bytes += static_cast<char>((value & 0x7FU) | 0x80U);
    return bytes + static_cast<char>(value);
}

std::string number(uint32_t field, uint64_t value)
{
    return varint(field << 3U) + varint(value);
}

std::string message(uint32_t field, const std::string& bytes)
{
    return varint(field << 3U | 2U) + varint(bytes.size()) + bytes;
}

std::string real(uint32_t field, double value)
{
    const auto bits = std::bit_cast<uint64_t>(value);
    std::string bytes = varint(field << 3U | 1U);
    for (unsigned i = 0; i < 8; ++i)
        bytes += static_cast<char>(bits >> (8 * i) & 0xFFU);
    return bytes;
}

std::string delimited(const std::string& family)
{
    return varint(family.size()) + family;
}

std::string label(const std::string& name, const std::string& value)
{
    return message(1, message(1, name) + message(2, value));
}

std::string gauge(double value, const std::string& labels = {})
{
    return delimited(
        message(1, "g") + number(3, 1) + message(4, labels + message(2, real(1, value))));
}

std::string histogramFamily(const std::string& histogram)
{
    return delimited(message(1, "h") + number(3, 4) + message(4, message(7, histogram)));
}

QByteArrayList linesOf(const std::string& body, const ParseOptions& options = {})
{
    CollectingSink sink;
    const auto stats = parse(Format::PrometheusProto, body, options, sink);
    return stats ? sink.lines : QByteArrayList { CollectingSink::text(stats.error().message) };
}

} // namespace

class ProtoParserTest : public QObject
{
    Q_OBJECT

private slots:
    void aGaugeComesWithItsLabels();
    void classicHistogramsEndWithInfinity();
    void nativeHistogramsAddTheirDeltas();
    void nanPayloadsBecomeTheCanonicalOne();
    void badPagesSayWhatAndWhere_data();
    void badPagesSayWhatAndWhere();
    void manyEmptyFamiliesAreNoTrouble();
    void randomDamageIsHandledWithoutHarm();
};

void ProtoParserTest::aGaugeComesWithItsLabels()
{
    const QByteArrayList expected { "help g ", "type g gauge", R"({__name__="g", a="b"} 2.5)" };
    QCOMPARE(linesOf(gauge(2.5, label("a", "b"))), expected);
}

void ProtoParserTest::classicHistogramsEndWithInfinity()
{
    const std::string bucket = message(3, number(1, 2) + real(2, 1));
    const QByteArrayList expected { R"({__name__="h_count"} 3)", R"({__name__="h_sum"} 4)",
        R"({__name__="h_bucket", le="1.0"} 2)", R"({__name__="h_bucket", le="+Inf"} 3)" };
    const std::string body = histogramFamily(number(1, 3) + real(2, 4) + bucket);
    QCOMPARE(linesOf(body).mid(2), expected);
    QCOMPARE(linesOf(body, { .convertClassicToNhcb = true }).mid(2),
        QByteArrayList { R"({__name__="h"} histogram count 3)" });
}

void ProtoParserTest::nativeHistogramsAddTheirDeltas()
{
    class Buckets : public CollectingSink
    {
    public:
        std::vector<double> buckets;
        std::vector<histogram::Span> spans;
        bool sample(const ParsedSample& sample, const SeriesSource&) override
        {
            buckets = sample.histogram->positiveBuckets;
            spans = sample.histogram->positiveSpans;
            return true;
        }
    } sink;
    // Spans 1 (length 2) and gap 1 (length 1); deltas +2, -2, +3: counts 2, 0, 3. Zigzag doubles
    // them.
    const std::string spans
        = message(12, number(1, 2) + number(2, 2)) + message(12, number(1, 2) + number(2, 1));
    const std::string deltas = message(13, varint(4) + varint(3) + varint(6));
    QVERIFY(
        parse(Format::PrometheusProto, histogramFamily(number(1, 5) + spans + deltas), {}, sink));
    QCOMPARE(sink.buckets, std::vector<double>({ 2, 3 }));
    QCOMPARE(sink.spans, std::vector<histogram::Span>({ { 1, 1 }, { 2, 1 } }));
}

void ProtoParserTest::nanPayloadsBecomeTheCanonicalOne()
{
    class Bits : public CollectingSink
    {
    public:
        uint64_t bits = 0;
        bool sample(const ParsedSample& sample, const SeriesSource&) override
        {
            bits = std::bit_cast<uint64_t>(sample.value);
            return true;
        }
    } sink;
    QVERIFY(parse(
        Format::PrometheusProto, gauge(std::bit_cast<double>(0x7ff0000000000002ULL)), {}, sink));
    QCOMPARE(sink.bits, 0x7ff8000000000001ULL);
}

void ProtoParserTest::badPagesSayWhatAndWhere_data()
{
    QTest::addColumn<std::string>("body");
    QTest::addColumn<QString>("error");
    QTest::newRow("long varint") << std::string(11, '\xff')
                                 << "protobuf: invalid varint (metric family at byte 0)";
    QTest::newRow("cut short")
        << gauge(1) + "\x7f"
        << QStringLiteral("protobuf: a metric family of 127 bytes is cut short: unexpected "
                          "EOF (metric family at byte 19)");
    QTest::newRow("utf-8") << gauge(1, label("a", "\xff"))
                           << R"(invalid UTF-8 label value: "\xff" (metric family at byte 0))";
    QTest::newRow("duplicate") << gauge(1, label("a", "1") + label("a", "2"))
                               << R"(label name "a" is not unique (metric family at byte 0))";
    QTest::newRow("spans")
        << histogramFamily(message(12, number(2, 3)))
        << "histogram, positive side: spans need 3 buckets, have 0 buckets (metric "
           "family at byte 0)";
    QTest::newRow("schema")
        << histogramFamily(number(5, 40) + message(12, {}))
        << "histogram schema 20 is not supported, it must be -4 to 8 (metric family "
           "at byte 0)";
}

void ProtoParserTest::badPagesSayWhatAndWhere()
{
    QFETCH(std::string, body);
    QTEST(QString::fromUtf8(linesOf(body).value(0)), "error");
}

void ProtoParserTest::manyEmptyFamiliesAreNoTrouble()
{
    QCOMPARE(linesOf(std::string(1'000'000, '\0')), QByteArrayList());
}

void ProtoParserTest::randomDamageIsHandledWithoutHarm()
{
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    const std::string good = gauge(1, label("a", "b"))
        + histogramFamily(number(1, 5) + message(12, number(2, 1)) + message(13, varint(4)));
    for (int i = 0; i < 20'000; ++i) {
        std::string page = good;
        for (int k = 0; k < 3; ++k)
            page[random.bounded(static_cast<quint32>(page.size()))]
                = static_cast<char>(random.bounded(256));
        linesOf(page);
    }
}

QTEST_GUILESS_MAIN(ProtoParserTest)
#include "tst_proto_parser.moc"
