// Curves of a small fleet for tests of charts: seeded, so that a picture can be made again.
#pragma once

#include "ui/charts/chart_content.h"

#include <cmath>
#include <functional>
#include <random>

namespace fleetglass::curves {

// 20 November 2026, 14:41:40 +01:00, and the hour before.
inline constexpr double kNowMs = 1'795'182'100'000;
inline constexpr double kStepMs = 15'000;
inline constexpr charts::Span kHour { kNowMs - 3'600'000, kNowMs + 72'000 };

inline charts::SamplesPtr curve(unsigned seed, double base, double noise,
    const std::function<double(double)>& shape = {},
    const std::function<bool(double)>& missing = {})
{
    std::mt19937 random(seed);
    std::normal_distribution<double> normal(0, noise);
    auto samples = std::make_shared<charts::Samples>();
    double drift = 0;
    for (double timeMs = kNowMs - 3'600'000; timeMs <= kNowMs; timeMs += kStepMs) {
        const double minute = (timeMs - (kNowMs - 3'600'000)) / 60'000;
        drift = 0.6 * drift + normal(random);
        if (!missing || !missing(minute))
            samples->push_back({ timeMs, base + drift + (shape ? shape(minute) : 0) });
    }
    return samples;
}

inline charts::Series line(const QString& name, int slot, charts::SamplesPtr samples)
{
    return { name, name,
        labels::Labels { { "instance", name.section(QLatin1Char(' '), 0, 0).toStdString() } },
        { slot, Qt::SolidLine }, std::move(samples), false };
}

inline double ramp(double minute, double from, double to, double height)
{
    const double part = std::clamp((minute - from) / (to - from), 0.0, 1.0);
    return height * part * part * (3 - 2 * part);
}

inline charts::ChartContent latency()
{
    charts::ChartContent content;
    content.title = QStringLiteral("HTTP latency, p95");
    content.subtitle = QStringLiteral("job=synse, method=GET");
    content.unit = theme::unitFromWord(QStringLiteral("s"));
    const auto gap = [](double minute) {
        return (minute > 23.6 && minute < 24.9) || (minute > 25.1 && minute < 26.2);
    };
    content.series = {
        line(QStringLiteral("synse-03 /v3/read"), 0,
            curve(1, 0.2, 0.012,
                [](double minute) {
                    return ramp(minute, 42, 54, 0.6) - ramp(minute, 54, 57, 0.08);
                })),
        line(QStringLiteral("synse-01 /v3/scan"), 1,
            curve(2, 0.27, 0.01,
                [](double minute) {
                    return 0.14 * std::exp(-std::pow((minute - 19.5) / 1.0, 2));
                })),
        line(QStringLiteral("synse-01 /v3/read"), 2, curve(3, 0.165, 0.006)),
        line(QStringLiteral("synse-03 /v3/info"), 3,
            curve(4, 0.07, 0.003, [](double minute) { return ramp(minute, 44, 50, 0.05); })),
        line(QStringLiteral("synse-03 /v3/scan"), 4,
            curve(5, 0.33, 0.014, [](double minute) { return ramp(minute, 43, 50, 0.15); })),
        line(QStringLiteral("synse-02 /v3/read"), 5, curve(6, 0.19, 0.009, {}, gap)),
        line(QStringLiteral("synse-02 /v3/scan"), 7, curve(7, 0.3, 0.01, {}, gap)),
        line(QStringLiteral("synse-01 /v3/info"), 9, curve(8, 0.045, 0.001)),
    };
    content.thresholds = { { 0.5, true, theme::State::Warning,
        QStringLiteral("SynseLatencyP95 > 500 ms for 5 m") } };
    content.ribbons = { { QStringLiteral("SynseLatencyP95 synse-03"), theme::State::Warning,
        { { kNowMs - 750'000, kNowMs - 450'000, charts::RibbonKind::Pending,
              QStringLiteral("p95 of synse-03 is 0.52 s") },
            { kNowMs - 450'000, charts::kOngoing, charts::RibbonKind::Firing,
                QStringLiteral("p95 of synse-03 is 0.72 s") } } } };
    content.notes = { { kNowMs - 1'090'000, QStringLiteral("modbus-ip reconnected 14:23:30") } };
    for (const double minute : { 10.7, 23.5, 23.75, 24.0, 24.3, 25.2, 25.5, 25.7, 26.0, 41.0 })
        content.missesMs.push_back(kNowMs - 3'600'000 + minute * 60'000);
    return content;
}

} // namespace fleetglass::curves
