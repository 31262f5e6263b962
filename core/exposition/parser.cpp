#include "core/exposition/parser.h"

#include "core/exposition/nhcb.h"
#include "core/exposition/parsers.h"

namespace fleetglass::exposition {

namespace {

Result<ParseStats> parseText(
    Format format, std::string_view body, const ParseOptions& options, Sink& sink)
{
    const bool isOpenMetrics = format == Format::OpenMetrics001 || format == Format::OpenMetrics100;
    return isOpenMetrics ? parseOpenMetrics(body, options, sink)
                         : parsePrometheusText(body, options, sink);
}

} // namespace

Result<ParseStats> parse(
    Format format, std::string_view body, const ParseOptions& options, Sink& sink)
{
    if (format == Format::PrometheusProto)
        return parseProtobuf(body, options, sink);
    if (format == Format::AwxJson)
        return parseAwxJson(body, options, sink);
    if (!options.convertClassicToNhcb)
        return parseText(format, body, options, sink);
    NhcbSink converter(sink, options.keepClassicHistograms);
    auto stats = parseText(format, body, options, converter);
    if (!stats)
        return stats;
    if (!converter.finish())
        return failure("stopped by the reader of the page", ErrorCode::Cancelled);
    stats->histograms += converter.histograms();
    return stats;
}

} // namespace fleetglass::exposition
