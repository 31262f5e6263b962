#include "ui/widgets/query_completion.h"

#include "core/promql/function_table.h"
#include "ui/theme/plain_text.h"
#include "ui/theme/units.h"

#include <QCoreApplication>
#include <algorithm>

namespace fleetglass::widgets {

namespace {

QString words(const char* text)
{
    return QCoreApplication::translate("fleetglass::widgets::QueryEditor", text);
}

QString qs(std::string_view text)
{
    return theme::shown(text);
}

// 0: begins with it, 1: a part of the name begins with it, 2: holds it, -1: no.
int rankOf(const QString& text, const QString& prefix, qsizetype& at)
{
    at = text.indexOf(prefix, 0, Qt::CaseInsensitive);
    if (at < 0)
        return -1;
    return at == 0 ? 0 : text[at - 1] == QLatin1Char('_') ? 1 : 2;
}

struct Ranked
{
    int rank;
    double weight;
    Completion completion;
};

class Collector
{
public:
    explicit Collector(QString prefix)
        : m_prefix(std::move(prefix))
    {
    }

    void offer(Completion completion, double weight, int handicap = 0)
    {
        qsizetype at = 0;
        const int rank = rankOf(completion.text, m_prefix, at);
        if (rank < 0)
            return;
        completion.matchBegin = at;
        completion.matchLength = m_prefix.size();
        m_found.append({ 2 * rank + handicap, weight, std::move(completion) });
    }

    QVector<Completion> best()
    {
        std::stable_sort(m_found.begin(), m_found.end(), [](const Ranked& a, const Ranked& b) {
            return a.rank != b.rank ? a.rank < b.rank : a.weight > b.weight;
        });
        QVector<Completion> completions;
        for (const Ranked& ranked : m_found.mid(0, kCompletionsMax))
            completions.append(ranked.completion);
        return completions;
    }

private:
    QString m_prefix;
    QVector<Ranked> m_found;
};

QString letterOf(labels::MetricType type)
{
    const QString word = qs(labels::toWord(type));
    return type == labels::MetricType::Unknown ? QStringLiteral("?") : word.left(1).toUpper();
}

void offerMetric(Collector& collector, const view::MetricView& metric)
{
    using enum labels::MetricType;
    const QString name = qs(metric.name);
    const auto offer = [&](const QString& text) {
        Completion completion;
        completion.insert = completion.text = text;
        completion.letter = letterOf(metric.type);
        completion.detail = qs(labels::toWord(metric.type));
        completion.count = words("%1 series").arg(theme::formatCount(metric.series));
        completion.help = qs(metric.help);
        collector.offer(std::move(completion), static_cast<double>(metric.series));
    };
    const bool histogram = metric.type == Histogram || metric.type == GaugeHistogram;
    if (histogram)
        offer(name + QStringLiteral("_bucket"));
    if (histogram || metric.type == Summary) {
        offer(name + QStringLiteral("_count"));
        offer(name + QStringLiteral("_sum"));
    }
    if (!histogram)
        offer(name);
}

} // namespace

QString signatureOf(const QString& function)
{
    const auto* known = promql::findFunction(function.toStdString());
    if (known == nullptr)
        return {};
    QStringList arguments;
    for (const promql::ValueType type : known->argumentTypes())
        arguments += qs(promql::documentedType(type));
    if (known->variadic != 0 && !arguments.isEmpty())
        arguments.last() = QLatin1Char('[') + arguments.last()
            + (known->variadic == 1 ? QStringLiteral("]") : QStringLiteral(" ...]"));
    return function + QLatin1Char('(') + arguments.join(QStringLiteral(", ")) + QLatin1Char(')');
}

QVector<Completion> completeExpression(const QString& prefix, const view::MetricCatalog& catalog)
{
    Collector collector(prefix);
    for (const view::MetricView& metric : catalog.metrics)
        offerMetric(collector, metric);
    for (const promql::Function& function : promql::functions()) {
        Completion completion;
        completion.text = qs(function.name);
        completion.insert = completion.text + QLatin1Char('(');
        completion.letter = QStringLiteral("f");
        completion.detail = words("function");
        completion.help = signatureOf(completion.text);
        collector.offer(std::move(completion), 0, 1);
    }
    for (const char* keyword : { "sum", "avg", "min", "max", "count", "topk", "bottomk", "quantile",
             "stddev", "stdvar", "group", "count_values", "by", "without", "on", "ignoring",
             "group_left", "group_right", "offset", "bool", "and", "or", "unless" }) {
        Completion completion;
        completion.insert = completion.text = QLatin1String(keyword);
        completion.letter = QStringLiteral("k");
        completion.detail = words("keyword");
        collector.offer(std::move(completion), 0,
            prefix.size() > 1 && completion.text.startsWith(prefix) ? 0 : 1);
    }
    return collector.best();
}

QVector<Completion> completeWords(
    const QString& prefix, const QStringList& all, const QString& detail)
{
    Collector collector(prefix);
    for (const QString& word : all) {
        Completion completion;
        completion.insert = word;
        completion.text = theme::shown(word);
        completion.letter = QStringLiteral("l");
        completion.detail = detail;
        collector.offer(std::move(completion), 0);
    }
    return collector.best();
}

QVector<Completion> completeDuration(const QString& prefix)
{
    QStringList all;
    for (const char* duration : { "1m", "5m", "15m", "1h", "6h", "1d", "7d", "30s" })
        all += QLatin1String(duration);
    return completeWords(prefix, all, words("range"));
}

} // namespace fleetglass::widgets
