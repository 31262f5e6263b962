#include "core/exposition/parser.h"
#include "tests/fuzz/subject.h"

namespace fleetglass::fuzz {

namespace {

// Reads what it is given, as the store would, and counts it.
class ReadingSink final : public exposition::Sink
{
public:
    void metadata(const exposition::MetadataEntry& entry) override
    {
        m_bytes += entry.family.size() + entry.text.size();
    }
    void comment(std::string_view text) override { m_bytes += text.size(); }
    bool sample(
        const exposition::ParsedSample& sample, const exposition::SeriesSource& source) override
    {
        m_bytes += source.labels().toString().size() + sample.seriesText.size();
        for (const auto& exemplar : sample.exemplars)
            m_bytes += exemplar.labels.toString().size();
        ++m_samples;
        return true;
    }
    size_t samples() const { return m_samples; }

private:
    size_t m_bytes = 0;
    size_t m_samples = 0;
};

const std::string kText = R"(# HELP http_requests_total How many \\ requests.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total{method="p\"o\\s\nt",code="400",} 3
# TYPE latency histogram
latency_bucket{le="0.1"} 5
latency_bucket{le="+Inf"} 9
latency_sum 1.5e-3
latency_count 9
{"utf8.name","label.one"="x"} NaN
rpc{quantile="0.99"} -Inf -1
)";

const std::string kOpenMetrics = R"(# TYPE jobs counter
# UNIT wait_seconds seconds
# TYPE wait_seconds gauge
# HELP jobs Done "jobs".
jobs_total{kind="a"} 17 1520879607.789 # {trace_id="KOO5S4vxi0o"} 0.67 1520879607.5
jobs_created{kind="a"} 1520430000.123
wait_seconds 3.5
# TYPE size histogram
size_bucket{le="1.0"} 2
size_bucket{le="+Inf"} 4 # {id="b"} 7
size_sum 11
size_count 4
# TYPE build info
build_info{version="1"} 1
# EOF
)";

const std::string kAwx
    = R"({"awx_system_info":{"help_text":"About","type":"gauge","samples":[{"labels":
{"version":"21.0"},"value":1}]},"awx_jobs_total":{"help_text":"Jobs","type":"counter","samples":
[{"labels":{"status":"ok","n":"\u00e4"},"value":12.5},{"labels":{},"value":"NaN"}]}}
)";

// Two delimited MetricFamily messages: a gauge "up" of 1, and a native histogram "lat".
const std::string kProto("\x13\x0a\x02up\x18\x01\x22\x0b\x12\x09\x09\0\0\0\0\0\0\xf0\x3f"
                         "\x29\x0a\x03lat\x18\x04\x22\x20\x3a\x1e\x08\x03\x11\0\0\0\0\0\0\x08\x40"
                         "\x28\x02\x31\0\0\0\0\0\0\0\0\x38\x01\x62\x04\x08\0\x10\x02\x6a\0",
    62);

exposition::ParseOptions someOptions(Mutator& random)
{
    exposition::ParseOptions options;
    options.createdAsStartTimestamp = random.below(2) == 1;
    options.typeAndUnitLabels = random.below(2) == 1;
    options.ignoreNativeHistograms = random.below(4) == 1;
    options.keepClassicHistograms = random.below(2) == 1;
    options.convertClassicToNhcb = random.below(2) == 1;
    options.strictOpenMetrics = random.below(2) == 1;
    options.limits.samplesMax = random.below(4) == 0 ? 3 : 10'000;
    return options;
}

Complaint check(const std::string& input, Mutator& random)
{
    for (const auto format :
        { exposition::Format::PrometheusText004, exposition::Format::PrometheusText100,
            exposition::Format::OpenMetrics001, exposition::Format::OpenMetrics100,
            exposition::Format::PrometheusProto, exposition::Format::AwxJson }) {
        const auto options = someOptions(random);
        ReadingSink sink;
        const auto parsed = exposition::parse(format, input, options, sink);
        const std::string word(exposition::toWord(format));
        if (!parsed && parsed.error().message.empty())
            return word + ": failed without a message";
        // A converted histogram comes besides the lines it was made of.
        if (options.convertClassicToNhcb)
            continue;
        if (parsed && parsed->samples != sink.samples())
            return word + ": counted " + std::to_string(parsed->samples) + " samples, gave "
                + std::to_string(sink.samples());
        if (sink.samples() > options.limits.samplesMax)
            return word + ": gave more samples than the limit";
    }
    return std::nullopt;
}

} // namespace

Subject expositionSubject()
{
    return { "exposition", { kText, kOpenMetrics, kAwx, kProto },
        { "# TYPE ", "# HELP ", "# UNIT ", "# EOF\n", "_bucket{le=\"", "_total", "_created",
            "\"} 1\n", "NaN", "+Inf", "1e309", "-0x1p-1074", " # {a=\"b\"} 1", "{\"a.b\"}", "\\\"",
            "\xc3\xa4", "99999999999999999999", "[", "{\"a\":", "\xff\xff\xff\xff\x0f" },
        check };
}

} // namespace fleetglass::fuzz
