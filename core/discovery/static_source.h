// StaticSource: the groups that stand in the config itself. Used from one thread at a time.
#pragma once

#include "core/discovery/source.h"

namespace fleetglass::discovery {

class StaticSource : public Source
{
public:
    explicit StaticSource(std::vector<TargetGroup> groups)
        : m_snapshot { std::move(groups), {} }
    {
    }

    std::chrono::nanoseconds untilDue(std::chrono::nanoseconds) const override
    {
        return std::chrono::hours(24);
    }
    void poll(std::chrono::nanoseconds) override { }
    Snapshot snapshot() const override { return m_snapshot; }
    bool takeChange() override { return false; }

private:
    Snapshot m_snapshot;
};

} // namespace fleetglass::discovery
