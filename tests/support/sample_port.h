// SamplePort: a FleetPort of the sample fleet. Remembers every order, answers when told to, with
// curves made from the expression. Used from one thread at a time.
#pragma once

#include "core/view/fleet_port.h"

#include <map>
#include <optional>

namespace fleetglass::support {

class SamplePort : public view::FleetPort
{
public:
    explicit SamplePort(view::FleetViewPtr fleet);

    // Gives all answers that are due, also those asked for meanwhile; the number given.
    int deliver();
    // Orders and questions as text, oldest first: "scrapeNow 3", "query up", "acknowledge 12 on".
    const std::vector<std::string>& calls() const { return m_calls; }
    // Instead of the made-up answer to an expression.
    void setAnswer(const std::string& expression, view::QueryAnswer answer);
    // What an import that is only looked at comes to.
    void setImport(view::ImportSummary preview);

    QueryId query(const view::QueryRequest& request, Answer<view::QueryAnswerPtr> answer) override;
    void cancel(QueryId id) override;
    void labelNames(const std::string& selector, Answer<std::vector<std::string>> answer) override;
    void labelValues(const std::string& label, const std::string& selector,
        Answer<std::vector<std::string>> answer) override;
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
    template<class T>
    void later(Answer<T> answer, T value, QueryId id = 0);
    view::QueryAnswerPtr madeUp(const view::QueryRequest& request) const;
    void imported(const std::string& call, bool take, Answer<view::ImportSummary> answer);

    struct Due
    {
        QueryId id;
        std::function<void()> give;
    };

    view::FleetViewPtr m_fleet;
    std::vector<Due> m_due;
    std::vector<std::string> m_calls;
    std::map<std::string, view::QueryAnswer> m_answers;
    std::optional<view::ImportSummary> m_preview;
    QueryId m_lastId = 0;
};

} // namespace fleetglass::support
