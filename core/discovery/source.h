// Source: one place that names targets (a list in the config, files, a URL). Used from one thread
// at a time: the Discoverer's.
#pragma once

#include "core/base/duration.h"
#include "core/base/result.h"
#include "core/discovery/options.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::discovery {

// What a source knows right now. After an error the groups are those of the last good answer.
struct Snapshot
{
    std::vector<TargetGroup> groups;
    std::vector<std::string> errors; // In plain words, no secret.
    friend bool operator==(const Snapshot&, const Snapshot&) = default;
};

class Source
{
public:
    virtual ~Source() = default;

    // How long until poll() has something to do.
    virtual std::chrono::nanoseconds untilDue(std::chrono::nanoseconds bootTime) const = 0;
    // Looks again where it is time; must not block for long.
    virtual void poll(std::chrono::nanoseconds bootTime) = 0;
    virtual Snapshot snapshot() const = 0;
    // Whether the snapshot may differ from that at the last call. Copies of thousands of targets
    // that stayed the same are spared by it.
    virtual bool takeChange() { return true; }
    // Whether the snapshot says something already: an answer came, well or not.
    virtual bool hasAnswered() const { return true; }
};

// Nobody is asked more often than ten times a second, whatever the config says.
inline std::chrono::nanoseconds pauseOf(Millis refreshInterval)
{
    return std::max(refreshInterval, Millis(100));
}

// Reads a list of target groups from YAML text; only core/config knows yaml-cpp, so it is given.
using GroupReader = std::function<Result<std::vector<TargetGroup>>(std::string_view text)>;

// The same from JSON: [{"targets": ["a:1"], "labels": {"k": "v"}}], of file_sd and http_sd.
Result<std::vector<TargetGroup>> groupsFromJson(std::string_view text);

} // namespace fleetglass::discovery
