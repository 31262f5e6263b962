// Workspace: what is watched, as a document. It takes imports in, edits and saves jobs, and hands
// the result to the monitor. Thread-safe.
#pragma once

#include "core/config/import.h"
#include "core/monitor/monitor.h"
#include "core/view/fleet_port.h"

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::monitor {

// What an import came to before it is taken, as the window shows it.
view::ImportSummary summarize(const config::ImportResult& result);

// Imports a text or a file with the rule files it names. Errors carry file:line:column.
config::ImportResult readWatchText(
    std::string_view text, const std::string& name, const std::string& directory);
config::ImportResult readWatchFile(const std::string& path);

// The imported things as the monitor takes them.
WatchSet watchSetOf(const config::ImportResult& result);

// Every secret text in the jobs, to be searched for in what leaves the machine.
std::vector<Secret> secretsOf(const std::vector<scrape::JobOptions>& jobs);

class Workspace
{
public:
    // The monitor must outlive it.
    explicit Workspace(Monitor& monitor);

    // With `take`, jobs and rules join what is watched; those of the same name are replaced.
    view::ImportSummary importText(const std::string& text, const std::string& name, bool take);
    view::ImportSummary importFile(const std::string& path, bool take);
    view::ImportSummary take(const config::ImportResult& result, const std::string& text);

    std::vector<view::TargetDefinition> definitions() const; // Secrets are left empty.
    // An empty secret keeps the one the job has.
    view::ImportSummary saveDefinition(const view::TargetDefinition& definition);
    view::ImportSummary applyFix(const view::JobFix& fix);
    // Scrapes a definition once; waits for it.
    std::shared_ptr<const view::TargetDetailView> test(
        const view::TargetDefinition& definition) const;

    // The document as standard YAML; a secret stands as "<keyring:PATH>".
    std::string text() const;
    view::ImportSummary save(const std::string& path) const;

    std::vector<Secret> secrets() const;
    std::vector<rules::GroupOptions> ruleGroups() const;

private:
    void apply();
    scrape::JobOptions* find(const std::string& job);

    Monitor& m_monitor;
    mutable std::mutex m_mutex;
    WatchSet m_set;
    std::string m_document; // The text of a full configuration that was taken; else empty.
    std::vector<std::string> m_edited; // Jobs that differ from it.
};

} // namespace fleetglass::monitor
