#include "ui/pages/explore_runner.h"

#include <QPointer>
#include <algorithm>

namespace fleetglass::pages {

namespace {

// An id that no port gives: the question is being asked.
constexpr view::FleetPort::QueryId kAsking = ~view::FleetPort::QueryId { 0 };

} // namespace

view::QueryRequest requestFor(const QString& query, const widgets::TimeRange& range, int64_t stepMs)
{
    const int64_t step = std::max<int64_t>(stepMs, 1);
    return { query.toStdString(), range.startMs / step * step, range.endMs / step * step, step };
}

ExploreRunner::ExploreRunner(view::FleetPort& port, QObject* parent)
    : QObject(parent)
    , m_port(port)
{
}

ExploreRunner::~ExploreRunner()
{
    cancel();
}

void ExploreRunner::cancel()
{
    ++m_round;
    for (auto* id : { &m_id, &m_pastId }) {
        if (*id != 0 && *id != kAsking)
            m_port.cancel(*id);
        *id = 0;
    }
}

void ExploreRunner::run(
    const QString& query, const widgets::TimeRange& range, int64_t stepMs, int64_t compareMs)
{
    m_query = query;
    ask(requestFor(query, range, stepMs), compareMs, true);
}

void ExploreRunner::follow(const widgets::TimeRange& range, int64_t stepMs, int64_t compareMs)
{
    const view::QueryRequest request = requestFor(m_query, range, stepMs);
    const bool same = request.startMs == m_request.startMs && request.endMs == m_request.endMs
        && request.stepMs == m_request.stepMs && compareMs == m_compareMs;
    if (m_query.isEmpty() || isRunning() || same)
        return;
    ask(request, compareMs, false);
}

void ExploreRunner::ask(const view::QueryRequest& request, int64_t compareMs, bool byUser)
{
    cancel();
    m_request = request;
    m_compareMs = compareMs;
    m_id = kAsking;
    emit started(byUser);
    const auto id = m_port.query(request,
        [this, round = m_round, self = QPointer<ExploreRunner>(this)](view::QueryAnswerPtr answer) {
            if (self == nullptr || round != m_round || !answer)
                return;
            m_id = 0;
            emit answered(std::move(answer));
        });
    if (m_id == kAsking)
        m_id = id;
    if (compareMs > 0)
        askPast(request, compareMs);
}

void ExploreRunner::askPast(const view::QueryRequest& request, int64_t compareMs)
{
    view::QueryRequest past = request;
    past.startMs -= compareMs;
    past.endMs -= compareMs;
    m_pastId = m_port.query(past,
        [this, compareMs, round = m_round, self = QPointer<ExploreRunner>(this)](
            view::QueryAnswerPtr answer) {
            if (self == nullptr || round != m_round || !answer)
                return;
            m_pastId = 0;
            emit compared(std::move(answer), compareMs);
        });
}

} // namespace fleetglass::pages
