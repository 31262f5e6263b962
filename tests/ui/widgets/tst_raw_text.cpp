// Lines of raw text: numbers, the marked place, the difference of two bodies.
#include "ui/widgets/raw_text.h"

#include <QtTest>

using namespace fleetglass::widgets;

namespace {

QString drawn(const QVector<RawLine>& lines)
{
    QString text;
    for (const RawLine& line : lines) {
        text += line.mark == LineMark::Added ? QLatin1Char('+')
            : line.mark == LineMark::Removed ? QLatin1Char('-')
                                             : QLatin1Char(' ');
        text += line.text + QLatin1Char('|');
    }
    return text;
}

} // namespace

class TestRawText : public QObject
{
    Q_OBJECT

private slots:
    void linesAreNumbered()
    {
        const auto lines = rawLines("a\r\nb\n\nc\n");
        QCOMPARE(lines.size(), 4);
        QCOMPARE(lines[0].text, QStringLiteral("a"));
        QCOMPARE(lines[3].number, 4);
        QVERIFY(rawLines("").isEmpty());
    }

    void theCauseStandsUnderItsCharacter()
    {
        const auto lines = rawLines("up 1\nx{y=\"z\"\"} 2\n", 2, 8, QStringLiteral("a quote"));
        QCOMPARE(lines.size(), 3);
        QCOMPARE(lines[1].mark, LineMark::Error);
        QCOMPARE(lines[1].column, 8);
        QCOMPARE(lines[2].text, QStringLiteral("       ^ a quote"));
        QCOMPARE(lines[2].number, 0);
    }

    void columnsCountedInBytesFindTheCharacter()
    {
        const auto lines = rawLines("\xC3\xA4\xC3\xB6x", 1, 5, {}); // Two characters of two bytes.
        QCOMPARE(lines[0].column, 3);
    }

    void longLinesAndControlsAreTamed()
    {
        const auto lines = rawLines(std::string(10'000, 'x') + "\na\x1b[31mb");
        QCOMPARE(lines[0].text.size(), kRawColumnsMax + 1);
        QCOMPARE(lines[1].text, QStringLiteral("a\ufffd[31mb"));
    }

    void differencesAreShownInPlace_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        QTest::addColumn<QString>("difference");
        QTest::addColumn<int>("changed");
        QTest::newRow("same") << QByteArray("a\nb\n") << QByteArray("a\nb\n")
                              << QStringLiteral(" a| b|") << 0;
        QTest::newRow("one value") << QByteArray("a 1\nb 2\nc 3") << QByteArray("a 1\nb 9\nc 3")
                                   << QStringLiteral(" a 1|-b 2|+b 9| c 3|") << 1;
        QTest::newRow("added") << QByteArray("a\nc") << QByteArray("a\nb\nc")
                               << QStringLiteral(" a|+b| c|") << 1;
        QTest::newRow("removed") << QByteArray("a\nb\nc") << QByteArray("a\nc")
                                 << QStringLiteral(" a|-b| c|") << 1;
        QTest::newRow("from nothing")
            << QByteArray() << QByteArray("a\nb") << QStringLiteral("+a|+b|") << 2;
        QTest::newRow("to nothing")
            << QByteArray("a") << QByteArray() << QStringLiteral("-a|") << 1;
    }

    void differencesAreShownInPlace()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        QFETCH(QString, difference);
        QFETCH(int, changed);
        const auto lines = diffLines(before.toStdString(), after.toStdString());
        QCOMPARE(drawn(lines), difference);
        QCOMPARE(changedCount(lines), changed);
    }
};

QTEST_GUILESS_MAIN(TestRawText)
#include "tst_raw_text.moc"
