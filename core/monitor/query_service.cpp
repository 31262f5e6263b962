#include "core/monitor/query_service.h"

#include "core/monitor/empty_reason.h"

#include <algorithm>

namespace fleetglass::monitor {

namespace {

view::ResultKind kindOf(promql::ValueType type)
{
    switch (type) {
    case promql::ValueType::Scalar:
        return view::ResultKind::Scalar;
    case promql::ValueType::String:
        return view::ResultKind::String;
    case promql::ValueType::Vector:
        return view::ResultKind::Vector;
    case promql::ValueType::Matrix:
    case promql::ValueType::None:
        return view::ResultKind::Matrix;
    }
    return view::ResultKind::Matrix;
}

// A histogram has no single value; its count is what a chart can show of it.
void addCounts(promql::MatrixSeries& series)
{
    for (const auto& point : series.histograms) {
        const auto at = std::lower_bound(
            series.timestampsMs.begin(), series.timestampsMs.end(), point.timestampMs);
        series.values.insert(
            series.values.begin() + (at - series.timestampsMs.begin()), point.histogram->count);
        series.timestampsMs.insert(at, point.timestampMs);
    }
}

void takeResult(promql::QueryResult& result, view::QueryAnswer& answer)
{
    answer.ok = true;
    answer.kind = kindOf(result.type);
    answer.text = std::move(result.text);
    if (result.type == promql::ValueType::Scalar)
        answer.series.push_back({ {}, { result.timestampMs }, { result.scalar } });
    for (auto& sample : result.vector) {
        const double value = sample.histogram ? sample.histogram->count : sample.value;
        answer.series.push_back({ std::move(sample.labels), { sample.timestampMs }, { value } });
    }
    for (auto& series : result.matrix) {
        addCounts(series);
        if (!series.timestampsMs.empty())
            answer.series.push_back({ std::move(series.labels), std::move(series.timestampsMs),
                std::move(series.values) });
    }
    answer.warnings = std::move(result.warnings);
    answer.infos = std::move(result.infos);
    answer.seriesSelected = static_cast<int64_t>(result.stats.seriesSelected);
    answer.samplesRead = static_cast<int64_t>(result.stats.samplesRead);
    answer.elapsedMs = std::chrono::duration<double, std::milli>(result.stats.elapsed).count();
}

void takeError(const Error& error, view::QueryAnswer& answer)
{
    answer.error = error.message;
    if (error.position) {
        answer.errorLine = error.position->line;
        answer.errorColumn = error.position->column;
    }
}

} // namespace

view::QueryAnswer answerQuery(const storage::Querier& querier, const promql::Engine& engine,
    const view::QueryRequest& request, std::stop_token stop)
{
    view::QueryAnswer answer;
    answer.request = request;
    promql::QueryOptions options;
    options.stop = stop;
    auto result = request.startMs == request.endMs
        ? engine.instant(querier, request.expression, request.endMs, options)
        : engine.range(querier, request.expression, request.startMs, request.endMs,
            std::max<int64_t>(request.stepMs, 1), options);
    if (!result) {
        takeError(result.error(), answer);
        return answer;
    }
    takeResult(*result, answer);
    if (answer.series.empty() && answer.kind != view::ResultKind::String && !stop.stop_requested())
        answer.emptyReason = emptyReason(querier, request.expression, engine.options().parse,
            { request.startMs - engine.options().lookback.count(), request.endMs });
    return answer;
}

QueryService::QueryService(
    const storage::Querier& querier, const promql::Engine& engine, QueryServiceOptions options)
    : m_querier(querier)
    , m_engine(engine)
    , m_options(options)
{
}

QueryService::Id QueryService::ask(const view::QueryRequest& request, Answer answer)
{
    std::unique_lock lock(m_mutex);
    const Id id = m_nextId++;
    if (m_queue.size() >= m_options.queueMax) {
        lock.unlock();
        auto refused = std::make_shared<view::QueryAnswer>();
        refused->request = request;
        refused->error = std::to_string(m_options.queueMax)
            + " queries are waiting already; this one was not begun. Close some charts or wait.";
        answer(std::move(refused));
        return id;
    }
    m_open[id] = std::stop_source();
    m_queue.push_back({ id, [this, request, answer = std::move(answer)](std::stop_token stop) {
                           auto result = std::make_shared<const view::QueryAnswer>(
                               answerQuery(m_querier, m_engine, request, stop));
                           if (!stop.stop_requested())
                               answer(std::move(result));
                       } });
    m_wake.notify_one();
    return id;
}

void QueryService::cancel(Id id)
{
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_queue, [&](const Job& job) { return job.id == id; });
    if (const auto open = m_open.find(id); open != m_open.end()) {
        open->second.request_stop();
        m_open.erase(open);
    }
}

void QueryService::run(std::function<void()> work)
{
    const std::lock_guard lock(m_mutex);
    m_queue.push_back({ 0, [work = std::move(work)](std::stop_token) { work(); } });
    m_wake.notify_one();
}

void QueryService::work(std::stop_token stop)
{
    while (true) {
        Job job;
        std::stop_source source;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, stop, [&] { return !m_queue.empty(); });
            if (stop.stop_requested())
                return;
            job = std::move(m_queue.front());
            m_queue.pop_front();
            if (const auto open = m_open.find(job.id); open != m_open.end())
                source = open->second;
        }
        // Stopping the service stops the query it is at.
        const std::stop_callback onStop(stop, [&] { source.request_stop(); });
        job.run(source.get_token());
        const std::lock_guard lock(m_mutex);
        m_open.erase(job.id);
    }
}

} // namespace fleetglass::monitor
