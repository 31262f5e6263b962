// Goal: the last pages are there to be compared, within the bytes that were given.
#include "core/scrape/body_archive.h"

#include <QTest>

using namespace fleetglass::scrape;

namespace {

KeptBody body(int64_t timeMs, const std::string& text, bool ok = true)
{
    KeptBody kept;
    kept.timeMs = timeMs;
    kept.ok = ok;
    kept.text = std::make_shared<const std::string>(text);
    kept.bytes = text.size();
    return kept;
}

std::vector<int64_t> times(const BodyArchive& archive, uint64_t target)
{
    std::vector<int64_t> all;
    for (const auto& kept : archive.of(target))
        all.push_back(kept.timeMs);
    return all;
}

using Times = std::vector<int64_t>;

} // namespace

class TestBodyArchive : public QObject
{
    Q_OBJECT
private slots:
    void theOldestGoesWhenTheBytesAreUsedUp()
    {
        BodyArchive archive(10);
        archive.add(1, body(1, "aaaa"));
        archive.add(1, body(2, "bbbb"));
        archive.add(1, body(3, "cccc"));
        QCOMPARE(times(archive, 1), (Times { 2, 3 }));
        QCOMPARE(archive.bytes(), size_t(8));
    }

    void theLastGoodPageStaysWhateverFails()
    {
        BodyArchive archive(10);
        archive.add(1, body(1, "good"));
        for (int64_t i = 2; i < 6; ++i)
            archive.add(1, body(i, "bad" + std::to_string(i), false));
        QCOMPARE(times(archive, 1), (Times { 1, 5 }));
    }

    void aPageThatStandsStillTakesItsRoomOnce()
    {
        BodyArchive archive(10);
        for (int64_t i = 1; i <= 5; ++i)
            archive.add(1, body(i, "same"));
        QCOMPARE(times(archive, 1).size(), size_t(5));
        QCOMPARE(archive.bytes(), size_t(4));
        archive.add(1, body(6, "other")); // 9 bytes.
        archive.add(1, body(7, "third")); // The oldest have to go, all five of them.
        QCOMPARE(archive.of(1).front().timeMs, int64_t(6));
        QCOMPARE(archive.bytes(), size_t(10));
        archive.remove(1);
        QCOMPARE(archive.bytes(), size_t(0));
    }

    void onlySoManyAreKeptOfOneTarget()
    {
        BodyArchive archive(1 << 20);
        for (int64_t i = 0; i < 50; ++i)
            archive.add(1, body(i, std::to_string(i)));
        QCOMPARE(times(archive, 1).size(), BodyArchive::kBodiesPerTargetMax);
    }
};

QTEST_GUILESS_MAIN(TestBodyArchive)
#include "tst_body_archive.moc"
