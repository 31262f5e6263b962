// Goal: a rule can warn of a certificate that ends, as of any other thing that is measured.
#include "core/monitor/self_metrics.h"

#include "tests/support/memory_appender.h"

#include <QTest>

using namespace fleetglass;
using namespace fleetglass::monitor;

namespace {

const std::string kSeries
    = std::string(kCertificateExpiryMetric) + "{instance=\"a:1\", job=\"etcha\"}";

scrape::StatusPtr statusOf(const char* instance, int64_t notAfterMs)
{
    auto target = std::make_shared<scrape::Target>();
    target->labels = { { "instance", instance }, { "job", "etcha" } };
    auto status = std::make_shared<scrape::TargetStatus>();
    status->target = target;
    status->certificateNotAfterMs = notAfterMs;
    return status;
}

} // namespace

class TestSelfMetrics : public QObject
{
    Q_OBJECT
private slots:
    void t9TheEndOfACertificateIsASeries()
    {
        test::MemoryAppender store;
        SelfMetrics metrics(store);
        const std::vector<scrape::StatusPtr> targets { statusOf("a:1", 1'800'000'000'500),
            statusOf("plain:1", 0) };
        metrics.write(targets, 1'000);
        QCOMPARE(store.selectors(), std::vector<std::string> { kSeries });
        QCOMPARE(store.last(kSeries).value(), 1'800'000'000.5);
    }

    void t9TheSeriesOfATargetThatIsGoneEnds()
    {
        test::MemoryAppender store;
        SelfMetrics metrics(store);
        metrics.write(std::vector<scrape::StatusPtr> { statusOf("a:1", 5'000) }, 1'000);
        metrics.write(std::vector<scrape::StatusPtr> {}, 2'000);
        QVERIFY(store.isStale(kSeries));
    }

    void withoutTlsNothingIsWritten()
    {
        test::MemoryAppender store;
        SelfMetrics metrics(store);
        metrics.write(std::vector<scrape::StatusPtr> { statusOf("a:1", 0) }, 1'000);
        QVERIFY(store.selectors().empty());
    }
};

QTEST_GUILESS_MAIN(TestSelfMetrics)
#include "tst_self_metrics.moc"
