#include "ui/bridge/archive_port.h"

#include "core/monitor/export.h"

namespace fleetglass::bridge {

ArchivePort::ArchivePort(monitor::Archive& archive)
    : StorePort(archive.store(), archive.queries())
    , m_archive(archive)
{
}

void ArchivePort::refuse(Answer<view::ImportSummary> answer)
{
    view::ImportSummary summary;
    summary.error
        = "this is a snapshot: nothing in it is live. Open a new window to watch a fleet.";
    later(summary, std::move(answer));
}

void ArchivePort::targetDetail(
    uint64_t, Answer<std::shared_ptr<const view::TargetDetailView>> answer)
{
    later(std::shared_ptr<const view::TargetDetailView>(), std::move(answer));
}

void ArchivePort::traceSamples(
    uint64_t, const std::string&, Answer<std::shared_ptr<const view::SampleTraceView>> answer)
{
    later(std::shared_ptr<const view::SampleTraceView>(), std::move(answer));
}

void ArchivePort::droppedTargets(
    Answer<std::shared_ptr<const std::vector<view::DroppedTargetView>>> answer)
{
    later(std::make_shared<const std::vector<view::DroppedTargetView>>(), std::move(answer));
}

void ArchivePort::presets(Answer<std::vector<view::PresetView>> answer)
{
    later(std::vector<view::PresetView>(), std::move(answer));
}

void ArchivePort::presetJobs(const view::PresetChoice&, Answer<view::PresetJobs> answer)
{
    view::PresetJobs jobs;
    jobs.error = "this is a snapshot: nothing in it is live";
    later(std::move(jobs), std::move(answer));
}

void ArchivePort::importFilled(const view::FilledImport&, Answer<view::ImportSummary> answer)
{
    refuse(std::move(answer));
}

void ArchivePort::undoImport(Answer<view::ImportSummary> answer)
{
    refuse(std::move(answer));
}

void ArchivePort::importText(
    const std::string&, const std::string&, bool, Answer<view::ImportSummary> answer)
{
    refuse(std::move(answer));
}

void ArchivePort::importFile(const std::string&, bool, Answer<view::ImportSummary> answer)
{
    refuse(std::move(answer));
}

void ArchivePort::testDefinition(
    const view::TargetDefinition&, Answer<std::shared_ptr<const view::TargetDetailView>> answer)
{
    later(std::shared_ptr<const view::TargetDetailView>(), std::move(answer));
}

void ArchivePort::saveDefinition(const view::TargetDefinition&, Answer<view::ImportSummary> answer)
{
    refuse(std::move(answer));
}

void ArchivePort::definitions(Answer<std::vector<view::TargetDefinition>> answer)
{
    later(std::vector<view::TargetDefinition>(), std::move(answer));
}

void ArchivePort::saveConfig(const std::string&, Answer<view::ImportSummary> answer)
{
    refuse(std::move(answer));
}

void ArchivePort::applyFix(const view::JobFix&, Answer<view::ImportSummary> answer)
{
    refuse(std::move(answer));
}

void ArchivePort::exportData(const view::ExportRequest& request, Answer<view::ExportSummary> answer)
{
    inBackground<view::ExportSummary>(
        [this, request] {
            return monitor::exportTo(request,
                { m_archive.store(), m_archive.engine(), m_archive.fleet(), {}, {}, "Fleetglass" });
        },
        std::move(answer));
}

} // namespace fleetglass::bridge
