#include "core/monitor/target_views.h"

#include "core/scrape/diagnosis.h"

#include <algorithm>
#include <array>

namespace fleetglass::monitor {

namespace {

view::Health healthOf(scrape::Health health)
{
    switch (health) {
    case scrape::Health::Unknown:
        return view::Health::Unknown;
    case scrape::Health::Up:
        return view::Health::Up;
    case scrape::Health::Down:
        return view::Health::Down;
    }
    return view::Health::Unknown;
}

double msOf(std::chrono::microseconds duration)
{
    return std::chrono::duration<double, std::milli>(duration).count();
}

std::shared_ptr<const std::vector<view::AttemptView>> attemptsOf(
    const scrape::AttemptsRecent& attempts)
{
    auto views = std::make_shared<std::vector<view::AttemptView>>();
    if (!attempts)
        return views;
    views->reserve(attempts->size());
    for (const auto& attempt : *attempts)
        views->push_back({ attempt.timeMs, attempt.ok, phaseOf(attempt.phase), attempt.durationMs,
            attempt.samples, attempt.message });
    return views;
}

// Passed before the failed one, not reached after it. A scrape that could not even begin (no scrape
// yet, a secret file that cannot be read) has reached nothing.
view::PhaseState stateOf(view::Phase phase, view::Phase failed, bool ok)
{
    if (ok)
        return view::PhaseState::Passed;
    if (phase == failed)
        return view::PhaseState::Failed;
    return phase < failed ? view::PhaseState::Passed : view::PhaseState::NotReached;
}

std::vector<view::PhaseView> phasesOf(const scrape::TargetDetail& detail)
{
    const auto& exchange = detail.exchange;
    const auto& times = exchange.times;
    const auto& failure = detail.status->failure;
    const bool ok = !failure && detail.status->attempts > 0;
    view::Phase failed = failure ? phaseOf(failure->phase) : view::Phase::None;
    if (failed == view::Phase::Body)
        failed = view::Phase::Http; // The window has one place for the request and its body.
    const bool usesTls
        = exchange.tls.has_value() || detail.status->target->url.starts_with("https:");
    std::vector<view::PhaseView> phases;
    const auto add = [&](view::Phase phase, double ms, std::string text) {
        const auto state = stateOf(phase, failed, ok);
        if (state == view::PhaseState::Failed)
            text = failure->message;
        else if (state == view::PhaseState::NotReached)
            ms = 0;
        phases.push_back({ phase, state, ms, std::move(text) });
    };
    const std::string reused = exchange.connectionReused ? "connection kept open" : std::string();
    add(view::Phase::Dns, msOf(times.dns), reused);
    add(view::Phase::Tcp, msOf(times.tcp), exchange.remoteAddress);
    add(view::Phase::Tls, msOf(times.tls),
        usesTls ? (exchange.tls ? exchange.tls->version : std::string()) : "plain HTTP");
    const std::string status = exchange.status > 0
        ? std::to_string(exchange.status) + ' ' + exchange.reasonPhrase
        : std::string();
    add(view::Phase::Http, msOf(times.http) + msOf(times.body), status);
    add(view::Phase::Parse, detail.parseMs,
        detail.status->counts.scraped > 0
            ? std::to_string(detail.status->counts.scraped) + " samples"
            : "");
    add(view::Phase::Limits, detail.storeMs, "");
    return phases;
}

view::CertificateView certificateView(const http::Certificate& certificate)
{
    return { certificate.subject, certificate.issuer, certificate.altNames, certificate.notBeforeMs,
        certificate.notAfterMs, certificate.serial, certificate.sha256, certificate.key,
        certificate.pem };
}

view::BodyView bodyView(const std::optional<scrape::KeptBody>& body)
{
    if (!body || !body->text)
        return {};
    constexpr size_t kShownBytesMax = 256 * 1024;
    view::BodyView result;
    result.text = body->text->substr(0, kShownBytesMax);
    result.bytes = static_cast<int64_t>(body->bytes);
    result.timeMs = body->timeMs;
    return result;
}

std::string ruleText(const relabel::Rule& rule)
{
    std::string text = "action: " + std::string(relabel::toWord(rule.action));
    if (!rule.sourceLabels.empty()) {
        text += ", source_labels: [";
        for (size_t i = 0; i < rule.sourceLabels.size(); ++i)
            text += (i == 0 ? "" : ", ") + rule.sourceLabels[i];
        text += ']';
    }
    if (rule.regexText != relabel::kDefaultRegex)
        text += ", regex: " + rule.regexText;
    if (!rule.targetLabel.empty())
        text += ", target_label: " + rule.targetLabel;
    if (rule.replacement != relabel::kDefaultReplacement)
        text += ", replacement: " + rule.replacement;
    return text;
}

// As the rule saw it, but of labels that are masked already.
std::string joinedValue(const relabel::Rule& rule, const labels::Labels& before)
{
    std::string value;
    for (size_t i = 0; i < rule.sourceLabels.size(); ++i) {
        if (i > 0)
            value += rule.separator;
        value += before.get(rule.sourceLabels[i]);
    }
    return value;
}

std::vector<view::KeptBodyView> keptBodies(const std::vector<scrape::KeptBody>& bodies)
{
    std::vector<view::KeptBodyView> views;
    for (const auto& body : bodies) {
        if (body.text)
            views.push_back({ body.timeMs, body.ok, static_cast<int64_t>(body.bytes), body.text });
    }
    return views;
}

std::vector<std::pair<std::string, std::string>> pairsOf(const std::vector<http::HeaderLine>& lines)
{
    std::vector<std::pair<std::string, std::string>> pairs;
    pairs.reserve(lines.size());
    for (const auto& line : lines)
        pairs.emplace_back(line.name, line.value);
    return pairs;
}

} // namespace

view::Phase phaseOf(scrape::Phase phase)
{
    constexpr std::array kPhases { view::Phase::None, view::Phase::Dns, view::Phase::Tcp,
        view::Phase::Tls, view::Phase::Http, view::Phase::Body, view::Phase::Parse,
        view::Phase::Limits };
    return kPhases[static_cast<size_t>(phase)];
}

std::vector<view::RelabelStepView> stepViews(const std::vector<relabel::TraceStep>& steps)
{
    std::vector<view::RelabelStepView> views;
    views.reserve(steps.size());
    for (const auto& step : steps)
        views.push_back({ static_cast<int>(step.index), step.rule ? ruleText(*step.rule) : "",
            step.rule ? joinedValue(*step.rule, step.before) : "", step.before, step.after,
            step.dropped });
    return views;
}

view::SampleTraceView sampleTraceView(
    const scrape::SampleTrace& trace, const scrape::JobOptions& job)
{
    view::SampleTraceView result;
    result.timeMs = trace.timeMs;
    result.clipped = trace.clipped;
    result.problem = trace.problem;
    result.series = static_cast<int64_t>(trace.series);
    result.dropped = static_cast<int64_t>(trace.dropped);
    result.matching = static_cast<int64_t>(trace.matching);
    for (size_t i = 0; i < trace.rules.size(); ++i)
        result.rules.push_back(
            { ruleText(job.metricRelabelRules[i]), static_cast<int64_t>(trace.rules[i].dropped),
                static_cast<int64_t>(trace.rules[i].changed) });
    for (const auto& series : trace.shown)
        result.shown.push_back({ series.line, series.scraped, series.settled,
            series.stored.value_or(labels::Labels()), !series.stored.has_value(),
            series.droppedBy ? static_cast<int>(*series.droppedBy) : -1, stepViews(series.steps) });
    return result;
}

view::TargetView targetView(const scrape::TargetStatus& status)
{
    const auto& target = *status.target;
    view::TargetView result;
    result.id = status.id;
    result.job = target.job;
    result.instance = target.instance;
    result.url = target.shownUrl;
    result.labels = target.labels;
    result.health = healthOf(status.health);
    if (status.failure) {
        result.wantsHttps = status.failure->hint == scrape::kExpectsHttpsHint;
        result.phase = phaseOf(status.failure->phase);
        result.error = status.failure->message;
        result.hint = status.failure->hint;
    } else if (!status.warning.empty()) {
        result.hint = status.warning;
        result.wantsHonorLabels
            = status.warning.find(scrape::kPushgatewayAdvice) != std::string::npos;
    }
    result.lastScrapeMs = status.lastScrapeMs;
    result.nextScrapeMs = status.nextScrapeMs;
    result.healthSinceMs = status.healthSinceMs;
    result.intervalMs = target.interval.count();
    result.timeoutMs = target.timeout.count();
    result.durationMs = status.durationMs;
    result.samplesScraped = status.bodyBytes >= 0 ? status.counts.scraped : -1;
    result.seriesAdded = status.bodyBytes >= 0 ? status.counts.seriesAdded : -1;
    result.bodyBytes = status.bodyBytes;
    result.failuresInARow = status.failuresInARow;
    result.failures = status.failures;
    result.attempts = status.attempts;
    result.insecureSkipVerify = status.job && status.job->client.tls.insecureSkipVerify;
    result.honorLabels = status.job && status.job->honorLabels;
    result.paused = status.paused;
    result.certificateNotAfterMs = status.certificateNotAfterMs;
    result.attemptsRecent = attemptsOf(status.attemptsRecent);
    return result;
}

view::TargetDetailView targetDetailView(
    const scrape::TargetDetail& detail, const std::vector<relabel::TraceStep>& steps)
{
    const auto& exchange = detail.exchange;
    view::TargetDetailView result;
    result.id = detail.status->id;
    result.phases = phasesOf(detail);
    result.totalMs = msOf(exchange.times.total);
    if (exchange.tls) {
        for (const auto& certificate : exchange.tls->chain)
            result.chain.push_back(certificateView(certificate));
        result.hostMatches = exchange.tls->hostMatches;
        result.trust = exchange.tls->trust;
        result.protocol = exchange.tls->version
            + (exchange.tls->cipher.empty() ? std::string() : ", " + exchange.tls->cipher);
    }
    result.transcript = exchange.transcript;
    result.transcriptErrorLine = exchange.transcriptErrorLine;
    result.requestHeaders = pairsOf(exchange.requestHeaders);
    result.status = exchange.status;
    for (const auto& redirect : exchange.redirects)
        result.redirects.push_back({ redirect.status, redirect.url, redirect.bare });
    result.authSchemes = exchange.authSchemes;
    result.responseHeaders = pairsOf(exchange.responseHeaders);
    result.body = bodyView(detail.lastBody);
    if (const auto& failure = detail.status->failure) {
        result.body.errorLine = failure->line;
        result.body.errorColumn = failure->column;
    }
    result.lastGoodBody = bodyView(detail.lastGoodBody);
    result.previousGoodBody = bodyView(detail.previousGoodBody);
    result.discovered = detail.discovered;
    result.bodies = keptBodies(detail.bodies);
    result.relabelSteps = stepViews(steps);
    result.curl = detail.curl;
    if (const auto& job = detail.status->job) {
        result.configFile = job->file;
        result.configLine = job->line;
    }
    return result;
}

} // namespace fleetglass::monitor
