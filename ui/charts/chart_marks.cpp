#include "ui/charts/chart_marks.h"

#include "ui/charts/lane_content.h"

#include "ui/theme/plain_text.h"

#include <QCoreApplication>
#include <QHash>
#include <algorithm>
#include <set>

namespace fleetglass::charts {

namespace {

QString words(const char* text)
{
    return QCoreApplication::translate("fleetglass::charts::TimeChart", text);
}

QString qs(std::string_view text)
{
    return theme::shown(text);
}

bool isNameLetter(char letter)
{
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z')
        || (letter >= '0' && letter <= '9') || letter == '_' || letter == ':';
}

std::string_view family(std::string_view name)
{
    for (const std::string_view ending : { "_bucket", "_sum", "_count" }) {
        if (name.ends_with(ending))
            return name.substr(0, name.size() - ending.size());
    }
    return name;
}

// Words long enough, with an underscore, outside quotes: good enough to say "the same metric".
std::set<std::string_view> metricsOf(std::string_view expression)
{
    std::set<std::string_view> names;
    char quote = 0;
    size_t begin = 0;
    for (size_t i = 0; i <= expression.size(); ++i) {
        const char letter = i < expression.size() ? expression[i] : ' ';
        if (quote != 0 || letter == '"' || letter == '\'' || letter == '`') {
            quote = quote == 0 ? letter : letter == quote ? char { 0 } : quote;
            begin = i + 1;
            continue;
        }
        if (isNameLetter(letter))
            continue;
        const std::string_view word = expression.substr(begin, i - begin);
        constexpr std::string_view kFunctions[] = { "histogram_quantile", "label_replace",
            "label_join", "count_values", "group_left", "group_right" };
        const bool function = word.ends_with("_over_time") || letter == '('
            || std::find(std::begin(kFunctions), std::end(kFunctions), word)
                != std::end(kFunctions);
        if (word.size() > 1 && !function
            && (word.find('_') != std::string_view::npos || letter == '{' || letter == '['))
            names.insert(family(word));
        begin = i + 1;
    }
    if (names.empty() && !expression.empty()
        && std::all_of(expression.begin(), expression.end(), isNameLetter))
        names.insert(expression);
    return names;
}

bool concerns(const view::AlertSpanView& span, const MarkSubject& subject)
{
    if (!shareMetric(span.expression, subject.expression))
        return false;
    return std::any_of(subject.series.begin(), subject.series.end(),
        [&](const labels::Labels& series) { return labelsMatch(span.labels, series); });
}

QString ribbonName(const view::AlertSpanView& span)
{
    const QString host = qs(span.labels.get("instance")).section(QLatin1Char(':'), 0, 0);
    return host.isEmpty() ? qs(span.name) : qs(span.name) + QLatin1Char(' ') + host;
}

void addAlerts(ChartContent& content, const view::FleetView& fleet, const MarkSubject& subject)
{
    QHash<quint64, qsizetype> ribbonOf;
    for (const view::AlertSpanView& span : *fleet.alertSpans) {
        if (!concerns(span, subject))
            continue;
        const auto state = stateOf(span.severity, view::AlertState::Firing);
        if (!ribbonOf.contains(span.alertId)) {
            ribbonOf.insert(span.alertId, static_cast<qsizetype>(content.ribbons.size()));
            content.ribbons.push_back({ ribbonName(span), state, {} });
        }
        const RibbonKind kind = span.snoozed          ? RibbonKind::Snoozed
            : span.state == view::AlertState::Pending ? RibbonKind::Pending
                                                      : RibbonKind::Firing;
        content.ribbons[static_cast<size_t>(ribbonOf.value(span.alertId))].spans.push_back(
            { static_cast<double>(span.startMs),
                span.endMs == 0 ? kOngoing : static_cast<double>(span.endMs), kind,
                qs(span.text) });
        const bool known = std::any_of(content.thresholds.begin(), content.thresholds.end(),
            [&](const Threshold& threshold) { return threshold.value == *span.threshold; });
        if (!span.threshold || known)
            continue;
        const QString limit = theme::formatValue(*span.threshold, content.unit);
        content.thresholds.push_back(
            { *span.threshold, !span.thresholdOperator.starts_with('<'), state,
                qs(span.name) + QLatin1Char(' ') + qs(span.thresholdOperator) + QLatin1Char(' ')
                    + limit });
    }
}

std::set<std::string_view> instancesOf(const MarkSubject& subject)
{
    std::set<std::string_view> instances;
    for (const labels::Labels& series : subject.series) {
        if (series.has("instance"))
            instances.insert(series.get("instance"));
    }
    return instances;
}

// node and etcha exporters of a host have different ports: a shell is on the host.
bool hasHost(const std::set<std::string_view>& instances, std::string_view host)
{
    return std::any_of(instances.begin(), instances.end(), [&](std::string_view instance) {
        return instance == host
            || (instance.starts_with(host) && instance.size() > host.size()
                && instance[host.size()] == ':');
    });
}

void addShells(ChartContent& content, const view::FleetView& fleet,
    const std::set<std::string_view>& instances, const theme::Zone& zone)
{
    for (const view::SessionView& session : *fleet.sessions) {
        if (!hasHost(instances, session.host))
            continue;
        const auto begin = static_cast<double>(session.openedLatestMs);
        const bool unknown = session.state == view::SessionState::Unknown;
        const bool open = session.state == view::SessionState::Open
            || session.state == view::SessionState::OpenBeforeWatch;
        const QString text
            = words("shell %1 on %2 since %3")
                  .arg(qs(session.keyOwner.empty() ? session.publicKey : session.keyOwner),
                      qs(session.host), theme::clockText(session.openedLatestMs, zone));
        const double end = open           ? kOngoing
            : unknown                     ? static_cast<double>(session.lastSeenMs)
            : session.closedLatestMs != 0 ? static_cast<double>(session.closedLatestMs)
                                          : begin;
        content.shells.push_back({ begin, end, true, text });
        if (unknown)
            content.shells.push_back({ end, kOngoing, false, text });
    }
}

void addMisses(ChartContent& content, const view::FleetView& fleet,
    const std::set<std::string_view>& instances)
{
    for (const auto& target : fleet.targets) {
        const auto& attempts = target->attemptsHour ? target->attemptsHour : target->attemptsRecent;
        if (!attempts || !instances.contains(target->instance))
            continue;
        for (const view::AttemptView& attempt : *attempts) {
            if (!attempt.ok)
                content.missesMs.push_back(static_cast<double>(attempt.timeMs));
        }
    }
    std::sort(content.missesMs.begin(), content.missesMs.end());
}

} // namespace

bool labelsMatch(const labels::Labels& alert, const labels::Labels& series)
{
    bool shared = false;
    for (const labels::Label& label : alert) {
        const std::string_view value = series.get(label.name);
        if (value.empty() || label.name == labels::kMetricName)
            continue;
        if (value != label.value)
            return false;
        shared = true;
    }
    return shared;
}

bool shareMetric(std::string_view a, std::string_view b)
{
    const auto left = metricsOf(a);
    const auto right = metricsOf(b);
    return std::any_of(
        left.begin(), left.end(), [&](std::string_view name) { return right.contains(name); });
}

void addMarks(ChartContent& content, const view::FleetView& fleet, const MarkSubject& subject,
    const theme::Zone& zone)
{
    content.ribbons.clear();
    content.thresholds.clear();
    content.shells.clear();
    content.missesMs.clear();
    const auto instances = instancesOf(subject);
    if (fleet.alertSpans)
        addAlerts(content, fleet, subject);
    if (fleet.sessions)
        addShells(content, fleet, instances, zone);
    addMisses(content, fleet, instances);
}

} // namespace fleetglass::charts
