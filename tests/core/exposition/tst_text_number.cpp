#include "core/exposition/text_number.h"

#include <QTest>
#include <bit>
#include <cstdlib>
#include <random>

namespace fleetglass::exposition {

class TextNumberTest : public QObject
{
    Q_OBJECT

private slots:
    void shortDecimalsAreExact();
    void stopsWhereTheNumberEnds_data();
    void stopsWhereTheNumberEnds();
    void leavesTheOthersAlone_data();
    void leavesTheOthersAlone();
};

// The second answer is the C library's, which is exact for every length.
void TextNumberTest::shortDecimalsAreExact()
{
    const unsigned seed = std::random_device()();
    qInfo("seed %u", seed);
    std::mt19937_64 random(seed);
    int taken = 0;
    for (int i = 0; i < 200'000; ++i) {
        std::string text = std::to_string(random() >> (random() % 64));
        if (random() % 3 == 0)
            text.insert(random() % (text.size() + 1), ".");
        if (random() % 4 == 0)
            text.insert(0, "-");
        if (random() % 4 == 0)
            text += (random() % 2 == 0 ? "e-" : "e+") + std::to_string(random() % 30);
        double value = 0;
        if (takeShortDecimal(text, value) != text.size())
            continue;
        ++taken;
        const double expected = std::strtod(text.c_str(), nullptr);
        QVERIFY2(std::bit_cast<uint64_t>(value) == std::bit_cast<uint64_t>(expected), text.c_str());
    }
    QVERIFY(taken > 50'000);
}

void TextNumberTest::stopsWhereTheNumberEnds_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("size");
    QTest::addColumn<double>("value");
    QTest::newRow("whole") << QByteArray("1027\n") << 4 << 1027.0;
    QTest::newRow("fraction") << QByteArray("0.25 17") << 4 << 0.25;
    QTest::newRow("exponent") << QByteArray("8.1262e+06\n") << 10 << 8126200.0;
    QTest::newRow("small") << QByteArray("1e-05") << 5 << 1e-05;
    QTest::newRow("negative") << QByteArray("-3{") << 2 << -3.0;
    QTest::newRow("point first") << QByteArray(".5") << 2 << 0.5;
    QTest::newRow("point last") << QByteArray("5.") << 2 << 5.0;
    QTest::newRow("the largest whole one")
        << QByteArray("9007199254740992") << 16 << 9007199254740992.0;
}

void TextNumberTest::stopsWhereTheNumberEnds()
{
    QFETCH(QByteArray, text);
    QFETCH(int, size);
    QFETCH(double, value);
    double read = 0;
    QCOMPARE(static_cast<int>(takeShortDecimal(text.toStdString(), read)), size);
    QCOMPARE(read, value);
}

void TextNumberTest::leavesTheOthersAlone_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char* text :
        { "", "-", ".", "+1", "NaN", "Inf", "e5", "1e", "1e+", "9007199254740993", "1e23", "1e-23",
            "12345678901234567890", "0.00000000000000000000001", "x" })
        QTest::newRow(text) << QByteArray(text);
}

void TextNumberTest::leavesTheOthersAlone()
{
    QFETCH(QByteArray, text);
    double read = 0;
    QCOMPARE(takeShortDecimal(text.toStdString(), read), size_t { 0 });
}

} // namespace fleetglass::exposition

QTEST_GUILESS_MAIN(fleetglass::exposition::TextNumberTest)
#include "tst_text_number.moc"
