// expfmt: text to metric families, protobuf to samples, Content-Type to kind.
#include "tests/conformance/corpus.h"

#include "core/base/number.h"
#include "core/exposition/families.h"
#include "core/exposition/parser.h"

#include <algorithm>
#include <cmath>

namespace fleetglass::conformance {

namespace {

using exposition::FamilyMetric;
using labels::MetricType;
using nlohmann::json;

json numberJson(double value)
{
    if (std::isfinite(value))
        return value;
    return formatFloat(value);
}

std::string typeWord(MetricType type)
{
    if (type == MetricType::GaugeHistogram)
        return "GAUGE_HISTOGRAM";
    std::string word(type == MetricType::Unknown ? "untyped" : toWord(type));
    for (char& c : word)
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    return word;
}

json summaryJson(const FamilyMetric& metric)
{
    json summary = json::object();
    if (metric.count)
        summary["sample_count"] = *metric.count;
    if (metric.sum)
        summary["sample_sum"] = numberJson(*metric.sum);
    for (const auto& [quantile, value] : metric.parts)
        summary["quantile"].push_back(
            { { "quantile", numberJson(quantile) }, { "value", numberJson(value) } });
    return summary;
}

// A fraction anywhere makes all counts of a histogram floats.
bool hasFraction(const FamilyMetric& metric)
{
    const auto isFraction = [](double value) { return std::floor(value) != value; };
    return isFraction(metric.count.value_or(0))
        || std::any_of(metric.parts.begin(), metric.parts.end(),
            [&](const auto& part) { return isFraction(part.second); });
}

json histogramJson(const FamilyMetric& metric)
{
    const std::string suffix = hasFraction(metric) ? "_float" : "";
    json histogram = json::object();
    if (metric.count)
        histogram["sample_count" + suffix] = *metric.count;
    if (metric.sum)
        histogram["sample_sum"] = numberJson(*metric.sum);
    for (const auto& [bound, value] : metric.parts)
        histogram["bucket"].push_back(
            { { "upper_bound", numberJson(bound) }, { "cumulative_count" + suffix, value } });
    return histogram;
}

json metricJson(const FamilyMetric& metric, MetricType type)
{
    json result = json::object();
    for (const auto& [name, value] : metric.labels)
        result["label"].push_back({ { "name", name }, { "value", value } });
    if (metric.timestampMs)
        result["timestamp_ms"] = *metric.timestampMs;
    if (type == MetricType::Summary)
        result["summary"] = summaryJson(metric);
    else if (type == MetricType::Histogram || type == MetricType::GaugeHistogram)
        result["histogram"] = histogramJson(metric);
    else
        result[type == MetricType::Counter  ? "counter"
                : type == MetricType::Gauge ? "gauge"
                                            : "untyped"]
            = { { "value", numberJson(metric.value) } };
    return result;
}

json familyJson(const exposition::MetricFamily& family)
{
    const auto type = family.type.value_or(MetricType::Unknown);
    json result = { { "name", family.name }, { "type", typeWord(type) } };
    if (family.help)
        result["help"] = *family.help;
    for (const FamilyMetric& metric : family.metrics)
        result["metric"].push_back(metricJson(metric, type));
    return result;
}

void runTextParse(const json& test, Report& report)
{
    const std::string id = test["id"];
    const auto families = exposition::readFamilies(textOf(test["input"]));
    if (!families)
        return report.fail(id, "accepted", families.error().message);
    std::map<std::string, json> expected;
    std::map<std::string, json> got;
    for (const auto& family : test["families"])
        expected[family["name"]] = family;
    for (const auto& family : *families)
        got[family.name] = familyJson(family);
    expected == got ? report.pass(id) : report.fail(id, json(expected).dump(), json(got).dump());
}

void runTextError(const json& test, const std::string& scheme, Report& report)
{
    const std::string id = test["id"].get<std::string>() + "/" + scheme;
    const bool ok = test["ok_" + scheme].get<bool>();
    const auto families
        = exposition::readFamilies(textOf(test["input"]), { .legacyNames = scheme == "legacy" });
    if (families.has_value() != ok)
        return report.fail(
            id, ok ? "accepted" : "refused", families ? "accepted" : families.error().message);
    const std::string key = "error_" + scheme + "_prefix";
    report.pass(id);
    if (!ok && test.contains(key))
        compareWording(report, id, textOf(test[key]), families.error().message);
}

class SampleSink : public exposition::Sink
{
public:
    json samples = json::array();
    bool legacy = true; // All names are of the old kind.

    bool sample(
        const exposition::ParsedSample& sample, const exposition::SeriesSource& source) override
    {
        json labels = json::object();
        for (const auto& [name, value] : source.labels()) {
            legacy = legacy && labels::isLegacyLabelName(name)
                && (name != labels::kMetricName || labels::isLegacyMetricName(value));
            const bool bound = name == "le" || name == "quantile";
            // The decoder keeps Go's short form; the scrape's form has a point.
            labels[std::string(name)]
                = bound ? formatFloatShort(parseFloat(value).value_or(NAN)) : std::string(value);
        }
        json entry = { { "labels", labels }, { "value", numberJson(sample.value) } };
        if (sample.timestampMs)
            entry["timestamp_ms"] = *sample.timestampMs;
        samples.push_back(entry);
        return true;
    }
};

std::vector<std::string> sortedDumps(const json& samples)
{
    std::vector<std::string> dumps;
    for (json sample : samples) {
        sample["value"] = numberJson(numberOf(sample["value"]));
        dumps.push_back(sample.dump());
    }
    std::sort(dumps.begin(), dumps.end());
    return dumps;
}

void runProto(const json& test, Report& report)
{
    const std::string id = test["id"];
    SampleSink sink;
    const auto stats = exposition::parse(exposition::Format::PrometheusProto,
        decodeBase64(test["input_b64"].get<std::string>()), {}, sink);
    const bool okUtf8 = stats.has_value();
    const bool okLegacy = okUtf8 && sink.legacy;
    const std::string got = stats ? sink.samples.dump() : stats.error().message;
    if (okUtf8 != test["ok_utf8"].get<bool>() || okLegacy != test["ok_legacy"].get<bool>())
        return report.fail(id, test.dump(), got);
    const bool same = !okUtf8 || !test.contains("samples")
        || sortedDumps(test["samples"]) == sortedDumps(sink.samples);
    same ? report.pass(id) : report.fail(id, test["samples"].dump(), got);
}

void runFormatType(const json& test, Report& report)
{
    const std::string names[]
        = { "Unknown", "ProtoDelim", "ProtoText", "ProtoCompact", "TextPlain", "OpenMetrics" };
    const std::string id = test["id"];
    const auto kind = exposition::contentKind(textOf(test["content_type"]));
    const std::string& got = names[static_cast<size_t>(kind)];
    got == test["type"] ? report.pass(id) : report.fail(id, test["type"].dump(), got);
}

void runFiles(const std::filesystem::path& folder, Report& report)
{
    if (!std::filesystem::exists(folder))
        return;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        const std::string id = file.path().filename();
        const std::string body = readFile(file.path());
        SampleSink sink;
        const auto stats = exposition::parse(id.find("protobuf") != std::string::npos
                ? exposition::Format::PrometheusProto
                : exposition::Format::PrometheusText004,
            body, {}, sink);
        stats ? report.pass(id) : report.fail(id, "accepted", stats.error().at(id));
    }
}

void runFuzz(const std::filesystem::path& folder, Report& report)
{
    if (!std::filesystem::exists(folder))
        return;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        const std::string id = "fuzz/" + file.path().filename().string();
        const auto families
            = exposition::readFamilies(readFile(file.path()), { .legacyNames = true });
        const bool ok = id.find("error") == std::string::npos;
        families.has_value() == ok ? report.pass(id)
                                   : report.fail(id, ok ? "accepted" : "refused",
                                       families ? "accepted" : families.error().message);
    }
}

void run(const std::filesystem::path& folder, Report& report)
{
    forEachCase(folder / "text_parse.jsonl", [&](const json& test) { runTextParse(test, report); });
    forEachCase(folder / "text_errors.jsonl", [&](const json& test) {
        runTextError(test, "utf8", report);
        runTextError(test, "legacy", report);
    });
    forEachCase(folder / "proto_decode.jsonl", [&](const json& test) { runProto(test, report); });
    forEachCase(
        folder / "format_types.jsonl", [&](const json& test) { runFormatType(test, report); });
    runFiles(folder / "files", report);
    runFuzz(folder / "fuzz", report);
}

const CorpusEntry kEntry("expfmt", run);

} // namespace

} // namespace fleetglass::conformance
