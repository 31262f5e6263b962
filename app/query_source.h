// Where `fleetglass query` reads from: a capsule, a text or OpenMetrics file, a data directory, or
// a server. Used from one thread at a time.
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/tsdb/ring_store.h"

#include <memory>
#include <string>

namespace fleetglass::app {

bool isServerUrl(const std::string& source);

// The samples of a file or directory, also of one that a running Fleetglass writes to; `clock` must
// outlive the store. Damage is told on stderr.
Result<std::unique_ptr<tsdb::RingStore>> openSamples(const std::string& source, const Clock& clock);

// The capsule that `record --data DIR` leaves in its directory.
std::string recordingIn(const std::string& directory);

} // namespace fleetglass::app
