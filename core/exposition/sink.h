// Sink: where a parser puts what it reads, entry by entry, without copies. Used from one thread at
// a time. Views, spans and SeriesSource are valid only during the call they are given to.
#pragma once

#include "core/histogram/histogram.h"
#include "core/labels/labels.h"
#include "core/labels/metadata.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace fleetglass::exposition {

struct Exemplar
{
    labels::Labels labels;
    double value = 0;
    std::optional<int64_t> timestampMs;
};

enum class MetadataKind
{
    Help,
    Type,
    Unit
};

struct MetadataEntry
{
    MetadataKind kind = MetadataKind::Help;
    std::string_view family;
    std::string_view text; // Help and unit, unescaped; for a type its word on the page.
    labels::MetricType type = labels::MetricType::Unknown; // MetadataKind::Type only.
    int line = 0;
};

struct ParsedSample
{
    // The bytes that name the series on this page, the same at each scrape: the key of a cache.
    // Two texts may name the same series; one text never names two.
    std::string_view seriesText {};
    double value = 0; // Not read where there is a histogram.
    std::optional<int64_t> timestampMs {};
    int64_t startTimestampMs = 0; // When the counter began; 0 unknown.
    histogram::HistogramPtr histogram {}; // Native, or converted from a classic one.
    std::span<const Exemplar> exemplars {};
    int line = 0; // 0 where the format has no lines.
};

// Makes the labels of the sample at hand. Ask only for series not seen before: it allocates.
class SeriesSource
{
public:
    virtual ~SeriesSource() = default;
    // With __name__; `le` and `quantile` in float form ("1" -> "1.0").
    virtual labels::Labels labels() const = 0;
};

class Sink
{
public:
    virtual ~Sink() = default;

    virtual void metadata(const MetadataEntry&) { }
    virtual void comment(std::string_view) { }
    // False stops the parse: the caller has reached a limit of its own.
    virtual bool sample(const ParsedSample& sample, const SeriesSource& source) = 0;
};

} // namespace fleetglass::exposition
