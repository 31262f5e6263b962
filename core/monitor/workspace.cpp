#include "core/monitor/workspace.h"

#include "core/monitor/definition.h"
#include "core/monitor/presets.h"
#include "core/monitor/probe.h"

#include <algorithm>
#include <iterator>

namespace fleetglass::monitor {

namespace {

constexpr const char* kNothingYet = "nothing is watched yet";

template<class T>
void replaceNamed(std::vector<T>& all, T item, bool (*same)(const T&, const T&))
{
    const auto found
        = std::find_if(all.begin(), all.end(), [&](const T& other) { return same(other, item); });
    if (found == all.end())
        all.push_back(std::move(item));
    else
        *found = std::move(item);
}

bool sameJob(const scrape::JobOptions& a, const scrape::JobOptions& b)
{
    return a.name == b.name;
}

bool sameGroup(const rules::GroupOptions& a, const rules::GroupOptions& b)
{
    return a.file == b.file && a.name == b.name;
}

view::ImportSummary refused(std::string error)
{
    view::ImportSummary summary;
    summary.error = std::move(error);
    return summary;
}

} // namespace

Workspace::Workspace(Monitor& monitor)
    : m_monitor(monitor)
{
}

Workspace::~Workspace() = default;

// "<secret>" stands for the one the job has. The jobs that were filled; fails where one has none.
Result<std::set<std::string>> Workspace::fillSecrets(config::ImportResult& result)
{
    std::set<std::string> jobs;
    for (auto& job : result.config.jobs) {
        if (!hasShownSecret(job))
            continue;
        auto filled = withKnownSecrets(job, find(job.name));
        if (!filled)
            return failure((job.file.empty() ? "job \"" + job.name + '"'
                                             : job.file + ':' + std::to_string(job.line))
                + ": " + filled.error().message);
        job = std::move(*filled);
        jobs.insert(job.name);
    }
    std::erase_if(result.placeholders,
        [](const auto& placeholder) { return placeholder.text == kShownSecret; });
    return jobs;
}

view::ImportSummary Workspace::importText(
    const std::string& text, const std::string& name, bool takeIt)
{
    Reading reading { readWatchText(text, name, {}), text, {} };
    const std::lock_guard lock(m_mutex);
    if (takeIt && reading.result.errors.empty())
        return takeNew(std::move(reading));
    static_cast<void>(fillSecrets(reading.result)); // One that stays is a gap to be asked for.
    return summarize(reading.result);
}

view::ImportSummary Workspace::importFile(
    const std::string& path, bool takeIt, const std::string& secrets)
{
    auto reading = readFirst(path, {}, secrets);
    const std::lock_guard lock(m_mutex);
    if (takeIt && reading.result.errors.empty())
        return takeNew(std::move(reading));
    static_cast<void>(fillSecrets(reading.result));
    return summarize(reading.result);
}

view::ImportSummary Workspace::importFilled(
    const view::FilledImport& import, const std::string& secrets)
{
    if (import.path.empty()) {
        const auto text = fillGaps(import.text, {}, import.answers);
        return text ? importText(*text, {}, true) : refused(text.error().message);
    }
    auto reading = readFirst(import.path, import.answers, secrets);
    const std::lock_guard lock(m_mutex);
    return reading.result.errors.empty() ? takeNew(std::move(reading)) : summarize(reading.result);
}

view::ImportSummary Workspace::take(const config::ImportResult& result, const std::string& text)
{
    const std::lock_guard lock(m_mutex);
    return takeNew({ result, text, {} });
}

view::ImportSummary Workspace::takeNew(Reading reading)
{
    const auto filled = fillSecrets(reading.result);
    if (!filled)
        return refused(filled.error().message);
    auto summary = summarize(reading.result);
    m_before = m_state;
    summary.undoable = true;
    for (const auto& job : reading.result.config.jobs)
        m_state.byHand.erase(job.name);
    auto notes = takeIn(reading.result, reading.text);
    std::move(notes.begin(), notes.end(), std::back_inserter(summary.notes));
    m_state.edited.insert(filled->begin(), filled->end());
    if (!reading.source.path.empty()) {
        reading.source.isDocument
            = reading.result.kind == config::ImportKind::Config && m_state.document == reading.text;
        std::erase_if(m_state.sources,
            [&](const Source& source) { return source.path == reading.source.path; });
        m_state.sources.push_back(std::move(reading.source));
    }
    apply();
    return summary;
}

// What there is to say about it.
std::vector<std::string> Workspace::takeIn(
    const config::ImportResult& result, const std::string& text)
{
    std::vector<std::string> notes;
    auto taken = watchSetOf(result);
    const bool isConfig = result.kind == config::ImportKind::Config;
    if (isConfig && m_state.document.empty())
        takeDocument(result, text);
    else if (isConfig && m_state.document != text)
        notes.emplace_back(
            "its jobs and rules join what is watched; its other sections stay in their own file");
    for (auto& job : taken.jobs) {
        // Of the document itself only what was written in it is not edited.
        if (m_state.document == text && isConfig)
            m_state.edited.erase(job.name);
        else
            m_state.edited.insert(job.name);
        replaceNamed(m_state.set.jobs, std::move(job), sameJob);
    }
    for (auto& group : taken.groups)
        replaceNamed(m_state.set.groups, std::move(group), sameGroup);
    if (m_state.set.jobs.empty())
        notes.emplace_back(kNothingYet);
    return notes;
}

// What was watched before has to be written into it.
void Workspace::takeDocument(const config::ImportResult& result, const std::string& text)
{
    m_state.document = text;
    m_state.globalInterval = result.config.global.scrapeInterval;
    m_state.globalTimeout = result.config.global.scrapeTimeout;
    m_state.set.ruleSettings = watchSetOf(result).ruleSettings;
    for (const auto& job : m_state.set.jobs)
        m_state.edited.insert(job.name);
}

view::ImportSummary Workspace::undoImport()
{
    const std::lock_guard lock(m_mutex);
    if (!m_before)
        return refused("there is no import to take back, or what is watched was changed since");
    m_state = std::move(*m_before);
    m_before.reset();
    apply();
    view::ImportSummary summary;
    summary.ok = true;
    summary.jobs = static_cast<int>(m_state.set.jobs.size());
    return summary;
}

void Workspace::settle()
{
    const std::lock_guard lock(m_mutex);
    m_before.reset();
}

void Workspace::apply()
{
    m_monitor.watch(m_state.set);
}

scrape::JobOptions* Workspace::find(const std::string& job)
{
    const auto found = std::find_if(m_state.set.jobs.begin(), m_state.set.jobs.end(),
        [&](const auto& other) { return other.name == job; });
    return found == m_state.set.jobs.end() ? nullptr : &*found;
}

std::vector<view::TargetDefinition> Workspace::definitions() const
{
    const std::lock_guard lock(m_mutex);
    std::vector<view::TargetDefinition> result;
    for (const auto& job : m_state.set.jobs)
        result.push_back(definitionOf(job));
    return result;
}

view::ImportSummary Workspace::saveDefinition(const view::TargetDefinition& definition)
{
    const std::lock_guard lock(m_mutex);
    auto job = jobOf(definition, find(definition.job));
    if (!job)
        return refused(job.error().message);
    const auto built = scrape::buildTargets(*job, job->discovery.statics);
    if (!built.problems.empty())
        return refused(built.problems.front().address + ": " + built.problems.front().message);
    view::ImportSummary summary;
    summary.ok = true;
    summary.jobs = 1;
    summary.targets = static_cast<int>(definition.addresses.size());
    m_before.reset();
    m_state.edited.insert(job->name);
    m_state.byHand.insert(job->name);
    replaceNamed(m_state.set.jobs, std::move(*job), sameJob);
    apply();
    return summary;
}

view::ImportSummary Workspace::applyFix(const view::JobFix& fix)
{
    {
        const std::lock_guard lock(m_mutex);
        auto* job = find(fix.job);
        if (!job)
            return refused("there is no job \"" + fix.job + "\"");
        if (auto problem = fixJob(*job, fix); !problem.empty())
            return refused(std::move(problem));
        m_before.reset();
        m_state.edited.insert(job->name);
        m_state.byHand.insert(job->name);
        apply();
    }
    std::vector<uint64_t> targets;
    for (const auto& status : m_monitor.pool().statuses()) {
        if (status->target->job == fix.job)
            targets.push_back(status->id);
    }
    m_monitor.pool().scrapeNow(targets);
    view::ImportSummary summary;
    summary.ok = true;
    summary.jobs = 1;
    summary.targets = static_cast<int>(targets.size());
    return summary;
}

std::shared_ptr<const view::TargetDetailView> Workspace::test(
    const view::TargetDefinition& definition) const
{
    std::optional<scrape::JobOptions> known;
    {
        const std::lock_guard lock(m_mutex);
        for (const auto& job : m_state.set.jobs) {
            if (job.name == definition.job)
                known = job;
        }
    }
    const auto job = jobOf(definition, known ? &*known : nullptr);
    if (!job) {
        auto detail = std::make_shared<view::TargetDetailView>();
        detail->transcript = { job.error().message };
        detail->transcriptErrorLine = 1;
        return detail;
    }
    return probe(m_monitor.transport(), *job);
}

view::PresetJobs Workspace::presetJobs(const view::PresetChoice& choice) const
{
    const std::lock_guard lock(m_mutex);
    return monitor::presetJobs(
        choice, m_state.set.jobs, { m_state.globalInterval, m_state.globalTimeout });
}

std::vector<Secret> Workspace::secrets() const
{
    const std::lock_guard lock(m_mutex);
    return secretsOf(m_state.set.jobs);
}

std::vector<rules::GroupOptions> Workspace::ruleGroups() const
{
    const std::lock_guard lock(m_mutex);
    return m_state.set.groups;
}

} // namespace fleetglass::monitor
