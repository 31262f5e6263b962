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
    if (detail.status > 0)
        lines.add(QStringLiteral("HTTP ") + QString::number(detail.status));
    lines.pairs(detail.responseHeaders);
    if (detail.status == 0)
        lines.add(QStringLiteral("# ") + tr("no answer came"));
    return lines.take();
}

QVector<RawLine> relabelLines(const view::TargetDetailView& detail)
{
    Lines lines;
    if (detail.relabelSteps.empty())
        lines.add(QStringLiteral("# ") + tr("this job has no relabel rules"));
    for (const view::RelabelStepView& step : detail.relabelSteps) {
        lines.head(tr("%1. %2").arg(step.index + 1).arg(text(step.rule)));
        if (step.dropped)
            lines.add(tr("dropped here"), LineMark::Removed);
        bool changed = step.dropped;
        for (const labels::Label& label : step.before) {
            if (step.after.get(label.name) != label.value && !step.dropped) {
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

QVector<RawLine> lastGoodLines(const view::TargetDetailView& detail)
{
    if (detail.previousGoodBody.text.empty())
        return widgets::rawLines(detail.lastGoodBody.text);
    return widgets::diffLines(detail.previousGoodBody.text, detail.lastGoodBody.text);
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
