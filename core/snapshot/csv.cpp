#include "core/snapshot/csv.h"

#include "core/base/number.h"
#include "core/snapshot/utc_time.h"

#include <algorithm>
#include <map>

namespace fleetglass::snapshot {

using storage::SeriesSlice;

namespace {

constexpr size_t kPieceBytes = 1 << 16; // Handed to the sink at once.

bool isPlainNumber(std::string_view text)
{
    const bool isDigits = text.find_first_not_of("+-.0123456789eE") == std::string_view::npos;
    return isDigits && parseFloat(text).has_value();
}

// Collects lines and hands them over in pieces.
class Lines
{
public:
    explicit Lines(TextSink& sink)
        : m_sink(sink)
    {
    }
    void cell(std::string_view text) { raw(csvCell(text)); }
    void number(double value) { raw(formatFloat(value)); }
    void raw(std::string_view text)
    {
        if (m_hasCell)
            m_text += ',';
        m_hasCell = true;
        m_text += text;
    }
    Result<void> end()
    {
        m_text += "\r\n";
        m_hasCell = false;
        return m_text.size() < kPieceBytes ? Result<void>() : flush();
    }
    Result<void> flush() { return m_sink.write(std::exchange(m_text, {})); }

private:
    TextSink& m_sink;
    std::string m_text;
    bool m_hasCell = false;
};

class SampleLines
{
public:
    SampleLines(std::vector<std::string> names, const Redactor& redactor, TextSink& sink)
        : m_names(std::move(names))
        , m_redactor(redactor)
        , m_lines(sink)
    {
    }

    Result<void> header()
    {
        m_lines.raw("time");
        m_lines.raw("timestamp_ms");
        for (const std::string& name : m_names)
            m_lines.cell(m_redactor.clean(name));
        for (const char* const column : { "value", "histogram_count", "histogram_sum" })
            m_lines.raw(column);
        return m_lines.end();
    }

    Result<void> line(const labels::Labels& labels, int64_t timestampMs, double value,
        const histogram::Histogram* histogram)
    {
        m_lines.raw(utcTime(timestampMs));
        m_lines.raw(std::to_string(timestampMs));
        for (const std::string& name : m_names)
            m_lines.cell(m_redactor.clean(labels.get(name)));
        histogram ? m_lines.raw("") : m_lines.number(value);
        histogram ? m_lines.number(histogram->count) : m_lines.raw("");
        histogram ? m_lines.number(histogram->sum) : m_lines.raw("");
        return m_lines.end();
    }

    Result<void> slice(const SeriesSlice& slice)
    {
        for (size_t i = 0; i < slice.timestampsMs.size(); ++i) {
            if (storage::isStaleMarker(slice.values[i]))
                continue;
            if (auto done = line(slice.labels, slice.timestampsMs[i], slice.values[i], nullptr);
                !done)
                return done;
        }
        for (const storage::HistogramSample& sample : slice.histograms) {
            if (auto done = line(slice.labels, sample.timestampMs, 0, sample.histogram.get());
                !done)
                return done;
        }
        return {};
    }

    Result<void> flush() { return m_lines.flush(); }

private:
    const std::vector<std::string> m_names;
    const Redactor& m_redactor;
    Lines m_lines;
};

Result<void> writeVector(
    const promql::QueryResult& result, const Redactor& redactor, TextSink& sink)
{
    std::vector<std::string> names;
    for (const promql::VectorSample& sample : result.vector) {
        for (const labels::Label& label : sample.labels)
            names.emplace_back(label.name);
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    SampleLines lines(std::move(names), redactor, sink);
    auto done = lines.header();
    for (const promql::VectorSample& sample : result.vector) {
        if (done)
            done = lines.line(
                sample.labels, sample.timestampMs, sample.value, sample.histogram.get());
    }
    return done ? lines.flush() : done;
}

Result<void> writeMatrix(
    const promql::QueryResult& result, const Redactor& redactor, TextSink& sink)
{
    Lines lines(sink);
    lines.raw("time");
    lines.raw("timestamp_ms");
    std::map<int64_t, std::map<size_t, double>> rows;
    for (size_t i = 0; i < result.matrix.size(); ++i) {
        const promql::MatrixSeries& series = result.matrix[i];
        lines.cell(redactor.clean(series.labels).toSelector());
        for (size_t k = 0; k < series.timestampsMs.size(); ++k)
            rows[series.timestampsMs[k]][i] = series.values[k];
        for (const promql::HistogramPoint& point : series.histograms)
            rows[point.timestampMs][i] = point.histogram->count;
    }
    auto done = lines.end();
    for (const auto& [time, values] : rows) {
        if (!done)
            return done;
        lines.raw(utcTime(time));
        lines.raw(std::to_string(time));
        for (size_t i = 0; i < result.matrix.size(); ++i) {
            const auto value = values.find(i);
            value == values.end() ? lines.raw("") : lines.number(value->second);
        }
        done = lines.end();
    }
    return done ? lines.flush() : done;
}

Result<void> writeSingle(
    const promql::QueryResult& result, const Redactor& redactor, TextSink& sink)
{
    Lines lines(sink);
    for (const char* const column : { "time", "timestamp_ms", "value" })
        lines.raw(column);
    auto done = lines.end();
    if (!done)
        return done;
    lines.raw(utcTime(result.timestampMs));
    lines.raw(std::to_string(result.timestampMs));
    if (result.type == promql::ValueType::Scalar)
        lines.number(result.scalar);
    else
        lines.cell(redactor.clean(result.text));
    done = lines.end();
    return done ? lines.flush() : done;
}

} // namespace

std::string csvCell(std::string_view text)
{
    // What a spreadsheet would take for a formula (OWASP, CSV injection).
    const bool isFormula = !text.empty()
        && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos
        && !isPlainNumber(text);
    std::string cell = isFormula ? "'" : "";
    cell += text;
    if (cell.find_first_of(",\"\r\n") == std::string::npos)
        return cell;
    std::string quoted = "\"";
    for (const char c : cell) {
        if (c == '"')
            quoted += '"';
        quoted += c;
    }
    return quoted += '"';
}

Result<void> writeSamplesCsv(const storage::Querier& querier,
    std::span<const labels::Matcher> matchers, storage::TimeRange range, const Redactor& redactor,
    TextSink& sink, const std::stop_token& stop)
{
    SampleLines lines(querier.labelNames(matchers, range), redactor, sink);
    auto done = lines.header();
    storage::SelectLimits limits;
    limits.stop = stop;
    // One metric at a time keeps the unfolded samples few.
    auto names = querier.labelValues(std::string(labels::kMetricName), matchers, range);
    names.insert(names.begin(), ""); // Series without a name.
    for (const std::string& name : names) {
        std::vector<labels::Matcher> part(matchers.begin(), matchers.end());
        part.push_back(labels::Matcher::equal(std::string(labels::kMetricName), name));
        const auto slices = querier.select(part, range, limits);
        if (!slices)
            return failure(slices.error());
        for (const SeriesSlice& slice : *slices) {
            if (done)
                done = lines.slice(slice);
        }
    }
    return done ? lines.flush() : done;
}

Result<void> writeResultCsv(
    const promql::QueryResult& result, const Redactor& redactor, TextSink& sink)
{
    switch (result.type) {
    case promql::ValueType::Matrix:
        return writeMatrix(result, redactor, sink);
    case promql::ValueType::Vector:
        return writeVector(result, redactor, sink);
    default:
        return writeSingle(result, redactor, sink);
    }
}

} // namespace fleetglass::snapshot
