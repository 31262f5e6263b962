// Goal: what is written comes back, and a file that is not what we wrote is refused with its
// reason.
#include "tests/support/snapshot_fixture.h"

#include "core/snapshot/capsule_format.h"
#include "core/snapshot/capsule_reader.h"
#include "core/snapshot/capsule_writer.h"
#include "core/snapshot/checksum.h"
#include "core/snapshot/sqlite.h"

#include <QTemporaryDir>
#include <QTest>

#include <random>
#include <sys/stat.h>

using namespace fleetglass;
using namespace fleetglass::snapshot;
using namespace fleetglass::snapshot::test;

class TestCapsule : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void samplesComeBack();
    void exemplarsComeBack();
    void fleetComesBack();
    void rangeAndMatchersBoundIt();
    void anEmptyStoreMakesACapsule();
    void whatIsNoCapsuleIsRefused_data();
    void whatIsNoCapsuleIsRefused();
    void aNewerFormatIsNamed();
    void aCutFileIsNamed();
    void everyFlippedBitIsSeen();
    void foreignObjectsAreRefused_data();
    void foreignObjectsAreRefused();
    void lyingContentIsRefused_data();
    void lyingContentIsRefused();
    void limitsAreKept();
    void aJournalBesideItIsIgnored();
    void failedWriteLeavesTheOldFile();
    void aPipeDoesNotHang();
    void cancelledReadSaysSo();

private:
    std::string path(const char* name) const
    {
        return m_directory->path().toStdString() + "/" + name;
    }
    std::string write(const char* name);
    std::string errorOf(const std::string& path);
    void edit(const std::string& path, const std::string& sql);

    std::unique_ptr<QTemporaryDir> m_directory;
};

namespace {

std::string sealed(std::string pages)
{
    const auto* const data = reinterpret_cast<const uint8_t*>(pages.data());
    const uint32_t crc = crc32c({ data, pages.size() });
    pages += kSealWord;
    for (unsigned shift = 0; shift < 32; shift += 8)
        pages += static_cast<char>(crc >> shift & 0xFFU);
    return pages.append(4, '\0');
}

} // namespace

void TestCapsule::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
}

std::string TestCapsule::write(const char* name)
{
    const auto store = filledStore();
    const Redactor redactor;
    const auto written = writeCapsule(
        path(name), filledContent(), { .querier = *store, .exemplars = store.get() }, redactor);
    if (!written)
        qFatal("%s", written.error().message.c_str());
    return path(name);
}

std::string TestCapsule::errorOf(const std::string& file)
{
    const auto capsule = readCapsule(file);
    if (capsule)
        return "it was read";
    const std::string prefix = file + ": ";
    return capsule.error().message.starts_with(prefix)
        ? capsule.error().message.substr(prefix.size())
        : "no path: " + capsule.error().message;
}

// Changes a capsule as an attacker can: with SQLite, and with a true checksum again.
void TestCapsule::edit(const std::string& file, const std::string& sql)
{
    std::string bytes = readFile(file);
    bytes.resize(bytes.size() - kSealBytes);
    writeFile(file, bytes);
    {
        auto database = Database::createScratch(file);
        QVERIFY(database);
        const auto done = database->run(sql);
        QVERIFY2(done, done ? "" : done.error().message.c_str());
    }
    writeFile(file, sealed(readFile(file)));
}

void TestCapsule::samplesComeBack()
{
    const auto store = filledStore();
    const Redactor redactor;
    const auto summary
        = writeCapsule(path("a.fgsnap"), filledContent(), { .querier = *store }, redactor);
    QVERIFY(summary);
    QCOMPARE(summary->series, size_t { 6 });
    QCOMPARE(summary->samples, store->stats().samples);
    QCOMPARE(summary->bytes, static_cast<int64_t>(readFile(path("a.fgsnap")).size()));
    const auto capsule = readCapsule(path("a.fgsnap"));
    QVERIFY2(capsule, capsule ? "" : capsule.error().message.c_str());
    QCOMPARE(describe(*capsule->store), describe(*store));
    QVERIFY(isCapsule(path("a.fgsnap")));
    // Nineteen tables of a page each, and little more than what the values cost.
    QVERIFY(summary->bytes < static_cast<int64_t>(20 * kPageBytes + summary->samples * 8));
}

void TestCapsule::exemplarsComeBack()
{
    const auto capsule = readCapsule(write("a.fgsnap"));
    const auto expected = filledStore()->exemplars({}, kAlways).value();
    const auto found = capsule->store->exemplars({}, kAlways).value();
    QCOMPARE(found.size(), size_t { 1 });
    QCOMPARE(found[0].exemplars.size(), expected[0].exemplars.size());
    QVERIFY(found[0].exemplars[3].labels == expected[0].exemplars[3].labels);
    QCOMPARE(found[0].exemplars[3].value, expected[0].exemplars[3].value);
}

void TestCapsule::fleetComesBack()
{
    const auto capsule = readCapsule(write("a.fgsnap"));
    QVERIFY(capsule);
    const CapsuleContent& content = capsule->content;
    QCOMPARE(content.title, std::string("Tuesday's outage"));
    QCOMPARE(content.createdMs, int64_t { 1'700'020'000'000 });
    QCOMPARE(content.range.endMs, INT64_MAX);
    QVERIFY(content.fleet.status.archive);
    QCOMPARE(content.fleet.status.archiveTitle, content.title);
    QCOMPARE(content.fleet.status.targetsUp, 1);
    const view::TargetView& target = *content.fleet.targets.at(0);
    QCOMPARE(target.id, UINT64_MAX);
    QCOMPARE(target.phase, view::Phase::Tls);
    QCOMPARE(target.labels.get("zone"), std::string_view("eu"));
    QVERIFY(std::isnan(target.spark->at(1)));
    QCOMPARE(target.attemptsRecent->at(0).message, std::string("fine"));
    const view::AlertView& alert = *content.fleet.alerts.at(0);
    QCOMPARE(alert.annotations.at(0).second, std::string("<b>host</b> is down"));
    QCOMPARE(*alert.threshold, 0.5);
    QVERIFY(std::isinf(alert.value));
    QVERIFY(!content.fleet.alertSpans->at(0).threshold);
    QCOMPARE(content.fleet.sessions->at(0).state, view::SessionState::Closed);
    QCOMPARE(content.fleet.ruleGroups->at(0).rules.at(0).firing, 1);
    QCOMPARE(content.fleet.metrics->metrics.at(0).jobs.at(1), std::string("node"));
    QCOMPARE(content.fleet.log->at(0).level, LogLevel::Warning);
    QCOMPARE(content.ruleFiles.at(0).text, std::string("groups: []\n"));
    QCOMPARE(content.viewState, std::string("{\"page\":\"explore\"}"));
    QCOMPARE(content.thumbnails.at(0).png.size(), size_t { 15 });
}

void TestCapsule::rangeAndMatchersBoundIt()
{
    const auto store = filledStore();
    const Redactor redactor;
    CapsuleContent content;
    content.range = { 1'700'000'000'000, 1'700'000'000'000 + 15'000 * 10 };
    const std::vector<labels::Matcher> matchers { labels::Matcher::equal("job", "api") };
    QVERIFY(writeCapsule(
        path("a.fgsnap"), content, { .querier = *store, .matchers = matchers }, redactor));
    const auto capsule = readCapsule(path("a.fgsnap"));
    const auto slices = capsule->store->select({}, kAlways, {}).value();
    QCOMPARE(slices.size(), size_t { 1 });
    QCOMPARE(slices[0].values.size(), size_t { 10 });
}

void TestCapsule::anEmptyStoreMakesACapsule()
{
    const auto store = emptyStore();
    const Redactor redactor;
    QVERIFY(writeCapsule(path("a.fgsnap"), {}, { .querier = *store }, redactor));
    const auto capsule = readCapsule(path("a.fgsnap"));
    QVERIFY(capsule);
    QCOMPARE(capsule->store->stats().samples, size_t { 0 });
}

void TestCapsule::whatIsNoCapsuleIsRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("text") << QByteArray("# HELP up whether it answers\nup 1\n");
    QTest::newRow("long text") << QByteArray(10'000, 'x');
    QTest::newRow("other SQLite file")
        << QByteArray("SQLite format 3\0", 16).append(QByteArray(4080, '\0'));
}

void TestCapsule::whatIsNoCapsuleIsRefused()
{
    QFETCH(QByteArray, bytes);
    writeFile(path("x"), bytes.toStdString());
    QVERIFY(!isCapsule(path("x")));
    QCOMPARE(errorOf(path("x")), std::string("not a Fleetglass capsule"));
    QCOMPARE(errorOf(path("missing")), std::string("cannot be opened: No such file or directory"));
    QCOMPARE(errorOf(m_directory->path().toStdString()), std::string("not a regular file"));
}

void TestCapsule::aNewerFormatIsNamed()
{
    const auto file = write("a.fgsnap");
    std::string bytes = readFile(file);
    bytes[63] = 7; // The last byte of user_version.
    writeFile(file, bytes);
    QCOMPARE(errorOf(file),
        std::string("capsule format 7 is newer than this program knows (1); open it with a newer "
                    "Fleetglass"));
}

void TestCapsule::aCutFileIsNamed()
{
    const auto file = write("a.fgsnap");
    const std::string bytes = readFile(file);
    for (const size_t length :
        { bytes.size() - 1, bytes.size() - 16, bytes.size() / 2, size_t { 100 } }) {
        writeFile(file, bytes.substr(0, length));
        QCOMPARE(errorOf(file),
            "capsule is cut off: " + std::to_string(length) + " of " + std::to_string(bytes.size())
                + " bytes are there");
    }
    writeFile(file, bytes + "x");
    QCOMPARE(errorOf(file), std::string("capsule is damaged: 1 bytes too many"));
}

void TestCapsule::everyFlippedBitIsSeen()
{
    const uint64_t seed = std::random_device()();
    qInfo("seed %llu", static_cast<unsigned long long>(seed));
    std::mt19937_64 random(seed);
    const auto file = write("a.fgsnap");
    const std::string bytes = readFile(file);
    for (int round = 0; round < 300; ++round) {
        std::string flipped = bytes;
        const size_t at = round < 116 ? static_cast<size_t>(round) : random() % bytes.size();
        flipped[at < 100      ? at
                : round < 116 ? bytes.size() - 116 + at
                              : at]
            ^= static_cast<char>(1U << random() % 8);
        writeFile(file, flipped);
        QVERIFY2(!readCapsule(file), std::to_string(at).c_str());
    }
    std::string flipped = bytes;
    flipped[bytes.size() / 2] ^= 1;
    writeFile(file, flipped);
    QCOMPARE(errorOf(file), std::string("capsule is damaged: its checksum does not match"));
}

void TestCapsule::foreignObjectsAreRefused_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("error");
    const auto foreign = [](const char* sql) {
        return QString::fromLatin1("capsule holds something foreign: ") + QString::fromLatin1(sql);
    };
    QTest::newRow("trigger") << "CREATE TRIGGER t AFTER INSERT ON log BEGIN SELECT 1; END"
                             << foreign("CREATE TRIGGER t AFTER INSERT ON log BEGIN SELECT 1; END");
    QTest::newRow("view") << "CREATE VIEW v AS SELECT 1" << foreign("CREATE VIEW v AS SELECT 1");
    QTest::newRow("table") << "CREATE TABLE more(x)" << foreign("CREATE TABLE more(x)");
    QTest::newRow("view in a table's place")
        << "DROP TABLE log; CREATE VIEW log AS SELECT 1 AS id, '{}' AS body"
        << foreign("CREATE VIEW log AS SELECT 1 AS id, '{}' AS body");
    QTest::newRow("index") << "CREATE INDEX i ON log(body)"
                           << foreign("CREATE INDEX i ON log(body)");
    QTest::newRow("missing table") << "DROP TABLE log"
                                   << "capsule is damaged: it has 18 of 19 tables";
}

void TestCapsule::foreignObjectsAreRefused()
{
    QFETCH(QString, sql);
    QFETCH(QString, error);
    const auto file = write("a.fgsnap");
    edit(file, sql.toStdString());
    QCOMPARE(QString::fromStdString(errorOf(file)), error);
}

void TestCapsule::lyingContentIsRefused_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("error");
    QTest::newRow("huge count") << "UPDATE times SET count=1000000000000"
                                << "capsule unfolds to more samples than the limit of 100000000";
    QTest::newRow("count above its bytes") << "UPDATE times SET count=count+100000"
                                           << "capsule is damaged: times 1";
    QTest::newRow("negative count") << "UPDATE times SET count=-1"
                                    << "capsule is damaged: a count is negative";
    QTest::newRow("other bytes") << "UPDATE samples SET data=x'00' WHERE series=2"
                                 << "capsule is damaged: samples of series 2";
    QTest::newRow("no samples") << "DELETE FROM samples"
                                << "";
    QTest::newRow("no times") << "DELETE FROM times"
                              << "capsule is damaged: times 1 are missing";
    QTest::newRow("labels are no JSON") << "UPDATE series SET labels='x' WHERE id=1"
                                        << "";
    QTest::newRow("labels are empty") << "UPDATE series SET labels='{}' WHERE id=1"
                                      << "";
    QTest::newRow("deep JSON") << "UPDATE log SET body=replace(hex(zeroblob(50000)),'0','[')"
                               << "capsule is damaged: table log";
    QTest::newRow("histogram bomb") << "UPDATE histograms SET count=99000000"
                                    << "";
}

void TestCapsule::lyingContentIsRefused()
{
    QFETCH(QString, sql);
    QFETCH(QString, error);
    const auto file = write("a.fgsnap");
    edit(file, sql.toStdString());
    const std::string found = errorOf(file);
    if (error.isEmpty())
        QVERIFY2(found.starts_with("capsule is damaged: "), found.c_str());
    else
        QCOMPARE(QString::fromStdString(found), error);
}

void TestCapsule::limitsAreKept()
{
    const auto file = write("a.fgsnap");
    const auto few = readCapsule(file, { .samplesMax = 100 });
    QCOMPARE(few.error().code, ErrorCode::Limit);
    QCOMPARE(few.error().message, file + ": capsule unfolds to more samples than the limit of 100");
    const auto narrow = readCapsule(file, { .seriesMax = 2 });
    QCOMPARE(narrow.error().message, file + ": capsule has 6 series, more than the limit of 2");
    const auto small = readCapsule(file, { .bytesMax = 1000 });
    QVERIFY(small.error().message.ends_with("more than the limit of 1000"));
}

void TestCapsule::aJournalBesideItIsIgnored()
{
    const auto file = write("a.fgsnap");
    writeFile(file + "-journal", std::string(8192, 'j'));
    writeFile(file + "-wal", std::string(8192, 'w'));
    QVERIFY(readCapsule(file));
    QCOMPARE(readFile(file + "-journal").size(), size_t { 8192 });
}

void TestCapsule::failedWriteLeavesTheOldFile()
{
    writeFile(path("a.fgsnap"), "old");
    const auto store = filledStore();
    const std::vector<Secret> secrets { Secret("hidden-in-a-picture") };
    const Redactor redactor(secrets);
    CapsuleContent content = filledContent();
    content.thumbnails = { { "x", "PNG hidden-in-a-picture" } };
    const auto refused = writeCapsule(path("a.fgsnap"), content, { .querier = *store }, redactor);
    QVERIFY(!refused);
    QVERIFY(refused.error().message.ends_with(
        "nothing was written: a secret would have been in the file"));
    QCOMPARE(readFile(path("a.fgsnap")), std::string("old"));
    QCOMPARE(QDir(m_directory->path()).entryList(QDir::Files).size(), 1);
    const auto nowhere
        = writeCapsule(path("no/such/a.fgsnap"), content, { .querier = *store }, redactor);
    QVERIFY(nowhere.error().message.ends_with("cannot be written: No such file or directory"));
}

void TestCapsule::aPipeDoesNotHang()
{
    QCOMPARE(mkfifo(path("pipe").c_str(), 0600), 0);
    QCOMPARE(errorOf(path("pipe")), std::string("not a regular file"));
    QVERIFY(!isCapsule(path("pipe")));
}

void TestCapsule::cancelledReadSaysSo()
{
    std::stop_source source;
    source.request_stop();
    const auto capsule = readCapsule(write("a.fgsnap"), {}, source.get_token());
    QCOMPARE(capsule.error().code, ErrorCode::Cancelled);
}

QTEST_GUILESS_MAIN(TestCapsule)
#include "tst_capsule.moc"
