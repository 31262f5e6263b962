#include "core/base/utf8.h"
#include "core/config/job_section.h"
#include "core/config/protocols.h"
#include "core/labels/labels.h"

#include <algorithm>

namespace fleetglass::config {

namespace {

bool isNameByte(char c)
{
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// The name after "$" and how many bytes it took: Go's os.getShellName without its special signs.
std::pair<std::string, size_t> variableName(std::string_view text)
{
    if (text.starts_with('{')) {
        const size_t end = text.find('}');
        if (end == std::string_view::npos)
            return { {}, 1 };
        return { std::string(text.substr(1, end - 1)), end + 1 };
    }
    const auto end = static_cast<size_t>(
        std::find_if_not(text.begin(), text.end(), isNameByte) - text.begin());
    return { std::string(text.substr(0, end)), end };
}

void readExternalLabels(Section& section, const Environment& environment, GlobalOptions& global)
{
    section.textMap("external_labels", global.externalLabels);
    const bool legacy = global.nameValidation == scrape::NameValidation::Legacy;
    for (auto& [name, value] : global.externalLabels) {
        const bool valid
            = legacy ? labels::isLegacyLabelName(name) : !name.empty() && isValidUtf8(name);
        if (!valid)
            section.failAt("external_labels", labels::quote(name) + " is not a valid label name");
        if (!isValidUtf8(value))
            section.failAt("external_labels", labels::quote(value) + " is not a valid label value");
        value = expandVariables(value, environment);
    }
}

void readTimes(Section& section, GlobalOptions& global)
{
    std::optional<Millis> interval;
    std::optional<Millis> timeout;
    std::optional<Millis> evaluation;
    section.duration("scrape_interval", interval);
    section.duration("scrape_timeout", timeout);
    section.duration("evaluation_interval", evaluation);
    section.duration("rule_query_offset", global.ruleQueryOffset);
    const auto isGiven
        = [](const std::optional<Millis>& value) { return value && value->count() != 0; };
    if (isGiven(interval))
        global.scrapeInterval = *interval;
    if (isGiven(evaluation))
        global.evaluationInterval = *evaluation;
    if (isGiven(timeout) && *timeout > global.scrapeInterval)
        section.failAt("scrape_timeout", "global scrape timeout greater than scrape interval");
    global.scrapeTimeout
        = isGiven(timeout) ? *timeout : std::min(global.scrapeTimeout, global.scrapeInterval);
}

void readFlags(Section& section, GlobalOptions& global)
{
    section.boolean("scrape_native_histograms", global.scrapeNativeHistograms);
    section.boolean("convert_classic_histograms_to_nhcb", global.convertClassicHistogramsToNhcb);
    section.boolean("always_scrape_classic_histograms", global.alwaysScrapeClassicHistograms);
    section.boolean("extra_scrape_metrics", global.extraScrapeMetrics);
    section.path("query_log_file", global.queryLogFile);
    section.path("scrape_failure_log_file", global.scrapeFailureLogFile);
}

} // namespace

std::string expandVariables(std::string_view text, const Environment& environment)
{
    std::string result;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '$' || i + 1 == text.size()) {
            result += text[i];
            continue;
        }
        if (text[i + 1] == '$') {
            result += '$';
            ++i;
            continue;
        }
        const auto [name, length] = variableName(text.substr(i + 1));
        if (length == 0)
            result += '$';
        else if (environment)
            result += environment(name).value_or(std::string());
        i += length;
    }
    return result;
}

void readGlobal(
    Reader& reader, const YamlNode& node, const Environment& environment, GlobalOptions& global)
{
    Section section(reader, node, "config.plain");
    readNaming(section, global.nameValidation, global.nameEscaping, "global");
    readExternalLabels(section, environment, global);
    readTimes(section, global);
    readLimits(section, global.limits);
    if (const YamlNode* list = section.takeValue("scrape_protocols")) {
        readTexts(reader, *list, global.protocols);
        checkProtocols(reader, list->position, global.protocols, " for global config");
    }
    readFlags(section, global);
    section.finish();
}

} // namespace fleetglass::config
