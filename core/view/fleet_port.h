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

// A value that the author of a document left to its reader: "<token_value>".
struct GapView
{
    enum class Kind
    {
        Text,
        Host,
        Secret,
        Certificate, // PEM text, or what is known of it.
    };
    std::string path; // "scrape_configs[0].tls_config.ca"
    std::string text; // "<Etcha certificate>"
    Kind kind = Kind::Text;
    int line = 0;
    int column = 0;
};

// What the reader puts there. The same text in several places is asked for once for each.
struct GapAnswer
{
    std::string path;
    std::string value; // May be a secret.
};

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
    std::vector<GapView> gaps; // The placeholders, with what each one asks for.
    std::vector<std::string> insecureJobs; // Those with insecure_skip_verify.
    bool undoable = false; // It was taken, and undoImport() takes it back.
};

// A text or a file (`path` set) with its gaps filled.
struct FilledImport
{
    std::string text;
    std::string path;
    std::vector<GapAnswer> answers;
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
    // The address of a blackbox exporter that probes the addresses; empty: they are scraped.
    std::string prober;
};

// A fix from the Targets page, applied to the job and followed by a scrape.
struct JobFix
{
    enum class Kind
    {
        SetCaFile,
        TrustCertificate,
        SkipVerification,
        VerifyAgain,
        HonorLabels,
        UseHttps
    };
    std::string job;
    Kind kind = Kind::SetCaFile;
    std::string argument; // Path, or the certificate's SHA-256.
};

// A known system: what it is asked for when it is added.
struct PresetFieldView
{
    enum class Kind
    {
        Text,
        Secret,
        File,
        Choice, // One of `choices`.
        Flag // "true" or "".
    };
    std::string key;
    std::string label;
    std::string hint; // Shown in the empty field, or beside a flag.
    Kind kind = Kind::Text;
    bool required = false;
    std::string value; // To begin with.
    std::vector<std::pair<std::string, std::string>> choices; // Value, and what it is called.
};

struct PresetView
{
    std::string id; // "etcha"
    std::string title;
    std::string detail; // What it gives, in a sentence.
    std::vector<PresetFieldView> fields; // The first ones are all that is needed.
};

struct PresetChoice
{
    std::string id;
    std::vector<std::pair<std::string, std::string>> values; // By key of the field.
};

// The jobs a choice comes to; a host more of a known job joins it.
struct PresetJobs
{
    bool ok = false;
    std::string error;
    std::string field; // That the error is about; may be empty.
    std::vector<TargetDefinition> definitions;
    std::vector<std::string> notes;
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

    // `filter`: words of a series, "dropped", "changed"; empty: all.
    virtual void traceSamples(uint64_t targetId, const std::string& filter,
        Answer<std::shared_ptr<const SampleTraceView>> answer)
        = 0;
    // At most as many as keep_dropped_targets says, and 1,000.
    virtual void droppedTargets(
        Answer<std::shared_ptr<const std::vector<DroppedTargetView>>> answer)
        = 0;
    virtual void presets(Answer<std::vector<PresetView>> answer) = 0;
    virtual void presetJobs(const PresetChoice& choice, Answer<PresetJobs> answer) = 0;

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
    // Takes a text or file whose gaps are filled.
    virtual void importFilled(const FilledImport& import, Answer<ImportSummary> answer) = 0;
    // What was watched before the last import, in one step.
    virtual void undoImport(Answer<ImportSummary> answer) = 0;
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
