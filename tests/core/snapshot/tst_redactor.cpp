// Goal: no secret in any output. Method: twenty planted ones, in every field, searched in all
// bytes.
#include "tests/support/snapshot_fixture.h"

#include "core/snapshot/capsule_reader.h"
#include "core/snapshot/capsule_writer.h"
#include "core/snapshot/csv.h"
#include "core/snapshot/html_report.h"
#include "core/snapshot/openmetrics_export.h"

#include <QTemporaryDir>
#include <QTest>

using namespace fleetglass;
using namespace fleetglass::snapshot;
using namespace fleetglass::snapshot::test;

class TestRedactor : public QObject
{
    Q_OBJECT

private slots:
    void secretsAreMasked_data();
    void secretsAreMasked();
    void labelsWithoutSecretsAreTheSameObject();
    void twentyPlantedSecretsAreInNoOutput();
    void seriesThatBecomeAlikeStayApart();
};

namespace {

// Twenty texts no output may hold; some need escaping.
std::vector<std::string> planted()
{
    std::vector<std::string> all;
    for (int i = 0; i < 20; ++i) {
        std::string text = "canary-" + std::to_string(i) + "-q8Zr2Lw7Xc5Vb1";
        if (i % 4 == 1)
            text += "/+&=?";
        if (i % 4 == 2)
            text += "\"\\<";
        all.push_back(text);
    }
    return all;
}

std::string percent(const std::string& text)
{
    return QByteArray::fromStdString(text).toPercentEncoding().toStdString();
}

// One secret in each place a text can stand.
void plant(const std::vector<std::string>& s, CapsuleContent& content, tsdb::RingStore& store)
{
    appendFloat(store, { { "__name__", "m" }, { "key", s[0] } }, 1'700'000'000'000, 1);
    appendFloat(store, { { "__name__", "m" }, { "key", "x" + s[1] + "y" } }, 1'700'000'000'000, 1);
    const auto ref = store.seriesFor({ { "__name__", "m" }, { "key", s[0] } }).value();
    const std::vector<storage::LooseExemplar> exemplars { { ref,
        { { { "trace", s[2] } }, 1, 1'700'000'000'000 } } };
    (void)store.append({ 0, {}, {}, exemplars });
    content.title += s[3];
    view::TargetView target;
    target.url = "https://host/metrics?key=" + percent(s[5]);
    target.error = "refused: " + s[6];
    target.labels = { { "token", s[7] } };
    target.hint = "Authorization: Basic "
        + QByteArray::fromStdString("user:" + s[8]).toBase64().toStdString();
    view::AttemptView attempt;
    attempt.message = s[9];
    target.attemptsRecent
        = std::make_shared<const std::vector<view::AttemptView>>(std::vector { attempt });
    content.fleet.targets.push_back(std::make_shared<const view::TargetView>(target));
    view::AlertView alert;
    alert.annotations = { { "summary", s[10] } };
    alert.expression = "up{key=\"" + s[11] + "\"}";
    content.fleet.alerts.push_back(std::make_shared<const view::AlertView>(alert));
    view::SessionView session;
    session.publicKey = s[12];
    content.fleet.sessions
        = std::make_shared<const std::vector<view::SessionView>>(std::vector { session });
    content.fleet.log = std::make_shared<const std::vector<LogEvent>>(
        std::vector<LogEvent> { { 1, LogLevel::Error, "scrape", s[13] } });
    content.ruleFiles.push_back({ s[14], "expr: " + s[15] });
    content.viewState = "{\"query\":\"" + s[16] + "\"}";
    content.fleet.status.notes = { s[17] };
    content.fleet.metrics = std::make_shared<const view::MetricCatalog>(
        view::MetricCatalog { { { "m", labels::MetricType::Gauge, s[18], "", 1, { s[19] } } } });
}

std::string findIn(const std::string& bytes, const std::vector<std::string>& secrets)
{
    for (const std::string& secret : secrets) {
        const auto core = secret.substr(0, 22); // Before what may be escaped.
        if (bytes.find(core) != std::string::npos
            || bytes.find(percent(secret)) != std::string::npos)
            return secret;
    }
    return {};
}

} // namespace

void TestRedactor::secretsAreMasked_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("masked");
    QTest::newRow("plain") << "a s3cret/word b"
                           << "a ****** b";
    QTest::newRow("twice") << "s3cret/words3cret/word"
                           << "************";
    QTest::newRow("percent") << "?k=s3cret%2Fword&x"
                             << "?k=******&x";
    QTest::newRow("percent, small") << "?k=s3cret%2fword"
                                    << "?k=******";
    QTest::newRow("the longer of two") << "s3cret/word/more"
                                       << "******";
    QTest::newRow("quoted") << "say \\\"hi\\\" now"
                            << "say ****** now";
    QTest::newRow("short is masked alone") << "ab"
                                           << "******";
    QTest::newRow("short inside is left") << "cabbage"
                                          << "cabbage";
    QTest::newRow("nothing") << "harmless"
                             << "harmless";
    QTest::newRow("cut off") << "s3cret/wor"
                             << "s3cret/wor";
    QTest::newRow("base64") << "Basic dXNlcjpzM2NyZXQvd29yZA=="
                            << "Basic dXNlcjpz******==";
}

void TestRedactor::secretsAreMasked()
{
    QFETCH(QString, text);
    QFETCH(QString, masked);
    const std::vector<Secret> secrets { Secret("s3cret/word"), Secret("s3cret/word/more"),
        Secret("\"hi\""), Secret("ab"), Secret("") };
    const Redactor redactor(secrets);
    const std::string cleaned = redactor.clean(text.toStdString());
    if (qstrcmp(QTest::currentDataTag(), "base64") == 0)
        QVERIFY(cleaned.find("M2NyZXQvd29y") == std::string::npos
            && cleaned.find("***") != std::string::npos);
    else
        QCOMPARE(QString::fromStdString(cleaned), masked);
    QCOMPARE(redactor.maskedCount() > 0, cleaned != text.toStdString());
}

void TestRedactor::labelsWithoutSecretsAreTheSameObject()
{
    const std::vector<Secret> secrets { Secret("s3cret/word") };
    const Redactor redactor(secrets);
    const labels::Labels labels { { "a", "b" } };
    QCOMPARE(redactor.clean(labels).begin(), labels.begin());
}

void TestRedactor::twentyPlantedSecretsAreInNoOutput()
{
    const auto secretTexts = planted();
    std::vector<Secret> secrets;
    for (const std::string& text : secretTexts)
        secrets.emplace_back(text);
    const Redactor redactor(secrets);
    auto store = filledStore();
    CapsuleContent content = filledContent();
    plant(secretTexts, content, *store);

    QTemporaryDir directory;
    const std::string path = directory.path().toStdString() + "/a.fgsnap";
    const auto written
        = writeCapsule(path, content, { .querier = *store, .exemplars = store.get() }, redactor);
    QVERIFY2(written, written ? "" : written.error().message.c_str());
    QCOMPARE(findIn(readFile(path), secretTexts), std::string());
    QVERIFY2(written->masked >= 19, std::to_string(written->masked).c_str());
    QVERIFY(readCapsule(path));

    StringSink csv;
    QVERIFY(writeSamplesCsv(*store, {}, kAlways, redactor, csv));
    QCOMPARE(findIn(csv.text(), secretTexts), std::string());
    StringSink text;
    QVERIFY(writeOpenMetrics(*store, {}, kAlways,
        { { "m", { labels::MetricType::Gauge, secretTexts[4], "" } } }, redactor, text));
    QCOMPARE(findIn(text.text(), secretTexts), std::string());
    const std::string html = htmlReport(
        { content.title, "", 0, 0, 0, content.fleet, { { secretTexts[4], "png" } } }, redactor);
    QCOMPARE(findIn(html, secretTexts), std::string());
}

void TestRedactor::seriesThatBecomeAlikeStayApart()
{
    const std::vector<Secret> secrets { Secret("first-secret"), Secret("other-secret") };
    const Redactor redactor(secrets);
    const auto store = emptyStore();
    appendFloat(*store, { { "__name__", "m" }, { "key", "first-secret" } }, 10, 1);
    appendFloat(*store, { { "__name__", "m" }, { "key", "other-secret" } }, 10, 2);
    QTemporaryDir directory;
    const std::string path = directory.path().toStdString() + "/a.fgsnap";
    CapsuleContent content;
    content.range = { 0, 100 };
    QVERIFY(writeCapsule(path, content, { .querier = *store }, redactor));
    const auto capsule = readCapsule(path);
    QCOMPARE(capsule->store->stats().series, size_t { 2 });
    QCOMPARE(capsule->store->stats().samples, size_t { 2 });
}

QTEST_GUILESS_MAIN(TestRedactor)
#include "tst_redactor.moc"
