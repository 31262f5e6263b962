#include "tests/support/ring_fixture.h"

#include <QTest>

#include <random>

using namespace fleetglass;
using namespace fleetglass::tsdb;
using namespace fleetglass::tsdb::test;
using labels::Labels;
using labels::Matcher;
using labels::MatchType;

using Texts = std::vector<std::string>;

class TestRingMatchers : public QObject
{
    Q_OBJECT

private slots:
    void matchersFindTheirSeries_data();
    void matchersFindTheirSeries();
    void namesAndValuesFollowMatchersAndRange();
    void seriesOutsideTheRangeAreLeftOut();
    void randomMatchersAgreeWithAskingEachSeries();
};

namespace {

// Five series; the store is big enough for both ways of applying a pattern.
void fill(RingStore& store)
{
    const std::vector<Labels> all { { { "__name__", "up" }, { "job", "node" }, { "n", "1" } },
        { { "__name__", "up" }, { "job", "node" }, { "n", "2" } },
        { { "__name__", "up" }, { "job", "api" }, { "n", "1" }, { "zone", "eu" } },
        { { "__name__", "load" }, { "job", "node" } },
        { { "__name__", "load" }, { "n", "new\nline" } } };
    int64_t time = 10;
    for (const Labels& labels : all) {
        appendRow(store, time, { { refFor(store, labels), static_cast<double>(time) } });
        time += 10;
    }
}

struct Condition
{
    MatchType type;
    std::string name;
    std::string value;
};

Matcher matcherOf(const Condition& condition)
{
    return Matcher::create(condition.type, condition.name, condition.value).value();
}

} // namespace

Q_DECLARE_METATYPE(Condition)

void TestRingMatchers::matchersFindTheirSeries_data()
{
    QTest::addColumn<std::vector<Condition>>("conditions");
    QTest::addColumn<std::vector<int>>("times"); // Each series has the time of its number.
    using C = std::vector<Condition>;
    using T = std::vector<int>;
    const auto eq = MatchType::Equal;
    const auto ne = MatchType::NotEqual;
    const auto re = MatchType::Regex;
    const auto nre = MatchType::NotRegex;
    QTest::newRow("none") << C {} << T { 10, 20, 30, 40, 50 };
    QTest::newRow("name") << C { { eq, "__name__", "up" } } << T { 10, 20, 30 };
    QTest::newRow("two") << C { { eq, "__name__", "up" }, { eq, "n", "1" } } << T { 10, 30 };
    QTest::newRow("unknown value") << C { { eq, "n", "9" } } << T {};
    QTest::newRow("unknown name") << C { { eq, "what", "9" } } << T {};
    QTest::newRow("not equal takes the missing")
        << C { { ne, "zone", "eu" } } << T { 10, 20, 40, 50 };
    QTest::newRow("missing") << C { { eq, "job", "" } } << T { 50 };
    QTest::newRow("present") << C { { ne, "job", "" } } << T { 10, 20, 30, 40 };
    QTest::newRow("alternation") << C { { re, "n", "1|2" } } << T { 10, 20, 30 };
    QTest::newRow("alternation with empty") << C { { re, "n", "1|" } } << T { 10, 30, 40 };
    QTest::newRow("not alternation") << C { { nre, "n", "1|2" } } << T { 40, 50 };
    QTest::newRow("not alternation with empty") << C { { nre, "n", "1|" } } << T { 20, 50 };
    QTest::newRow("pattern") << C { { re, "job", "no.*" } } << T { 10, 20, 40 };
    QTest::newRow("not pattern") << C { { nre, "job", "no.*" } } << T { 30, 50 };
    QTest::newRow("anything") << C { { re, "zone", ".*" } } << T { 10, 20, 30, 40, 50 };
    QTest::newRow("something") << C { { re, "zone", ".+" } } << T { 30 };
    QTest::newRow("nothing") << C { { nre, "zone", ".+" } } << T { 10, 20, 40, 50 };
    QTest::newRow("never") << C { { nre, "zone", ".*" } } << T {};
    QTest::newRow("dot takes the newline") << C { { re, "n", "new.line" } } << T { 50 };
    QTest::newRow("pattern that takes empty") << C { { re, "n", "[12]?" } } << T { 10, 20, 30, 40 };
    QTest::newRow("pattern after name")
        << C { { eq, "__name__", "load" }, { re, "job", "n[a-z]+" } } << T { 40 };
    QTest::newRow("pattern on few") << C { { eq, "zone", "eu" }, { re, "n", "[0-9]" } } << T { 30 };
}

void TestRingMatchers::matchersFindTheirSeries()
{
    QFETCH(std::vector<Condition>, conditions);
    QFETCH(std::vector<int>, times);
    HandClock clock;
    RingStore store({ .retention = {} }, clock);
    fill(store);
    std::vector<Matcher> matchers;
    for (const Condition& condition : conditions)
        matchers.push_back(matcherOf(condition));
    std::vector<int> found;
    for (const auto& slice : selectAll(store, matchers))
        found.push_back(static_cast<int>(slice.timestampsMs[0]));
    std::sort(found.begin(), found.end());
    QCOMPARE(found, times);
}

void TestRingMatchers::namesAndValuesFollowMatchersAndRange()
{
    HandClock clock;
    RingStore store({ .retention = {} }, clock);
    fill(store);
    const std::vector<Matcher> load { named("load") };
    QVERIFY(store.labelNames({}, kAlways) == Texts({ "__name__", "job", "n", "zone" }));
    QVERIFY(store.labelNames(load, kAlways) == Texts({ "__name__", "job", "n" }));
    QVERIFY(store.labelNames(load, { 40, 40 }) == Texts({ "__name__", "job" }));
    QVERIFY(store.labelNames({}, { 40, 50 }) == Texts({ "__name__", "job", "n" }));
    QVERIFY(store.labelValues("job", {}, kAlways) == Texts({ "api", "node" }));
    QVERIFY(store.labelValues("job", load, kAlways) == Texts { "node" });
    QVERIFY(store.labelValues("job", {}, { 30, 30 }) == Texts { "api" });
    QVERIFY(store.labelValues("what", {}, kAlways).empty());
}

void TestRingMatchers::seriesOutsideTheRangeAreLeftOut()
{
    HandClock clock;
    RingStore store({ .retention = {} }, clock);
    fill(store);
    QCOMPARE(store.series({}, { 20, 30 }, {}).value().size(), size_t { 2 });
    QCOMPARE(store.series({}, { 51, 99 }, {}).value().size(), size_t { 0 });
    const auto sorted = store.series({}, kAlways, {}).value();
    QVERIFY(std::is_sorted(sorted.begin(), sorted.end()));
}

void TestRingMatchers::randomMatchersAgreeWithAskingEachSeries()
{
    const uint64_t seed = std::random_device()();
    qInfo("seed %llu", static_cast<unsigned long long>(seed));
    std::mt19937_64 random(seed);
    HandClock clock;
    RingStore store({ .retention = {} }, clock);
    std::vector<Labels> all;
    for (int i = 0; i < 2000; ++i) {
        labels::Builder builder;
        builder.set("__name__", "m" + std::to_string(random() % 5));
        builder.set("a", random() % 3 == 0 ? "" : std::to_string(random() % 10));
        builder.set("b", std::to_string(random() % 900));
        const Labels labels = builder.labels();
        if (std::find(all.begin(), all.end(), labels) == all.end())
            all.push_back(labels);
        appendRow(store, i + 1, { { refFor(store, labels), 1 } });
    }
    std::sort(all.begin(), all.end());
    const Texts patterns { "", "1", "1|2", "1|", "[0-4]", "[0-4]*", "m[12]", "m1|m2", ".*", ".+",
        "1.*", ".*7", "(1|2)3?", "m3" };
    for (int round = 0; round < 400; ++round) {
        std::vector<Matcher> matchers;
        for (uint64_t i = random() % 4; i > 0; --i) {
            const auto type = static_cast<MatchType>(random() % 4);
            const char* const names[] = { "__name__", "a", "b", "c" };
            matchers.push_back(
                matcherOf({ type, names[random() % 4], patterns[random() % patterns.size()] }));
        }
        std::vector<Labels> expected;
        std::copy_if(all.begin(), all.end(), std::back_inserter(expected),
            [&](const Labels& labels) { return labels::matchesAll(matchers, labels); });
        QVERIFY(store.series(matchers, kAlways, {}).value() == expected);
    }
}

QTEST_GUILESS_MAIN(TestRingMatchers)
#include "tst_ring_matchers.moc"
