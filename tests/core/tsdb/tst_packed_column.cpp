// Goal: what goes into a packed column or a column page comes out bit by bit, small where it should
// be, and damaged bytes never read outside.
// Method: named shapes, then random columns and random damage with a printed seed.
#include "core/tsdb/column_page.h"
#include "core/tsdb/packed_column.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <random>

using namespace fleetglass::tsdb;

class TestPackedColumn : public QObject
{
    Q_OBJECT

private slots:
    void valuesComeBackBitByBit_data();
    void valuesComeBackBitByBit();
    void randomColumnsComeBack();
    void damagedBytesAreRefusedOrDecodedInside();
    void sizesAreAsTheyShould_data();
    void sizesAreAsTheyShould();
};

namespace {

using Values = std::vector<double>;

uint64_t seeded()
{
    const uint64_t seed = std::random_device()();
    qInfo("seed %llu", static_cast<unsigned long long>(seed));
    return seed;
}

bool same(const Values& a, const Values& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
        [](double x, double y) { return bitsOf(x) == bitsOf(y); });
}

Values unpacked(ByteView in, size_t rows)
{
    Values back(rows);
    if (!unpackColumn(in, back) || !in.empty())
        qFatal("the codec refuses its own bytes");
    return back;
}

std::vector<Values> throughPage(const std::vector<Values>& columns)
{
    ColumnPageWriter writer;
    ColumnParts parts;
    for (const Values& column : columns) {
        parts.takeApart(column);
        writer.add(parts);
    }
    Bytes bytes;
    writer.finish(bytes);
    std::vector<Values> back(columns.size(), Values(columns.at(0).size()));
    if (!readColumnPage(bytes, columns.size(), columns[0].size(),
            [&](size_t i, const ColumnParts& read) { read.putTogether(back[i]); }))
        qFatal("the page refuses its own bytes");
    return back;
}

double randomValue(std::mt19937_64& random)
{
    switch (random() % 8) {
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
    case 5:
        return std::bit_cast<double>(0x7ff0000000000002ULL);
    case 6:
        return std::ldexp(1.0, static_cast<int>(random() % 600) - 300);
    default:
        return static_cast<double>(random() % 3);
    }
}

// Calm columns repeat, plain ones are short decimals, wild ones hold anything.
Values randomColumn(std::mt19937_64& random, size_t rows)
{
    Values values(rows);
    const uint64_t mood = random() % 4;
    double counter = static_cast<double>(random() % 1000000) / 100;
    for (size_t i = 0; i < rows; ++i) {
        counter = std::round((counter + static_cast<double>(random() % 2000) / 100) * 100) / 100;
        const bool repeats = i > 0 && mood % 2 == 0 && random() % 8 != 0;
        values[i] = repeats ? values[i - 1] : mood < 2 ? counter : randomValue(random);
    }
    if (random() % 3 == 0)
        std::fill_n(values.begin(), random() % (rows + 1), kAbsent);
    return values;
}

Values made(size_t rows, const std::function<double(size_t)>& at)
{
    Values values;
    for (size_t i = 0; i < rows; ++i)
        values.push_back(at(i));
    return values;
}

} // namespace

void TestPackedColumn::valuesComeBackBitByBit_data()
{
    QTest::addColumn<Values>("values");
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double inf = std::numeric_limits<double>::infinity();
    const double stale = std::bit_cast<double>(0x7ff0000000000002ULL);
    QTest::newRow("one") << Values { 1.5 };
    QTest::newRow("constant") << Values(300, 42.0);
    QTest::newRow("counter") << Values { 10, 12, 15, 15, 19, 1000000 };
    QTest::newRow("falling and rising") << Values { 5, -3, 0, 8, -9007199254740991.0 };
    QTest::newRow("negative zero") << Values { 0.0, -0.0, 0.0, 1 };
    QTest::newRow("only negative zero") << Values { -0.0, -0.0 };
    QTest::newRow("decimals") << Values { 0.25, 0.5, 12.75, 99.999999999 };
    QTest::newRow("at the edge") << Values { 2251799813685247.0, -2251799813685247.0,
        2251799813685248.0 };
    QTest::newRow("binary fractions") << Values { 0.1, 0.2, 0.30000000000000004 };
    QTest::newRow("special") << Values { nan, inf, -inf, stale, kAbsent, nan, 1 };
    QTest::newRow("absent, then there") << Values { kAbsent, kAbsent, 5, 6, 7, stale };
    QTest::newRow("all absent") << Values(5, kAbsent);
    QTest::newRow("huge") << Values { 1e308, -1e308, 5e-324, 1e17, 9007199254740993.0 };
    QTest::newRow("many digits after few") << Values { 1, 2, 0.5, 0.123456789, 4 };
    QTest::newRow("129 rows") << made(129, [](size_t i) { return static_cast<double>(i * i); });
    QTest::newRow("768 rows") << made(
        768, [](size_t i) { return static_cast<double>(i / 9) / 100; });
}

void TestPackedColumn::valuesComeBackBitByBit()
{
    QFETCH(Values, values);
    Bytes bytes;
    packColumn(bytes, values);
    QVERIFY(same(unpacked(bytes, values.size()), values));
    QVERIFY(same(throughPage({ values }).at(0), values));
}

void TestPackedColumn::randomColumnsComeBack()
{
    std::mt19937_64 random(seeded());
    for (int round = 0; round < 400; ++round) {
        const size_t rows = 1 + random() % 800;
        std::vector<Values> columns;
        for (int i = 0; i < 4; ++i) {
            columns.push_back(randomColumn(random, rows));
            Bytes bytes;
            packColumn(bytes, columns.back());
            QVERIFY(same(unpacked(bytes, rows), columns.back()));
        }
        const auto back = throughPage(columns);
        for (size_t i = 0; i < columns.size(); ++i)
            QVERIFY(same(back[i], columns[i]));
    }
}

void TestPackedColumn::damagedBytesAreRefusedOrDecodedInside()
{
    std::mt19937_64 random(seeded());
    for (int round = 0; round < 20000; ++round) {
        Bytes bytes;
        if (round % 2 == 0)
            packColumn(bytes, randomColumn(random, 1 + random() % 200));
        else
            bytes.resize(random() % 60);
        for (uint64_t i = random() % 4 + 1; i > 0 && !bytes.empty(); --i)
            bytes[random() % bytes.size()] = static_cast<uint8_t>(random());
        Values values(random() % 250);
        ByteView in = bytes;
        static_cast<void>(unpackColumn(in, values));
        QVERIFY(in.size() <= bytes.size());
        static_cast<void>(
            readColumnPage(bytes, random() % 5, random() % 100, [](size_t, const ColumnParts&) {}));
    }
}

void TestPackedColumn::sizesAreAsTheyShould_data()
{
    QTest::addColumn<Values>("values");
    QTest::addColumn<size_t>("bytesMax");
    QTest::newRow("a constant is nine bytes") << Values(768, 17.25) << size_t { 9 };
    QTest::newRow("an end costs its run")
        << made(768, [](size_t i) { return i < 700 ? 4.0 : kAbsent; }) << size_t { 22 };
    QTest::newRow("a steady counter costs its heads")
        << made(768, [](size_t i) { return static_cast<double>(i) * 15; }) << size_t { 36 };
    QTest::newRow("rare changes cost two bytes")
        << made(768, [](size_t i) { return static_cast<double>(i / 100); }) << size_t { 26 };
    QTest::newRow("two bits a row") << made(768, [](size_t i) {
        return static_cast<double>(i * 7 + i * 2654435761 / 65536 % 4);
    }) << size_t { 3 * 768 / 8 + 40 };
}

void TestPackedColumn::sizesAreAsTheyShould()
{
    QFETCH(Values, values);
    QFETCH(size_t, bytesMax);
    Bytes bytes;
    packColumn(bytes, values);
    QVERIFY2(bytes.size() <= bytesMax, std::to_string(bytes.size()).c_str());
}

QTEST_GUILESS_MAIN(TestPackedColumn)
#include "tst_packed_column.moc"
