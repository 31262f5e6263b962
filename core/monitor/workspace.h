// Workspace: what is watched, as a document. It takes imports in, edits and saves jobs, reloads
// files that change, and hands the result to the monitor. Thread-safe.
#pragma once

#include "core/config/import.h"
#include "core/config/writer.h"
#include "core/monitor/config_watch.h"
#include "core/monitor/import_summary.h"
#include "core/monitor/job_secrets.h"
#include "core/monitor/monitor.h"
#include "core/monitor/secret_lines.h"
#include "core/monitor/watch_files.h"
#include "core/view/fleet_port.h"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace fleetglass::monitor {

class Workspace
{
public:
    // The monitor must outlive it.
    explicit Workspace(Monitor& monitor);
    ~Workspace();

    // With `take`, jobs and rules join what is watched; those of the same name are replaced.
    view::ImportSummary importText(const std::string& text, const std::string& name, bool take);
    view::ImportSummary importFile(
        const std::string& path, bool take, const std::string& secrets = {});
    view::ImportSummary importFilled(
        const view::FilledImport& import, const std::string& secrets = {});
    view::ImportSummary take(const config::ImportResult& result, const std::string& text);
    // What was watched before the last import. Fails where nothing was imported, or where what is
    // watched was changed since.
    view::ImportSummary undoImport();
    void settle(); // What was imported up to now is not taken back.

    std::vector<view::TargetDefinition> definitions() const; // Secrets are left empty.
    // An empty secret keeps the one the job has.
    view::ImportSummary saveDefinition(const view::TargetDefinition& definition);
    view::ImportSummary applyFix(const view::JobFix& fix);
    // Scrapes a definition once; waits for it.
    std::shared_ptr<const view::TargetDetailView> test(
        const view::TargetDefinition& definition) const;
    view::PresetJobs presetJobs(const view::PresetChoice& choice) const;

    // The files that were imported, with those they name; a change of one is a reason to reload.
    std::vector<std::string> watchedFiles() const;
    // Reads the imported files again. A job that was edited in the window stays as it is there.
    // Where one is broken, nothing changes.
    std::optional<view::ConfigProblemView> reload();
    // From now on files that change are reloaded by themselves; both must outlive the workspace.
    void watchFiles(const FileStamps& stamps, const Clock& clock);

    // The document as standard YAML; a secret stands as "<keyring:PATH>". Comments survive where a
    // job was not edited. Fails where an edited job has no place in the document.
    Result<std::string> text() const;
    view::ImportSummary save(const std::string& path) const;

    std::vector<Secret> secrets() const;
    // What the references of text() stand for.
    std::vector<PlacedSecret> placedSecrets() const;
    std::vector<rules::GroupOptions> ruleGroups() const;

private:
    using GroupName = std::pair<std::string, std::string>; // File and name.

    // A file that was taken, and what of it is watched.
    struct Source
    {
        std::string path; // Absolute.
        std::string shownPath; // As it was given, for messages.
        std::string text; // As it was read.
        bool isDocument = false; // What is saved is based on it.
        std::vector<view::GapAnswer> answers;
        std::map<std::string, std::string> secrets; // What its references to the keyring stand for.
        std::vector<std::string> included; // Their paths,
        std::vector<std::string> includedTexts; // and what was in them.
        std::set<std::string> jobs;
        std::set<GroupName> groups;
    };
    // What is watched; a copy of it is what an import can be taken back to.
    struct State
    {
        WatchSet set;
        std::string document; // The text of a full configuration that was taken; else empty.
        std::set<std::string> edited; // Jobs that differ from it, or are not in it.
        std::set<std::string> byHand; // Those of them that were changed in the window.
        Millis globalInterval { 60'000 }; // Of the document.
        Millis globalTimeout { 10'000 };
        std::vector<Source> sources;
    };
    struct Reading
    {
        config::ImportResult result;
        std::string text; // With its gaps filled.
        Source source; // Without a path: a text that was pasted.
    };

    static Reading read(Source source);
    static Reading readFirst(const std::string& path, const std::vector<view::GapAnswer>& answers,
        const std::string& secrets);
    static Result<std::string> documentText(
        const State& state, const config::WriteOptions& options);

    std::optional<view::ConfigProblemView> retake(std::vector<Reading> readings);

    // With m_mutex held.
    void apply();
    scrape::JobOptions* find(const std::string& job);
    Result<std::set<std::string>> fillSecrets(config::ImportResult& result);
    view::ImportSummary takeNew(Reading reading);
    std::vector<std::string> takeIn(const config::ImportResult& result, const std::string& text);
    void takeDocument(const config::ImportResult& result, const std::string& text);
    void retakeOne(Reading reading);

    Monitor& m_monitor;
    mutable std::mutex m_mutex;
    State m_state;
    std::optional<State> m_before; // The last import.
    std::unique_ptr<ConfigWatch> m_watch;
    std::jthread m_watcher; // Last: it ends before anything it uses.
};

} // namespace fleetglass::monitor
