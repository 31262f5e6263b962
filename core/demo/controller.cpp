// The Ansible automation controller: gauges that end in _total, and the task system's own numbers.
#include "core/demo/host_model.h"
#include "core/demo/noise.h"
#include "core/demo/scenario.h"

#include <cmath>

namespace fleetglass::demo {

namespace {

struct Fixed
{
    const char* name;
    const char* help;
    double value;
};

constexpr Fixed kFixed[] = {
    { "awx_organizations_total", "Number of organizations", 3 },
    { "awx_users_total", "Number of users", 17 },
    { "awx_teams_total", "Number of teams", 5 },
    { "awx_inventories_total", "Number of inventories", 9 },
    { "awx_projects_total", "Number of projects", 12 },
    { "awx_job_templates_total", "Number of job templates", 41 },
    { "awx_workflow_job_templates_total", "Number of workflow job templates", 6 },
    { "awx_schedules_total", "Number of schedules", 22 },
    { "awx_license_instance_total", "Total number of managed hosts provided by your license",
        1000 },
    { "awx_license_instance_free", "Number of remaining managed hosts provided by your license",
        488 },
};

class Controller final : public HostModel
{
public:
    explicit Controller(uint64_t seed)
        : m_channel(channelOf(seed, "controller"))
    {
    }

    void step(const ModelTime& now) override
    {
        const double t = now.sinceLiveS;
        m_pending = awxPendingJobs(t);
        m_running = std::floor(2 + 6 * dailyShape(now.secondOfDay) * weather(m_channel, t));
        m_successful += m_running / 90;
        m_failed += m_running / 2400;
        m_events += 30 + 40 * weather(m_channel + 3, t);
        m_queue = std::floor(
            m_pending > 20 ? 60 + 380 * weather(m_channel + 5, t) : 12 * weather(m_channel + 5, t));
    }

    void write(PageWriter& page, const ModelTime& now) const override
    {
        page.family("awx_system_info", "gauge", "AWX System Information");
        page.sample(
            "awx_system_info", { { "license_type", "open" }, { "tower_version", "24.6.1" } }, 1);
        for (const Fixed& fixed : kFixed)
            page.single(fixed.name, "gauge", fixed.help, fixed.value);
        page.family("awx_hosts_total", "gauge", "Number of hosts");
        page.sample("awx_hosts_total", { { "type", "all" } }, 512);
        page.sample("awx_hosts_total", { { "type", "active" } }, 498);
        writeSessions(page, now);
        writeJobs(page);
        writeInstances(page);
        writeTaskSystem(page, now);
    }

private:
    void writeSessions(PageWriter& page, const ModelTime& now) const
    {
        const double users = std::floor(2 + 4 * weather(m_channel + 11, now.sinceLiveS));
        page.family("awx_sessions_total", "gauge", "Number of sessions");
        page.sample("awx_sessions_total", { { "type", "all" } }, users + 1);
        page.sample("awx_sessions_total", { { "type", "user" } }, users);
        page.sample("awx_sessions_total", { { "type", "anonymous" } }, 1);
    }

    void writeJobs(PageWriter& page) const
    {
        page.single(
            "awx_running_jobs_total", "gauge", "Number of running jobs on the system", m_running);
        page.single(
            "awx_pending_jobs_total", "gauge", "Number of pending jobs on the system", m_pending);
        page.family("awx_status_total", "gauge", "Status of Job launched");
        page.sample("awx_status_total", { { "status", "pending" } }, m_pending);
        page.sample("awx_status_total", { { "status", "running" } }, m_running);
        page.sample("awx_status_total", { { "status", "successful" } }, std::floor(m_successful));
        page.sample("awx_status_total", { { "status", "failed" } }, std::floor(m_failed));
        page.sample("awx_status_total", { { "status", "canceled" } }, 19);
    }

    void writeInstances(PageWriter& page) const
    {
        const double used = std::min(136.0, m_running * 9 + m_pending * 1.6);
        const PageLabels node { { "hostname", "awx-01" }, { "node_type", "hybrid" } };
        const PageLabels execution { { "hostname", "exec-01" }, { "node_type", "execution" } };
        page.family("awx_instance_capacity", "gauge", "Capacity of each node in the system");
        page.sample("awx_instance_capacity", node, 136);
        page.sample("awx_instance_capacity", execution, 84);
        page.family("awx_instance_consumed_capacity", "gauge",
            "Consumed capacity of each node in the system");
        page.sample("awx_instance_consumed_capacity", node, std::floor(used));
        page.sample("awx_instance_consumed_capacity", execution, std::floor(used * 0.5));
        page.family("awx_instance_remaining_capacity", "gauge",
            "Remaining capacity of each node in the system");
        page.sample("awx_instance_remaining_capacity", node, 136 - std::floor(used));
        page.sample("awx_instance_remaining_capacity", execution, 84 - std::floor(used * 0.5));
    }

    void writeTaskSystem(PageWriter& page, const ModelTime& now) const
    {
        const PageLabels node { { "node", "awx-01" } };
        page.family("awx_database_connections_total", "gauge", "Number of connections to database");
        page.sample("awx_database_connections_total", {},
            std::floor(14 + 10 * weather(m_channel + 21, now.sinceLiveS)));
        page.family("callback_receiver_events_queue_size_redis", "gauge",
            "Current number of events in redis queue");
        page.sample("callback_receiver_events_queue_size_redis", node, m_queue);
        page.family("callback_receiver_events_insert_db", "gauge",
            "Number of events batch inserted into database");
        page.sample("callback_receiver_events_insert_db", node, std::floor(m_events));
        page.family("task_manager__schedule_seconds", "gauge",
            "Time spent in running the entire _schedule");
        page.sample("task_manager__schedule_seconds", node,
            0.08 + 0.02 * m_pending / 10 + 0.03 * weather(m_channel + 23, now.sinceLiveS));
        page.family("task_manager_tasks_blocked", "gauge", "Number of tasks blocked from running");
        page.sample("task_manager_tasks_blocked", node, std::floor(m_pending / 3));
        page.family("dispatcher_pool_active_task_count", "gauge",
            "Number of active tasks in the worker pool");
        page.sample("dispatcher_pool_active_task_count", node, m_running);
    }

    uint64_t m_channel;
    double m_pending = 0;
    double m_running = 0;
    double m_successful = 10342;
    double m_failed = 311;
    double m_events = 91000;
    double m_queue = 0;
};

} // namespace

std::unique_ptr<HostModel> makeController(uint64_t seed)
{
    return std::make_unique<Controller>(seed);
}

} // namespace fleetglass::demo
