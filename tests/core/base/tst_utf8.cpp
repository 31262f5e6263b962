#include "core/base/utf8.h"

#include <QTest>

using namespace fleetglass;

class TestUtf8 : public QObject
{
    Q_OBJECT

private slots:
    void brokenBytesAreNotUtf8_data();
    void brokenBytesAreNotUtf8();
    void everyCodePointSurvivesTheRoundTrip();
    void clippingNeverCutsACharacter();
};

void TestUtf8::brokenBytesAreNotUtf8_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("overlong slash") << QByteArray("\xC0\xAF");
    QTest::newRow("overlong three") << QByteArray("\xE0\x80\xAF");
    QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80");
    QTest::newRow("above the last") << QByteArray("\xF4\x90\x80\x80");
    QTest::newRow("cut short") << QByteArray("\xE2\x82");
    QTest::newRow("lone tail") << QByteArray("\x80");
}

void TestUtf8::brokenBytesAreNotUtf8()
{
    QFETCH(QByteArray, bytes);
    QVERIFY(!isValidUtf8({ bytes.constData(), static_cast<size_t>(bytes.size()) }));
}

void TestUtf8::everyCodePointSurvivesTheRoundTrip()
{
    for (uint32_t point = 0; point <= 0x10FFFF; point += point < 0x1000 ? 1 : 37) {
        if (point >= 0xD800 && point <= 0xDFFF)
            continue;
        std::string text;
        appendUtf8(text, point);
        std::string_view rest = text;
        QCOMPARE(takeCodePoint(rest).value_or(0xFFFFFFFF), point);
        QVERIFY(rest.empty());
    }
}

void TestUtf8::clippingNeverCutsACharacter()
{
    QCOMPARE(clipUtf8("abc", 3), std::string("abc"));
    QCOMPARE(clipUtf8("abcd", 3), std::string("abc…"));
    QCOMPARE(clipUtf8("aé", 2), std::string("a…"));
}

QTEST_GUILESS_MAIN(TestUtf8)
#include "tst_utf8.moc"
