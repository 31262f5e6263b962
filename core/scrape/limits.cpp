#include "core/scrape/limits.h"

#include <algorithm>

namespace fleetglass::scrape {

namespace {

constexpr size_t kBodyBytesCeiling = 512u << 20;
constexpr size_t kWireBytesCeiling = 256u << 20;
constexpr size_t kSamplesCeiling = 1'000'000;
constexpr size_t kLabelsCeiling = 256;
constexpr size_t kNameBytesCeiling = 4 * 1024;
constexpr size_t kValueBytesCeiling = 64 * 1024;

size_t chosen(uint64_t wish, size_t standard, size_t ceiling)
{
    return wish == 0 ? standard : static_cast<size_t>(std::min<uint64_t>(wish, ceiling));
}

} // namespace

EffectiveLimits effectiveLimits(const LimitOptions& options)
{
    EffectiveLimits limits;
    limits.sizes.bodyBytesMax
        = chosen(options.bodyBytesMax, limits.sizes.bodyBytesMax, kBodyBytesCeiling);
    // Who raises the limit of the page means the compressed page too.
    limits.sizes.wireBytesMax
        = std::clamp(limits.sizes.bodyBytesMax / 2, limits.sizes.wireBytesMax, kWireBytesCeiling);
    limits.samplesMax = chosen(options.samplesMax, limits.samplesMax, kSamplesCeiling);
    limits.labelsMax = chosen(options.labelsMax, limits.labelsMax, kLabelsCeiling);
    limits.labelNameBytesMax
        = chosen(options.labelNameBytesMax, limits.labelNameBytesMax, kNameBytesCeiling);
    limits.labelValueBytesMax
        = chosen(options.labelValueBytesMax, limits.labelValueBytesMax, kValueBytesCeiling);
    return limits;
}

} // namespace fleetglass::scrape
