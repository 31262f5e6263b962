#include "core/config/protocols.h"

#include "core/config/nearest.h"
#include "core/labels/labels.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

namespace fleetglass::config {

namespace {

constexpr std::array<std::string_view, 5> kProtocols { "OpenMetricsText0.0.1",
    "OpenMetricsText1.0.0", "PrometheusProto", "PrometheusText0.0.4", "PrometheusText1.0.0" };

constexpr std::array<std::string_view, 4> kEscapings { "allow-utf-8", "underscores", "dots",
    "values" };

std::string lower(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
        [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

std::string listed(std::span<const std::string_view> words)
{
    std::string text = "[";
    for (const std::string_view word : words)
        text += (text.size() > 1 ? " " : "") + std::string(word);
    return text + "]";
}

} // namespace

std::string protocolProblem(const std::string& protocol)
{
    if (std::find(kProtocols.begin(), kProtocols.end(), protocol) != kProtocols.end())
        return {};
    return "unknown scrape protocol " + protocol + ", supported: " + listed(kProtocols);
}

void checkProtocols(Reader& reader, Position position, const std::vector<std::string>& protocols,
    const std::string& where)
{
    if (protocols.empty())
        reader.fail(position, "scrape_protocols cannot be empty" + where);
    std::set<std::string> seen;
    for (const std::string& protocol : protocols) {
        if (!seen.insert(lower(protocol)).second) {
            const std::vector<std::string_view> all(protocols.begin(), protocols.end());
            reader.fail(
                position, "duplicated protocol in scrape_protocols, got " + listed(all) + where);
            return;
        }
        if (const std::string problem = protocolProblem(protocol); !problem.empty())
            reader.fail(position, "scrape_protocols: " + problem + where);
    }
}

std::vector<std::string> defaultProtocols(bool nativeHistograms)
{
    std::vector<std::string> protocols { "OpenMetricsText1.0.0", "OpenMetricsText0.0.1",
        "PrometheusText1.0.0", "PrometheusText0.0.4" };
    if (nativeHistograms)
        protocols.insert(protocols.begin(), "PrometheusProto");
    return protocols;
}

void readLimits(Section& section, scrape::LimitOptions& limits)
{
    section.byteSize("body_size_limit", limits.bodyBytesMax);
    section.unsignedInteger("sample_limit", limits.samplesMax);
    section.unsignedInteger("target_limit", limits.targetsMax);
    section.unsignedInteger("label_limit", limits.labelsMax);
    section.unsignedInteger("label_name_length_limit", limits.labelNameBytesMax);
    section.unsignedInteger("label_value_length_limit", limits.labelValueBytesMax);
    section.unsignedInteger("keep_dropped_targets", limits.keepDroppedTargets);
}

bool readNaming(Section& section, scrape::NameValidation& validation,
    std::optional<scrape::NameEscaping>& escaping, std::string_view scope)
{
    std::string scheme;
    section.text("metric_name_validation_scheme", scheme);
    if (scheme == "legacy")
        validation = scrape::NameValidation::Legacy;
    else if (scheme == "utf8")
        validation = scrape::NameValidation::Utf8;
    else if (!scheme.empty())
        section.failAt("metric_name_validation_scheme",
            "unrecognized ValidationScheme: " + labels::quote(scheme)
                + ", must be either 'legacy' or 'utf8'");
    std::string word;
    section.text("metric_name_escaping_scheme", word);
    const auto found = std::find(kEscapings.begin(), kEscapings.end(), word);
    if (found != kEscapings.end())
        escaping = static_cast<scrape::NameEscaping>(found - kEscapings.begin());
    else if (!word.empty())
        section.failAt("metric_name_escaping_scheme",
            "unknown " + std::string(scope)
                + " name escaping method specified, must be one of 'allow-utf-8', 'underscores', "
                  "'dots', or 'values', got "
                + labels::quote(word));
    return !scheme.empty();
}

std::string_view toWord(scrape::NameEscaping escaping)
{
    return kEscapings[static_cast<size_t>(escaping)];
}

std::string_view toWord(scrape::NameValidation validation)
{
    return validation == scrape::NameValidation::Legacy ? "legacy" : "utf8";
}

} // namespace fleetglass::config
