#include "ui/pages/target_texts.h"

#include "ui/models/target_filter.h"
#include "ui/theme/plain_text.h"
#include "ui/theme/units.h"

#include <QCoreApplication>

namespace fleetglass::pages {

namespace {

using widgets::LineMark;
using widgets::RawLine;

QString tr(const char* text)
{
    return QCoreApplication::translate("TargetTexts", text);
}

QString text(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()))
        .left(widgets::kRawColumnsMax);
}

class Lines
{
public:
    void add(const QString& line, LineMark mark = LineMark::None)
    {
        m_lines.append({ ++m_number, line, mark, 0 });
    }
    void head(const QString& line)
    {
        if (!m_lines.isEmpty())
            add({});
        add(QStringLiteral("# ") + line);
    }
    void pairs(const std::vector<std::pair<std::string, std::string>>& pairs)
    {
        for (const auto& [name, value] : pairs)
            add(text(name) + QStringLiteral(": ") + text(value));
    }
    void labels(const labels::Labels& labels)
    {
        for (const labels::Label& label : labels)
            add(text(label.name) + QStringLiteral("=\"") + text(label.value) + QLatin1Char('"'));
    }
    QVector<RawLine> take() { return std::move(m_lines); }

private:
    QVector<RawLine> m_lines;
    int m_number = 0;
};

QString pairOf(const labels::Label& label)
{
    return text(label.name) + QStringLiteral("=\"") + text(label.value) + QLatin1Char('"');
}

} // namespace

bool showsBody(const view::TargetDetailView& detail)
{
    return !detail.body.text.empty();
}

QVector<RawLine> responseLines(const view::TargetView& target, const view::TargetDetailView& detail)
{
    if (showsBody(detail)) {
        // The place stands in the gutter already.
        QString cause = text(target.error);
        const auto colon = cause.indexOf(QStringLiteral(": "));
        if (cause.startsWith(QStringLiteral("line ")) && colon > 0)
            cause = tr("column %1: %2").arg(detail.body.errorColumn).arg(cause.mid(colon + 2));
        return widgets::rawLines(
            detail.body.text, detail.body.errorLine, detail.body.errorColumn, cause);
    }
    std::string whole;
    for (const std::string& line : detail.transcript)
        whole += line + '\n';
    return widgets::rawLines(whole, detail.transcriptErrorLine);
}

QVector<RawLine> requestLines(const view::TargetView& target, const view::TargetDetailView& detail)
{
    Lines lines;
    lines.add(QStringLiteral("GET ") + text(target.url));
    lines.pairs(detail.requestHeaders);
    lines.head(tr("labels of every sample, after relabelling"));
    lines.labels(target.labels);
    lines.head(tr("labels as discovered"));
    lines.labels(detail.discovered);
    return lines.take();
}

QVector<RawLine> headerLines(const view::TargetDetailView& detail)
{
    Lines lines;
    for (const view::RedirectView& redirect : detail.redirects)
        lines.add(redirect.bare
                ? tr("# %1, led to %2, asked without credentials")
                      .arg(redirect.status)
                      .arg(text(redirect.url))
                : tr("# %1, led to %2").arg(redirect.status).arg(text(redirect.url)));
    if (detail.status > 0)
        lines.add(QStringLiteral("HTTP ") + QString::number(detail.status));
    lines.pairs(detail.responseHeaders);
    if (!detail.authSchemes.empty()) {
        QStringList schemes;
        for (const std::string& scheme : detail.authSchemes)
            schemes += text(scheme);
        lines.add(QStringLiteral("# ")
            + tr("the server asks for credentials: %1").arg(schemes.join(QStringLiteral(", "))));
    }
    if (detail.status == 0)
        lines.add(QStringLiteral("# ") + tr("no answer came"));
    return lines.take();
}

namespace {

// What a step did to the labels, or that it did nothing.
void addStep(Lines& lines, const view::RelabelStepView& step)
{
    if (!step.value.empty())
        lines.add(tr("value \"%1\"").arg(text(step.value)));
    if (step.dropped)
        return lines.add(tr("dropped here"), LineMark::Removed);
    bool changed = false;
    for (const labels::Label& label : step.before) {
        if (step.after.get(label.name) != label.value) {
            lines.add(pairOf(label), LineMark::Removed);
            changed = true;
        }
    }
    for (const labels::Label& label : step.after) {
        if (step.before.get(label.name) != label.value) {
            lines.add(pairOf(label), LineMark::Added);
            changed = true;
        }
    }
    if (!changed)
        lines.add(tr("changes nothing"));
}

QString effectText(const view::RuleEffectView& effect)
{
    QStringList parts;
    if (effect.dropped > 0)
        parts += tr("drops %1").arg(theme::formatCount(effect.dropped));
    if (effect.changed > 0)
        parts += tr("changes %1").arg(theme::formatCount(effect.changed));
    return parts.isEmpty() ? tr("does nothing on this page") : parts.join(QStringLiteral(", "));
}

// One series: its line on the page, then the rules that did something to it.
void addSeries(QVector<RawLine>& lines, const view::SeriesTraceView& series,
    const std::vector<view::RuleEffectView>& rules)
{
    const auto note = [&](const QString& line, LineMark mark) {
        lines.append({ 0, line, mark, 0 });
    };
    lines.append({ series.line, text(series.scraped.toSelector()),
        series.dropped ? LineMark::Removed : LineMark::None, 0 });
    if (series.dropped && series.droppedBy >= 0) {
        const view::RelabelStepView& last = series.steps.back();
        note(tr("    dropped by rule %1 (%2), value \"%3\"")
                 .arg(series.droppedBy + 1)
                 .arg(text(rules[static_cast<size_t>(series.droppedBy)].rule), text(last.value)),
            LineMark::None);
    } else if (series.dropped) {
        note(QStringLiteral("    ") + tr("dropped: no label is left"), LineMark::None);
    }
    for (const view::RelabelStepView& step : series.steps) {
        if (step.dropped || step.before == step.after)
            continue;
        note(tr("    rule %1: %2").arg(step.index + 1).arg(text(step.rule)), LineMark::None);
        for (const labels::Label& label : step.before) {
            if (step.after.get(label.name) != label.value)
                note(QStringLiteral("      ") + pairOf(label), LineMark::Removed);
        }
        for (const labels::Label& label : step.after) {
            if (step.before.get(label.name) != label.value)
                note(QStringLiteral("      ") + pairOf(label), LineMark::Added);
        }
    }
    if (!series.dropped && series.stored != series.scraped)
        note(tr("    stored as %1").arg(text(series.stored.toSelector())), LineMark::None);
}

} // namespace

QVector<RawLine> relabelLines(const view::TargetDetailView& detail)
{
    Lines lines;
    if (detail.relabelSteps.empty())
        lines.add(QStringLiteral("# ") + tr("this job has no relabel_configs"));
    for (const view::RelabelStepView& step : detail.relabelSteps) {
        lines.head(tr("%1. %2").arg(step.index + 1).arg(text(step.rule)));
        addStep(lines, step);
    }
    lines.head(tr("labels as discovered"));
    lines.labels(detail.discovered);
    return lines.take();
}

QVector<RawLine> sampleTraceLines(const view::SampleTraceView& trace, const QString& filter,
    int64_t nowMs, const theme::Zone& zone)
{
    QVector<RawLine> lines;
    const auto note = [&](const QString& line) { lines.append({ 0, line, LineMark::None, 0 }); };
    if (trace.timeMs == 0) {
        note(QStringLiteral("# ") + tr("no page of this target is kept yet"));
        return lines;
    }
    note(tr("# page of %1: %2 series, %3 stored, %4 dropped")
             .arg(theme::momentText(trace.timeMs, nowMs, zone), theme::formatCount(trace.series),
                 theme::formatCount(trace.series - trace.dropped),
                 theme::formatCount(trace.dropped)));
    if (trace.clipped)
        note(QStringLiteral("# ") + tr("only the beginning of the page was kept"));
    if (!trace.problem.empty())
        lines.append({ 0, text(trace.problem), LineMark::Error, 0 });
    if (trace.rules.empty())
        note(QStringLiteral("# ") + tr("this job has no metric_relabel_configs"));
    for (size_t i = 0; i < trace.rules.size(); ++i)
        note(tr("# rule %1: %2 - %3")
                 .arg(i + 1)
                 .arg(text(trace.rules[i].rule), effectText(trace.rules[i])));
    const auto shown = static_cast<int64_t>(trace.shown.size());
    note(QStringLiteral("# ")
        + (filter.trimmed().isEmpty()
                ? tr("type words of a series, \"dropped\" or \"changed\" above to narrow these:")
                : tr("%1 series match:").arg(theme::formatCount(trace.matching))));
    for (const view::SeriesTraceView& series : trace.shown)
        addSeries(lines, series, trace.rules);
    if (trace.matching > shown)
        note(tr("# and %1 more").arg(theme::formatCount(trace.matching - shown)));
    return lines;
}

QVector<RawLine> droppedLines(const std::vector<view::DroppedTargetView>& targets)
{
    Lines lines;
    if (targets.empty())
        lines.add(QStringLiteral("# ") + tr("relabelling drops no target"));
    for (const view::DroppedTargetView& target : targets) {
        lines.head(tr("%1, job %2").arg(text(target.address), text(target.job)));
        if (!target.steps.empty()) {
            const view::RelabelStepView& last = target.steps.back();
            lines.add(tr("dropped by rule %1: %2").arg(last.index + 1).arg(text(last.rule)),
                LineMark::Removed);
            lines.add(tr("value \"%1\"").arg(text(last.value)));
        }
        lines.labels(target.discovered);
    }
    return lines.take();
}

QVector<RawLine> configLines(const view::TargetDetailView& detail)
{
    QVector<RawLine> lines = widgets::rawLines(detail.configText);
    for (RawLine& line : lines) {
        if (line.number > 0 && detail.configLine > 0)
            line.number += detail.configLine - 1; // As in the file.
    }
    return lines;
}

QVector<RawLine> differenceLines(const view::KeptBodyView* older, const view::KeptBodyView* newer)
{
    if (newer == nullptr)
        return {};
    if (older == nullptr)
        return widgets::rawLines(*newer->text);
    return widgets::diffLines(*older->text, *newer->text);
}

QString storyOf(const view::TargetView& target, const view::TargetDetailView* detail, int64_t nowMs,
    const theme::Zone& zone)
{
    QStringList lines;
    lines += tr("target %1, job %2").arg(text(target.instance), text(target.job));
    lines += text(target.url);
    lines += tr("at %1").arg(theme::dateTimeText(nowMs, zone));
    const bool down = target.health == view::Health::Down;
    lines += down
        ? tr("DOWN for %1, %2 failed scrapes in a row")
              .arg(theme::formatDurationMs(static_cast<double>(nowMs - target.healthSinceMs)))
              .arg(target.failuresInARow)
        : target.health == view::Health::Up ? tr("up")
                                            : tr("unknown");
    if (!target.error.empty())
        lines += tr("error: %1").arg(text(target.error));
    if (!target.hint.empty())
        lines += tr("hint: %1").arg(text(target.hint));
    if (detail != nullptr) {
        for (const view::PhaseView& phase : detail->phases) {
            const QString state = phase.state == view::PhaseState::Passed ? tr("passed")
                : phase.state == view::PhaseState::Failed                 ? tr("FAILED")
                                                                          : tr("not reached");
            lines += models::phaseWord(phase.phase) + QStringLiteral(": ") + state
                + QStringLiteral(", ") + theme::formatDurationMs(phase.durationMs)
                + QStringLiteral(", ") + text(phase.detail);
        }
        lines += QString();
        for (const std::string& line : detail->transcript)
            lines += text(line);
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

} // namespace fleetglass::pages
