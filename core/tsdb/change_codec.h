// Change codec: a value as its difference to the one before it, for the rows of a journal. Without
// loss. Decoding takes bytes from anywhere. Pure functions; thread-safe.
#pragma once

#include "core/tsdb/column_codec.h"

namespace fleetglass::tsdb {

struct ChangeHead
{
    int64_t gap = 0; // From the place of the change before to this one.
    unsigned kind = 0;
};

// `before` may be absent, and so may `value`. `exponent` is a hint kept for the column, 0 at first.
void appendChange(Bytes& out, int64_t gap, double before, double value, uint8_t& exponent);

// First where it is, then, with the value before it there, what it became.
bool takeChangeHead(ByteView& in, ChangeHead& head);
bool takeChangedValue(ByteView& in, const ChangeHead& head, double before, double& value);

} // namespace fleetglass::tsdb
