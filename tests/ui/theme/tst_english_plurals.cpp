// Goal: one alert, two alerts; never "1 alert(s)".
#include "ui/theme/english_plurals.h"

#include <QCoreApplication>
#include <QTest>

using namespace fleetglass;

class TestEnglishPlurals : public QObject
{
    Q_OBJECT

private slots:
    void theNumberDecides();
};

void TestEnglishPlurals::theNumberDecides()
{
    theme::EnglishPlurals plurals;
    QVERIFY(QCoreApplication::installTranslator(&plurals));
    QCOMPARE(tr("%n alert(s)", nullptr, 1), QStringLiteral("1 alert"));
    QCOMPARE(tr("%n alert(s)", nullptr, 0), QStringLiteral("0 alerts"));
    QCOMPARE(tr("%n alert(s)", nullptr, 12), QStringLiteral("12 alerts"));
    QCOMPARE(tr("%n more", nullptr, 1), QStringLiteral("1 more"));
    QCOMPARE(tr("rate(s)"), QStringLiteral("rate(s)"));
    QCoreApplication::removeTranslator(&plurals);
}

QTEST_GUILESS_MAIN(TestEnglishPlurals)
#include "tst_english_plurals.moc"
