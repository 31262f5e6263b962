#include "ui/pages/shells_page_queries.h"

#include "ui/models/session_model.h"
#include "ui/widgets/query_check.h"

#include <QCoreApplication>
#include <algorithm>

namespace fleetglass::pages {

namespace {

constexpr int64_t kMinuteMs = 60'000;
constexpr int64_t kHourMs = 60 * kMinuteMs;

QString words(const char* text)
{
    return QCoreApplication::translate("fleetglass::pages::ShellsPage", text);
}

bool knows(const view::MetricCatalog& catalog, const char* name)
{
    return widgets::metricOfSeries(catalog, QString::fromLatin1(name)) != nullptr;
}

QString instanceMatcher(const view::SessionView& session)
{
    return QStringLiteral("instance=") + promqlString(session.instance);
}

} // namespace

QString promqlString(const std::string& text)
{
    QString quoted = QString::fromStdString(text);
    quoted.replace(QLatin1Char('\\'), QStringLiteral("\\\\"));
    quoted.replace(QLatin1Char('"'), QStringLiteral("\\\""));
    quoted.replace(QLatin1Char('\n'), QStringLiteral("\\n"));
    return QLatin1Char('"') + quoted + QLatin1Char('"');
}

QString hostMatcher(const std::string& host)
{
    static const std::string kSpecial = "\\.+*?()|[]{}^$";
    std::string pattern;
    for (const char c : host) {
        if (kSpecial.find(c) != std::string::npos)
            pattern += '\\';
        pattern += c;
    }
    return QStringLiteral("instance=~") + promqlString(pattern + "(:[0-9]+)?");
}

QVector<StoryQuery> storyQueries(
    const view::SessionView& session, const view::MetricCatalog& catalog, int64_t intervalMs)
{
    // Four scrapes at least, so that one that fails leaves no hole.
    const int64_t seconds = std::max<int64_t>(60, 4 * intervalMs / 1000);
    const QString window = QStringLiteral("[%1s]").arg(seconds);
    const QString own = instanceMatcher(session);
    const QString host = hostMatcher(session.host.empty() ? session.instance : session.host);
    const theme::Unit perSecond { .perSecond = true };
    const theme::Unit ratio { theme::Quantity::Ratio };
    const theme::Unit bytesPerSecond { theme::Quantity::Bytes, 1, true };
    QVector<StoryQuery> queries;
    if (knows(catalog, "etcha_commands_total"))
        queries.append({ words("Commands run"),
            QStringLiteral("sum(rate(etcha_commands_total{%1}%2))").arg(own, window), perSecond,
            true });
    if (knows(catalog, "node_cpu_seconds_total"))
        queries.append({ words("CPU"),
            QStringLiteral("1 - avg(rate(node_cpu_seconds_total{mode=\"idle\",%1}%2))")
                .arg(host, window),
            ratio });
    else if (knows(catalog, "process_cpu_seconds_total"))
        queries.append({ words("CPU of the process"),
            QStringLiteral("rate(process_cpu_seconds_total{%1}%2)").arg(own, window), ratio });
    if (knows(catalog, "process_open_fds"))
        queries.append(
            { words("Open files"), QStringLiteral("max(process_open_fds{%1})").arg(own), {} });
    else if (knows(catalog, "node_filefd_allocated"))
        queries.append({ words("Open files"),
            QStringLiteral("max(node_filefd_allocated{%1})").arg(host), {} });
    if (knows(catalog, "node_network_transmit_bytes_total"))
        queries.append({ words("Network out"),
            QStringLiteral("sum(rate(node_network_transmit_bytes_total{device!=\"lo\",%1}%2))")
                .arg(host, window),
            bytesPerSecond });
    else if (knows(catalog, "process_network_transmit_bytes_total"))
        queries.append({ words("Network out"),
            QStringLiteral("rate(process_network_transmit_bytes_total{%1}%2)").arg(own, window),
            bytesPerSecond });
    return queries;
}

QString commandsQuery(const view::SessionView& session, const view::MetricCatalog& catalog)
{
    if (!knows(catalog, "etcha_commands_total"))
        return {};
    return QStringLiteral("sum by (mode, id, parent_id, error) (etcha_commands_total{%1})")
        .arg(instanceMatcher(session));
}

widgets::TimeRange storyRange(const view::SessionView& session, int64_t nowMs)
{
    const models::SessionSpan span = models::spanOf(session, nowMs);
    const int64_t length = span.endMs - span.beginMs;
    const int64_t before = std::clamp(length * 3 / 2, 10 * kMinuteMs, 12 * kHourMs);
    const int64_t after = std::clamp(length / 2, 5 * kMinuteMs, 6 * kHourMs);
    return { span.beginMs - before, std::max(std::min(span.endMs + after, nowMs), span.beginMs) };
}

} // namespace fleetglass::pages
