// Prometheus as the judge: what it is asked, how it is started, how two answers are compared.
#pragma once

#include "tests/support/real_parts.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMap>
#include <QString>
#include <QStringList>
#include <algorithm>
#include <cmath>
#include <memory>

namespace fleetglass::judge {

// Scrapes up to a second apart see other values of what moves: Near compares the series alone,
// tst_judge_moments their values.
enum class Agreement
{
    Exact,
    Near
};

struct Query
{
    const char* text;
    Agreement live;
};

inline const Query kQueries[] = {
    { "up", Agreement::Exact },
    { "count by (job) (up)", Agreement::Exact },
    { "sum by (job) (up == 1)", Agreement::Exact },
    { "etcha_sources_shells{instance=\"web-07:4000\"} == 1", Agreement::Exact },
    { "changes(etcha_sources_total[2m]) != 0", Agreement::Exact },
    { "process_max_fds", Agreement::Exact },
    { "awx_hosts_total", Agreement::Exact },
    { "awx_instance_capacity - 100", Agreement::Exact },
    { "restic_session_success", Agreement::Exact },
    { "count(restic_session_fail == 0) by (namespace)", Agreement::Exact },
    { "label_replace(synse_registered_devices, \"host\", \"$1\", \"instance\", \"(.*):.*\")",
        Agreement::Exact },
    { "topk(2, awx_license_instance_total)", Agreement::Exact },
    { "go_info * on (instance) group_left (job) (up == 1)", Agreement::Exact },
    { "sum(rate(synse_http_request_count_total[10s])) by (instance)", Agreement::Near },
    { "histogram_quantile(0.5, sum by (le) (rate(synse_http_request_latency_sec_bucket[10s])))",
        Agreement::Near },
    { "histogram_quantile(0.95, sum by (instance, le) "
      "(rate(synse_grpc_request_latency_sec_bucket[10s])))",
        Agreement::Near },
    { "rate(process_cpu_seconds_total{job=\"synse-server\"}[10s])", Agreement::Near },
    { "increase(apiserver_request_count[10s])", Agreement::Near },
    { "avg_over_time(go_memstats_alloc_bytes{job=\"etcha\"}[10s])", Agreement::Near },
    { "synse_http_request_latency_sec_sum / synse_http_request_latency_sec_count",
        Agreement::Near },
};

using Vector = QMap<QString, double>; // By the series' labels as JSON.

inline Vector vectorOf(const QByteArray& json)
{
    Vector vector;
    const QJsonObject answer = QJsonDocument::fromJson(json).object();
    const QJsonArray result
        = answer.value(QStringLiteral("data")).toObject().value(QStringLiteral("result")).toArray();
    for (const QJsonValue& entry : result) {
        const QJsonObject series = entry.toObject();
        const QString labels
            = QString::fromUtf8(QJsonDocument(series.value(QStringLiteral("metric")).toObject())
                                    .toJson(QJsonDocument::Compact));
        vector[labels]
            = series.value(QStringLiteral("value")).toArray().at(1).toString().toDouble();
    }
    return vector;
}

inline bool agree(double a, double b, Agreement agreement)
{
    if (std::isnan(a) || std::isnan(b))
        return std::isnan(a) && std::isnan(b);
    return agreement == Agreement::Near
        || std::fabs(a - b) <= 1e-9 * std::max(std::fabs(a), std::fabs(b));
}

inline QString differenceOf(const Vector& ours, const Vector& theirs, Agreement agreement)
{
    if (ours.keys() != theirs.keys())
        return QStringLiteral("%1 series here, %2 there\n%3\n%4")
            .arg(ours.size())
            .arg(theirs.size())
            .arg(ours.keys().join(QLatin1Char('\n')), theirs.keys().join(QLatin1Char('\n')));
    for (auto it = ours.begin(); it != ours.end(); ++it) {
        if (!agree(it.value(), theirs[it.key()], agreement))
            return QStringLiteral("%1: %2 here, %3 there")
                .arg(it.key())
                .arg(it.value())
                .arg(theirs[it.key()]);
    }
    return {};
}

inline std::unique_ptr<support::Program> startPrometheus(
    const QString& config, const QString& data, int port)
{
    auto program
        = std::make_unique<support::Program>(support::Program::find(QStringLiteral("prometheus")),
            QStringList { QStringLiteral("--config.file=") + config,
                QStringLiteral("--storage.tsdb.path=") + data,
                QStringLiteral("--storage.tsdb.retention.time=10y"),
                QStringLiteral("--web.listen-address=127.0.0.1:%1").arg(port) });
    if (!support::waitForPort(port))
        qWarning("%s", program->process().readAll().constData());
    return program;
}

inline QString addressOf(int port)
{
    return QStringLiteral("http://127.0.0.1:%1").arg(port);
}

// The answer as the API gives it; a recording and a server are asked alike.
inline QByteArray ask(const QString& source, const QString& query, qint64 timeS)
{
    const auto answer = support::runFleetglass({ QStringLiteral("query"), QStringLiteral("instant"),
        source, query, QStringLiteral("--time"), QString::number(timeS), QStringLiteral("--format"),
        QStringLiteral("json") });
    if (answer.exitCode != 0)
        qWarning("%s", answer.errors.constData());
    return answer.output;
}

} // namespace fleetglass::judge
