#include "core/tsdb/commits.h"

#include <algorithm>

namespace fleetglass::tsdb {

bool Commits::Snapshot::sees(uint64_t number) const
{
    return number < next && std::find(open.begin(), open.end(), number) == open.end();
}

uint64_t Commits::Snapshot::horizon() const
{
    return open.empty() ? next : *std::min_element(open.begin(), open.end());
}

Commits::Append::Append(Commits& commits)
    : m_commits(commits)
    , m_number(0)
{
    const std::lock_guard lock(commits.m_mutex);
    m_number = commits.m_next++;
    commits.m_open.push_back(m_number);
}

Commits::Append::~Append()
{
    const std::lock_guard lock(m_commits.m_mutex);
    std::erase(m_commits.m_open, m_number);
}

Commits::Reading::Reading(Commits& commits)
    : m_commits(commits)
{
    const std::lock_guard lock(commits.m_mutex);
    m_snapshot = { commits.m_next, commits.m_open };
    commits.m_readers.insert(m_snapshot.horizon());
}

Commits::Reading::~Reading()
{
    const std::lock_guard lock(m_commits.m_mutex);
    m_commits.m_readers.erase(m_commits.m_readers.find(m_snapshot.horizon()));
}

uint64_t Commits::horizon() const
{
    const std::lock_guard lock(m_mutex);
    const uint64_t now = Snapshot { m_next, m_open }.horizon();
    return m_readers.empty() ? now : std::min(now, *m_readers.begin());
}

} // namespace fleetglass::tsdb
