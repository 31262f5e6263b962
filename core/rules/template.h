// Templates of labels and annotations: Go's text/template with Prometheus' functions. Pure
// functions; thread-safe. Bounded in output, depth, steps, queries and time.
#pragma once

#include "core/base/result.h"
#include "core/histogram/histogram.h"
#include "core/labels/labels.h"

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::rules {

struct TemplateSample
{
    labels::Labels labels;
    double value = 0;
    histogram::HistogramPtr histogram; // In the value's place where it is set.
};

struct TemplateData
{
    labels::Labels labels; // $labels
    labels::Labels externalLabels; // $externalLabels
    std::string externalUrl; // $externalURL
    double value = 0; // $value
    histogram::HistogramPtr histogram; // $value where it is set.
};

struct TemplateLimits
{
    size_t outputBytesMax = 64 * 1024;
    int depthMax = 100;
    size_t stepsMax = 1'000'000;
    int queriesMax = 10;
};

// Answers query "..." of a template at the time of the evaluation.
using TemplateQuery
    = std::function<Result<std::vector<TemplateSample>>(const std::string& expression)>;

struct TemplateContext
{
    std::string name; // Of the template, in messages.
    int64_t timeMs = 0;
    TemplateQuery query;
    TemplateLimits limits;
    bool html = false; // Escapes as html/template does.
    std::stop_token stop;
};

// The text with its actions carried out. A failure's message is Prometheus' wording; the caller
// shows
// "<error expanding template: ...>" in its place and goes on.
Result<std::string> expandTemplate(
    std::string_view text, const TemplateData& data, const TemplateContext& context);

// What is wrong with a template, without running it; nothing where it parses.
std::optional<std::string> checkTemplate(std::string_view text);

// Labels a template reads as $labels.NAME or .Labels.NAME, for lint.
std::vector<std::string> labelsReadBy(std::string_view text);

} // namespace fleetglass::rules
