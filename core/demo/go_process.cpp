#include "core/demo/host_model.h"
#include "core/demo/noise.h"

namespace fleetglass::demo {

void GoProcess::step(const ModelTime& now, double busy, double sentPerS)
{
    const double load = weather(channel, now.sinceLiveS);
    if (startWallS == 0)
        startWallS = now.wallS - 86400 * (3 + 20 * grain(channel, 7));
    cpuS += 0.02 + 0.06 * load + 0.5 * busy;
    allocatedBytes += 40e3 + 160e3 * load + 2.5e6 * busy;
    sentBytes += sentPerS * (0.8 + 0.4 * wave(channel + 5, now.sinceLiveS, 9));
    receivedBytes += 0.3 * sentPerS * (0.8 + 0.4 * wave(channel + 6, now.sinceLiveS, 11));
    // Files and goroutines follow the work at hand, slowly.
    openFiles += (14 + 10 * load + 160 * busy - openFiles) * 0.02;
    goroutines += (22 + 6 * load + 20 * busy - goroutines) * 0.1;
    gcCount += 0.004 + 0.03 * busy;
}

void GoProcess::write(PageWriter& page, const ModelTime& now) const
{
    const double heap = 6.0e6 + 3.5e6 * weather(channel + 9, now.sinceLiveS * 4);
    page.family("go_gc_duration_seconds", "summary",
        "A summary of the pause duration of garbage collection cycles.");
    page.sample("go_gc_duration_seconds", { { "quantile", "0" } }, 2.7381e-05);
    page.sample("go_gc_duration_seconds", { { "quantile", "0.5" } }, 6.1253e-05);
    page.sample("go_gc_duration_seconds", { { "quantile", "1" } }, 0.001239044);
    page.sample("go_gc_duration_seconds_sum", {}, static_cast<int64_t>(gcCount) * 9.36e-05);
    page.sample(
        "go_gc_duration_seconds_count", {}, static_cast<double>(static_cast<int64_t>(gcCount)));
    page.single("go_goroutines", "gauge", "Number of goroutines that currently exist.",
        static_cast<double>(static_cast<int64_t>(goroutines)));
    page.family("go_info", "gauge", "Information about the Go environment.");
    page.sample("go_info", { { "version", "go1.22.0" } }, 1);
    page.single("go_memstats_alloc_bytes", "gauge", "Number of bytes allocated and still in use.",
        static_cast<double>(static_cast<int64_t>(heap)));
    page.single("go_memstats_alloc_bytes_total", "counter",
        "Total number of bytes allocated, even if freed.",
        static_cast<double>(static_cast<int64_t>(allocatedBytes)));
    page.single("go_memstats_heap_inuse_bytes", "gauge", "Number of heap bytes that are in use.",
        static_cast<double>(static_cast<int64_t>(heap * 1.28)));
    page.single(
        "go_memstats_sys_bytes", "gauge", "Number of bytes obtained from system.", 2.3418728e+07);
    page.single("go_threads", "gauge", "Number of OS threads created.", 9);
    page.single("process_cpu_seconds_total", "counter",
        "Total user and system CPU time spent in seconds.",
        static_cast<double>(static_cast<int64_t>(cpuS * 100)) / 100);
    page.single(
        "process_max_fds", "gauge", "Maximum number of open file descriptors.", 1.048576e+06);
    page.single("process_open_fds", "gauge", "Number of open file descriptors.",
        static_cast<double>(static_cast<int64_t>(openFiles)));
    page.single("process_network_receive_bytes_total", "counter",
        "Number of bytes received by the process over the network.",
        static_cast<double>(static_cast<int64_t>(receivedBytes)));
    page.single("process_network_transmit_bytes_total", "counter",
        "Number of bytes sent by the process over the network.",
        static_cast<double>(static_cast<int64_t>(sentBytes)));
    page.single("process_resident_memory_bytes", "gauge", "Resident memory size in bytes.",
        static_cast<double>(static_cast<int64_t>(heap * 4.9)));
    page.single("process_start_time_seconds", "gauge",
        "Start time of the process since unix epoch in seconds.", startWallS);
    page.single(
        "process_virtual_memory_bytes", "gauge", "Virtual memory size in bytes.", 1.291370496e+09);
}

} // namespace fleetglass::demo
