// openmetrics: documents that the specification accepts or refuses.
#include "tests/conformance/corpus.h"

#include "core/exposition/parser.h"

namespace fleetglass::conformance {

namespace {

class NullSink : public exposition::Sink
{
public:
    bool sample(const exposition::ParsedSample&, const exposition::SeriesSource& source) override
    {
        static_cast<void>(source.labels());
        return true;
    }
};

void run(const std::filesystem::path& folder, Report& report)
{
    forEachCase(folder / "cases.jsonl", [&](const nlohmann::json& test) {
        const std::string id = test["id"];
        NullSink sink;
        const auto stats = exposition::parse(exposition::Format::OpenMetrics100,
            readFile(folder / test["file"].get<std::string>()), { .strictOpenMetrics = true },
            sink);
        if (stats.has_value() == test["ok"].get<bool>())
            report.pass(id);
        else
            report.fail(id, test["ok"].dump(), stats ? "accepted" : stats.error().message);
    });
}

const CorpusEntry kEntry("openmetrics", run);

} // namespace

} // namespace fleetglass::conformance
