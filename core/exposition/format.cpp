#include "core/exposition/format.h"

#include "core/exposition/media_type.h"
#include "core/exposition/text_lexer.h"

#include <array>

namespace fleetglass::exposition {

namespace {

struct FormatWords
{
    std::string_view word;
    std::string_view accept;
};

// In the order of the enumerators.
constexpr std::array<FormatWords, 6> kFormats { {
    { "PrometheusText0.0.4", "text/plain;version=0.0.4" },
    { "PrometheusText1.0.0", "text/plain;version=1.0.0" },
    { "OpenMetricsText0.0.1", "application/openmetrics-text;version=0.0.1" },
    { "OpenMetricsText1.0.0", "application/openmetrics-text;version=1.0.0" },
    { "PrometheusProto",
        "application/"
        "vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited" },
    { "AwxJson", "application/json" },
} };

constexpr std::array<std::string_view, 4> kEscapings { "allow-utf-8", "underscores", "dots",
    "values" };

constexpr std::string_view kProto = "application/vnd.google.protobuf";
constexpr std::string_view kOpenMetrics = "application/openmetrics-text";

const FormatWords& wordsOf(Format format)
{
    return kFormats[static_cast<size_t>(format)];
}

std::string_view mediaTypeOf(Format format)
{
    const auto accept = wordsOf(format).accept;
    return accept.substr(0, accept.find(';'));
}

std::optional<Format> formatOf(const MediaType& media, const ContentTypeRules& rules)
{
    if (media.type == "text/plain")
        return media.parameter("version") == "1.0.0" ? Format::PrometheusText100
                                                     : Format::PrometheusText004;
    if (media.type == kOpenMetrics)
        return media.parameter("version") == "0.0.1" ? Format::OpenMetrics001
                                                     : Format::OpenMetrics100;
    if (media.type == kProto)
        return Format::PrometheusProto;
    if (media.type == "application/json"
        && (rules.acceptAwxJson || rules.fallback == Format::AwxJson))
        return Format::AwxJson;
    return std::nullopt;
}

std::string fallbackClause(Format fallback)
{
    return ", using fallback_scrape_protocol \"" + std::string(mediaTypeOf(fallback)) + '"';
}

} // namespace

bool hasLines(Format format)
{
    return format != Format::PrometheusProto && format != Format::AwxJson;
}

std::string_view toWord(Format format)
{
    return wordsOf(format).word;
}

std::optional<Format> formatFromWord(std::string_view word)
{
    for (size_t i = 0; i < kFormats.size(); ++i) {
        if (kFormats[i].word == word)
            return static_cast<Format>(i);
    }
    return std::nullopt;
}

std::string_view toWord(Escaping escaping)
{
    return kEscapings[static_cast<size_t>(escaping)];
}

std::optional<Escaping> escapingFromWord(std::string_view word)
{
    for (size_t i = 0; i < kEscapings.size(); ++i) {
        if (kEscapings[i] == word)
            return static_cast<Escaping>(i);
    }
    return std::nullopt;
}

std::string_view contentType(Format format)
{
    return wordsOf(format).accept;
}

std::string acceptHeader(std::span<const Format> protocols, Escaping escaping)
{
    std::string header;
    // Prometheus counts down from 0.6: five protocols and the last resort.
    int weight = 6;
    for (const Format format : protocols) {
        header += wordsOf(format).accept;
        if (format == Format::PrometheusText100 || format == Format::OpenMetrics100)
            header += ";escaping=" + std::string(toWord(escaping));
        header += ";q=0." + std::to_string(weight > 1 ? weight-- : 1) + ',';
    }
    return header + "*/*;q=0." + std::to_string(weight);
}

std::span<const Format> defaultProtocols()
{
    static constexpr std::array kProtocols { Format::OpenMetrics100, Format::OpenMetrics001,
        Format::PrometheusText100, Format::PrometheusText004 };
    return kProtocols;
}

ContentKind contentKind(std::string_view contentTypeHeader)
{
    const MediaType media = splitMediaType(contentTypeHeader);
    if (media.type == "text/plain") {
        const auto version = media.parameter("version");
        const bool known = !version || version == "0.0.4" || version == "1.0.0";
        return known ? ContentKind::TextPlain : ContentKind::Unknown;
    }
    if (media.type == kOpenMetrics)
        return media.parameter("charset") == "utf-8" ? ContentKind::OpenMetrics
                                                     : ContentKind::Unknown;
    if (media.type != kProto || media.parameter("proto") != "io.prometheus.client.MetricFamily")
        return ContentKind::Unknown;
    const auto encoding = media.parameter("encoding");
    if (encoding == "delimited")
        return ContentKind::ProtoDelim;
    if (encoding == "text")
        return ContentKind::ProtoText;
    return encoding == "compact-text" ? ContentKind::ProtoCompact : ContentKind::Unknown;
}

Result<FormatChoice> chooseFormat(std::string_view contentTypeHeader, const ContentTypeRules& rules)
{
    const std::string quoted = quoteExcerpt(contentTypeHeader);
    if (contentTypeHeader.empty()) {
        const std::string blank = "non-compliant scrape target sending blank Content-Type";
        if (!rules.fallback)
            return failure(blank + " and no fallback_scrape_protocol specified for target");
        return FormatChoice { *rules.fallback, blank + fallbackClause(*rules.fallback) };
    }
    const auto media = parseMediaType(contentTypeHeader);
    if (!media) {
        if (!rules.fallback)
            return failure("cannot parse Content-Type " + quoted
                + " and no fallback_scrape_protocol for target: " + media.error().message);
        return FormatChoice { *rules.fallback,
            "could not parse received Content-Type " + quoted + fallbackClause(*rules.fallback)
                + ": " + media.error().message };
    }
    const auto kind = contentKind(contentTypeHeader);
    if (kind == ContentKind::ProtoText || kind == ContentKind::ProtoCompact)
        return failure(
            "received Content-Type " + quoted + ": protobuf is taken with encoding=delimited only");
    if (const auto format = formatOf(*media, rules))
        return FormatChoice { *format, {} };
    const std::string unsupported = "received unsupported Content-Type " + quoted;
    if (!rules.fallback)
        return failure(unsupported + " and no fallback_scrape_protocol specified for target");
    return FormatChoice { *rules.fallback, unsupported + fallbackClause(*rules.fallback) };
}

} // namespace fleetglass::exposition
