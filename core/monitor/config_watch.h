// ConfigWatch: notices that a watched file has changed and has it taken in as soon as it stands
// still: half a file may be a good one with half the jobs. One that is found broken is read once
// more a little later; then it is told of, and what was read before goes on. Used from one thread
// at a time.
#pragma once

#include "core/base/clock.h"
#include "core/view/fleet_view.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace fleetglass::monitor {

// What tells one state of a file from another without reading it.
struct FileStamp
{
    int64_t modifiedNs = 0;
    int64_t bytes = 0;
    uint64_t inode = 0; // Editors put a new file in the place of the old one.
    friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

// The disk, as far as it is looked at. Thread-safe.
class FileStamps
{
public:
    virtual ~FileStamps() = default;
    virtual std::optional<FileStamp> of(
        const std::string& path) const = 0; // Nothing: no such file.
};

class DiskStamps : public FileStamps
{
public:
    std::optional<FileStamp> of(const std::string& path) const override;
};

class ConfigWatch
{
public:
    struct Callbacks
    {
        std::function<std::vector<std::string>()> files; // Those that count now.
        // Reads them again; what is wrong, or nothing.
        std::function<std::optional<view::ConfigProblemView>()> reload;
        // An empty problem: all is well again.
        std::function<void(const view::ConfigProblemView&)> tell;
    };
    // Both must outlive it.
    ConfigWatch(const FileStamps& stamps, const Clock& clock, Callbacks callbacks);

    // One look; returns how long nothing else will be.
    std::chrono::milliseconds poll();
    // Looks until stopped.
    void run(std::stop_token stop);

    static constexpr std::chrono::milliseconds kEvery { 1'000 };
    static constexpr std::chrono::milliseconds kRetryAfter { 200 };
    static constexpr std::chrono::milliseconds kSettle { 200 };
    static constexpr std::chrono::milliseconds kSettleMax {
        2'000
    }; // Then it is read all the same.

private:
    using Stamps = std::map<std::string, std::optional<FileStamp>>;
    Stamps stampsNow() const;
    void addNewFiles();
    bool isDue(bool changed); // To be read now.

    const FileStamps& m_stamps;
    const Clock& m_clock;
    const Callbacks m_callbacks;
    std::optional<Stamps> m_known;
    bool m_settling = false;
    std::chrono::nanoseconds m_firstChange {};
    std::chrono::nanoseconds m_lastChange {};
    bool m_retrying = false;
    std::chrono::nanoseconds m_retryAt {};
    bool m_hasProblem = false;
};

} // namespace fleetglass::monitor
