#include "core/scrape/sample_trace.h"

#include "core/exposition/parser.h"
#include "core/scrape/page.h"
#include "core/scrape/sample_labels.h"

#include <algorithm>
#include <sstream>
#include <unordered_set>

namespace fleetglass::scrape {

namespace {

bool isFilterOnly(const relabel::Rule& rule)
{
    using relabel::Action;
    return rule.action == Action::Keep || rule.action == Action::Drop
        || rule.action == Action::KeepEqual || rule.action == Action::DropEqual;
}

class TraceFilter
{
public:
    explicit TraceFilter(const std::string& text)
    {
        std::istringstream stream(text);
        for (std::string word; stream >> word;) {
            if (word == "dropped")
                m_droppedOnly = true;
            else if (word == "changed")
                m_changedOnly = true;
            else
                m_words.push_back(word);
        }
    }

    bool passes(const TracedSeries& series) const
    {
        if (m_droppedOnly && series.stored)
            return false;
        if (m_changedOnly && (!series.stored || *series.stored == series.settled))
            return false;
        if (m_words.empty())
            return true;
        const std::string text = series.scraped.toSelector()
            + (series.stored ? ' ' + series.stored->toSelector() : std::string());
        return std::all_of(m_words.begin(), m_words.end(),
            [&](const std::string& word) { return text.find(word) != std::string::npos; });
    }

private:
    std::vector<std::string> m_words;
    bool m_droppedOnly = false;
    bool m_changedOnly = false;
};

class TraceSink : public exposition::Sink
{
public:
    TraceSink(const JobOptions& job, const SampleLabels& labels, const SampleTraceOptions& options,
        SampleTrace& trace)
        : m_job(job)
        , m_labels(labels)
        , m_filter(options.filter)
        , m_shownMax(options.shownMax)
        , m_trace(trace)
    {
    }

    bool sample(
        const exposition::ParsedSample& sample, const exposition::SeriesSource& source) override
    {
        TracedSeries series;
        series.line = sample.line;
        series.scraped = source.labels();
        series.settled = m_labels.settled(series.scraped, sample.seriesText);
        if (!m_seen.insert(series.scraped).second)
            return true; // The same series again, with another time.
        relabelSeries(series);
        ++m_trace.series;
        m_trace.dropped += series.stored ? 0 : 1;
        if (!m_filter.passes(series))
            return true;
        if (++m_trace.matching > m_shownMax)
            return true;
        series.steps = relabel::trace(m_job.metricRelabelRules, series.settled);
        m_trace.shown.push_back(std::move(series));
        return true;
    }

private:
    void relabelSeries(TracedSeries& series)
    {
        labels::Builder builder(series.settled);
        labels::Labels before = series.settled;
        const auto& rules = m_job.metricRelabelRules;
        for (size_t i = 0; i < rules.size(); ++i) {
            if (!relabel::apply(std::span(&rules[i], 1), builder)) {
                ++m_trace.rules[i].dropped;
                series.droppedBy = i;
                return;
            }
            if (isFilterOnly(rules[i]))
                continue;
            labels::Labels after = builder.labels();
            m_trace.rules[i].changed += after == before ? 0 : 1;
            before = std::move(after);
        }
        if (!before.empty())
            series.stored = before;
    }

    const JobOptions& m_job;
    const SampleLabels& m_labels;
    const TraceFilter m_filter;
    const size_t m_shownMax;
    SampleTrace& m_trace;
    std::unordered_set<labels::Labels> m_seen;
};

http::Exchange exchangeOf(const KeptBody& body)
{
    http::Exchange exchange;
    exchange.status = 200;
    exchange.responseHeaders = { { "Content-Type", body.contentType } };
    exchange.body = *body.text;
    exchange.bodyBytes = body.bytes;
    return exchange;
}

} // namespace

SampleTrace traceSamples(const std::shared_ptr<const JobOptions>& job,
    const std::shared_ptr<const Target>& target, const KeptBody& body,
    const SampleTraceOptions& options)
{
    SampleTrace trace;
    trace.timeMs = body.timeMs;
    trace.rules.resize(job->metricRelabelRules.size());
    if (!body.text)
        return trace;
    trace.clipped = body.text->size() < body.bytes;
    const http::Exchange exchange = exchangeOf(body);
    const auto format = formatOf(exchange, *job, *target);
    if (const auto* failed = std::get_if<ScrapeFailure>(&format)) {
        trace.problem = failed->message;
        return trace;
    }
    const SampleLabels sampleLabels(job, target);
    TraceSink sink(*job, sampleLabels, options, trace);
    const auto parsed = exposition::parse(
        std::get<PageFormat>(format).format, exchange.body, parseOptionsOf(*job), sink);
    // A page that was cut ends within a line; that is no fault of the page.
    if (!parsed && !trace.clipped)
        trace.problem = parseFailure(parsed.error(), exchange.body).message;
    return trace;
}

} // namespace fleetglass::scrape
