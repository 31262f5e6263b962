// HTTP client and TLS sections that must load, or fail with a message.
#include "core/config/config.h"
#include "tests/conformance/corpus.h"

namespace fleetglass::conformance {

namespace {

std::string load(const std::filesystem::path& file, bool isTls)
{
    config::LoadOptions options;
    options.fileName = file.filename().string();
    options.baseDirectory = file.parent_path().string();
    const std::string text = readFile(file);
    if (isTls) {
        const auto loaded = config::loadTlsConfig(text, options);
        return loaded ? std::string() : loaded.error().message;
    }
    const auto loaded = config::loadHttpConfig(text, options);
    return loaded ? std::string() : loaded.error().message;
}

void run(const std::filesystem::path& folder, Report& report)
{
    forEachCase(folder / "cases.jsonl", [&](const nlohmann::json& item) {
        const std::string id = item["file"];
        const std::string error
            = load(folder / "testdata" / id, item.value("kind", "") == "tls_config");
        const bool ok = item["ok"];
        if (ok != error.empty()) {
            report.fail(id, ok ? "loads" : textOf(item["error"]), error);
            return;
        }
        report.pass(id);
        if (!ok)
            compareWording(report, id, textOf(item["error"]), error);
    });
}

const CorpusEntry kEntry("http-config", run);

} // namespace

} // namespace fleetglass::conformance
