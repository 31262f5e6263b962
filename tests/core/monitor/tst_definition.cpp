// Goal: what the editor does not show survives a round trip through it, and no secret gets out.
#include "core/monitor/definition.h"

#include <QTest>

using namespace fleetglass;
using namespace fleetglass::monitor;

namespace {

scrape::JobOptions fullJob()
{
    scrape::JobOptions job;
    job.name = "etcha";
    job.scheme = "https";
    job.params = { { "key", { "hunter22" } }, { "collect[]", { "cpu", "disk" } } };
    job.interval = Millis(30'000);
    job.honorLabels = true;
    job.limits.samplesMax = 500;
    relabel::RuleText text;
    text.targetLabel = "zone";
    const auto rule = relabel::makeRule(text).value();
    job.relabelRules = { rule };
    job.metricRelabelRules = { rule };
    job.discovery.statics = { { { "a:1", "b:1" }, { { "zone", "eu" } }, "static/0" },
        { { "c:1" }, { { "zone", "us" } }, "static/1" } };
    job.client.authorization = http::Authorization { "Token", { Secret("t0psecret"), {} } };
    job.client.tls.ca = "PEM";
    job.client.tls.cert = "CERT";
    job.client.tls.key = { Secret("KEY"), {} };
    job.client.tls.trustedSha256 = std::string(64, 'a');
    return job;
}

view::TargetDefinition smallDefinition()
{
    view::TargetDefinition definition;
    definition.job = "j";
    definition.addresses = { "a:1" };
    return definition;
}

scrape::JobOptions roundTrip(
    const scrape::JobOptions& job, const std::function<void(view::TargetDefinition&)>& edit = {})
{
    auto definition = definitionOf(job);
    if (edit)
        edit(definition);
    auto result = jobOf(definition, &job);
    if (!result)
        qFatal("%s", result.error().message.c_str());
    return std::move(*result);
}

} // namespace

class TestDefinition : public QObject
{
    Q_OBJECT

private slots:
    void nothingIsLostByOpeningAndSaving()
    {
        const auto job = fullJob();
        const auto same = roundTrip(job);
        QVERIFY(same.params == job.params);
        QCOMPARE(same.relabelRules.size(), size_t(1));
        QCOMPARE(same.metricRelabelRules.size(), size_t(1));
        QCOMPARE(same.limits.samplesMax, uint64_t(500));
        QVERIFY(same.discovery == job.discovery);
        QVERIFY(same.client == job.client);
        QCOMPARE(same.interval, job.interval);
        QVERIFY(same.honorLabels);
    }

    void noSecretStandsInTheDefinition()
    {
        const auto definition = definitionOf(fullJob());
        QVERIFY(definition.secret.empty());
        for (const auto& [name, value] : definition.params)
            QCOMPARE(value, std::string(Secret::kMask));
        QCOMPARE(definition.params.size(), size_t(3));
        QCOMPARE(definition.keyFile, std::string());
    }

    void oneParameterIsChangedAndTheMaskedOnesStay()
    {
        const auto job = roundTrip(fullJob(), [](auto& definition) {
            definition.params[1].second = "mem"; // The first collect[].
            definition.params.push_back({ "debug", "1" });
        });
        const decltype(job.params) expected { { "key", { "hunter22" } },
            { "collect[]", { "mem", "disk" } }, { "debug", { "1" } } };
        QVERIFY(job.params == expected);
    }

    void aMaskWithoutAValueBehindItIsRefused()
    {
        const auto job = fullJob();
        auto definition = definitionOf(job);
        definition.params[0].first = "token";
        const auto result = jobOf(definition, &job);
        QVERIFY(!result);
        QCOMPARE(result.error().message,
            std::string("the value of parameter \"token\" is not known; write it again"));
    }

    void addressesKeepTheLabelsOfTheirGroups()
    {
        const auto job = roundTrip(fullJob(), [](auto& definition) {
            definition.addresses = { "c:1", "a:1", "d:1" };
        });
        const auto& groups = job.discovery.statics;
        QCOMPARE(groups.size(), size_t(3));
        QCOMPARE(groups[0].targets, std::vector<std::string> { "a:1" });
        QCOMPARE(groups[0].labels.size(), size_t(1));
        QCOMPARE(groups[1].targets, std::vector<std::string> { "c:1" });
        QCOMPARE(groups[2].targets, std::vector<std::string> { "d:1" });
        QVERIFY(groups[2].labels.empty());
    }

    void aNewAddressJoinsTheOnlyGroup()
    {
        auto before = fullJob();
        before.discovery.statics.resize(1);
        const auto job
            = roundTrip(before, [](auto& definition) { definition.addresses = { "z:1" }; });
        QCOMPARE(job.discovery.statics.size(), size_t(1));
        QCOMPARE(job.discovery.statics[0].targets, std::vector<std::string> { "z:1" });
        QCOMPARE(job.discovery.statics[0].labels.size(), size_t(1));
    }

    void aJobWithDiscoveryNeedsNoAddress()
    {
        scrape::JobOptions before;
        before.name = "sd";
        before.discovery.files = { { { "/etc/targets.json" }, Millis(1000) } };
        const auto job = roundTrip(before, [](auto& definition) { definition.honorLabels = true; });
        QVERIFY(job.discovery == before.discovery);
        QVERIFY(job.honorLabels);
    }

    void anotherTypeOfAuthorizationStays()
    {
        const auto job = roundTrip(fullJob(), [](auto& definition) { definition.secret = "n3w"; });
        QCOMPARE(job.client.authorization->type, std::string("Token"));
        QCOMPARE(job.client.authorization->credentials.text.reveal(), std::string("n3w"));
    }

    void aNewSecretTakesThePlaceOfItsFile()
    {
        auto before = fullJob();
        before.client.authorization.reset();
        before.client.basicAuth = http::BasicAuth { "u", {}, { {}, "/run/password" } };
        QCOMPARE(roundTrip(before).client.basicAuth->password.file, std::string("/run/password"));
        const auto job = roundTrip(before, [](auto& definition) { definition.secret = "typed"; });
        QCOMPARE(job.client.basicAuth->password.file, std::string());
        QCOMPARE(job.client.basicAuth->password.text.reveal(), std::string("typed"));
    }

    void choosingNoAuthenticationRemovesIt()
    {
        const auto job
            = roundTrip(fullJob(), [](auto& definition) { definition.authKind.clear(); });
        QVERIFY(!job.client.authorization);
        QVERIFY(!job.client.basicAuth);
    }

    void anEmptiedKeyFileIsNoKeyFileAnyMore()
    {
        auto before = fullJob();
        before.client.tls.key = { {}, "/etc/key.pem" };
        const auto job = roundTrip(before, [](auto& definition) { definition.keyFile.clear(); });
        QVERIFY(!job.client.tls.key.isSet());
    }

    void aWrongDefinitionIsRefusedInWords_data()
    {
        QTest::addColumn<int>("which");
        QTest::addColumn<QString>("message");
        QTest::newRow("name") << 0 << QStringLiteral("the job needs a name");
        QTest::newRow("address") << 1
                                 << QStringLiteral(
                                        "job \"j\" needs at least one address, as in host:port");
        QTest::newRow("scheme") << 2
                                << QStringLiteral("unknown scheme \"ftp\"; write http or https");
        QTest::newRow("interval") << 3
                                  << QStringLiteral("the interval must be at least 100 ms and the "
                                                    "timeout at least 10 ms");
        QTest::newRow("timeout") << 4
                                 << QStringLiteral("scrape timeout of 20000 ms is longer than the "
                                                   "interval of 15000 ms");
    }
    void aWrongDefinitionIsRefusedInWords()
    {
        QFETCH(int, which);
        QFETCH(QString, message);
        auto definition = smallDefinition();
        if (which == 0)
            definition.job.clear();
        if (which == 1)
            definition.addresses.clear();
        if (which == 2)
            definition.scheme = "ftp";
        if (which == 3)
            definition.intervalMs = 5;
        if (which == 4)
            definition.timeoutMs = 20'000;
        const auto job = jobOf(definition, nullptr);
        QVERIFY(!job);
        QCOMPARE(QString::fromStdString(job.error().message), message);
    }

    void fingerprintsAreComparedWithoutColons()
    {
        QCOMPARE(plainFingerprint("AB:0c:FF"), std::string("ab0cff"));
    }
};

QTEST_GUILESS_MAIN(TestDefinition)
#include "tst_definition.moc"
