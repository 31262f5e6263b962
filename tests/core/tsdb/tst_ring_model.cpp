// Goal: whatever is appended in whatever order, the store answers as a plain map would.
// Method: random rows, loose samples and ranges against std::map, with a printed seed.
#include "tests/support/ring_fixture.h"

#include <QTest>

#include <random>

using namespace fleetglass;
using namespace fleetglass::tsdb;
using namespace fleetglass::tsdb::test;
using labels::Labels;
using storage::LooseSample;
using storage::RowValue;

class TestRingModel : public QObject
{
    Q_OBJECT

private slots:
    void randomOperationsAgreeWithAMap_data();
    void randomOperationsAgreeWithAMap();
};

namespace {

struct Point
{
    uint64_t bits = 0;
    int64_t startMs = 0;
    friend bool operator==(const Point&, const Point&) = default;
};

class Model
{
public:
    // How the sample counts, and what the map holds after it.
    void add(const Labels& labels, int64_t timeMs, Point point, storage::AppendCounts& counts)
    {
        auto& points = m_series[labels];
        const int64_t last = points.empty() ? INT64_MIN : points.rbegin()->first;
        if (timeMs < last)
            ++counts.outOfOrder;
        else if (timeMs == last && points[last].bits != point.bits)
            ++counts.duplicate;
        else
            ++counts.appended;
        if (timeMs > last)
            points[timeMs] = point;
    }

    std::map<Labels, std::map<int64_t, Point>> inside(storage::TimeRange range) const
    {
        std::map<Labels, std::map<int64_t, Point>> part;
        for (const auto& [labels, points] : m_series) {
            for (const auto& [time, point] : points) {
                if (time >= range.startMs && time <= range.endMs)
                    part[labels][time] = point;
            }
        }
        return part;
    }

private:
    std::map<Labels, std::map<int64_t, Point>> m_series;
};

std::map<Labels, std::map<int64_t, Point>> answered(
    const RingStore& store, storage::TimeRange range)
{
    std::map<Labels, std::map<int64_t, Point>> all;
    for (const auto& slice : selectAll(store, {}, range)) {
        auto& points = all[slice.labels];
        for (size_t i = 0; i < slice.timestampsMs.size(); ++i) {
            const int64_t start = slice.startTimestampsMs.empty() ? 0 : slice.startTimestampsMs[i];
            points[slice.timestampsMs[i]] = { std::bit_cast<uint64_t>(slice.values[i]), start };
        }
        for (const auto& sample : slice.histograms)
            points[sample.timestampMs]
                = { std::bit_cast<uint64_t>(sample.histogram->count), sample.startTimestampMs };
    }
    return all;
}

double randomValue(std::mt19937_64& random)
{
    switch (random() % 5) {
    case 0:
        return storage::kStaleMarker;
    case 1:
        return static_cast<double>(random() % 1000) / 8;
    case 2:
        return std::bit_cast<double>(random() | 1U);
    default:
        return static_cast<double>(random() % 3);
    }
}

bool sameCounts(const storage::AppendCounts& a, const storage::AppendCounts& b)
{
    return a.appended == b.appended && a.outOfOrder == b.outOfOrder && a.duplicate == b.duplicate
        && a.tooOld == b.tooOld && a.unknownSeries == b.unknownSeries;
}

} // namespace

void TestRingModel::randomOperationsAgreeWithAMap_data()
{
    QTest::addColumn<bool>("isOrderly");
    QTest::newRow("as scrapes come") << true;
    QTest::newRow("wild times") << false;
}

void TestRingModel::randomOperationsAgreeWithAMap()
{
    QFETCH(bool, isOrderly);
    const uint64_t seed = std::random_device()();
    qInfo("seed %llu", static_cast<unsigned long long>(seed));
    std::mt19937_64 random(seed);
    HandClock clock;
    RingStore store({ .retention = {}, .bytesMax = SIZE_MAX }, clock);
    Model model;
    int64_t now = 1000;
    for (int round = 0; round < 1500; ++round) {
        now += static_cast<int64_t>(random() % 20);
        const int64_t rowTime = isOrderly ? now : now - static_cast<int64_t>(random() % 60);
        const auto target = std::to_string(random() % 3);
        std::vector<RowValue> values;
        std::vector<LooseSample> loose;
        storage::AppendCounts expected;
        for (int i = 0; i < 12; ++i) {
            if (random() % 5 == 0)
                continue; // A gap.
            const bool strays = random() % 40 == 0;
            const Labels labels { { "__name__", "m" + std::to_string(i) },
                { "target", strays ? "9" : std::string_view(target) } };
            values.push_back({ refFor(store, labels), randomValue(random) });
            model.add(
                labels, rowTime, { std::bit_cast<uint64_t>(values.back().value), 0 }, expected);
        }
        for (uint64_t i = random() % 4; i > 0; --i) {
            const Labels labels { { "__name__", "m" + std::to_string(random() % 20) },
                { "target", target } };
            LooseSample sample { refFor(store, labels), now - static_cast<int64_t>(random() % 30),
                randomValue(random), nullptr, static_cast<int64_t>(random() % 3) };
            model.add(labels, sample.timestampMs,
                { std::bit_cast<uint64_t>(sample.value), sample.startTimestampMs }, expected);
            loose.push_back(sample);
        }
        const Labels histogramLabels { { "__name__", "h" }, { "target", target } };
        auto histogram = std::make_shared<histogram::Histogram>();
        histogram->count = static_cast<double>(random() % 4);
        loose.push_back({ refFor(store, histogramLabels), now, 0, histogram, 0 });
        model.add(histogramLabels, now, { std::bit_cast<uint64_t>(histogram->count), 0 }, expected);

        const auto counts = store.append({ rowTime, values, loose, {} }).value();
        QVERIFY(sameCounts(counts, expected));
        if (round % 50 == 0) {
            const int64_t from = static_cast<int64_t>(random() % static_cast<uint64_t>(now));
            const storage::TimeRange range { from, from + static_cast<int64_t>(random() % 5000) };
            QVERIFY(answered(store, range) == model.inside(range));
        }
    }
    QVERIFY(answered(store, kAlways) == model.inside(kAlways));
    QCOMPARE(store.recountBytes(), store.stats().bytes);
}

QTEST_GUILESS_MAIN(TestRingModel)
#include "tst_ring_model.moc"
