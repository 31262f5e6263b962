// LivePort: the FleetPort of a running monitor. Orders are carried out on core threads; what they
// come to is told on the UI thread. Used from one thread at a time (the UI thread).
#pragma once

#include "core/monitor/workspace.h"
#include "ui/bridge/keyring.h"
#include "ui/bridge/store_port.h"

#include <QString>
#include <functional>

namespace fleetglass::bridge {

class LivePort : public StorePort
{
public:
    struct Options
    {
        QString addressBookFile; // Where names of keys are kept; empty: nowhere.
        std::string program; // "Fleetglass 0.1.0", for capsules.
    };
    // Both must outlive it.
    LivePort(monitor::Monitor& monitor, monitor::Workspace& workspace, Options options);

    void targetDetail(
        uint64_t targetId, Answer<std::shared_ptr<const view::TargetDetailView>> answer) override;
    void traceSamples(uint64_t targetId, const std::string& filter,
        Answer<std::shared_ptr<const view::SampleTraceView>> answer) override;
    void droppedTargets(
        Answer<std::shared_ptr<const std::vector<view::DroppedTargetView>>> answer) override;
    void presets(Answer<std::vector<view::PresetView>> answer) override;
    void presetJobs(const view::PresetChoice& choice, Answer<view::PresetJobs> answer) override;
    void scrapeNow(std::vector<uint64_t> targetIds) override;
    void pauseTarget(uint64_t targetId, bool paused) override;
    void acknowledge(uint64_t alertId, bool on) override;
    void snooze(uint64_t alertId, int64_t untilMs) override;
    void nameKey(const std::string& publicKey, const std::string& owner) override;
    void importText(const std::string& text, const std::string& name, bool take,
        Answer<view::ImportSummary> answer) override;
    void importFile(
        const std::string& path, bool take, Answer<view::ImportSummary> answer) override;
    void importFilled(
        const view::FilledImport& import, Answer<view::ImportSummary> answer) override;
    void undoImport(Answer<view::ImportSummary> answer) override;
    void testDefinition(const view::TargetDefinition& definition,
        Answer<std::shared_ptr<const view::TargetDetailView>> answer) override;
    void saveDefinition(
        const view::TargetDefinition& definition, Answer<view::ImportSummary> answer) override;
    void definitions(Answer<std::vector<view::TargetDefinition>> answer) override;
    void saveConfig(const std::string& path, Answer<view::ImportSummary> answer) override;
    void applyFix(const view::JobFix& fix, Answer<view::ImportSummary> answer) override;
    void exportData(
        const view::ExportRequest& request, Answer<view::ExportSummary> answer) override;

private:
    // The text with each "<keyring:PATH>" replaced by its secret, one after the other.
    void resolveSecrets(QString text, std::function<void(QString)> done);
    // Gives the keyring what is left of `secrets`, then tells whether all of it will be kept.
    void keepSecrets(
        std::vector<monitor::PlacedSecret> secrets, bool keptSoFar, std::function<void(bool)> done);

    monitor::Monitor& m_monitor;
    monitor::Workspace& m_workspace;
    Options m_options;
    Keyring m_keyring;
};

} // namespace fleetglass::bridge
