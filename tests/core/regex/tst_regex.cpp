#include "core/regex/regex.h"

#include <QTest>

using namespace fleetglass::regex;

class TestRegex : public QObject
{
    Q_OBJECT

private slots:
    void anchoredPatternsMatchWholeTexts_data();
    void anchoredPatternsMatchWholeTexts();
    void templatesAreFilledAsGoFillsThem_data();
    void templatesAreFilledAsGoFillsThem();
    void everyMatchIsReplaced_data();
    void everyMatchIsReplaced();
    void alternationsOfLiteralsNeedNoEngine();
    void aPatternPastTheLimitNamesIt();
    void aLongLabelDoesNoHarm();
};

void TestRegex::anchoredPatternsMatchWholeTexts_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("matches");
    QTest::newRow("whole") << "ab+"
                           << "abb" << true;
    QTest::newRow("not a part") << "ab+"
                                << "xabb" << false;
    QTest::newRow("dot takes a newline") << "a.b"
                                         << "a\nb" << true;
    QTest::newRow("alternatives are anchored both") << "a|bc"
                                                    << "bcd" << false;
    QTest::newRow("empty alternative") << "a|"
                                       << "" << true;
    QTest::newRow("case flag") << "(?i)AB"
                               << "ab" << true;
    QTest::newRow("escaped dot") << "a\\.b"
                                 << "axb" << false;
}

void TestRegex::anchoredPatternsMatchWholeTexts()
{
    QFETCH(QString, pattern);
    QFETCH(QString, text);
    QFETCH(bool, matches);
    const auto regex = Regex::compileAnchored(pattern.toStdString());
    QVERIFY(regex.has_value());
    QCOMPARE(regex->matches(text.toStdString()), matches);
}

void TestRegex::templatesAreFilledAsGoFillsThem_data()
{
    QTest::addColumn<QString>("replacement");
    QTest::addColumn<QString>("result");
    // Against (?P<host>[^:]+)(?::(\d+))? with "web-07:4000".
    QTest::newRow("number") << "$1"
                            << "web-07";
    QTest::newRow("braces") << "${1}x"
                            << "web-07x";
    QTest::newRow("longest name") << "$1x"
                                  << "";
    QTest::newRow("named") << "${host}/$2"
                           << "web-07/4000";
    QTest::newRow("dollar") << "$$1"
                            << "$1";
    QTest::newRow("no such group") << "a$9b"
                                   << "a";
    QTest::newRow("lone dollar") << "a$ b"
                                 << "a$ b";
}

void TestRegex::templatesAreFilledAsGoFillsThem()
{
    QFETCH(QString, replacement);
    QFETCH(QString, result);
    const auto regex = Regex::compileAnchored("(?P<host>[^:]+)(?::(\\d+))?");
    QVERIFY(regex.has_value());
    QCOMPARE(QString::fromStdString(
                 regex->expand("web-07:4000", replacement.toStdString()).value_or("?")),
        result);
    QVERIFY(!regex->expand("a:b:c", "$1"));
}

void TestRegex::everyMatchIsReplaced_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("replacement");
    QTest::addColumn<QString>("result");
    QTest::newRow("each") << "o"
                          << "foo boo"
                          << "0"
                          << "f00 b00";
    QTest::newRow("groups") << "(a)(b)"
                            << "ab-ab"
                            << "$2$1"
                            << "ba-ba";
    QTest::newRow("empty matches") << "x*"
                                   << "ab"
                                   << "-"
                                   << "-a-b-";
    QTest::newRow("none") << "z"
                          << "ab"
                          << "-"
                          << "ab";
}

void TestRegex::everyMatchIsReplaced()
{
    QFETCH(QString, pattern);
    QFETCH(QString, text);
    QFETCH(QString, replacement);
    QFETCH(QString, result);
    const auto regex = Regex::compile(pattern.toStdString());
    QVERIFY(regex.has_value());
    QCOMPARE(
        QString::fromStdString(regex->replaceAll(text.toStdString(), replacement.toStdString())),
        result);
}

void TestRegex::alternationsOfLiteralsNeedNoEngine()
{
    QCOMPARE(Regex::compileAnchored("a|b|c")->literals().size(), size_t(3));
    QVERIFY(Regex::compileAnchored("a|b.*")->literals().empty());
}

void TestRegex::aPatternPastTheLimitNamesIt()
{
    const auto regex = Regex::compileAnchored(std::string(5000, 'a'));
    QVERIFY(!regex.has_value());
    QVERIFY(regex.error().message.find("4096") != std::string::npos);
}

void TestRegex::aLongLabelDoesNoHarm()
{
    // std::regex overflows the stack here.
    const auto regex = Regex::compileAnchored("(a|b)*c?");
    QVERIFY(regex->matches(std::string(200'000, 'a')));
}

QTEST_GUILESS_MAIN(TestRegex)
#include "tst_regex.moc"
