// Queries and messages read best as plain literals here.
#undef QT_NO_CAST_FROM_ASCII

#include "core/base/number.h"
#include "core/promql/series_description.h"
#include "core/storage/sample.h"

#include <QtTest>

using namespace fleetglass;
using namespace fleetglass::promql;

namespace {

// "1 _ stale {{sum:2}}"
QString values(const SeriesDescription& series)
{
    std::string out;
    for (const SequenceValue& value : series.values) {
        out += out.empty() ? "" : " ";
        if (value.omitted)
            out += '_';
        else if (value.histogram)
            out += printHistogram(*value.histogram);
        else
            out += storage::isStaleMarker(value.value) ? "stale" : formatFloat(value.value);
    }
    return QString::fromStdString(out);
}

} // namespace

class SeriesDescriptionTest : public QObject
{
    Q_OBJECT

private slots:
    void valuesSpreadOut_data();
    void valuesSpreadOut();
    void labelsMayBeQuoted();
    void histogramsTakeAllKeys();
    void aWrittenHintIsRemembered();
    void errorsSayWhereAndWhat_data();
    void errorsSayWhereAndWhat();
};

void SeriesDescriptionTest::valuesSpreadOut_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("list");
    QTest::newRow("plain") << QByteArray("m 1 -2 +3 NaN Inf -Inf 0.5")
                           << "1 -2 3 NaN +Inf -Inf 0.5";
    QTest::newRow("repeat") << QByteArray("m 4x2") << "4 4 4";
    QTest::newRow("up") << QByteArray("m 1+2x3") << "1 3 5 7";
    QTest::newRow("down") << QByteArray("m 1-2x2") << "1 -1 -3";
    QTest::newRow("gaps") << QByteArray("m 1 _ _x2 stale") << "1 _ _ _ stale";
    QTest::newRow("none") << QByteArray("m") << "";
    QTest::newRow("zero times") << QByteArray("m _x0 7x0") << "7";
    QTest::newRow("hexadecimal is times") << QByteArray("m 0x2") << "0 0 0";
    QTest::newRow("histograms step") << QByteArray("{} {{sum:1 count:2}}+{{sum:3 count:1}}x2")
                                     << "{{count:2 sum:1}} {{count:3 sum:4}} {{count:4 sum:7}}";
    QTest::newRow("histograms repeat") << QByteArray("{} {{}}x1") << "{{}} {{}}";
}

void SeriesDescriptionTest::valuesSpreadOut()
{
    QFETCH(QByteArray, text);
    const auto parsed = parseSeriesDescription(text.toStdString());
    QVERIFY2(
        parsed.ok(), parsed.ok() ? "" : describe(parsed.errors[0], text.toStdString()).c_str());
    QTEST(values(parsed.value), "list");
}

void SeriesDescriptionTest::labelsMayBeQuoted()
{
    const auto parsed = parseSeriesDescription("{\"my.metric\", \"a b\"=\"c\", d='e',} 1");
    QVERIFY(parsed.ok());
    QCOMPARE(parsed.value.labels.toString(),
        std::string("{__name__=\"my.metric\", \"a b\"=\"c\", d=\"e\"}"));
}

void SeriesDescriptionTest::histogramsTakeAllKeys()
{
    const auto parsed
        = parseSeriesDescription("m {{schema:2 count:9 sum:-1 z_bucket:1 z_bucket_w:0.5 offset:-1 "
                                 "buckets:[1 0 2] n_offset:3 "
                                 "n_buckets:[4 -5] counter_reset_hint:gauge}} {{schema:-53 "
                                 "custom_values:[1 2.5] buckets:[1 2 "
                                 "3]}}");
    QVERIFY(parsed.ok());
    QCOMPARE(values(parsed.value),
        QString("{{schema:2 count:9 sum:-1 z_bucket:1 z_bucket_w:0.5 counter_reset_hint:gauge "
                "offset:-1 "
                "buckets:[1 0 2] n_offset:3 n_buckets:[4 -5]}} {{schema:-53 custom_values:[1 2.5] "
                "buckets:[1 2 3]}}"));
}

void SeriesDescriptionTest::aWrittenHintIsRemembered()
{
    const auto parsed = parseSeriesDescription("m {{counter_reset_hint:unknown}} {{sum:1}}");
    QVERIFY(parsed.ok());
    QVERIFY(parsed.value.values.at(0).hasResetHint);
    QVERIFY(!parsed.value.values.at(1).hasResetHint);
}

void SeriesDescriptionTest::errorsSayWhereAndWhat_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("error");
    QTest::newRow("no count") << QByteArray("m 1+1")
                              << "1:6: parse error: unexpected end of input in series values";
    QTest::newRow("word")
        << QByteArray("m five")
        << "1:3: parse error: unexpected identifier \"five\" in series values, expected "
           "number or \"stale\"";
    QTest::newRow("sign") << QByteArray("m $")
                          << "1:3: parse error: unexpected character in series sequence: '$'";
    QTest::newRow("key") << QByteArray("m {{nope:1}}")
                         << "1:5: parse error: bad histogram descriptor found: \"nope\"";
    QTest::newRow("colon") << QByteArray("m {{sum 1}}")
                           << "1:5: parse error: missing `:` for histogram descriptor";
    QTest::newRow("twice") << QByteArray("m {{sum:1 sum:2}}")
                           << "1:1: parse error: duplicate key \"sum\" in histogram";
    QTest::newRow("open")
        << QByteArray("m {{sum:1")
        << "1:10: parse error: histogram description incomplete unexpected: '\xef\xbf\xbd'";
    QTest::newRow("fraction as count") << QByteArray("m 1x1.5")
                                       << "1:5: parse error: invalid repetition in series values: "
                                          "strconv.ParseUint: parsing \"1.5\": invalid syntax";
    QTest::newRow("schema that does not fit")
        << QByteArray("m {{schema:3}}+{{schema:1}}x1")
        << "1:29: parse error: error combining histograms: cannot merge from schema 1 to 3";
    QTest::newRow("schema out of range")
        << QByteArray("m {{schema:3000000000}}")
        << "1:12: parse error: number out of range in histogram: 3000000000";
    QTest::newRow("label") << QByteArray("m{a=} 1")
                           << "1:5: parse error: unexpected \"}\" in label set, expected string";
}

void SeriesDescriptionTest::errorsSayWhereAndWhat()
{
    QFETCH(QByteArray, text);
    const auto parsed = parseSeriesDescription(text.toStdString());
    QVERIFY(!parsed.ok());
    QTEST(QString::fromStdString(describe(parsed.errors.front(), text.toStdString())), "error");
}

QTEST_GUILESS_MAIN(SeriesDescriptionTest)
#include "tst_series_description.moc"
