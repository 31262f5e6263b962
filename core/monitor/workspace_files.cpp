// The workspace's files: those that are reloaded, and the one that is saved.
#include "core/config/splice.h"
#include "core/monitor/kept_secrets.h"
#include "core/monitor/workspace.h"
#include "core/snapshot/staged_file.h"

#include <algorithm>
#include <filesystem>

namespace fleetglass::monitor {

namespace {

std::vector<std::string> textsOf(const std::vector<std::string>& files)
{
    std::vector<std::string> texts;
    for (const auto& file : files)
        texts.push_back(readWatchedText(file).value_or(std::string()));
    return texts;
}

std::vector<std::string> linesOf(const std::string& text)
{
    std::vector<std::string> lines;
    for (size_t start = 0; start < text.size();) {
        const size_t end = std::min(text.find('\n', start), text.size());
        lines.push_back(text.substr(start, end - start));
        start = end + 1;
    }
    return lines;
}

view::ConfigProblemView problemView(const config::Problem& problem, int64_t nowMs)
{
    std::error_code error;
    return { std::filesystem::absolute(problem.file, error).string(), problem.position.line,
        problem.position.column, problem.toString(), nowMs };
}

} // namespace

Workspace::Reading Workspace::readFirst(const std::string& path,
    const std::vector<view::GapAnswer>& answers, const std::string& secrets)
{
    std::error_code error;
    Source source;
    source.path = std::filesystem::absolute(path, error).string();
    source.shownPath = path;
    source.answers = answers;
    const auto references = linesOf(referencesIn(path));
    const auto values = linesOf(secrets);
    for (size_t i = 0; i < std::min(references.size(), values.size()); ++i)
        source.secrets.emplace(references[i], values[i]);
    return read(std::move(source));
}

// The text is read once: what is parsed is what is kept.
Workspace::Reading Workspace::read(Source source)
{
    Reading reading;
    reading.source = std::move(source);
    const auto fail = [&](const Error& why) {
        reading.result.errors.push_back({ config::Severity::Error, reading.source.shownPath,
            why.position.value_or(Position()), why.message, why.code });
        return reading;
    };
    auto text = readWatchedText(reading.source.path);
    if (!text)
        return fail(text.error());
    reading.source.text = *text;
    text = fillGaps(*text, reading.source.shownPath, reading.source.answers);
    if (!text)
        return fail(text.error());
    reading.text = *text;
    std::string secrets;
    for (const auto& reference : linesOf(referencesOf(*text))) {
        const auto known = reading.source.secrets.find(reference);
        secrets += (known == reading.source.secrets.end() ? reference : known->second) + '\n';
    }
    reading.result = readWatchText(withSecrets(*text, secrets), reading.source.shownPath,
        std::filesystem::path(reading.source.path).parent_path().string());
    reading.source.included = includedFiles(reading.result.config);
    reading.source.includedTexts = textsOf(reading.source.included);
    reading.source.jobs.clear();
    reading.source.groups.clear();
    for (const auto& job : reading.result.config.jobs)
        reading.source.jobs.insert(job.name);
    for (const auto& group : reading.result.ruleGroups)
        reading.source.groups.emplace(group.file, group.name);
    return reading;
}

std::vector<std::string> Workspace::watchedFiles() const
{
    const std::lock_guard lock(m_mutex);
    std::vector<std::string> files;
    for (const auto& source : m_state.sources) {
        files.push_back(source.path);
        files.insert(files.end(), source.included.begin(), source.included.end());
    }
    return files;
}

std::optional<view::ConfigProblemView> Workspace::reload()
{
    std::vector<Source> known;
    {
        const std::lock_guard lock(m_mutex);
        known = m_state.sources;
    }
    // All are read before one is taken, so that a broken one changes nothing.
    std::vector<Reading> readings;
    for (const auto& source : known) {
        auto reading = read(source);
        if (!reading.result.errors.empty())
            return problemView(reading.result.errors.front(), m_monitor.clock().wallMs());
        const bool same = reading.source.text == source.text
            && reading.source.included == source.included
            && reading.source.includedTexts == source.includedTexts;
        if (!same)
            readings.push_back(std::move(reading));
    }
    return readings.empty() ? std::nullopt : retake(std::move(readings));
}

std::optional<view::ConfigProblemView> Workspace::retake(std::vector<Reading> readings)
{
    const std::lock_guard lock(m_mutex);
    std::set<std::string> filled;
    for (auto& reading : readings) {
        const auto jobs = fillSecrets(reading.result);
        if (!jobs)
            return view::ConfigProblemView { reading.source.path, 0, 0, jobs.error().message,
                m_monitor.clock().wallMs() };
        filled.insert(jobs->begin(), jobs->end());
    }
    m_before.reset();
    for (auto& reading : readings)
        retakeOne(std::move(reading));
    m_state.edited.insert(filled.begin(), filled.end());
    apply();
    return std::nullopt;
}

// What the file held before and holds no more is not watched any longer; what was changed by hand
// in the window stays as it is there.
void Workspace::retakeOne(Reading reading)
{
    const auto source = std::find_if(m_state.sources.begin(), m_state.sources.end(),
        [&](const Source& one) { return one.path == reading.source.path; });
    if (source == m_state.sources.end())
        return; // Taken back meanwhile.
    std::erase_if(m_state.set.jobs, [&](const auto& job) {
        return source->jobs.contains(job.name) && !m_state.byHand.contains(job.name);
    });
    std::erase_if(m_state.set.groups, [&](const auto& group) {
        return source->groups.contains({ group.file, group.name });
    });
    const size_t byHand = std::erase_if(reading.result.config.jobs,
        [&](const auto& job) { return m_state.byHand.contains(job.name); });
    if (source->isDocument)
        m_state.document.clear();
    takeIn(reading.result, reading.text);
    m_monitor.log()({ 0, LogLevel::Info, "config",
        reading.source.shownPath + " was reloaded: " + std::to_string(reading.source.jobs.size())
            + " jobs"
            + (byHand == 0 ? "" : "; jobs edited in the window stay as they are there") });
    *source = std::move(reading.source);
}

void Workspace::watchFiles(const FileStamps& stamps, const Clock& clock)
{
    if (m_watch)
        return;
    ConfigWatch::Callbacks callbacks;
    callbacks.files = [this] { return watchedFiles(); };
    callbacks.reload = [this] { return reload(); };
    callbacks.tell = [this](const view::ConfigProblemView& problem) {
        m_monitor.views().setConfigProblem(problem);
        if (!problem.file.empty())
            m_monitor.log()({ 0, LogLevel::Error, "config",
                problem.message + "; what was read before goes on" });
    };
    m_watch = std::make_unique<ConfigWatch>(stamps, clock, std::move(callbacks));
    m_watcher = std::jthread([this](std::stop_token stop) { m_watch->run(stop); });
}

Result<std::string> Workspace::text() const
{
    const std::lock_guard lock(m_mutex);
    config::WriteOptions options;
    options.secretText
        = [](const Secret&, const std::string& path) { return keyringReference(path); };
    if (m_state.document.empty())
        return config::writeJobs(m_state.set.jobs, options);
    options.globalInterval = m_state.globalInterval;
    options.globalTimeout = m_state.globalTimeout;
    return documentText(m_state, options);
}

Result<std::string> Workspace::documentText(const State& state, const config::WriteOptions& options)
{
    std::string document = state.document;
    std::vector<PlacedSecret> all = keptSecretsOf(document);
    for (const auto& job : state.set.jobs) {
        const auto secrets = placedSecretsOf(job);
        if (!state.edited.contains(job.name))
            document = withReferences(std::move(document), secrets);
        all.insert(all.end(), secrets.begin(), secrets.end());
    }
    // One that is written in a way of its own goes with the job's lines.
    const auto unusual = jobsWithSecrets(document, state.set.jobs);
    if (!unusual)
        return failure(unusual.error());
    for (const auto& job : state.set.jobs) {
        if (!state.edited.contains(job.name) && !unusual->contains(job.name))
            continue;
        const std::string jobText = config::writeJob(job, options);
        auto changed = config::replaceJob(document, job.name, jobText);
        if (!changed && changed.error().code == ErrorCode::NotFound)
            changed = config::addJob(document, jobText);
        if (!changed)
            return failure("job \"" + job.name + "\": " + changed.error().message);
        document = std::move(*changed);
    }
    auto kept = withKeptReferences(document);
    if (!kept)
        return failure(kept.error());
    return withoutCommentSecrets(std::move(*kept), all);
}

view::ImportSummary Workspace::save(const std::string& path) const
{
    view::ImportSummary summary;
    const auto write = [&]() -> Result<int64_t> {
        const auto content = text();
        if (!content)
            return failure(path + ": " + content.error().message);
        auto file = snapshot::StagedFile::create(path);
        if (!file)
            return failure(file.error());
        if (const auto written = file->write(*content); !written)
            return failure(written.error());
        return file->commit();
    };
    const auto written = write();
    summary.ok = written.has_value();
    if (!written)
        summary.error = written.error().message;
    return summary;
}

std::vector<PlacedSecret> Workspace::placedSecrets() const
{
    const std::lock_guard lock(m_mutex);
    std::vector<PlacedSecret> result;
    for (const auto& job : m_state.set.jobs) {
        auto secrets = placedSecretsOf(job);
        std::move(secrets.begin(), secrets.end(), std::back_inserter(result));
    }
    auto kept = keptSecretsOf(m_state.document);
    // Those of jobs have a place of their own already.
    std::erase_if(
        kept, [](const auto& placed) { return placed.path.starts_with("section/scrape_configs"); });
    std::move(kept.begin(), kept.end(), std::back_inserter(result));
    return result;
}

} // namespace fleetglass::monitor
