#include "core/labels/labels.h"

#include "core/labels/matcher.h"

#include <QTest>

using namespace fleetglass::labels;

class TestLabels : public QObject
{
    Q_OBJECT

private slots:
    void orderOfWritingDoesNotMatter();
    void anEmptyValueIsNoLabel();
    void ofEqualNamesTheLaterWins();
    void setsCompareAsPrometheusComparesThem();
    void copiesKeepTheTextAlive();
    void selectorsQuoteWhatNeedsQuotes();
    void textIsQuotedAsGoQuotesIt();
    void theBuilderSetsAndDeletes();
    void aMissingLabelMatchesAsEmptyText_data();
    void aMissingLabelMatchesAsEmptyText();
    void aBrokenPatternIsRefused();
};

void TestLabels::orderOfWritingDoesNotMatter()
{
    const Labels a { { "job", "node" }, { "__name__", "up" } };
    const Labels b { { "__name__", "up" }, { "job", "node" } };
    QVERIFY(a == b);
    QCOMPARE(a.hash(), b.hash());
    QCOMPARE(a.toString(), std::string("{__name__=\"up\", job=\"node\"}"));
}

void TestLabels::anEmptyValueIsNoLabel()
{
    const Labels labels { { "a", "" }, { "b", "1" } };
    QCOMPARE(labels.size(), size_t(1));
    QVERIFY(!labels.has("a"));
    QVERIFY((Labels { { "a", "" } }) == Labels());
}

void TestLabels::ofEqualNamesTheLaterWins()
{
    QCOMPARE(std::string((Labels { { "a", "1" }, { "a", "2" } }).get("a")), std::string("2"));
    QVERIFY((Labels { { "a", "1" }, { "a", "" } }).empty());
}

void TestLabels::setsCompareAsPrometheusComparesThem()
{
    const Labels shorter { { "a", "1" } };
    const Labels longer { { "a", "1" }, { "b", "1" } };
    const Labels greater { { "a", "2" } };
    QVERIFY(shorter < longer);
    QVERIFY(longer < greater);
    QVERIFY(Labels() < shorter);
}

void TestLabels::copiesKeepTheTextAlive()
{
    Labels copy;
    {
        const Labels original { { "instance", std::string(100, 'x') } };
        copy = original.without(std::vector<std::string> { "none" });
    }
    QCOMPARE(copy.get("instance").size(), size_t(100));
}

void TestLabels::selectorsQuoteWhatNeedsQuotes()
{
    QCOMPARE((Labels { { "__name__", "up" }, { "job", "a" } }).toSelector(),
        std::string("up{job=\"a\"}"));
    QCOMPARE((Labels { { "__name__", "up" } }).toSelector(), std::string("up"));
    QCOMPARE((Labels { { "__name__", "my.metric" }, { "a.b", "c" } }).toSelector(),
        std::string("{\"my.metric\", \"a.b\"=\"c\"}"));
    QCOMPARE((Labels { { "job", "a" } }).toSelector(), std::string("{job=\"a\"}"));
}

void TestLabels::textIsQuotedAsGoQuotesIt()
{
    QCOMPARE(quote("a\"b\\c\nd"), std::string("\"a\\\"b\\\\c\\nd\""));
    QCOMPARE(quote(std::string_view("\x01\xff", 2)), std::string("\"\\x01\\xff\""));
    QCOMPARE(quote("é"), std::string("\"é\""));
}

void TestLabels::theBuilderSetsAndDeletes()
{
    Builder builder(Labels { { "a", "1" }, { "b", "2" } });
    builder.set("c", "3");
    builder.set("a", "");
    builder.remove("nothing");
    QVERIFY(builder.labels() == (Labels { { "b", "2" }, { "c", "3" } }));
}

void TestLabels::aMissingLabelMatchesAsEmptyText_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<QString>("value");
    QTest::addColumn<bool>("matches");
    QTest::newRow("= empty") << int(MatchType::Equal) << "" << true;
    QTest::newRow("!= a") << int(MatchType::NotEqual) << "a" << true;
    QTest::newRow("=~ .*") << int(MatchType::Regex) << ".*" << true;
    QTest::newRow("=~ .+") << int(MatchType::Regex) << ".+" << false;
    QTest::newRow("=~ a|") << int(MatchType::Regex) << "a|" << true;
    QTest::newRow("!~ a|b") << int(MatchType::NotRegex) << "a|b" << true;
}

void TestLabels::aMissingLabelMatchesAsEmptyText()
{
    QFETCH(int, type);
    QFETCH(QString, value);
    QFETCH(bool, matches);
    const auto matcher = Matcher::create(static_cast<MatchType>(type), "x", value.toStdString());
    QVERIFY(matcher.has_value());
    QCOMPARE(matcher->matches(Labels { { "y", "1" } }), matches);
}

void TestLabels::aBrokenPatternIsRefused()
{
    const auto matcher = Matcher::create(MatchType::Regex, "x", "(");
    QVERIFY(!matcher.has_value());
    QVERIFY(matcher.error().message.find("missing") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestLabels)
#include "tst_labels.moc"
