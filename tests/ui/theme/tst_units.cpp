// Units: where they come from and how values read.
#include "ui/theme/time_text.h"
#include "ui/theme/units.h"

#include <QtTest>
#include <cmath>

using namespace fleetglass::theme;

Q_DECLARE_METATYPE(fleetglass::theme::Unit)

class TestUnits : public QObject
{
    Q_OBJECT

private slots:
    void valuesHaveThreeDigitsAndAUnit_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("unit");
        QTest::addColumn<QString>("text");
        const auto row = [](double value, const char* unit, const char* text) {
            QTest::addRow("%s %g", unit, value)
                << value << QString::fromUtf8(unit) << QString::fromUtf8(text);
        };
        row(0.72, "s", "720 ms");
        row(0.0384, "s", "38.4 ms");
        row(10, "s", "10.0 s");
        row(126, "s", "2 m 6 s");
        row(12840, "s", "3 h 34 m");
        row(0, "s", "0 s");
        row(2.5e-6, "s", "2.50 µs");
        row(720, "ms", "720 ms");
        row(4.4e9, "B", "4.10 GiB");
        row(512, "B", "512 B");
        row(48e6, "B/s", "48 MB/s");
        row(3.14e6, "B/s", "3.14 MB/s");
        row(0.025, "ratio", "2.50 %");
        row(97.6, "%", "97.6 %");
        row(31.23, "/s", "31.2 /s");
        row(21.5, "celsius", "21.5 °C");
        row(1760.8, "none", "1.76k");
        row(26412, "none", "26.4k");
        row(999.96, "none", "1.00k");
        row(12, "none", "12");
        row(-18, "ms", "−18.0 ms");
        row(0.35, "apples/s", "0.350 apples/s");
        row(1800, "watts", "1.80 kW");
    }

    void valuesHaveThreeDigitsAndAUnit()
    {
        QFETCH(double, value);
        QFETCH(QString, unit);
        QFETCH(QString, text);
        QCOMPARE(formatValue(value, unitFromWord(unit)), text);
    }

    void whatIsNoNumberIsSaidSo()
    {
        QCOMPARE(formatValue(std::nan(""), {}), QStringLiteral("\u2013"));
        QCOMPARE(formatValue(INFINITY, {}), QStringLiteral("+Inf"));
        QCOMPARE(formatValue(-INFINITY, {}), QStringLiteral("\u2212Inf"));
    }

    void differencesCarryTheirSign()
    {
        const Unit ms = unitFromWord(QStringLiteral("ms"));
        QCOMPARE(formatDelta(505, ms), QStringLiteral("+505 ms"));
        QCOMPARE(formatDelta(-6.9, ms), QStringLiteral("\u22126.90 ms"));
        QCOMPARE(formatDelta(0, ms), QStringLiteral("0 s"));
    }

    void unitsAreInferred_data()
    {
        QTest::addColumn<QString>("override_");
        QTest::addColumn<QString>("declared");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("help");
        QTest::addColumn<int>("quantity");
        QTest::addColumn<bool>("guessed");
        const auto row = [](const char* title, const char* over, const char* unit, const char* name,
                             const char* help, Quantity quantity, bool guessed = false) {
            QTest::newRow(title) << QString::fromLatin1(over) << QString::fromLatin1(unit)
                                 << QString::fromLatin1(name) << QString::fromLatin1(help)
                                 << static_cast<int>(quantity) << guessed;
        };
        row("suffix", "", "", "scrape_duration_seconds", "", Quantity::Seconds);
        row("suffix before total", "", "", "node_network_transmit_bytes_total", "",
            Quantity::Bytes);
        row("suffix before bucket", "", "", "synse_http_request_latency_sec_bucket", "",
            Quantity::Seconds);
        row("a count has none", "", "", "rpc_duration_seconds_count", "", Quantity::None);
        row("a sum has", "", "", "rpc_duration_seconds_sum", "", Quantity::Seconds);
        row("moment", "", "", "process_start_time_seconds", "", Quantity::Timestamp);
        row("timestamp", "", "", "backup_last_timestamp_seconds", "", Quantity::Timestamp);
        row("declared wins over suffix", "", "bytes", "x_seconds", "", Quantity::Bytes);
        row("override wins over all", "percent", "bytes", "x_seconds", "in volts",
            Quantity::Percent);
        row("help is a guess", "", "", "queue_wait", "Time waited in seconds", Quantity::Seconds,
            true);
        row("suffix wins over help", "", "", "x_bytes", "in seconds", Quantity::Bytes);
        row("nothing", "", "", "go_goroutines", "Number of goroutines", Quantity::None);
        row("one word is no suffix", "", "", "seconds", "", Quantity::None);
        row("gauge ending in total", "", "", "awx_pending_jobs_total", "", Quantity::None);
    }

    void unitsAreInferred()
    {
        QFETCH(QString, override_);
        QFETCH(QString, declared);
        QFETCH(QString, name);
        QFETCH(QString, help);
        QFETCH(int, quantity);
        QFETCH(bool, guessed);
        const Unit unit = inferUnit({ override_, declared, name, help });
        QCOMPARE(static_cast<int>(unit.quantity), quantity);
        QCOMPARE(unit.guessed, guessed);
    }

    void ratesChangeTheUnit()
    {
        QCOMPARE(rateOf(unitFromWord(QStringLiteral("seconds"))).quantity, Quantity::Ratio);
        QCOMPARE(rateOf(unitFromWord(QStringLiteral("joules"))).quantity, Quantity::Watts);
        QVERIFY(rateOf(unitFromWord(QStringLiteral("bytes"))).perSecond);
    }

    void axesPutTheUnitInTheTitle()
    {
        const AxisUnit traffic = axisUnit(48e6, unitFromWord(QStringLiteral("B/s")));
        QCOMPARE(traffic.sign, QStringLiteral("MB/s"));
        QCOMPARE(48e6 / traffic.divisor, 48.0);
        QCOMPARE(axisUnit(0.8, unitFromWord(QStringLiteral("s"))).sign, QStringLiteral("s"));
        QCOMPARE(axisUnit(0.04, unitFromWord(QStringLiteral("s"))).sign, QStringLiteral("ms"));
        QCOMPARE(axisUnit(0.9, unitFromWord(QStringLiteral("ratio"))).divisor, 0.01);
        QCOMPARE(axisUnit(25e9, unitFromWord(QStringLiteral("bytes"))).sign, QStringLiteral("GiB"));
    }

    void ticksHaveAsManyDecimalsAsTheStepNeeds()
    {
        QCOMPARE(formatTick(0.25, 0.25), QStringLiteral("0.25"));
        QCOMPARE(formatTick(0.2, 0.2), QStringLiteral("0.2"));
        QCOMPARE(formatTick(60, 20), QStringLiteral("60"));
        QCOMPARE(formatTick(1500, 500), QStringLiteral("1,500"));
        QCOMPARE(formatTick(-0.5, 0.5), QStringLiteral("\u22120.5"));
        QCOMPARE(formatTick(1e-17, 0.1), QStringLiteral("0.0"));
    }

    void agesHaveOnePart()
    {
        QCOMPARE(formatAgeMs(7'000), QStringLiteral("7 s"));
        QCOMPARE(formatAgeMs(575'000), QStringLiteral("9 m"));
        QCOMPARE(formatAgeMs(12'840'000), QStringLiteral("3 h"));
        QCOMPARE(formatAgeMs(19LL * 86'400'000), QStringLiteral("19 d"));
        QCOMPARE(formatCount(1'344), QStringLiteral("1,344"));
    }

    void momentsFollowTheOneSwitch()
    {
        Zone berlin;
        berlin.local = QTimeZone("Europe/Berlin");
        Zone utc = berlin;
        utc.utc = true;
        constexpr int64_t kNow = 1'795'182'100'000;
        QCOMPARE(clockOffsetText(kNow, berlin), QStringLiteral("14:41:40 +01:00"));
        QCOMPARE(clockOffsetText(kNow, utc), QStringLiteral("13:41:40 +00:00"));
        QCOMPARE(zoneTitle(kNow, berlin), QStringLiteral("+01:00 Europe/Berlin"));
        QCOMPARE(isoText(kNow, berlin), QStringLiteral("2026-11-20T14:41:40+01:00"));
        QCOMPARE(momentText(kNow - 60'000, kNow, berlin), QStringLiteral("14:40:40"));
        QVERIFY(momentText(kNow - 86'400'000, kNow, berlin).startsWith(QStringLiteral("19 ")));
    }
};

QTEST_GUILESS_MAIN(TestUnits)
#include "tst_units.moc"
