#include "core/scrape/page.h"

#include "core/base/utf8.h"
#include "core/labels/labels.h"
#include "core/scrape/limits.h"

#include <algorithm>
#include <cctype>

namespace fleetglass::scrape {

namespace {

using exposition::Format;

std::string lowered(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
        [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

std::string titleOf(std::string_view html)
{
    const std::string head = lowered(html.substr(0, 64 * 1024));
    const size_t tag = head.find("<title");
    const size_t start = tag == std::string::npos ? tag : head.find('>', tag);
    if (start == std::string::npos)
        return {};
    const size_t end = std::min(head.find('<', start), start + 81);
    std::string title(html.substr(start + 1, end == std::string::npos ? 80 : end - start - 1));
    std::replace_if(
        title.begin(), title.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    const size_t first = title.find_first_not_of(' ');
    if (first == std::string::npos || !isValidUtf8(title))
        return {};
    return title.substr(first, title.find_last_not_of(' ') - first + 1);
}

bool looksLikeHtml(std::string_view contentType, std::string_view body)
{
    if (lowered(contentType).find("html") != std::string::npos)
        return true;
    const size_t first = body.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || body[first] != '<')
        return false;
    const std::string start = lowered(body.substr(first, 64));
    return start.starts_with("<!doctype html") || start.starts_with("<html");
}

ScrapeFailure htmlFailure(std::string_view body)
{
    const std::string title = titleOf(body);
    return { Phase::Parse, "content_type",
        "the page is HTML" + (title.empty() ? "" : " (title: " + title + ")")
            + ", not metrics: a login page or the wrong path",
        "Open the address in a browser. Set metrics_path to the page with the metrics, and the "
        "credentials in basic_auth or authorization.",
        0, 0 };
}

ScrapeFailure contentTypeFailure(
    std::string message, std::string_view contentType, const Target& target)
{
    std::string hint
        = "Set fallback_scrape_protocol: PrometheusText0.0.4 where the page is metrics after all.";
    if (lowered(contentType).find("json") != std::string::npos)
        hint = target.url.find("/v2/metrics") != std::string::npos
            ? "Ask for text with params: format: [txt]."
            : "The page is JSON. Set metrics_path to the page with the metrics.";
    return { Phase::Parse, "content_type", std::move(message), std::move(hint), 0, 0 };
}

bool isController(const Target& target)
{
    return target.url.find("/v2/metrics") != std::string::npos;
}

bool isText(Format format)
{
    return format == Format::PrometheusText004 || format == Format::PrometheusText100;
}

std::string_view lineOf(std::string_view body, int number)
{
    for (int line = 1; line < number; ++line) {
        const size_t end = body.find('\n');
        if (end == std::string_view::npos)
            return {};
        body.remove_prefix(end + 1);
    }
    return body.substr(0, body.find('\n'));
}

std::string excerptOf(std::string_view line)
{
    std::string text;
    for (const char c : line.substr(0, 80)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7f) {
            text += c;
        } else {
            text += "\\x";
            text += "0123456789abcdef"[byte >> 4];
            text += "0123456789abcdef"[byte & 15];
        }
    }
    return text + (line.size() > 80 ? "..." : "");
}

} // namespace

std::vector<Format> protocolsOf(const JobOptions& job)
{
    std::vector<Format> formats;
    for (const std::string& word : job.protocols) {
        if (const auto format = exposition::formatFromWord(word))
            formats.push_back(*format);
    }
    if (!formats.empty())
        return formats;
    if (job.scrapeNativeHistograms)
        formats.push_back(Format::PrometheusProto);
    const auto defaults = exposition::defaultProtocols();
    formats.insert(formats.end(), defaults.begin(), defaults.end());
    return formats;
}

std::variant<PageFormat, ScrapeFailure> formatOf(
    const http::Exchange& exchange, const JobOptions& job, const Target& target)
{
    const std::string_view contentType = exchange.header("Content-Type");
    exposition::ContentTypeRules rules;
    if (!job.fallbackProtocol.empty())
        rules.fallback = exposition::formatFromWord(job.fallbackProtocol);
    rules.acceptAwxJson = isController(target);
    const auto choice = exposition::chooseFormat(contentType, rules);
    if (!choice)
        return looksLikeHtml(contentType, exchange.body)
            ? htmlFailure(exchange.body)
            : contentTypeFailure(choice.error().message, contentType, target);
    if (isText(choice->format) && looksLikeHtml({}, exchange.body))
        return htmlFailure(exchange.body);
    const bool mayBeCut = exchange.closeDelimited && isText(choice->format);
    if (mayBeCut && !exchange.body.empty() && exchange.body.back() != '\n')
        return ScrapeFailure { Phase::Body, "truncated",
            "the connection was closed within a line, and the server did not say how long the page "
            "is",
            {}, 0, 0 };
    return PageFormat { choice->format, choice->warning };
}

exposition::ParseOptions parseOptionsOf(const JobOptions& job)
{
    const EffectiveLimits limits = effectiveLimits(job.limits);
    exposition::ParseOptions options;
    // The sink counts what is left after relabelling; the page itself may hold more, up to the
    // ceiling. The same goes for labels that metric_relabel_configs drop.
    options.limits.samplesMax = std::max<size_t>(limits.samplesMax, 1'000'000);
    options.limits.labelsMax = 256;
    options.limits.nameBytesMax = 4 * 1024;
    options.limits.valueBytesMax = 64 * 1024;
    options.ignoreNativeHistograms = !job.scrapeNativeHistograms;
    options.keepClassicHistograms = job.alwaysScrapeClassicHistograms;
    options.convertClassicToNhcb = job.convertClassicHistogramsToNhcb;
    return options;
}

ScrapeFailure parseFailure(const Error& error, std::string_view body)
{
    ScrapeFailure failure;
    failure.phase = error.code == ErrorCode::Limit ? Phase::Limits : Phase::Parse;
    failure.reason = error.code == ErrorCode::Limit ? "limit" : "parse";
    failure.message = error.message;
    if (!error.position || error.position->line <= 0)
        return failure;
    failure.line = error.position->line;
    failure.column = error.position->column;
    failure.message = "line " + std::to_string(failure.line) + ": " + error.message;
    const std::string excerpt = excerptOf(lineOf(body, failure.line));
    if (!excerpt.empty())
        failure.message += ": " + excerpt;
    return failure;
}

} // namespace fleetglass::scrape
