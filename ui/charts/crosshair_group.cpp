#include "ui/charts/crosshair_group.h"

#include <algorithm>

namespace fleetglass::charts {

CrosshairGroup::CrosshairGroup(QObject* parent)
    : QObject(parent)
{
}

void CrosshairGroup::moveTo(double timeMs, const QObject* leader)
{
    if (m_timeMs == timeMs && m_leader == leader)
        return;
    m_timeMs = timeMs;
    m_leader = leader;
    emit moved();
}

void CrosshairGroup::leave()
{
    if (!m_timeMs)
        return;
    m_timeMs.reset();
    m_leader = nullptr;
    emit moved();
}

void CrosshairGroup::togglePin()
{
    if (!m_timeMs)
        return;
    const auto same = std::find(m_pinsMs.begin(), m_pinsMs.end(), *m_timeMs);
    if (same != m_pinsMs.end())
        m_pinsMs.erase(same);
    else
        m_pinsMs.push_back(*m_timeMs);
    if (m_pinsMs.size() > kPinsMax)
        m_pinsMs.erase(m_pinsMs.begin());
    emit pinsChanged();
}

void CrosshairGroup::clearPins()
{
    if (m_pinsMs.empty())
        return;
    m_pinsMs.clear();
    emit pinsChanged();
}

} // namespace fleetglass::charts
