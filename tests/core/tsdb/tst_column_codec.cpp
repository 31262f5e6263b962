// Goal: what goes into a packed column comes out bit by bit, and damaged bytes never read outside.
// Method: named shapes, then random columns and random damage with a printed seed.
#include "core/tsdb/column_codec.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <random>

using namespace fleetglass::tsdb;

class TestColumnCodec : public QObject
{
    Q_OBJECT

private slots:
    void valuesComeBackBitByBit_data();
    void valuesComeBackBitByBit();
    void timesComeBack_data();
    void timesComeBack();
    void randomColumnsComeBack();
    void damagedBytesAreRefusedOrDecodedInside();
    void constantColumnIsNineBytes();
    void steadyTimesAreOneByteARow();
};

namespace {

using Values = std::vector<double>;
using Times = std::vector<int64_t>;

std::vector<uint64_t> bits(const Values& values)
{
    std::vector<uint64_t> all;
    for (const double value : values)
        all.push_back(bitsOf(value));
    return all;
}

Values roundTrip(const Values& values, Bytes& bytes)
{
    bytes.clear();
    encodeValues(bytes, values);
    Values back(values.size());
    ByteView in = bytes;
    if (!decodeValues(in, back) || !in.empty())
        qFatal("the codec refuses its own bytes");
    return back;
}

double randomValue(std::mt19937_64& random)
{
    switch (random() % 6) {
    case 0:
        return static_cast<double>(random() % 100);
    case 1:
        return static_cast<double>(random() % 100000) / 100.0;
    case 2:
        return std::bit_cast<double>(random());
    case 3:
        return kAbsent;
    case 4:
        return -static_cast<double>(random() % (1ULL << 53U));
    default:
        return std::ldexp(1.0, static_cast<int>(random() % 600) - 300);
    }
}

} // namespace

void TestColumnCodec::valuesComeBackBitByBit_data()
{
    QTest::addColumn<Values>("values");
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double inf = std::numeric_limits<double>::infinity();
    const double stale = std::bit_cast<double>(0x7ff0000000000002ULL);
    QTest::newRow("one") << Values { 1.5 };
    QTest::newRow("constant") << Values(64, 42.0);
    QTest::newRow("counter") << Values { 10, 12, 15, 15, 19, 1000000 };
    QTest::newRow("falling and rising") << Values { 5, -3, 0, 8, -9007199254740991.0 };
    QTest::newRow("negative zero") << Values { 0.0, -0.0, 0.0, 1 };
    QTest::newRow("decimals") << Values { 0.25, 0.5, 12.75, 99.999999999 };
    QTest::newRow("binary fractions") << Values { 0.1, 0.2, 0.30000000000000004 };
    QTest::newRow("special") << Values { nan, inf, -inf, stale, kAbsent, nan, 1 };
    QTest::newRow("huge") << Values { 1e308, -1e308, 5e-324, 1e17, 9007199254740993.0 };
    QTest::newRow("nine values") << Values { 1, 1, 1, 1, 1, 1, 1, 1, 2 };
    QTest::newRow("none") << Values {};
}

void TestColumnCodec::valuesComeBackBitByBit()
{
    QFETCH(Values, values);
    Bytes bytes;
    QCOMPARE(bits(roundTrip(values, bytes)), bits(values));
}

void TestColumnCodec::timesComeBack_data()
{
    QTest::addColumn<Times>("times");
    QTest::newRow("steady") << Times { 1000, 2000, 3000, 4000 };
    QTest::newRow("jitter") << Times { 1700000000123, 1700000015125, 1700000030119 };
    QTest::newRow("ends of time") << Times { INT64_MIN, INT64_MAX, 0, INT64_MIN };
    QTest::newRow("none") << Times {};
}

void TestColumnCodec::timesComeBack()
{
    QFETCH(Times, times);
    Bytes bytes;
    encodeTimes(bytes, times);
    Times back(times.size());
    ByteView in = bytes;
    QVERIFY(decodeTimes(in, back));
    QVERIFY(in.empty());
    QCOMPARE(back, times);
}

void TestColumnCodec::randomColumnsComeBack()
{
    const uint64_t seed = std::random_device()();
    qInfo("seed %llu", static_cast<unsigned long long>(seed));
    std::mt19937_64 random(seed);
    for (int round = 0; round < 3000; ++round) {
        Values values(random() % 130);
        const bool isCalm = random() % 2 == 0;
        for (size_t i = 0; i < values.size(); ++i)
            values[i] = isCalm && i > 0 && random() % 4 != 0 ? values[i - 1] : randomValue(random);
        Bytes bytes;
        QCOMPARE(bits(roundTrip(values, bytes)), bits(values));
    }
}

void TestColumnCodec::damagedBytesAreRefusedOrDecodedInside()
{
    const uint64_t seed = std::random_device()();
    qInfo("seed %llu", static_cast<unsigned long long>(seed));
    std::mt19937_64 random(seed);
    for (int round = 0; round < 20000; ++round) {
        Bytes bytes(random() % 40);
        for (uint8_t& byte : bytes)
            byte = static_cast<uint8_t>(random() % 3 == 0 ? random() : random() % 20);
        Values values(random() % 100);
        Times times(random() % 20);
        ByteView in = bytes;
        (void)decodeValues(in, values);
        QVERIFY(in.size() <= bytes.size());
        in = bytes;
        (void)decodeTimes(in, times);
        QVERIFY(in.size() <= bytes.size());
    }
    Values two(2);
    ByteView none;
    QVERIFY(!decodeValues(none, two));
}

void TestColumnCodec::constantColumnIsNineBytes()
{
    Bytes bytes;
    encodeValues(bytes, Values(64, 17.25));
    QCOMPARE(bytes.size(), size_t { 9 });
}

void TestColumnCodec::steadyTimesAreOneByteARow()
{
    Times times;
    for (int64_t i = 0; i < 64; ++i)
        times.push_back(1700000000000 + 15000 * i);
    Bytes bytes;
    encodeTimes(bytes, times);
    QVERIFY(bytes.size() <= 62 + 10);
}

QTEST_GUILESS_MAIN(TestColumnCodec)
#include "tst_column_codec.moc"
