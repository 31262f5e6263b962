// ExploreRunner: asks the questions of Explore. One at a time: a new one cancels the old, an old
// answer is dropped, and a question whose answer could not differ is not asked. Used from one
// thread at a time (the UI thread).
#pragma once

#include "core/view/fleet_port.h"
#include "ui/widgets/range_text.h"

#include <QObject>

namespace fleetglass::pages {

class ExploreRunner : public QObject
{
    Q_OBJECT

public:
    // The port outlives the runner.
    explicit ExploreRunner(view::FleetPort& port, QObject* parent = nullptr);
    ~ExploreRunner() override;

    // Asks at once; `compareMs` back in time as well, if not 0.
    void run(
        const QString& query, const widgets::TimeRange& range, int64_t stepMs, int64_t compareMs);
    // Time went on: asks again where a whole step has passed and nothing is under way.
    void follow(const widgets::TimeRange& range, int64_t stepMs, int64_t compareMs);
    void cancel();

    bool isRunning() const { return m_id != 0; }
    const QString& query() const { return m_query; }

signals:
    void started(bool byUser);
    void answered(view::QueryAnswerPtr answer);
    void compared(view::QueryAnswerPtr answer, qint64 offsetMs);

private:
    void ask(const view::QueryRequest& request, int64_t compareMs, bool byUser);
    void askPast(const view::QueryRequest& request, int64_t compareMs);

    view::FleetPort& m_port;
    QString m_query;
    view::QueryRequest m_request;
    int64_t m_compareMs = 0;
    view::FleetPort::QueryId m_id = 0;
    view::FleetPort::QueryId m_pastId = 0;
    uint64_t m_round = 0;
};

// On multiples of the step, so that points stay where they are while time goes on.
view::QueryRequest requestFor(
    const QString& query, const widgets::TimeRange& range, int64_t stepMs);

} // namespace fleetglass::pages
