#include "core/config/server_sections.h"

#include "core/config/http_section.h"
#include "core/labels/labels.h"

#include <algorithm>
#include <array>
#include <set>

namespace fleetglass::config {

namespace {

void checkRuntime(Reader& reader, const YamlNode& node)
{
    Section section(reader, node, "config.RuntimeConfig");
    int percentage = 0;
    section.integer("gogc", percentage);
    section.finish();
}

void checkRetention(Reader& reader, const YamlNode& node)
{
    Section section(reader, node, "config.TSDBRetentionConfig");
    Millis time { 0 };
    uint64_t size = 0;
    double percentage = 0;
    section.duration("time", time);
    const YamlEntry* entry = node.find("size");
    if (entry != nullptr && entry->value->text.starts_with('-')) {
        section.take("size");
        section.failAt("size", "'storage.tsdb.retention.size' must be greater than or equal to 0");
    } else {
        section.byteSize("size", size);
    }
    section.number("percentage", percentage);
    section.finish();
    if (percentage < 0 || percentage > 100)
        section.failAt(
            "percentage", "'storage.tsdb.retention.percentage' must be in the range [0, 100]");
}

void checkChunkEncoding(Reader& reader, const YamlNode& node)
{
    Section section(reader, node, "config.TSDBChunkEncodingConfig");
    std::string floats;
    section.text("floats", floats);
    section.finish();
    if (section.has("floats") && floats != "xor" && floats != "xor2")
        section.failAt("floats",
            "'storage.tsdb.chunk_encoding.floats' must be 'xor' or 'xor2', or the field must be "
            "omitted entirely, got "
                + labels::quote(floats));
}

void checkTsdb(Reader& reader, const YamlNode& node)
{
    Section section(reader, node, "config.plain");
    Millis window { 0 };
    double threshold = 0;
    section.duration("out_of_order_time_window", window);
    section.number("stale_series_compaction_threshold", threshold);
    if (const YamlNode* encoding = section.takeValue("chunk_encoding"))
        checkChunkEncoding(reader, *encoding);
    if (const YamlNode* retention = section.takeValue("retention"))
        checkRetention(reader, *retention);
    section.finish();
    if (threshold < 0 || threshold > 1)
        section.failAt("stale_series_compaction_threshold",
            "'storage.tsdb.stale_series_compaction_threshold' must be in the range [0, 1]");
}

void checkStorage(Reader& reader, const YamlNode& node)
{
    Section section(reader, node, "config.StorageConfig");
    if (const YamlNode* tsdb = section.takeValue("tsdb"))
        checkTsdb(reader, *tsdb);
    if (const YamlNode* exemplars = section.takeValue("exemplars")) {
        Section inner(reader, *exemplars, "config.ExemplarsConfig");
        int64_t count = 0;
        inner.integer("max_exemplars", count);
        inner.finish();
    }
    section.finish();
}

void checkTracing(Reader& reader, const YamlNode& node)
{
    Section section(reader, node, "config.plain");
    std::string clientType = "grpc";
    std::string endpoint;
    std::string compression;
    TextPairs headers;
    double fraction = 0;
    bool insecure = false;
    Millis timeout { 0 };
    http::TlsOptions tls;
    section.text("client_type", clientType);
    section.text("endpoint", endpoint);
    section.number("sampling_fraction", fraction);
    section.boolean("insecure", insecure);
    if (const YamlNode* value = section.takeValue("tls_config"))
        readTls(reader, *value, tls);
    section.textMap("headers", headers);
    section.text("compression", compression);
    section.duration("timeout", timeout);
    section.finish();
    if (clientType != "http" && clientType != "grpc")
        section.failAt("client_type",
            "expected tracing client type to be to be http or grpc, but got " + clientType);
    checkHeaders(section, "headers", headers, true);
    if (endpoint.empty())
        section.fail("tracing endpoint must be set");
    if (!compression.empty() && compression != "gzip")
        section.failAt("compression",
            "invalid compression type " + compression + " provided, valid options: gzip");
}

std::string trimmed(const std::string& text)
{
    const size_t start = text.find_first_not_of(" \t\r\n");
    if (start == std::string::npos)
        return {};
    return text.substr(start, text.find_last_not_of(" \t\r\n") - start + 1);
}

void checkAttributes(Section& section, std::string_view key,
    const std::vector<std::string>& attributes, const std::string& adjective)
{
    std::set<std::string> seen;
    for (const std::string& attribute : attributes) {
        const std::string name = trimmed(attribute);
        const std::string prefix = "invalid '" + std::string(key) + "': ";
        if (name.empty())
            section.failAt(key, prefix + "empty " + adjective + " OTel resource attribute");
        else if (!seen.insert(name).second)
            section.failAt(key,
                prefix + "duplicated " + adjective + " OTel resource attribute "
                    + labels::quote(name));
    }
}

void checkTranslation(Section& section, scrape::NameValidation validation)
{
    constexpr std::array<std::string_view, 4> kStrategies { "UnderscoreEscapingWithSuffixes",
        "UnderscoreEscapingWithoutSuffixes", "NoUTF8EscapingWithSuffixes", "NoTranslation" };
    std::string strategy;
    section.text("translation_strategy", strategy);
    if (strategy.empty())
        return;
    if (std::find(kStrategies.begin(), kStrategies.end(), strategy) == kStrategies.end()) {
        section.failAt("translation_strategy",
            "unsupported OTLP translation strategy " + labels::quote(strategy));
        return;
    }
    const bool needsUtf8 = strategy.starts_with("No");
    if (needsUtf8 && validation == scrape::NameValidation::Legacy)
        section.failAt("translation_strategy",
            "OTLP translation strategy " + labels::quote(strategy)
                + " is not allowed when UTF8 is disabled");
}

void checkOtlp(Reader& reader, const YamlNode& node, scrape::NameValidation validation)
{
    Section section(reader, node, "config.plain");
    bool promoteAll = false;
    bool flag = false;
    std::vector<std::string> promoted;
    std::vector<std::string> ignored;
    section.boolean("promote_all_resource_attributes", promoteAll);
    section.texts("promote_resource_attributes", promoted);
    section.texts("ignore_resource_attributes", ignored);
    checkTranslation(section, validation);
    for (const std::string_view key : { "keep_identifying_resource_attributes",
             "convert_histograms_to_nhcb", "promote_scope_metadata",
             "label_name_underscore_sanitization", "label_name_preserve_multiple_underscores" })
        section.boolean(key, flag);
    section.finish();
    if (promoteAll && !promoted.empty())
        section.fail(
            "'promote_all_resource_attributes' and 'promote_resource_attributes' cannot be "
            "configured simultaneously");
    if (!promoteAll && !ignored.empty())
        section.fail("'ignore_resource_attributes' cannot be configured unless "
                     "'promote_all_resource_attributes' is true");
    if (promoteAll)
        checkAttributes(section, "ignore_resource_attributes", ignored, "ignored");
    else
        checkAttributes(section, "promote_resource_attributes", promoted, "promoted");
}

} // namespace

void readServerSections(
    Section& section, scrape::NameValidation validation, std::vector<SkippedSection>& skipped)
{
    Reader& reader = section.reader();
    const auto skip = [&](const char* key, const char* why) {
        skipped.push_back({ key, reader.file(), section.positionOf(key).line, why });
    };
    if (const YamlNode* node = section.takeValue("runtime")) {
        checkRuntime(reader, *node);
        skip("runtime", "settings of a Prometheus server's process");
    }
    if (const YamlNode* node = section.takeValue("storage")) {
        checkStorage(reader, *node);
        skip("storage", "the store here has its own retention settings");
    }
    if (const YamlNode* node = section.takeValue("tracing")) {
        checkTracing(reader, *node);
        skip("tracing", "traces are not sent from here");
    }
    if (const YamlNode* node = section.takeValue("otlp")) {
        checkOtlp(reader, *node, validation);
        skip("otlp", "OTLP is not received here");
    }
}

} // namespace fleetglass::config
