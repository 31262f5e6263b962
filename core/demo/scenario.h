// What happens in the demo fleet, in seconds from the moment it goes live; below zero is the hour
// before, which is made up when the fleet starts. Immutable; share freely.
#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::demo {

inline constexpr double kForever = std::numeric_limits<double>::infinity();
inline constexpr double kHistoryS = 3600;

// Secrets of the demo; a search for them in any output must find none.
inline constexpr std::string_view kEtchaKey = "demo-etcha-key-7c1f44";
inline constexpr std::string_view kAwxToken = "demo-awx-token-93e0ab52";
inline constexpr std::string_view kOperatorPassword = "demo-operator-pass-5d2e";

struct ShellScript
{
    std::string host;
    std::string source;
    std::string publicKey;
    std::string remoteAddress;
    double startS = 0;
    double endS = kForever;
    double everyS = 0; // 0: once; else again and again after startS.

    bool isLiveAt(double timeS) const;
    // Its label set has been on the page since it first opened.
    bool hasAppearedBy(double timeS) const { return timeS >= startS; }
};

const std::vector<ShellScript>& shells();
bool anyShellAt(std::string_view host, double timeS);

// A deploy of the web hosts: pushes, changed commands, some of which fail.
bool isDeployAt(double timeS);
// The nightly backup of prod/postgres failed and stays so.
bool isBackupFailedAt(double timeS);
// synse-03 answers slowly; 1 is as usual.
double synseSlowness(std::string_view host, double timeS);
double awxPendingJobs(double timeS);

inline constexpr double kExpiryS = -840; // When the certificate of db-04 ran out.
inline constexpr double kHangS = -660; // Since when build-03 accepts and says nothing.

} // namespace fleetglass::demo
