// Goal: DNS records become the targets and meta labels of Prometheus' dns_sd, and what a name
// server fails to say costs no target.
// Method: a clock and a name server the test holds; at the end the real one on loopback.
#include "core/discovery/discoverer.h"
#include "core/dns/cares_lookup.h"
#include "tests/support/dns_server.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_lookup.h"
#include "tests/support/fake_transport.h"
#include "tests/support/group_text.h"

#include <QTest>

using namespace fleetglass;
using namespace fleetglass::discovery;
using namespace fleetglass::test;
using std::chrono::seconds;
using Lines = std::vector<std::string>;

namespace {

JobDiscovery dnsJob(const std::string& type, int port, std::vector<std::string> names)
{
    JobDiscovery job { "dns", {} };
    DnsOptions options;
    options.type = type;
    options.port = port;
    options.names = std::move(names);
    job.options.dns.push_back(options);
    return job;
}

} // namespace

class TestDnsSource : public QObject
{
    Q_OBJECT
private slots:
    void recordsBecomeTargets_data();
    void recordsBecomeTargets();
    void everyNameIsAskedAgainAfterTheInterval();
    void aFailedNameKeepsItsTargets();
    void aNameThatIsGoneLosesItsTargets();
    void aSlowNameIsNotAskedTwice();
    void anAnswerAfterTheEndIsNoMatter();
    void aThousandAddressesComeFromARealServer();
    void everyRecordTypeComesFromARealServer();

private:
    FakeClock m_clock;
    FakeTransport m_transport;
};

void TestDnsSource::recordsBecomeTargets_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("SRV") << QByteArray("SRV") << QByteArray("db1.test.")
                         << QByteArray("web.test. db1.test:3306 {__meta_dns_name=web.test., "
                                       "__meta_dns_srv_record_port=3306, "
                                       "__meta_dns_srv_record_target=db1.test.}");
    QTest::newRow("A") << QByteArray("A") << QByteArray("192.0.2.2")
                       << QByteArray("web.test. 192.0.2.2:80 {__meta_dns_name=web.test.}");
    QTest::newRow("AAAA") << QByteArray("AAAA") << QByteArray("2001:db8::1")
                          << QByteArray("web.test. [2001:db8::1]:80 {__meta_dns_name=web.test.}");
    QTest::newRow("MX") << QByteArray("MX") << QByteArray("smtp1.test.")
                        << QByteArray("web.test. smtp1.test:80 "
                                      "{__meta_dns_mx_record_target=smtp1.test., "
                                      "__meta_dns_name=web.test.}");
    QTest::newRow("NS") << QByteArray("NS") << QByteArray("ns1.test.")
                        << QByteArray("web.test. ns1.test:80 {__meta_dns_name=web.test., "
                                      "__meta_dns_ns_record_target=ns1.test.}");
}

void TestDnsSource::recordsBecomeTargets()
{
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, line);
    FakeLookup lookup;
    Discoverer discoverer(m_transport, m_clock, {}, {}, &lookup);
    discoverer.apply({ dnsJob(type.toStdString(), 80, { "web.test." }) });
    QCOMPARE(lookup.waiting().size(), size_t { 1 });
    QCOMPARE(QByteArray(dns::toWord(lookup.waiting()[0].type)), type);
    lookup.deliver({ { { value.toStdString(), type == "SRV" ? 3306 : 0 } }, {} });
    discoverer.tick();
    QCOMPARE(textOf(discoverer.groups().at(0).groups), Lines { line.toStdString() });
}

void TestDnsSource::everyNameIsAskedAgainAfterTheInterval()
{
    FakeLookup lookup;
    int changes = 0;
    Discoverer discoverer(
        m_transport, m_clock, {}, [&](const auto&) { ++changes; }, &lookup);
    discoverer.apply({ dnsJob("A", 80, { "a.test", "b.test" }) });
    QCOMPARE(lookup.waiting().size(), size_t { 2 });
    lookup.deliver({ { { "192.0.2.1", 0 } }, {} });
    lookup.deliver({ { { "192.0.2.2", 0 } }, {} });
    QVERIFY(discoverer.tick() <= seconds(30));
    QCOMPARE(changes, 1);
    m_clock.advance(seconds(29));
    discoverer.tick();
    QCOMPARE(lookup.waiting().size(), size_t { 0 });
    m_clock.advance(seconds(1));
    discoverer.tick();
    QCOMPARE(lookup.waiting().size(), size_t { 2 });
}

void TestDnsSource::aFailedNameKeepsItsTargets()
{
    FakeLookup lookup;
    Discoverer discoverer(m_transport, m_clock, {}, {}, &lookup);
    discoverer.apply({ dnsJob("A", 80, { "a.test", "b.test" }) });
    lookup.deliver({ { { "192.0.2.1", 0 } }, {} });
    lookup.deliver({ { { "192.0.2.2", 0 } }, {} });
    discoverer.tick();
    m_clock.advance(seconds(30));
    discoverer.tick();
    lookup.deliver({ {}, "the name server did not answer" });
    lookup.deliver({ { { "192.0.2.3", 0 } }, {} });
    discoverer.tick();
    const JobGroups groups = discoverer.groups().at(0);
    QCOMPARE(textOf(groups.groups),
        (Lines { "a.test 192.0.2.1:80 {__meta_dns_name=a.test}",
            "b.test 192.0.2.3:80 {__meta_dns_name=b.test}" }));
    QCOMPARE(groups.errors,
        (Lines { "could not resolve \"a.test\" (A): the name server did not answer" }));
}

void TestDnsSource::aNameThatIsGoneLosesItsTargets()
{
    FakeLookup lookup;
    Discoverer discoverer(m_transport, m_clock, {}, {}, &lookup);
    discoverer.apply({ dnsJob("A", 80, { "a.test" }) });
    lookup.deliver({ { { "192.0.2.1", 0 } }, {} });
    discoverer.tick();
    m_clock.advance(seconds(30));
    discoverer.tick();
    lookup.deliver({});
    discoverer.tick();
    QCOMPARE(discoverer.groups().at(0), (JobGroups { "dns", {}, {} }));
}

void TestDnsSource::aSlowNameIsNotAskedTwice()
{
    FakeLookup lookup;
    Discoverer discoverer(m_transport, m_clock, {}, {}, &lookup);
    discoverer.apply({ dnsJob("A", 80, { "a.test" }) });
    m_clock.advance(seconds(300));
    discoverer.tick();
    QCOMPARE(lookup.waiting().size(), size_t { 1 });
}

void TestDnsSource::anAnswerAfterTheEndIsNoMatter()
{
    FakeLookup lookup;
    {
        Discoverer discoverer(m_transport, m_clock, {}, {}, &lookup);
        discoverer.apply({ dnsJob("A", 80, { "a.test", "b.test" }) });
        discoverer.apply({});
        lookup.deliver({});
    }
    lookup.deliver({});
}

void TestDnsSource::aThousandAddressesComeFromARealServer()
{
    DnsServer server;
    std::vector<DnsRecord> records;
    for (int i = 0; i < 1'000; ++i)
        records.push_back(
            { DnsType::A, "10.0." + std::to_string(i / 250) + '.' + std::to_string(i % 250) });
    server.set("fleet.test.", records);
    dns::LookupOptions options;
    options.servers = { server.address() };
    dns::CaresLookup lookup(options);
    const SystemClock clock;
    Discoverer discoverer(m_transport, clock, {}, {}, &lookup);
    discoverer.apply({ dnsJob("A", 9100, { "fleet.test." }) });
    discoverer.settle(seconds(30));
    const JobGroups groups = discoverer.groups().at(0);
    QCOMPARE(groups.errors, Lines());
    QCOMPARE(groups.groups.size(), size_t { 1'000 });
    QCOMPARE(groups.groups.back().targets, Lines { "10.0.3.249:9100" });
}

void TestDnsSource::everyRecordTypeComesFromARealServer()
{
    DnsServer server;
    server.set("web.test.",
        { { DnsType::A, "192.0.2.1" }, { DnsType::Aaaa, "2001:db8::1" },
            { DnsType::Srv, "db1.test", 3306 }, { DnsType::Mx, "mail.test" },
            { DnsType::Ns, "ns1.test" } });
    server.set("broken.test.", DnsFate::ServerFailure);
    dns::LookupOptions options;
    options.servers = { server.address() };
    dns::CaresLookup lookup(options);
    const SystemClock clock;
    Discoverer discoverer(m_transport, clock, {}, {}, &lookup);
    JobDiscovery job { "dns", {} };
    for (const char* type : { "A", "AAAA", "SRV", "MX", "NS" })
        job.options.dns.push_back(
            dnsJob(type, 80, { "web.test.", "broken.test." }).options.dns.front());
    discoverer.apply({ job });
    discoverer.settle(seconds(30));
    const JobGroups groups = discoverer.groups().at(0);
    Lines addresses;
    for (const TargetGroup& group : groups.groups)
        addresses.push_back(group.targets.at(0));
    QCOMPARE(addresses,
        (Lines {
            "192.0.2.1:80", "[2001:db8::1]:80", "db1.test:3306", "mail.test:80", "ns1.test:80" }));
    QCOMPARE(groups.errors.size(), size_t { 5 });
    QCOMPARE(groups.errors.at(2),
        std::string("could not resolve \"broken.test.\" (SRV): the name server failed (SERVFAIL)"));
}

QTEST_GUILESS_MAIN(TestDnsSource)
#include "tst_dns_source.moc"
