#include "core/discovery/file_source.h"

#include "core/http/secret_file.h"

#include <algorithm>
#include <filesystem>
#include <fnmatch.h>
#include <sys/stat.h>
#include <utility>

namespace fleetglass::discovery {

namespace {

constexpr size_t kFileBytesMax = 16u << 20;
constexpr size_t kFilesMax = 1'000;

bool isPattern(const std::string& name)
{
    return name.find_first_of("*?[") != std::string::npos;
}

void addMatches(const std::filesystem::path& pattern, std::vector<std::string>& paths)
{
    std::error_code error;
    const std::string name = pattern.filename().string();
    for (std::filesystem::directory_iterator entry(pattern.parent_path(), error), end;
         !error && entry != end && paths.size() < kFilesMax; entry.increment(error)) {
        if (fnmatch(name.c_str(), entry->path().filename().c_str(), FNM_PERIOD) == 0)
            paths.push_back(entry->path().string());
    }
}

int64_t nanoseconds(const timespec& time)
{
    return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

} // namespace

FileSource::FileSource(FileOptions options, GroupReader readYaml)
    : m_options(std::move(options))
    , m_readYaml(std::move(readYaml))
{
}

std::vector<std::string> FileSource::paths() const
{
    std::vector<std::string> result;
    for (const std::string& file : m_options.files) {
        const std::filesystem::path path(file);
        if (isPattern(path.filename().string()))
            addMatches(path, result);
        else
            result.push_back(file);
    }
    std::sort(result.begin(), result.end());
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
}

FileSource::Stamp FileSource::stampOf(const std::string& path)
{
    struct stat status = {};
    if (stat(path.c_str(), &status) != 0)
        return {};
    return { status.st_ino, status.st_size, nanoseconds(status.st_mtim),
        nanoseconds(status.st_ctim) };
}

std::chrono::nanoseconds FileSource::untilDue(std::chrono::nanoseconds bootTime) const
{
    return std::max(m_nextPoll - bootTime, std::chrono::nanoseconds(0));
}

void FileSource::poll(std::chrono::nanoseconds bootTime)
{
    if (bootTime < m_nextPoll)
        return;
    m_nextPoll = bootTime + kPollEvery;
    const std::vector<std::string> now = paths();
    const auto gone = std::erase_if(m_files,
        [&](const auto& file) { return !std::binary_search(now.begin(), now.end(), file.first); });
    m_changed = m_changed || gone > 0;
    for (const std::string& path : now) {
        File& file = m_files[path];
        const Stamp stamp = stampOf(path);
        // A file that could not be read may have been half written: it is tried again.
        if (stamp == file.stamp && file.error.empty())
            continue;
        // A file that is replaced may be missing for a moment; the targets of one that stays away
        // are gone.
        if (stamp == Stamp {} && std::exchange(file.missing, true))
            file.groups.clear();
        file.missing = stamp == Stamp {};
        file.stamp = stamp;
        m_changed = true;
        read(path, file);
    }
}

Result<std::vector<TargetGroup>> FileSource::groupsOf(const std::string& path) const
{
    const auto text = http::readSmallFile(path, "file_sd_configs file", kFileBytesMax);
    if (!text)
        return failure(text.error());
    const std::string extension = std::filesystem::path(path).extension().string();
    if (extension == ".json")
        return groupsFromJson(*text);
    if (extension != ".yml" && extension != ".yaml")
        return failure("a file of targets ends in .json, .yml or .yaml");
    if (!m_readYaml)
        return failure("YAML files of targets cannot be read here");
    return m_readYaml(*text);
}

void FileSource::read(const std::string& path, File& file) const
{
    auto groups = groupsOf(path);
    if (!groups) {
        const Error& error = groups.error();
        file.error = error.code == ErrorCode::Io ? error.message : error.at(path);
        return;
    }
    file.error.clear();
    file.groups = std::move(*groups);
    for (size_t i = 0; i < file.groups.size(); ++i) {
        file.groups[i].source = path + ':' + std::to_string(i);
        file.groups[i].labels.emplace_back("__meta_filepath", path);
    }
}

Snapshot FileSource::snapshot() const
{
    Snapshot snapshot;
    for (const auto& [path, file] : m_files) {
        snapshot.groups.insert(snapshot.groups.end(), file.groups.begin(), file.groups.end());
        if (!file.error.empty())
            snapshot.errors.push_back(file.error);
    }
    return snapshot;
}

} // namespace fleetglass::discovery
