// Goal: names are looked up as Prometheus looks them up: over UDP, over TCP where an answer was
// cut, along the search list, and a failure is told from a name that does not exist.
// Method: a name server of our own on loopback.
#include "core/dns/cares_lookup.h"
#include "core/dns/query.h"
#include "core/dns/reply.h"
#include "tests/support/dns_server.h"

#include <QTest>
#include <future>

using namespace fleetglass::dns;
using namespace fleetglass::test;
using std::chrono::milliseconds;

namespace {

LookupOptions optionsFor(const std::vector<std::string>& servers)
{
    LookupOptions options;
    options.servers = servers;
    options.search = { "one.test", "two.test" };
    options.ndots = 1;
    options.timeout = milliseconds(250);
    options.tries = 1;
    return options;
}

Answer ask(Lookup& lookup, const std::string& name, RecordType type)
{
    auto promise = std::make_shared<std::promise<Answer>>();
    auto answer = promise->get_future();
    lookup.start(name, type, [promise](Answer got) { promise->set_value(std::move(got)); });
    return answer.get();
}

} // namespace

class TestLookup : public QObject
{
    Q_OBJECT
private slots:
    void everyTypeIsRead_data();
    void everyTypeIsRead();
    void recordsBehindAnAliasAreRead();
    void aCutAnswerIsAskedForAgainOverTcp();
    void questionsOfferEdns();
    void aThousandAddressesArrive();
    void aNameThatDoesNotExistIsAnEmptyAnswer();
    void aNameWithoutSuchRecordsIsAnEmptyAnswer();
    void failuresAreNamed_data();
    void failuresAreNamed();
    void theNextServerIsAskedAfterAFailure();
    void theSearchListIsWalked();
    void aFailureOnTheSearchListLeavesTheNameUnknown();
    void namesAreFormedAlongTheSearchList_data();
    void namesAreFormedAlongTheSearchList();
    void aClosingLookupDoesNotWait();
    void tooManyNamesFailAtOnce();
    void damagedRepliesAreRefused();
};

void TestLookup::everyTypeIsRead_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("expected");
    QTest::addColumn<int>("port");
    const auto row
        = [](const char* name, RecordType type, const char* value, const char* expected, int port) {
              QTest::newRow(name) << static_cast<int>(type) << QByteArray(value)
                                  << QByteArray(expected) << port;
          };
    row("A", RecordType::A, "192.0.2.2", "192.0.2.2", 0);
    row("AAAA", RecordType::Aaaa, "2001:db8::1", "2001:db8::1", 0);
    row("AAAA that is IPv4", RecordType::Aaaa, "::ffff:192.0.2.7", "192.0.2.7", 0);
    row("SRV", RecordType::Srv, "db1.example.test", "db1.example.test.", 3306);
    row("SRV to the root", RecordType::Srv, ".", ".", 1);
    row("MX", RecordType::Mx, "smtp1.example.test", "smtp1.example.test.", 0);
    row("NS", RecordType::Ns, "ns1.example.test", "ns1.example.test.", 0);
}

void TestLookup::everyTypeIsRead()
{
    QFETCH(int, type);
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, expected);
    QFETCH(int, port);
    const auto wanted = static_cast<RecordType>(type);
    DnsServer server;
    server.set("name.test.",
        { { static_cast<DnsType>(wireType(wanted)), value.toStdString(),
            static_cast<uint16_t>(port) } });
    CaresLookup lookup(optionsFor({ server.address() }));
    const Answer answer = ask(lookup, "name.test.", wanted);
    QCOMPARE(answer.error, std::string());
    QCOMPARE(answer.records, (std::vector<Record> { { expected.toStdString(), port } }));
}

void TestLookup::recordsBehindAnAliasAreRead()
{
    DnsServer server;
    server.set("name.test.",
        { { DnsType::Cname, "name.test" }, { DnsType::A, "192.0.2.2" },
            { DnsType::A, "192.0.2.3" } });
    CaresLookup lookup(optionsFor({ server.address() }));
    const Answer answer = ask(lookup, "name.test.", RecordType::A);
    QCOMPARE(answer.error, std::string());
    QCOMPARE(answer.records.size(), size_t { 2 });
}

void TestLookup::aCutAnswerIsAskedForAgainOverTcp()
{
    DnsServer server;
    std::vector<DnsRecord> records;
    for (int i = 0; i < 100; ++i)
        records.push_back({ DnsType::A, "192.0.2." + std::to_string(i) });
    server.set("big.test.", records);
    CaresLookup lookup(optionsFor({ server.address() }));
    const Answer answer = ask(lookup, "big.test.", RecordType::A);
    QCOMPARE(answer.records.size(), size_t { 100 });
    QCOMPARE(answer.records[42].value, std::string("192.0.2.42"));
    const auto questions = server.questions();
    QCOMPARE(questions.size(), size_t { 2 });
    QVERIFY(!questions[0].tcp);
    QVERIFY(questions[1].tcp);
}

void TestLookup::questionsOfferEdns()
{
    DnsServer server;
    std::vector<DnsRecord> records;
    for (int i = 0; i < 40; ++i) // More than the 512 bytes of old.
        records.push_back({ DnsType::A, "192.0.2." + std::to_string(i) });
    server.set("middle.test.", records);
    CaresLookup lookup(optionsFor({ server.address() }));
    QCOMPARE(ask(lookup, "middle.test.", RecordType::A).records.size(), size_t { 40 });
    QCOMPARE(server.questions(),
        (std::vector<DnsQuestion> { { "middle.test.", DnsType::A, false, true } }));
}

void TestLookup::aThousandAddressesArrive()
{
    DnsServer server;
    std::vector<DnsRecord> records;
    for (int i = 0; i < 1'000; ++i)
        records.push_back({ DnsType::Aaaa, "2001:db8::" + std::to_string(i) });
    server.set("fleet.test.", records);
    CaresLookup lookup(optionsFor({ server.address() }));
    const Answer answer = ask(lookup, "fleet.test.", RecordType::Aaaa);
    QCOMPARE(answer.error, std::string());
    QCOMPARE(answer.records.size(), size_t { 1'000 });
    QCOMPARE(answer.records.back().value, std::string("2001:db8::999"));
}

void TestLookup::aNameThatDoesNotExistIsAnEmptyAnswer()
{
    DnsServer server;
    CaresLookup lookup(optionsFor({ server.address() }));
    QCOMPARE(ask(lookup, "nobody.test.", RecordType::Srv), Answer {});
}

void TestLookup::aNameWithoutSuchRecordsIsAnEmptyAnswer()
{
    DnsServer server;
    server.set("web.one.test.", { { DnsType::A, "192.0.2.1" } });
    server.set("web.two.test.", { { DnsType::Aaaa, "2001:db8::1" } });
    CaresLookup lookup(optionsFor({ server.address() }));
    // The first form exists, so the second is not asked for.
    QCOMPARE(ask(lookup, "web", RecordType::Aaaa), Answer {});
    QCOMPARE(server.questions().size(), size_t { 1 });
}

void TestLookup::failuresAreNamed_data()
{
    QTest::addColumn<int>("fate");
    QTest::addColumn<QByteArray>("error");
    QTest::newRow("SERVFAIL") << int(DnsFate::ServerFailure)
                              << QByteArray("the name server failed (SERVFAIL)");
    QTest::newRow("REFUSED") << int(DnsFate::Refused)
                             << QByteArray("the name server refused to answer (REFUSED)");
    QTest::newRow("silence") << int(DnsFate::Silence)
                             << QByteArray("the name server did not answer");
}

void TestLookup::failuresAreNamed()
{
    QFETCH(int, fate);
    QFETCH(QByteArray, error);
    DnsServer server;
    server.set("web.test.", static_cast<DnsFate>(fate));
    CaresLookup lookup(optionsFor({ server.address() }));
    QCOMPARE(ask(lookup, "web.test.", RecordType::A).error, error.toStdString());
}

void TestLookup::theNextServerIsAskedAfterAFailure()
{
    DnsServer broken;
    DnsServer silent;
    DnsServer good;
    broken.set("web.test.", DnsFate::ServerFailure);
    silent.set("web.test.", DnsFate::Silence);
    good.set("web.test.", { { DnsType::A, "192.0.2.9" } });
    CaresLookup lookup(optionsFor({ broken.address(), silent.address(), good.address() }));
    const Answer answer = ask(lookup, "web.test.", RecordType::A);
    QCOMPARE(answer.error, std::string());
    QCOMPARE(answer.records.size(), size_t { 1 });
}

void TestLookup::theSearchListIsWalked()
{
    DnsServer server;
    server.set("web.two.test.", { { DnsType::A, "192.0.2.2" } });
    CaresLookup lookup(optionsFor({ server.address() }));
    QCOMPARE(ask(lookup, "web", RecordType::A).records.size(), size_t { 1 });
    const auto questions = server.questions();
    QCOMPARE(questions.size(), size_t { 2 });
    QCOMPARE(questions[0].name, std::string("web.one.test."));
    QCOMPARE(questions[1].name, std::string("web.two.test."));
}

void TestLookup::aFailureOnTheSearchListLeavesTheNameUnknown()
{
    DnsServer server;
    server.set("web.one.test.", DnsFate::ServerFailure);
    CaresLookup lookup(optionsFor({ server.address() }));
    QCOMPARE(
        ask(lookup, "web", RecordType::A).error, std::string("the name server failed (SERVFAIL)"));
    // A later form that does exist is enough.
    server.set("web.two.test.", { { DnsType::A, "192.0.2.2" } });
    QCOMPARE(ask(lookup, "web", RecordType::A).records.size(), size_t { 1 });
}

void TestLookup::namesAreFormedAlongTheSearchList_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<int>("ndots");
    QTest::addColumn<QList<QByteArray>>("forms");
    QTest::newRow("rooted") << QByteArray("web.") << 1 << QList<QByteArray> { "web." };
    QTest::newRow("short") << QByteArray("web") << 1
                           << QList<QByteArray> { "web.a.", "web.b.c.", "web." };
    QTest::newRow("enough dots") << QByteArray("web.x") << 1
                                 << QList<QByteArray> { "web.x.", "web.x.a.", "web.x.b.c." };
    QTest::newRow("too few dots") << QByteArray("web.x") << 5
                                  << QList<QByteArray> { "web.x.a.", "web.x.b.c.", "web.x." };
}

void TestLookup::namesAreFormedAlongTheSearchList()
{
    QFETCH(QByteArray, name);
    QFETCH(int, ndots);
    QFETCH(QList<QByteArray>, forms);
    QList<QByteArray> formed;
    for (const std::string& form : nameForms(name.toStdString(), { "a", "b.c" }, ndots))
        formed.push_back(QByteArray::fromStdString(form));
    QCOMPARE(formed, forms);
}

void TestLookup::aClosingLookupDoesNotWait()
{
    DnsServer server;
    server.set("web.test.", DnsFate::Silence);
    LookupOptions options = optionsFor({ server.address() });
    options.timeout = std::chrono::hours(1);
    bool called = false;
    {
        CaresLookup lookup(options);
        lookup.start("web.test.", RecordType::A, [&](const Answer&) { called = true; });
        QTRY_COMPARE(server.questions().size(), size_t { 1 });
    }
    QVERIFY(!called);
}

void TestLookup::tooManyNamesFailAtOnce()
{
    LookupOptions options = optionsFor({ "127.0.0.1:1" });
    options.queueMax = 0;
    CaresLookup lookup(options);
    QCOMPARE(ask(lookup, "web.test.", RecordType::A).error,
        std::string("too many names are being looked up at once"));
}

void TestLookup::damagedRepliesAreRefused()
{
    const std::vector<unsigned char> garbage(40, 0xff);
    for (const RecordType type :
        { RecordType::A, RecordType::Aaaa, RecordType::Srv, RecordType::Mx, RecordType::Ns }) {
        QVERIFY(!recordsOf(garbage, type));
        QVERIFY(!recordsOf({}, type));
    }
}

QTEST_GUILESS_MAIN(TestLookup)
#include "tst_lookup.moc"
