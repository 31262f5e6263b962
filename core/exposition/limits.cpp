#include "core/exposition/limits.h"

#include "core/exposition/text_lexer.h"

#include <string>

namespace fleetglass::exposition {

namespace {

tl::unexpected<Error> exceeded(std::string_view setting, std::string text, size_t limit)
{
    return failure(
        std::string(setting) + ": " + std::move(text) + ", the limit is " + std::to_string(limit),
        ErrorCode::Limit);
}

} // namespace

Result<void> checkNameBytes(std::string_view what, std::string_view name, const ParseLimits& limits)
{
    if (name.size() <= limits.nameBytesMax)
        return {};
    return exceeded("label_name_length_limit",
        std::string(what) + " name " + quoteExcerpt(name.substr(0, 64)) + "... has "
            + std::to_string(name.size()) + " bytes",
        limits.nameBytesMax);
}

Result<void> checkLabelCount(size_t count, const ParseLimits& limits)
{
    if (count <= limits.labelsMax)
        return {};
    return exceeded(
        "label_limit", "a sample has " + std::to_string(count) + " labels", limits.labelsMax);
}

Result<void> checkLabelValue(
    std::string_view name, std::string_view value, const ParseLimits& limits)
{
    if (value.size() <= limits.valueBytesMax)
        return {};
    return exceeded("label_value_length_limit",
        "the value of label " + quoteExcerpt(name) + " has " + std::to_string(value.size())
            + " bytes",
        limits.valueBytesMax);
}

Result<void> checkSampleCount(size_t count, const ParseLimits& limits)
{
    if (count <= limits.samplesMax)
        return {};
    return exceeded("sample_limit", "the page has more samples", limits.samplesMax);
}

Result<void> checkLineBytes(size_t bytes, const ParseLimits& limits)
{
    if (bytes <= limits.lineBytesMax)
        return {};
    return exceeded(
        "line_length", "a line has " + std::to_string(bytes) + " bytes", limits.lineBytesMax);
}

Result<void> checkBucketCount(size_t count, const ParseLimits& limits)
{
    if (count <= limits.bucketsMax)
        return {};
    return exceeded(
        "bucket_limit", "a histogram has " + std::to_string(count) + " buckets", limits.bucketsMax);
}

} // namespace fleetglass::exposition
