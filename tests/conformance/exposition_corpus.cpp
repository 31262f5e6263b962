// exposition: pages through the scrape parsers, entry by entry, and the choice by Content-Type.
#include "tests/conformance/corpus.h"

#include "core/base/number.h"
#include "core/exposition/parser.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace fleetglass::conformance {

namespace {

using exposition::MetadataKind;
using nlohmann::json;

json numberJson(double value)
{
    if (std::isfinite(value))
        return value;
    return formatFloat(value);
}

json labelsJson(const labels::Labels& labels)
{
    json object = json::object();
    for (const auto& [name, value] : labels)
        object[std::string(name)] = std::string(value);
    return object;
}

// Bucket counts by index, so that two ways to write the same spans are equal.
json sideJson(const std::vector<histogram::Span>& spans, const std::vector<double>& buckets)
{
    json side = json::object();
    int64_t index = 0;
    size_t at = 0;
    for (const auto& span : spans) {
        index += span.offset;
        for (uint32_t i = 0; i < span.length && at < buckets.size(); ++i, ++index, ++at) {
            if (buckets[at] != 0)
                side[std::to_string(index)] = numberJson(buckets[at]);
        }
    }
    return side;
}

json histogramJson(const histogram::Histogram& h)
{
    json custom = json::array();
    for (const double bound : h.customValues)
        custom.push_back(numberJson(bound));
    return { { "gauge", h.resetHint == histogram::ResetHint::Gauge }, { "schema", h.schema },
        { "count", numberJson(h.count) }, { "sum", numberJson(h.sum) },
        { "zero_threshold", numberJson(h.zeroThreshold) },
        { "zero_count", numberJson(h.zeroCount) },
        { "positive", sideJson(h.positiveSpans, h.positiveBuckets) },
        { "negative", sideJson(h.negativeSpans, h.negativeBuckets) }, { "custom_values", custom } };
}

void readSide(const json& from, const std::string& side, bool deltas,
    std::vector<histogram::Span>& spans, std::vector<double>& buckets)
{
    for (const auto& span : from.value(side + "_spans", json::array()))
        spans.push_back({ span.value("offset", 0), span.value("length", 0U) });
    double last = 0;
    for (const auto& bucket : from.value(side + "_buckets", json::array())) {
        last = numberOf(bucket) + (deltas ? last : 0);
        buckets.push_back(last);
    }
}

json expectedHistogram(const json& from, bool deltas)
{
    const auto number
        = [&](const char* key) { return from.contains(key) ? numberOf(from[key]) : 0; };
    histogram::Histogram h;
    if (from.value("counter_reset_hint", "unknown") == "gauge")
        h.resetHint = histogram::ResetHint::Gauge;
    h.schema = from.value("schema", 0);
    h.count = number("count");
    h.sum = number("sum");
    h.zeroThreshold = number("zero_threshold");
    h.zeroCount = number("zero_count");
    readSide(from, "positive", deltas, h.positiveSpans, h.positiveBuckets);
    readSide(from, "negative", deltas, h.negativeSpans, h.negativeBuckets);
    for (const auto& bound : from.value("custom_values", json::array()))
        h.customValues.push_back(numberOf(bound));
    return histogramJson(h);
}

// The entry as the sink would write it down.
json expectedEntry(json entry)
{
    if (entry.contains("int_histogram"))
        entry["histogram"] = expectedHistogram(entry["int_histogram"], true);
    if (entry.contains("float_histogram"))
        entry["histogram"] = expectedHistogram(entry["float_histogram"], false);
    entry.erase("int_histogram");
    entry.erase("float_histogram");
    if (entry.contains("value"))
        entry["value"] = numberJson(numberOf(entry["value"]));
    if (entry.contains("labels")) {
        json kept = json::object();
        for (const auto& [name, value] : entry["labels"].items()) {
            if (const auto text = textOf(value); !text.empty())
                kept[name] = text;
        }
        entry["labels"] = kept;
    }
    if (entry.contains("exemplars")) {
        for (auto& exemplar : entry["exemplars"])
            exemplar["value"] = numberJson(numberOf(exemplar["value"]));
    }
    return entry;
}

class EntrySink : public exposition::Sink
{
public:
    json entries = json::array();

    void metadata(const exposition::MetadataEntry& entry) override
    {
        constexpr std::array kKeys { "help", "type", "unit" };
        const char* key = kKeys[static_cast<size_t>(entry.kind)];
        const auto text = entry.kind == MetadataKind::Type ? toWord(entry.type) : entry.text;
        entries.push_back({ { "kind", key }, { "family", std::string(entry.family) },
            { key, std::string(text) } });
    }

    void comment(std::string_view text) override
    {
        entries.push_back({ { "kind", "comment" }, { "text", std::string(text) } });
    }

    bool sample(
        const exposition::ParsedSample& sample, const exposition::SeriesSource& source) override
    {
        json entry = { { "kind", sample.histogram ? "histogram" : "series" },
            { "labels", labelsJson(source.labels()) } };
        if (sample.histogram)
            entry["histogram"] = histogramJson(*sample.histogram);
        else
            entry["value"] = numberJson(sample.value);
        if (sample.timestampMs)
            entry["timestamp_ms"] = *sample.timestampMs;
        if (sample.startTimestampMs != 0)
            entry["start_timestamp_ms"] = sample.startTimestampMs;
        for (const auto& exemplar : sample.exemplars) {
            json one = { { "labels", labelsJson(exemplar.labels) },
                { "value", numberJson(exemplar.value) } };
            if (exemplar.timestampMs)
                one["timestamp_ms"] = *exemplar.timestampMs;
            entry["exemplars"].push_back(one);
        }
        entry["series"] = std::string(sample.seriesText);
        entries.push_back(entry);
        return true;
    }
};

exposition::ParseOptions optionsOf(const json& options)
{
    return {
        .createdAsStartTimestamp = options.value("created_as_start_timestamp", false),
        .typeAndUnitLabels = options.value("type_and_unit_labels", false),
        .ignoreNativeHistograms = options.value("ignore_native_histograms", false),
        .keepClassicHistograms = options.value("keep_classic_histograms", false),
        .convertClassicToNhcb = options.value("convert_classic_to_nhcb", false),
    };
}

// The entry got, with only the keys that the case speaks of; a case about series says their text.
json comparable(json got, const json& expected)
{
    if (expected.contains("series") && !expected.contains("labels")) {
        got.erase("labels");
        got.erase("value");
    } else {
        got.erase("series");
    }
    return got;
}

std::string difference(const json& expected, const json& got)
{
    for (size_t i = 0; i < std::max(expected.size(), got.size()); ++i) {
        const json want = i < expected.size() ? expectedEntry(expected[i]) : json("no entry");
        const json have = i < got.size() ? comparable(got[i], want) : json("no entry");
        if (want != have)
            return "entry " + std::to_string(i) + ": " + want.dump() + "\n  against   "
                + have.dump();
    }
    return {};
}

std::string inputOf(const json& test)
{
    return test.contains("input_b64") ? decodeBase64(test["input_b64"].get<std::string>())
                                      : textOf(test["input"]);
}

void runPage(const json& test, Report& report)
{
    const std::string id = test["id"];
    const auto choice = exposition::chooseFormat(test["format"].get<std::string>(), {});
    if (!choice)
        return report.fail(id, "a format", choice.error().message);
    EntrySink sink;
    const auto stats
        = exposition::parse(choice->format, inputOf(test), optionsOf(test["options"]), sink);
    if (test["ok"].is_null())
        return report.pass(id);
    // Go's parser ends a good page with the error "EOF"; that alone is no refusal.
    const std::string error = test.contains("error") ? test["error"].get<std::string>() : "";
    const bool ok = test["ok"].get<bool>() || error == "EOF";
    if (stats.has_value() != ok)
        return report.fail(id, ok ? "accepted" : error, stats ? "accepted" : stats.error().message);
    const std::string differs
        = ok && test.contains("expected") ? difference(test["expected"], sink.entries) : "";
    if (!differs.empty())
        return report.fail(id, differs, "");
    report.pass(id);
    if (!ok && !error.empty())
        compareWording(report, id, error, stats.error().message);
}

void runContentType(const json& test, Report& report)
{
    const std::string id = test["id"];
    exposition::ContentTypeRules rules;
    if (test["fallback"].is_string()) {
        std::string word = test["fallback"];
        std::replace(word.begin(), word.end(), '_', '.');
        rules.fallback = exposition::formatFromWord(word);
    }
    const auto choice = exposition::chooseFormat(textOf(test["content_type"]), rules);
    std::string got;
    if (choice) {
        const auto word = toWord(choice->format);
        got = word.starts_with("Open")  ? "openmetrics"
            : word == "PrometheusProto" ? "protobuf"
                                        : "text";
    }
    const std::string expected
        = test["parser"].is_string() ? test["parser"].get<std::string>() : "";
    if (got != expected)
        return report.fail(id, expected, choice ? got : choice.error().message);
    const std::string message = choice ? choice->warning : choice.error().message;
    if (message.empty() != !test.contains("error"))
        return report.fail(id, test.value("error", "no warning"), message);
    report.pass(id);
    if (test.contains("error"))
        compareWording(report, id, test["error"].get<std::string>(), message);
}

void runFiles(const std::filesystem::path& folder, Report& report)
{
    if (!std::filesystem::exists(folder))
        return;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        const std::string id = file.path().filename();
        const std::string body = readFile(file.path());
        const bool openMetrics = body.size() >= 6 && body.find("\n# EOF") != std::string::npos;
        EntrySink sink;
        const auto stats = exposition::parse(openMetrics ? exposition::Format::OpenMetrics100
                                                         : exposition::Format::PrometheusText004,
            body, {}, sink);
        stats ? report.pass(id) : report.fail(id, "accepted", stats.error().at(id));
    }
}

void run(const std::filesystem::path& folder, Report& report)
{
    for (const char* name : { "prom_text", "openmetrics", "protobuf", "nhcb" })
        forEachCase(folder / (std::string(name) + ".jsonl"),
            [&](const json& test) { runPage(test, report); });
    forEachCase(
        folder / "content_types.jsonl", [&](const json& test) { runContentType(test, report); });
    runFiles(folder / "files", report);
}

const CorpusEntry kEntry("exposition", run);

} // namespace

} // namespace fleetglass::conformance
