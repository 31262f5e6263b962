#include "ui/pages/explore_content.h"

#include "ui/charts/chart_marks.h"
#include "ui/models/differing_labels.h"
#include "ui/pages/explore_queries.h"
#include "ui/theme/plain_text.h"
#include "ui/widgets/query_check.h"

#include <QCoreApplication>
#include <set>

namespace fleetglass::pages {

namespace {

QString words(const char* text)
{
    return QCoreApplication::translate("fleetglass::pages::ExplorePage", text);
}

std::vector<labels::Labels> labelsOf(const view::QueryAnswer& answer)
{
    std::vector<labels::Labels> all;
    all.reserve(answer.series.size());
    for (const view::SeriesView& series : answer.series)
        all.push_back(series.labels);
    return all;
}

charts::SamplesPtr samplesOf(const view::SeriesView& series, int64_t shiftMs)
{
    auto samples = std::make_shared<charts::Samples>();
    samples->reserve(series.values.size());
    for (size_t i = 0; i < series.values.size(); ++i)
        samples->push_back(
            { static_cast<double>(series.timestampsMs[i] + shiftMs), series.values[i] });
    return samples;
}

QString nameOf(const labels::Labels& labels, const std::vector<std::string>& differing)
{
    QStringList parts;
    for (const std::string& name : differing) {
        const std::string_view value = labels.get(name);
        if (!value.empty())
            parts += theme::shown(name == "instance" ? value.substr(0, value.find(':')) : value);
    }
    if (parts.isEmpty())
        return labels.empty() ? words("value") : theme::shown(labels.toSelector());
    return parts.mid(0, 4).join(QLatin1Char(' '));
}

QString subtitleOf(std::span<const labels::Labels> all)
{
    QStringList parts;
    for (const labels::Label& label : models::sharedLabels(all))
        parts += theme::shown(label.name) + QLatin1Char('=') + theme::shown(label.value);
    return parts.mid(0, 4).join(QStringLiteral(", "));
}

void addLines(charts::ChartContent& content, const view::QueryAnswer& answer,
    const std::vector<std::string>& differing, const StyleOf& styleOf, int64_t shiftMs)
{
    for (const view::SeriesView& series : answer.series) {
        const bool ghost = shiftMs != 0;
        const QString key = keyOf(series.labels);
        content.series.push_back(
            { ghost ? key + QStringLiteral(" past") : key, nameOf(series.labels, differing),
                series.labels, styleOf(series.labels), samplesOf(series, shiftMs), ghost });
    }
}

} // namespace

QString keyOf(const labels::Labels& labels)
{
    return QString::fromStdString(labels.toString());
}

StyleOf styleFor(const view::QueryAnswer& answer, theme::SeriesColors& colors)
{
    std::set<std::string_view> instances;
    for (const view::SeriesView& series : answer.series)
        instances.insert(series.labels.get("instance"));
    const bool oneEach
        = instances.size() == answer.series.size() && !instances.contains(std::string_view());
    return [&colors, oneEach](const labels::Labels& labels) {
        return colors.styleOf(oneEach ? QString::fromStdString(std::string(labels.get("instance")))
                                      : QString::fromStdString(labels.withoutName().toString()));
    };
}

charts::ChartContent contentOf(const ContentRequest& request, const StyleOf& styleOf)
{
    charts::ChartContent content;
    const std::vector<labels::Labels> all = labelsOf(*request.answer);
    const auto differing = models::differingLabels(all);
    content.title = request.title;
    content.subtitle = subtitleOf(all);
    content.unit = request.unit;
    if (request.past)
        addLines(content, *request.past, differing, styleOf, request.pastOffsetMs);
    addLines(content, *request.answer, differing, styleOf, 0);
    if (request.fleet)
        charts::addMarks(
            content, *request.fleet, { request.answer->request.expression, all }, request.zone);
    return content;
}

EmptyReason emptyReason(const view::QueryAnswer& answer, const view::MetricCatalog* catalog)
{
    EmptyReason reason { theme::shown(answer.emptyReason), {} };
    const QString query = QString::fromStdString(answer.request.expression);
    for (const QString& metric : catalog == nullptr ? QStringList {} : widgets::metricsOf(query)) {
        if (const auto* known = widgets::metricOfSeries(*catalog, metric)) {
            if (reason.title.isEmpty())
                reason.title = words("%1 has %2 series, none fits these matchers in this range")
                                   .arg(theme::shown(metric), theme::formatCount(known->series));
            reason.text = words("Take a matcher away, or show a longer range with -.");
            continue;
        }
        reason.title = words("No metric is called %1").arg(theme::shown(metric));
        const QString near = nearestMetric(metric, *catalog);
        reason.text = near.isEmpty()
            ? words("Choose one at the left, or scrape a target that has it.")
            : words("Did you mean %1?").arg(theme::shown(near));
        return reason;
    }
    if (reason.title.isEmpty())
        reason.title = words("The query is right, but has no result in this range");
    if (reason.text.isEmpty())
        reason.text = words("A comparison drops what does not hold; try it without, or show a "
                            "longer range with -.");
    return reason;
}

} // namespace fleetglass::pages
