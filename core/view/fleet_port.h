// FleetPort: what pages may ask and order. Answers come later, on the UI thread, never from within
// the call; whoever asked may be gone by then, so callbacks check. An archive answers questions and
// refuses orders. Used from one thread at a time (the UI thread).
#pragma once

#include "core/base/result.h"
#include "core/labels/labels.h"
#include "core/view/fleet_view.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace fleetglass::view {

struct QueryRequest
{
    std::string expression;
    int64_t startMs = 0; // Equal to endMs: an instant query.
    int64_t endMs = 0;
    int64_t stepMs = 0;
};

struct SeriesView
{
    labels::Labels labels;
    std::vector<int64_t> timestampsMs; // Only where there is a value.
    std::vector<double> values;
};

enum class ResultKind
{
    Scalar,
    String,
    Vector,
    Matrix
};

struct QueryAnswer
{
    QueryRequest request;
    bool ok = false;
    std::string error;
    int errorLine = 0; // In the expression, from 1; 0: none.
    int errorColumn = 0;
    ResultKind kind = ResultKind::Matrix;
    std::string text; // Of a string result.
    std::vector<SeriesView> series;
    std::vector<std::string> warnings;
    std::vector<std::string> infos;
    int64_t seriesSelected = 0;
    int64_t samplesRead = 0;
    double elapsedMs = 0;
    std::string emptyReason; // Where the result is empty: which part matched nothing.
};

using QueryAnswerPtr = std::shared_ptr<const QueryAnswer>;

// What an import found; shown before and after it is taken.
struct ImportSummary
{
    bool ok = false;
    std::string error; // With file:line:column.
    std::string suggestion; // The corrected text, where one is offered.
    int jobs = 0;
    int targets = 0;
    int rules = 0;
    std::vector<std::string> skipped; // "remote_write (line 12): kept, not run yet"
    std::vector<std::string> placeholders; // "<token_value>" and the like, to be asked for.
    std::vector<std::string> notes;
};

// One target definition as edited in the window.
struct TargetDefinition
{
    std::string job;
    std::vector<std::string> addresses;
    std::string scheme = "http";
    std::string metricsPath = "/metrics";
    std::vector<std::pair<std::string, std::string>> params;
    int64_t intervalMs = 15'000;
    int64_t timeoutMs = 10'000;
    bool honorLabels = false;
    std::string authKind; // "", "basic", "bearer"
    std::string username;
    std::string secret; // Password or token; goes to the keyring, never back.
    std::string caPem;
    std::string caFile;
    std::string certFile;
    std::string keyFile;
    std::string serverName;
    bool insecureSkipVerify = false;
    bool followRedirects = true;
};

// A fix from the Targets page, applied to the job and followed by a scrape.
struct JobFix
{
    enum class Kind
    {
        SetCaFile,
        TrustCertificate,
        SkipVerification,
        VerifyAgain
    };
    std::string job;
    Kind kind = Kind::SetCaFile;
    std::string argument; // Path, or the certificate's SHA-256.
};

struct ExportRequest
{
    std::string file; // The ending chooses: .fgsnap .csv .json .om .html
    int64_t startMs = 0;
    int64_t endMs = 0;
    std::string expression; // For csv and json; empty: everything in the range.
    int64_t stepMs = 0;
    std::string viewState; // JSON of the window, kept in a capsule.
    std::string thumbnailPng;
};

struct ExportSummary
{
    bool ok = false;
    std::string error;
    std::string file;
    int64_t bytes = 0;
    std::vector<std::string> redacted; // What was taken out.
};

class FleetPort
{
public:
    template<class T>
    using Answer = std::function<void(T)>;
    using QueryId = uint64_t;

    virtual ~FleetPort() = default;

    // A new question from the same page usually follows cancel(old id); cancelled ones do not
    // answer.
    virtual QueryId query(const QueryRequest& request, Answer<QueryAnswerPtr> answer) = 0;
    virtual void cancel(QueryId id) = 0;
    // Names or, with a label name, values; `selector` may be empty or "up{job=\"a\"}".
    virtual void labelNames(const std::string& selector, Answer<std::vector<std::string>> answer)
        = 0;
    virtual void labelValues(const std::string& label, const std::string& selector,
        Answer<std::vector<std::string>> answer)
        = 0;
    virtual void targetDetail(
        uint64_t targetId, Answer<std::shared_ptr<const TargetDetailView>> answer)
        = 0;

    // Orders.
    virtual void scrapeNow(std::vector<uint64_t> targetIds) = 0; // Empty: all.
    virtual void pauseTarget(uint64_t targetId, bool paused) = 0;
    virtual void acknowledge(uint64_t alertId, bool on) = 0;
    virtual void snooze(uint64_t alertId, int64_t untilMs) = 0; // 0: end it.
    virtual void nameKey(const std::string& publicKey, const std::string& owner) = 0;
    // Checks a text (YAML, host:port lines, a URL) and, where `take`, starts watching it.
    virtual void importText(
        const std::string& text, const std::string& name, bool take, Answer<ImportSummary> answer)
        = 0;
    virtual void importFile(const std::string& path, bool take, Answer<ImportSummary> answer) = 0;
    // Scrapes a definition once without keeping it.
    virtual void testDefinition(
        const TargetDefinition& definition, Answer<std::shared_ptr<const TargetDetailView>> answer)
        = 0;
    virtual void saveDefinition(const TargetDefinition& definition, Answer<ImportSummary> answer)
        = 0;
    // The jobs as they stand, for the editor; secrets come back empty.
    virtual void definitions(Answer<std::vector<TargetDefinition>> answer) = 0;
    virtual void saveConfig(const std::string& path, Answer<ImportSummary> answer) = 0;
    virtual void applyFix(const JobFix& fix, Answer<ImportSummary> answer) = 0;
    virtual void exportData(const ExportRequest& request, Answer<ExportSummary> answer) = 0;
};

} // namespace fleetglass::view
