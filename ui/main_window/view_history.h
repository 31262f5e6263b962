// ViewHistory: the way back through views and ranges, one step at a time. It knows only that a
// range changed; which one it was is on the TimeController's own stack. Used from one thread at a
// time.
#pragma once

#include <optional>
#include <vector>

namespace fleetglass::main_window {

class ViewHistory
{
public:
    struct Step
    {
        bool isRange = false;
        int page = -1; // Where to go, when it is not a range.
    };

    void pageLeft(int page);
    // After the range stack grew or shrank by itself (zoom, double-click).
    void rangeDepthChanged(int depth);

    bool canGoBack() const { return !m_back.empty(); }
    bool canGoForward() const { return !m_forward.empty(); }
    // The step to undo; the caller does it, between begin and the new depth it tells.
    std::optional<Step> back(int currentPage);
    std::optional<Step> forward(int currentPage);
    void settle(int depth); // After the caller did the step.

private:
    void drop(std::vector<Step>& steps);

    std::vector<Step> m_back;
    std::vector<Step> m_forward;
    int m_depth = 0;
    bool m_stepping = false;
};

} // namespace fleetglass::main_window
