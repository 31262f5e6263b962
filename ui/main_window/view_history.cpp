#include "ui/main_window/view_history.h"

namespace fleetglass::main_window {

namespace {
constexpr size_t kStepsMax = 200;
}

void ViewHistory::drop(std::vector<Step>& steps)
{
    if (steps.size() > kStepsMax)
        steps.erase(steps.begin());
}

void ViewHistory::pageLeft(int page)
{
    if (m_stepping || page < 0)
        return;
    m_back.push_back({ false, page });
    drop(m_back);
    m_forward.clear();
}

void ViewHistory::rangeDepthChanged(int depth)
{
    if (m_stepping)
        return;
    if (depth > m_depth) {
        m_back.push_back({ true, -1 });
        drop(m_back);
        m_forward.clear();
    } else if (depth < m_depth) {
        for (auto step = m_back.rbegin(); step != m_back.rend(); ++step) {
            if (step->isRange) {
                m_back.erase(std::next(step).base());
                break;
            }
        }
    }
    m_depth = depth;
}

std::optional<ViewHistory::Step> ViewHistory::back(int currentPage)
{
    if (m_back.empty())
        return std::nullopt;
    const Step step = m_back.back();
    m_back.pop_back();
    m_forward.push_back({ step.isRange, currentPage });
    m_stepping = true;
    return step;
}

std::optional<ViewHistory::Step> ViewHistory::forward(int currentPage)
{
    if (m_forward.empty())
        return std::nullopt;
    const Step step = m_forward.back();
    m_forward.pop_back();
    m_back.push_back({ step.isRange, currentPage });
    m_stepping = true;
    return step;
}

void ViewHistory::settle(int depth)
{
    m_depth = depth;
    m_stepping = false;
}

} // namespace fleetglass::main_window
