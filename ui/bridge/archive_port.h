// ArchivePort: the FleetPort of an opened capsule. It answers every question of a page; orders to a
// fleet that is not there are refused in words. Used from one thread at a time (the UI thread).
#pragma once

#include "core/monitor/archive.h"
#include "ui/bridge/store_port.h"

namespace fleetglass::bridge {

class ArchivePort : public StorePort
{
public:
    // The archive must outlive it.
    explicit ArchivePort(monitor::Archive& archive);

    void targetDetail(
        uint64_t targetId, Answer<std::shared_ptr<const view::TargetDetailView>> answer) override;
    void scrapeNow(std::vector<uint64_t>) override { }
    void pauseTarget(uint64_t, bool) override { }
    void acknowledge(uint64_t, bool) override { }
    void snooze(uint64_t, int64_t) override { }
    void nameKey(const std::string&, const std::string&) override { }
    void importText(
        const std::string&, const std::string&, bool, Answer<view::ImportSummary> answer) override;
    void importFile(const std::string&, bool, Answer<view::ImportSummary> answer) override;
    void traceSamples(uint64_t targetId, const std::string& filter,
        Answer<std::shared_ptr<const view::SampleTraceView>> answer) override;
    void droppedTargets(
        Answer<std::shared_ptr<const std::vector<view::DroppedTargetView>>> answer) override;
    void presets(Answer<std::vector<view::PresetView>> answer) override;
    void presetJobs(const view::PresetChoice& choice, Answer<view::PresetJobs> answer) override;
    void importFilled(
        const view::FilledImport& import, Answer<view::ImportSummary> answer) override;
    void undoImport(Answer<view::ImportSummary> answer) override;
    void testDefinition(const view::TargetDefinition&,
        Answer<std::shared_ptr<const view::TargetDetailView>> answer) override;
    void saveDefinition(const view::TargetDefinition&, Answer<view::ImportSummary> answer) override;
    void definitions(Answer<std::vector<view::TargetDefinition>> answer) override;
    void saveConfig(const std::string&, Answer<view::ImportSummary> answer) override;
    void applyFix(const view::JobFix&, Answer<view::ImportSummary> answer) override;
    void exportData(
        const view::ExportRequest& request, Answer<view::ExportSummary> answer) override;

private:
    void refuse(Answer<view::ImportSummary> answer);

    monitor::Archive& m_archive;
};

} // namespace fleetglass::bridge
