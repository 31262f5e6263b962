#include "core/base/number.h"

#include <QTest>
#include <cmath>
#include <limits>

using namespace fleetglass;

class TestNumber : public QObject
{
    Q_OBJECT

private slots:
    void floatsAreWrittenAsGoWritesThem_data();
    void floatsAreWrittenAsGoWritesThem();
    void whatIsNoNumberIsRefused_data();
    void whatIsNoNumberIsRefused();
    void specialWordsAreTakenInAnyCase();
    void digitsAreGroupedByThousands();
};

void TestNumber::floatsAreWrittenAsGoWritesThem_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("plain");
    QTest::addColumn<QString>("shortest");
    const auto row = [](double value, const char* plain, const char* shortest) {
        QTest::newRow(plain) << value << QString::fromLatin1(plain)
                             << QString::fromLatin1(shortest);
    };
    row(0, "0", "0");
    row(-0.0, "-0", "-0");
    row(100000, "100000", "100000");
    row(1000000, "1000000", "1e+06");
    row(1234567, "1234567", "1.234567e+06");
    row(0.0001, "0.0001", "0.0001");
    row(0.00001, "0.00001", "1e-05");
    row(0.1 + 0.2, "0.30000000000000004", "0.30000000000000004");
    row(std::numeric_limits<double>::infinity(), "+Inf", "+Inf");
    row(-std::numeric_limits<double>::infinity(), "-Inf", "-Inf");
    row(std::numeric_limits<double>::quiet_NaN(), "NaN", "NaN");
}

void TestNumber::floatsAreWrittenAsGoWritesThem()
{
    QFETCH(double, value);
    QFETCH(QString, plain);
    QFETCH(QString, shortest);
    QCOMPARE(QString::fromStdString(formatFloat(value)), plain);
    QCOMPARE(QString::fromStdString(formatFloatShort(value)), shortest);
    if (!std::isnan(value))
        QCOMPARE(parseFloat(formatFloatShort(value)).value(), value);
}

void TestNumber::whatIsNoNumberIsRefused_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text :
        { "", " 1", "1 ", "1e", "--1", "+-1", "1_000", "0x1f", "1,5", "infinit", "-nan" })
        QTest::newRow(text[0] ? text : "empty") << QString::fromLatin1(text);
}

void TestNumber::whatIsNoNumberIsRefused()
{
    QFETCH(QString, text);
    QVERIFY(!parseFloat(text.toStdString()));
}

void TestNumber::specialWordsAreTakenInAnyCase()
{
    QVERIFY(std::isnan(parseFloat("NaN").value()));
    QVERIFY(std::isinf(parseFloat("+Inf").value()));
    QCOMPARE(parseFloat("-INFINITY").value(), -std::numeric_limits<double>::infinity());
    QCOMPARE(parseFloat("1e400").value(), std::numeric_limits<double>::infinity());
    QCOMPARE(parseFloat("+1.5").value(), 1.5);
}

void TestNumber::digitsAreGroupedByThousands()
{
    QCOMPARE(groupDigits(0), std::string("0"));
    QCOMPARE(groupDigits(999), std::string("999"));
    QCOMPARE(groupDigits(-1234567), std::string("-1,234,567"));
}

QTEST_GUILESS_MAIN(TestNumber)
#include "tst_number.moc"
