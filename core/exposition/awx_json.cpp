// The metrics of an automation controller as JSON (awx/main/analytics, rest_framework renderer):
// {"family": {"help_text": ..., "type": ..., "samples": [{"labels": {...}, "value": n,
// "sample_type": "bucket|sum|count"}]}}. Sample names are not carried; they are made again here.
#include "core/exposition/limits.h"
#include "core/exposition/parsers.h"
#include "core/exposition/text_lexer.h"
#include "core/exposition/text_number.h"
#include "core/exposition/text_series.h"

#include "core/base/number.h"
#include "core/base/utf8.h"

#include <nlohmann/json.hpp>

namespace fleetglass::exposition {

namespace {

using Json = nlohmann::json;
using labels::MetricType;

constexpr int kDepthMax = 8;

class JsonSeries : public SeriesSource
{
public:
    std::vector<std::pair<std::string, std::string>> pairs;
    labels::Labels labels() const override { return labels::Labels::fromPairs(pairs); }
};

// Fails on what is deeper than the page ever is, before anything is built from it.
Result<Json> readJson(std::string_view body)
{
    bool tooDeep = false;
    const Json::parser_callback_t watch = [&](int depth, Json::parse_event_t, Json&) {
        tooDeep = tooDeep || depth > kDepthMax;
        return !tooDeep;
    };
    Json page = Json::parse(body.begin(), body.end(), watch, false);
    if (tooDeep)
        return failure("json: nested deeper than " + std::to_string(kDepthMax) + " levels");
    if (page.is_discarded())
        return failure("json: the page is no valid JSON: " + quoteExcerpt(body.substr(0, 80)));
    if (!page.is_object())
        return failure("json: the page is not an object of metric families");
    if (page.contains("detail") && page["detail"].is_string())
        return failure(
            "the controller answers: " + quoteExcerpt(page["detail"].get<std::string>()));
    return page;
}

std::string textOf(const Json& object, const char* key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Result<double> numberOf(const Json& value)
{
    if (value.is_number())
        return value.get<double>();
    // Python's json writes NaN and Infinity as bare words; some write them as texts.
    if (value.is_string())
        return parseSampleValue(value.get<std::string>());
    return failure("json: a sample without a number as value");
}

class AwxParser
{
public:
    AwxParser(const ParseOptions& options, Sink& sink)
        : m_options(options)
        , m_sink(sink)
    {
    }

    Result<ParseStats> run(std::string_view body);

private:
    Result<void> family(const std::string& name, const Json& family);
    Result<void> sample(const std::string& family, MetricType type, const Json& sample);
    Result<void> addLabel(const std::string& name, const Json& value, MetricType type);

    const ParseOptions& m_options;
    Sink& m_sink;
    ParseStats m_stats;
    JsonSeries m_series;
    std::string m_seriesText;
};

Result<ParseStats> AwxParser::run(std::string_view body)
{
    const auto page = readJson(body);
    if (!page)
        return failure(page.error());
    for (const auto& [name, value] : page->items()) {
        if (auto done = family(name, value); !done) {
            Error error = std::move(done.error());
            error.message += " (metric family " + quoteExcerpt(name) + ")";
            return failure(std::move(error));
        }
    }
    return m_stats;
}

Result<void> AwxParser::family(const std::string& name, const Json& family)
{
    const auto samples = family.is_object() ? family.find("samples") : family.end();
    if (!family.is_object() || samples == family.end() || !samples->is_array())
        return failure("json: a metric family has no list of samples");
    if (name.empty())
        return failure("metric name is empty");
    if (auto good = checkNameBytes("metric", name, m_options.limits); !good)
        return good;
    const std::string help = textOf(family, "help_text");
    const std::string typeWord = textOf(family, "type");
    const auto type = labels::metricTypeFromWord(typeWord);
    const std::string clipped = clipUtf8(help, m_options.limits.helpBytesMax);
    m_stats.helpClipped += help.size() > m_options.limits.helpBytesMax ? 1 : 0;
    m_sink.metadata({ MetadataKind::Help, name, clipped, {}, 0 });
    m_sink.metadata({ MetadataKind::Type, name, typeWord, type, 0 });
    m_stats.metadata += 2;
    for (const Json& one : *samples) {
        if (auto done = sample(name, type, one); !done)
            return done;
    }
    return {};
}

Result<void> AwxParser::sample(const std::string& family, MetricType type, const Json& sample)
{
    if (!sample.is_object() || !sample.contains("value"))
        return failure("json: a sample has no value");
    const auto value = numberOf(sample["value"]);
    if (!value)
        return failure(value.error());
    const std::string kind = textOf(sample, "sample_type");
    const bool hasKind = kind == "bucket" || kind == "sum" || kind == "count";
    m_series.pairs
        = { { std::string(labels::kMetricName), hasKind ? family + '_' + kind : family } };
    if (const auto labels = sample.find("labels"); labels != sample.end() && labels->is_object()) {
        for (const auto& [name, text] : labels->items()) {
            if (auto added = addLabel(name, text, type); !added)
                return added;
        }
    }
    m_seriesText.clear();
    for (const auto& [name, text] : m_series.pairs)
        m_seriesText += name + '\xff' + text + '\xff';
    if (auto good = checkSampleCount(++m_stats.samples, m_options.limits); !good)
        return good;
    const ParsedSample parsed { .seriesText = m_seriesText, .value = canonicalNan(*value) };
    if (!m_sink.sample(parsed, m_series))
        return failure("stopped by the reader of the page", ErrorCode::Cancelled);
    return {};
}

Result<void> AwxParser::addLabel(const std::string& name, const Json& value, MetricType type)
{
    std::string text = value.is_string() ? value.get<std::string>()
        : value.is_null()                ? std::string()
                                         : value.dump();
    if (name.empty() || name == labels::kMetricName)
        return failure("json: label name " + quoteExcerpt(name) + " cannot be used");
    if (auto good = checkNameBytes("label", name, m_options.limits); !good)
        return good;
    if (auto good = checkLabelValue(name, text, m_options.limits); !good)
        return good;
    if (auto good = checkLabelCount(m_series.pairs.size() + 1, m_options.limits); !good)
        return good;
    const bool isBound = (type == MetricType::Histogram && name == "le")
        || (type == MetricType::Summary && name == "quantile");
    if (const auto bound = isBound ? parseFloat(text) : std::nullopt)
        text = formatBound(*bound);
    m_series.pairs.emplace_back(name, std::move(text));
    return {};
}

} // namespace

Result<ParseStats> parseAwxJson(std::string_view body, const ParseOptions& options, Sink& sink)
{
    return AwxParser(options, sink).run(body);
}

} // namespace fleetglass::exposition
