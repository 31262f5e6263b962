// Fields of the view structs, told once and used both ways: to JSON (redacted) and back from JSON
// that may hold anything. Used from one thread at a time.
#pragma once

#include "core/base/number.h"
#include "core/snapshot/redactor.h"
#include "core/view/fleet_view.h"

#include <cmath>
#include <concepts>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace fleetglass::snapshot {

// The last enumerator: what a number from outside may be.
template<class E>
struct EnumLast;
#define FLEETGLASS_ENUM_LAST(type, last)                                                           \
    template<>                                                                                     \
    struct EnumLast<type>                                                                          \
    {                                                                                              \
        static constexpr type value = last;                                                        \
    };
FLEETGLASS_ENUM_LAST(view::Health, view::Health::Down)
FLEETGLASS_ENUM_LAST(view::Phase, view::Phase::Limits)
FLEETGLASS_ENUM_LAST(view::AlertState, view::AlertState::Resolved)
FLEETGLASS_ENUM_LAST(view::Severity, view::Severity::Info)
FLEETGLASS_ENUM_LAST(view::RuleHealth, view::RuleHealth::Error)
FLEETGLASS_ENUM_LAST(view::SessionState, view::SessionState::BetweenScrapes)
FLEETGLASS_ENUM_LAST(labels::MetricType, labels::MetricType::StateSet)
FLEETGLASS_ENUM_LAST(LogLevel, LogLevel::Error)
#undef FLEETGLASS_ENUM_LAST

template<class T, class U>
concept Is = std::same_as<std::remove_const_t<T>, U>;

// clang-format off
template<class V, Is<view::AttemptView> T>
void visit(V& v, T& t)
{
    v("time_ms", t.timeMs); v("ok", t.ok); v("phase", t.phase); v("duration_ms", t.durationMs);
    v("samples", t.samples); v("message", t.message);
}

template<class V, Is<view::TargetView> T>
void visit(V& v, T& t)
{
    v("id", t.id); v("job", t.job); v("instance", t.instance); v("url", t.url); v("labels", t.labels);
    v("health", t.health); v("phase", t.phase); v("error", t.error); v("hint", t.hint);
    v("last_scrape_ms", t.lastScrapeMs); v("next_scrape_ms", t.nextScrapeMs);
    v("health_since_ms", t.healthSinceMs); v("interval_ms", t.intervalMs); v("timeout_ms", t.timeoutMs);
    v("duration_ms", t.durationMs); v("samples_scraped", t.samplesScraped);
    v("series_added", t.seriesAdded); v("body_bytes", t.bodyBytes);
    v("failures_in_a_row", t.failuresInARow); v("failures", t.failures); v("attempts", t.attempts);
    v("insecure_skip_verify", t.insecureSkipVerify); v("honor_labels", t.honorLabels);
    v("paused", t.paused); v("certificate_not_after_ms", t.certificateNotAfterMs);
    v("attempts_recent", t.attemptsRecent); v("spark", t.spark); v("spark_title", t.sparkTitle);
    v("spark_text", t.sparkText);
}

template<class V, Is<view::AlertView> T>
void visit(V& v, T& t)
{
    v("id", t.id); v("name", t.name); v("group", t.group); v("expression", t.expression);
    v("state", t.state); v("severity", t.severity); v("labels", t.labels);
    v("annotations", t.annotations); v("value", t.value); v("active_since_ms", t.activeSinceMs);
    v("fired_ms", t.firedMs); v("resolved_ms", t.resolvedMs); v("hold_for_ms", t.holdForMs);
    v("threshold", t.threshold); v("threshold_operator", t.thresholdOperator);
    v("acknowledged_ms", t.acknowledgedMs); v("snoozed_until_ms", t.snoozedUntilMs);
    v("spark", t.spark); v("file", t.file); v("line", t.line);
}

template<class V, Is<view::AlertSpanView> T>
void visit(V& v, T& t)
{
    v("alert_id", t.alertId); v("name", t.name); v("severity", t.severity); v("state", t.state);
    v("labels", t.labels); v("start_ms", t.startMs); v("end_ms", t.endMs); v("text", t.text);
    v("threshold", t.threshold); v("threshold_operator", t.thresholdOperator);
    v("expression", t.expression); v("snoozed", t.snoozed);
}

template<class V, Is<view::RuleView> T>
void visit(V& v, T& t)
{
    v("alerting", t.isAlerting); v("name", t.name); v("expression", t.expression);
    v("hold_for_ms", t.holdForMs); v("health", t.health); v("error", t.error);
    v("evaluation_ms", t.evaluationMs); v("last_evaluation_ms", t.lastEvaluationMs);
    v("pending", t.pending); v("firing", t.firing); v("line", t.line);
}

template<class V, Is<view::RuleGroupView> T>
void visit(V& v, T& t)
{
    v("name", t.name); v("file", t.file); v("interval_ms", t.intervalMs);
    v("last_evaluation_ms", t.lastEvaluationMs); v("evaluation_ms", t.evaluationMs);
    v("rules", t.rules);
}

template<class V, Is<view::SessionView> T>
void visit(V& v, T& t)
{
    v("id", t.id); v("job", t.job); v("instance", t.instance); v("host", t.host);
    v("source", t.source); v("public_key", t.publicKey); v("key_owner", t.keyOwner);
    v("remote_address", t.remoteAddress); v("state", t.state);
    v("opened_earliest_ms", t.openedEarliestMs); v("opened_latest_ms", t.openedLatestMs);
    v("closed_earliest_ms", t.closedEarliestMs); v("closed_latest_ms", t.closedLatestMs);
    v("last_seen_ms", t.lastSeenMs); v("interval_ms", t.intervalMs); v("key_unknown", t.keyUnknown);
    v("address_new", t.addressNew); v("commands", t.commands);
}

template<class V, Is<view::UnreachableView> T>
void visit(V& v, T& t)
{
    v("instance", t.instance); v("start_ms", t.startMs); v("end_ms", t.endMs);
}

template<class V, Is<view::MetricView> T>
void visit(V& v, T& t)
{
    v("name", t.name); v("type", t.type); v("help", t.help); v("unit", t.unit);
    v("series", t.series); v("jobs", t.jobs);
}

template<class V, Is<view::ChangeView> T>
void visit(V& v, T& t)
{
    v("metric", t.metric); v("kind", t.kind); v("labels", t.labels); v("query", t.query);
    v("unit", t.unit); v("spark", t.spark); v("before", t.before); v("now", t.now);
}

template<class V, Is<view::StatusView> T>
void visit(V& v, T& t)
{
    v("targets_up", t.targetsUp); v("targets_down", t.targetsDown);
    v("targets_unknown", t.targetsUnknown); v("alerts_firing", t.alertsFiring);
    v("alerts_pending", t.alertsPending); v("shells_open", t.shellsOpen);
    v("shells_unknown", t.shellsUnknown); v("rules", t.rules); v("series", t.series);
    v("samples_per_second", t.samplesPerSecond); v("missed_scrapes_hour", t.missedScrapesHour);
    v("oldest_sample_ms", t.oldestSampleMs); v("shortest_interval_ms", t.shortestIntervalMs);
    v("notes", t.notes);
}

template<class V, Is<LogEvent> T>
void visit(V& v, T& t)
{
    v("time_ms", t.timeMs); v("level", t.level); v("area", t.area); v("message", t.message);
}
// clang-format on

class FieldWriter
{
public:
    explicit FieldWriter(const Redactor& redactor)
        : m_redactor(redactor)
    {
    }

    template<class T>
    void operator()(const char* key, const T& value)
    {
        m_object[key] = encode(value);
    }
    nlohmann::json take() { return std::move(m_object); }

    template<class T>
    nlohmann::json encode(const T& value) const
    {
        if constexpr (std::is_enum_v<T>)
            return static_cast<int>(value);
        else if constexpr (std::is_arithmetic_v<T>)
            return number(value);
        else {
            FieldWriter inner(m_redactor);
            visit(inner, value);
            return inner.take();
        }
    }
    nlohmann::json encode(const std::string& text) const { return m_redactor.clean(text); }
    nlohmann::json encode(const labels::Labels& labels) const
    {
        auto object = nlohmann::json::object();
        for (const labels::Label& label : m_redactor.clean(labels))
            object[std::string(label.name)] = std::string(label.value);
        return object;
    }
    template<class A, class B>
    nlohmann::json encode(const std::pair<A, B>& pair) const
    {
        return nlohmann::json::array({ encode(pair.first), encode(pair.second) });
    }
    template<class T>
    nlohmann::json encode(const std::optional<T>& value) const
    {
        return value ? encode(*value) : nlohmann::json();
    }
    template<class T>
    nlohmann::json encode(const std::shared_ptr<const T>& value) const
    {
        return value ? encode(*value) : nlohmann::json();
    }
    template<class T>
    nlohmann::json encode(const std::vector<T>& values) const
    {
        auto array = nlohmann::json::array();
        for (const T& value : values)
            array.push_back(encode(value));
        return array;
    }

private:
    // JSON has no NaN and no infinities; those travel as text.
    template<class T>
    static nlohmann::json number(T value)
    {
        if constexpr (std::floating_point<T>)
            return std::isfinite(value) ? nlohmann::json(value)
                                        : nlohmann::json(formatFloat(value));
        else
            return value;
    }

    const Redactor& m_redactor;
    nlohmann::json m_object = nlohmann::json::object();
};

// A field that is missing or of another kind keeps its default.
class FieldReader
{
public:
    explicit FieldReader(const nlohmann::json& object)
        : m_object(object)
    {
    }

    template<class T>
    void operator()(const char* key, T& value)
    {
        if (!m_object.is_object())
            return;
        if (const auto found = m_object.find(key); found != m_object.end())
            decode(*found, value);
    }

    template<class T>
    static void decode(const nlohmann::json& json, T& value)
    {
        if constexpr (std::is_enum_v<T>) {
            int number = -1;
            decode(json, number);
            if (number >= 0 && number <= static_cast<int>(EnumLast<T>::value))
                value = static_cast<T>(number);
        } else if constexpr (std::same_as<T, bool>) {
            if (json.is_boolean())
                value = json.get<bool>();
        } else if constexpr (std::floating_point<T>) {
            decodeDouble(json, value);
        } else if constexpr (std::integral<T>) {
            decodeInteger(json, value);
        } else {
            FieldReader inner(json);
            visit(inner, value);
        }
    }
    static void decode(const nlohmann::json& json, std::string& value)
    {
        if (json.is_string())
            value = json.get<std::string>();
    }
    static void decode(const nlohmann::json& json, labels::Labels& value)
    {
        if (!json.is_object())
            return;
        labels::Builder builder;
        for (const auto& [name, text] : json.items()) {
            if (text.is_string())
                builder.set(name, text.get<std::string>());
        }
        value = builder.labels();
    }
    template<class A, class B>
    static void decode(const nlohmann::json& json, std::pair<A, B>& value)
    {
        if (!json.is_array() || json.size() != 2)
            return;
        decode(json[0], value.first);
        decode(json[1], value.second);
    }
    template<class T>
    static void decode(const nlohmann::json& json, std::optional<T>& value)
    {
        if (!json.is_null())
            decode(json, value.emplace());
    }
    template<class T>
    static void decode(const nlohmann::json& json, std::shared_ptr<const T>& value)
    {
        if (json.is_null())
            return;
        auto made = std::make_shared<T>();
        decode(json, *made);
        value = std::move(made);
    }
    template<class T>
    static void decode(const nlohmann::json& json, std::vector<T>& values)
    {
        if (!json.is_array())
            return;
        values.resize(json.size());
        for (size_t i = 0; i < values.size(); ++i)
            decode(json[i], values[i]);
    }

private:
    static void decodeDouble(const nlohmann::json& json, double& value)
    {
        if (json.is_number())
            value = json.get<double>();
        else if (json.is_string())
            value = parseFloat(json.get<std::string>()).value_or(value);
    }
    template<class T>
    static void decodeInteger(const nlohmann::json& json, T& value)
    {
        if (json.is_number_unsigned()) {
            if (std::in_range<T>(json.get<uint64_t>()))
                value = static_cast<T>(json.get<uint64_t>());
        } else if (json.is_number_integer() && std::in_range<T>(json.get<int64_t>())) {
            value = static_cast<T>(json.get<int64_t>());
        }
    }

    const nlohmann::json& m_object;
};

// Not UTF-8 is replaced, never thrown about.
template<class T>
std::string toJsonText(const T& value, const Redactor& redactor)
{
    return FieldWriter(redactor).encode(value).dump(
        -1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// Nothing where the text is no JSON or nested too deeply.
std::optional<nlohmann::json> parseJson(std::string_view text);

template<class T>
bool fromJsonText(std::string_view text, T& value)
{
    const auto json = parseJson(text);
    if (json)
        FieldReader::decode(*json, value);
    return json.has_value();
}

} // namespace fleetglass::snapshot
