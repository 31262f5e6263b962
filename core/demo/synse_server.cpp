// Synse Server: HTTP requests and latencies by route, WebSocket sessions, gRPC calls by plugin. A
// Python program: counters end in _total and bring a _created gauge.
#include "core/demo/host_model.h"
#include "core/demo/noise.h"
#include "core/demo/scenario.h"

#include <cmath>

namespace fleetglass::demo {

namespace {

const std::vector<double> kBounds { 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5,
    5, 7.5, 10 };

struct Route
{
    const char* path;
    const char* method;
    double perS;
    double latencyS;
};

constexpr Route kRoutes[] = {
    { "/v3/read", "GET", 6.4, 0.085 },
    { "/v3/scan", "GET", 2.6, 0.09 },
    { "/v3/info", "GET", 0.9, 0.021 },
    { "/v3/write/wait", "POST", 1.2, 0.11 },
};

struct Traffic
{
    const Route* route = nullptr;
    double requests = 0;
    double errors = 0;
    double bytes = 0;
    Buckets latencies { kBounds };
};

class SynseServer final : public HostModel
{
public:
    SynseServer(uint64_t seed, std::string name)
        : m_name(std::move(name))
        , m_channel(channelOf(seed, m_name))
    {
        for (const Route& route : kRoutes)
            m_traffic.push_back({ &route });
    }

    void step(const ModelTime& now) override
    {
        const double t = now.sinceLiveS;
        const double day = dailyShape(now.secondOfDay);
        const double slow = synseSlowness(m_name, t);
        if (m_startWallS == 0)
            m_startWallS = now.wallS - 5 * 86400;
        for (size_t i = 0; i < m_traffic.size(); ++i) {
            Traffic& traffic = m_traffic[i];
            const uint64_t channel = m_channel + 10 * i;
            const double requests = traffic.route->perS * day * (0.7 + 0.7 * weather(channel, t));
            const double latency = traffic.route->latencyS * (0.85 + 0.4 * weather(channel + 3, t))
                * (i < 2 ? slow : 1);
            traffic.requests += requests;
            traffic.errors += requests * (slow > 2 ? 0.02 : 0.0005);
            traffic.bytes += requests * (900 + 400 * weather(channel + 5, t));
            traffic.latencies.observe(latency, requests);
        }
        m_grpcCalls += 8 * day;
        m_grpcLatencies.observe(0.012 * (0.8 + 0.6 * weather(m_channel + 70, t)), 8 * day);
        m_webSocketRequests += 1.5 * day;
        m_cpuS += 0.08 + 0.1 * day;
        m_sessions = std::floor(9 + 7 * weather(m_channel + 60, t));
    }

    void write(PageWriter& page, const ModelTime& now) const override
    {
        page.family("python_info", "gauge", "Python platform information");
        page.sample("python_info",
            { { "implementation", "CPython" }, { "major", "3" }, { "minor", "8" },
                { "version", "3.8.12" } },
            1);
        page.single("process_resident_memory_bytes", "gauge", "Resident memory size in bytes.",
            2.4895488e+07 + std::floor(3e6 * weather(m_channel + 80, now.sinceLiveS)));
        page.single("process_start_time_seconds", "gauge",
            "Start time of the process since unix epoch in seconds.", m_startWallS);
        page.single("process_cpu_seconds_total", "counter",
            "Total user and system CPU time spent in seconds.", std::floor(m_cpuS * 100) / 100);
        page.single(
            "process_open_fds", "gauge", "Number of open file descriptors.", 12 + m_sessions);
        writeHttp(page);
        writeWebSocket(page);
        writeGrpc(page);
    }

private:
    PageLabels labelsOf(const Traffic& traffic, const char* code) const
    {
        const std::string path = traffic.route->path;
        return { { "endpoint", path }, { "http_code", code }, { "ip", "172.19.0.5" },
            { "method", traffic.route->method }, { "template", path } };
    }

    void writeHttp(PageWriter& page) const
    {
        page.family("synse_http_request_count_total", "counter",
            "The total number of HTTP requests processed");
        for (const Traffic& traffic : m_traffic) {
            page.sample("synse_http_request_count_total", labelsOf(traffic, "200"),
                std::floor(traffic.requests));
            page.sample("synse_http_request_count_total", labelsOf(traffic, "500"),
                std::floor(traffic.errors));
        }
        page.family("synse_http_request_count_created", "gauge",
            "The total number of HTTP requests processed");
        for (const Traffic& traffic : m_traffic)
            page.sample("synse_http_request_count_created", labelsOf(traffic, "200"), m_startWallS);
        page.family("synse_http_request_latency_sec", "histogram",
            "The time it takes for a HTTP request to be fulfilled");
        for (const Traffic& traffic : m_traffic)
            traffic.latencies.write(
                page, "synse_http_request_latency_sec", labelsOf(traffic, "200"));
        page.family("synse_http_response_bytes_total", "counter",
            "The total number of bytes returned in HTTP API responses");
        for (const Traffic& traffic : m_traffic)
            page.sample("synse_http_response_bytes_total", labelsOf(traffic, "200"),
                std::floor(traffic.bytes));
    }

    void writeWebSocket(PageWriter& page) const
    {
        page.family("synse_websocket_session_count", "gauge",
            "The total number of active WebSocket sessions connected to Synse Server");
        page.sample("synse_websocket_session_count", { { "source", "172.19.0.8" } }, m_sessions);
        page.family("synse_websocket_request_count_total", "counter",
            "The total number of WebSocket requests processed");
        page.sample("synse_websocket_request_count_total", { { "event", "request/read_stream" } },
            std::floor(m_webSocketRequests));
        page.family("synse_websocket_error_response_count_total", "counter",
            "The total number of error responses returned by the WebSocket API");
        page.sample("synse_websocket_error_response_count_total", {},
            std::floor(m_webSocketRequests / 400));
    }

    void writeGrpc(PageWriter& page) const
    {
        const PageLabels labels { { "plugin", "4032ffbe-80db-5aa5-b794-f35c88dff85c" },
            { "service", "synse" }, { "service_name", "V3Plugin" }, { "type", "UNARY" } };
        page.family(
            "synse_grpc_message_sent_total", "counter", "The total number of gRPC messages sent");
        page.sample("synse_grpc_message_sent_total", labels, std::floor(m_grpcCalls));
        page.family("synse_grpc_request_latency_sec", "histogram",
            "The time it takes for a gRPC request to be fulfilled");
        m_grpcLatencies.write(page, "synse_grpc_request_latency_sec", labels);
        page.family("synse_plugin_active_state", "gauge", "Whether the plugin is active");
        page.sample("synse_plugin_active_state", { { "plugin", "modbus-ip" } }, 1);
        page.sample("synse_plugin_active_state", { { "plugin", "emulator" } }, 1);
        page.single(
            "synse_registered_devices", "gauge", "The number of devices known to the server", 38);
    }

    std::string m_name;
    uint64_t m_channel;
    double m_startWallS = 0;
    double m_cpuS = 40;
    double m_sessions = 9;
    double m_grpcCalls = 5000;
    double m_webSocketRequests = 800;
    std::vector<Traffic> m_traffic;
    Buckets m_grpcLatencies { kBounds };
};

} // namespace

std::unique_ptr<HostModel> makeSynseServer(uint64_t seed, const std::string& name)
{
    return std::make_unique<SynseServer>(seed, name);
}

} // namespace fleetglass::demo
