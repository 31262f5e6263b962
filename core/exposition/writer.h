// Writers of the text format and of OpenMetrics 1.0.0, for exports and for pages of our own.
// Used from one thread at a time.
#pragma once

#include "core/exposition/sink.h"
#include "core/labels/labels.h"
#include "core/labels/metadata.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fleetglass::exposition {

enum class TextStyle
{
    PrometheusText,
    OpenMetrics
};

struct WrittenSample
{
    labels::Labels labels; // With __name__, the suffix (_total, _bucket ...) included.
    double value = 0;
    std::optional<int64_t> timestampMs;
    std::optional<Exemplar> exemplar; // OpenMetrics only.
};

// Call family() before its samples; samples of a family together, those of a series in time order.
class Writer
{
public:
    explicit Writer(TextStyle style);

    // OpenMetrics wants the name without _total; it is cut off here for a counter.
    void family(std::string_view name, const labels::Metadata& metadata);
    void sample(const WrittenSample& sample);

    // What was written since the last take, so that a large export can go to disk in pieces.
    std::string take();
    // Ends the page ("# EOF" in OpenMetrics) and hands out the rest.
    std::string finish();

private:
    TextStyle m_style;
    std::string m_text;
};

} // namespace fleetglass::exposition
