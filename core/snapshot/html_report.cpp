#include "core/snapshot/html_report.h"

#include "core/base/number.h"
#include "core/base/utf8.h"
#include "core/snapshot/utc_time.h"

namespace fleetglass::snapshot {

namespace {

constexpr size_t kCellBytesMax = 2048;

constexpr std::string_view kStyle = R"(<style>
:root{color-scheme:light dark;--bg:#f6f7f9;--fg:#1c2128;--dim:#5b6572;--line:#d5dae1;--card:#fff;--good:#1a7f37;
--bad:#c62828;--warn:#9a6700}
@media(prefers-color-scheme:dark){:root{--bg:#14171c;--fg:#e3e7ec;--dim:#97a1ae;--line:#303741;--card:#1c2128;
--good:#4cc26b;--bad:#ff6b64;--warn:#e0a93a}}
body{margin:0;padding:24px;background:var(--bg);color:var(--fg);font:14px/1.45 system-ui,sans-serif}
h1{font-size:22px;margin:0 0 4px}h2{font-size:16px;margin:28px 0 8px}p{margin:0;color:var(--dim)}
figure{margin:16px 0;padding:0}figcaption{color:var(--dim);margin-top:4px}img{max-width:100%;height:auto;
border:1px solid var(--line);border-radius:6px}
table{border-collapse:collapse;width:100%;background:var(--card);border:1px solid var(--line);
font-variant-numeric:tabular-nums}
th,td{text-align:left;vertical-align:top;padding:5px 9px;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
th{color:var(--dim);font-weight:600}
.good{color:var(--good)}.bad{color:var(--bad);font-weight:600}.warn{color:var(--warn);font-weight:600}
</style>
)";

// Every text passes through here: masked, clipped, escaped.
class Page
{
public:
    explicit Page(const Redactor& redactor)
        : m_redactor(redactor)
    {
    }

    std::string text(std::string_view plain) const
    {
        return escapeHtml(clipUtf8(m_redactor.clean(plain), kCellBytesMax));
    }
    void raw(std::string_view html) { m_html += html; }
    void heading(std::string_view title, size_t count)
    {
        m_html
            += "<h2>" + text(title) + " (" + groupDigits(static_cast<int64_t>(count)) + ")</h2>\n";
    }
    void openTable(std::initializer_list<std::string_view> columns)
    {
        m_html += "<table><thead><tr>";
        for (const std::string_view column : columns)
            m_html += "<th>" + text(column) + "</th>";
        m_html += "</tr></thead><tbody>\n";
    }
    void openRow() { m_html += "<tr>"; }
    void cell(std::string_view plain, std::string_view style = {})
    {
        m_html += style.empty() ? "<td>" : "<td class=\"" + std::string(style) + "\">";
        m_html += text(plain) + "</td>";
    }
    void closeRow() { m_html += "</tr>\n"; }
    void closeTable() { m_html += "</tbody></table>\n"; }
    std::string take() { return std::move(m_html); }

private:
    const Redactor& m_redactor;
    std::string m_html;
};

std::string timeOrDash(int64_t timeMs)
{
    return timeMs == 0 ? "-" : utcTime(timeMs);
}

// "after 10:00:00, seen 10:00:15": between two scrapes is all that is known.
std::string between(int64_t earliestMs, int64_t latestMs)
{
    if (latestMs == 0)
        return "-";
    return earliestMs == 0 ? "before " + utcTime(latestMs)
                           : utcTime(earliestMs) + " to " + utcTime(latestMs);
}

std::string_view word(view::Health health)
{
    switch (health) {
    case view::Health::Up:
        return "up";
    case view::Health::Down:
        return "down";
    case view::Health::Unknown:
        return "unknown";
    }
    return "";
}

std::string_view word(view::AlertState state)
{
    switch (state) {
    case view::AlertState::Pending:
        return "pending";
    case view::AlertState::Firing:
        return "firing";
    case view::AlertState::Resolved:
        return "resolved";
    }
    return "";
}

std::string_view word(view::SessionState state)
{
    switch (state) {
    case view::SessionState::Open:
        return "open";
    case view::SessionState::OpenBeforeWatch:
        return "open since before watching began";
    case view::SessionState::Unknown:
        return "unknown";
    case view::SessionState::Closed:
        return "closed";
    case view::SessionState::BetweenScrapes:
        return "opened and closed between two scrapes";
    }
    return "";
}

void putAlerts(Page& page, const view::FleetView& fleet)
{
    page.heading("Alerts", fleet.alerts.size());
    page.openTable({ "State", "Alert", "Labels", "Value", "Since", "Annotations" });
    for (const auto& alert : fleet.alerts) {
        const bool isFiring = alert->state == view::AlertState::Firing;
        const bool isPending = alert->state == view::AlertState::Pending;
        std::string annotations;
        for (const auto& [name, value] : alert->annotations)
            annotations += (annotations.empty() ? "" : "\n") + name + ": " + value;
        page.openRow();
        page.cell(word(alert->state), isFiring ? "bad" : isPending ? "warn" : "good");
        page.cell(alert->name);
        page.cell(alert->labels.toString());
        page.cell(formatFloat(alert->value));
        page.cell(timeOrDash(alert->activeSinceMs));
        page.cell(annotations);
        page.closeRow();
    }
    page.closeTable();
}

void putSessions(Page& page, const view::FleetView& fleet)
{
    const std::vector<view::SessionView> none;
    const auto& sessions = fleet.sessions ? *fleet.sessions : none;
    page.heading("Shells", sessions.size());
    page.openTable({ "State", "Host", "Source", "From", "Key", "Opened", "Closed" });
    for (const view::SessionView& session : sessions) {
        const std::string& key = session.keyOwner.empty() ? session.publicKey : session.keyOwner;
        page.openRow();
        page.cell(word(session.state));
        page.cell(session.host);
        page.cell(session.source);
        page.cell(session.remoteAddress, session.addressNew ? "warn" : "");
        page.cell(key, session.keyUnknown ? "warn" : "");
        page.cell(between(session.openedEarliestMs, session.openedLatestMs));
        page.cell(between(session.closedEarliestMs, session.closedLatestMs));
        page.closeRow();
    }
    page.closeTable();
}

void putTargets(Page& page, const view::FleetView& fleet)
{
    page.heading("Targets", fleet.targets.size());
    page.openTable({ "Health", "Job", "Instance", "URL", "Last scrape", "Samples", "Reason" });
    for (const auto& target : fleet.targets) {
        const bool isUp = target->health == view::Health::Up;
        const bool isDown = target->health == view::Health::Down;
        page.openRow();
        page.cell(word(target->health), isUp ? "good" : isDown ? "bad" : "warn");
        page.cell(target->job);
        page.cell(target->instance);
        page.cell(target->url);
        page.cell(timeOrDash(target->lastScrapeMs));
        page.cell(target->samplesScraped < 0 ? "-" : groupDigits(target->samplesScraped));
        page.cell(target->error);
        page.closeRow();
    }
    page.closeTable();
}

} // namespace

std::string htmlReport(const ReportContent& content, const Redactor& redactor)
{
    Page page(redactor);
    const std::string title = page.text(content.title);
    page.raw(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
        "style-src 'unsafe-inline'\">\n");
    page.raw("<title>" + title + "</title>\n");
    page.raw(kStyle);
    page.raw("</head><body>\n<h1>" + title + "</h1>\n<p>");
    page.raw(page.text(utcTime(content.startMs) + " to " + utcTime(content.endMs) + ", written "
        + utcTime(content.createdMs) + " by " + content.program));
    page.raw("</p>\n");
    for (const ReportPicture& picture : content.pictures) {
        const std::string caption = page.text(picture.caption);
        page.raw("<figure><img alt=\"" + caption + "\" src=\"data:image/png;base64,");
        page.raw(base64(picture.png));
        page.raw("\"><figcaption>" + caption + "</figcaption></figure>\n");
    }
    putAlerts(page, content.fleet);
    putSessions(page, content.fleet);
    putTargets(page, content.fleet);
    page.raw("</body></html>\n");
    return page.take();
}

} // namespace fleetglass::snapshot
