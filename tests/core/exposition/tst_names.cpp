#include "core/exposition/names.h"

#include <QTest>

using namespace fleetglass;
using namespace fleetglass::exposition;

class NamesTest : public QObject
{
    Q_OBJECT

private slots:
    void namesSurviveTheSchemesThatCanGoBack();
    void underscoresLoseWhatTheyReplace();
    void whatTheSchemeDidNotMakeStays();
    void sanitizedNamesAreLabelNames();
};

void NamesTest::namesSurviveTheSchemesThatCanGoBack()
{
    QCOMPARE(escapeName("disk.used_bytes", Escaping::Dots), std::string("disk_dot_used__bytes"));
    QCOMPARE(escapeName("disk.used_é", Escaping::Values), std::string("U__disk_2e_used___e9_"));
    for (const char* name : { "disk.used_bytes", "9lives", "温度", "_a__b.c" })
        QCOMPARE(
            unescapeName(escapeName(name, Escaping::Values), Escaping::Values), std::string(name));
    QCOMPARE(unescapeName("disk_dot_used__bytes", Escaping::Dots), std::string("disk.used_bytes"));
}

void NamesTest::underscoresLoseWhatTheyReplace()
{
    QCOMPARE(escapeName("9.é:x", Escaping::Underscores), std::string("___:x"));
    QCOMPARE(escapeName("", Escaping::Underscores), std::string());
    QCOMPARE(escapeName("a.b", Escaping::AllowUtf8), std::string("a.b"));
}

void NamesTest::whatTheSchemeDidNotMakeStays()
{
    for (const char* name : { "U__a_2", "U__a_zz_", "U__a_1234567_", "U__a_d800_", "plain_2e_" })
        QCOMPARE(unescapeName(name, Escaping::Values), std::string(name));
}

void NamesTest::sanitizedNamesAreLabelNames()
{
    QCOMPARE(sanitizeLabelName("1a.b-ü:c"), std::string("1a_b___c"));
    QCOMPARE(sanitizeFullLabelName("1a.b"), std::string("_a_b"));
    QCOMPARE(sanitizeFullLabelName(""), std::string("_"));
}

QTEST_GUILESS_MAIN(NamesTest)
#include "tst_names.moc"
