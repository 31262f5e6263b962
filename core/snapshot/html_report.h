// One HTML file that shows the fleet as it was: pictures inside, tables, nothing fetched, no
// script. Pure functions; thread-safe.
#pragma once

#include "core/snapshot/redactor.h"
#include "core/view/fleet_view.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::snapshot {

struct ReportPicture
{
    std::string caption;
    std::string png;
};

struct ReportContent
{
    std::string title;
    std::string program; // "Fleetglass 0.1.0"
    int64_t createdMs = 0;
    int64_t startMs = 0;
    int64_t endMs = 0;
    view::FleetView fleet;
    std::vector<ReportPicture> pictures;
};

std::string htmlReport(const ReportContent& content, const Redactor& redactor);

// Text as text: < > & " ' and control characters.
std::string escapeHtml(std::string_view text);
std::string base64(std::string_view bytes);

} // namespace fleetglass::snapshot
