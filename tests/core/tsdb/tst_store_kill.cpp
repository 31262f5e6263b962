// Goal: S1, with a real process: whatever it told as visible before it was killed is there.
// Method: a child appends and writes the number of each row to a pipe once it is visible; it is
// killed after a random while, and the directory is read. FLEETGLASS_KILLS sets the rounds.
#include <QTest>

#include "core/tsdb/system_disk.h"
#include "tests/support/store_history.h"

#include <QTemporaryDir>
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace fleetglass;
using namespace fleetglass::tsdb;
using namespace fleetglass::tsdb::test;

class TestStoreKill : public QObject
{
    Q_OBJECT

private slots:
    void s1_nothingVisibleIsLostByAKill();
};

namespace {

constexpr int kSeries = 40;

// Rows from `next` on; each tells its own number in every value.
[[noreturn]] void appendForEver(const std::string& path, int64_t next, int pipe)
{
    const SystemClock clock;
    SystemDisk disk;
    RingStore store({ .retention = {} }, clock);
    if (!store.openDirectory(disk, path, { .fileBytes = 1U << 16U }))
        _exit(3);
    std::vector<storage::RowValue> values;
    for (int i = 0; i < kSeries; ++i)
        values.push_back(
            { store.seriesFor({ { "__name__", "m" }, { "i", std::to_string(i) } }).value(), 0 });
    for (;; ++next) {
        for (auto& value : values)
            value.value = static_cast<double>(next);
        if (!store.append({ next, values, {}, {} }))
            _exit(4);
        if (next % 7 == 0)
            store.flush();
        if (write(pipe, &next, sizeof(next)) != sizeof(next))
            _exit(0);
    }
}

int64_t lastTold(int pipe)
{
    int64_t last = 0;
    int64_t number = 0;
    while (read(pipe, &number, sizeof(number)) == sizeof(number))
        last = number;
    return last;
}

} // namespace

void TestStoreKill::s1_nothingVisibleIsLostByAKill()
{
    const QTemporaryDir place;
    const std::string path = place.path().toStdString();
    const int rounds = qEnvironmentVariableIsSet("FLEETGLASS_KILLS")
        ? qEnvironmentVariableIntValue("FLEETGLASS_KILLS")
        : 40;
    const uint64_t seed = std::random_device()();
    qInfo("seed %llu, %d kills", static_cast<unsigned long long>(seed), rounds);
    std::mt19937_64 random(seed);
    int64_t told = 0;
    for (int round = 0; round < rounds; ++round) {
        int ends[2] {};
        QVERIFY(pipe(ends) == 0);
        const pid_t child = fork();
        QVERIFY(child >= 0);
        if (child == 0)
            appendForEver(path, told + 1, ends[1]);
        close(ends[1]);
        usleep(static_cast<useconds_t>(200 + random() % 60'000));
        kill(child, SIGKILL);
        told = std::max(told, lastTold(ends[0]));
        close(ends[0]);
        int status = 0;
        QCOMPARE(waitpid(child, &status, 0), child);
        QVERIFY(WIFSIGNALED(status));

        const SystemClock clock;
        SystemDisk disk;
        RingStore store({ .retention = {} }, clock);
        QVERIFY(store.openDirectory(disk, path, { .readOnly = true }).has_value());
        const auto slices = selectAll(store);
        QCOMPARE(slices.size(), told == 0 && slices.empty() ? size_t { 0 } : size_t { kSeries });
        for (const auto& slice : slices) {
            // One row may have become visible that the pipe did not tell any more.
            const auto count = static_cast<int64_t>(slice.values.size());
            QVERIFY2(count == told || count == told + 1, std::to_string(count).c_str());
            for (size_t i = 0; i < slice.values.size(); ++i) {
                QCOMPARE(slice.timestampsMs[i], static_cast<int64_t>(i + 1));
                QCOMPARE(slice.values[i], static_cast<double>(i + 1));
            }
        }
        told = slices.empty() ? told : static_cast<int64_t>(slices[0].values.size());
    }
    QVERIFY(told > 0);
}

QTEST_GUILESS_MAIN(TestStoreKill)
#include "tst_store_kill.moc"
