// Goal: an empty chart says which part of its question matched nothing.
#include "core/monitor/empty_reason.h"

#include "tests/support/memory_storage.h"

#include <QTest>

using namespace fleetglass;

namespace {

constexpr int64_t kNowMs = 1'700'000'000'000;

std::string reason(const char* expression)
{
    test::MemoryStorage storage;
    storage.add(
        { { "__name__", "http_requests_total" }, { "job", "web" }, { "code", "200" } }, kNowMs, 1);
    storage.add(
        { { "__name__", "http_requests_total" }, { "job", "api" }, { "code", "500" } }, kNowMs, 1);
    storage.add({ { "__name__", "backup_seconds" } }, kNowMs - 1'800'000, 1);
    return monitor::emptyReason(
        storage, expression, promql::ParseOptions::everything(), { kNowMs - 300'000, kNowMs });
}

} // namespace

class TestEmptyReason : public QObject
{
    Q_OBJECT

private slots:
    void namesThePartThatMatchesNothing_data()
    {
        QTest::addColumn<QString>("expression");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* expression, const char* expected) {
            QTest::newRow(name) << QString::fromUtf8(expression) << QString::fromUtf8(expected);
        };
        row("misspelt name", "http_request_total",
            "No series is named http_request_total in this range. Did you mean "
            "\"http_requests_total\"?");
        row("beginning of a name", "rate(http_requests[5m])",
            "No series is named http_requests in this range. Did you mean "
            "\"http_requests_total\"?");
        row("nothing near", "zzz", "No series is named zzz in this range.");
        row("wrong value", "http_requests_total{job=\"wob\"}",
            "job=\"wob\" matches nothing; job is api, web. Did you mean \"web\"?");
        row("a negative matcher is offered nothing",
            "http_requests_total{job!=\"web\",code=\"200\"}",
            "job!=\"web\" matches nothing; job is web.");
        row("no such label", "http_requests_total{zone=\"eu\"}",
            "No matching series has a label zone.");
        row("together", "http_requests_total{job=\"web\",code=\"500\",path=\"/\"}",
            "No series of http_requests_total matches all of these labels together.");
        row("second operand", "http_requests_total / nope",
            "No series is named nope in this range.");
        row("values were dropped, nothing is missing", "http_requests_total > 5", "");
        row("range looks further back", "rate(backup_seconds[1h])", "");
        row("offset looks further back", "backup_seconds offset 30m", "");
        row("elsewhere", "backup_seconds @ 0", "");
        row("out of range", "backup_seconds", "No series is named backup_seconds in this range.");
        row("does not parse", "sum(", "");
    }
    void namesThePartThatMatchesNothing()
    {
        QFETCH(QString, expression);
        QFETCH(QString, expected);
        QCOMPARE(QString::fromStdString(reason(expression.toUtf8().constData())), expected);
    }

    void aVeryLongValueIsNotComparedLetterByLetter()
    {
        test::MemoryStorage storage;
        for (int i = 0; i < 2000; ++i)
            storage.add({ { "__name__", std::string(10'000, 'x') + std::to_string(i) } }, 1000, 1);
        const auto text = monitor::emptyReason(
            storage, "short", promql::ParseOptions::everything(), { 0, 1000 });
        QCOMPARE(text, std::string("No series is named short in this range."));
    }
};

QTEST_GUILESS_MAIN(TestEmptyReason)
#include "tst_empty_reason.moc"
