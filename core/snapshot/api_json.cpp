#include "core/snapshot/api_json.h"

#include "core/snapshot/api_number.h"
#include "core/snapshot/json_text.h"

#include <algorithm>

namespace fleetglass::snapshot {

namespace {

void putMetric(std::string& out, const labels::Labels& labels)
{
    out += '{';
    bool isFirst = true;
    for (const labels::Label& label : labels) {
        if (!std::exchange(isFirst, false))
            out += ',';
        putJsonText(out, label.name);
        out += ':';
        putJsonText(out, label.value);
    }
    out += '}';
}

template<class Range, class Put>
void putList(std::string& out, const Range& values, const Put& put)
{
    out += '[';
    bool isFirst = true;
    for (const auto& value : values) {
        if (!std::exchange(isFirst, false))
            out += ',';
        put(value);
    }
    out += ']';
}

void putPoint(std::string& out, int64_t timestampMs, double value)
{
    out += '[' + apiTime(timestampMs) + ",\"" + apiFloat(value) + "\"]";
}

void putHistogramPoint(std::string& out, int64_t timestampMs, const histogram::Histogram& histogram)
{
    out += '[' + apiTime(timestampMs) + ',' + apiHistogram(histogram) + ']';
}

void putVectorSample(std::string& out, const promql::VectorSample& sample)
{
    out += "{\"metric\":";
    putMetric(out, sample.labels);
    if (sample.histogram) {
        out += ",\"histogram\":";
        putHistogramPoint(out, sample.timestampMs, *sample.histogram);
    } else {
        out += ",\"value\":";
        putPoint(out, sample.timestampMs, sample.value);
    }
    out += '}';
}

void putMatrixSeries(std::string& out, const promql::MatrixSeries& series)
{
    out += "{\"metric\":";
    putMetric(out, series.labels);
    if (!series.timestampsMs.empty()) {
        out += ",\"values\":[";
        for (size_t i = 0; i < series.timestampsMs.size(); ++i) {
            if (i > 0)
                out += ',';
            putPoint(out, series.timestampsMs[i], series.values[i]);
        }
        out += ']';
    }
    if (!series.histograms.empty()) {
        out += ",\"histograms\":";
        putList(out, series.histograms, [&](const promql::HistogramPoint& point) {
            putHistogramPoint(out, point.timestampMs, *point.histogram);
        });
    }
    out += '}';
}

void putResult(std::string& out, const promql::QueryResult& result)
{
    switch (result.type) {
    case promql::ValueType::Scalar:
        out += "\"scalar\",\"result\":";
        putPoint(out, result.timestampMs, result.scalar);
        return;
    case promql::ValueType::String:
        out += "\"string\",\"result\":[" + apiTime(result.timestampMs) + ',';
        putJsonText(out, result.text);
        out += ']';
        return;
    case promql::ValueType::Vector:
        out += "\"vector\",\"result\":";
        putList(out, result.vector, [&](const auto& sample) { putVectorSample(out, sample); });
        return;
    default:
        out += "\"matrix\",\"result\":";
        putList(out, result.matrix, [&](const auto& series) { putMatrixSeries(out, series); });
    }
}

void putNotes(std::string& out, std::string_view name, const std::vector<std::string>& notes)
{
    if (notes.empty())
        return;
    out += ",\"" + std::string(name) + "\":";
    putList(out, notes, [&](const std::string& note) { putJsonText(out, note); });
}

} // namespace

std::string queryJson(const promql::QueryResult& result)
{
    std::string out = "{\"status\":\"success\",\"data\":{\"resultType\":";
    putResult(out, result);
    out += '}';
    putNotes(out, "warnings", result.warnings);
    putNotes(out, "infos", result.infos);
    return out += '}';
}

std::string seriesJson(std::span<const labels::Labels> series)
{
    std::string out = "{\"status\":\"success\",\"data\":";
    putList(out, series, [&](const labels::Labels& labels) { putMetric(out, labels); });
    return out += '}';
}

std::string labelsJson(std::span<const std::string> texts)
{
    std::string out = "{\"status\":\"success\",\"data\":";
    putList(out, texts, [&](const std::string& text) { putJsonText(out, text); });
    return out += '}';
}

std::string_view errorType(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Invalid:
        return "bad_data";
    case ErrorCode::NotFound:
        return "not_found";
    case ErrorCode::Limit:
        return "execution";
    case ErrorCode::Timeout:
        return "timeout";
    case ErrorCode::Cancelled:
        return "canceled";
    case ErrorCode::Unavailable:
        return "unavailable";
    case ErrorCode::Io:
    case ErrorCode::Internal:
        return "internal";
    }
    return "internal";
}

std::string errorJson(const Error& error)
{
    std::string out = "{\"status\":\"error\",\"errorType\":\"";
    out += errorType(error.code);
    out += "\",\"error\":";
    putJsonText(out, error.message);
    return out += '}';
}

} // namespace fleetglass::snapshot
