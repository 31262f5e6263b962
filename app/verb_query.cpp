// fleetglass query instant|range|series|labels SOURCE EXPR: questions from a shell, as promtool
// asks them.
#include "app/arguments.h"
#include "app/query_source.h"
#include "app/verbs.h"
#include "core/base/number.h"
#include "core/http/curl_transport.h"
#include "core/monitor/engine_options.h"
#include "core/promql/engine.h"
#include "core/promql/printer.h"
#include "core/promql/series_description.h"
#include "core/remote/api_client.h"
#include "core/snapshot/api_json.h"

#include <cmath>
#include <ctime>
#include <functional>
#include <iostream>
#include <limits>
#include <nlohmann/json.hpp>
#include <thread>

namespace fleetglass::app {

namespace {

const std::vector<FlagSpec> kFlags { { "format" }, { "time" }, { "start" }, { "end" }, { "step" },
    { "match" } };

struct Question
{
    std::string kind; // instant, range, series, labels
    std::string source;
    std::string text; // Expression, or label name.
    std::vector<std::string> matches;
    std::optional<int64_t> startMs;
    std::optional<int64_t> endMs;
    std::optional<int64_t> stepMs;
    bool json = false;
};

// Unix seconds ("1700000000.5") or RFC 3339 in UTC ("2026-11-20T14:41:40Z").
Result<int64_t> parseTime(const std::string& text)
{
    if (const auto seconds = parseFloat(text); seconds && std::isfinite(*seconds))
        return static_cast<int64_t>(std::llround(*seconds * 1000));
    std::tm parts {};
    const char* rest = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
    if (!rest || *rest != 'Z')
        return failure("\"" + text + "\" is no time; write Unix seconds or 2026-11-20T14:41:40Z");
    return static_cast<int64_t>(timegm(&parts)) * 1000;
}

Result<int64_t> parseStep(const std::string& text)
{
    if (const auto seconds = parseFloat(text); seconds && *seconds > 0)
        return static_cast<int64_t>(*seconds * 1000);
    const auto duration = parseDuration(text);
    if (!duration || duration->count() <= 0)
        return failure("\"" + text + "\" is no step; write it as 15s or in seconds");
    return duration->count();
}

Result<bool> readTimes(const Arguments& arguments, Question& question)
{
    const auto read
        = [&](const char* flag, std::optional<int64_t>& into, auto parse) -> Result<bool> {
        const auto text = arguments.value(flag);
        if (!text)
            return true;
        const auto value = parse(*text);
        if (!value)
            return failure("--" + std::string(flag) + ": " + value.error().message);
        into = *value;
        return true;
    };
    for (const auto& result : { read("time", question.endMs, parseTime),
             read("end", question.endMs, parseTime), read("start", question.startMs, parseTime),
             read("step", question.stepMs, parseStep) }) {
        if (!result)
            return failure(result.error());
    }
    return true;
}

Result<Question> readQuestion(const Arguments& arguments)
{
    const auto& words = arguments.words();
    if (words.size() < 2)
        return failure(
            "query what? instant, range, series or labels, then a SOURCE and an expression");
    Question question;
    question.kind = words[0];
    question.source = words[1];
    question.text = words.size() > 2 ? words[2] : "";
    question.matches = arguments.values("match");
    question.json = arguments.valueOr("format", "promql") == "json";
    const bool asksExpression = question.kind == "instant" || question.kind == "range";
    if (!asksExpression && question.kind != "series" && question.kind != "labels")
        return failure("cannot query \"" + question.kind + "\"; instant, range, series or labels");
    if (asksExpression && question.text.empty())
        return failure("query " + question.kind + " needs an expression");
    if (question.kind == "series") {
        for (size_t i = 2; i < words.size(); ++i)
            question.matches.push_back(words[i]);
        if (question.matches.empty())
            return failure("query series needs a selector, as in '{job=\"node\"}'");
    }
    if (const auto times = readTimes(arguments, question); !times)
        return failure(times.error());
    return question;
}

std::string secondsText(int64_t timeMs)
{
    return formatFloat(static_cast<double>(timeMs) / 1000);
}

// What promtool prints: labels => value @[time].
void printResult(const promql::QueryResult& result)
{
    const auto valueText = [](double value, const histogram::HistogramPtr& histogram) {
        return histogram ? promql::printHistogram(*histogram) : formatFloat(value);
    };
    if (result.type == promql::ValueType::Scalar)
        std::cout << "scalar: " << formatFloat(result.scalar) << " @["
                  << secondsText(result.timestampMs) << "]\n";
    if (result.type == promql::ValueType::String)
        std::cout << result.text << '\n';
    for (const auto& sample : result.vector)
        std::cout << sample.labels.toSelector() << " => "
                  << valueText(sample.value, sample.histogram) << " @["
                  << secondsText(sample.timestampMs) << "]\n";
    for (const auto& series : result.matrix) {
        std::cout << series.labels.toSelector() << " =>\n";
        for (size_t i = 0; i < series.values.size(); ++i)
            std::cout << formatFloat(series.values[i]) << " @["
                      << secondsText(series.timestampsMs[i]) << "]\n";
        for (const auto& point : series.histograms)
            std::cout << promql::printHistogram(*point.histogram) << " @["
                      << secondsText(point.timestampMs) << "]\n";
    }
    for (const auto& warning : result.warnings)
        std::cerr << "warning: " << warning << '\n';
    for (const auto& info : result.infos)
        std::cerr << "info: " << info << '\n';
}

int tellError(const Question& question, const Error& error)
{
    if (question.json)
        std::cout << snapshot::errorJson(error) << '\n';
    return badInput(error.message);
}

int answerExpression(const Question& question, const tsdb::RingStore& store, int64_t newestMs)
{
    const promql::Engine engine(monitor::windowEngineOptions());
    const int64_t endMs = question.endMs.value_or(newestMs);
    const int64_t startMs = question.startMs.value_or(endMs - 300'000);
    constexpr int64_t kPoints = 250;
    const int64_t stepMs
        = question.stepMs.value_or(std::max<int64_t>((endMs - startMs) / kPoints, 1000));
    const auto result = question.kind == "instant"
        ? engine.instant(store, question.text, endMs)
        : engine.range(store, question.text, startMs, endMs, stepMs);
    if (!result)
        return tellError(question, result.error());
    if (question.json)
        std::cout << snapshot::queryJson(*result) << '\n';
    else
        printResult(*result);
    return kExitGood;
}

int answerSeries(const Question& question, const tsdb::RingStore& store, storage::TimeRange range)
{
    std::vector<labels::Labels> all;
    for (const auto& text : question.matches) {
        const auto selector = promql::parseMetricSelector(text);
        if (!selector.ok())
            return tellError(question, promql::toError(selector.errors, text));
        const auto found = store.series(selector.value, range, {});
        if (!found)
            return tellError(question, found.error());
        all.insert(all.end(), found->begin(), found->end());
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    if (question.json)
        std::cout << snapshot::seriesJson(all) << '\n';
    for (size_t i = 0; !question.json && i < all.size(); ++i)
        std::cout << all[i].toSelector() << '\n';
    return kExitGood;
}

int answerLabels(const Question& question, const tsdb::RingStore& store, storage::TimeRange range)
{
    std::vector<labels::Matcher> matchers;
    for (const auto& text : question.matches) {
        auto selector = promql::parseMetricSelector(text);
        if (!selector.ok())
            return tellError(question, promql::toError(selector.errors, text));
        matchers.insert(matchers.end(), selector.value.begin(), selector.value.end());
    }
    const auto texts = question.text.empty() ? store.labelNames(matchers, range)
                                             : store.labelValues(question.text, matchers, range);
    if (question.json)
        std::cout << snapshot::labelsJson(texts) << '\n';
    for (size_t i = 0; !question.json && i < texts.size(); ++i)
        std::cout << texts[i] << '\n';
    return kExitGood;
}

int answerFromStore(const Question& question)
{
    const SystemClock clock;
    const auto store = openSamples(question.source, clock);
    if (!store)
        return tellError(question, store.error());
    const auto stats = (*store)->stats();
    const storage::TimeRange range { question.startMs.value_or(stats.minTimeMs),
        question.endMs.value_or(stats.maxTimeMs) };
    if (question.kind == "series")
        return answerSeries(question, **store, range);
    if (question.kind == "labels")
        return answerLabels(question, **store, range);
    return answerExpression(question, **store, stats.maxTimeMs);
}

remote::Parameters parametersOf(const Question& question)
{
    remote::Parameters parameters;
    const bool instant = question.kind == "instant";
    if (instant || question.kind == "range")
        parameters.emplace_back("query", question.text);
    for (const auto& match : question.matches)
        parameters.emplace_back("match[]", match);
    const int64_t nowMs = SystemClock().wallMs();
    if (instant && question.endMs)
        parameters.emplace_back("time", secondsText(*question.endMs));
    if (!instant && (question.kind == "range" || question.startMs))
        parameters.emplace_back("start",
            secondsText(question.startMs.value_or(question.endMs.value_or(nowMs) - 300'000)));
    if (!instant && (question.kind == "range" || question.endMs))
        parameters.emplace_back("end", secondsText(question.endMs.value_or(nowMs)));
    if (question.kind == "range")
        parameters.emplace_back(
            "step", formatFloat(static_cast<double>(question.stepMs.value_or(1000)) / 1000));
    return parameters;
}

// One line for each entry of the API's answer.
void printAnswer(const nlohmann::json& answer)
{
    const auto& data = answer.contains("data") ? answer["data"] : nlohmann::json();
    const auto& entries = data.is_object() && data.contains("result") ? data["result"] : data;
    if (!entries.is_array() || (entries.size() == 2 && entries[0].is_number())) {
        std::cout << entries.dump() << '\n';
        return;
    }
    for (const auto& entry : entries)
        std::cout << (entry.is_string() ? entry.get<std::string>() : entry.dump()) << '\n';
}

int answerFromServer(const Question& question)
{
    const SystemClock clock;
    http::SystemResolver resolver(clock);
    http::CurlTransport transport(resolver, clock);
    std::jthread network([&](std::stop_token stop) { transport.run(stop); });
    const remote::ApiClient client(transport, question.source);
    const std::string path = question.kind == "instant" ? "query"
        : question.kind == "range"                      ? "query_range"
        : question.kind == "series"                     ? "series"
        : question.text.empty()                         ? "labels"
                                                        : "label/" + question.text + "/values";
    const auto body = client.get(path, parametersOf(question));
    if (!body)
        return tellError(question, body.error());
    const auto answer = nlohmann::json::parse(*body, nullptr, false);
    const bool good = answer.value("status", "") == "success";
    if (question.json)
        std::cout << *body << '\n';
    else if (good)
        printAnswer(answer);
    return good ? int(kExitGood)
                : badInput(answer.value("error", "the server says error without a reason"));
}

} // namespace

int queryVerb(const Words& words)
{
    const auto arguments = Arguments::parse(words, kFlags);
    if (!arguments)
        return usageError(arguments.error().message);
    const auto question = readQuestion(*arguments);
    if (!question)
        return usageError(question.error().message);
    return isServerUrl(question->source) ? answerFromServer(*question) : answerFromStore(*question);
}

} // namespace fleetglass::app
