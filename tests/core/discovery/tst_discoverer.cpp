// Goal: files and servers that name targets are followed, and a broken one costs nothing.
// Method: real files, a clock and a transport that the test holds.
#include "core/discovery/discoverer.h"
#include "core/discovery/file_source.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_transport.h"

#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace fleetglass;
using namespace fleetglass::discovery;
using namespace fleetglass::test;
using std::chrono::seconds;

namespace {

void write(const QString& path, const QByteArray& text)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

JobDiscovery filesOf(const QString& pattern)
{
    JobDiscovery job { "files", {} };
    job.options.files.push_back({ { pattern.toStdString() } });
    return job;
}

JobDiscovery httpOf(const std::string& url)
{
    JobDiscovery job { "web", {} };
    HttpOptions options;
    options.url = url;
    job.options.http.push_back(options);
    return job;
}

} // namespace

class TestDiscoverer : public QObject
{
    Q_OBJECT
private slots:
    void staticGroupsAreThereAtOnce();
    void fileIsReadAndFollowed();
    void brokenFileKeepsTheLastGoodGroups();
    void aFileThatStaysAwayLosesItsTargets();
    void aChangeOfTheSameSizeAndTimeIsSeen();
    void globFindsNewFiles();
    void yamlIsReadByTheGivenReader();
    void serverAnswersGroups();
    void brokenServerKeepsTheLastGoodGroups();
    void unchangedSourcesAreKept();
    void badUrlDoesNotHangTheDiscoverer();
    void jsonErrorsNameTheGroup_data();
    void jsonErrorsNameTheGroup();

private:
    FakeClock m_clock;
};

void TestDiscoverer::staticGroupsAreThereAtOnce()
{
    FakeTransport transport;
    Discoverer discoverer(transport, m_clock, {}, {});
    JobDiscovery job { "j", {} };
    job.options.statics = { { { "a:1" }, { { "env", "lab" } }, "static/0" } };
    discoverer.apply({ job });
    const auto groups = discoverer.groups();
    QCOMPARE(groups.size(), size_t(1));
    QCOMPARE(groups[0].job, std::string("j"));
    QCOMPARE(groups[0].groups.at(0).targets.at(0), std::string("a:1"));
}

void TestDiscoverer::fileIsReadAndFollowed()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("t.json"));
    write(path, R"([{"targets": ["a:1"], "labels": {"env": "lab"}}])");
    FakeTransport transport;
    int changes = 0;
    Discoverer discoverer(transport, m_clock, {}, [&](const auto&) { ++changes; });
    discoverer.apply({ filesOf(path) });
    const TargetGroup group = discoverer.groups().at(0).groups.at(0);
    QCOMPARE(group.targets.at(0), std::string("a:1"));
    QCOMPARE(group.source, path.toStdString() + ":0");
    QCOMPARE(group.labels.back().first, std::string("__meta_filepath"));
    QCOMPARE(group.labels.back().second, path.toStdString());
    discoverer.tick();
    QCOMPARE(changes, 0);
    write(path, R"([{"targets": ["a:1", "b:1"]}])");
    m_clock.advance(seconds(3));
    discoverer.tick();
    QCOMPARE(changes, 1);
    QCOMPARE(discoverer.groups().at(0).groups.at(0).targets.size(), size_t(2));
}

void TestDiscoverer::brokenFileKeepsTheLastGoodGroups()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("t.json"));
    write(path, R"([{"targets": ["a:1"]}])");
    FakeTransport transport;
    Discoverer discoverer(transport, m_clock, {}, {});
    discoverer.apply({ filesOf(path) });
    write(path, R"([{"targets": ["b:1")");
    m_clock.advance(seconds(3));
    discoverer.tick();
    const JobGroups groups = discoverer.groups().at(0);
    QCOMPARE(groups.groups.at(0).targets.at(0), std::string("a:1"));
    QCOMPARE(groups.errors.at(0),
        path.toStdString() + ": not JSON: a list like [{\"targets\": [\"host:9100\"]}] is needed");
    write(path, R"([{"targets": ["b:1"]}])");
    m_clock.advance(seconds(3));
    discoverer.tick();
    QVERIFY(discoverer.groups().at(0).errors.empty());
}

void TestDiscoverer::aFileThatStaysAwayLosesItsTargets()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("targets.json"));
    write(path, R"([{"targets": ["a:1"]}])");
    FakeTransport transport;
    Discoverer discoverer(transport, m_clock, {}, {});
    discoverer.apply({ filesOf(path) });
    QVERIFY(QFile::remove(path));
    m_clock.advance(FileSource::kPollEvery);
    discoverer.tick();
    // An editor may just be replacing it.
    QCOMPARE(discoverer.groups().at(0).groups.size(), size_t(1));
    QCOMPARE(discoverer.groups().at(0).errors.size(), size_t(1));
    m_clock.advance(FileSource::kPollEvery);
    discoverer.tick();
    QCOMPARE(discoverer.groups().at(0).groups.size(), size_t(0));
    QVERIFY(discoverer.groups().at(0).errors.at(0).find("targets.json") != std::string::npos);
    write(path, R"([{"targets": ["b:1"]}])");
    m_clock.advance(FileSource::kPollEvery);
    discoverer.tick();
    QCOMPARE(discoverer.groups().at(0).groups.at(0).targets, std::vector<std::string> { "b:1" });
    QVERIFY(discoverer.groups().at(0).errors.empty());
}

void TestDiscoverer::aChangeOfTheSameSizeAndTimeIsSeen()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("targets.json"));
    write(path, R"([{"targets": ["a:1"]}])");
    const QDateTime before = QFileInfo(path).lastModified();
    FakeTransport transport;
    Discoverer discoverer(transport, m_clock, {}, {});
    discoverer.apply({ filesOf(path) });
    QTest::qWait(20); // The kernel's stamps move in steps of some milliseconds.
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite));
    file.write(R"([{"targets": ["b:1"]}])");
    QVERIFY(file.flush());
    QVERIFY(file.setFileTime(before, QFileDevice::FileModificationTime));
    file.close();
    m_clock.advance(FileSource::kPollEvery);
    discoverer.tick();
    QCOMPARE(discoverer.groups().at(0).groups.at(0).targets, std::vector<std::string> { "b:1" });
}

void TestDiscoverer::globFindsNewFiles()
{
    QTemporaryDir folder;
    write(folder.filePath(QStringLiteral("a.json")), R"([{"targets": ["a:1"]}])");
    write(folder.filePath(QStringLiteral("x.txt")), "no");
    FakeTransport transport;
    Discoverer discoverer(transport, m_clock, {}, {});
    discoverer.apply({ filesOf(folder.filePath(QStringLiteral("*.json"))) });
    QCOMPARE(discoverer.groups().at(0).groups.size(), size_t(1));
    write(folder.filePath(QStringLiteral("b.json")), R"([{"targets": ["b:1"]}])");
    m_clock.advance(seconds(3));
    discoverer.tick();
    QCOMPARE(discoverer.groups().at(0).groups.size(), size_t(2));
    QVERIFY(QFile::remove(folder.filePath(QStringLiteral("a.json"))));
    m_clock.advance(seconds(3));
    discoverer.tick();
    QCOMPARE(discoverer.groups().at(0).groups.at(0).targets.at(0), std::string("b:1"));
}

void TestDiscoverer::yamlIsReadByTheGivenReader()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("t.yml"));
    write(path, "- targets: [a:1]\n");
    FakeTransport transport;
    const auto reader = [](std::string_view text) -> Result<std::vector<TargetGroup>> {
        return std::vector<TargetGroup> { { { std::string(text.substr(2, 7)) }, {}, {} } };
    };
    Discoverer discoverer(transport, m_clock, reader, {});
    discoverer.apply({ filesOf(path) });
    QCOMPARE(discoverer.groups().at(0).groups.at(0).targets.at(0), std::string("targets"));
    Discoverer without(transport, m_clock, {}, {});
    without.apply({ filesOf(path) });
    QCOMPARE(without.groups().at(0).errors.at(0),
        path.toStdString() + ": YAML files of targets cannot be read here");
}

void TestDiscoverer::serverAnswersGroups()
{
    FakeTransport transport(
        [](const auto&) { return answerWith(R"([{"targets": ["a:1"]}])", "application/json"); });
    int changes = 0;
    Discoverer discoverer(transport, m_clock, {}, [&](const auto&) { ++changes; });
    discoverer.apply({ httpOf("http://sd/?token=canary") });
    discoverer.tick();
    QCOMPARE(transport.deliver(), size_t(1));
    discoverer.tick();
    QCOMPARE(changes, 1);
    const TargetGroup group = discoverer.groups().at(0).groups.at(0);
    QCOMPARE(group.labels.back().second, std::string("http://sd/?token=******"));
    QCOMPARE(transport.requests().at(0).headers.at(1).name,
        std::string("X-Prometheus-Refresh-Interval-Seconds"));
    QCOMPARE(transport.requests().at(0).headers.at(1).value, std::string("60"));
    m_clock.advance(seconds(30));
    discoverer.tick();
    QCOMPARE(transport.waiting(), size_t(0)); // Not yet.
    m_clock.advance(seconds(31));
    discoverer.tick();
    QCOMPARE(transport.waiting(), size_t(1));
}

void TestDiscoverer::brokenServerKeepsTheLastGoodGroups()
{
    FakeTransport transport(
        [](const auto&) { return answerWith(R"([{"targets": ["a:1"]}])", "application/json"); });
    Discoverer discoverer(transport, m_clock, {}, {});
    discoverer.apply({ httpOf("http://sd/") });
    discoverer.tick();
    transport.deliver();
    transport.setAnswer([](const auto&) { return answerWith("hello", "text/html"); });
    m_clock.advance(seconds(61));
    discoverer.tick();
    transport.deliver();
    discoverer.tick();
    const JobGroups groups = discoverer.groups().at(0);
    QCOMPARE(groups.groups.size(), size_t(1));
    QCOMPARE(groups.errors.at(0),
        std::string("http://sd/: unsupported content type \"text/html\": "
                    "application/json is needed"));
}

void TestDiscoverer::unchangedSourcesAreKept()
{
    FakeTransport transport(
        [](const auto&) { return answerWith(R"([{"targets": ["a:1"]}])", "application/json"); });
    Discoverer discoverer(transport, m_clock, {}, {});
    discoverer.apply({ httpOf("http://sd/") });
    discoverer.tick();
    transport.deliver();
    discoverer.apply({ httpOf("http://sd/") });
    QCOMPARE(discoverer.groups().at(0).groups.size(), size_t(1));
    discoverer.apply({ httpOf("http://other/") });
    QVERIFY(discoverer.groups().at(0).groups.empty());
}

void TestDiscoverer::badUrlDoesNotHangTheDiscoverer()
{
    // The real transport answers a bad URL from within start().
    struct Prompt : FakeTransport
    {
        http::RequestId start(http::Request, Done done) override
        {
            done(failWith({ http::Phase::None, http::FailureCode::BadUrl, "no host" }));
            return 1;
        }
    } transport;
    Discoverer discoverer(transport, m_clock, {}, {});
    discoverer.apply({ httpOf("http:///") });
    discoverer.tick();
    QCOMPARE(discoverer.groups().at(0).errors.at(0), std::string("http:///: no host"));
}

void TestDiscoverer::jsonErrorsNameTheGroup_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("message");
    QTest::newRow("no list") << QByteArray("{}") << "a list of target groups is needed, [...]";
    QTest::newRow("null group") << QByteArray("[null]") << "group 0: null is no target group";
    QTest::newRow("number as target") << QByteArray(R"([{"targets": []}, {"targets": [1]}])")
                                      << "group 1: a target must be a text like \"host:9100\"";
    QTest::newRow("number as label") << QByteArray(R"([{"labels": {"a": 1}}])")
                                     << "group 0: the label \"a\" must be a text, in quotes";
    QTest::newRow("unknown field")
        << QByteArray(R"([{"target": []}])")
        << "group 0: unknown field \"target\": only targets and labels belong here";
    QTest::newRow("deep") << QByteArray(100'000, '[')
                          << "the JSON is nested too deep for a list of target groups";
}

void TestDiscoverer::jsonErrorsNameTheGroup()
{
    QFETCH(QByteArray, json);
    QFETCH(QString, message);
    const auto groups = groupsFromJson(json.toStdString());
    QVERIFY(!groups);
    QCOMPARE(QString::fromStdString(groups.error().message), message);
}

QTEST_GUILESS_MAIN(TestDiscoverer)
#include "tst_discoverer.moc"
