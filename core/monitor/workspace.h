// Workspace: what is watched, as a document. It takes imports in, edits and saves jobs, and hands
// the result to the monitor. Thread-safe.
#pragma once

#include "core/config/import.h"
#include "core/config/writer.h"
#include "core/monitor/monitor.h"
#include "core/monitor/secret_lines.h"
#include "core/view/fleet_port.h"

#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::monitor {

// What an import came to before it is taken, as the window shows it.
view::ImportSummary summarize(const config::ImportResult& result);

// Imports a text or a file with the rule files it names. Errors carry file:line:column.
config::ImportResult readWatchText(
    std::string_view text, const std::string& name, const std::string& directory);
// `secrets`: what the file's references to the keyring stand for, in their order, one a line.
config::ImportResult readWatchFile(const std::string& path, const std::string& secrets = {});
// The references to the keyring in a file, one a line; none where it cannot be read.
std::string referencesIn(const std::string& path);

// The imported things as the monitor takes them.
WatchSet watchSetOf(const config::ImportResult& result);

// Every secret text in the jobs, to be searched for in what leaves the machine. A parameter counts
// where its name or its length says so: "format=prometheus" is no secret.
std::vector<Secret> secretsOf(const std::vector<scrape::JobOptions>& jobs);

class Workspace
{
public:
    // The monitor must outlive it.
    explicit Workspace(Monitor& monitor);

    // With `take`, jobs and rules join what is watched; those of the same name are replaced.
    view::ImportSummary importText(const std::string& text, const std::string& name, bool take);
    view::ImportSummary importFile(
        const std::string& path, bool take, const std::string& secrets = {});
    view::ImportSummary take(const config::ImportResult& result, const std::string& text);

    std::vector<view::TargetDefinition> definitions() const; // Secrets are left empty.
    // An empty secret keeps the one the job has.
    view::ImportSummary saveDefinition(const view::TargetDefinition& definition);
    view::ImportSummary applyFix(const view::JobFix& fix);
    // Scrapes a definition once; waits for it.
    std::shared_ptr<const view::TargetDetailView> test(
        const view::TargetDefinition& definition) const;

    // The document as standard YAML; a secret stands as "<keyring:PATH>". Comments survive where a
    // job was not edited. Fails where an edited job has no place in the document.
    Result<std::string> text() const;
    view::ImportSummary save(const std::string& path) const;

    std::vector<Secret> secrets() const;
    // What the references of text() stand for.
    std::vector<PlacedSecret> placedSecrets() const;
    std::vector<rules::GroupOptions> ruleGroups() const;

private:
    // With m_mutex held.
    void apply();
    scrape::JobOptions* find(const std::string& job);
    void takeDocument(const config::ImportResult& result, const std::string& text);
    Result<std::string> editedDocument(const config::WriteOptions& options) const;

    Monitor& m_monitor;
    mutable std::mutex m_mutex;
    WatchSet m_set;
    std::string m_document; // The text of a full configuration that was taken; else empty.
    std::set<std::string> m_edited; // Jobs that differ from it.
    Millis m_globalInterval { 60'000 }; // Of the document.
    Millis m_globalTimeout { 10'000 };
};

} // namespace fleetglass::monitor
