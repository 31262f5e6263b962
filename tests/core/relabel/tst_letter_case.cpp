#include "core/relabel/letter_case.h"

#include <QTest>

using namespace fleetglass;

class LetterCaseTest : public QObject
{
    Q_OBJECT

private slots:
    void lettersOfSeveralScriptsChange_data();
    void lettersOfSeveralScriptsChange();
    void bytesThatAreNoTextStay();
};

void LetterCaseTest::lettersOfSeveralScriptsChange_data()
{
    QTest::addColumn<QByteArray>("upper");
    QTest::addColumn<QByteArray>("lower");
    const auto row = [](const char* name, const char* upper, const char* lower) {
        QTest::newRow(name) << QByteArray(upper) << QByteArray(lower);
    };
    row("ascii", "WEB-1", "web-1");
    row("latin", "ÄÖÜÉŁŽŸ", "äöüéłžÿ");
    row("greek", "ΑΒΓΔΣ", "αβγδσ");
    row("cyrillic", "ЖЁЯ", "жёя");
    row("no letters", "温度 1×", "温度 1×");
}

void LetterCaseTest::lettersOfSeveralScriptsChange()
{
    QFETCH(QByteArray, upper);
    QFETCH(QByteArray, lower);
    QCOMPARE(QByteArray::fromStdString(relabel::toLowerCase(upper.toStdString())), lower);
    QCOMPARE(QByteArray::fromStdString(relabel::toUpperCase(lower.toStdString())), upper);
}

void LetterCaseTest::bytesThatAreNoTextStay()
{
    QCOMPARE(relabel::toUpperCase("a\xff"
                                  "b"),
        std::string("A\xff"
                    "B"));
}

QTEST_GUILESS_MAIN(LetterCaseTest)
#include "tst_letter_case.moc"
