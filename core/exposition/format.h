// Format: which exposition format a page is in, and how one asks for it (Prometheus' scrape
// protocols and the Accept header, common/expfmt). Pure functions; thread-safe.
#pragma once

#include "core/base/result.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace fleetglass::exposition {

enum class Format
{
    PrometheusText004,
    PrometheusText100,
    OpenMetrics001,
    OpenMetrics100,
    PrometheusProto,
    AwxJson, // /api/v2/metrics/?format=json of an automation controller.
};

// How names beyond [a-zA-Z_:][a-zA-Z0-9_:]* travel.
enum class Escaping
{
    AllowUtf8,
    Underscores,
    Dots,
    Values
};

// One of the formats whose pages are lines.
bool hasLines(Format format);

// "PrometheusText0.0.4", "OpenMetricsText1.0.0" ..., the words of scrape_protocols.
std::string_view toWord(Format format);
std::optional<Format> formatFromWord(std::string_view word);
// "allow-utf-8", "underscores", "dots", "values".
std::string_view toWord(Escaping escaping);
std::optional<Escaping> escapingFromWord(std::string_view word);

// "text/plain; version=0.0.4": what a server writes; charset and escaping are left out.
std::string_view contentType(Format format);

// The text of an Accept header: each protocol in order with falling q, "*/*" last.
std::string acceptHeader(std::span<const Format> protocols, Escaping escaping);

// Prometheus 3's order when a job names no scrape_protocols.
std::span<const Format> defaultProtocols();

// What a Content-Type names, its parameters judged as prometheus/common does (expfmt.FormatType).
enum class ContentKind
{
    Unknown,
    ProtoDelim,
    ProtoText,
    ProtoCompact,
    TextPlain,
    OpenMetrics
};
ContentKind contentKind(std::string_view contentTypeHeader);

struct ContentTypeRules
{
    std::optional<Format> fallback; // fallback_scrape_protocol.
    bool acceptAwxJson = false; // Take application/json for the controller's metrics.
};

struct FormatChoice
{
    Format format = Format::PrometheusText004;
    std::string warning; // Why the fallback was taken; empty where it was not.
};

// What to parse a body as. Fails where the header is missing or strange and there is no fallback.
Result<FormatChoice> chooseFormat(
    std::string_view contentTypeHeader, const ContentTypeRules& rules);

} // namespace fleetglass::exposition
