#include "core/demo/scenario.h"

#include <algorithm>
#include <cmath>

namespace fleetglass::demo {

bool ShellScript::isLiveAt(double timeS) const
{
    if (timeS < startS)
        return false;
    if (everyS == 0)
        return timeS < endS;
    return std::fmod(timeS - startS, everyS) < endS - startS;
}

const std::vector<ShellScript>& shells()
{
    static const std::vector<ShellScript> kShells {
        { "web-07", "debug", "ops-anna-2025", "10.0.4.7:40022", -3100, -2650 },
        { "db-01", "pg-fix", "ops-lena-2024", "10.0.4.9:51210", -2900, -1460 },
        { "build-03", "build", "ops-jon-2025", "10.0.4.11:40871", -2600, kForever },
        { "web-01", "debug", "ops-anna-2025", "10.0.4.7:40102", -1900, -1130 },
        { "web-07", "core", "jenkins-prod", "10.12.0.7:51022", -1240, -1210 },
        { "web-07", "debug", "ops-anna-2025", "10.0.4.7:40533", -575, kForever },
        // Seen to open and to close within the first seconds, then every two minutes.
        { "web-01", "debug", "ops-lena-2024", "10.0.4.9:52144", 1, 4, 120 },
        { "db-02", "pg-fix", "k-7f31c2", "10.0.9.23:39122", 2, 200, 420 },
    };
    return kShells;
}

bool anyShellAt(std::string_view host, double timeS)
{
    return std::any_of(shells().begin(), shells().end(),
        [&](const ShellScript& shell) { return shell.host == host && shell.isLiveAt(timeS); });
}

bool isDeployAt(double timeS)
{
    constexpr double kEveryS = 1200;
    constexpr double kFirstS = -2280;
    constexpr double kLengthS = 100;
    return timeS >= kFirstS && std::fmod(timeS - kFirstS, kEveryS) < kLengthS;
}

bool isBackupFailedAt(double timeS)
{
    return timeS >= -900;
}

double synseSlowness(std::string_view host, double timeS)
{
    if (host != "synse-03" || timeS < -620)
        return 1;
    return 1 + 2.6 * std::min(1.0, (timeS + 620) / 300);
}

double awxPendingJobs(double timeS)
{
    const double usual = 3 + 2 * std::sin(timeS / 170);
    const double backlog = timeS < -280 ? 0 : std::min(34.0, (timeS + 280) / 7);
    return std::floor(std::max(0.0, usual + backlog));
}

} // namespace fleetglass::demo
