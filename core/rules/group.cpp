#include "core/rules/group.h"

#include "core/promql/parser.h"
#include "core/rules/alert_rule.h"
#include "core/rules/for_state.h"

#include <chrono>
#include <set>
#include <unordered_map>

namespace fleetglass::rules {

namespace {

using SeriesRefs = std::unordered_map<labels::Labels, storage::SeriesRef>;

struct Rule
{
    const RuleOptions* options = nullptr;
    promql::ExprPtr expression;
    std::unique_ptr<AlertRule> alert; // Null for a recording rule.
    RuleStatus status;
    SeriesRefs written; // By the evaluation before.
};

Result<std::vector<promql::VectorSample>> samplesOf(promql::QueryResult result, int64_t timeMs)
{
    if (result.type == promql::ValueType::Scalar)
        return std::vector<promql::VectorSample> { { {}, timeMs, result.scalar, nullptr } };
    if (result.type != promql::ValueType::Vector)
        return failure("rule result is not a vector or scalar");
    return std::move(result.vector);
}

// Recorded series have the rule's name and labels; two must not come out alike.
Result<std::vector<promql::VectorSample>> recorded(
    std::vector<promql::VectorSample> samples, const RuleOptions& rule, const GroupOptions& group)
{
    std::set<labels::Labels> seen;
    for (auto& sample : samples) {
        labels::Builder builder(sample.labels);
        builder.set(labels::kMetricName, rule.name);
        for (const auto& [name, value] : group.labels)
            builder.set(name, value);
        for (const auto& [name, value] : rule.labels)
            builder.set(name, value);
        sample.labels = builder.labels();
        if (!seen.insert(sample.labels).second)
            return failure(
                "vector contains metrics with the same labelset after applying rule labels: "
                + sample.labels.toString());
    }
    if (group.limit > 0 && samples.size() > static_cast<size_t>(group.limit))
        return failure("exceeded limit of " + std::to_string(group.limit) + " with "
                + std::to_string(samples.size()) + " series",
            ErrorCode::Limit);
    return samples;
}

double msSince(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
        .count();
}

TemplateQuery queryAt(const EvaluationContext& context, int64_t timeMs, std::stop_token stop)
{
    return [&context, timeMs, stop](
               const std::string& expression) -> Result<std::vector<TemplateSample>> {
        promql::QueryOptions options;
        options.stop = stop;
        auto result = context.engine.instant(context.querier, expression, timeMs, options);
        if (!result)
            return failure(result.error());
        const auto vector = samplesOf(std::move(*result), timeMs);
        if (!vector)
            return failure(vector.error());
        std::vector<TemplateSample> samples;
        for (const auto& sample : *vector)
            samples.push_back({ sample.labels, sample.value, sample.histogram });
        return samples;
    };
}

} // namespace

struct Group::State
{
    GroupOptions options;
    GroupSettings settings;
    std::vector<Rule> rules;
    int64_t lastEvaluationMs = 0;
    double evaluationMs = 0;
    bool restored = false;

    Result<bool> evaluateRule(
        Rule& rule, int64_t timeMs, const EvaluationContext& context, std::stop_token stop);
    void write(Rule& rule, const std::vector<promql::VectorSample>& samples, int64_t timeMs,
        storage::Appender& appender) const;
};

Group::Group(std::unique_ptr<State> state)
    : m_state(std::move(state))
{
}

Group::~Group() = default;

Result<std::unique_ptr<Group>> Group::create(
    GroupOptions options, GroupSettings settings, const promql::ParseOptions& parse)
{
    auto state = std::make_unique<State>();
    state->options = std::move(options);
    state->settings = std::move(settings);
    for (const RuleOptions& ruleOptions : state->options.rules) {
        auto expression = promql::parse(ruleOptions.expression, parse);
        if (!expression) {
            Error error = expression.error();
            error.position = Position { std::max(ruleOptions.expressionLine, ruleOptions.line), 0 };
            error.message = error.at(state->options.file);
            return failure(std::move(error));
        }
        Rule rule;
        rule.options = &ruleOptions;
        rule.status.options = &ruleOptions;
        if (ruleOptions.kind == RuleKind::Alerting) {
            rule.alert
                = std::make_unique<AlertRule>(ruleOptions, state->options.labels, state->settings);
            rule.status.threshold = thresholdOf(**expression);
        }
        rule.expression = std::move(*expression);
        state->rules.push_back(std::move(rule));
    }
    return std::unique_ptr<Group>(new Group(std::move(state)));
}

const GroupOptions& Group::options() const
{
    return m_state->options;
}

Millis Group::interval() const
{
    return m_state->options.interval.value_or(m_state->settings.intervalDefault);
}

void Group::evaluate(int64_t timeMs, const EvaluationContext& context, std::stop_token stop)
{
    const auto start = std::chrono::steady_clock::now();
    const int64_t evalMs
        = timeMs - m_state->options.queryOffset.value_or(m_state->settings.queryOffset).count();
    for (Rule& rule : m_state->rules) {
        if (stop.stop_requested())
            return;
        const auto ruleStart = std::chrono::steady_clock::now();
        const auto result = m_state->evaluateRule(rule, evalMs, context, stop);
        rule.status.health = result ? RuleHealth::Ok : RuleHealth::Error;
        rule.status.error = result ? std::string() : result.error().message;
        rule.status.lastEvaluationMs = timeMs;
        rule.status.evaluationMs = msSince(ruleStart);
    }
    m_state->restored = true;
    m_state->lastEvaluationMs = timeMs;
    m_state->evaluationMs = msSince(start);
}

Result<bool> Group::State::evaluateRule(
    Rule& rule, int64_t timeMs, const EvaluationContext& context, std::stop_token stop)
{
    promql::QueryOptions queryOptions;
    queryOptions.stop = stop;
    auto result = context.engine.instant(
        context.querier, *rule.expression, rule.options->expression, timeMs, queryOptions);
    if (!result)
        return failure(result.error());
    auto samples = samplesOf(std::move(*result), timeMs);
    if (!samples)
        return failure(samples.error());
    if (!rule.alert) {
        auto named = recorded(std::move(*samples), *rule.options, options);
        if (!named)
            return failure(named.error());
        write(rule, *named, timeMs, context.appender);
        return true;
    }
    TemplateContext templates;
    templates.name = "__alert_" + rule.options->name;
    templates.timeMs = timeMs;
    templates.query = queryAt(context, timeMs, stop);
    templates.stop = stop;
    const auto updated = rule.alert->update(*samples, timeMs, options.limit, templates);
    if (!updated)
        return failure(updated.error());
    if (!restored)
        restoreForState(*rule.alert, rule.options->holdFor, timeMs, context.querier);
    write(rule, rule.alert->series(timeMs), timeMs, context.appender);
    return true;
}

void Group::State::write(Rule& rule, const std::vector<promql::VectorSample>& samples,
    int64_t timeMs, storage::Appender& appender) const
{
    std::vector<storage::LooseSample> loose;
    SeriesRefs now;
    for (const auto& sample : samples) {
        const auto known = rule.written.find(sample.labels);
        storage::SeriesRef ref = known == rule.written.end() ? 0 : known->second;
        if (ref == 0 || !appender.isAlive(ref)) {
            const auto made = appender.seriesFor(sample.labels);
            if (!made)
                continue; // The series limit; the store says so itself.
            ref = *made;
        }
        now[sample.labels] = ref;
        loose.push_back({ ref, timeMs, sample.value, sample.histogram, 0 });
    }
    for (const auto& [labels, ref] : rule.written) {
        if (!now.contains(labels) && appender.isAlive(ref))
            loose.push_back({ ref, timeMs, storage::kStaleMarker, nullptr, 0 });
    }
    rule.written = std::move(now);
    if (!loose.empty())
        (void)appender.append({ timeMs, {}, loose, {} });
}

void Group::postponeAlerts(Millis time)
{
    for (auto& rule : m_state->rules) {
        if (!rule.alert)
            continue;
        for (auto& [key, instance] : rule.alert->instances()) {
            if (instance.state == AlertState::Pending)
                instance.activeAtMs += time.count();
            if (instance.keepFiringSinceMs != 0)
                instance.keepFiringSinceMs += time.count();
        }
    }
}

void Group::adoptState(Group& older)
{
    for (Rule& rule : m_state->rules) {
        for (Rule& old : older.m_state->rules) {
            const bool same = old.options->kind == rule.options->kind
                && old.options->name == rule.options->name
                && old.options->labels == rule.options->labels;
            if (!same || (old.written.empty() && !old.alert))
                continue;
            if (rule.alert && rule.alert->instances().empty())
                rule.alert->instances() = std::move(old.alert->instances());
            rule.written.merge(old.written);
            break;
        }
    }
    m_state->restored = older.m_state->restored;
}

void Group::retire(int64_t timeMs, storage::Appender& appender)
{
    for (Rule& rule : m_state->rules)
        m_state->write(rule, {}, timeMs, appender);
}

std::vector<RuleStatus> Group::statuses() const
{
    std::vector<RuleStatus> result;
    for (const Rule& rule : m_state->rules) {
        RuleStatus status = rule.status;
        if (rule.alert) {
            for (const auto& [key, instance] : rule.alert->instances())
                status.alerts.push_back(instance);
        }
        result.push_back(std::move(status));
    }
    return result;
}

int64_t Group::lastEvaluationMs() const
{
    return m_state->lastEvaluationMs;
}

double Group::evaluationMs() const
{
    return m_state->evaluationMs;
}

} // namespace fleetglass::rules
