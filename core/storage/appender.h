// Appender: the way samples enter a store. Thread-safe: many scrapes append at once.
#pragma once

#include "core/base/result.h"
#include "core/labels/labels.h"
#include "core/storage/sample.h"

namespace fleetglass::storage {

class Appender
{
public:
    virtual ~Appender() = default;

    // The series with these labels, made where it does not exist yet. Fails at the series limit.
    // A series that got no sample for long may be dropped; its ref then answers "unknown series".
    virtual Result<SeriesRef> seriesFor(const labels::Labels& labels) = 0;

    // Whether a ref is still good; false after its series was dropped.
    virtual bool isAlive(SeriesRef series) const = 0;

    // Adds a whole row; readers see all of it or none. Fails only where nothing could be stored.
    virtual Result<AppendCounts> append(const Row& row) = 0;
};

} // namespace fleetglass::storage
