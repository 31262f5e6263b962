// Goal: the metric tree has one entry for each metric as people know it, typed as declared.
#include "core/monitor/catalog.h"

#include <QTest>

using namespace fleetglass;
using labels::MetricType;

namespace {

using Map = std::map<std::string, labels::Metadata, std::less<>>;

view::MetricView entry(const view::MetricCatalog& catalog, const std::string& name)
{
    for (const auto& metric : catalog.metrics) {
        if (metric.name == name)
            return metric;
    }
    return {};
}

} // namespace

class TestCatalog : public QObject
{
    Q_OBJECT

private slots:
    void partsOfAHistogramAreOneMetric()
    {
        const auto map = std::make_shared<const Map>(
            Map { { "lat", { MetricType::Histogram, "how long", "seconds" } } });
        const auto catalog = monitor::buildCatalog(
            { { "lat_bucket", 10 }, { "lat_count", 1 }, { "lat_sum", 1 } }, { map });
        QCOMPARE(catalog.metrics.size(), size_t(1));
        QCOMPARE(catalog.metrics[0].name, std::string("lat"));
        QCOMPARE(catalog.metrics[0].series, int64_t(12));
        QCOMPARE(catalog.metrics[0].type, MetricType::Histogram);
        QCOMPARE(catalog.metrics[0].help, std::string("how long"));
    }

    void anOpenMetricsCounterKeepsItsTotal()
    {
        const auto map
            = std::make_shared<const Map>(Map { { "hits", { MetricType::Counter, "h", "" } } });
        const auto catalog = monitor::buildCatalog({ { "hits_total", 2 } }, { map });
        QCOMPARE(entry(catalog, "hits_total").type, MetricType::Counter);
        QCOMPARE(entry(catalog, "hits_total").help, std::string("h"));
    }

    void aNameThatOnlyEndsLikeAPartStandsAlone()
    {
        const auto map
            = std::make_shared<const Map>(Map { { "queue", { MetricType::Gauge, "", "" } } });
        const auto catalog
            = monitor::buildCatalog({ { "queue", 1 }, { "queue_count", 1 } }, { map });
        QCOMPARE(catalog.metrics.size(), size_t(2));
        QCOMPARE(entry(catalog, "queue_count").type, MetricType::Unknown);
    }

    void ofTargetsThatDisagreeTheFirstCountsAndMissingMapsDoNotMatter()
    {
        const auto first
            = std::make_shared<const Map>(Map { { "a", { MetricType::Gauge, "first", "" } } });
        const auto second
            = std::make_shared<const Map>(Map { { "a", { MetricType::Counter, "second", "" } } });
        const auto catalog = monitor::buildCatalog({ { "a", 1 } }, { nullptr, first, second });
        QCOMPARE(entry(catalog, "a").help, std::string("first"));
    }

    void ourOwnSeriesAreGauges()
    {
        const auto catalog
            = monitor::buildCatalog({ { "up", 3 }, { "scrape_duration_seconds", 3 } }, {});
        QCOMPARE(entry(catalog, "up").type, MetricType::Gauge);
        QCOMPARE(entry(catalog, "scrape_duration_seconds").type, MetricType::Gauge);
    }
};

QTEST_GUILESS_MAIN(TestCatalog)
#include "tst_catalog.moc"
