// FileSource: target groups of files, JSON or YAML; a changed file is read again within a second.
// It looks at the files' stamps instead of waiting for events, which network file systems and
// container mounts do not send.
// Used from one thread at a time.
#pragma once

#include "core/discovery/source.h"

#include <cstdint>
#include <map>
#include <utility>

namespace fleetglass::discovery {

class FileSource : public Source
{
public:
    FileSource(FileOptions options, GroupReader readYaml);

    std::chrono::nanoseconds untilDue(std::chrono::nanoseconds bootTime) const override;
    void poll(std::chrono::nanoseconds bootTime) override;
    Snapshot snapshot() const override;
    bool takeChange() override { return std::exchange(m_changed, false); }

    static constexpr std::chrono::seconds kPollEvery { 1 };

private:
    // What tells one version of a file from the next.
    struct Stamp
    {
        uint64_t inode = 0;
        int64_t size = -1;
        int64_t modifiedNs = 0;
        int64_t changedNs = 0; // Also moved by who sets the time of modification back.
        friend bool operator==(const Stamp&, const Stamp&) = default;
    };
    struct File
    {
        Stamp stamp;
        std::vector<TargetGroup> groups; // Of its last good version.
        std::string error;
        bool missing = false; // Since the last look.
    };

    std::vector<std::string> paths() const;
    static Stamp stampOf(const std::string& path);
    void read(const std::string& path, File& file) const;
    Result<std::vector<TargetGroup>> groupsOf(const std::string& path) const;

    const FileOptions m_options;
    const GroupReader m_readYaml;
    std::map<std::string, File> m_files;
    bool m_changed = false;
    std::chrono::nanoseconds m_nextPoll {};
};

} // namespace fleetglass::discovery
