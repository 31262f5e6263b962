#include "tests/support/sample_port.h"

#include "tests/support/sample_view.h"

#include <algorithm>

namespace fleetglass::support {

namespace {

unsigned seedOf(const std::string& text)
{
    unsigned seed = 2166136261U;
    for (const char c : text)
        seed = (seed ^ static_cast<unsigned char>(c)) * 16777619U;
    return seed;
}

view::SeriesView makeSeries(
    const view::QueryRequest& request, const std::string& instance, int index)
{
    view::SeriesView series;
    series.labels
        = { { "instance", instance }, { "template", index % 2 == 0 ? "/v3/read" : "/v3/scan" } };
    const int64_t stepMs = std::max<int64_t>(request.stepMs, 1);
    const auto points = static_cast<size_t>((request.endMs - request.startMs) / stepMs + 1);
    const double level = 0.15 + 0.08 * index;
    series.values = sampleCurve({ .points = std::min<size_t>(points, 11'000),
        .level = level,
        .noise = level * 0.25,
        .seed = seedOf(request.expression + instance),
        .stepUpAt = index == 0 ? 0.7 : 2,
        .stepTo = 0.72 });
    for (size_t i = 0; i < series.values.size(); ++i)
        series.timestampsMs.push_back(request.startMs + static_cast<int64_t>(i) * stepMs);
    return series;
}

} // namespace

SamplePort::SamplePort(view::FleetViewPtr fleet)
    : m_fleet(std::move(fleet))
{
}

template<class T>
void SamplePort::later(Answer<T> answer, T value, QueryId id)
{
    m_due.push_back({ id, [answer = std::move(answer), value = std::move(value)] {
                         if (answer)
                             answer(value);
                     } });
}

int SamplePort::deliver()
{
    int given = 0;
    while (!m_due.empty() && given < 10'000) {
        const Due due = std::move(m_due.front());
        m_due.erase(m_due.begin());
        due.give();
        ++given;
    }
    return given;
}

void SamplePort::setAnswer(const std::string& expression, view::QueryAnswer answer)
{
    m_answers[expression] = std::move(answer);
}

void SamplePort::setImport(view::ImportSummary preview)
{
    m_preview = std::move(preview);
}

view::QueryAnswerPtr SamplePort::madeUp(const view::QueryRequest& request) const
{
    view::QueryAnswer answer;
    if (const auto known = m_answers.find(request.expression); known != m_answers.end()) {
        answer = known->second;
        answer.request = request;
        return std::make_shared<const view::QueryAnswer>(std::move(answer));
    }
    answer.request = request;
    answer.ok = true;
    answer.kind
        = request.startMs == request.endMs ? view::ResultKind::Vector : view::ResultKind::Matrix;
    int index = 0;
    for (const char* instance : { "synse-03:5000", "synse-01:5000", "synse-02:5000" }) {
        for (int i = 0; i < 2; ++i)
            answer.series.push_back(makeSeries(request, instance, index++));
    }
    answer.seriesSelected = 1'344;
    answer.samplesRead = 322'560;
    answer.elapsedMs = 41;
    return std::make_shared<const view::QueryAnswer>(std::move(answer));
}

view::FleetPort::QueryId SamplePort::query(
    const view::QueryRequest& request, Answer<view::QueryAnswerPtr> answer)
{
    m_calls.push_back("query " + request.expression);
    later(std::move(answer), madeUp(request), ++m_lastId);
    return m_lastId;
}

void SamplePort::cancel(QueryId id)
{
    std::erase_if(m_due, [id](const Due& due) { return id != 0 && due.id == id; });
}

void SamplePort::labelNames(const std::string& selector, Answer<std::vector<std::string>> answer)
{
    m_calls.push_back("labelNames " + selector);
    later<std::vector<std::string>>(std::move(answer),
        { "__name__", "instance", "job", "le", "method", "mode", "role", "site", "template" });
}

void SamplePort::labelValues(
    const std::string& label, const std::string& selector, Answer<std::vector<std::string>> answer)
{
    m_calls.push_back("labelValues " + label + ' ' + selector);
    std::vector<std::string> values;
    for (const auto& target : m_fleet->targets)
        values.emplace_back(target->labels.get(label));
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    std::erase(values, std::string());
    later(std::move(answer), std::move(values));
}

void SamplePort::targetDetail(
    uint64_t targetId, Answer<std::shared_ptr<const view::TargetDetailView>> answer)
{
    m_calls.push_back("targetDetail " + std::to_string(targetId));
    std::shared_ptr<const view::TargetDetailView> detail;
    for (const auto& target : m_fleet->targets) {
        if (target->id == targetId)
            detail = std::make_shared<const view::TargetDetailView>(
                sampleDetail(*target, m_fleet->nowMs));
    }
    later(std::move(answer), std::move(detail));
}

void SamplePort::traceSamples(uint64_t targetId, const std::string& filter,
    Answer<std::shared_ptr<const view::SampleTraceView>> answer)
{
    m_calls.push_back("traceSamples " + std::to_string(targetId) + ' ' + filter);
    later(std::move(answer),
        std::make_shared<const view::SampleTraceView>(sampleTrace(m_fleet->nowMs)));
}

void SamplePort::droppedTargets(
    Answer<std::shared_ptr<const std::vector<view::DroppedTargetView>>> answer)
{
    m_calls.push_back("droppedTargets");
    later(std::move(answer), std::make_shared<const std::vector<view::DroppedTargetView>>());
}

void SamplePort::presets(Answer<std::vector<view::PresetView>> answer)
{
    m_calls.push_back("presets");
    later(std::move(answer), samplePresets());
}

void SamplePort::presetJobs(const view::PresetChoice& choice, Answer<view::PresetJobs> answer)
{
    std::string call = "presetJobs " + choice.id;
    view::PresetJobs jobs;
    for (const auto& [key, value] : choice.values) {
        call += ' ' + key + '=' + value;
        if (key != "host")
            continue;
        jobs.ok = !value.empty();
        jobs.error = jobs.ok ? "" : "give at least one host";
        jobs.field = jobs.ok ? "" : key;
        view::TargetDefinition definition;
        definition.job = choice.id;
        definition.addresses = { value };
        jobs.definitions = { definition };
    }
    m_calls.push_back(std::move(call));
    later(std::move(answer), std::move(jobs));
}

void SamplePort::scrapeNow(std::vector<uint64_t> targetIds)
{
    std::string call = "scrapeNow";
    for (const uint64_t id : targetIds)
        call += ' ' + std::to_string(id);
    m_calls.push_back(std::move(call));
}

void SamplePort::pauseTarget(uint64_t targetId, bool paused)
{
    m_calls.push_back("pauseTarget " + std::to_string(targetId) + (paused ? " on" : " off"));
}

void SamplePort::acknowledge(uint64_t alertId, bool on)
{
    m_calls.push_back("acknowledge " + std::to_string(alertId) + (on ? " on" : " off"));
}

void SamplePort::snooze(uint64_t alertId, int64_t untilMs)
{
    m_calls.push_back("snooze " + std::to_string(alertId) + ' ' + std::to_string(untilMs));
}

void SamplePort::nameKey(const std::string& publicKey, const std::string& owner)
{
    m_calls.push_back("nameKey " + publicKey + ' ' + owner);
}

void SamplePort::imported(const std::string& call, bool take, Answer<view::ImportSummary> answer)
{
    m_calls.push_back(call + (take ? " take" : " check"));
    if (!take && m_preview)
        return later(std::move(answer), *m_preview);
    view::ImportSummary summary;
    summary.ok = true;
    summary.jobs = 4;
    summary.targets = 21;
    summary.undoable = take;
    later(std::move(answer), std::move(summary));
}

void SamplePort::importText(
    const std::string& text, const std::string&, bool take, Answer<view::ImportSummary> answer)
{
    imported("importText " + text, take, std::move(answer));
}

void SamplePort::importFile(const std::string& path, bool take, Answer<view::ImportSummary> answer)
{
    imported("importFile " + path, take, std::move(answer));
}

void SamplePort::importFilled(const view::FilledImport& import, Answer<view::ImportSummary> answer)
{
    std::string call = "importFilled " + import.path + import.text;
    for (const auto& gap : import.answers)
        call += ' ' + gap.path + '=' + gap.value;
    imported(call, true, std::move(answer));
}

void SamplePort::undoImport(Answer<view::ImportSummary> answer)
{
    imported("undoImport", true, std::move(answer));
}

void SamplePort::testDefinition(const view::TargetDefinition& definition,
    Answer<std::shared_ptr<const view::TargetDetailView>> answer)
{
    m_calls.push_back("testDefinition " + definition.job);
    later(std::move(answer),
        std::make_shared<const view::TargetDetailView>(sampleDetail(*m_fleet->targets.front())));
}

void SamplePort::saveDefinition(
    const view::TargetDefinition& definition, Answer<view::ImportSummary> answer)
{
    imported("saveDefinition " + definition.job, true, std::move(answer));
}

void SamplePort::definitions(Answer<std::vector<view::TargetDefinition>> answer)
{
    m_calls.push_back("definitions");
    std::vector<view::TargetDefinition> jobs;
    for (const auto& target : m_fleet->targets) {
        if (jobs.empty() || jobs.back().job != target->job) {
            view::TargetDefinition definition;
            definition.job = target->job;
            jobs.push_back(std::move(definition));
        }
        jobs.back().addresses.push_back(target->instance);
    }
    later(std::move(answer), std::move(jobs));
}

void SamplePort::saveConfig(const std::string& path, Answer<view::ImportSummary> answer)
{
    imported("saveConfig " + path, true, std::move(answer));
}

void SamplePort::applyFix(const view::JobFix& fix, Answer<view::ImportSummary> answer)
{
    imported("applyFix " + fix.job + ' ' + fix.argument, true, std::move(answer));
}

void SamplePort::exportData(const view::ExportRequest& request, Answer<view::ExportSummary> answer)
{
    m_calls.push_back("exportData " + request.file);
    view::ExportSummary summary;
    summary.ok = true;
    summary.file = request.file;
    summary.bytes = 4'096;
    summary.redacted = { "Authorization header of job awx", "key in the URL of job etcha" };
    later(std::move(answer), std::move(summary));
}

} // namespace fleetglass::support
